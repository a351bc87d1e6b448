from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.classifier import decide, load, tune, undecided
from models.data import Question
from pipeline.errors import Refusal

ONE = Question("sector", several=False, choices=("a", "b", "c"))
SEVERAL = Question("indicators", several=True, choices=("a", "b", "none"), exclusive="none")
OPEN = Question("topics", several=True, choices=("a", "b"))


def test_one_choice_is_the_highest_score() -> None:
    assert decide(ONE, np.array([[0.2, 0.5, 0.3], [0.4, 0.3, 0.3]]), {}).tolist() == [[0, 1, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    ("scores", "held"),
    [
        pytest.param([0.1, 0.2, 0.1], [0, 0, 1], id="none when no other holds, whatever its own score"),
        pytest.param([0.6, 0.2, 0.9], [1, 0, 0], id="never none beside another"),
        pytest.param([0.5, 0.4, 0.0], [1, 1, 0], id="a threshold is reached by equality"),
    ],
)
def test_several_choices_and_the_exclusive_one(scores: list[float], held: list[int]) -> None:
    assert decide(SEVERAL, np.array([scores]), {"indicators": (0.5, 0.4, 0.5)}).tolist() == [held]


def test_without_an_exclusive_choice_nothing_may_hold() -> None:
    assert decide(OPEN, np.array([[0.1, 0.1]]), undecided([OPEN])).tolist() == [[0, 0]]


@given(arrays(float, (6, 3), elements=st.floats(0, 1)))
def test_the_exclusive_choice_holds_exactly_when_no_other_does(
    scores: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> None:
    held = decide(SEVERAL, scores, undecided([SEVERAL]))
    assert (held[:, 2] == ~held[:, :2].any(axis=1)).all()


def test_thresholds_separate_what_can_be_separated() -> None:
    scores = np.array([[0.1, 0.0], [0.2, 0.0], [0.3, 0.0], [0.35, 0.0]])
    target = np.array([[0, 0], [0, 0], [1, 0], [1, 0]], dtype=float)
    (first, second) = tune([OPEN], {"topics": target}, {"topics": scores})["topics"]
    assert 0.2 < first <= 0.3
    assert first == pytest.approx(second)  # no ad has the second choice: it takes the shared threshold


def test_thresholds_ignore_unanswered_ads() -> None:
    scores = np.array([[0.3, 0.1], [0.9, 0.9]])
    target = np.array([[1, 0], [np.nan, np.nan]])
    assert tune([OPEN], {"topics": target}, {"topics": scores})["topics"][0] < 0.3


def test_thresholds_stay_at_one_half_when_nothing_is_marked() -> None:
    assert tune(
        [ONE, OPEN],
        {"sector": np.eye(3), "topics": np.zeros((3, 2))},
        {"sector": np.eye(3), "topics": np.full((3, 2), 0.9)},
    ) == {"topics": (0.5, 0.5)}


@given(arrays(float, (12, 2), elements=st.floats(0, 1)), arrays(bool, (12, 2)))
def test_thresholds_are_scores(
    scores: np.ndarray[tuple[int, int], np.dtype[np.float64]], marks: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
) -> None:
    tuned = tune([OPEN], {"topics": marks.astype(float)}, {"topics": scores})["topics"]
    assert all(0 < value < 1 for value in tuned)


@pytest.mark.parametrize(
    "content", [None, "", "[]", '{"model_type": "bert"}'], ids=["missing", "empty", "list", "other"]
)
def test_a_folder_without_a_classifier_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(Refusal, match="not a trained classifier"):
        load(tmp_path)
