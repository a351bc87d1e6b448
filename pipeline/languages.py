"""Which language a text is written in, and whether names can be found in it.

py3langid (a fork of langid.py, Lui and Baldwin 2012) reads the letters of the normal view. A text that is too short or
too mixed to tell is undetermined ("und") and is treated like the tagger's own language. In a language that the tagger
was not trained for, names are masked by casing too; in a script without case there is nothing to find them by.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipeline.normalize import PLACEHOLDER

UNDETERMINED = "und"
MIN_LETTERS = 24  # of a text whose language is told
MIN_CASELESS = 8  # … in a script without case, where a letter says more
MIN_ODDS = 5  # of the guess against the tagger's languages together, for it to be believed
SAMPLE = 120  # characters read at the start, in the middle and at the end of a text longer than three times this

# Languages that ads are written in (ISO 639-1). Fewer give surer answers; what is left out falls to a neighbour.
LANGUAGES = (
    "af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr ht hu hy id is it ja ka kk km kn "
    "ko ku ky lo lt lv mk ml mn mr ms my ne nl no pa pl ps pt ro ru rw si sk sl so sq sr sv sw ta te th tl tr uk ur uz "
    "vi xh zh zu"
).split()

_NO_WORD = ("@", "#", "://", "www.")
ENGLISH = frozenset(  # of which no other language has four
    "the and to you your with for are this will our have from that is of in not be it who what which when there how "
    "they she were been does should would could about but some more only please call out off now new work".split()
)
_SENTENCE, _SENTENCES = 3, 8  # words in small letters, without and with common English ones among them
_WORD = re.compile(r"[^\W\d_]+")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_ASCII_LETTERS = str.maketrans({chr(c): " " for c in range(128) if not chr(c).isalpha()})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a text's language: `strict` where casing must help, `taggable` where names can be found."""

    language: str
    strict: bool
    taggable: bool


def judge(seen: str, trained: frozenset[str] | None, before: Verdict | None = None) -> Verdict:
    """The verdict on a text's normal view, for a tagger trained for these languages (None: for any).

    `before`: that on the text with less of it masked, which stands where it was strict and no letter is without case:
    what stricter rules leave, others leave too.
    """
    if before and before.strict and seen.isascii():
        return before
    sample = _sample(seen)
    if "<" in sample:
        sample = PLACEHOLDER.sub(" ", sample)
    if any(sign in sample for sign in _NO_WORD):
        sample = " ".join(word for word in sample.split() if not any(sign in word for sign in _NO_WORD))
    return _judge(_letters(sample.strip()), trained)


def in_capitals(text: str) -> bool:
    """Whether most letters of a text, placeholders apart, are capitals, so that a capital says nothing."""
    text = PLACEHOLDER.sub(" ", text)
    return sum(map(str.isupper, text)) * 2 > sum(map(str.isalpha, text))


def is_foreign(text: str) -> bool:
    """Whether a text that is not in the tagger's language has sentences: a few names or an address are none."""
    text = PLACEHOLDER.sub(" ", text)
    small = [word for word in _WORD.findall(text.lower() if in_capitals(text) else text) if word.islower()]
    return len(small) >= (_SENTENCE if ENGLISH.isdisjoint(small) else _SENTENCES)


def _letters(text: str) -> str:
    """The text with a space for every run of other characters than letters."""
    if not text.isascii():
        return _NO_LETTERS.sub(" ", text)
    spaced = text.translate(_ASCII_LETTERS)
    words = spaced.split()
    if not words:
        return " " if spaced else ""
    return f"{' ' * (spaced[0] == ' ')}{' '.join(words)}{' ' * (spaced[-1] == ' ')}"


@lru_cache(maxsize=1_024)  # a text is judged again when digits of it are masked
def _judge(letters: str, trained: frozenset[str] | None) -> Verdict:
    if "en" in (trained or ()) and _is_plain_english(letters):
        return Verdict("en", strict=False, taggable=True)
    count = len(letters) - letters.count(" ")
    caseless = not letters.isascii() and sum(unicodedata.category(c) == "Lo" for c in letters) * 2 > count
    if count < (MIN_CASELESS if caseless else MIN_LETTERS):
        return Verdict(UNDETERMINED, strict=False, taggable=True)
    language, odds = _identify(letters, trained or frozenset())
    if trained is None or language in trained:
        return Verdict(language, strict=False, taggable=True)
    if caseless:
        return Verdict(language, strict=True, taggable=False)
    if odds < MIN_ODDS:
        return Verdict(UNDETERMINED, strict=False, taggable=True)
    return Verdict(language, strict=True, taggable=True)


def _sample(text: str) -> str:
    if len(text) <= 3 * SAMPLE:
        return text
    middle = len(text) // 2
    return "\n".join((text[:SAMPLE], text[middle : middle + SAMPLE], text[-SAMPLE:]))


def _is_plain_english(letters: str) -> bool:
    """Whether common words of English are as frequent as they are in English."""
    words = letters.lower().split()
    common = [word for word in words if word in ENGLISH]
    return len(common) * 8 >= len(words) and len(set(common)) >= 4


def _identify(letters: str, trained: frozenset[str]) -> tuple[str, float]:
    """The likeliest language, and how much likelier it is than the trained languages together, at the least."""
    if in_capitals(letters):
        letters = letters.lower()  # capitals look foreign
    language, probability = _identifier().classify(letters)
    if language in trained or probability >= MIN_ODDS / (MIN_ODDS + 1):  # the others share the rest
        return language, probability / max(1 - probability, 1e-12)
    others = sum(p for other, p in _identifier().rank(letters) if other in trained)
    return language, probability / max(others, 1e-12)


@cache
def _identifier() -> LanguageIdentifier:
    """py3langid's model; it takes a third of a second to load."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    # Read row by row, and added as single precision numbers: five times as fast, with the same result.
    identifier.nb_ptc = np.ascontiguousarray(identifier.nb_ptc, np.float32)
    return identifier
