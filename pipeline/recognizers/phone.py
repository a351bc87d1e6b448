"""Phone numbers, plain or disguised (ITU-T E.164: 7 to 15 digits).

In the digit view, groups of digits with little between them make a run. The run is a number, or is cut at its widest
gaps into numbers, where libphonenumber holds it for valid, a cue stands before it, or it has a shape that people write
numbers in; none of them is needed when another speaks for it. Prices, dates, times and counts are no part of a run.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from pipeline.normalize import View, digit_view
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.digit_runs import Group, cut, groups, runs
from pipeline.recognizers.phone_patterns import (
    CUE,
    CUE_BEHIND,
    EXTENSION,
    LETTERED,
    LETTERS_NEXT,
    NO_CUE,
    SHAPES,
    TICKET,
    USUAL,
    VANITY,
)

_BEFORE = re.compile(r"(?:\+\s?)?[(\[{<]{0,2}\s?(?:\+\s?)?[(\[{<]?\s?$")
_REACH = 48  # code points before a number in which a cue may stand
_PREFIXES = frozenset(("00", "01", "011", "1", "044", "045"))  # dialled before a number
_STATE = re.compile(r"(?<![^\W_])[A-Z]{2}\s$")
_MAX_GROUPS = 40  # of digits in a run; a longer run is masked whole
_MAX_PREFIX = 4  # groups before a number that are none of its own
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}
_LENGTHS = (11, 10)  # of a number that runs on into a price or an age: "0871555012310p", "2135550123100hr"
_LOCAL = 8  # code points of a number without its area code
_SHAPED = 0.5


class PhoneRecognizer(ViewRecognizer):
    """Finds phone numbers of the given regions (ISO 3166-1 alpha-2), and any number with a country code."""

    ENTITY = "PHONE"
    NEEDS_DIGIT = True

    def __init__(self, phone_regions: list[str]) -> None:
        super().__init__()
        self.regions = phone_regions

    def see(self, text: str) -> View:
        """Numbers hide behind digit words too."""
        return digit_view(text)

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every number with its score; the span takes in a plus sign, brackets and an extension."""
        stretches = groups(text)
        for run in runs(text, stretches):
            numbers = self._numbers(text, run)
            if numbers and _begins_with_postcode(text, run):
                numbers = self._numbers(text, run[1:]) or [(_start(text, run[1][0]), run[-1][1], _SHAPED)]
            for start, end, score in numbers:
                extension = EXTENSION.match(text, end)
                yield start, extension.end() if extension else _closed(text, start, end), score
        if any(end - start == 3 and LETTERS_NEXT.match(text, end) for start, end in stretches):
            for match in VANITY.finditer(text):
                yield *match.span(), _SHAPED
        for match in LETTERED.finditer(text) if len(stretches) > 2 else ():
            if 10 <= sum(map(str.isdigit, match[0])) <= 15:
                yield *match.span(), _SHAPED

    def _numbers(self, text: str, run: list[Group]) -> list[tuple[int, int, float]]:
        """The numbers in a run: itself if it is valid, else those in its pieces, else itself if it looks like one."""
        digits = sum(end - start for start, end in run)
        if digits < 6:
            return []
        start = _start(text, run[0][0])
        whole = text[start : run[-1][1]]
        international = "+" in text[start : run[0][0]] or (digits > 9 and whole.startswith(("00", "011")))
        is_ticket = TICKET.fullmatch(whole) and not USUAL.fullmatch(whole)
        is_number = digits <= 15 and not (is_ticket and NO_CUE.search(text, max(0, start - _REACH), start))
        if is_number and self._is_valid(_typed(whole)):
            return [(start, run[-1][1], 0.9 if international else 0.8)]
        if pieces := cut(text, run):
            found = [number for piece in pieces for number in self._numbers(text, piece)]
            if any(end - start > _LOCAL for start, end, _ in found):
                return found
            if found:
                return self._numbers_within(text, run) or found
        if stretch := _spaced_digits(text, run):
            first, last = stretch
            if last - first < 10 and digits <= 15:
                return [(start, run[-1][1], _SHAPED)]
            before, after = self._numbers(text, run[:first]), self._numbers(text, run[last:])
            return [*before, (_start(text, run[first][0]), run[last - 1][1], _SHAPED), *after]
        if digits > 15:
            within = self._numbers_within(text, run)
            if within and digits < 21 and not _any_shaped(text, within):
                return [(start, run[-1][1], _SHAPED)]
            return within or ([(start, run[-1][1], _SHAPED)] if _is_long(run) else [])
        if international and is_number:
            return [(start, run[-1][1], 0.7)]
        if is_number and digits > 6 and _is_cued(text, start, run[-1][1]):
            return [(start, run[-1][1], 0.7)]
        if not is_number and not international:
            return []
        if within := self._numbers_within(text, run):
            return within if _any_shaped(text, within) else [(start, run[-1][1], 0.6)]
        if is_number and any(self._is_valid(text[a : a + n]) for a, b in run for n in _LENGTHS if a + n < b):
            return [(start, run[-1][1], _SHAPED)]
        for begin, _ in run[:_MAX_PREFIX] if is_number and digits > 6 else ():
            if any(SHAPES.fullmatch(text, at, run[-1][1]) for at in (begin, _start(text, begin))):
                return [(_start(text, begin), run[-1][1], _SHAPED)]
        return []

    def _numbers_within(self, text: str, run: list[Group]) -> list[tuple[int, int, float]]:
        """Valid numbers made of some of the run's groups of digits next to each other, those in usual groups first."""
        if len(run) > _MAX_GROUPS:
            return []
        found: list[tuple[int, int, float]] = []
        free = 0
        for shaped in (True, False):
            first = free = 0
            while first < len(run):
                last = self._last(text, run, first, shaped)
                if last is None or any(run[first][0] < end and start < run[last][1] for start, end, _ in found):
                    first += 1
                    continue
                before = first - 1
                is_joined = before >= free and (
                    text[run[before][0] : run[before][1]] in _PREFIXES
                    or (run[before][1] - run[before][0] < 4 and text[run[before][1] : run[first][0]] in {"-", "."})
                )
                if before > free and text[run[before - 1][0] : run[before - 1][1]] in {"00", "011"}:
                    before, is_joined = before - 1, run[before][1] - run[before][0] < 4  # "00 61 1800 …"
                found.append((_start(text, run[before if is_joined else first][0]), run[last][1], 0.6))
                first = free = last + 1
        return sorted(found)

    def _last(self, text: str, run: list[Group], first: int, shaped: bool) -> int | None:
        """The last group of the longest valid number that begins with the group `first`; `shaped`: in usual groups."""
        for last in range(min(first + 8, len(run)) - 1, first - 1, -1):
            start, end = _start(text, run[first][0]), run[last][1]
            digits = _typed(text[start:end]) if end - start < 64 else ""
            if 9 <= len(digits) <= 15 and (not shaped or SHAPES.fullmatch(text, start, end)) and self._is_valid(digits):
                return last
        return None

    def _is_valid(self, number: str) -> bool:
        return any(is_valid(number, region) for region in self.regions)


