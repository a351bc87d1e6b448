"""Votes from the ads' own labels, plain or with simulated annotators, and the three stages run as DVC runs them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from annotation import codebook, collect, votes
from annotation.votes import Vote
from pipeline import params, store
from pipeline.errors import Refusal
from pipeline.records import SANITIZED_ADS

REPO = Path(__file__).parents[2]
BOOK = codebook.load(codebook.CODEBOOK)


def _settings(*rates: float, per_ad: int | None = None, seed: int = 7) -> params.Simulated:
    return params.Simulated(
        annotators=len(rates), votes_per_ad=per_ad or len(rates), error_rates=list(rates), seed=seed
    )


def _ad(ad_id: str, *labels: tuple[str, str]) -> dict[str, Any]:
    return {"ad_id": ad_id, "labels": [{"question": question, "value": value} for question, value in labels]}


ADS = [
    _ad(f"a{n:03}", ("sector", "massage_spa"), ("indicators", "debt_or_fees"), ("indicators", "vague_employer"))
    for n in range(300)
]


def test_columns() -> None:
    collected = collect.from_columns([ADS[0], _ad("b"), _ad("c", ("evidence", "sufficient"))], BOOK)
    assert collected == [
        Vote("a000", "columns", "indicators", ("debt_or_fees", "vague_employer"), None, "1.0.0"),
        Vote("a000", "columns", "sector", "massage_spa", None, "1.0.0"),
        Vote("c", "columns", "evidence", "sufficient", None, "1.0.0"),
    ]
    assert not votes.is_simulated(collected)


BAD_LABELS = {
    "unknown value": (("sector", "boats"), "question sector: unknown choice 'boats' (2 votes, first: b)"),
    "unknown question": (("mood", "good"), "unknown question 'mood' (2 votes, first: b)"),
}


@pytest.mark.parametrize(("label", "message"), BAD_LABELS.values(), ids=BAD_LABELS)
def test_labels_that_do_not_fit_are_listed_with_counts(label: tuple[str, str], message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        collect.from_columns([*ADS[:2], _ad("b", label), _ad("c", label)], BOOK)
    assert message in str(refusal.value)


def test_all_bad_labels_at_once() -> None:
    ads = [_ad("b", *(label for label, _ in BAD_LABELS.values())), _ad("c", ("indicators", "debt_or_fees"))]
    ads.append(_ad("d", ("sector", "massage_spa"), ("sector", "household_goods")))
    ads.append(_ad("e", ("indicators", "none"), ("indicators", "debt_or_fees")))
    with pytest.raises(Refusal, match=r"4 problem\(s\)"):
        collect.from_columns(ads, BOOK)


def test_no_labels() -> None:
    with pytest.raises(Refusal, match="no ad has a label"):
        collect.from_columns([_ad("a"), {"ad_id": "b", "labels": None}], BOOK)


def test_simulated_annotators_err_at_their_rate() -> None:
    gold = {(vote.item, vote.question): vote.value for vote in collect.from_columns(ADS, BOOK)}
    rates = {"simulated-1": 0.0, "simulated-2": 0.3, "simulated-3": 1.0}
    simulated = collect.simulate(collect.from_columns(ADS, BOOK), _settings(*rates.values()), BOOK)
    votes.check(simulated, BOOK)
    assert votes.is_simulated(simulated)
    for annotator, rate in rates.items():
        given = [vote for vote in simulated if vote.annotator == annotator and vote.question == "sector"]
        wrong = sum(vote.value != gold[vote.item, "sector"] for vote in given) / len(given)
        assert wrong == pytest.approx(rate, abs=0.08)
        sets = [vote for vote in simulated if vote.annotator == annotator and vote.question == "indicators"]
        differences = [(set(vote.value) ^ set(gold[vote.item, "indicators"])) - {"none"} for vote in sets]
        assert {len(difference) for difference in differences} <= {0, 1}
        assert sum(map(len, differences)) / len(sets) == pytest.approx(rate, abs=0.08)


def test_wrong_answers_are_spread_over_the_other_choices() -> None:
    simulated = collect.simulate(collect.from_columns(ADS, BOOK), _settings(1.0), BOOK)
    wrong = [vote.value for vote in simulated if vote.question == "sector"]
    assert all(wrong.count(choice) > 70 for choice in ("job_recruitment", "personal_services", "household_goods"))


def test_each_ad_gets_as_many_annotators_as_asked_for_and_all_take_part() -> None:
    simulated = collect.simulate(collect.from_columns(ADS, BOOK), _settings(0.1, 0.1, 0.1, 0.1, per_ad=3), BOOK)
    by_item: dict[str, set[str]] = {}
    for vote in simulated:
        by_item.setdefault(vote.item, set()).add(vote.annotator)
    assert {len(annotators) for annotators in by_item.values()} == {3}
    assert {vote.annotator for vote in simulated} == {f"simulated-{n}" for n in (1, 2, 3, 4)}


def test_simulation_of_an_ad_hangs_on_no_other_ad_and_on_the_seed() -> None:
    few, many = (collect.simulate(collect.from_columns(ads, BOOK), _settings(0.3, 0.3), BOOK) for ads in (ADS[:5], ADS))
    assert set(map(repr, few)) <= set(map(repr, many))
    other = collect.simulate(collect.from_columns(ADS[:5], BOOK), _settings(0.3, 0.3, seed=8), BOOK)
    assert other != few


@pytest.fixture
def study(tmp_path: Path) -> Path:
    rows = [{"text": "x", "posted": None, "region": None, "category": None, "contacts": [], **ad} for ad in ADS[:40]]
    store.write_table(tmp_path / "ads", SANITIZED_ADS, rows)
    shutil.copy(REPO / "params.yaml", tmp_path)
    shutil.copy(codebook.CODEBOOK, tmp_path)
    return tmp_path


def test_stages_give_the_same_bytes_again(study: Path) -> None:
    first, second = _run_stages(study, "0"), _run_stages(study, "1")
    assert first == second
    assert set(first) == {
        "votes.jsonl",
        "suggestions.jsonl",
        "labels.jsonl",
        "schema.json",
        "collect.json",
        "agreement.json",
        "agreement.csv",
        "agreement.html",
        "pairs.csv",
        "aggregate.json",
    }
    report = store.read_json(study / "out/collect.json")
    assert (report["source"], report["simulated"], report["votes"], report["items"]) == ("simulated", True, 240, 40)
    assert store.read_json(study / "out/agreement.json")["simulated"] is True
    assert store.read_json(study / "out/aggregate.json")["simulated"] is True
    assert store.read_json(study / "out/aggregate.json")["questions"]["sector"]["labels"] == 40
    assert store.read_json(study / "out/schema.json") == codebook.schema(BOOK)
    labels = list(store.read_jsonl(study / "out/labels.jsonl"))
    assert [(label["item"], label["question"]) for label in labels] == sorted(
        (ad["ad_id"], question) for ad in ADS[:40] for question in ("indicators", "sector")
    )


def _run_stages(study: Path, hash_seed: str) -> dict[str, bytes]:
    out = study / "out"
    shutil.rmtree(out, ignore_errors=True)
    book = ["--codebook", "codebook.yaml"]
    export = ["--export", "x.json", "--decisions", "y.json"]
    for stage, *arguments in (
        (
            *("collect", "ads", *book, *export, "--votes", "out/votes.jsonl"),
            *("--suggestions", "out/suggestions.jsonl", "--metrics", "out/collect.json"),
        ),
        (
            *("agreement", "out/votes.jsonl", "--suggestions", "out/suggestions.jsonl"),
            *("--metrics", "out/agreement.json", "--plot", "out/agreement.csv", "--pairs", "out/pairs.csv"),
            *("--page", "out/agreement.html"),
        ),
        (
            *("aggregate", "out/votes.jsonl", *book, "--labels", "out/labels.jsonl"),
            *("--schema", "out/schema.json", "--metrics", "out/aggregate.json"),
        ),
    ):
        subprocess.run(
            [sys.executable, "-m", f"annotation.{stage}", *arguments],
            cwd=study,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(REPO)},
            check=True,
        )
    return {path.name: path.read_bytes() for path in out.iterdir()}
