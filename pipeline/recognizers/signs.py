"""Signs of a name that are said: "jane underscore doe", "ana guion bajo luz", "jane (dash) doe"."""

import re

from pipeline import numerals

_UNDERSCORE = (
    r"under\s?score|underline|sublinhado|guion\sbajo|barra\sbaj[ao]|barra\sbaixa|tiret\s(?:du\s)?bas|low\sdash"
)
_DASH = r"dash|hyphen|minus|guion(?:\smedio)?|tiret|trait\sd'union|traco|hifen"
_DOT = r"dot|punto|ponto|point"


def said(words: str) -> str:
    """A pattern of the words with what parts them from a name: spaces, or brackets."""
    return rf"(?:\s{{1,2}}(?:{words})\s{{1,2}}|\s?[(\[]\s?(?:{words})\s?[)\]]\s?)"


# Words of such signs and digits: no space beside a sign, or before a digit, parts a name.
WORDS = (
    "underscore under score underline sublinhado guion bajo medio barra baja baixa tiret du bas low dash hyphen minus "
    "trait d'union traco hifen"
).split()
JOINING = said(f"{_UNDERSCORE}|{_DASH}")  # what joins the parts of a name, dots apart
SIGN = f"(?:{_UNDERSCORE}|{_DASH}|{_DOT})"
_NUMBER = rf"(?:{'|'.join(numerals.COMMON)})(?![^\W_])"
NUMBERS = rf"(?:\s{_NUMBER}(?:[\s-]{_NUMBER}){{1,5}})"  # digits that are said, two at least: "jane seven seven"
_TYPED = tuple((re.compile(said(words), re.I), sign) for words, sign in ((_UNDERSCORE, "_"), (_DASH, "-"), (_DOT, ".")))


def typed(name: str) -> str:
    """A name in lower case as one would type it: "jane underscore doe" is "jane_doe"."""
    for words, sign in _TYPED if " " in name or "(" in name else ():
        name = words.sub(sign, name)
    return name
