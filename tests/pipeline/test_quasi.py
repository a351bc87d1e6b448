from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.quasi import Combination, coarsen, smallest_class, suppress

VALUES = st.sampled_from([None, "a", "b", "c"])


@pytest.mark.parametrize(
    ("region", "parts", "expected"),
    [
        ("US, CA, Los Angeles", 2, "US, CA"),
        ("US, CA", 3, "US, CA"),
        ("US, , ", 2, "US"),
        ("", 1, None),
        (None, 1, None),
    ],
    ids=str,
)
def test_coarsen_keeps_the_leading_parts(region: str | None, parts: int, expected: str | None) -> None:
    assert coarsen(region, date(2026, 3, 9), "x", parts) == (expected, "2026-03", "x")


def test_a_common_combination_stays_and_a_rare_one_gives_up_its_category_first() -> None:
    counts: Counter[Combination] = Counter(
        {("US", "2026-01", "a"): 5, ("US", "2026-01", "b"): 3, ("US", "2026-01", "c"): 2}
    )
    assert suppress(counts, 5) == {
        ("US", "2026-01", "a"): ("US", "2026-01", "a"),
        ("US", "2026-01", "b"): ("US", "2026-01", None),
        ("US", "2026-01", "c"): ("US", "2026-01", None),
    }


@given(st.dictionaries(st.tuples(VALUES, VALUES, VALUES), st.integers(1, 9)), st.integers(1, 8))
def test_at_least_k_ads_share_every_combination_left(counts: dict[Combination, int], k: int) -> None:
    replacements = suppress(counts, k)
    assert replacements.keys() == counts.keys()
    after = Counter[Combination]()
    for original, now in replacements.items():
        after[now] += counts[original]
        assert all(new in {old, None} for old, new in zip(original, now, strict=True))
    smallest = smallest_class(combination for combination, count in after.items() for _ in range(count))
    assert smallest is None or smallest >= k
