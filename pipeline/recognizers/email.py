"""E-mail addresses (RFC 5322 dot-atoms): plain, spaced out, run together, with "at" and "dot" in words or brackets."""

import re
from collections.abc import Iterator

from pipeline import numerals
from pipeline.recognizers import mail_provider, signs
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import Cues
from pipeline.recognizers.domains import (
    DOMAIN,
    DOT,
    DOT_WORDS,
    DOTS,
    LABEL,
    TLD,
    is_host,
    odd_host,
    typed,
)
from pipeline.recognizers.words import is_common, is_no_name

_AT_WORDS = (
    "at att aatt arroba arrobas arrova aroba arobase arrobase arobas chez chiocciola klammeraffe sobaka собака".split()
)
_AT = rf"(?:{'|'.join(_AT_WORDS)})"
_AT_SIGNS = ("at sign", "at-sign", "at symbol", "at the rate", "at the rate of", "at-the-rate", "a commercial")
_CUES = Cues([*_AT_WORDS, *_AT_SIGNS, *"@,(a),[a],{a},<a>,_at_,_arroba_,@t,4t,a t".split(",")])
_WORDS = frozenset(
    ("at", "att", "chez", "at the rate", "at the rate of", "a commercial")
)  # which mean other things too
_SIGN = r"[^\w\s@.,:;!?]{1,2}"
# What the cue is a part of, from its left end: "@", " (at) ", " at ", " -at- ", " ..at.. ".
_LEFT = re.compile(rf"\s{{0,2}}(?:{_SIGN}|\.{{1,3}})\s?$|\s{{1,3}}$")
_RIGHT = re.compile(rf"\s?(?:{_SIGN}|\.{{1,3}})\s{{0,2}}|\s{{1,3}}")
_LEFT_OF_SIGN = re.compile(r"\.?\s{0,2}[\[({<'\"]{0,2}\s?@?$")
_RIGHT_OF_SIGN = re.compile(r"@?\s?[\])}>'\"]{0,2}\s{0,2}")
_SPACE_LEFT, _SPACE = re.compile(r"\s{0,2}$"), re.compile(r"\s{0,2}")
_ATS = re.compile(
    rf"\s{{0,2}}[\[({{<'\"]{{0,2}}\s?@{{1,2}}\s?[\])}}>'\"]{{0,2}}\s{{0,2}}"
    rf"|\s{{0,2}}{_SIGN}\s?(?:{_AT}|a|{'|'.join(_AT_SIGNS)})\s?{_SIGN}\s{{0,2}}"
    rf"|\s{{0,2}}_{_AT}_\s{{0,2}}|\s{{1,3}}(?:{'|'.join(_AT_SIGNS[::-1])}|{_AT}|@t|4t|a\st)\s{{1,3}}"
    r"|\s?[^\x00-\x7f\w\s]{1,2}\s?",
    re.I,
)

