"""Quasi-identifiers: region, month and category, coarsened until enough ads share every combination.

k-anonymity (Sweeney 2002) by suppression: an ad in a combination that fewer than k ads share gives up its category,
then its region, then its month. An ad that gave up all three tells nothing by them and does not count as a combination.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

Combination = tuple[str | None, str | None, str | None]  # region, month (YYYY-MM), category

COLUMNS = ("region", "posted", "category")
_NOTHING: Combination = (None, None, None)


def coarsen(region: str | None, posted: date | None, category: str | None, region_parts: int) -> Combination:
    """The leading parts of a comma-separated region, the month, and the category."""
    kept = None
    if region:
        kept = ", ".join(part.strip() for part in region.split(",")[:region_parts]).strip(", ") or None
    return kept, f"{posted:%Y-%m}" if posted else None, category


def suppress(combinations: Mapping[Combination, int], k: int) -> dict[Combination, Combination]:
    """What to replace each combination by, so that at least k ads share every one that is left."""
    result: dict[Combination, Combination] = {}
    unsettled = {combination: combination for combination in combinations}
    for given_up in (set[int](), {2}, {2, 0}, {2, 0, 1}):
        for original in unsettled:
            region, month, category = (None if i in given_up else value for i, value in enumerate(original))
            unsettled[original] = (region, month, category)
        sizes = Counter[Combination]()
        for original, now in unsettled.items():
            sizes[now] += combinations[original]
        settled = {original: now for original, now in unsettled.items() if sizes[now] >= k or now == _NOTHING}
        result |= settled
        unsettled = {original: now for original, now in unsettled.items() if original not in settled}
    return result


def smallest_class(combinations: Iterable[Combination]) -> int | None:
    """The number of ads in the rarest combination; None where no ad has any."""
    counts = Counter(combination for combination in combinations if combination != _NOTHING)
    return min(counts.values(), default=None)
