"""A normal view of a text, with a map from every view character back to the raw text.

People write contacts so that filters miss them: full-width digits, keycap emoji, zero-width characters between
letters, number words. Recognisers scan the view, where those disguises are gone, and return spans of the raw text.
Both views are linear in the length of the text. Offsets are code points, end exclusive.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

PLACEHOLDER = re.compile(r"<([A-Z]+)_(\d{1,3})>")

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")

_DIGIT_WORDS = {
    **{word: str(n) for n, word in enumerate("zero one two three four five six seven eight nine".split())},
    **{word: str(n) for n, word in enumerate("cero uno dos tres cuatro cinco seis siete ocho nueve".split())},
    "oh": "0",
    "o": "0",
}
_DIGIT_WORD = re.compile("|".join(sorted(_DIGIT_WORDS, key=len, reverse=True)), re.IGNORECASE)
# A run of letters and digits made of nothing but digits and digit words ("five5five"), or of digits and look-alikes.
_DIGIT_RUN = re.compile(rf"(?<![^\W_])(?:{_DIGIT_WORD.pattern}|\d)+(?![^\W_])", re.IGNORECASE)
_LOOK_ALIKES = str.maketrans("oOlIiSsBbZz", "00111558822")
# … or a group of them between groups of digits ("346-SSS-0140").
_LOOK_ALIKE_RUN = re.compile(
    r"(?<![^\W_])(?:(?=[a-zA-Z]*\d)[\doOlIiSsBbZz]{2,}|(?<=\d[-. ])[OISBZ]{3,4}(?=[-. ][OIlSBZ]*\d))(?![^\W_])"
)


@dataclass(frozen=True, slots=True)
class View:
    """A rewritten text; `starts[i]` and `ends[i]` bound, in the raw text, what view character `i` stands for."""

    text: str = field(repr=False)
    starts: list[int] = field(repr=False)
    ends: list[int] = field(repr=False)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw span that view characters `start` to `end` (exclusive, at least one) stand for."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=64)
def view(text: str) -> View:
    """The view with compatibility forms folded, accents and invisible characters dropped, HTML entities resolved."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def add(folded: str, start: int, end: int) -> None:
        characters.append(folded)
        starts.extend([start] * len(folded))
        ends.extend([end] * len(folded))
        if not folded and ends:  # an invisible character belongs to the one before it
            ends[-1] = end

    position = 0
    for entity in _ENTITY.finditer(text):
        for index in range(position, entity.start()):
            add(_fold(text[index]), index, index + 1)
        add("".join(map(_fold, html.unescape(entity[0]))), entity.start(), entity.end())
        position = entity.end()
    for index in range(position, len(text)):
        add(_fold(text[index]), index, index + 1)
    return View("".join(characters), starts, ends)


@lru_cache(maxsize=64)
def digit_view(text: str) -> View:
    """The view with digit words (English, Spanish) and letters standing among digits turned into digits."""
    base = view(text)
    words = _rewrite(base, _DIGIT_RUN, lambda run: _DIGIT_WORD.sub(lambda word: _DIGIT_WORDS[word[0].lower()], run))
    return _rewrite(words, _LOOK_ALIKE_RUN, lambda run: run.translate(_LOOK_ALIKES))


def digits_of(text: str) -> str:
    """The digits of a text, disguised ones included, with nothing between them."""
    return "".join(c for c in digit_view(text).text if c.isdigit())


def squash(text: str) -> str:
    """The letters and digits of a text in lower case, with nothing between them: "Jane (at) x" is "janeatx"."""
    return "".join(c for c in view(text).text.casefold() if c.isalnum())


@lru_cache(maxsize=65_536)
def _fold(character: str) -> str:
    if character.isascii():
        return character
    kept = []
    for part in unicodedata.normalize("NFKD", character):
        category = unicodedata.category(part)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(part)))
        elif category == "Zs":
            kept.append(" ")
        elif category == "Pd":
            kept.append("-")
        elif category not in {"Mn", "Me", "Cf"}:
            kept.append(part)
    return "".join(kept)


def _rewrite(base: View, pattern: re.Pattern[str], replace: Callable[[str], str]) -> View:
    """`base` with each match replaced; every new character stands for the whole match."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in pattern.finditer(base.text):
        new = replace(match[0])
        start, end = match.span()
        characters += [base.text[position:start], new]
        starts += base.starts[position:start] + [base.starts[start]] * len(new)
        ends += base.ends[position:start] + [base.ends[end - 1]] * len(new)
        position = end
    characters.append(base.text[position:])
    return View("".join(characters), starts + base.starts[position:], ends + base.ends[position:])
