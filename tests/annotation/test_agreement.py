"""Alpha, AC1 and kappa against tables worked by hand, published examples and the packages that compute them."""

import random
import time
from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from sklearn.metrics import cohen_kappa_score

from annotation import agreement, coefficients
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
def test_alpha_of_tables_worked_by_hand(rows: list[str], expected: float) -> None:
    result = agreement.measure(_votes(rows), SETTINGS)["questions"]["q"]
    assert result["alpha"] == pytest.approx(expected, abs=1e-9)


# AC1 of C is printed as .77544 by Gwet's own package irrCAC (gwet.ac1.raw of its cac.raw4raters, the same table).
# The others by hand. A: 6 of 10 items agree; 14/20 zeros, so chance is 2 * .7 * .3 = .42: (.6 - .42) / (1 - .42).
# One common value: 9 of 10 items agree, 19/20 of one value: chance is 2 * .95 * .05; alpha and kappa are about 0 there.
# A lone vote counts towards the frequencies: 2 of 2 items agree, (1 + 0 + 1) / 3 of the items are "0".
AC1 = {
    "A": (TABLES["A"][0], (0.6 - 0.42) / (1 - 0.42), 5e-11),
    "C": (TABLES["C"][0], 0.77544, 5e-6),
    "one common value": (["0" * 10, "0" * 9 + "1"], (0.9 - 0.095) / (1 - 0.095), 5e-11),
    "a lone vote": (["010", "01."], 1.0, 5e-11),
    "always different": (["01", "10"], (0 - 0.5) / (1 - 0.5), 5e-11),
}


@pytest.mark.parametrize(("rows", "expected", "tolerance"), AC1.values(), ids=AC1)
def test_ac1_of_tables_worked_by_hand(rows: list[str], expected: float, tolerance: float) -> None:
    result = agreement.measure(_votes(rows), SETTINGS)["questions"]["q"]["ac1"]
    assert result["value"] == pytest.approx(expected, abs=tolerance)
    assert result["low"] <= result["value"] <= result["high"]


# By hand. Cohen's textbook form: 20 both yes, 15 both no, 5 and 10 differ: observed .7, chance .5 * .6 + .5 * .4 = .5.
KAPPA = {
    "textbook": (["y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15], 0.4),
    "A": (TABLES["A"][0], (0.6 - (0.6 * 0.8 + 0.4 * 0.2)) / (1 - (0.6 * 0.8 + 0.4 * 0.2))),
    "perfect": (["0101", "0101"], 1.0),
    "always different": (["01", "10"], -1.0),
    "one says one thing": (["0000", "0011"], 0.0),
    "only common items count": (["0101..", "0101.0"], 1.0),
}


@pytest.mark.parametrize(("rows", "expected"), KAPPA.values(), ids=KAPPA)
def test_kappa_of_tables_worked_by_hand(rows: list[str], expected: float) -> None:
    result = agreement.measure(_votes(rows), SETTINGS)["questions"]["q"]
    (pair,) = result["pairs"]
    assert (pair["first"], pair["second"]) == ("w0", "w1")
    assert pair["kappa"] == pytest.approx(expected, abs=5e-11)
    assert pair["low"] <= pair["kappa"] <= pair["high"]
    assert result["kappa"] == pair["kappa"]


counts = npst.arrays(np.int64, st.tuples(st.integers(1, 12), st.integers(2, 5)), elements=st.integers(0, 4))


@given(counts)
def test_alpha_is_the_packages_and_at_most_one_or_not_defined(table: np.ndarray) -> None:
    paired = table[table.sum(axis=1) >= 2]
    found = coefficients.alpha(table.astype(float))
    assert np.isnan(found.value) == (np.count_nonzero(paired.sum(axis=0)) < 2)
    if not np.isnan(found.value):
        assert found.value <= 1
        package = krippendorff.alpha(value_counts=paired, level_of_measurement="nominal")
        assert found.value == pytest.approx(package, abs=1e-12)
        # What the bootstrap computes from sums is the same coefficient.
        assert found.of_sums(found.terms.sum(axis=0, keepdims=True))[0] == pytest.approx(package, abs=1e-9)


codes = st.integers(1, 30).flatmap(lambda n: npst.arrays(np.int64, (2, n), elements=st.integers(0, 3)))


@given(codes)
def test_kappa_is_scikit_learns_or_not_defined(given_: np.ndarray) -> None:
    found = coefficients.kappa(given_[0], given_[1], 4)
    own = found.of_sums(found.terms.sum(axis=0, keepdims=True))[0]
    if len(np.unique(given_)) == 1:
        assert np.isnan(found.value)
        assert np.isnan(own)
    else:
        assert found.value == pytest.approx(cohen_kappa_score(*given_), abs=1e-12)
        assert own == pytest.approx(found.value, abs=1e-9)


answers = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 3)), st.sampled_from("abc"), min_size=1)
COEFFICIENTS = ("alpha", "low", "high", "ac1", "kappa", "items", "paired_items", "disputed_items", "votes")


@settings(max_examples=25)
@given(answers, st.randoms(use_true_random=False))
def test_names_choices_order_and_lone_votes_change_nothing(
    given_: dict[tuple[int, int], str], rng: random.Random
) -> None:
    votes = [Vote(f"i{item}", f"w{worker}", "q", value) for (item, worker), value in given_.items()]
    before = agreement.measure(votes, SETTINGS)["questions"]["q"]
    other = dict(zip("abc", rng.sample("xyz", 3), strict=True))
    changed = [Vote(vote.item, f"new-{vote.annotator}", "q", other[str(vote.value)]) for vote in votes]
    rng.shuffle(changed)
    after = agreement.measure(changed, SETTINGS)["questions"]["q"]
    for key in COEFFICIENTS:
        assert after[key] == pytest.approx(before[key], abs=1e-9), key
    for pair, same in zip(before["pairs"], after["pairs"], strict=True):
        assert same["kappa"] == pytest.approx(pair["kappa"], abs=1e-9)
        assert (same["items"], same["differ"]) == (pair["items"], pair["differ"])
        assert sum(row["count"] for row in same["answers"]) == pair["differ"]
    lone = agreement.measure([*votes, Vote("lone", "missing-elsewhere", "q", "a")], SETTINGS)["questions"]["q"]
    for key in ("alpha", "low", "high", "paired_items", "pairs"):
        assert lone[key] == before[key]


@settings(max_examples=25)
@given(answers)
def test_intervals_hold_possible_values(given_: dict[tuple[int, int], str]) -> None:
    votes = [Vote(f"i{item}", f"w{worker}", "q", value) for (item, worker), value in given_.items()]
    result = agreement.measure(votes, SETTINGS)["questions"]["q"]
    assert result["alpha"] is not None or result["reason"]
    for row in (result, result["ac1"], *result["pairs"]):
        if row["low"] is not None:
            assert -1 <= row["low"] <= row["high"] <= 1


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
        "ac1": {"value": 1.0, "low": 1.0, "high": 1.0},
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
