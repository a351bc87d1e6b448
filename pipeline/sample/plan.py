"""What the ads of the sample are to be, block by block.

A block is 100 ads by 64 posters: most post once, the rest two to four times. Sectors, languages and indicators are
dealt out by quota within the block, so that every block has its share of each.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from pipeline.sample.templates import SECTORS, Language, load

SIZES = (1,) * 40 + (2,) * 15 + (3,) * 6 + (4,) * 3
POSTERS = len(SIZES)
ADS = sum(SIZES)

SECTOR_SHARES = dict(zip(SECTORS, (0.4, 0.2, 0.2, 0.2), strict=True))
INDICATOR_COUNTS = (1, 1, 2, 2, 3)
SHOWING_SHARE = 0.45  # of a sector's ads, where the sector has indicators
VAGUE_SHARE = 0.25  # of the ads that show nothing, or only that the employer is vague


@dataclass(frozen=True, slots=True)
class Plan:
    """What one poster's ads are to be: how many, about what, showing which indicators, too vague to judge or not."""

    serial: int
    ads: int
    sector: str
    language: Language
    indicators: tuple[str, ...]
    vague: bool


def plan_block(block: int, spanish_share: float, rng: Random) -> list[Plan]:
    """The plans of block number `block`, one per poster."""
    sizes = list(SIZES)
    rng.shuffle(sizes)
    spanish = round((block + 1) * ADS * spanish_share) - round(block * ADS * spanish_share)
    planned: Counter[str] = Counter()
    showing: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    plans = []
    for index, size in enumerate(sizes):
        sector = max(SECTORS, key=lambda name: SECTOR_SHARES[name] * ADS - planned[name])
        planned[sector] += size
        indicators: tuple[str, ...] = ()
        if load().sectors[sector].shown() and showing[sector] + size / 2 <= SHOWING_SHARE * planned[sector]:
            showing[sector] += size
            indicators = _indicators(load().sectors[sector].shown(), shown, rng)
            shown.update(dict.fromkeys(indicators, size))
        plans.append(
            Plan(
                serial=block * POSTERS + index,
                ads=size,
                sector=sector,
                language="en",
                indicators=indicators,
                vague=indicators in {(), ("vague_employer",)} and rng.random() < VAGUE_SHARE,
            )
        )
    return _in_languages(plans, spanish, rng)


def _indicators(allowed: Sequence[str], shown: Counter[str], rng: Random) -> tuple[str, ...]:
    rarest = sorted(allowed, key=lambda indicator: (shown[indicator], rng.random()))
    first, others = rarest[0], rarest[1:]
    return tuple(sorted((first, *rng.sample(others, rng.choice(INDICATOR_COUNTS) - 1))))


def _in_languages(plans: list[Plan], spanish: int, rng: Random) -> list[Plan]:
    """Make `spanish` ads Spanish: some posters with several ads, then posters with one until the number is met."""
    chosen = set()
    for plan in sorted(plans, key=lambda plan: (plan.ads == 1, rng.random())):
        if plan.ads <= spanish and (plan.ads == 1 or spanish > SIZES.count(1) or rng.random() < 0.2):
            spanish -= plan.ads
            chosen.add(plan.serial)
    return [replace(plan, language="es") if plan.serial in chosen else plan for plan in plans]
