"""Which ads to label next: those that the models are least sure of, and no two of a kind.

Uncertainty sampling with diversity: of each near-duplicate group at most one ad, and that only while nobody was asked
about any of them; then greedily the ad with the greatest uncertainty divided by one more than the number of ads that
are already labelled, to be labelled or picked in its group of near-duplicates and shared contacts.
"""

import hashlib
import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from pipeline.store import Row


def pick(
    uncertainty: Mapping[str, float], groups: Iterable[Row], asked: Collection[str], count: int, seed: int
) -> list[str]:
    """Up to `count` ad_ids, the most useful first.

    `groups`: a row {"ad_id", "near_duplicate", "group"} for every ad. `asked`: the ads that people were or will be
    asked about anyway. An ad without an uncertainty is never picked. The order of `groups` makes no difference, and
    ties fall by a hash of the seed.
    """
    best: dict[str, tuple[float, bytes, str, str]] = {}
    closed: set[str] = set()
    held: Counter[str] = Counter()
    for row in groups:
        ad_id, near = row["ad_id"], row["near_duplicate"]
        if ad_id in asked:
            closed.add(near)
            held[row["group"]] += 1
        elif ad_id in uncertainty:
            candidate = (-uncertainty[ad_id], rank(seed, ad_id), ad_id, row["group"])
            best[near] = min(candidate, best.get(near, candidate))
    queue = [
        (value / (1 + held[group]), tie, ad_id, group, held[group])
        for near, (value, tie, ad_id, group) in best.items()
        if near not in closed
    ]
    heapq.heapify(queue)
    picked: list[str] = []
    while queue and len(picked) < count:
        value, tie, ad_id, group, before = heapq.heappop(queue)
        if before == held[group]:
            picked.append(ad_id)
            held[group] += 1
        else:  # others of its group came first since
            heapq.heappush(queue, (value * (1 + before) / (1 + held[group]), tie, ad_id, group, held[group]))
    return picked


def is_shown(ad_id: str, share: float, seed: int) -> bool:
    """Whether the model's suggestion is shown with an ad: so for a `share` of all ads, whichever others there are."""
    return int.from_bytes(rank(seed, f"suggestion {ad_id}")[:8], "big") < share * 2**64


def rank(seed: int, text: str) -> bytes:
    """A pseudorandom rank: the same for the same seed and text, and uniform over texts."""
    return hashlib.sha256(f"{seed} {text}".encode()).digest()
