"""Where cue words stand in a text: all words are looked for at once, and costly patterns start only there."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from string import ascii_lowercase, ascii_uppercase

import ahocorasick

from pipeline.recognizers.base import ViewRecognizer

_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
_SETS: list[frozenset[str]] = []


class Cues:
    """A set of words and phrases to be found, in any case, in one pass for all sets (Aho and Corasick 1975)."""

    def __init__(self, cues: Iterable[str]) -> None:
        """`cues`: in lower case, as they stand in a view."""
        self._number = len(_SETS)
        _SETS.append(frozenset(cues))
        _automaton.cache_clear()

    def find(self, text: str) -> Sequence[tuple[int, int, str]]:
        """Start, end (exclusive) and lower-case form of each cue, by its end; no letter or `_` touches it."""
        return _found(text).get(self._number, ())


class CuedRecognizer(ViewRecognizer):
    """Finds what a cue points at: the group `value` of `PATTERN` where it matches from the start of a cue word."""

    CUES: Cues
    PATTERN: re.Pattern[str]
    SCORE: float

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        for start, _, _ in self.CUES.find(text):
            if match := self.PATTERN.match(text, start):
                yield *match.span("value"), self.SCORE


def lowered(text: str) -> str:
    """The text in lower case, every character in its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c if len(c.lower()) > 1 else c.lower() for c in text)


def capitals(text: str) -> str:
    """The text with a to z as capitals, every character in its place."""
    return text.translate(_CAPITALS)


@lru_cache(maxsize=2)  # recognisers look at one text after another, each at the same view or two of it
def _found(text: str) -> dict[int, list[tuple[int, int, str]]]:
    """The cues in a text, by the number of the set that they are in."""
    found: dict[int, list[tuple[int, int, str]]] = {}
    around = f" {lowered(text)} "  # the character before a cue that starts at n is at n, the one behind it at its end
    for last, (cue, sets, opens, closes) in _automaton().iter(around):
        start, end = last - len(cue), last
        before, after = around[start], around[end + 1]
        if (opens and (before.isalpha() or before == "_")) or (closes and (after.isalpha() or after == "_")):
            continue
        for number in sets:
            found.setdefault(number, []).append((start, end, cue))
    return found


@cache
def _automaton() -> ahocorasick.Automaton:
    """For every cue: itself, the sets that it is in, and whether letters part it from what is beside it."""
    automaton = ahocorasick.Automaton()
    for cue in sorted(frozenset().union(*_SETS)):
        sets = [number for number, cues in enumerate(_SETS) if cue in cues]
        automaton.add_word(cue, (cue, sets, _is_bound(cue[0]), _is_bound(cue[-1])))
    automaton.make_automaton()
    return automaton


def _is_bound(character: str) -> bool:
    """Whether a letter beside the character would be of the same word, as Chinese, Japanese and Korean ones are not."""
    return character.isalpha() and character < "\u2e80"
