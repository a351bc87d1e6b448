"""Names that a cue gives away ("ask for …", "I'm …", a sign-off) or that are spelled out, in any case.

After a strong cue hardly anything but a name is said: what stands there is one unless it is known to be none. After a
weak one ("call …", "it's …") it must be a first name of the US Census that is no other word, or have a capital that
means something.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from pipeline.normalize import shape
from pipeline.presidio import NlpArtifacts, RecognizerResult
from pipeline.recognizers import name_cues
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import Cues
from pipeline.recognizers.name_cues import WORD
from pipeline.recognizers.name_span import (
    ENDS,
    is_called,
    is_known,
    is_leading,
    is_likely,
    is_listed,
    is_plausible,
    is_reached,
    is_said,
    is_titled,
    name_end,
)
from pipeline.recognizers.words import is_first_name

MAX_NAMES = 5  # in a list: "ask for Amy, Jade or Lucy"

_WORD = re.compile(WORD)
_OR = re.compile(r"\s{0,2}(?:(?P<comma>,)|[/&+]|,?\s(?:or|and|y|o|u|ou|et|e)\s)\s{0,2}", re.I)
_BEFORE = re.compile(rf"(?<![\w'’-])(?P<first>{WORD})(?:\s(?P<second>{WORD}))?[\s:,(-]{{1,3}}$")
_REACH = 64

_GAPS = r"[ .*_~-][ .*_~-]{0,2}+"
_SPELLED = re.compile(rf"[^\W\d_]({_GAPS})[^\W\d_](?:\1[^\W\d_]){{1,12}}(?![\w'’])")
_SPELLED_ON = re.compile(rf"({_GAPS})[^\W\d_](?:\1[^\W\d_]){{1,12}}(?![\w'’])")  # after the first letter
# A sign of the last two letters, in a shape where what may stand between them is a space.
_SPELLED_SIGN = re.compile(rb" a {1,3}a(?!a)")
_SPACED = bytes.maketrans(b"?.*_~-", b"a     ")
_BRACKETED = re.compile(rf"\((?:(?<=\d{{4}}\()|(?<=\d{{4}}\s\())\s?(?={WORD}(?:\s{WORD})?\s?\))")
_NUMBER = re.compile(r"[0-9]\d\d(?:[ .)-]{1,2}\d{3}[ .-]?\d{1,4}|\d{6,8})")
_AFTER_NUMBER = re.compile(rf"[\s,:-]{{1,3}}(?={WORD}\s{{0,2}}(?:[\n.,!)]|$))")
_SIGNED = re.compile(rf"[\n.!?)]\s{{0,3}}[-~*]{{1,2}}\s?(?={WORD}(?:\s{WORD})?\s{{0,2}}(?:\n|$))")

# Between names that were masked before: "<PERSON_1>, Sky & <PERSON_2>".
_AND = r"(?:\s?[,/&+]|,?\s(?:and|y|e|et))\s?"
_LISTED = re.compile(rf"(?<=>){_AND}(?:[A-Z]{WORD}{_AND}){{1,3}}(?=<PERSON_)")

Accepts = Callable[[str, int, int], bool]  # whether a name may start with this word of the text
Finder = Callable[[str, re.Match[str]], Iterator[tuple[int, int]]]  # the names that a cue gives away


class CuedNameRecognizer(ViewRecognizer):
    """Finds given names with the initials and surnames after them; cues and titles stay."""

    ENTITY = "PERSON"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        for start, _, word in _CUES.find(text):
            for pattern in _KINDS[word]:
                if match := pattern.match(text, start):
                    for name_start, name_end in _FINDERS[pattern](text, match):
                        yield name_start, name_end, 0.6
        for start, end in _elsewhere(text):
            yield start, end, 0.5

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """What is found in the view, and names spelled with spaces, which a view has joined."""
        results = super().analyze(text, entities, nlp_artifacts)
        if len(self.see(text).text) < len(text):
            results += [RecognizerResult(self.ENTITY, start, end, 0.5) for start, end in _spelled(text)]
        return results


def _spelled(text: str) -> Iterator[tuple[int, int]]:
    """First names that are spelled out, with the same sign between all letters."""
    for match in _SPELLED_ON.finditer(text) if _SPELLED_SIGN.search(shape(text).translate(_SPACED)) else ():
        start = match.start() - 1
        if start < 0 or not text[start].isalpha() or text[max(start - 1, 0) : start].isalnum():
            start = match.end(1)  # what stands before is no single letter
        letters = "".join(filter(str.isalpha, text[start : match.end()]))
        if is_first_name(letters.lower()) and len(letters) >= (3 if letters.isupper() else 4):
            yield start, match.end()


def _elsewhere(text: str) -> Iterator[tuple[int, int]]:
    yield from _spelled(text)
    for match in _BRACKETED.finditer(text):
        yield from _names(text, match.end(), is_likely)
    for match in _SIGNED.finditer(text):
        yield from _names(text, match.end(), is_known)
    for match in _LISTED.finditer(text) if text.count("<PERSON_") > 1 else ():
        for word in _WORD.finditer(text, *match.span()):
            if word[0][0].isupper():
                yield word.span()
    for match in _NUMBER.finditer(text):
        yield from _name_before(text, match.start(), is_known)
        if after := _AFTER_NUMBER.match(text, match.end()):
            yield from _names(text, after.end(), is_known)


def _names(text: str, start: int, accepts: Accepts) -> Iterator[tuple[int, int]]:
    """The names that stand from `start` on, in a list."""
    if title := name_cues.TITLED.match(text, start):
        start = title.end()
    if accepts is is_plausible and (spelled := _SPELLED.match(text, start)):
        yield spelled.span()
        return
    for _ in range(MAX_NAMES):
        word = _WORD.match(text, start)
        if not word or not accepts(text, *word.span()):
            return
        end = name_end(text, *word.span())
        yield start, end
        if not (more := _OR.match(text, end)):
            return
        start, accepts = more.end(), is_listed if more["comma"] else is_likely


def _name_before(text: str, end: int, accepts: Accepts) -> Iterator[tuple[int, int]]:
    from_ = max(0, end - _REACH)
    if match := _BEFORE.search(text[from_:end]):
        for group in ("first", "second"):
            start = from_ + match.start(group)
            if match[group] and accepts(text, start, from_ + match.end(group)):
                yield start, name_end(text, start, from_ + match.end(group))
                return


def _after(accepts: Accepts) -> Finder:
    return lambda text, match: _names(text, match.end(), accepts)


def _signed(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The name under a letter: a word apart from the greeting, with nothing behind it."""
    apart = any(c in match["gap"] for c in "\n,-")
    for start, end in _names(text, match.end(), is_plausible if apart else is_likely):
        if ENDS.match(text, end):
            yield start, end


def _replying(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    return _name_before(text, match.start(), is_leading)


def _present(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    return _name_before(text, match.start(), is_listed)


_FINDERS: dict[re.Pattern[str], Finder] = {
    name_cues.STRONG: _after(is_plausible),
    name_cues.SAID: _after(is_said),
    name_cues.TOUCH: _after(is_reached),
    name_cues.TOUCH_ABROAD: _after(is_called),
    name_cues.GREETING: _after(is_known),
    name_cues.LABEL: _after(is_likely),
    name_cues.TITLE: _after(is_titled),
    name_cues.SIGN_OFF: _signed,
    name_cues.REPLIES: _replying,
    name_cues.HERE: _present,
}
_KINDS: dict[str, list[re.Pattern[str]]] = defaultdict(list)
for _pattern, _starts in name_cues.STARTS.items():
    for _cue in re.split(r",\s+", _starts.strip()):
        _KINDS[_cue].append(_pattern)
_CUES = Cues(_KINDS)
