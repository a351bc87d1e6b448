"""Hexadecimal digests (MD5, SHA-1, SHA-256), which other tools write in the place of a contact.

Whoever hashes all phone numbers can read a phone number's, and it links ads wherever it stands.
"""

import re
from collections.abc import Iterator

from pipeline.recognizers.base import ViewRecognizer

_SIGN = re.compile(r"[0-9](?=[\da-fA-F]{15})")  # a digit in the first half; a pattern that begins with one is fast
_DIGEST = re.compile(r"(?<![^\W_])(?=[a-f]{0,15}\d)(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64})(?![^\W_])", re.I | re.A)


class DigestRecognizer(ViewRecognizer):
    """Finds digests that stand alone, as in `#PHONE_5f2c…#`."""

    ENTITY = "ID"
    NEEDS_DIGIT = True

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every digest with its score."""
        for match in _DIGEST.finditer(text) if _SIGN.search(text) else ():
            yield *match.span(), 0.9
