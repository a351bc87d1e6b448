"""Krippendorff's alpha against tables worked by hand, the published examples and the krippendorff package."""

import random
import time
from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from annotation import agreement
from annotation.votes import Vote
from pipeline import params
from pipeline.errors import Refusal

SETTINGS = params.Agreement(bootstrap=200, confidence=0.95, seed=2011)

# Rows are annotators, columns items, "." is no vote. The tables are those of K. Krippendorff, Computing Krippendorff's
# alpha-reliability (2011), sections A and C (printed there: .095 and .743). By hand:
# A: 20 votes, 14 zeros and 6 ones; 4 items with one of each. 1 - 19 * (4 * 2/1) / (400 - 14^2 - 6^2) = 1 - 152/168.
# C: 40 pairable votes, 9, 13, 10, 5 and 3 of a value; items 2, 6 and 8 disagree: 6/3 + 12/3 + 6/3 = 8.
#    1 - 39 * 8 / (1600 - 9^2 - 13^2 - 10^2 - 5^2 - 3^2) = 1 - 312/1216.
TABLES = {
    "A": (["0100000010", "1110010000"], 1 - 152 / 168),
    "C": (["123321412...", "12332241253.".replace("53.", "5.3"), ".3332342251.", "12332441251."], 1 - 312 / 1216),
    "perfect": (["0101", "0101"], 1.0),
    "always different": (["01", "10"], 1 - 3 * 4 / (16 - 8)),
}


@pytest.mark.parametrize(("rows", "expected"), TABLES.values(), ids=TABLES)
def test_tables_worked_by_hand(rows: list[str], expected: float) -> None:
    result = agreement.measure(_votes(rows), SETTINGS)["questions"]["q"]
    assert result["alpha"] == pytest.approx(expected, abs=1e-6)
    assert agreement.alpha(_paired(rows)) == pytest.approx(expected, abs=1e-12)


counts = npst.arrays(np.int64, st.tuples(st.integers(1, 12), st.integers(2, 5)), elements=st.integers(0, 4))


@given(counts)
def test_alpha_is_at_most_one_or_not_defined(table: np.ndarray) -> None:
    paired = table[table.sum(axis=1) >= 2]
    found = agreement.alpha(paired)
    assert np.isnan(found) == (np.count_nonzero(paired.sum(axis=0)) < 2)
    assert np.isnan(found) or found <= 1


answers = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 3)), st.sampled_from("abc"), min_size=1)


@given(answers, st.randoms(use_true_random=False))
def test_order_names_and_lone_votes_change_nothing(given_: dict[tuple[int, int], str], rng: random.Random) -> None:
    votes = [Vote(f"i{item}", f"w{worker}", "q", value) for (item, worker), value in given_.items()]
    before = agreement.measure(votes, SETTINGS)["questions"]["q"]
    changed = [Vote(vote.item, f"new-{vote.annotator}", "q", vote.value) for vote in votes]
    rng.shuffle(changed)
    assert agreement.measure(changed, SETTINGS)["questions"]["q"] == before
    lone = agreement.measure([*votes, Vote("lone", "missing-elsewhere", "q", "a")], SETTINGS)["questions"]["q"]
    for key in ("alpha", "low", "high", "paired_items"):
        assert lone[key] == before[key]


@given(answers)
def test_the_interval_holds_possible_alphas(given_: dict[tuple[int, int], str]) -> None:
    votes = [Vote(f"i{item}", f"w{worker}", "q", value) for (item, worker), value in given_.items()]
    result = agreement.measure(votes, SETTINGS)["questions"]["q"]
    if result["alpha"] is None:
        assert result["reason"]
    else:
        assert -1 <= result["low"] <= result["high"] <= 1


UNDEFINED = {
    "one value only": (["aaa", "aaa"], "the votes never differ from one single value"),
    "no pair": (["a.b", ".b."], "no item has two votes"),
    "one annotator": (["abab"], "no item has two votes"),
}


