"""Mailboxes named beside their provider: "jane_22 gmail", "jane.doe on yahoo", "janedoe (at g-mail)"."""

import re
from collections.abc import Iterator

from pipeline.recognizers.cues import Cues
from pipeline.recognizers.domains import DOT
from pipeline.recognizers.words import is_common, is_no_name

_GOOGLE = ("gmail", "g-mail", "g mail", "gee mail", "googlemail", "google mail", "google's mail", "googles email")
_PROVIDERS = Cues(
    [*_GOOGLE, *"hotmail,hot mail,yahoo,ymail,outlook,icloud,protonmail,proton mail,aol,gmx,tutanota".split(",")]
)
_OFFICE = frozenset(("yahoo", "outlook", "aol"))  # said of other things as well
_PROVIDER = re.compile(
    r"(?:g[\s-]?mail|gee\smail|google(?:'?s)?\s?(?:e-?)?mail|hot[\s-]?mail|yahoo|ymail|outlook|icloud|proton\s?mail|aol"
    rf"|msn|gmx|yandex|zoho|tutanota|rocketmail)(?:(?:\s|{DOT})?(?:c[o0]m|net|fr|es|co\suk|com\s(?:br|mx)))?(?!\w|\.\w)",
    re.I,
)
_REACH = 80  # code points before a provider in which its mailbox may stand
_BESIDE = re.compile(
    r"""(?<![\w@.+-])(?P<local>[a-z][\w.+-]{2,40}\w)
    (?P<link>\s?(?:[,([{/|+>-]\s?){0,2}(?<=[^\w.])
      (?:(?:at|on|en|no|em|the|then|chez|with|and|it's|its|a|sur|via|my|is|@)\s|@){0,4})$""",
    re.I | re.X,
)
_LINKED = re.compile(r"(?<!\w)(?:at|on|en|no|em|then|chez|with|its|it's|via|sur|@)(?!\w)|@$|[([{]", re.I)


def find(text: str) -> Iterator[tuple[int, int, float]]:
    """Every mailbox with the provider behind it, and its score: a name with a look of its own, or no usual word."""
    for start, end, provider in _PROVIDERS.find(text):
        is_typed = text[start - 1 : start] == "@" and not text[max(0, start - 2) : start - 1].isspace()
        beside = None if is_typed else _BESIDE.search(text, max(0, start - _REACH), start)
        if beside and _is_mailbox(beside["local"], beside["link"], provider):
            yield beside.start("local"), max(end, ending(text, start)), 0.5


def ending(text: str, start: int) -> int:
    """Where the provider ends, with its suffix if it has one, that starts there; 0 where none does."""
    provider = _PROVIDER.match(text, start)
    return provider.end() if provider else 0


def _is_mailbox(local: str, link: str, provider: str) -> bool:
    if provider in _OFFICE and not _LINKED.search(link):
        return False
    return bool(re.search(r"[\d_.]", local)) or (local.islower() and not is_common(local) and not is_no_name(local))
