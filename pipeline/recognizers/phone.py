"""Phone numbers, plain or disguised (ITU-T E.164: 7 to 15 digits).

A candidate is a run of digits with little between them in the digit view. libphonenumber's opinion, a shape people
write numbers in, or a cue before it raises the score; none of them is needed to be masked when another speaks for it.
"""

import itertools
import re
from collections.abc import Iterator

import phonenumbers

from pipeline.normalize import View, digit_view
from pipeline.recognizers.base import ViewRecognizer

_START = r"(?:\+ ?)?(?:\(\s?)?\d"
_GAP = r"[^\w\n]{0,3}"
_CANDIDATES = (
    re.compile(rf"{_START}(?:{_GAP}[x_]?{_GAP}\d){{6,}}"),
    re.compile(rf"{_START}(?:{_GAP}[x_\n]?{_GAP}\d){{6,}}"),  # broken over lines
)
_EXTENSION = re.compile(r"x\d{1,5}$")
_SHAPES = re.compile(
    r"""(?:\+\s?\d{1,3}[\s.-]?)?\(?\d{3}\)?[\s.-]{1,2}\d{3}[\s.-]{1,2}\d{4}   # 213 555 0123
      | \d{3}[-.]\d{4}                                                        # 555-0123
      | 0\d{1,4}[\s.-]{1,2}\d{3,4}[\s.-]{1,2}\d{3,5}                          # 080 5550 0123, a trunk prefix
      | \+\d[\d\s().-]{6,}                                                    # + and a country code
      | \d(?:[^\w\n]+\d){6,}                                                  # spaced-out single digits
    """,
    re.VERBOSE,
)
_CUE = re.compile(
    r"\b(?:call|phone|ph|tel|telephone|cell|mobile|text|txt|sms|whats\s?app|fax|dial|ring|contact|number|no"
    r"|llam[aeo]\w*|tel[e]?fono|celular|cel|movil|numero|marca|escrib\w+|mensaje)\b[^\w\n]{0,5}(?:\w{1,6}[^\w\n]{1,5}){0,3}$",
    re.IGNORECASE,
)
_CUE_REACH = 40
_GROUP = re.compile(r"\d+")
_MAX_GROUPS = 40  # of digits in a run; a longer run is masked whole
_SHAPED = 0.5


class PhoneRecognizer(ViewRecognizer):
    """Finds phone numbers of the given regions (ISO 3166-1 alpha-2), the first being the default one."""

    ENTITY = "PHONE"

    def __init__(self, regions: list[str]) -> None:
        super().__init__()
        self.regions = regions

    def see(self, text: str) -> View:
        """Numbers hide behind digit words too."""
        return digit_view(text)

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score; where a price or a time runs into a number, the number in the run too."""
        for match in itertools.chain.from_iterable(pattern.finditer(text) for pattern in _CANDIDATES):
            score = self._score(text, match)
            yield match.start(), match.end(), score
            if score < _SHAPED:
                yield from self._numbers_within(match)

    def _score(self, text: str, match: re.Match[str]) -> float:
        digits = _typed(match[0])
        if len(digits) > 15:  # several numbers run together, or a number hidden in a longer one
            return _SHAPED
        if self._is_valid(digits) or self._is_valid(_typed(_EXTENSION.sub("", match[0]))):
            return 0.8
        if _CUE.search(text[max(0, match.start() - _CUE_REACH) : match.start()]):
            return 0.7
        return _SHAPED if _SHAPES.fullmatch(match[0]) else 0.1

    def _numbers_within(self, match: re.Match[str]) -> Iterator[tuple[int, int, float]]:
        """Valid numbers made of some of the run's groups of digits, next to each other."""
        groups = list(itertools.islice(_GROUP.finditer(match[0]), _MAX_GROUPS))
        for first, last in itertools.combinations(range(len(groups)), 2):
            start, end = groups[first].start(), groups[last].end()
            while start and match[0][start - 1] in "(+":
                start -= 1
            digits = _typed(match[0][start:end])
            if 9 <= len(digits) <= 13 and self._is_valid(digits):
                yield match.start() + start, match.start() + end, 0.6
        for group in groups:
            if len(group[0]) >= 9 and self._is_valid(group[0]):
                yield match.start() + group.start(), match.start() + group.end(), 0.6

    def _is_valid(self, digits: str) -> bool:
        return any(is_valid(digits, region) for region in self.regions)


def _typed(number: str) -> str:
    """The digits, after a plus sign if there is one."""
    return ("+" if number.lstrip().startswith("+") else "") + re.sub(r"\D", "", number)


def is_valid(number: str, region: str) -> bool:
    """Whether libphonenumber holds the number for one that can be dialled in the region."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def normal_form(number: str, regions: list[str]) -> str:
    """E.164 where one of the regions (in order) has such a number, else the bare digits."""
    typed = _typed(number)
    for region in regions:
        if is_valid(typed, region):
            return phonenumbers.format_number(phonenumbers.parse(typed, region), phonenumbers.PhoneNumberFormat.E164)
    return typed.lstrip("+")