@pytest.mark.parametrize(("rows", "reason"), UNDEFINED.values(), ids=UNDEFINED)
def test_alpha_that_is_not_defined(rows: list[str], reason: str) -> None:
    result = agreement.measure(_votes(rows), SETTINGS)["questions"]["q"]
    assert (result["alpha"], result["low"], result["high"], result["reason"]) == (None, None, None, reason)


def test_several_choices_are_measured_one_by_one() -> None:
    votes = [Vote(f"i{item}", f"w{worker}", "q", value) for item, worker, value in _SEVERAL]
    result = agreement.measure(votes, SETTINGS)["questions"]["q"]
    for choice in "ab":
        table = [[sum(choice in value for item, _, value in _SEVERAL if item == i), 0] for i in range(4)]
        binary = np.array([[chosen, 2 - chosen] for chosen, _ in table])
        expected = krippendorff.alpha(value_counts=binary, level_of_measurement="nominal")
        assert result["choices"][choice]["alpha"] == pytest.approx(expected, abs=1e-6)
    assert result["choices"]["always"] == {
        "alpha": None,
        "low": None,
        "high": None,
        "reason": "all votes on it are alike",
    }
    mean = (result["choices"]["a"]["alpha"] + result["choices"]["b"]["alpha"]) / 2
    assert result["alpha"] == pytest.approx(mean, abs=1e-6)


_SEVERAL = [
    (0, 0, ("a", "always")),
    (0, 1, ("a", "always")),
    (1, 0, ("a", "always", "b")),
    (1, 1, ("always", "b")),
    (2, 0, ("always",)),
    (2, 1, ("always",)),
    (3, 0, ("always", "b")),
    (3, 1, ("always",)),
]


def test_spans_are_left_out_with_a_count_and_simulation_is_said() -> None:
    votes = [
        Vote("i", "simulated-1", "spots", ({"start": 0, "end": 2, "label": "name"},)),
        Vote("i", "simulated-2", "spots", ()),
    ]
    report = agreement.measure(votes, SETTINGS)
    assert report["left_out"] == {"spots": 2}
    assert report["simulated"] is True


def test_values_of_two_kinds_are_refused() -> None:
    with pytest.raises(Refusal, match="question q: its votes mix choice and choices"):
        agreement.measure([Vote("i", "x", "q", "a"), Vote("i", "y", "q", ("a",))], SETTINGS)


def test_another_question_changes_no_interval() -> None:
    alone = agreement.measure(_votes(TABLES["C"][0]), SETTINGS)["questions"]["q"]
    other = [Vote("i", "x", "another", "a"), Vote("i", "y", "another", "b")]
    assert agreement.measure([*other, *_votes(TABLES["C"][0])], SETTINGS)["questions"]["q"] == alone


def test_ten_thousand_items_take_seconds() -> None:
    rng = random.Random(1)
    votes = [Vote(f"{i:05}", f"w{w}", "q", rng.choice("abcd")) for i in range(10_000) for w in range(3)]
    start = time.perf_counter()
    result: dict[str, Any] = agreement.measure(votes, params.Agreement(bootstrap=500, confidence=0.95, seed=1))
    assert time.perf_counter() - start < 10
    assert abs(result["questions"]["q"]["alpha"]) < 0.02


def test_plot_rows() -> None:
    report = {
        "questions": {
            "q": {"alpha": 0.5, "low": 0.4, "high": 0.6, "choices": {"a": {"alpha": None, "low": None, "high": None}}}
        }
    }
    assert agreement.plot_rows(report) == "answer,alpha,low,high\nq,0.5,0.4,0.6\n"


def _votes(rows: list[str]) -> list[Vote]:
    return [
        Vote(f"i{item:02}", f"w{worker}", "q", value)
        for worker, row in enumerate(rows)
        for item, value in enumerate(row)
        if value != "."
    ]


def _paired(rows: list[str]) -> np.ndarray:
    values = sorted({value for row in rows for value in row} - {"."})
    table = np.array([[column.count(value) for value in values] for column in zip(*rows, strict=True)])
    return table[table.sum(axis=1) >= 2]
