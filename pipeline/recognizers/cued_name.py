"""Names that a cue gives away ("ask for …", "… answers"), which a statistical tagger misses in ads."""

import re
from collections.abc import Iterator

from pipeline.recognizers.base import ViewRecognizer

_TITLE = r"(?:(?:mr|mrs|ms|dr|sr|sra|don|dona)\.?\s+)?"
_ANY_CASE = rf"(?P<name>{_TITLE}(?P<word>[a-z][a-z'-]+)(?:\s+[a-z]\b(?!')\.?|\s+(?-i:[A-Z][a-z'-]+))?)"
_CAPITALISED = r"(?P<name>(?P<word>(?-i:[A-Z][a-z'-]+))(?:\s+(?-i:[A-Z][a-z'-]*)\.?)?)"

_ASK = (
    r"\b(?:ask(?:ing)? for|my name is|name'?s|i am called|speak (?:to|with)|talk to|contact person|pregunt\w+ por"
    r"|me llamo|mi nombre es|habl\w+ con|contacto)\s*[:,-]?\s+"
)
_SIGN_OFF = r"(?:regards|thanks|thank you|saludos|gracias|atentamente)\s*[,.!-]\s*"
_WRITE = r"\b(?:text|call|phone|ring|message|see|contact|llam\w+ a|escrib\w+ a|marqu?e a)\s+"
_REPLIES = r"(?=\s+(?:answers|replies|will (?:get back|answer|reply|call)|(?:le )?atiende|contesta|responde)\b)"

_PATTERNS = [
    re.compile(pattern, re.I)
    for pattern in (
        _ASK + _ANY_CASE,
        _SIGN_OFF + _ANY_CASE + r"(?=\s*(?:[\n.,!(]|$))",
        rf"\d\W{{0,3}}\(\s?{_ANY_CASE}\s?\)",
        _WRITE + _CAPITALISED + r"(?=\s+(?:on|at|en|al)\b)",
        rf"\b{_CAPITALISED}{_REPLIES}",
        rf"(?:^|[.!?\n]\s*){_ANY_CASE}{_REPLIES}",
    )
]
# What stands at a name's place without being one.
_NOT_NAMES = frozenset(
    "a an the our your my more us me him her them any this that someone anyone everyone who he she we they it you "
    "nobody "
    "details directions info information price prices availability help manager management owner reception staff "
    "appointment sales hr text cell mobile office home work whatsapp evenings mornings weekdays only please voicemail "
    "el la los las un una mi su mas informacion nosotros nuestro nuestra detalles precio precios recepcion encargado "
    "encargada gerente alguien nadie quien tardes noches oficina casa solo".split()
)


class CuedNameRecognizer(ViewRecognizer):
    """Finds the word that a cue points at, in any case, with the initial or surname after it; the cue stays."""

    ENTITY = "PERSON"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        for pattern in _PATTERNS:
            for match in pattern.finditer(text):
                if match["word"].lower() not in _NOT_NAMES:
                    yield match.start("name"), match.end("name"), 0.6
