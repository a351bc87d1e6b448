"""The active arm: which ads it takes, how uncertain models are, and what is refused as a file of scores."""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import active, codebook, scores
from pipeline import store
from pipeline.errors import Refusal

BOOK = codebook.load(codebook.CODEBOOK)
SECTORS = BOOK.question("sector").answers
INDICATORS = BOOK.question("indicators").answers


def groups(**ads: tuple[str, str]) -> list[dict[str, str]]:
    return [{"ad_id": ad, "near_duplicate": near, "group": group} for ad, (near, group) in ads.items()]


APART = groups(a=("a", "a"), b=("b", "b"), c=("c", "c"), d=("d", "d"))
LINKED = groups(a=("a", "x"), b=("b", "x"), c=("c", "x"), d=("d", "d"))
ALIKE = groups(a=("a", "a"), b=("a", "a"), c=("c", "c"), d=("d", "d"))
SURE = {"a": 0.9, "b": 0.8, "c": 0.7, "d": 0.5}

PICKS: dict[str, tuple[list[dict[str, str]], dict[str, float], set[str], int, list[str]]] = {
    "the least sure first": (APART, SURE, set(), 3, ["a", "b", "c"]),
    "as many as there are": (APART, SURE, set(), 9, ["a", "b", "c", "d"]),
    "none": (APART, SURE, set(), 0, []),
    "none that anybody is asked about": (APART, SURE, {"a", "c"}, 2, ["b", "d"]),
    "none without a score": (APART, {"b": 0.1}, set(), 2, ["b"]),
    "no near-duplicate of a picked one": (ALIKE, SURE, set(), 4, ["a", "c", "d"]),
    "no near-duplicate of an asked one": (ALIKE, SURE, {"b"}, 4, ["c", "d"]),
    "others before a second of a group": (LINKED, SURE, set(), 3, ["a", "d", "b"]),
    "others before a second of an asked group": (LINKED, SURE, {"c"}, 2, ["d", "a"]),
    "scores of ads that are gone": (APART, {"gone": 0.99, "b": 0.1}, set(), 2, ["b"]),
}


@pytest.mark.parametrize(("rows", "uncertainty", "asked", "count", "expected"), PICKS.values(), ids=PICKS)
def test_picks(rows: Any, uncertainty: Any, asked: Any, count: int, expected: list[str]) -> None:
    assert active.pick(uncertainty, rows, asked, count, seed=1) == expected


@given(
    ads=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.sampled_from([0.0, 0.2, 0.7, 1.0])), max_size=30),
    asked=st.sets(st.integers(0, 29)),
    count=st.integers(0, 12),
    order=st.randoms(use_true_random=False),
)
def test_picks_have_no_two_of_a_kind_and_do_not_hang_on_the_order(ads: Any, asked: Any, count: int, order: Any) -> None:
    rows = [
        {"ad_id": f"ad{n}", "near_duplicate": f"n{near}-{group}", "group": f"g{group}"}
        for n, (near, group, _) in enumerate(ads)
    ]
    uncertainty = {f"ad{n}": value for n, (_, _, value) in enumerate(ads)}
    known = {f"ad{n}" for n in asked}
    picked = active.pick(uncertainty, rows, known, count, seed=1)
    near = {row["ad_id"]: row["near_duplicate"] for row in rows}
    kinds = [near[ad_id] for ad_id in picked]
    closed = {near[ad_id] for ad_id in known if ad_id in near}
    assert len(set(kinds)) == len(kinds) == min(count, len(set(near.values()) - closed))
    assert not closed & set(kinds)
    order.shuffle(rows)
    assert active.pick(uncertainty, rows, known, count, seed=1) == picked
    longer = active.pick(uncertainty, rows, known, count + 2, seed=1)
    assert longer[: len(picked)] == picked


def test_ties_fall_by_the_seed() -> None:
    first = {active.pick(dict.fromkeys("abcd", 0.5), APART, (), 1, seed)[0] for seed in range(40)}
    assert first == set("abcd")


def test_suggestions_are_shown_for_the_share() -> None:
    ids = [f"ad{number}" for number in range(2000)]
    shown = {share: {i for i in ids if active.is_shown(i, share, 1)} for share in (0, 0.25, 0.5, 1)}
    assert not shown[0]
    assert shown[1] == set(ids)
    assert 400 < len(shown[0.25]) < 600  # standard deviation 19
    assert shown[0.25] < shown[0.5]
    assert shown[0.5] != {i for i in ids if active.is_shown(i, 0.5, 2)}


