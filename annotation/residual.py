"""Personal data that annotators flagged in sanitized ads, turned into rows of the deny list.

A flagged stretch is widened to whole words, and placeholders in it are cut out; what is left of it are values. A value
is masked in every ad if it is long and rare enough not to ruin other texts; else in its own ad alone. Stretches of
placeholders only are counted. The file of flags that were read before keeps a flag from being read twice: its offsets
are true only for the text that it was made on.
"""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from annotation.flags import FlaggedAd, Region
from pipeline import deny_file, store
from pipeline.canaries import reduced
from pipeline.denied import Denied
from pipeline.normalize import PLACEHOLDER, squash, view
from pipeline.recognizers.words import is_no_name, is_surname, is_word_too

READ = Path("data/raw/flags_read.jsonl")

MIN_LETTERS = 3
MIN_DIGITS = 6  # fewer are a year, a price, a size
MIN_MIXED = 5  # of letters and digits: fewer are "2br", "24h"

_ENTITIES = {"name": "PERSON", "address": "ADDRESS"}  # of labels; `contact` goes by its look, the rest is an ID
_EMAIL = re.compile(r"[^\s@]\s*@\s*[^\s@]|\S\s+\(?at\)?\s+\S.*\s\(?dot\)?\s", re.I)
_URL = re.compile(r"://|\bwww\.|[a-z\d-]+\.[a-z]{2,}(?:/\S*)?$", re.I)
_MIN_PHONE = 4  # digits of what may be a part of a number
_WORD = re.compile(r"[^\W_]+")
_EDGES = " \t\r\n\v\f.,;:!?\"'“”‘’()[]{}<>*~|/\\–—-"


def deny(ads: Iterable[FlaggedAd], denied: Path = deny_file.DENIED, read: Path = READ) -> dict[str, int]:
    """Add what was flagged to the deny list `denied`, and the flags to those that were `read`; nothing is ever dropped.

    Returns counts: new `flags`, new `values` of the list and how many of these are masked in their `own_ad` alone, and
    of the flags those of `placeholders` only and those that point `outside` the text.
    """
    before = list(store.read_jsonl(read)) if read.exists() else []
    known = {(row["ad_id"], row["flag"]) for row in before}
    counts = Counter(flags=0, values=0, own_ad=0, placeholders=0, outside=0)
    rows: set[Denied] = set()
    new: list[store.Row] = []
    for ad in ads:
        for region in ad.regions:
            if (ad.ad_id, region.id) in known:
                continue
            new.append({"ad_id": ad.ad_id, "flag": region.id})
            found = values(ad, region)
            rows.update(found)
            if region.end > len(ad.text):
                counts["outside"] += 1
            elif not found:
                counts["placeholders"] += 1
    there = set(deny_file.read(denied)) if denied.exists() else set()
    counts.update(flags=len(new), own_ad=sum(not row.everywhere for row in rows - there))
    counts["values"] = deny_file.add(denied, rows)
    if new:  # after the values: a run killed in between reads these flags again
        store.write_jsonl(read, [*before, *new])
    return dict(counts)


def values(ad: FlaggedAd, region: Region) -> list[Denied]:
    """The values in a flagged stretch; none where it points outside the text or holds placeholders only."""
    if region.end > len(ad.text):
        return []
    start, end = _whole_words(ad.text, region.start, region.end)
    pieces = []
    for match in PLACEHOLDER.finditer(ad.text):
        if match.start() < end and start < match.end():
            pieces.append(ad.text[start : max(start, match.start())])
            start = match.end()
    pieces.append(ad.text[start:end])
    found = []
    for piece in pieces:
        value = _named(piece) if region.label == "name" else piece.strip(_EDGES)
        if squash(value):
            found.append(Denied(ad.ad_id, entity(region.label, value), value, stands_out(value)))
    return found


def entity(label: str, value: str) -> str:
    """What a value is masked as."""
    if label != "contact":
        return _ENTITIES.get(label, "ID")
    plain = view(value).text
    if _EMAIL.search(plain):
        return "EMAIL"
    if _URL.search(plain):
        return "URL"
    return "PHONE" if len(reduced(value)[1]) >= _MIN_PHONE and "@" not in plain else "HANDLE"


def stands_out(value: str) -> bool:
    """Whether a value is long and rare enough to be masked in every ad: one of its words is, or it is a long number."""
    letters = squash(value)
    if letters.isdecimal():
        return len(letters) >= MIN_DIGITS
    return any(map(_is_rare, _WORD.findall(view(value).text.casefold())))


def _is_rare(word: str) -> bool:
    if not word.isalpha():
        return len(word) >= (MIN_DIGITS if word.isdecimal() else MIN_MIXED)
    return len(word) >= MIN_LETTERS and not is_word_too(word) and not _is_no_name(word)


def _is_no_name(word: str) -> bool:
    return is_no_name(word) and not is_surname(word)


def _named(piece: str) -> str:
    """A piece without the words before and after a name in it that are never one ("Rosa or", "ask for Rosa")."""
    names = [match.span() for match in _WORD.finditer(piece) if not _is_no_name(view(match[0]).text.casefold())]
    return piece[names[0][0] : names[-1][1]] if names else piece.strip(_EDGES)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end
