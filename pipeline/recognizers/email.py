"""E-mail addresses, plain (RFC 5322 dot-atoms), spaced out, or with "at" and "dot" written out."""

import re
from collections.abc import Iterator

from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.domains import DOT, DOTS, is_domain

_AT_SIGN = r"(?:@|\s@\s|\s?[(\[{<]\s?(?:at|a|@|arroba)\s?[)\]}>]\s?)"
_AT_WORD = r"\s+(?:at|arroba)\s+"
_ATOM = r"[A-Za-z0-9_][\w+%-]*"
_LOCAL = rf"(?P<local>{_ATOM}(?:{DOT}{_ATOM})*)"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN = rf"{_LABEL}(?:{DOT}{_LABEL})+"

_SIGNED = re.compile(_LOCAL + _AT_SIGN + _DOMAIN, re.I)
_WRITTEN = re.compile(_LOCAL + _AT_WORD + _DOMAIN, re.I)
_ATS = re.compile(rf"{_AT_SIGN}|{_AT_WORD}", re.I)


class EmailRecognizer(ViewRecognizer):
    """Finds e-mail addresses whose domain has a public suffix; a sign without one still counts, for less."""

    ENTITY = "EMAIL"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        for pattern in (_SIGNED, _WRITTEN):
            position = 0
            while match := pattern.search(text, position):
                position = match.end()
                if is_domain(normal_form(match[0]).split("@", 1)[-1]):
                    yield match.start(), match.end(), 0.95
                elif pattern is _SIGNED:
                    yield match.start(), match.end(), 0.5
                else:  # "reach us at jane at example dot com": the first "at" was only a word
                    position = match.end("local")


def normal_form(address: str) -> str:
    """The address as one would type it: `jane at example dot com` is `jane@example.com`."""
    return DOTS.sub(".", _ATS.sub("@", address.strip(), count=1)).lower()
