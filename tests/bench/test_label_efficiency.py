"""The learning curves: what is held out, what a mean hides, and how many random labels are as good."""

import numpy as np
import pytest

from bench import label_efficiency
from bench.label_efficiency import _equal_labels, _part, summarize

SIZES = label_efficiency.SIZES


def test_no_group_is_in_both_parts_and_seeds_hold_out_others() -> None:
    ads = [{"ad_id": f"ad{n}", "group": f"g{n // 3}"} for n in range(90)]
    parts = [_part(ads, seed) for seed in range(3)]
    for test, pool in parts:
        assert not {ad["group"] for ad in test} & {ad["group"] for ad in pool}
        assert (len(test), len(pool)) == (18, 72)
    assert parts[0] != parts[1]


def test_summary_of_two_seeds_worked_by_hand() -> None:
    def curve(start: float) -> list[dict[str, float]]:
        return [{"average_precision": start + place / 100, "f1": 0.5} for place in range(len(SIZES))]

    report = summarize([{"random": curve(0.5), "active": curve(0.6)}, {"random": curve(0.6), "active": curve(0.9)}])
    scores = report["average_precision"]
    assert scores["active"]["mean"][0] == 0.75
    assert scores["difference"]["mean"] == [0.2] * len(SIZES)
    assert (scores["difference"]["low"][0], scores["difference"]["high"][0]) == (0.1, 0.3)
    assert report["seeds"] == 2


@pytest.mark.parametrize(
    ("score", "labels"),
    [
        pytest.param(0.0, SIZES[0], id="at once"),
        pytest.param(0.15, (SIZES[1] + SIZES[2]) / 2, id="between two"),
        pytest.param(2.0, None, id="never"),
    ],
)
def test_how_many_random_labels_are_as_good(score: float, labels: float | None) -> None:
    random = np.arange(len(SIZES)) / 10
    assert _equal_labels(random, np.array([score])) == [labels if labels is None else round(labels)]
