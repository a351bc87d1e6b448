"""Who labels which ad: each by `overlap` annotators, with even loads, in an order of everybody's own.

Nothing here is random but the seed: the same ads, annotators and earlier assignment give the same answer. What somebody
has already, stays theirs. Ties are broken by a hash of the seed, the ad and the annotator, so that pairs of annotators
mix, and whoever comes later takes of what is still short.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence


def assign(
    ads: Iterable[str], annotators: Sequence[str], earlier: Mapping[str, Iterable[str]], overlap: int, seed: int
) -> dict[str, list[str]]:
    """For each annotator the ads to label: the earlier ones in their order, then the new ones in a seeded order.

    Every ad gets `overlap` annotators, or all where there are fewer. An ad goes to those with the fewest ads so far, so
    that from an even start loads differ by one at most. Earlier ads that are not among `ads` any more are kept, too,
    and count as load.
    """
    kept = {annotator: list(dict.fromkeys(earlier.get(annotator, ()))) for annotator in annotators}
    has = {annotator: set(given) for annotator, given in kept.items()}
    load = {annotator: len(given) for annotator, given in kept.items()}
    added: dict[str, list[str]] = {annotator: [] for annotator in annotators}
    for ad in dict.fromkeys(ads):
        without = [annotator for annotator in annotators if ad not in has[annotator]]
        short = overlap - (len(annotators) - len(without))
        without.sort(key=lambda annotator: (load[annotator], _rank(seed, ad, annotator)))
        for annotator in without[: max(short, 0)]:
            added[annotator].append(ad)
            load[annotator] += 1
    return {
        annotator: kept[annotator] + sorted(new, key=lambda ad: _rank(seed, annotator, ad))
        for annotator, new in added.items()
    }


def _rank(seed: int, *names: str) -> bytes:
    return hashlib.sha256("\0".join([str(seed), *names]).encode()).digest()