_CUE_REACH = 40
_REACH = 80  # code points of a local part with its written dots (RFC 5321: 64 octets)
_JOINED = rf"(?:{DOT}|{signs.JOINING})"
_ATOM = r"[\w+%'=/&~^`#$*!?|{}-]{1,64}"
_LOCAL = re.compile(rf"{_ATOM}(?:{_JOINED}{_ATOM}){{0,5}}{signs.NUMBERS}?$", re.I)
_LOCAL_WORD = re.compile(rf"[^\W_](?:[\w+-]{{0,62}}\w)?(?:{_JOINED}[\w+-]{{1,64}}){{0,5}}{signs.NUMBERS}?$|\w$", re.I)
# Words of written signs and digits: a local part starts behind the last space that none of them stands beside.
_SIGN_WORDS = (*DOT_WORDS, "full", "stop", *signs.WORDS)
_NOT_FIRST = (*_SIGN_WORDS, *numerals.COMMON)
_DOMAIN = re.compile(DOMAIN, re.I)
_TYPED_HOST = re.compile(rf"{LABEL}(?:\.{LABEL}){{0,8}}")
_SPACED_HOST = re.compile(rf"{LABEL}\s(?:com|net|org)(?![^\W_])", re.I)
_GOOGLE = re.compile(r"g[\s-]mail|\w{4,}\scom(?![^\W_])", re.I)
# "visit us at example dot com" is no address: words before a plain "at" that are no mailbox.
_NOT_LOCAL = frozenset(
    "a about all also and another anytime are available based be both but by check click company details directly "
    "download email find found for from here house hosted i in information is it just located look looked looking "
    "looks me meet more not now of on online only open or our out page pages photos pics please position positions "
    "posted profile reach read register see seen shop site sites site's sold start stay store text the them there "
    "this to today up us view visit visiting we web website websites website's with worked working works write "
    "you".split()
)
_ADDRESS_CUE = re.compile(
    r"(?:e-?mail|mail|correo|courriel|reach|write|escrib\w+|ecri\w+|contact\w*)\W{0,3}(?:\w{1,6}\W{1,3}){0,2}$", re.I
)
_POINT = re.compile(
    r"\s(?:point|period|punkt|punt)\s{1,3}(?!(?:com?|net|org|fr|be|ch|ca|de|eu|info|es|nl)(?!\w))", re.I
)
# All in one word: "janeATexampleDOTcom", "jane_at_example_dot_com".
_GLUED_SIGNS = ("dot", "d0t", "punto", "ponto", "point")
_GLUED = re.compile(rf"(?:{'|'.join(_GLUED_SIGNS)})[_-]?(?={TLD})", re.I)
_ENDING = re.compile(r"[a-z0-9]{2,6}(?:\.[a-z]{2})?", re.I)
_GLUED_LEFT = re.compile(r"[\w+.-]{1,64}(?:at|arroba|arobase)[_-]?[\w-]{2,63}$", re.I)
# Another sign for the "@": "jane_22🌀example.com", "jane22#example.com".
_FOR_AT = re.compile(
    r"(?:[#*](?<=\w.)(?=\w)|[^\x00-\x7f\w\s·∙⋅・•]{1,2}\s?(?=[^\W_]))(?=[\w-]{1,63}\s?(?:\.|[^\x00-\x7f\w\s]))"
)


class EmailRecognizer(ViewRecognizer):
    """Finds e-mail addresses whose domain has a public suffix; a sign without one still counts, for less."""

    ENTITY = "EMAIL"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        for start, end, cue in _CUES.find(text):
            found = _at_sign(text, start, end) if cue == "@" else _at_word(text, start, end)
            if found:
                yield found
        yield from mail_provider.find(text)
        lower = text.lower()
        for match in _GLUED.finditer(text) if any(word in lower for word in _GLUED_SIGNS) else ():
            left = _GLUED_LEFT.search(text, max(0, match.start() - _REACH), match.start())
            ending = _ENDING.match(text, match.end())
            if left and ending:
                yield left.start(), ending.end(), 0.7
        for sign in _FOR_AT.finditer(text) if not text.isascii() or "#" in text or "*" in text else ():
            if found := _for_at(text, *sign.span()):
                yield found


def _at_sign(text: str, start: int, end: int) -> tuple[int, int, float] | None:
    """The address around the "@" from `start` to `end`, with its score."""
    left, right = start, end
    is_typed = text[start - 1 : start].isalnum() and text[end : end + 1].isalnum()
    if not is_typed:
        before, behind = _LEFT_OF_SIGN.search(text, max(0, start - 6), start), _RIGHT_OF_SIGN.match(text, end)
        assert before
        assert behind
        left, right = before.start(), behind.end()
    if not left:
        return None
    is_mention = left < start and right == end  # "RT @jane : see"
    if host := _domain(text, right):
        score = 0.95
    elif host := (0 if is_mention else odd_host(text, right)) or mail_provider.ending(text, right):
        score = 0.6
    elif left == start and right == end and (typed_host := _TYPED_HOST.match(text, end)):
        host, score = typed_host.end(), 0.5
    else:
        return None
    local = _LOCAL.search(text, _reach(text, left), left)
    begin = local.end() - len(local[0].lstrip("'/&~^`#$*!?|{}=-")) if local else left
    return (begin, host, score) if begin < left else None


