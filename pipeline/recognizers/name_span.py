"""Whether a word of a text is a name, on what evidence, and where the name ends that starts with it."""

import re

from pipeline.recognizers.name_cues import WORD
from pipeline.recognizers.words import is_common, is_first_name, is_no_name, is_surname, is_word_too

MAX_WORDS = 4  # of one name
_NEXT = re.compile(rf"[^\S\n]{{1,2}}({WORD})")
_AFTER_INITIAL = re.compile(rf"(?:\.[^\S\n]{{0,2}}|[^\S\n]{{1,2}})({WORD})")
_SPANISH = re.compile(r"\b(?:el|al|del)\s[Ss]r\.?\s$")  # no "senior"
_PARTICLES = frozenset("de da do dos das del della di la le van von der den ter bin al el st mc".split())
# Names too, but after "I'm" they say what somebody is like.
_QUALITIES = frozenset(
    "young tiny gay frank rich sunny rusty stormy misty sterling major constant merry lean golden windy hung precious "
    "gray brown white black green german easter junior royal may will".split()
)
_REACHED = re.compile(r"\s{1,2}(?:on|at|en|al|now|today|for|or|no|au)\b|[\s:,(-]{1,4}(?:[+<]|\(?\d{3})", re.I)
ENDS = re.compile(r"\.?\s{0,3}(?:[\n,!(<+\d~*)-]|$)|\.(?:\s|$)")


def name_end(text: str, start: int, end: int) -> int:
    """Where the name ends whose first word this is."""
    first, kept = text[start:end], end
    is_initial = end - start == 1
    for _ in range(MAX_WORDS):
        following = (_AFTER_INITIAL if is_initial else _NEXT).match(text, end)
        if not following:
            break
        end, more = following.end(1), following[1]
        is_initial = len(more) == 1
        if more.lower() in _PARTICLES:
            continue
        is_last = kept == end - len(following[0]) and first.islower() and more.islower() and ENDS.match(text, end)
        is_rare = is_last and len(more) > 3 and not is_common(more)  # "rafaela vasconcelos." but not "rafaela now."
        if not is_rare and not _continues(first, more, text[end : end + 1] == "."):
            break
        kept = end
    return kept - 2 if text[kept - 2 : kept] in ("'s", "’s") else kept


def _continues(first: str, more: str, has_point: bool) -> bool:
    lower = more.lower()
    if len(more) == 1:
        return has_point or (lower not in "aeiouxyn" and (more.isupper() == first[0].isupper()))
    if _is_capitalised(more) and _is_capitalised(first):
        return is_surname(lower) or not is_no_name(lower)
    return is_surname(lower) and more.islower() == first.islower()


def is_known(text: str, start: int, end: int) -> bool:
    """A first name that is no other word."""
    return end > start + 1 and is_first_name(text[start:end].lower())


def is_listed(text: str, start: int, end: int) -> bool:
    """A known first name, or a capitalised one that is a word too."""
    word = text[start:end]
    is_capital_word = _is_capitalised(word) and is_word_too(word.lower()) and word.lower() not in _QUALITIES
    return is_capital_word or is_known(text, start, end)


def is_likely(text: str, start: int, end: int) -> bool:
    """A first name that is no other word, or a capitalised word that may be a name."""
    word = text[start:end]
    return len(word) > 1 and (is_first_name(word.lower()) or (_is_capitalised(word) and not is_no_name(word.lower())))


def is_called(text: str, start: int, end: int) -> bool:
    """A likely name, or one that is a word too ("llamar a rosa")."""
    return is_likely(text, start, end) or is_word_too(text[start:end].lower())


def is_plausible(text: str, start: int, end: int) -> bool:
    """Any word that is not known to be no name."""
    word = text[start:end]
    return not is_no_name(word.lower()) and (len(word) > 1 or word.isupper())


def is_said(text: str, start: int, end: int) -> bool:
    """A likely name that is no quality, or a name that is a word too where the sentence ends with it."""
    word = text[start:end].lower()
    if word in _QUALITIES:
        return False
    return is_likely(text, start, end) or (is_word_too(word) and ENDS.match(text, end) is not None)


def is_reached(text: str, start: int, end: int) -> bool:
    """A known first name, or a likely one with a way to reach it ("call Kandi on …")."""
    return is_known(text, start, end) or (
        is_likely(text, start, end) and _REACHED.match(text, name_end(text, start, end)) is not None
    )


def is_titled(text: str, start: int, end: int) -> bool:
    """A surname, or a capitalised word that may be one where the title has but one capital ("MS Office")."""
    word = text[start:end]
    title = text[max(0, start - 4) : start].split()[-1:]
    if title[:1] == ["don"]:
        return False
    if is_surname(word.lower()):
        return True
    if _SPANISH.search(text, max(0, start - 8), start):
        return is_likely(text, start, end)
    if title in (["MS"], ["ms"], ["Sr"], ["Sr."], ["SR"], ["sr"]):
        return False
    return is_likely(text, start, end) or not is_common(word.lower())


def is_leading(text: str, start: int, end: int) -> bool:
    """A likely name, or any word that may be one at the start of a sentence."""
    starts = text[:start].rstrip()[-1:] if start < 3 else text[start - 3 : start].rstrip()[-1:]
    return is_likely(text, start, end) or (starts in ("", ".", "!", "?") and is_plausible(text, start, end))


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() and (len(word) == 1 or not word.isupper())
