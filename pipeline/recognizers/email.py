"""E-mail addresses (RFC 5322 dot-atoms): plain, spaced out, run together, with "at" and "dot" in words or brackets."""

import re
from collections.abc import Iterator

from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import Cues
from pipeline.recognizers.domains import DOMAIN, DOT, DOT_WORDS, DOTS, LABEL, TLD, is_domain, typed
from pipeline.recognizers.words import is_no_name

_AT = r"(?:at|arroba|arrobas|arobase|arobas|aroba|chez|chiocciola|собака)"
_CUES = Cues(
    "@,at,arroba,arrobas,arobase,arobas,aroba,chez,chiocciola,собака,(a),[a],{a},<a>,_at_,_arroba_,at sign,at-sign,@t,"
    "4t,a t".split(",")
)
_WORDS = frozenset(("at", "chez"))  # the others have no other meaning
_SIGN = r"[^\w\s@.,:;!?]{1,2}"
# What the cue is a part of, from its left end: "@", " (at) ", " at ", " -at- ".
_LEFT = re.compile(rf"\s{{0,2}}{_SIGN}\s?$|\s{{1,3}}$")
_RIGHT = re.compile(rf"\s?{_SIGN}\s{{0,2}}|\s{{1,3}}")
_LEFT_OF_SIGN, _RIGHT_OF_SIGN = re.compile(r"\s{0,2}[\[({<'\"]?\s?$"), re.compile(r"\s?[\])}>'\"]?\s{0,2}")
_SPACE_LEFT, _SPACE = re.compile(r"\s{0,2}$"), re.compile(r"\s{0,2}")
_ATS = re.compile(
    rf"\s{{0,2}}[\[({{<'\"]?\s?@\s?[\])}}>'\"]?\s{{0,2}}|\s{{0,2}}{_SIGN}\s?(?:{_AT}|a)\s?{_SIGN}\s{{0,2}}"
    rf"|\s{{0,2}}_{_AT}_\s{{0,2}}|\s{{1,3}}(?:{_AT}(?:[\s-]sign)?|@t|4t|a\st)\s{{1,3}}",
    re.I,
)

_CUE_REACH = 40
_REACH = 80  # code points of a local part with its written dots (RFC 5321: 64 octets)
_ATOM = r"[\w+%'=/&~^`#$*!?|{}-]{1,64}"
_LOCAL = re.compile(rf"{_ATOM}(?:{DOT}{_ATOM}){{0,5}}$", re.I)
_LOCAL_WORD = re.compile(rf"[^\W_](?:[\w+-]{{0,62}}\w)?(?:{DOT}[\w+-]{{1,64}}){{0,5}}$|\w$", re.I)
# Spaces that are no part of a written dot: a local part with such dots starts behind the last ones.
_NO_WORD_BEFORE = "".join(rf"(?<!{word}\s)" for word in DOT_WORDS)
_APART = re.compile(rf"\s(?<=[^\W_]\s){_NO_WORD_BEFORE}\s*(?=[^\W_])(?!{'|'.join(DOT_WORDS)})", re.I)
_DOMAIN = re.compile(DOMAIN, re.I)
_TYPED_HOST = re.compile(rf"{LABEL}(?:\.{LABEL}){{0,8}}")
_COMMA = re.compile(rf"{LABEL}\s?[,;]\s?(?:com|net|org|co\.uk|fr|es|mx)(?![^\W_])", re.I)
_PROVIDER = re.compile(
    r"(?:g[\s-]?mail|googlemail|hot[\s-]?mail|yahoo|ymail|outlook|icloud|proton\s?mail|aol|msn|gmx|yandex|zoho|tutanota"
    rf"|rocketmail)(?:(?:\s|{DOT})?(?:com|net|fr|es|co\suk|com\s(?:br|mx)))?(?!\w|\.\w)",
    re.I,
)
# "jane_22 gmail", "jane.doe on yahoo": a name that is no word, beside a provider.
_PROVIDERS = Cues("gmail googlemail hotmail yahoo ymail outlook icloud protonmail aol".split())
_OFFICE = frozenset(("yahoo", "outlook", "aol"))  # said of other things as well
_BESIDE = re.compile(
    r"(?<![\w@.+-])(?P<local>(?=[\w.+-]{0,40}[\d_.])[a-z][\w.+-]{2,40}\w)\s(?P<link>(?:(?:at|on|en|the|then|chez|@)\s){0,3})$",
    re.I,
)
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
_GLUED = re.compile(rf"(?:dot|d0t|punto|ponto)[_-]?(?={TLD})", re.I)
_ENDING = re.compile(r"[a-z0-9]{2,6}(?:\.[a-z]{2})?", re.I)
_GLUED_LEFT = re.compile(r"[\w+.-]{1,64}(?:at|arroba)[_-]?[\w-]{2,63}$", re.I)