def _at_word(text: str, start: int, end: int) -> tuple[int, int, float] | None:
    """The address around the "at" or "(at)" from `start` to `end`, with its score."""
    is_bracket = text[start] in "([{<_@"
    left = (_SPACE_LEFT if is_bracket else _LEFT).search(text, max(0, start - 5), start)
    right = (_SPACE if is_bracket else _RIGHT).match(text, end)
    if not left or not right:
        return None
    in_signs = is_bracket or bool(left[0].strip() and right[0].strip())
    is_sure = in_signs or text[start:end].lower() not in _WORDS
    domain = _domain(text, right.end())
    named = mail_provider.ending(text, right.end())
    provider = 0 if domain else named
    if not domain and (is_sure or provider or _SPACED_HOST.match(text, right.end())):
        provider = odd_host(text, right.end()) or provider
    if not (domain or provider):
        return None
    local = _LOCAL_WORD.search(text, _reach(text, left.start()), left.start())
    if not local:
        return None
    is_clear = is_sure or bool(re.search(r"[\d_+]|\w\W", local[0]))
    if domain and not is_clear and _POINT.search(text, right.end(), domain):
        return None
    if domain and (is_clear or _is_local(local[0].lower(), text[right.end() : domain], bool(named))):
        return local.start(), domain, 0.9
    cue = max(0, local.start() - _CUE_REACH), local.start()
    if provider and (is_clear or _GOOGLE.match(text, right.end()) or _ADDRESS_CUE.search(text, *cue)):
        return local.start(), provider, 0.6
    return None


def _for_at(text: str, start: int, end: int) -> tuple[int, int, float] | None:
    """The address around a sign from `start` to `end` that stands for the "@"."""
    domain = _domain(text, end) or odd_host(text, end)
    left = start - 1 if text[start - 1 : start].isspace() else start
    local = _LOCAL_WORD.search(text, _reach(text, left), left) if domain else None
    if not local:
        return None
    is_made = bool(re.search(r"[\d_.]", local[0]))
    is_near = left == start and not text[end - 1].isspace()
    return (local.start(), domain, 0.6) if is_made or (is_near and not is_common(local[0].lower())) else None


def _reach(text: str, end: int) -> int:
    """Where a local part can start that ends at `end`."""
    start = max(0, end - _REACH)
    start = max(start, text.rfind("@", start, end) + 1)
    words = text[start:end].split()
    position = end
    for before, word in zip(words[-2::-1], words[:0:-1], strict=True):
        position = text.rindex(word, start, position)
        is_apart = before[-1].isalnum() and word[0].isalnum()
        if is_apart and not before.lower().endswith(_SIGN_WORDS) and not word.lower().startswith(_NOT_FIRST):
            return position
    return start


def _is_local(word: str, domain: str, is_provider: bool) -> bool:
    """Whether a word before a plain "at" is a mailbox: a usual one at a provider, or before a dot that is written."""
    if domain.lower().startswith("www") or word in _NOT_LOCAL:
        return False
    return is_provider or not _TYPED_HOST.fullmatch(domain) or not is_no_name(word)


def _domain(text: str, start: int) -> int:
    """Where the domain ends that starts there; 0 where none does."""
    match = _DOMAIN.match(text, start)
    if not match:
        return 0
    dots = [start + dot.start() for dot in DOTS.finditer(match[0])]
    return next((end for end in [match.end(), *dots[:0:-1]] if is_host(typed(text[start:end]))), 0)


def normal_form(address: str) -> str:
    """The address as one would type it: `jane at example dot com` is `jane@example.com`."""
    local, at, domain = _ATS.sub("@", address.strip(), count=1).partition("@")
    return (typed(signs.typed(local)) + at + typed(domain)).lower() if at else typed(address.strip()).lower()
