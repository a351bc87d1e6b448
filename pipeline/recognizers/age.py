"""Exact ages of people ("24 yo", "I'm 24", "tengo 24 años"), and the band that an age is generalised to.

An age that somebody must have ("18+", "over 21"), a span of time ("10 years of experience") and the age of a thing are
none.
"""

import re
from collections.abc import Iterator

from pipeline.normalize import shape, view
from pipeline.recognizers import number_words
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import Cues
from pipeline.recognizers.words import is_first_name, is_word_too

# First and last year of each band, all ages together; the law draws lines at 18 and 21.
BANDS = ((0, 17), (18, 20), (21, 25), (26, 30), (31, 40), (41, 50), (51, 64), (65, 120))

_ADULT = 18
_OLD = 65
_REACH = 48  # code points before and after a number that say what it is
_NUMBER = rf"(?P<number>\d{{1,3}}|{number_words.PATTERN})"

_UNIT = re.compile(
    r"""(?:(?P<person>y\s?/\s?o|y\.?o\.?|(?:years?|yrs?|(?<=\d)y)\.?[\s-]{0,2}(?:old|young)|(?:years?|yrs?)\.?\sof\sage
    |anos\sde\s(?:edad|idade)|jahre\salt|anni|anitos|primaveras)|(?P<mere>years?|yrs?|anos|ans|jahre))$""",
    re.I | re.X,
)
_DIGITS = re.compile(r"(?<![\w.,$€£/%])\d{1,3}(?=[\s-]{0,3}$)")
_WORDS = re.compile(r"(?<![^\W_])[a-z]{2,12}(?:[\s-](?:(?:y|e|et)[\s-])?[a-z]{2,8})?(?=[\s-]{0,3}$)", re.I)
# "Age: 24", and "I'm 24" where no other unit follows.
_CUED = re.compile(
    rf"""(?:(?P<age>age[sd]?|edad|idade)(?:\s?[:=-]{{1,2}}\s?|\s)(?:(?:is|of|es|de|e|about|around|only|just|:)\s){{0,2}}
    |(?:i['’]?m|i\sam|i\swas|s?he['’]?s|s?he\s(?:is|was)|turn(?:ed|ing|s)?|tengo|tenho|cumpl(?:i|o|ir)
    |my\s(?:daughter|son|sister|brother|girlfriend|wife|friend|cousin|niece)\sis)\s(?:(?:just|only
    |now|about|almost|turning|a|an)\s){{0,2}})
    {_NUMBER}(?![.,:]?\d|[%+'"°]|\s?[-/]\s?\d|\s[%+$°]|\w|\s(?:to|or)\s\d)
    (?(age)|(?!\s(?:to|or|and\s(?:up|over|older|above)|min|minutes?|hours?|hrs?|days?|weeks?|months?|mos?|meses|dias
    |km|miles?|mi|lbs?|pounds|kg|cm|ft|feet|foot|in(?!\s(?-i:[A-Z]))|inch(?:es)?|k|percent|steps|blocks?|euros?|dollars|bucks|usd|am
    |pm|gb|credits?|of|years?\s(?!old|young|of\sage)|yrs?\s(?!old)|anos\s(?:de\s(?!edad|idade)|trabaj)|minutos
    |horas|people)\b))""",
    re.I | re.X,
)
_LETTER = re.compile(r"(?P<number>[1-6]\d)(?<![\w/.,$€£]\d\d)(?:\s?/\s?[fFmM]|[fF])(?![\w'’])")  # "24/f", "24F"
_LETTER_FIRST = re.compile(r"[fFmM](?<![\w'’/.][fFmM])\s?/\s?(?P<number>[1-6]\d)(?![\w.,])")
_APPOSITION = re.compile(r"[,(]\s{0,2}(?P<number>\d\d)(?=\s?(?:[,.;!)\n]|$))(?!\.\d)")
_NAMED = re.compile(r"(?:(?P<word>[^\W\d_]{2,20})|<PERSON_\d{1,3}>)\s?$")
_MONTHS = ("april", "may", "june", "july", "august")