def _is_cued(text: str, start: int, end: int) -> bool:
    return bool(CUE.search(text, max(0, start - _REACH), start) or CUE_BEHIND.match(text, end))


def _begins_with_postcode(text: str, run: list[Group]) -> bool:
    """Whether a state's postal code ends the line before the number ("Springfield, IL 62704", and the number below)."""
    first = run[0][0]
    is_last = len(run) > 1 and "\n" in text[run[0][1] : run[1][0]] and run[-1][1] - run[1][0] > 6
    return is_last and run[0][1] - first == 5 and bool(_STATE.search(text, max(0, first - 5), first))


def _start(text: str, start: int) -> int:
    """Where a number begins whose first digit is at `start`: at its plus sign or bracket."""
    before = _BEFORE.search(text, max(0, start - 6), start)
    return before.end() - len(before[0].lstrip()) if before else start


def _any_shaped(text: str, found: list[tuple[int, int, float]]) -> bool:
    return any(SHAPES.fullmatch(text, start, end) for start, end, _ in found)


def _closed(text: str, start: int, end: int) -> int:
    """`end`, or past the bracket that closes one opened in the number."""
    closing = _CLOSING.get(text[end : end + 1], "")
    return end + 1 if closing and text.count(closing, start, end) > text.count(text[end], start, end) else end


def _is_long(run: list[Group]) -> bool:
    """Digits enough for several numbers, one after the other."""
    return len(run) > _MAX_GROUPS or any(end - start > 15 for start, end in run)


def _spaced_digits(text: str, run: list[Group]) -> tuple[int, int] | None:
    """The first stretch of at least seven groups (first and last, exclusive) that are single digits.

    None where the digits only count up from one.
    """
    first = 0
    for index, (start, end) in enumerate([*run, (0, 2)]):
        if end - start > 1:
            if index - first > 6 and "".join(text[s] for s, _ in run[first:index]) not in "0123456789":
                return first, index
            first = index + 1
    return None


def _typed(number: str) -> str:
    """The digits, after a plus sign if the number has one or stands with an international prefix."""
    digits = re.sub(r"\D", "", number)
    if "+" in number[:6]:
        return "+" + digits
    for prefix in ("011", "00"):
        if digits.startswith(prefix) and len(digits) > 9 + len(prefix) - 2:
            return "+" + digits[len(prefix) :]
    return digits


@lru_cache(maxsize=1024)
def _pattern(region: str) -> re.Pattern[str]:
    """What the digits of a number dialled in the region look like: a quick check before libphonenumber's own."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.general_desc is None:
        return re.compile(r"\d+")
    prefix = metadata.national_prefix_for_parsing or ""
    national = metadata.general_desc.national_number_pattern
    return re.compile(rf"(?:{metadata.country_code})?(?:{prefix})?(?:{prefix})?(?:{national})")


@lru_cache(maxsize=65_536)
def is_valid(number: str, region: str) -> bool:
    """Whether libphonenumber holds the number for one that can be dialled in the region."""
    if number.isdigit() and not _pattern(region).fullmatch(number):
        return False
    try:
        return phonenumbers.is_valid_number(_parse(number, region))
    except phonenumbers.NumberParseException:
        return False


@lru_cache(maxsize=8_192)
def _parse(number: str, region: str) -> phonenumbers.PhoneNumber:
    return phonenumbers.parse(number, region)


def normal_form(number: str, regions: list[str]) -> str:
    """E.164 where one of the regions (in order) has such a number, else the bare digits; an extension is no part."""
    number = re.sub(r"(?<=\d{4})[\s,;(/-]{0,4}(?:x|ext\w{0,6}|#)[\s.:#]{0,3}\d{1,6}$", "", number, flags=re.I)
    typed = _typed(phonenumbers.convert_alpha_characters_in_number(number) if VANITY.fullmatch(number) else number)
    for region in regions:
        if is_valid(typed, region):
            return phonenumbers.format_number(_parse(typed, region), phonenumbers.PhoneNumberFormat.E164)
    return typed.lstrip("+")
