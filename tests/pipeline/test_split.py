from collections import Counter

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.errors import Refusal
from pipeline.split import assign

SHARES = {"train": 0.7, "validation": 0.1, "test": 0.2}


@hypothesis_settings(max_examples=30)
@given(st.lists(st.integers(0, 60), min_size=30, max_size=300), st.integers(0, 9))
def test_no_group_straddles_two_splits(numbers: list[int], seed: int) -> None:
    groups = [f"g{n}" for n in numbers]
    labels = ["ab"[n % 2] for n in numbers]
    if len(set(groups)) < 3:
        return
    names = assign(groups, labels, SHARES, seed)
    assert set(names) == set(SHARES)
    assert all(len({name for g, name in zip(groups, names, strict=True) if g == group}) == 1 for group in set(groups))
    assert names == assign(groups, labels, SHARES, seed)


def test_shares_and_label_balance_are_met_where_groups_allow() -> None:
    groups = [str(n) for n in range(1000)]
    labels = ["rare" if n % 10 == 0 else "common" for n in range(1000)]
    names = assign(groups, labels, SHARES, 1)
    assert Counter(names) == {"train": 700, "validation": 100, "test": 200}
    assert Counter(name for name, label in zip(names, labels, strict=True) if label == "rare") == {
        "train": 70,
        "validation": 10,
        "test": 20,
    }


def test_another_seed_splits_otherwise() -> None:
    groups = [str(n) for n in range(100)]
    assert assign(groups, ["x"] * 100, SHARES, 1) != assign(groups, ["x"] * 100, SHARES, 2)


def test_too_few_groups_are_refused() -> None:
    with pytest.raises(Refusal, match="cannot fill 3 splits"):
        assign(["a", "b"], ["x", "x"], SHARES, 1)


def test_a_split_without_a_share_stays_empty() -> None:
    assert set(assign([str(n) for n in range(40)], ["x"] * 40, {"train": 0.8, "validation": 0.0, "test": 0.2}, 1)) == {
        "train",
        "test",
    }
