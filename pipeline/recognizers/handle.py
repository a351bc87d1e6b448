"""Social handles and messaging ids: `@name`, or a name after the service it belongs to."""

import re
from collections.abc import Iterator

from pipeline.recognizers.base import ViewRecognizer

_NAME = r"[A-Za-z0-9_](?:[\w.-]{1,28}[A-Za-z0-9_])"
_SERVICES = (
    r"ig|insta(?:gram)?|snap(?:chat)?|telegram|tg|kik|whats\s?app|we\s?chat|twitter|tiktok|facebook|fb|skype|discord"
    r"|onlyfans|usuario|username"
)
_WORDS = r"line|signal|sc|wa|user"  # services whose names are words: what follows must look like no word
_SIGN = re.compile(rf"(?<![\w.])(?:@+)({_NAME})")
_CUED = re.compile(
    rf"\b(?:{_SERVICES})\b(?:\s+(?:id|user(?:name)?|handle|usuario))?"
    rf"(?:\s*[:=@-]+\s*@?|\s+(?:is|es|me\s+at|me\s*:|at)\s+@?)({_NAME})",
    re.I,
)
_DOTTED = re.compile(rf"\b(?i:{_SERVICES})\s+([a-z]\w+\.[a-z][\w.]*\w)")
_NAMED = re.compile(rf"\b(?:{_SERVICES}|{_WORDS})(?:\s+id)?\s*[:=@-]?\s*(?=[a-z]*[\d_])({_NAME})", re.I)


class HandleRecognizer(ViewRecognizer):
    """Finds handles; the service's name stays in the text."""

    ENTITY = "HANDLE"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score; the span covers the sign and the name."""
        for match in _SIGN.finditer(text):
            yield match.start(), match.end(), 0.8
        for pattern, score in ((_CUED, 0.7), (_NAMED, 0.5), (_DOTTED, 0.5)):
            for match in pattern.finditer(text):
                yield match.start(1), match.end(1), score


def normal_form(handle: str) -> str:
    """The name alone, in lower case."""
    return handle.strip().lstrip("@").strip().lower()
