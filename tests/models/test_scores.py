import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score, precision_recall_fscore_support

from models.data import Flags, Question
from models.scores import by_choice, compare, draws, interval, total

ONE = Question("sector", several=False, choices=("a", "b", "c"))
SEVERAL = Question("indicators", several=True, choices=("a", "b", "none"), exclusive="none")


def one_hot(values: npt.NDArray[np.int64]) -> Flags:
    return np.asarray(values[:, None] == np.arange(3))


@given(arrays(int, 15, elements=st.integers(0, 2)), arrays(int, 15, elements=st.integers(0, 2)))
def test_macro_f1_of_one_choice_is_scikit_learns(
    actual: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64]
) -> None:
    counts = total(compare(one_hot(actual).astype(float), one_hot(predicted)))
    expected = f1_score(actual, predicted, labels=[0, 1, 2], average="macro", zero_division=np.nan)
    assert counts.macro_f1(ONE) == pytest.approx(expected)


def test_macro_f1_of_several_choices_leaves_the_exclusive_one_out() -> None:
    target = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=float)
    held = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 1]], dtype=bool)
    assert total(compare(target, held)).macro_f1(SEVERAL) == pytest.approx((1 + 0) / 2)


def test_a_choice_that_nobody_uses_does_not_count() -> None:
    target, held = np.array([[1.0, 0, 0]]), np.array([[True, False, False]])
    assert total(compare(target, held)).macro_f1(ONE) == 1
    assert by_choice(ONE, [compare(target, held)])["b"] == {"precision": 0, "recall": 0, "f1": 0, "support": 0}


def test_unanswered_ads_are_not_scored() -> None:
    target = np.array([[1, 0, 0], [np.nan] * 3])
    assert total(compare(target, one_hot(np.array([0, 1])))).false.sum() == 0


def test_by_choice_averages_scikit_learns_scores_over_seeds() -> None:
    rng = np.random.default_rng(1)
    actual = rng.integers(3, size=40)
    seeds = [rng.integers(3, size=40) for _ in range(2)]
    rows = by_choice(ONE, [compare(one_hot(actual).astype(float), one_hot(seed)) for seed in seeds])
    expected = np.mean([precision_recall_fscore_support(actual, seed, labels=[0, 1, 2])[:3] for seed in seeds], axis=0)
    for index, choice in enumerate(ONE.choices):
        assert [rows[choice][name] for name in ("precision", "recall", "f1")] == pytest.approx(
            expected[:, index], abs=1e-4
        )
        assert rows[choice]["support"] == (actual == index).sum()


def test_whole_groups_are_drawn() -> None:
    groups = np.array([0, 0, 1, 2, 2, 2])
    weights = draws(groups, 200, seed=1)
    assert weights.shape == (200, 6)
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[:, 3] == weights[:, 5]).all()
    assert (weights[:, [0, 2, 3]].sum(axis=1) == 3).all()
    assert (draws(groups, 200, seed=1) == weights).all()


def test_the_interval_is_that_of_a_direct_computation() -> None:
    rng = np.random.default_rng(2)
    actual = rng.integers(3, size=60)
    seeds = [np.where(rng.random(60) < 0.7, actual, rng.integers(3, size=60)) for _ in range(3)]
    groups = np.repeat(np.arange(20), 3)
    weights = draws(groups, 100, seed=3)
    counts = [compare(one_hot(actual).astype(float), one_hot(seed)) for seed in seeds]

    def macro(rows: npt.NDArray[np.int64]) -> float:
        return float(np.mean([f1_score(actual[rows], s[rows], average="macro", zero_division=np.nan) for s in seeds]))

    samples = [macro(np.repeat(np.arange(60), row.astype(int))) for row in weights]
    low, high = np.quantile(samples, [0.05, 0.95])
    assert interval(ONE, counts, weights, 0.9) == {
        "value": pytest.approx(macro(np.arange(60)), abs=1e-4),
        "low": pytest.approx(low, abs=1e-4),
        "high": pytest.approx(high, abs=1e-4),
    }


def test_near_duplicates_widen_the_interval() -> None:
    rng = np.random.default_rng(4)
    actual = np.repeat(rng.integers(3, size=20), 5)
    predicted = np.repeat(np.where(rng.random(20) < 0.6, actual[::5], 0), 5)
    counts = [compare(one_hot(actual).astype(float), one_hot(predicted))]
    apart = interval(ONE, counts, draws(np.arange(100), 300, seed=5), 0.95)
    together = interval(ONE, counts, draws(np.repeat(np.arange(20), 5), 300, seed=5), 0.95)
    assert together["high"] - together["low"] > apart["high"] - apart["low"]
