"""Domain names and the dots in them; a public suffix is one of the list inside tldextract (nothing is fetched)."""

import re
from functools import cache, lru_cache

import tldextract

DOT_WORDS = "dot d0t doht dawt dott doot punto pto ponto point punkt punt period fullstop tocka tochka точка".split()
_WORD = rf"(?:{'|'.join(DOT_WORDS)}|full\sstop)"
# A dot as people write it to dodge filters: plain, spaced, in brackets or other signs, or as a word.
DOT = (
    rf"(?:\s{{0,2}}[^\w\s@.,:;!?/]{{1,2}}\s?(?:{_WORD}|[.,])\s?[^\w\s@.,:;!?/]{{1,2}}\s{{0,2}}"
    rf"|\s{{0,2}}[_-]{{1,2}}{_WORD}[_-]{{1,2}}\s{{0,2}}|\s{{1,3}}{_WORD}\s{{1,3}}|\s\.\s?|\.\s(?=(?:com|net|org)\b)|[.·∙⋅・•]"
    r"|(?:(?<=[^\W_]{3})|\s{1,2})dot-?(?=(?:com?|net|org|info|biz|io)(?![^\W_])))"
)
DOTS = re.compile(DOT, re.I)
# Other signs in a dot's place, where all else says that it is an address: "jane@example,com", "jane@example🔵com".
ODD_DOT = r"(?:\s?(?:[,;:*/|~#>-]|\.{2,3}|[^\x00-\x7f\w\s]{1,2})\s?)"
LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
DOMAIN = rf"{LABEL}(?:{DOT}{LABEL}){{1,8}}"
# What a written-out dot may stand before; any suffix may follow a dot in brackets.
TLD = (
    r"(?:(?:c[o0]m?|n[e3]t|[o0]rg|inf[o0]|biz|edu|gov|io|me|us|uk|ca|mx|es|fr|br|pt|de|it|nl|be|ch|au|nz|in|ar|cl|pe|ru|eu|tv"
    r"|cc|app|site|online|shop|xyz|dev|ai|link|live|club|store|pro|page|ee|ly|gg|onion|vip|email|agency|fun|top|xxx|sex"
    r"|cam|blog|space|website|world|life|studio|photos|pics)(?![^\W_]))"
)

_ODD_HOST = re.compile(rf"{LABEL}(?:(?:{DOT}|{ODD_DOT}|\s(?=(?:com?|net|org|info|biz|io)\b)){LABEL}){{1,3}}", re.I)
_ODD_DOTS = re.compile(rf"{DOT}|{ODD_DOT}|\s", re.I)
_GLUED_HOST = re.compile(
    rf"[^\W_][\w-]{{1,40}}?(?:dot|d0t|doht|dawt|punto|ponto|point|period|[_-])(?:co(?:dot|ponto))?{TLD}", re.I
)

_LEET = str.maketrans("031", "oei")
_MAX_NAME = 253  # octets of a name (RFC 1035)
# Public suffixes that are words of a sentence: after a sign and a space they are no part of a name.
PARTICLES = frozenset(
    "is in it so to no at be by my me us do am as de la es se pa pe te al ad an et est and or".split()
)
_RESERVED = frozenset(("example", "test", "invalid"))  # RFC 2606
_FRAMEWORKS = frozenset("asp.net vb.net ado.net ml.net c#.net visual.net microsoft.net".split())


@cache
def _extractor() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=65_536)
def is_domain(name: str) -> bool:
    """True for `shop.example.com` and `EXAMPLE.COM`; false where the last label is no public suffix.

    Two sentences without a space between them ("the office.As a member", "applied.EDUCATION") are told from a domain by
    their case.
    """
    name = name[-_MAX_NAME:]
    if not name.isupper() and not name.rsplit(".", 1)[-1].islower() and name.isascii():
        return False
    found = _extractor()(name.lower())
    return bool(found.domain and found.suffix) and name.lower() not in _FRAMEWORKS


def is_host(name: str) -> bool:
    """True for a domain, or a name under a suffix that is reserved for examples."""
    return is_domain(name) or ("." in name and name.rpartition(".")[2].lower() in _RESERVED)


@lru_cache(maxsize=8_192)
def typed(name: str) -> str:
    """A name as one would type it: `Shop dot example d0t c0m` is `Shop.example.com`."""
    host, dot, last = DOTS.sub(".", name).rpartition(".")
    return host + dot + (last if last.isdigit() or is_domain("a." + last) else last.translate(_LEET))


def odd_host(text: str, start: int) -> int:
    """Where a name ends whose dots are other signs, a space or run together with its labels; 0 where none does.

    To be asked only where all else says that an address stands there.
    """
    match = _ODD_HOST.match(text, start)
    end = match.end() if match else 0
    for dot in [*_ODD_DOTS.finditer(text, start, end)][::-1]:
        last = text[dot.end() : end].lower()
        is_parted = dot[0][-1:].isspace() and not dot[0].strip().isalpha()
        if is_domain(typed(f"a.{last}")) and not (is_parted and last in PARTICLES):
            return end
        end = dot.start()
    glued = _GLUED_HOST.match(text, start)
    return glued.end() if glued else 0
