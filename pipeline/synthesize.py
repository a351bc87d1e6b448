"""The sample corpus: synthetic classified ads with gold labels, gold spans of personal data, and canaries.

Every ad is written from templates (`pipeline.sample`), plain in tone and about nobody. Some show, in wording of our
own, the indicators that the cited literature publishes; more are ordinary ads, some of which resemble those. Ads come
in blocks of 100, each made from the seed and its number alone: memory stays bounded, and a longer corpus begins with
the shorter one.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Annotated

import typer

from pipeline import keys, params, store
from pipeline.errors import run_stage
from pipeline.sample.canaries import canaries
from pipeline.sample.compose import Ad, write_ads
from pipeline.sample.plan import plan_block
from pipeline.sample.posters import make_poster
from pipeline.store import Row


def generate(n: int, spanish_share: float, seed: int) -> Iterator[Ad]:
    """Yield `n` ads, one block of 100 in memory at a time; `spanish_share` of them in Spanish.

    The same arguments give the same ads, and a smaller `n` gives the first of them. The canaries are in the first 100.
    """
    return islice(_blocks(spanish_share, seed), n)


def main(
    output: Annotated[Path, typer.Option(help="Folder to write the corpus to; replaced if it is there.")],
    n: Annotated[int | None, typer.Option("--n", min=1, help="How many ads, instead of synthesize.ads.")] = None,
) -> None:
    """Write the sample corpus: ads.jsonl, gold.jsonl, canaries.jsonl and the sample's public linkage.key.

    Example: python -m pipeline.synthesize --output data/raw/sample --n 1000000
    """
    settings = params.load(params.Synthesize)
    with store.replacing(output) as folder:
        folder.mkdir()
        write_corpus(folder, generate(n or settings.ads, settings.spanish_share, settings.seed))
        keys.write_sample(folder / "linkage.key")


def write_corpus(folder: Path, ads: Iterable[Ad]) -> None:
    """Stream the ads to `folder`: ads.jsonl, gold.jsonl (spans into title, blank line, body) and canaries.jsonl."""
    with (
        store.jsonl_writer(folder / "ads.jsonl") as write_ad,
        store.jsonl_writer(folder / "gold.jsonl") as write_gold,
        store.jsonl_writer(folder / "canaries.jsonl") as write_canary,
    ):
        for index, ad in enumerate(ads):
            ad_id = f"sample-{index:07d}"
            write_ad({"id": ad_id, **_ad_row(ad)})
            write_gold({"id": ad_id, "spans": [span.as_row() for span in ad.spans]})
            if ad.canary:
                write_canary({"id": ad_id, "kind": ad.canary.kind, "value": ad.canary.value})


def _blocks(spanish_share: float, seed: int) -> Iterator[Ad]:
    block = 0
    while True:
        rng = Random(f"{seed}/{block}")
        planted = iter(canaries() if block == 0 else ())
        ads: list[Ad] = []
        for plan in plan_block(block, spanish_share, rng):
            poster = make_poster(plan.serial, plan.language, rng)
            canary = next(planted, None) if plan.ads == 1 and not plan.vague else None
            ads += write_ads(plan, poster, rng, canary)
        rng.shuffle(ads)
        yield from ads
        block += 1


def _ad_row(ad: Ad) -> Row:
    return {
        "title": ad.title,
        "body": ad.body,
        "posted": ad.posted.isoformat(),
        "region": ad.region,
        "category": ad.category,
        "gold_sector": ad.sector,
        "gold_indicators": list(ad.indicators),
        "gold_evidence": ad.evidence,
    }


if __name__ == "__main__":
    run_stage(main)
