"""Street addresses in the orders of several languages, with units and envelope lines; rooms, boxes and street corners.

The kind of street ("Ave", "calle", "Apt", "corner") is looked for first, and the rest around it.
"""

from collections.abc import Iterator

from pipeline.normalize import shape
from pipeline.recognizers import street
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import Cues
from pipeline.recognizers.words import is_no_name

_REACH = 72  # code points before a kind of street in which its number may stand

_ABBREVIATION = 4  # letters, at most

_CAPITAL_TYPES = frozenset(street.CAPITAL_TYPES)
_TYPES = frozenset(street.TYPES) | _CAPITAL_TYPES
_ROMANCE = frozenset(street.ROMANCE)
_ROMANCE_CAPITAL = frozenset(street.ROMANCE_CAPITAL)
_UNITS = frozenset(street.UNITS)
_BOXES = frozenset(street.BOXES)
_CORNERS = frozenset(("corner", "intersection", "cross street", "cross streets", "esquina", "angle"))
_PLACES = frozenset(
    "live lives lived living located staying meet drop drops vivo vive ubicado ubicada ubicados estamos situado "
    "situada habite moro".split()
)
_LABELS = frozenset("address direccion adresse endereco domicilio anschrift indirizzo".split())
_HOTELS = frozenset("hotel motel inn suites lodge hostel".split())
_CUES = Cues({*_TYPES, *_ROMANCE, *_ROMANCE_CAPITAL, *_UNITS, *_BOXES, *_CORNERS, *_PLACES, *_LABELS, *_HOTELS, "exit"})

Place = tuple[int, int]


class AddressRecognizer(ViewRecognizer):
    """Finds streets with a number or after a cue, units, rooms, boxes, corners, exits, and hotels by name."""

    ENTITY = "ADDRESS"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        for start, end, cue in _CUES.find(text):
            for place in _at_cue(text, start, end, cue):
                yield from _lines(text, place[0], _whole(text, place[1]))
        seen = shape(text)
        for number in street.GERMANIC_NUMBER.finditer(text) if b"0" in seen else ():
            if compound := _before_number(text, *number.span()):
                yield from _lines(text, compound[0], _whole(text, compound[1]))
        for match in street.ORDINALS.finditer(text) if b"0aa" in seen else ():
            if street.AT.search(text, max(0, match.start() - 8), match.start()):
                yield *match.span(), 0.5


def _at_cue(text: str, start: int, end: int, cue: str) -> Iterator[Place]:
    if cue in _TYPES:
        yield from _english(text, start, end, cue)
    if cue in _ROMANCE or cue in _ROMANCE_CAPITAL:
        yield from _romance(text, start, end, cue)
    if cue in _UNITS and (unit := street.UNIT.match(text, start)):
        for pattern in (street.BEFORE_UNIT, street.HOTEL):
            if before := pattern.search(text, max(0, start - _REACH), start):
                yield before.start(), unit.end()
        yield unit.span()
    if cue in _BOXES and (box := street.BOX.match(text, start)):
        yield box.span()
    if cue in _CORNERS and (corner := street.CORNER.match(text, start)):
        yield corner.span("value")
    is_name = cue in _HOTELS and text[start].isupper()
    if is_name and (hotel := street.AT_HOTEL.search(text, max(0, start - _REACH), start)):
        yield hotel.start("name"), end
    if cue in _PLACES and (placed := street.PLACED.match(text, start)):
        yield placed.span("value")
    is_label = cue in _LABELS and not street.NO_STREET.search(text, max(0, start - 8), start)
    if is_label and (labelled := street.LABELLED.match(text, start)):
        yield labelled.span("value")
    if cue == "exit" and (way_out := street.EXIT.match(text, start)):
        around = max(0, start - 24), way_out.end() + 24
        if street.HIGHWAY.search(text, *around):
            yield way_out.span()


def _english(text: str, start: int, end: int, cue: str) -> Iterator[Place]:
    """The name before the kind of street, with a number before it or a preposition, or another street behind it."""
    if cue in _CAPITAL_TYPES and text[start].islower():
        return
    from_ = max(0, start - _REACH)
    pattern = street.NUMBERED_SMALL if text[start].islower() else street.NUMBERED
    numbered = pattern.search(text, from_, start) or street.NUMBERED.search(text, from_, start)
    if numbered:
        yield numbered.start(), end
    if cue not in street.SURE_TYPES:
        return
    if text[start].isupper():
        crossing = street.CROSSING.match(text, end)
        name = street.CROSSED.search(text, from_, start) if crossing else None
        if crossing and name:
            yield name.start("name"), crossing.end()
        if named := street.NAMED.search(text, from_, start):
            yield named.start("name"), end
    elif (small := street.NAMED_SMALL.search(text, from_, start)) and not is_no_name(small["word"]):
        yield small.start("name"), end


def _romance(text: str, start: int, end: int, cue: str) -> Iterator[Place]:
    """The name behind the kind of street, with a number behind it or before, or a preposition."""
    if text[end : end + 1] == "." and len(cue) > _ABBREVIATION:  # the end of a sentence
        return
    numbered = street.ROMANCE_NUMBERED if cue in _ROMANCE else street.ROMANCE_CAPITAL_NUMBERED
    if match := numbered.match(text, end):
        yield start, match.end()
    if name := street.ROMANCE_NAME.match(text, end):
        from_ = max(0, start - 24)
        if before := street.ROMANCE_NUMBER_BEFORE.search(text, from_, start):
            yield before.start(), name.end()
        elif cue in _ROMANCE and street.ROMANCE_PREPOSITION.search(text, from_, start):
            yield start, name.end()


def _before_number(text: str, start: int, end: int) -> Place | None:
    """A name that ends like "Hauptstraße" before its number."""
    if not text[max(0, start - 12) : start - 1].lower().endswith(street.GERMANIC):
        return None
    name = street.GERMANIC_NAME.search(text, max(0, start - _REACH), start)
    return (name.start(), end) if name else None


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int, float]]:
    """The lines of an address in a quoted text, without the marks before them; else the whole address."""
    for mark in street.QUOTED.finditer(text, start, end):
        yield start, mark.start(), 0.6
        start = mark.end()
    yield start, end, 0.6


def _whole(text: str, end: int) -> int:
    """Where an address ends: behind the units and the town that follow."""
    for pattern in (street.MORE_UNITS, street.TOWN):
        if more := pattern.match(text, end):
            end = more.end()
    return end
