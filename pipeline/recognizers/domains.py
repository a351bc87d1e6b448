"""Domain names and the dots in them; a public suffix is one of the list inside tldextract (nothing is fetched)."""

import re
from functools import cache

import tldextract

# A dot as people write it to dodge filters: plain, spaced, in brackets, or as a word.
DOT = r"(?:\s?[(\[{<]\s?(?:dot|\.|punto|d0t)\s?[)\]}>]\s?|\s+(?:dot|punto)\s+|\s\.\s|\.)"
DOTS = re.compile(DOT, re.I)

# What a sentence without a space after its full stop looks like ("in the office.As a member"), while being a suffix.
_WORDS = {"as", "at", "be", "do", "in", "is", "it", "me", "my", "no", "so", "to", "us", "you", "the", "we", "am", "an"}


@cache
def _extractor() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def is_domain(name: str) -> bool:
    """True for `shop.example.com`; false where the last label is no public suffix, or is a capitalised word."""
    last = name.rsplit(".", 1)[-1]
    if last != last.lower() and (last != last.upper() or last.lower() in _WORDS):
        return False
    found = _extractor()(name.lower())
    return bool(found.domain and found.suffix)