# Before a number: a limit, a range or a length of time; the thing whose age it is.
_LIMIT = re.compile(
    r"(?:\d\s?(?:-|to|a|or|and|y|o|e|et|ou|/|–)\s?|(?:^|[^\w])(?:over|under|above|below|least|than|minimum|maximum"
    r"|min|max|until|till|up\sto|past"
    r"|every|after|be|between|are\syou|you\sare|you['’]?re|mayor(?:es)?\sde|menor(?:es)?\sde|mas\sde|menos\sde"
    r"|hasta|minimo|plus\sde|moins\sde|mais"
    r"\sde|acima\sde|hace|durante|por|pour|depuis|pendant|dans|ha|last|next|ultimos|proximos|for|within|from|legal"
    r"|drinking|retirement|about\sour)\.?[\s:]{1,2}(?:(?:the|age|ages|aged|of|los|las|a|an|les|at)\s){0,3})$",
    re.I,
)
_LIMIT_AFTER = re.compile(
    r"\s?(?:\+|,?\s?(?:or|and|o|ou|y|e|et|und)\s(?:older|over|above|up|more|mas|plus|mayor(?:es)?|younger|under"
    r"|mais|acima|alter)|min(?:imum)?\b|plus\b|[-–]\s?\d|to\s\d|required\b)",
    re.I,
)
_THING = (
    r"(?:compan(?:y|ies)|firm|start-?up|business|organi[sz]ation|agency|brand|house|home|building|car|truck|van"
    r"|bike|boat|machine|laptop|computer"
    r"|phone|sofa|couch|table|chair|bed|mattress|furniture|fridge|washer|dryer|tv|dog|cat|puppy|kitten|horse"
    r"|whiske?y|wine|tree|school|college"
    r"|institution|industry|technology|system|software|product|tradition|history|roof|kitchen|apartment|condo"
    r"|empresa|compania|casa|coche|carro|perro|gato|entreprise"
    r"|societe|maison|voiture|chien|chat|experience|experiencia|exp|warranty|garantia)"
)
_THING_BEFORE = re.compile(rf"\b{_THING}s?\b[\s,]{{1,2}}(?:[\w'’]+\s){{0,2}}$", re.I)
_THING_AFTER = re.compile(rf"[\s-]{{1,2}}(?:\w{{1,15}}[\s-]){{0,2}}{_THING}s?\b|\s(?:in|of|de|d['’])\b", re.I)
_PERSON_BEFORE = re.compile(
    r"\b(?:i['’]?m|i\sam|s?he(?:['’]?s|\sis|\swas)|who|girl|boy|child|kid|teen|daughter|son|sister|brother|baby"
    r"|tengo|tiene|tenho|tem|hij[ao]|nin[oa]|j['’]ai|a)[\s,:(]{1,2}(?:[\w'’]+\s){0,2}$",
    re.I,
)
_PERSON_AFTER = re.compile(
    r"[\s-]{1,2}(?:\w{1,12}[\s-]){0,2}(?:girl|boy|woman|man|female|male|lady|guy|child|kid|teen|teenager|student"
    r"|daughter|son|blonde|brunette)s?\b",
    re.I,
)
_AGE_BEFORE = re.compile(
    r"(?:^|[^\w])(?:i['’]?m|i\sam|am|s?he['’]?s|s?he\sis|soy|tengo|tienes?|con|(?:chic[ao]|mujer|hombre|joven"
    r"|senora|nin[ao]|moca|mulher|homem|femme|fille|homme)(?:\sde)?|cumpl\w{1,3}|j['’]ai|elle\sa|il\sa|tenho|tem"
    r"|com|fiz|aged?|edad|idade|ich\sbin|turn(?:ed|ing|s)?)\s?:?\s?$",
    re.I,
)
_ENDS = re.compile(r"\.?\s{0,2}(?:[,.!;)(\n*|~]|$)")

