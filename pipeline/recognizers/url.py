"""Web addresses: with a scheme, with www, bare, spaced out or with "dot" written out (RFC 3986 hosts and paths)."""

import re
from collections.abc import Iterator

from pipeline.normalize import words
from pipeline.recognizers import signs
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.domains import DOTS, PARTICLES, is_domain, odd_host, typed
from pipeline.recognizers.url_patterns import (
    ARTICLES,
    BEHIND_WWW,
    BEYOND_ASCII,
    CUE,
    DOT_SIGNS,
    DOT_WORDS,
    ENDS,
    HOST,
    JOINED,
    LEET_SUFFIXES,
    LEFT_LABELS,
    ODD,
    PLAIN_TLD,
    POINT,
    POINT_WORDS,
    REST,
    RIGHT_LABELS,
    SCHEME,
    SCHEME_SIGN,
    SCHEME_WORDS,
    SPACED_HOST,
    TAIL,
    TYPED_DOT,
    WORDS,
    WRITTEN_DOT,
    WWW,
)
from pipeline.recognizers.words import common_words, is_common

_LAST = ".,;:!?)]}*'\""
_MAX_CUT = 4  # labels at the end of a host that are none of its own


class UrlRecognizer(ViewRecognizer):
    """Finds web addresses; a bare one counts where it ends in a public suffix."""

    ENTITY = "URL"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        said = words(text)
        if SCHEME_SIGN.search(text) or not SCHEME_WORDS.isdisjoint(said):
            yield from self._with_scheme(text)
        yield from self._with_www(text)
        yield from self._typed(text)
        if _may_be_written(text, said):
            yield from self._written(text)

    def _with_scheme(self, text: str) -> Iterator[tuple[int, int, float]]:
        position = 0
        for match in SCHEME.finditer(text):
            if match.start() >= position:
                position = _trimmed(text, match.end(), _rest(text, match.end()))
                spaced = SPACED_HOST.match(text, match.end())
                if spaced and is_domain(typed(spaced[0])):  # "http : // example . com"
                    position = max(position, _tail(text, spaced.end()))
                elif "." not in text[match.end() : position] and (odd := odd_host(text, match.end())):
                    position = max(position, _tail(text, odd))
                if position > match.end():
                    yield match.start(), position, 0.95

    def _with_www(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Addresses with signs, or nothing, for dots behind their "www", which may be said."""
        for start, end, cue in WWW.find(text):
            is_typed = cue == "www" and text[end : end + 1] == "." and text[end + 1 : end + 2].isalnum()
            behind = None if is_typed else BEHIND_WWW.match(text, end)
            if behind and (host := odd_host(text, behind.end())):
                yield start, _tail(text, host), 0.7

    def _typed(self, text: str) -> Iterator[tuple[int, int, float]]:
        position = 0
        for dot in TYPED_DOT.finditer(text):
            start = dot.start()
            if start < position:
                continue
            while start > position and (text[start - 1].isalnum() or text[start - 1] in "-_"):
                start -= 1
            match = HOST.match(text, start)
            if not match:
                continue
            start, end = match.start() + len(match[0]) - len(match[0].lstrip("-_")), match.end()
            position = end
            if text[start - 1 : start] == "@":
                continue
            host = text[start:end].rstrip("-_.")
            position = tail = _tail(text, end) if len(host) == end - start else end
            lower = host.lower()
            if lower.startswith("www.") or lower.endswith(LEET_SUFFIXES):
                yield start, max(tail, start + len(host)), 0.7
                continue
            for _ in range(_MAX_CUT):
                if is_domain(host):
                    break
                host, tail = host.rpartition(".")[0].rstrip("-_."), 0
            if is_domain(host) and (tail > end or not _is_sentence(text, start, host)):
                yield start, max(tail, start + len(host)), 0.7

    def _written(self, text: str) -> Iterator[tuple[int, int, float]]:
        position = 0
        is_joined = not words(text).isdisjoint(signs.WORDS)
        for match in WRITTEN_DOT.finditer(text):
            left = LEFT_LABELS.search(text, max(position, match.start() - 70), match.start())
            right = RIGHT_LABELS.match(text, match.start())
            if not left or not right or left.end() <= position:
                continue
            joined = JOINED.search(text, max(position, left.start() - 70), left.start()) if is_joined else None
            start = joined.start() if joined else left.start()
            dots = [right.end("dot") + dot.start() for dot in DOTS.finditer(text[right.end("dot") : right.end()])]
            for end in [right.end(), *dots[::-1]]:
                host = typed(f"{left[0]}.{text[right.end('dot') : end]}".lower())
                if is_domain(host) and _is_clear(text, match, start, end, host):
                    position = _tail(text, end)
                    yield start, position, 0.7
                    break


def _may_be_written(text: str, said: frozenset[str]) -> bool:
    """Whether a dot may be written otherwise, `said` being the words of the text: a quick check."""
    if not DOT_WORDS.isdisjoint(said) or any(sign.search(text) for sign in DOT_SIGNS):
        return True
    if not POINT_WORDS.isdisjoint(said) and POINT.search(text):
        return True
    return bool(ODD.find(text)) or (not text.isascii() and BEYOND_ASCII.search(text) is not None)


def _is_sentence(text: str, start: int, host: str) -> bool:
    """Two words with a full stop but no space between them ("the office.in which")."""
    name, _, last = host.lower().rpartition(".")
    labels = name.split(".")
    if last not in WORDS or not all(map(str.isalpha, labels)):
        return False
    if len(labels) > 1:
        return last in PARTICLES and all(map(is_common, labels))  # "just.do.it"
    ends = bool(ENDS.match(text, start + len(host)))
    if name not in common_words() and (ends or (last not in PARTICLES and not is_common(name))):
        return False
    return not CUE.search(text, max(0, start - 30), start)


def _is_clear(text: str, dot: re.Match[str], start: int, end: int, host: str) -> bool:
    """Whether a name with a written dot is one, no words of a sentence ("the best . live now", "a dot com firm")."""
    name, _, last = host.rpartition(".")
    if not dot.lastgroup or name.startswith("www.") or _tail(text, end) > end:
        return True
    if name in ARTICLES:
        return False
    if dot["plain"]:
        return (name.isalpha() and not is_common(name) and last not in PARTICLES) or bool(PLAIN_TLD.search(host))
    if not name.isalpha() or (dot["word"] and last not in PARTICLES and not (last in WORDS and is_common(name))):
        return True
    if name in common_words():
        return dot["word"] is not None and last not in PARTICLES and _is_apart(text, start, end)
    sign = dot[0].strip().lower()
    is_glued = dot["odd"] is not None and (sign.startswith("dot") or (dot[0] == sign != ","))
    return (is_glued and last not in PARTICLES) or _is_apart(text, start, end)


def _is_apart(text: str, start: int, end: int) -> bool:
    """Whether no sentence goes on behind an address, or a cue stands before it."""
    return bool(ENDS.match(text, end) or CUE.search(text, max(0, start - 30), start))


def _rest(text: str, start: int) -> int:
    match = REST.match(text, start)
    assert match
    return match.end()


def _tail(text: str, start: int) -> int:
    """Where port, path, query and fragment end that follow a host."""
    match = TAIL.match(text, start)
    assert match
    return _trimmed(text, start, match.end())


def _trimmed(text: str, start: int, end: int) -> int:
    """`end` without the punctuation of the sentence around."""
    return start + len(text[start:end].rstrip(_LAST))


def normal_form(address: str) -> str:
    """Host and path without scheme, `www.`, case or a last slash."""
    plain = re.sub(r"\s?/\s?", "/", DOTS.sub(".", address.strip())).lower()
    return re.sub(r"^(?:[\w*]+\s?[\[(]?:[\])]?\s?/\s?/\s?)?(?:www\.)?", "", plain).rstrip("/")
