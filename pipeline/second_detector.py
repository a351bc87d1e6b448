"""A second detector of contacts, which shares no code with the scrubber: what it finds in a sanitized text was missed.

It looks again wherever sanitized text is about to be shown to somebody: in the audit, and before people label.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

import phonenumbers

_PATTERNS = {
    "email": re.compile(r"[^\s<>@]+@[^\s<>@]+\.[A-Za-z]{2,}"),
    "email_in_words": re.compile(r"\S+\s*[(\[{]\s*at\s*[)\]}]\s*\S+", re.I),
    "web_address": re.compile(r"(?:https?:/|\bwww\.)", re.I),
    "handle": re.compile(r"(?<!\w)@\w{3,}"),
    # not inside a hexadecimal number
    "long_digits": re.compile(r"(?<![0-9a-fA-F_])\d(?:[ .()-]{0,2}\d){9,}(?![0-9a-fA-F])"),
}


def second_opinion(text: str, regions: Iterable[str]) -> Counter[str]:
    """What is found in a sanitized text: counts by kind (libphonenumber for the regions, and plain patterns)."""
    folded = unicodedata.normalize("NFKC", text)
    found = Counter({kind: len(pattern.findall(folded)) for kind, pattern in _PATTERNS.items()})
    for region in regions:
        matches = phonenumbers.PhoneNumberMatcher(folded, region, phonenumbers.Leniency.VALID)
        found["phone"] = max(found["phone"], sum(1 for _ in matches))
    return +found
