"""Runs of digits that may be one number, because of what stands between them, and what in them is none.

A gap is the wider the less people write it within a number: a space or hyphen, signs and emoji, a word, a line break.
"""

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

Group = tuple[int, int]  # start and end (exclusive) of some digits

_GROUP = re.compile(r"[0-9]\d*")
_NOT_IN_GAPS = r"\w\n€£¥₹"
# What people say between the groups of a number.
_WORDS = (
    r"(?:then|and|next|with|dash|hyphen|minus|space|dot|point|period|slash|star|underscore|number|numbers|num|numero|plus"
    r"|area|code|is|are|the|prefix|first|second|third|last|final|finally|ends?|ending|start|in|followed|by|4|four|digits|again"
    r"|luego|guion|raya|barra|punto|espacio|despues|termina|puis|tiret|et|y|ensuite|ponto|traco|hifen|espaco|depois|e)"
)
# What may stand between groups, the tightest first: a run is cut at its widest gaps.
_GAPS = (
    re.compile(r" {0,3}|/| ?[-.()*~_+]{1,2} ?|\) ?[-.]? ?"),
    re.compile(rf"(?:[^{_NOT_IN_GAPS}]|_){{0,8}}"),
    re.compile(rf"[^\w\n]{{1,4}}(?:{_WORDS}[^\w\n]{{1,4}}){{1,6}}", re.I),
    re.compile(r"[^\w\n]{0,3}(?:\n[^\w\n]{0,3}){1,3}"),
)
_NEW_NUMBER = re.compile(r".*\s\+[(\s]?")  # a plus sign begins a number
_MAX_GAP = 40
_OTHER = re.compile(
    r"""(?=[<UCAR$€£¥₹0-9])(?:<[A-Z]+_[\d+-]{1,7}>
      | (?<![\w$])(?:US|CA|A|R|C)?[$€£¥₹][ ]?\d{1,7}(?:[.,]\d{1,3}){0,3}(?!\d)(?!\D{1,6}\d{3}\D{1,6}\d{4})  # a price
      | (?<![\d.,])\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?(?![\d,-])                        # a large count
      | (?<![\d.,-])(?<!\d[ .-])(?!0\d\d)\d{1,6}(?:[.,]\d{1,2})?[ ]?
        (?:[€£]|%(?!\d)|(?i:usd|eur|gbp|dollars?|euros?|pesos|reais)(?![^\W_]))
      | (?<![\d.,-])(?:(?<!\d[ .-])|(?<=\d{4}[ ]))[1-9]\d{0,2}(?:[.,]\d{1,2})?\s?
        (?i:hrs?|hours?|horas?|heures|mins?|minutes|minutos|years?|yrs?|anos|ans|yo|y/o|lbs?|pounds|kgs?|miles?|kms?|cms?|mm|ft|feet|sqft|m2|days?|weeks?|months?|people
        |seats|rooms?|beds?|a\.?m\.?|p\.?m\.?|st|nd|rd|th)(?![^\W_])                     # a measure
      | (?<![\d/.-])(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(?:19|20)?\d\d(?![\d/]|[.-]\d)   # dates
      | (?<![\d/.-])(?:0?[1-9]|1[0-2])([/.-])(?:0?[1-9]|[12]\d|3[01])\2(?:19|20)?\d\d(?![\d/]|[.-]\d)
      | (?<![\d/.-])(?:19|20)\d\d([/.-])(?:0?[1-9]|1[0-2])\3(?:0?[1-9]|[12]\d|3[01])(?![\d/]|[.-]\d)
      | (?<![\d:])(?:[01]?\d|2[0-4])[:h][0-5]\d(?::[0-5]\d)?(?![\d:])                     # times
      | (?<![\d/])24\s?(?:[/x]\s?7(?!\d)|(?i:h|hrs?|hours?|horas|heures)(?![^\W_]))
      | (?<![\d.-])(?:19|20)\d\d(?:\s?(?:-|/|to|y|e|and)\s?(?:19|20)\d\d)(?![\d]|[.-]\d)   # years
      | (?<![\d.-])(?:19|20)\d\d(?:,?\s(?:19|20)\d\d){1,9}(?![\d]|[.-]\d)
      | (?<!\d)\d{5}(?:,[ ]?\d{5}){1,9}(?!\d)                                            # postal codes
      | (?<!\d)97[89](?:[ -]?\d){10}(?!\d))                                               # ISBN-13
    """,
    re.X,
)
_AROUND = 24  # code points around a run that may belong to what is no part of it
_HEXADECIMAL = frozenset("abcdef")
_HASH = re.compile(r"[\da-f]{32,128}")


def runs(text: str, groups: list[Group]) -> Iterator[list[Group]]:
    """Those of the groups of digits that may belong together, prices, dates, times, counts and placeholders left out.

    A run has at least six digits, all in all, before anything is left out of it.
    """
    for run in _joined(text, groups):
        if not _is_in_hash(text, run):
            yield from _without_others(text, run)


def groups(text: str) -> list[Group]:
    """Every stretch of digits."""
    return [match.span() for match in _GROUP.finditer(text)]


def cut(text: str, run: list[Group]) -> list[list[Group]]:
    """The run cut at its widest gaps; nothing where all are of the tightest kind."""
    widths = [_width(text, a[1], b[0]) for a, b in itertools.pairwise(run)]
    if not (widest := max(widths, default=0)):
        return []
    pieces, first = [], 0
    for index, width in enumerate(widths, 1):
        if width == widest:
            pieces.append(run[first:index])
            first = index
    return [*pieces, run[first:]]


def _joined(text: str, groups: list[Group]) -> Iterator[list[Group]]:
    """Groups that may belong to one number, because of what is between them; at least six digits."""
    run: list[Group] = []
    for group in groups:
        if run and (_width(text, run[-1][1], group[0]) < 0):
            if sum(end - start for start, end in run) > 5:
                yield run
            run = []
        run.append(group)
    if sum(end - start for start, end in run) > 5:
        yield run


def _width(text: str, start: int, end: int) -> int:
    """How wide a gap is: an index of `_GAPS`, or -1 where it parts two runs."""
    return -1 if end - start > _MAX_GAP else _width_of(text[start:end])


@lru_cache(maxsize=8_192)  # there are few
def _width_of(gap: str) -> int:
    if _NEW_NUMBER.fullmatch(gap):
        return -1
    return next((width for width, pattern in enumerate(_GAPS) if pattern.fullmatch(gap)), -1)


def _without_others(text: str, run: list[Group]) -> Iterator[list[Group]]:
    """The parts of a run between prices, dates, times, counts and placeholders."""
    taken = [m.span() for m in _OTHER.finditer(text, max(0, run[0][0] - _AROUND), min(len(text), run[-1][1] + _AROUND))]
    part: list[Group] = []
    index = 0
    for group in run:
        while index < len(taken) and taken[index][1] <= group[0]:
            index += 1
        if index < len(taken) and taken[index][0] < group[1]:
            if part:
                yield part
            part = []
        else:
            if part and index and part[-1][1] <= taken[index - 1][0]:
                yield part
                part = []
            part.append(group)
    if part:
        yield part


def _is_in_hash(text: str, run: list[Group]) -> bool:
    """Whether the run is a piece of a long hexadecimal number."""
    (start, _), (_, end) = run[0], run[-1]
    if text[start - 1 : start] not in _HEXADECIMAL or text[end : end + 1] not in _HEXADECIMAL:
        return False
    return any(m.start() < start and end < m.end() for m in _HASH.finditer(text, max(0, start - 64), end + 64))
