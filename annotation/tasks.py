"""Which ads people label: a seeded sample of the distinct sanitized texts, as Label Studio's import format.

Every distinct text has a rank, a hash of the seed and of the first ad_id that carries it; the lowest ranks are the
sample, in that order (bottom-k sampling, Cohen and Kaplan 2007). So the sample is uniform, any leading part of it is a
sample too, and a larger `tasks.ads` keeps every task there was and adds to them.
"""

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from pipeline import params, store
from pipeline.errors import run_stage
from pipeline.store import Row


def choose(ads: Iterable[Row], settings: params.Tasks) -> tuple[list[Row], dict[str, int]]:
    """The chosen ads as tasks `{"data": {"ad_id", "text"}}` in order of rank, and the counts for the metrics file.

    `ads` are rows with `ad_id` and `text`, sorted by `ad_id`. Of ads with the same text only the first can be chosen.
    A task holds nothing but the sanitized text and the id.
    """
    counts = {"ads": 0, "distinct_texts": 0}
    chosen = heapq.nsmallest(settings.ads, _ranked(ads, settings.seed, counts))
    tasks = [{"data": {"ad_id": ad_id, "text": text}} for _, ad_id, text in chosen]
    return tasks, {**counts, "tasks": len(tasks)}


def _ranked(ads: Iterable[Row], seed: int, counts: dict[str, int]) -> Iterator[tuple[bytes, str, str]]:
    seen: set[bytes] = set()
    for ad in ads:
        counts["ads"] += 1
        text = hashlib.sha256(ad["text"].encode()).digest()[:16]
        if text not in seen:
            seen.add(text)
            counts["distinct_texts"] += 1
            yield hashlib.sha256(f"{seed} {ad['ad_id']}".encode()).digest(), ad["ad_id"], ad["text"]


def main(
    sanitized: Annotated[Path, typer.Argument(help="The sanitized ads.")],
    tasks: Annotated[Path, typer.Option(help="The tasks, one JSON object a line.")],
    metrics: Annotated[Path, typer.Option(help="How many ads were read and chosen.")],
) -> None:
    """Choose the ads that people label."""
    chosen, counts = choose(store.read_table(sanitized, ["ad_id", "text"]), params.load(params.Tasks))
    store.write_jsonl(tasks, chosen)
    store.write_json(metrics, counts)


if __name__ == "__main__":
    run_stage(main)
