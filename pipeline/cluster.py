"""Cluster: which ads belong together, so that no group straddles two splits.

Near-duplicates by MinHash locality-sensitive hashing (Broder 1997) over word shingles, placeholders standing for
whatever they replaced; and ads that share a contact token. A group is a connected component over both.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from datasketch import MinHash, MinHashLSH
from scipy.cluster.hierarchy import DisjointSet

from pipeline import params, store
from pipeline.errors import run_stage
from pipeline.normalize import PLACEHOLDER
from pipeline.records import GROUPS
from pipeline.store import Row

_WORD = re.compile(r"<\w+>|\w+")


def shingles(text: str, words: int) -> set[bytes]:
    """Runs of so many words, in lower case, with unnumbered placeholders."""
    found = _WORD.findall(PLACEHOLDER.sub(r"<\1>", text).lower())
    return {" ".join(found[i : i + words]).encode() for i in range(max(1, len(found) - words + 1))}


def near_duplicates(ads: Iterable[tuple[str, str]], settings: params.Cluster) -> Iterator[tuple[str, str]]:
    """Pairs of ids whose texts' estimated Jaccard similarity reaches the threshold, for (id, text) pairs."""
    index = MinHashLSH(threshold=settings.threshold, num_perm=settings.permutations)
    sketches: dict[str, MinHash] = {}
    for ad_id, text in ads:
        sketch = MinHash(num_perm=settings.permutations, seed=settings.seed)
        sketch.update_batch(sorted(shingles(text, settings.shingle_words)))
        for other in index.query(sketch):
            if sketch.jaccard(sketches[other]) >= settings.threshold:
                yield ad_id, other
        index.insert(ad_id, sketch)
        sketches[ad_id] = sketch


def shared_contacts(ads: Iterable[Row], max_ads: int) -> Iterator[tuple[str, str]]:
    """Pairs of ids that share a contact token which no more than `max_ads` ads hold: beyond that it is a platform's."""
    holders: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for ad in ads:
        for contact in {(contact["kind"], contact["token"]) for contact in ad["contacts"]}:
            holders[contact].append(ad["ad_id"])
    for ids in holders.values():
        if len(ids) <= max_ads:
            yield from ((ids[0], other) for other in ids[1:])


def components(ids: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each id's connected component, named after the smallest id in it."""
    sets = DisjointSet(ids)
    for one, other in pairs:
        sets.merge(one, other)
    return {member: min(subset) for subset in map(set, sets.subsets()) for member in subset}


def main(
    ads: Annotated[Path, typer.Argument(help="The sanitized table.")],
    groups: Annotated[Path, typer.Option(help="The groups to write.")],
    metrics: Annotated[Path, typer.Option(help="Counts.")],
) -> None:
    """Group near-duplicates and ads that share a contact."""
    settings = params.load(params.Cluster)
    ids = [ad["ad_id"] for ad in store.read_table(ads, ["ad_id"])]
    texts = ((ad["ad_id"], ad["text"]) for ad in store.read_table(ads, ["ad_id", "text"]))
    alike = list(near_duplicates(texts, settings))
    linked = list(shared_contacts(store.read_table(ads, ["ad_id", "contacts"]), settings.max_shared_ads))
    by_text, by_contact, together = (components(ids, pairs) for pairs in (alike, linked, alike + linked))
    store.write_table(
        groups,
        GROUPS,
        (
            {"ad_id": i, "near_duplicate": by_text[i], "shared_contact": by_contact[i], "group": together[i]}
            for i in ids
        ),
    )
    sizes = Counter(together.values())
    store.write_json(
        metrics,
        {
            "ads": len(ids),
            "groups": len(sizes),
            "largest_group": max(sizes.values()),
            "near_duplicate_ads": sum(size for size in Counter(by_text.values()).values() if size > 1),
            "shared_contact_ads": sum(size for size in Counter(by_contact.values()).values() if size > 1),
        },
    )


if __name__ == "__main__":
    run_stage(main)
