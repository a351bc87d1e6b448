"""Internet addresses: IPv4 in dotted decimal, IPv6 as in RFC 4291 with zone and prefix length, port and path."""

import ipaddress
import re
from collections.abc import Iterator

from pipeline.recognizers.base import ViewRecognizer

_DOT = r"(?:\.|\s?[\[({]\s?(?:\.|dot|punto|ponto)\s?[\])}]\s?|\s(?:dot|punto|ponto)\s)"
_OCTET = r"(?:25[0-5]|2[0-4]\d|[01]?\d?\d)"
_PAIRS = r"0\d(?:\.\d\d){4}(?!\d)"  # a phone number as the French write it
_V4 = re.compile(
    rf"(?<![\dvV])(?<!\d[.:])(?!{_PAIRS}){_OCTET}(?:{_DOT}{_OCTET}){{3}}(?!\d)(?:/(?:3[0-2]|[12]?\d)(?!\d))?", re.I
)
_V4_AFTER_COLON = re.compile(rf"(?<=:){_OCTET}(?:\.{_OCTET}){{3}}(?!\w)")
# Quick signs; patterns that begin with a digit or a colon are fast.
_V4_SIGN = re.compile(rf"[0-9]{_DOT}\d{{1,3}}{_DOT}\d", re.I)
_V6_SIGN = re.compile(r":[\da-fA-F]{0,4}:")
_V6 = re.compile(r"(?<![\w:.])[\da-f]{0,4}:[\da-f:.]{1,41}+(?![\w:])", re.I)
_AFTER_V6 = re.compile(r"(?:%[\da-z]{1,16})?(?:/(?:12[0-8]|1[01]\d|[1-9]?\d)(?!\d))?", re.I)
_DIGIT = re.compile(r"[\da-f]", re.I)
_PORT = re.compile(r"\]?:\d{1,5}(?!\d)")


class IpRecognizer(ViewRecognizer):
    """Finds IP addresses; where one is part of a link, the link is the URL recogniser's."""

    ENTITY = "IP"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every address with its score, with its prefix length or port."""
        for pattern in (_V4, _V4_AFTER_COLON) if _V4_SIGN.search(text) else ():
            for match in pattern.finditer(text):
                yield match.start(), _with_port(text, match.end()), 0.7
        for match in _V6.finditer(text) if _V6_SIGN.search(text) else ():
            address = match[0].rstrip(".")
            end = match.start() + len(address)
            after = _AFTER_V6.match(text, end)
            whole = end if after is None else after.end()
            if _DIGIT.search(text, match.start(), whole) and _is_v6(address):
                yield match.start(), whole, 0.7


def _with_port(text: str, end: int) -> int:
    port = _PORT.match(text, end)
    return port.end() if port else end


def _is_v6(address: str) -> bool:
    try:
        return bool(ipaddress.IPv6Address(address))
    except ValueError:
        return False