def score(ad_id: str, sector: list[float], indicators: float | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "ad_id": ad_id,
        "sector": {"value": "massage_spa", "probabilities": dict(zip(SECTORS, sector, strict=True))},
    }
    if indicators is not None:
        row["indicators"] = {"value": ["none"], "probabilities": dict.fromkeys(INDICATORS, indicators)}
    return row


def write(folder: Path, name: str, *rows: dict[str, Any]) -> Path:
    store.write_jsonl(folder / name, rows)
    return folder / name


def entropy(*p: float) -> float:
    return -sum(x * math.log(x) for x in p if x) / math.log(len(p))


UNCERTAIN = {
    "certain": ([score("ad1", [1, 0, 0, 0], 0.0)], 0),
    "a guess": ([score("ad1", [0.25] * 4, 0.5)], 1),
    "mean of questions": ([score("ad1", [1, 0, 0, 0], 0.5)], 0.5),
    "one question": ([score("ad1", [0.7, 0.1, 0.1, 0.1])], entropy(0.7, 0.1, 0.1, 0.1)),
    "several choices": ([score("ad1", [1, 0, 0, 0], 0.9)], entropy(0.9, 0.1) / 2),
    "models that disagree": ([score("ad1", [1, 0, 0, 0]), score("ad1", [0, 1, 0, 0])], entropy(0.5, 0.5, 0, 0)),
}


@pytest.mark.parametrize(("rows", "expected"), UNCERTAIN.values(), ids=UNCERTAIN)
def test_uncertainty(rows: list[dict[str, Any]], expected: float, tmp_path: Path) -> None:
    files = [write(tmp_path, f"scores-{number}.jsonl", row) for number, row in enumerate(rows)]
    assert scores.read_uncertainty(files, BOOK)["ad1"] == pytest.approx(expected, abs=1e-6)


def test_an_ad_that_one_model_lacks_is_averaged_over_the_others(tmp_path: Path) -> None:
    one = write(tmp_path, "scores-1.jsonl", score("ad1", [1, 0, 0, 0]), score("ad2", [0.25] * 4))
    other = write(tmp_path, "scores-2.jsonl", score("ad1", [1, 0, 0, 0]))
    assert scores.read_uncertainty([one, other], BOOK) == {"ad1": 0, "ad2": 1}


def test_suggestions_of_some_ads(tmp_path: Path) -> None:
    path = write(tmp_path, "scores.jsonl", *(score(f"ad{n}", [0.25] * 4, 0.1) for n in range(5)))
    assert scores.read_suggestions(path, ["ad3"]) == {"ad3": {"sector": "massage_spa", "indicators": ("none",)}}


def _edited(**values: Any) -> dict[str, Any]:
    row = score("ad2", [0.25] * 4)
    row["sector"].update(values)
    return row


BROKEN = {
    "no ad_id": (score("ad1", [0.25] * 4) | {"ad_id": None}, "line 2: no ad_id"),
    "other questions": (score("ad2", [0.25] * 4, 0.5), "not scores of the same questions"),
    "other choices": (_edited(probabilities={"a": 0.5, "b": 0.5}), "not scores of the same questions"),
    "no probabilities": (_edited(probabilities=None), "not scores of the same questions"),
    "not a number": (_edited(probabilities=dict.fromkeys(SECTORS, "x")), "no numbers between 0 and 1"),
    "not a probability": (_edited(probabilities=dict.fromkeys(SECTORS, 1.5)), "no numbers between 0 and 1"),
    "value of no choice": (_edited(value="boats"), "a value that is none of its choices"),
}


@pytest.mark.parametrize(("row", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_scores(row: dict[str, Any], message: str, tmp_path: Path) -> None:
    path = write(tmp_path, "scores.jsonl", score("ad1", [0.25] * 4), row)
    with pytest.raises(Refusal, match=message):
        scores.read_uncertainty([path], BOOK)


def test_scores_of_another_codebook(tmp_path: Path) -> None:
    other = {"ad_id": "ad1", "fraudulent": {"value": "no", "probabilities": {"no": 0.9, "yes": 0.1}}}
    with pytest.raises(Refusal, match="has no question fraudulent with choices"):
        scores.read_uncertainty([write(tmp_path, "scores.jsonl", other)], BOOK)
    other = {"ad_id": "ad1", "sector": {"value": "boats", "probabilities": {"boats": 0.9, "massage_spa": 0.1}}}
    with pytest.raises(Refusal, match="sector has other choices in codebook"):
        scores.read_uncertainty([write(tmp_path, "scores.jsonl", other)], BOOK)
