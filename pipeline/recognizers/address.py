"""Street addresses with a house number, in the English and the Spanish order."""

import re
from collections.abc import Iterator

from pipeline.recognizers.base import ViewRecognizer

_STREET = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|place|pl|way|parkway|pkwy|highway|hwy"
    r"|terrace|square|sq|close)\b\.?"
)
_MEASURE = r"(?:min|hour|hr|day|mile|km|block|step|car|people|ways?\b)"  # "5 minutes drive" is no address
_UNIT = (
    r"(?:,?\s+(?:apt|apartment|unit|suite|ste|room|rm|floor|piso|depto|interior|int|local)\b\.?\s?#?\s?[\w-]{1,6}"
    r"|,?\s+#\s?[\w-]{1,6})?"
)
_CAPITALISED = re.compile(
    rf"\b\d{{1,6}}[A-Za-z]?\s+(?:[NSEW]\.?\s+)?(?:(?:[A-Z][\w'.]*|\d+(?:st|nd|rd|th))\s+){{1,4}}(?i:{_STREET}{_UNIT})"
)
_LOWER = re.compile(rf"\b\d{{1,6}}\s+(?:[nsew]\.?\s+)?(?:(?!{_MEASURE})[a-z'.]+\s+){{1,2}}{_STREET}{_UNIT}")
_SPANISH = re.compile(
    r"\b(?:calle|avenida|av\.|paseo|plaza|camino|carretera|calzada)\s+(?:[\w'.]+\s+){1,5}?"
    rf"(?:no\.?\s*|num\.?\s*|#\s*)?\d{{1,5}}\b{_UNIT}",
    re.I,
)


class AddressRecognizer(ViewRecognizer):
    """Finds a house number with its street, and the unit or room after it."""

    ENTITY = "ADDRESS"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        for pattern in (_CAPITALISED, _LOWER, _SPANISH):
            for match in pattern.finditer(text):
                yield match.start(), match.end(), 0.6
