"""The pull of suggestions, worked by hand and through the file that `collect` writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotation import agreement, agreement_page, suggestions
from annotation.suggestions import Suggestion
from annotation.votes import ADJUDICATOR, Vote
from pipeline import params
from pipeline.errors import Refusal

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # crowd-kit's own
SETTINGS = params.Agreement(bootstrap=200, confidence=0.95, seed=1)


def vote(item: str, value: Any, annotator: str = "annotator-1", question: str = "sector") -> Vote:
    return Vote(item, annotator, question, value)


def suggested(item: str, shown: bool, value: Any = "goods", question: str = "sector") -> Suggestion:
    return Suggestion(item, question, value, shown)


VOTES = [
    vote("s1", "goods"),
    vote("s1", "goods", "annotator-2"),
    vote("s2", "goods"),
    vote("s3", "job"),
    vote("h1", "goods"),
    vote("h2", "job"),
    vote("h3", "job"),
    vote("h3", "job", "annotator-2"),
    vote("r1", "goods"),  # random arm
    vote("h1", "goods", ADJUDICATOR),
]
MADE = [suggested(f"s{n}", True) for n in (1, 2, 3)] + [suggested(f"h{n}", False) for n in (1, 2, 3, 4)]


def test_the_pull_worked_by_hand() -> None:
    (question, result), *rest = suggestions.measure(VOTES, MADE, SETTINGS).items()
    assert (question, rest) == ("sector", [])
    assert {key: result["shown"][key] for key in ("ads", "votes", "agreement")} == {
        "ads": 3,
        "votes": 4,
        "agreement": 0.75,
    }
    assert {key: result["hidden"][key] for key in ("ads", "votes", "agreement")} == {
        "ads": 3,
        "votes": 4,
        "agreement": 0.25,
    }
    assert result["pull"]["difference"] == 0.5
    for part in result.values():
        assert part["low"] <= next(v for k, v in part.items() if k in {"agreement", "difference"}) <= part["high"]


def test_several_choices_agree_when_they_are_the_same() -> None:
    votes = [vote("a", ("x", "y"), question="q"), vote("b", ("x",), question="q"), vote("c", (), question="q")]
    made = [suggested(item, True, ("x", "y"), "q") for item in "ab"] + [suggested("c", True, (), "q")]
    result = suggestions.measure(votes, made, SETTINGS)["q"]
    assert result["shown"]["agreement"] == pytest.approx(2 / 3, abs=1e-9)
    assert result["hidden"] == {"ads": 0, "votes": 0, "agreement": None, "low": None, "high": None}
    assert result["pull"] == {"difference": None, "low": None, "high": None}


def test_no_suggestion_no_result() -> None:
    assert suggestions.measure(VOTES, [], SETTINGS) == {}
    assert suggestions.measure(VOTES, [suggested("unseen", True)], SETTINGS) == {}


def test_a_true_pull_is_found_and_none_is_not() -> None:
    followers, made = [], []
    for n in range(400):
        made.append(suggested(f"ad{n}", shown=n % 2 == 0))
        followers.append(vote(f"ad{n}", "goods" if (n % 2 == 0 and n % 5) or n % 3 == 0 else "job"))
    pull = suggestions.measure(followers, made, SETTINGS)["sector"]["pull"]
    assert pull["low"] > 0.3
    own = [vote(f"ad{n}", "goods" if (n // 2) % 3 == 0 else "job") for n in range(400)]
    pull = suggestions.measure(own, made, SETTINGS)["sector"]["pull"]
    assert pull["low"] < 0 < pull["high"]


ODD_META = {
    "none": None,
    "of others": {"source": "x"},
    "no suggestion": {"arm": "random"},
    "no answers": {"suggestion": "shown"},
    "odd answers": {"suggestion": "shown", "suggested": {"sector": 3, "mood": [1]}},
}


@pytest.mark.parametrize("meta", ODD_META.values(), ids=ODD_META)
def test_exports_without_suggestions(meta: Any, tmp_path: Path) -> None:
    (tmp_path / "export.json").write_text(json.dumps([{"id": 1, "data": {}, "meta": meta, "annotations": []}]))
    assert suggestions.from_export(tmp_path / "export.json") == []


def test_the_file_keeps_them(tmp_path: Path) -> None:
    made = [*MADE, suggested("x", False, ("a", "b"), "q")]
    suggestions.write(tmp_path / "suggestions.jsonl", made)
    assert suggestions.read(tmp_path / "suggestions.jsonl") == made
    (tmp_path / "suggestions.jsonl").write_text('{"item": "a", "question": "q", "value": 1, "shown": true}\n')
    with pytest.raises(Refusal, match="line 1: not a suggestion"):
        suggestions.read(tmp_path / "suggestions.jsonl")


def test_the_report_and_its_page_show_the_pull() -> None:
    report = agreement.measure(VOTES, SETTINGS, MADE)
    assert agreement.metrics(report)["suggestions"]["sector"]["pull"]["difference"] == 0.5
    people = agreement.describe_annotators(VOTES)
    page = agreement_page.render(report, people)
    assert "The pull of suggestions" in page
    assert ">0.50 <small>" in page
    without = agreement_page.render(agreement.measure(VOTES, SETTINGS), people)
    assert "The pull of suggestions" not in without
