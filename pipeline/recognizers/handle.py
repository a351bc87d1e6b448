"""Social handles and messaging ids: `@name`, or a name beside the service it belongs to."""

import re
from collections.abc import Iterator

from pipeline.normalize import view
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import lowered
from pipeline.recognizers.handle_patterns import (
    ALL,
    APART,
    BEFORE,
    CAMEL,
    CUES,
    ENDS,
    GHOSTS,
    ID,
    LETTERS,
    LINK,
    LINKED,
    MINE,
    NAMED,
    OF_SERVICE,
    OTHERS,
    OWN,
    REACH,
    SAID,
    SHORT,
    SIGN,
    STOP,
    WEAK,
)
from pipeline.recognizers.words import is_common, is_no_name


class HandleRecognizer(ViewRecognizer):
    """Finds handles; the service's name stays in the text."""

    ENTITY = "HANDLE"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score; the span covers the sign and the name."""
        if "@" in text:
            for match in SIGN.finditer(text):
                yield *match.span(), 0.8
            for apart in APART.finditer(text) if "@ " in text else ():
                if _is_apart(apart["name"], bool(apart["cue"])):
                    yield text.index("@", apart.start()), apart.end(), 0.6
        for start, end, service in CUES.find(text):
            link = LINK.match(text, end)
            if link and _is_handle(text, start, service, link):
                yield _sign_before(text, link.start("name")), link.end("name"), 0.6
            if service not in WEAK or service in NAMED:
                yield from _before(text, start, service)
        lower = lowered(text)
        for pattern in (pattern for sign, pattern in OTHERS if sign.search(lower)):
            for named in pattern.finditer(lower):
                if named["name"] not in STOP:
                    yield *named.span("name"), 0.6
        for named in GHOSTS.finditer(text) if not text.isascii() else ():
            if _looks_made(named["name"]) or named["name"].startswith("@"):
                yield *named.span("name"), 0.5


def _is_apart(name: str, has_cue: bool) -> bool:
    """Whether what stands after a sign and a space is a handle, and not a place or a price ("@ home", "@ Rs500")."""
    lower = name.lower()
    if name[0].isdigit() or lower in STOP or is_common(lower):
        return False
    letters = sum(map(str.isalpha, name))
    return letters > 1 and (has_cue or "_" in name or bool(CAMEL.search(name)) or 3 < letters < len(name))


def _before(text: str, start: int, service: str) -> Iterator[tuple[int, int, float]]:
    """The name before a service: one that somebody is told to add there, or that is said to be there."""
    if not LINKED.search(text, max(0, start - 8), start):
        return
    window = max(0, start - REACH), start
    added = BEFORE.search(text, *window)
    name = added["name"].lower() if added else ""
    if added and name not in STOP and not (service in WEAK and is_common(name)):
        yield *added.span("name"), 0.6
    elif there := OF_SERVICE.search(text, *window):
        name = there["name"]
        made = _looks_made(name) and len(name) > 4
        is_said = bool(there["mine"] or not there["on"] or (there["opens"] is not None and service not in WEAK))
        if made or (is_said and name.islower() and len(name) > 4 and name not in STOP and not is_common(name)):
            yield *there.span("name"), 0.5


def _is_handle(text: str, start: int, service: str, match: re.Match[str]) -> bool:
    """Whether the name after a service is one: by its look, or by what links the two."""
    name = match["name"]
    lower = name.lower()
    if lower in STOP or lower in ALL or len(name) < 2 or (service == "arroba" and " " in name):
        return False
    if name.isdigit() and not (service in {"qq", "icq", "line"} or match["signed"]):
        return False
    if match["at"]:
        return True
    is_word = service in LETTERS and text[start : start + len(service)].islower()
    if is_word and not text[max(0, start - 4) : start].lower().endswith(("my ", "mi ", "mon ", "meu ")):
        return False
    made = _looks_made(name)
    is_rare = not is_common(lower) and len(name) > 3
    has_id = bool(ID.match(text, start + len(service)))
    if service in WEAK and not (has_id and service in NAMED):
        return _is_handle_of_word(text, start, service, match)
    if match["signed"]:
        if set(match["signed"]) & set(":=>") or not match["signed"].isascii() or _own(text, start):
            return True
        is_plain = "." not in name and not is_no_name(lower) and bool(ENDS.match(text, match.end()))
        return made or is_plain or (is_rare and name.islower() and not set(match["signed"]) <= set("- "))
    if match["loose"]:
        is_alone = service in SHORT or bool(ENDS.match(text, match.end())) or _mine(text, start)
        return made or (is_rare and name.islower() and is_alone)
    if match["said"]:
        return made or has_id or is_rare or (_own(text, start) and not is_no_name(lower))
    if match["under"]:
        is_mine = " me " in match["under"] or _mine(text, start)
        return made or (is_mine and not is_no_name(lower))
    if match["bracket"]:
        return made or (text[match.end() : match.end() + 1] in {")", "]"} and not is_no_name(lower))
    return made or (has_id and not is_no_name(lower)) or "@" in match[0] or (is_rare and _mine(text, start))


def _is_handle_of_word(text: str, start: int, service: str, match: re.Match[str]) -> bool:
    """Whether a name is one after a service whose own name is a word ("line", "X", "OF")."""
    name = match["name"]
    made = _looks_made(name)
    if match["signed"]:
        is_clear = service in NAMED and bool(set(match["signed"]) & set(":=>") or not match["signed"].isascii())
        is_clear |= service in NAMED and name.islower() and not set(match["signed"]) <= set("- ")
        return made or (is_clear and len(name) > 3 and not is_common(name.lower()))
    if service not in NAMED or len(name) < 5:
        return False
    if made:
        return True
    return not match["loose"] and name.islower() and _mine(text, start) and not is_common(name)


def _looks_made(name: str) -> bool:
    """Unlike a word: with a digit and a letter, a `_`, or a dot between letters in small letters."""
    if " " in name:  # its signs are said
        return True
    letters = sum(map(str.isalpha, name))
    if "_" in name:
        return letters > 0
    if any(map(str.isdigit, name)) and letters > 1:
        return name[0].isalpha()
    is_one_case = name.islower() or name.isupper()
    return "." in name and name.replace(".", "").isalnum() and is_one_case and len(name) > 5


def _mine(text: str, start: int) -> bool:
    return bool(MINE.search(text, max(0, start - REACH), start))


def _own(text: str, start: int) -> bool:
    return bool(OWN.search(text, max(0, start - 24), start))


def _sign_before(text: str, start: int) -> int:
    while start and text[start - 1] == "@":
        start -= 1
    return start


def normal_form(handle: str) -> str:
    """The name alone, in lower case: "@Jane underscore Doe" is "jane_doe"."""
    name = view(handle).text.strip().lstrip("@").strip().lower()
    for said, sign in SAID if " " in name else ():
        name = said.sub(sign, name)
    return name
