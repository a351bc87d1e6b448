"""Domain names and the dots in them; a public suffix is one of the list inside tldextract (nothing is fetched)."""

import re
from functools import cache

import tldextract

# A dot as people write it to dodge filters: plain, spaced, in brackets, or as a word.
DOT = r"(?:\s?[(\[{<]\s?(?:dot|\.|punto|d0t)\s?[)\]}>]\s?|\s+(?:dot|punto)\s+|\s\.\s|\.)"
DOTS = re.compile(DOT, re.I)


@cache
def _extractor() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def is_domain(name: str) -> bool:
    """True for `shop.example.com` and `EXAMPLE.COM`; false where the last label is no public suffix.

    Two sentences without a space between them ("the office.As a member", "applied.EDUCATION") are told from a domain by
    their case.
    """
    if not name.isupper() and not name.rsplit(".", 1)[-1].islower():
        return False
    found = _extractor()(name.lower())
    return bool(found.domain and found.suffix)