_UNITS = Cues(
    "yo,y/o,y.o,y.o.,old,young,of age,de edad,de idade,jahre alt,anni,anitos,primaveras,years,year,yrs,yr,anos,ans,"
    "jahre".split(",")
)
_CUES = Cues(
    "age,aged,ages,edad,idade,i'm,i’m,im,i am,i was,she's,he's,she’s,he’s,shes,hes,she is,he is,"
    "she was,he was,turned,turning,turn,turns,tengo,tenho,cumpli,cumplo,cumplir,my daughter is,"
    "my son is,my sister is,my brother is,my girlfriend is,my wife is,my friend is,my cousin is,my niece is".split(",")
)


class AgeRecognizer(ViewRecognizer):
    """Finds the number alone, so that a band reads well in its place: "<AGE_21-25> years old"."""

    ENTITY = "AGE"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        for _, end, _ in _UNITS.find(text):
            yield from _before_unit(text, end)
        for start, _, _ in _CUES.find(text):
            match = _CUED.match(text, start)
            if match and not _is_limit(text, start, match.end()) and _is_possible(match):
                yield *match.span("number"), 0.6
        if b"00" not in shape(text):
            return
        for pattern in (_LETTER, _LETTER_FIRST):
            for match in pattern.finditer(text):
                yield *match.span("number"), 0.5
        for match in _APPOSITION.finditer(text):
            if _is_named(text, match):
                yield *match.span("number"), 0.6


def generalised(covered: str) -> str:
    """The placeholder of the band that an age (digits or words) is in; of all ages where it cannot be read."""
    age = number_words.value_of(view(covered).text)
    first, last = next(((a, b) for a, b in BANDS if age is not None and a <= age <= b), (BANDS[0][0], BANDS[-1][1]))
    return f"<AGE_{first}-{last}>"


def _is_possible(match: re.Match[str]) -> bool:
    return 10 <= (number_words.value_of(match["number"]) or 0) <= BANDS[-1][1]


def _is_limit(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    return _LIMIT.search(before) is not None or _LIMIT_AFTER.match(after) is not None


def _before_unit(text: str, end: int) -> Iterator[tuple[int, int, float]]:
    """The number before a unit that ends at `end`, where it is how old a person is."""
    unit = _UNIT.search(text, max(0, end - 16), end)
    if not unit:
        return
    from_ = max(0, unit.start() - _REACH // 2)
    number = _DIGITS.search(text, from_, unit.start())
    if not number:
        words = (_WORDS.match(text, at, unit.start()) for at in _word_starts(text, from_, unit.start()))
        number = next((word for word in words if word and number_words.value_of(word[0])), None)
    if number and _is_age(text, *number.span(), unit):
        yield *number.span(), 0.7


def _word_starts(text: str, start: int, end: int) -> list[int]:
    """Where the last three words before `end` start, first to last."""
    return [start + word.start() for word in re.finditer(r"[^\W\d_]+", text[start:end])][-3:]


def _is_age(text: str, start: int, end: int, unit: re.Match[str]) -> bool:
    """Whether a number with its unit is how old a person is."""
    before, after = text[max(0, start - _REACH) : start], text[unit.end() : unit.end() + _REACH]
    age = number_words.value_of(text[start:end]) or 0
    if age > BANDS[-1][1] or _is_limit(text, start, unit.end()):
        return False
    if _THING_BEFORE.search(before) or _THING_AFTER.match(after):
        return False
    if unit["mere"]:
        is_end = _ADULT <= age < _OLD and unit["mere"].lower() in ("anos", "ans", "yrs") and _ENDS.match(after)
        return bool(is_end or (_AGE_BEFORE.search(before) and age >= 10))
    is_written_short = "o" in unit["person"][-2:].lower() and age >= 10  # "yo", which is said of people
    return bool(age >= _ADULT or is_written_short or _PERSON_BEFORE.search(before) or _PERSON_AFTER.match(after))


def _is_named(text: str, match: re.Match[str]) -> bool:
    """Whether the number stands beside a name: "Jade, 24," or "<PERSON_1> (24)"."""
    if not _ADULT <= int(match["number"]) < _OLD:
        return False
    name = _NAMED.search(text[max(0, match.start() - 24) : match.start()])
    if not name or not name["word"]:
        return name is not None
    word = name["word"].lower()
    return is_first_name(word) or (is_word_too(word) and name["word"][0].isupper() and word not in _MONTHS)
