"""Arithmetic of spans: which of several claims wins, and where a span of a sanitized text stood in the raw one."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from pipeline.normalize import PLACEHOLDER
from pipeline.records import ENTITIES, Span

# Which entity a stretch that several recognisers claim goes to, first to last.
_RANK: dict[str, int] = {entity: rank for rank, entity in enumerate(ENTITIES)}
_SPACES = re.compile(r"[ \t]*")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def disjoint(text: str, spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap each other or an existing placeholder, and together cover what `spans` cover.

    Where several claim a stretch, the entity that ranks first in `ENTITIES` gets it, then the higher score, then the
    earlier and the longer span. Space around a piece is left out, and so are pieces that hold no letter or digit.
    Names with only spaces between them are one name.
    """
    if not (claims := sorted(spans, key=lambda s: (_RANK[s.entity], -s.score, s.start, -s.end))):
        return []
    taken = _Stretches([match.span() for match in PLACEHOLDER.finditer(text)] if "<" in text else [])
    won: list[Span] = []
    for span in claims:
        for start, end in taken.add(span.start, span.end):
            if _LETTER_OR_DIGIT.search(text, start, end):
                piece = text[start:end]
                start += len(piece) - len(piece.lstrip())
                end -= len(piece) - len(piece.rstrip())
                is_whole = start == span.start and end == span.end
                won.append(span if is_whole else Span(start, end, span.entity, span.score))
    joined: list[Span] = []
    for span in sorted(won):
        if joined and _is_one_name(text, joined[-1], span):
            last = joined.pop()
            span = Span(last.start, span.end, span.entity, max(last.score, span.score))
        joined.append(span)
    return joined


def _is_one_name(text: str, first: Span, second: Span) -> bool:
    return first.entity == second.entity == "PERSON" and bool(_SPACES.fullmatch(text, first.end, second.start))


class _Stretches:
    """Stretches of a text that do not touch each other, in order; adding n of them takes n log n comparisons."""

    def __init__(self, stretches: Sequence[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in stretches]
        self._ends = [end for _, end in stretches]

    def add(self, start: int, end: int) -> list[tuple[int, int]]:
        """Cover `start` to `end`; return the pieces of it that were not covered before."""
        first = bisect_left(self._ends, start)  # the stretches that overlap or touch it: first to last (exclusive)
        last = bisect_right(self._starts, end)
        if first == last:
            self._starts.insert(first, start)
            self._ends.insert(first, end)
            return [(start, end)]
        edges = [start, *self._between(first, last), end]
        start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
        self._starts[first:last], self._ends[first:last] = [start], [end]
        return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]

    def _between(self, first: int, last: int) -> Iterator[int]:
        for index in range(first, last):
            yield self._starts[index]
            yield self._ends[index]


def to_raw(found: Iterable[Span], spans: Sequence[Span], lengths: Sequence[int]) -> list[Span]:
    """Spans of a sanitized text, which touch no placeholder, as spans of the raw text.

    `spans` of the raw text, in order, were replaced by placeholders of these `lengths`.
    """
    if not spans:
        return list(found)
    starts, shifts = [0], [0]  # from this sanitized offset on, raw offset minus sanitized offset
    written = raw = 0
    for span, length in zip(spans, lengths, strict=True):
        written += span.start - raw + length
        raw = span.end
        starts.append(written)
        shifts.append(raw - written)
    moved = []
    for span in found:
        shift = shifts[bisect_right(starts, span.start) - 1]
        moved.append(Span(span.start + shift, span.end + shift, span.entity, span.score))
    return moved
