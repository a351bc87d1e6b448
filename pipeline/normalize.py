"""A normal view of a text, with a map from every view character back to the raw text.

People write contacts so that filters miss them: full-width digits, keycap emoji, zero-width characters between
letters, homoglyphs, letters spaced out, number words. Recognisers scan the view, where those disguises are gone, and
return spans of the raw text. Both views are linear in the length of the text. Offsets are code points, end exclusive.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from pipeline import folding, numerals
from pipeline.numerals import Edit

# A placeholder that stands for personal data: a numbered one, or the band of an age ("21-25", "-18" for under 18).
# Its groups are the entity and what follows the underscore.
PLACEHOLDER = re.compile(r"<([A-Z]+)_(\d{1,3}|\d{0,3}-\d{1,3}|\d{1,3}[-+])>")

_REWRITTEN = re.compile(
    r"""(?P<folded>[\U0001F1E6-\U0001F1FF]+|[^\t-\r\x20-\x7e])
      | &(?:amp;){0,3}(?:\#\d{1,7};?|\#x[0-9a-f]{1,6};?|[a-z]{2,8};)  # as in browsers, "&#64" needs no ";"
      | <(?P<tag>/?(?:b|i|u|s|em|strong|span|font|big|small|wbr|sub|sup|mark)|/?(?:br|p|div|li|ul|td|tr|center)\s?/?)
        (?:\s(?:style|color|size|face|align)\s?=\s?["']?[a-z\d#:;-]{1,12}["']?){0,3}>
      | (?:%|\\u00)(?P<escaped>40|2e)  # "@" and ".", as in links and in JSON
      | <!--(?P<comment>[^<>@\d.]{0,16})-->
    """,
    re.I | re.X,
)
_REWRITTEN_SIGN = re.compile(r"[^\t-\r\x20-$'-;=-\[\]-~]")  # what a match begins with: one set of characters is fast
# Three single characters in a row, and what they are the sign of: a run of them, in which wider gaps part words.
_SPACED_SIGN = re.compile(r" \S \S(?![^\s.,!?;:)])")
_WIDE_SIGN = re.compile(r"  \S {2,3}\S {2,3}\S(?!\S)")  # the same with wider gaps between all
_LETTER = r"\S(?:[@.,]\S)?(?!\S)"  # or two with nothing but a sign between them: "j a n e@e x a m p l e"
_SPACED = re.compile(
    rf"(?<![^\s(:,.!?\"'@-])(?<!\w')\S(?:[@.,]\S)?(?: {_LETTER}){{1,}}(?: {{2,3}}{_LETTER}(?: {_LETTER})*)*"
    r"(?: {1,3}\S(?=[.,!?;:)](?!\S)))?"
)
_WIDE = re.compile(r"(?<!\S)\S(?! \S(?!\S))(?: {2,3}\S(?!\S| \S(?!\S))){4,}")
# Letters with a sign between every two of them ("j-a-n-e"), four at least, or ".c.o.m".
_PARTED_SIGN = re.compile(rb"([-.*_~|])a\1a(?!a)")  # of a shape
_PARTED = re.compile(
    r"(?<![^\W_])(?:[a-z]([-.*_~|])[a-z\d](?:\1[a-z\d]){2,}|(?<=\.)c([-.*_~| ])o\2m|(?<=\. )c([-.*_~|])o\3m)(?![^\W_])",
    re.I,
)
# Of ASCII bytes: letters in lower case and others as spaces; letters as "a", digits as "0" and others as they are.
_LETTERS = bytes(ord(chr(c).lower()) if chr(c).isalpha() else 32 for c in range(128)).ljust(256)
_SHAPES = bytes(97 if chr(c).isalpha() else 48 if chr(c).isdigit() else c for c in range(128)).ljust(256)
_KEPT = 256  # views: those of a batch of texts and of what is found in them
_FOREIGN_SIGN = re.compile(r"[^\W\x00-\x7f]")


class View:
    """A rewritten text, each of whose characters stands for a stretch of the raw text."""

    def __init__(self, text: str, base: "View | None" = None, edits: Sequence[tuple[int, int, int]] = ()) -> None:
        """A view of itself, or of `base` where stretches (start and end) became so many characters, in order."""
        self.text = text
        self._base = base
        self._edits = edits

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw span that view characters `start` to `end` (exclusive, at least one) stand for.

        Every new character stands for its whole stretch; what is dropped belongs to the character before it.
        """
        if self._base is None:
            return start, end
        first, _, _ = self._stretch(start)
        _, last, following = self._stretch(end - 1)
        while following < len(self._edits) and self._places[following] == end and not self._edits[following][2]:
            last = self._edits[following][1]  # dropped
            following += 1
        return self._base.raw_span(first, last)

    def _stretch(self, index: int) -> tuple[int, int, int]:
        """Where a character's stretch of the base starts and ends, and the number of the first edit behind it."""
        following = bisect_right(self._places, index)
        if not following:
            return index, index + 1, 0
        start, end, length = self._edits[following - 1]
        behind = index - self._places[following - 1] - length
        return (start, end, following) if behind < 0 else (end + behind, end + behind + 1, following)

    @cached_property
    def _places(self) -> list[int]:
        """Where in the view each edit's new characters start; worked out when something is found."""
        places = []
        shift = 0
        for start, end, length in self._edits:
            places.append(start + shift)
            shift += length - (end - start)
        return places


@lru_cache(maxsize=_KEPT)
def view(text: str) -> View:
    """The view of a text in plain characters.

    Compatibility forms are folded, accents and invisible characters dropped, HTML entities and bare tags resolved,
    homoglyphs in Latin words made Latin, and letters joined that are spaced out.
    """
    seen = _edited(View(text), _folds(text))
    if not seen.text.isascii() and _FOREIGN_SIGN.search(seen.text):
        seen = _edited(seen, folding.look_alikes(seen.text))
    if _PARTED_SIGN.search(shape(seen.text)):
        seen = _edited(seen, _parted(seen.text))
    if "  " in seen.text and _WIDE_SIGN.search(seen.text):
        seen = _edited(seen, _gaps(_WIDE, seen.text))
    if _SPACED_SIGN.search(f" {seen.text}"):
        seen = _edited(seen, _gaps(_SPACED, seen.text))
    return seen


@lru_cache(maxsize=_KEPT)
def digit_view(text: str) -> View:
    """The view with number words, and letters standing among digits, turned into digits."""
    seen = view(text)
    if said := numerals.said_in(words(seen.text)):
        seen = _edited(seen, numerals.spoken(seen.text, said))
    seen = _edited(seen, numerals.leet(seen.text))
    seen = _edited(seen, numerals.look_alikes(seen.text))
    seen = _edited(seen, numerals.chinese(seen.text))
    return _edited(seen, numerals.sounds(seen.text))


@lru_cache(maxsize=2)
def words(text: str) -> frozenset[str]:
    """The runs of letters (a to z) in a view, in lower case: a quick check that a text has none of some words."""
    return frozenset(text.encode("ascii", "replace").translate(_LETTERS).decode("ascii").split())


@lru_cache(maxsize=4)
def shape(text: str) -> bytes:
    """A view with "a" for each letter (a to z), "0" for each digit, "?" for each character beyond ASCII.

    To look in it for a few bytes is the quickest check that a text has nothing of some form.
    """
    return text.encode("ascii", "replace").translate(_SHAPES)


def digits_of(text: str) -> str:
    """The digits of a text, disguised ones included, with nothing between them."""
    return "".join(c for c in digit_view(text).text if c.isdigit())


def squash(text: str) -> str:
    """The letters and digits of a text in lower case, with nothing between them: "Jane (at) x" is "janeatx"."""
    return "".join(c for c in view(text).text.casefold() if c.isalnum())


def _folds(text: str) -> Iterator[Edit]:
    position = 0
    for sign in _REWRITTEN_SIGN.finditer(text):
        if sign.start() < position or not (match := _REWRITTEN.match(text, sign.start())):
            continue
        position = match.end()
        if match["folded"]:
            yield *match.span(), folding.fold(match[0])
        elif match["comment"] is not None:
            yield *match.span(), ""
        elif match["tag"]:
            yield *match.span(), "" if match["tag"].lower().strip("/ ") in _INLINE else " "
        elif match["escaped"]:
            yield *match.span(), chr(int(match["escaped"], 16))
        else:
            yield *match.span(), "".join(map(folding.fold_one, html.unescape(html.unescape(match[0]))))


_INLINE = frozenset("b i u s em strong span font big small wbr sub sup mark".split())


def _parted(text: str) -> Iterator[Edit]:
    """The signs between letters that are each parted from the next by one."""
    for match in _PARTED.finditer(text):
        if sum(map(str.isalpha, match[0])) > 2:
            for start in range(match.start() + 1, match.end(), 2):
                yield start, start + 1, ""


def _gaps(spaced: re.Pattern[str], text: str) -> Iterator[Edit]:
    """The spaces within runs of single characters, of which three at least are letters; a wider gap shrinks to one."""
    for match in spaced.finditer(text):
        letters = sum(map(str.isalpha, match[0]))
        if letters > 2 and len(match[0]) - match[0].count(" ") >= 3:
            gaps = [gap.span() for gap in re.finditer(" +", match[0])]
            narrowest = min(end - start for start, end in gaps)
            for start, end in gaps:
                yield match.start() + start, match.start() + end, "" if end - start == narrowest else " "


def _edited(base: View, edits: Iterable[Edit]) -> View:
    """`base` with stretches of its text replaced, in order."""
    pieces: list[str] = []
    mapped: list[tuple[int, int, int]] = []
    position = 0
    for start, end, new in edits:
        pieces += base.text[position:start], new
        position = end
        if len(new) != 1 or end - start != 1:
            mapped.append((start, end, len(new)))
    if not position:
        return base
    pieces.append(base.text[position:])
    return View("".join(pieces), base, mapped)
