"""Web addresses: with a scheme, with www, bare, spaced out or with "dot" written out (RFC 3986 hosts and paths)."""

import re
from collections.abc import Iterator

from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.domains import DOT, DOTS, is_domain

_TAIL = r"(?:[:/?#][^\s<>\"']*[^\s<>\"'.,;:!?)\]])?/?"
_SCHEME = re.compile(r"(?:https?|hxxps?|ftp)\s?:\s?/\s?/\s?[^\s<>\"']*[^\s<>\"'.,;:!?)\]]", re.I)
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_TYPED = re.compile(rf"(?<![\w@.-])(?:{_LABEL}\.)+[a-z]{{2,24}}(?![\w-]){_TAIL}", re.I)
# A dot that is written out or stands alone is a dot of an address only before the commonest endings.
_WRITTEN = re.compile(rf"(?<![\w@.-])(?:{_LABEL}{DOT})+(?:com|net|org|info|biz|co|us|uk|mx|es)(?!\w){_TAIL}", re.I)


class UrlRecognizer(ViewRecognizer):
    """Finds web addresses; a bare one counts where it ends in a public suffix."""

    ENTITY = "URL"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        for match in _SCHEME.finditer(text):
            yield match.start(), match.end(), 0.95
        for pattern in (_TYPED, _WRITTEN):
            for match in pattern.finditer(text):
                host = re.split(r"[:/?#]", DOTS.sub(".", match[0]), maxsplit=1)[0]
                if host.lower().startswith("www.") or is_domain(host):
                    yield match.start(), match.end(), 0.7


def normal_form(address: str) -> str:
    """Host and path without scheme, `www.`, case or a last slash."""
    typed = DOTS.sub(".", address.strip()).lower()
    return re.sub(r"^(?:\w+\s?:\s?/\s?/\s?)?(?:www\.)?", "", typed).rstrip("/")
