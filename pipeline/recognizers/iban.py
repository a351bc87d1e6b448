"""International bank account numbers (ISO 13616): a country's letters, two check digits (mod 97), a fixed length."""

import re
from collections.abc import Iterator

from pipeline.recognizers.base import ViewRecognizer

# Lengths by country, of SWIFT's IBAN registry (release 99).
_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FK FI FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV", 29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
# The first check digit, with the country's letters before it: a pattern that begins with a digit is fast.
_SIGN = re.compile(
    r"[0-9](?:(?<=[A-Za-z]{2}\d)(?<![^\W_]..\d)|(?<=[A-Za-z]{2}[ -]\d)(?<![^\W_]...\d)) ?\d(?=[ -]?[A-Za-z\d])"
)


class IbanRecognizer(ViewRecognizer):
    """Finds IBANs whose check digits are right, in any case, with spaces or hyphens between groups."""

    ENTITY = "IBAN"
    NEEDS_DIGIT = True

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every IBAN with its score."""
        for match in _SIGN.finditer(text):
            start = match.start() - (2 if text[match.start() - 1].isalpha() else 3)
            length = _LENGTHS.get(text[start : start + 2].upper(), 0)
            if length and (end := _end(text, start, length)):
                yield start, end, 1.0


def _end(text: str, start: int, length: int) -> int:
    """Where the IBAN of `length` characters ends that begins at `start`; 0 where there is none."""
    characters: list[str] = []
    for index in range(start, min(len(text), start + 2 * length)):
        character = text[index]
        if character.isascii() and character.isalnum():
            characters.append(character)
            if len(characters) == length:
                is_whole = not text[index + 1 : index + 2].isalnum()
                return index + 1 if is_whole and _is_checked("".join(characters)) else 0
        elif character not in " -." or text[index - 1] in " -.":
            return 0
    return 0


def _is_checked(iban: str) -> bool:
    """Whether the number, its first four characters last and letters as 10 to 35, leaves 1 when divided by 97."""
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1
