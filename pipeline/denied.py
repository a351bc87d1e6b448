"""The deny list: values that annotators flagged in sanitized ads, which are masked from then on wherever they stand.

A value is looked for in any writing: its letters and digits without anything between them and, if it is a number, its
digits alone, disguises undone (see `pipeline.canaries`, whose search finds nothing that this one does not). A form
shorter than the canary search's must be a word of its own; a longer one counts inside a word, too, and takes the whole
word with it. A value too short or too common to be masked in every ad is looked for in the one it was flagged in.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import ahocorasick

from pipeline.canaries import MIN_DIGITS, MIN_LETTERS, reduced
from pipeline.normalize import PLACEHOLDER, View, digit_view, view
from pipeline.records import Span

# What a value can be masked as, in the order in which a value flagged as several is given away.
MASKS = ("EMAIL", "URL", "ID", "PHONE", "HANDLE", "ADDRESS", "PERSON")

_LOCAL_NUMBER = 7  # digits: a phone number without its area code


@dataclass(frozen=True, slots=True, order=True)
class Denied:
    """A value that was flagged in an ad. `everywhere`: whether it is masked in every ad, or in this one alone."""

    ad_id: str
    entity: str
    value: str = field(repr=False)
    everywhere: bool


def text_id(text: str) -> str:
    """The id of a text (SHA-256, hex): what the scrubber, which knows no ad_id, knows an ad by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class DenyList:
    """Denied values, ready to be looked for in texts."""

    def __init__(self, rows: Iterable[Denied] = (), owners: Mapping[str, str] | None = None) -> None:
        """`owners`: what `find` calls an ad by its ad_id, by default that; other ads' own values are left out."""
        shared: set[tuple[str, str]] = set()
        own: dict[str, set[tuple[str, str]]] = {}
        for row in rows:
            owner = row.ad_id if owners is None else owners.get(row.ad_id)
            if row.everywhere:
                shared.add((row.entity, row.value))
            elif owner is not None:
                own.setdefault(owner, set()).add((row.entity, row.value))
        self._shared = _Forms(shared, anywhere=True) if shared else None
        self._own = {owner: _Forms(values, anywhere=False) for owner, values in own.items()}

    def __bool__(self) -> bool:
        return bool(self._shared or self._own)

    @property
    def owners(self) -> set[str]:
        """The ads that have values of their own."""
        return set(self._own)

    def find(self, text: str, owner: str = "") -> list[Span]:
        """Where denied values stand in a text of the ad `owner` (code points, end exclusive; they may overlap).

        Placeholders are passed over, and nothing is joined across them.
        """
        searched = [forms for forms in (self._shared, self._own.get(owner)) if forms]
        if not searched:
            return []
        return [span for start, piece in _pieces(text) for forms in searched for span in forms.find(piece, start)]


class _Forms:
    """The normal forms of values. `anywhere`: whether longer ones count inside words, too."""

    def __init__(self, values: set[tuple[str, str]], *, anywhere: bool) -> None:
        self._letters, self._digits = ahocorasick.Automaton(), ahocorasick.Automaton()
        for entity, value in sorted(values, key=lambda pair: MASKS.index(pair[0]), reverse=True):
            letters, digits = reduced(value)
            if letters:
                whole = not anywhere or len(letters) < MIN_LETTERS
                self._letters.add_word(letters, (len(letters), entity, whole))
            if len(digits) >= _LOCAL_NUMBER:
                whole = not anywhere or len(digits) < MIN_DIGITS
                self._digits.add_word(digits, (len(digits), entity, whole))
        for automaton in (self._letters, self._digits):
            automaton.make_automaton()

    def find(self, piece: str, offset: int) -> Iterator[Span]:
        """Where values stand in a piece of a text, which starts at `offset`."""
        yield from _find(self._letters, piece, view(piece), str.isalnum, offset)
        if self._digits:
            yield from _find(self._digits, piece, digit_view(piece), str.isdigit, offset)


def _find(
    automaton: ahocorasick.Automaton, piece: str, seen: View, counts: Callable[[str], bool], offset: int
) -> Iterator[Span]:
    """The values in a view of which only the characters that count are read."""
    if not len(automaton):
        return
    stream = "".join(filter(counts, seen.text.casefold()))
    hits = list(automaton.iter(stream))
    if not hits:
        return
    places = [place for place, sign in enumerate(seen.text) for folded in sign.casefold() if counts(folded)]
    for last, (length, entity, whole) in hits:
        first, end = places[last - length + 1], places[last] + 1
        if whole and (counts(seen.text[first - 1 : first]) or counts(seen.text[end : end + 1])):
            continue
        start, stop = seen.raw_span(first, end)
        while start and piece[start - 1].isalnum():
            start -= 1
        while stop < len(piece) and piece[stop].isalnum():
            stop += 1
        yield Span(start + offset, stop + offset, entity, 1.0)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """What stands between placeholders, with where it starts."""
    start = 0
    for match in PLACEHOLDER.finditer(text):
        yield start, text[start : match.start()]
        start = match.end()
    yield start, text[start:]
