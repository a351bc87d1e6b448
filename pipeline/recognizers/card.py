"""Payment card numbers: 12 to 19 digits of an issuer's range (ISO/IEC 7812) whose check digit (Luhn) is right."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate

from pipeline.normalize import View, digit_view, shape
from pipeline.recognizers.base import ViewRecognizer

_RUN = re.compile(r"[0-9]\d*+(?:[^\w\n]{1,3}\d++)*+(?![a-f])")
_GROUP = re.compile(r"[0-9]\d*")
# Issuers' ranges and the lengths of their numbers: UATP, Diners, American Express, JCB, Visa, Mastercard, Maestro and
# Dankort, Discover, UnionPay, InstaPayment, RuPay, Mir.
_ISSUED = re.compile(
    r"""1\d{14} | 3(?:0[0-5]|095|[689]\d)\d{11,16} | 3[47]\d{13} | 35\d{14,17} | 4(?:\d{12}|\d{15}|\d{18})
      | 5[1-5]\d{14} | (?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12} | (?:50|5[6-9]|6[0-9])\d{10,17}
      | 220[0-4]\d{12,15} | (?:60|81|82)\d{14}""",
    re.X,
)
_CUE = re.compile(
    r"(?:card|visa|amex|mastercard|tarjeta|carte|cartao|cc|debit|credit|kreditkarte)(?![^\W_])[^\n]{0,24}$", re.I
)
_REACH = 40  # code points before a number in which a cue may stand


class CardRecognizer(ViewRecognizer):
    """Finds card numbers, in groups or not; after a cue any number with a right check digit."""

    ENTITY = "CARD"
    NEEDS_DIGIT = True

    def see(self, text: str) -> View:
        """Numbers hide behind digit words too."""
        return digit_view(text)

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every card number with its score."""
        for run in _RUN.finditer(text) if shape(text).count(b"0") >= 12 else ():
            if len(run[0]) >= 12 and sum(map(run[0].count, "0123456789")) >= 12:
                yield from _cards(text, [match.span() for match in _GROUP.finditer(text, *run.span())])


def _cards(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int, float]]:
    digits = "".join(text[start:end] for start, end in groups)
    bounds = [0, *accumulate(end - start for start, end in groups)]
    sums = _luhn_sums(digits)
    first = 0
    while first < len(groups):
        for last in range(bisect_left(bounds, bounds[first] + 12), bisect_right(bounds, bounds[first] + 19)):
            before, after = bounds[first], bounds[last]
            if (sums[after % 2][after] - sums[after % 2][before]) % 10:
                continue
            number = digits[before:after]
            if number.strip("0") and (_ISSUED.fullmatch(number) or _is_cued(text, groups[first][0])):
                yield groups[first][0], groups[last - 1][1], 1.0
                first = last - 1
                break
        first += 1


def _luhn_sums(digits: str) -> tuple[list[int], list[int]]:
    """Running sums for check digits (ISO/IEC 7812-1, annex B), by whether the number ends at an even or odd place.

    From the right, every second digit counts twice, as the sum of its digits.
    """
    plain = [int(digit) for digit in digits]
    doubled = [sum(divmod(2 * digit, 10)) for digit in plain]
    even, odd = (
        [*accumulate(pair[(place + end) % 2] for place, pair in enumerate(zip(doubled, plain, strict=True)))]
        for end in (0, 1)
    )
    return [0, *even], [0, *odd]


def _is_cued(text: str, start: int) -> bool:
    return bool(_CUE.search(text, max(0, start - _REACH), start))