class EmailRecognizer(ViewRecognizer):
    """Finds e-mail addresses whose domain has a public suffix; a sign without one still counts, for less."""

    ENTITY = "EMAIL"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        for start, end, cue in _CUES.find(text):
            found = _at_sign(text, start, end) if cue == "@" else _at_word(text, start, end)
            if found:
                yield found
        for start, end, provider in _PROVIDERS.find(text):
            beside = _BESIDE.search(text, max(0, start - _REACH), start)
            if beside and (beside["link"] or provider not in _OFFICE):
                ending = _PROVIDER.match(text, start)
                yield beside.start("local"), max(end, ending.end() if ending else 0), 0.5
        lower = text.lower()
        for match in _GLUED.finditer(text) if any(word in lower for word in ("dot", "d0t", "punto", "ponto")) else ():
            left = _GLUED_LEFT.search(text, max(0, match.start() - _REACH), match.start())
            ending = _ENDING.match(text, match.end())
            if left and ending:
                yield left.start(), ending.end(), 0.7


def _at_sign(text: str, start: int, end: int) -> tuple[int, int, float] | None:
    """The address around the "@" from `start` to `end`, with its score."""
    left, right = _LEFT_OF_SIGN.search(text, max(0, start - 4), start), _RIGHT_OF_SIGN.match(text, end)
    if not left or not right:
        return None
    local = _LOCAL.search(text, _reach(text, left.start()), left.start())
    begin = local.end() - len(local[0].lstrip("'/&~^`#$*!?|{}=-")) if local else left.start()
    if begin == left.start():
        return None
    if domain := _domain(text, right.end()):
        return begin, domain, 0.95
    if host := _COMMA.match(text, right.end()) or _PROVIDER.match(text, right.end()):
        return begin, host.end(), 0.6
    if left.start() == start and right.end() == end and (host := _TYPED_HOST.match(text, end)):
        return begin, host.end(), 0.5
    return None


def _at_word(text: str, start: int, end: int) -> tuple[int, int, float] | None:
    """The address around the "at" or "(at)" from `start` to `end`, with its score."""
    is_bracket = text[start] in "([{<_@"
    left = (_SPACE_LEFT if is_bracket else _LEFT).search(text, max(0, start - 5), start)
    right = (_SPACE if is_bracket else _RIGHT).match(text, end)
    if not left or not right:
        return None
    in_signs = is_bracket or bool(left[0].strip() and right[0].strip())
    domain = _domain(text, right.end())
    provider = None if domain else _PROVIDER.match(text, right.end())
    if not domain and (in_signs or provider):
        provider = _COMMA.match(text, right.end()) or provider
    if not (domain or provider):
        return None
    local = _LOCAL_WORD.search(text, _reach(text, left.start()), left.start())
    if not local:
        return None
    is_clear = in_signs or text[start:end].lower() not in _WORDS or bool(re.search(r"[\d_+]|\w\W", local[0]))
    if domain and not is_clear and _POINT.search(text, right.end(), domain):
        return None
    if domain and (is_clear or _is_local(local[0].lower(), text[right.end() : domain])):
        return local.start(), domain, 0.9
    cue = max(0, local.start() - _CUE_REACH), local.start()
    if provider and (is_clear or " " in provider[0] or _ADDRESS_CUE.search(text, *cue)):
        return local.start(), provider.end(), 0.6
    return None


def _reach(text: str, end: int) -> int:
    """Where a local part can start that ends at `end`."""
    start = max(0, end - _REACH)
    return max((apart.end() for apart in _APART.finditer(text, start, end)), default=start)


def _is_local(word: str, domain: str) -> bool:
    """Whether a word before a plain "at" is a mailbox: where the domain has a typed dot, only what is no usual word."""
    if domain.lower().startswith("www") or word in _NOT_LOCAL:
        return False
    return not _TYPED_HOST.fullmatch(domain) or not is_no_name(word)


def _domain(text: str, start: int) -> int:
    """Where the domain ends that starts there; 0 where none does."""
    match = _DOMAIN.match(text, start)
    if not match:
        return 0
    dots = [start + dot.start() for dot in DOTS.finditer(match[0])]
    return next((end for end in [match.end(), *dots[:0:-1]] if is_domain(typed(text[start:end]))), 0)


def normal_form(address: str) -> str:
    """The address as one would type it: `jane at example dot com` is `jane@example.com`."""
    local, at, domain = _ATS.sub("@", address.strip(), count=1).partition("@")
    return (typed(local) + at + typed(domain)).lower() if at else typed(address.strip()).lower()
