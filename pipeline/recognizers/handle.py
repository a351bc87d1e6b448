"""Social handles and messaging ids: `@name`, or a name beside the service it belongs to."""

import re
from collections.abc import Iterator

from pipeline.normalize import view
from pipeline.recognizers import signs
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import lowered
from pipeline.recognizers.handle_patterns import (
    ALL,
    APART,
    BEFORE,
    BESIDE,
    CAMEL,
    CUES,
    DISGUISED,
    ENDS,
    GHOSTS,
    ID,
    LETTERS,
    LINK,
    LINKED,
    MINE,
    NAMED,
    NO_WORDS,
    OF_SERVICE,
    OTHERS,
    OWN,
    REACH,
    REACHED,
    REACHED_AT,
    SHORT,
    SIGN,
    SIGNED,
    SIGNED_NAME,
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
        for start, end, cue in CUES.find(text):
            service = DISGUISED.get(cue, cue)
            end -= cue.endswith("_")
            link = LINK.match(text, end)
            if link and _is_handle(text, start, service, link):
                yield _sign_before(text, link.start("name")), link.end("name"), 0.6
            if service not in WEAK or service in NAMED:
                yield from name_before(text, start, end, service)
        for _, end, _ in REACHED.find(text):
            reached = REACHED_AT.match(text, end)
            if reached and _is_reached(reached["name"], bool(reached["at"] or ENDS.match(text, reached.end()))):
                yield *reached.span("name"), 0.5
        for start, end, _ in SIGNED.find(text):
            signed = SIGNED_NAME.match(text, end) if not text[start - 1 : start].isdigit() else None
            if signed and signed["name"].lower() not in STOP:
                yield *signed.span("name"), 0.6
        lower = lowered(text)
        for pattern in (pattern for sign, pattern in OTHERS if sign.search(lower)):
            for named in pattern.finditer(lower):
                if named["name"] not in STOP:
                    yield *named.span("name"), 0.6
        for named in GHOSTS.finditer(text) if not text.isascii() else ():
            name = named["name"]
            is_alone = (
                name.islower() and not is_common(name) and bool(named["link"].strip() or ENDS.match(text, named.end()))
            )
            if _looks_made(name) or name.startswith("@") or is_alone:
                yield *named.span("name"), 0.5


def _is_apart(name: str, has_cue: bool) -> bool:
    """Whether what stands after a sign and a space is a handle, and not a place or a price ("@ home", "@ Rs500")."""
    lower = name.lower()
    if name[0].isdigit() or lower in STOP or is_common(lower):
        return False
    letters = sum(map(str.isalpha, name))
    return letters > 1 and (has_cue or "_" in name or bool(CAMEL.search(name)) or 3 < letters < len(name))


def _is_reached(name: str, is_at: bool) -> bool:
    """Whether the word behind "dm me" or "dm me at" is a name."""
    if name.lower() in ALL:
        return False
    return _looks_made(name) or (is_at and name.islower() and len(name) > 3 and not is_common(name))


def name_before(text: str, start: int, end: int, service: str) -> Iterator[tuple[int, int, float]]:
    """The name before a service: one that somebody is told to add there, or that is said to be there."""
    window = max(0, start - REACH), start
    if not LINKED.search(text, max(0, start - 8), start):
        beside = BESIDE.search(text, *window) if service in SHORT and ENDS.match(text, end) else None
        if beside and (_looks_made(beside["name"]) or (beside["added"] and not is_common(beside["name"].lower()))):
            yield *beside.span("name"), 0.5
        return
    added = BEFORE.search(text, *window)
    name = added["name"].lower() if added else ""
    is_plain = bool(added and (added["told"] or service in WEAK) and not _looks_made(name) and is_common(name))
    if added and name not in STOP and not is_plain:
        yield *added.span("name"), 0.6
    elif there := OF_SERVICE.search(text, *window):
        name = there["name"]
        made = _looks_made(name) and len(name) > 4
        if there["apart"] and not (service in SHORT and ENDS.match(text, end)):
            return
        is_said = bool(there["mine"] or not there["on"] or (there["opens"] is not None and service not in WEAK))
        if made or (is_said and name.islower() and len(name) > 4 and name not in STOP and not is_common(name)):
            yield *there.span("name"), 0.5


def _is_handle(text: str, start: int, service: str, match: re.Match[str]) -> bool:
    """Whether the name after a service is one: by its look, or by what links the two."""
    name = match["name"]
    lower = name.lower()
    if lower in STOP or lower in ALL or len(name) < 2 or (service == "arroba" and " " in name):
        return False
    if name.isdigit() and len(name) > 4 and service in {"qq", "icq"}:
        return True
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
        is_dash = set(match["signed"]) <= set("- ")
        return made or is_plain or (is_rare and name.islower() and not (is_dash and service not in SHORT))
    if match["loose"]:
        return made or (is_rare and name.islower())
    if match["said"]:
        return made or has_id or is_rare or (_own(text, start) and not is_no_name(lower))
    if match["under"]:
        is_mine = " me " in match["under"] or _mine(text, start)
        return made or (is_mine and not is_no_name(lower)) or (is_rare and name.islower())
    if match["bracket"]:
        return made or (text[match.end() : match.end() + 2].strip()[:1] in {")", "]"} and not is_no_name(lower))
    is_alone = is_rare and name.islower() and (service in SHORT or bool(ENDS.match(text, match.end())))
    return made or (has_id and not is_no_name(lower)) or "@" in match[0] or is_alone or (is_rare and _mine(text, start))


def _is_handle_of_word(text: str, start: int, service: str, match: re.Match[str]) -> bool:
    """Whether a name is one after a service whose own name is a word ("line", "X", "OF")."""
    name = match["name"]
    made = _looks_made(name)
    if match["signed"]:
        is_clear = service in NAMED and bool(set(match["signed"]) & set(":=>") or not match["signed"].isascii())
        is_dash = set(match["signed"]) <= set("- ")
        is_clear |= service in NAMED and name.islower() and not (is_dash and service not in NO_WORDS)
        return made or (is_clear and len(name) > 3 and not is_common(name.lower()))
    if service not in NAMED or len(name) < 5:
        return False
    if made or (service in NO_WORDS and name.islower() and not is_common(name)):  # which are no words
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
    return signs.typed(view(handle).text.strip().lstrip("@").strip().lower())
