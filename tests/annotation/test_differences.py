"""Who differs with whom and on what, over time, and what is said of each annotator."""

from datetime import date, timedelta
from typing import Any

import pytest

from annotation import annotators, differences, ratings
from annotation.votes import Vote
from pipeline import params

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # crowd-kit's own
SETTINGS = params.Agreement(bootstrap=50, confidence=0.95, seed=1)


def _ratings(rows: dict[str, Any], days: list[str | None] | None = None) -> ratings.Ratings:
    votes = [
        Vote(f"i{item:03}", annotator, "q", value, created=days[item] if days else None)
        for annotator, values in rows.items()
        for item, value in enumerate(values)
        if value != "."
    ]
    return ratings.tabulate("q", votes)


def test_pairs_say_who_said_what_where_the_other_did_not() -> None:
    pairs = differences.compare_pairs(_ratings({"x": "aabb.", "y": "abaa.", "z": "....a"}), SETTINGS)
    (pair,) = pairs
    assert (pair["first"], pair["second"], pair["items"], pair["differ"]) == ("x", "y", 4, 3)
    assert pair["answers"] == [
        {"first": "b", "second": "a", "count": 2},
        {"first": "a", "second": "b", "count": 1},
    ]


def test_several_choices_are_compared_one_by_one() -> None:
    table = _ratings({"x": [("a",), ("a", "b"), ("b",)], "y": [("a",), ("a",), ("a", "b")]})
    (pair,) = differences.compare_pairs(table, SETTINGS)
    assert (pair["items"], pair["differ"]) == (3, 2)
    assert pair["answers"] == [
        {"first": None, "second": "a", "count": 1},
        {"first": "b", "second": None, "count": 1},
    ]
    assert differences.compare_answers(table) == [
        {"answers": [None, "a"], "count": 1},
        {"answers": [None, "b"], "count": 1},
    ]
    assert differences.disputed_items(table) == 2


def test_answers_are_counted_over_all_pairs_of_votes() -> None:
    table = _ratings({"x": "aac", "y": "abc", "z": "bbc"})
    assert differences.compare_answers(table) == [{"answers": ["a", "b"], "count": 4}]
    assert differences.disputed_items(table) == 2


def test_agreement_with_the_others_by_hand() -> None:
    shares = annotators.agreement_with_others(_ratings({"x": "aa", "y": "ab", "z": "b."}))
    assert shares[0].tolist() == [0.5, 0.5, 0.0]
    assert shares[1, :2].tolist() == [0.0, 0.0]


DAYS = [date(2026, 3, 2) + timedelta(days=n) for n in range(400)]
LENGTHS = {
    "a fortnight": (14, "day", "2026-03-02", 15),
    "a month": (30, "week", "2026-W10", 5),
    "a year": (364, "month", "2026-03", 13),
}


@pytest.mark.parametrize(("days", "by", "first", "count"), LENGTHS.values(), ids=LENGTHS)
def test_periods_are_as_long_as_the_study_needs(days: int, by: str, first: str, count: int) -> None:
    dates: list[str | None] = [day.isoformat() for day in DAYS[: days + 1]]
    drift = annotators.follow(_ratings({"x": "a" * len(dates), "y": "a" * len(dates)}, dates), SETTINGS)
    assert (drift["by"], drift["periods"][0]["period"], len(drift["periods"])) == (by, first, count)


def test_drift_shows_when_and_with_whom_agreement_fell() -> None:
    days: list[str | None] = ["2026-03-02"] * 4 + ["2026-03-03"] * 4 + [None]
    drift = annotators.follow(_ratings({"x": "aabbaabba", "y": "aabbaabba", "z": "aabbbbaaa"}, days), SETTINGS)
    before, after = drift["periods"]
    assert drift["untimed"] == 3
    assert (before["period"], before["agreement"], before["votes"]) == ("2026-03-02", 1.0, 12)
    assert after["agreement"] == pytest.approx(1 / 3)
    assert after["annotators"] == {
        "x": {"agreement": 0.5, "votes": 4},
        "y": {"agreement": 0.5, "votes": 4},
        "z": {"agreement": 0.0, "votes": 4},
    }


def test_no_dates_no_drift() -> None:
    assert annotators.follow(_ratings({"x": "ab", "y": "ab"}), SETTINGS)["periods"] == []


UNIFORM = {
    "all the same": ({"x": "ab" * 5, "y": "ba" * 5, "z": "a" * 10}, ["z"]),
    "too few to say": ({"x": "abcd", "y": "dcba", "z": "aaaa"}, []),
    "as nearly all others": ({"x": "a" * 19 + "b", "y": "a" * 20}, []),
    "all alike": ({"x": "a" * 30, "y": "a" * 30}, []),
    "nobody else": ({"x": "a" * 30}, []),
    "never any choice": ({"x": [("a",), ("b",)] * 5, "y": [("b",), ("a",)] * 5, "z": [("a", "b")] * 10}, ["z"]),
}


@pytest.mark.parametrize(("rows", "expected"), UNIFORM.values(), ids=UNIFORM)
def test_one_answer_throughout(rows: dict[str, Any], expected: list[str]) -> None:
    assert [row["annotator"] for row in annotators.find_uniform(_ratings(rows))] == expected


def test_annotators_are_described_in_alphabetical_order() -> None:
    described = annotators.describe(_ratings({"z": "abab", "x": "abab", "y": "abba", "alone": "....a"}))
    assert list(described) == ["alone", "x", "y", "z"]
    assert described["alone"] == {"votes": 1, "agreement": None, "dawid_skene": None, "mace": None}
    assert described["x"]["votes"] == 4
    assert described["x"]["agreement"] == 0.75
    for row in (described["x"], described["y"]):
        assert 0 <= row["dawid_skene"] <= 1
        assert 0 <= row["mace"] <= 1
