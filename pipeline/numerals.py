"""Numbers in words, as people say phone numbers: English, Spanish, French and Portuguese, leetspeak and look-alikes.

A rewriting is a list of edits: start and end (code points of the text given, end exclusive) and the new characters.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

Edit = tuple[int, int, str]

_UNITS = (
    "zero one two three four five six seven eight nine",
    "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "zero un deux trois quatre cinq six sept huit neuf",
    "zero um dois tres quatro cinco seis sete oito nove",
    "oh una duas tree fower fiv sicks sevn ate niner",
    "o won too thre foor fife meia seben eigth nien",
    "nought uma tew treis kuatro sinko sies ciete otcho nove",
    "zro wun twoo thrie fo fyve siks sevin eigt nyne",
    "zer wan tuu thri fuor fve sx sebn ayt nin",
)
_TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve",
    "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    "dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove",
    "dez onze doze treze quatorze quinze dezasseis dezassete dezoito dezanove",
)
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "vingt trente quarante cinquante soixante septante octante nonante",
    "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "twenny thirdy fourty fiddy sixdy sevendy eightty ninty",
)
_OVER_TWENTY = "veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"
_TWO_HUNDRED_ON = (
    "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos",
    "duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos",
)
NUMBERS = {
    **{word: str(n) for line in _UNITS for n, word in enumerate(line.split())},
    **{word: str(n) for line in _TEENS for n, word in enumerate(line.split(), 10) if "-" not in word},
    **{word: str(n) for line in _TENS for n, word in zip(range(20, 100, 10), line.split(), strict=True)},
    **{word: str(n) for n, word in enumerate(_OVER_TWENTY.split(), 21)},
    **{word: f"{n}00" for line in _TWO_HUNDRED_ON for n, word in enumerate(line.split(), 2)},
    "vingts": "20",
    "ciento": "100",
    "cento": "100",
}
COMMON = tuple(sorted({word for line in (*_UNITS[:4], *_TENS[:4]) for word in line.split()}))  # of the four languages
# The units of English without doubled letters: "fivee" and "zzero" are said too.
_STRETCHED = {re.sub(r"(.)\1+", r"\1", word): str(n) for n, word in enumerate(_UNITS[0].split())}
_TIMES = {"double": 2, "triple": 3, "treble": 3, "doble": 2, "duplo": 2, "dobro": 2, "triplo": 3, "dupla": 2}
_HUNDREDS = frozenset("hundred cientos cent cents".split())

_DIGIT = re.compile(r"[ -](\d)(?!\d)")
_LONGEST = 120  # letters of a number in one word
_BETWEEN = re.compile(r"[ -]{1,2}| y | e | et |-et-| and ")  # what joins hundreds, tens and units
# Words and pieces of them that run together ("fivefive"); none that other words are full of ("o", "un", "ate").
_GLUED = sorted((word for word in NUMBERS if len(word) > 2 and word not in {"ten", "too", "won", "ate"}), key=len)[::-1]
_RUN = re.compile(rf"(?:{'|'.join(_GLUED)}|oh)+")
_GLUED_STARTS = frozenset(word[:3] for word in _GLUED) | frozenset("oh" + word[0] for word in [*_GLUED, "oh"])
_UNSAID: set[str] = set()  # words met lately that say nothing
_REMEMBERED = 20_000
_SAID = frozenset(NUMBERS) | frozenset(_TIMES) | _HUNDREDS
_STRETCHED_FORM = re.compile("|".join("".join(f"{letter}+" for letter in word) for word in _STRETCHED))
_DOUBLED = re.compile(r"(.)\1+")
_PART = re.compile(rf"{'|'.join(_GLUED)}|oh")

_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "!": "i", "$": "s"}
_LEET_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!$")
_LEET_SIGN = re.compile(r"[0-9!$](?:(?<=[a-zA-Z].)|(?=[a-zA-Z]))")  # begins with few characters: fast
_LEET_WORD = re.compile(r"(?<![\w!$])(?=[\d!$]{0,5}[a-z])(?=[a-z]{0,5}[\d!$])[a-z\d!$]{3,6}(?![\w$])", re.I)
_LEET_FORMS = str.maketrans(_LEET)
_OWN_DIGIT = {digit + word[1:]: digit for word, digit in NUMBERS.items() if len(digit) == 1 < len(word)}  # "8ight"

_SOUNDS = {"for": "4", "fore": "4", "to": "2", "tu": "2"}
_SOUND_SIGN = re.compile(r"[0-9][ -]\d[ -][ft]", re.I)
_SOUND = re.compile(r"[ft](?<=\d[ -]\d[ -].)(?:ore?|o|u)(?=[ -]\d(?!\d))", re.I)

_CHINESE_DIGITS = {
    c: str(n % 10)
    for line in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖", "洞幺两叄肆伍陸柒捌玖")
    for n, c in enumerate(line)
}
_CHINESE_SIGN = re.compile(f"[{''.join(_CHINESE_DIGITS)}]")
_CHINESE = re.compile(rf"(?:[{''.join(_CHINESE_DIGITS)}\d][ -]?){{5,40}}[{''.join(_CHINESE_DIGITS)}]")

_LOOK_ALIKE_SIGN = re.compile(
    r"[0-9](?:(?<=[oOlIiSsBbZzQDgGEAT]\d)|(?=[oOlIiSsBbZzQDgGEAT]|[-. ][OISBZl]{2})|(?<=[OISBZl][OISBZl][-. ]\d))"
)
_LOOK_ALIKES = str.maketrans("oOlIiSsBbZzQDgGEAT", "001115588220096347")
_RARE = "gGEAT"
_PARTED = re.compile(r"\d{1,4}([a-zA-Z])\d{1,4}(?:\1\d{1,4}){1,12}")
# A match begins with few characters: fast. What is asked of the first one is asked behind it.
_LOOK_ALIKE = re.compile(
    r"""[0-9oOlIiSsBbZzQDgGEAT](?<![^\W_].)(?:
        (?:(?<=\d)|(?=[a-zA-Z]{0,11}\d))(?!(?<=[isbz])[isbz]?\d)[\doOlIiSsBbZzQDgGEAT]{1,15}  # "O12l"
      | (?<=\d[-. ][OIl])[OIl](?=[-. ]\d)                                               # "+55 ll 9123"
      | (?<=\d[-. ][OISBZl])[OISBZl]{2,3}(?=[-. ][oOIlSBZ]{0,4}\d)                      # "346-SSS-0140"
      | (?<=\d[-. ][OISBZl])[OISBZl]{3}                                                 # "346-555-OISO"
      | (?<=[OISBZl])[OISBZl]{2}(?=[-. ]\d{3}[-. ][\dOISBZl]{4})                         # "ZIS-555-0140"
    )(?![^\W_])""",
    re.X,
)


@lru_cache(maxsize=65_536)
def said(word: str) -> str:
    """The digits that a lower-case word says: "five" 5, "fiftyfive" 505, "phone" none."""
    if word in NUMBERS:
        return NUMBERS[word]
    if len(word) > 5 and _RUN.fullmatch(word):
        return "".join(NUMBERS[part] for part in _PART.findall(word))
    return _STRETCHED[_DOUBLED.sub(r"\1", word)] if len(word) > 3 and _STRETCHED_FORM.fullmatch(word) else ""


def said_in(words: frozenset[str]) -> list[str]:
    """Those of the lower-case words that say a number, or how often one is repeated."""
    if len(_UNSAID) > _REMEMBERED:
        _UNSAID.clear()
    found = []
    for word in words - _UNSAID:
        if len(word) <= _LONGEST:
            if _is_said(word):
                found.append(word)
            else:
                _UNSAID.add(word)
    return sorted(found)


def _is_said(word: str) -> bool:
    may_be = len(word) > 3 and (word[:3] in _GLUED_STARTS or _STRETCHED_FORM.fullmatch(word) is not None)
    return word in _SAID or (may_be and said(word) != "")


def spoken(text: str, said_words: Sequence[str]) -> Iterator[Edit]:
    """Edits that turn number words into digits: "double five" is 55, "twenty one" 21, "eight hundred" 800.

    `said_words` are those of the text's words that `said_in` gives.
    """
    before: Edit | None = None  # a number not yet given out, because the next word may belong to it
    times = (0, 0, 1)
    found = _occurrences(text, said_words)
    for (start, end, word), (next_start, _, next_word) in itertools.pairwise([*found, (len(text), len(text), "")]):
        if word in _TIMES:
            times = (start, end, _TIMES[word])
            if digit := _DIGIT.match(text, end):
                if before:
                    yield before
                before = start, digit.end(), digit[1] * times[2]
            continue
        if not (digits := said(word)):
            if before and word in _HUNDREDS and len(before[2]) == 1 and text[before[1] : start] in {" ", "-"}:
                before = before[0], end, before[2] + "00"
            continue
        if times[2] > 1 and text[times[1] : start] in {" ", "-"} and len(digits) == 1:
            start, digits = times[0], digits * times[2]
        elif before and _BETWEEN.fullmatch(text, before[1], start) and (sum_ := _sum(before[2], digits)):
            # "eight hundred five", "ochocientos cinco cinco cinco": a unit that begins the next group
            is_next = len(digits) == 1 and (
                " " in text[before[0] : before[1]]
                or _DIGIT.match(text, end)
                or (len(said(next_word)) == 1 and next_start - end < 3)
            )
            if not (is_next and before[2].endswith("00")):
                before = before[0], end, sum_
                continue
        if before:
            yield before
        before, times = (start, end, digits), (0, 0, 1)
    if before:
        yield before


def _occurrences(text: str, words: Sequence[str]) -> list[Edit]:
    """Where the words stand in a text, no letter touching them; a word is in lower case."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c if len(c.lower()) > 1 else c.lower() for c in text)
    found = []
    for word in words:
        start = lower.find(word)
        while start >= 0:
            end = start + len(word)
            before, after = lower[start - 1 : start], lower[end : end + 1]
            touched = before.isalpha() or after.isalpha() or (word == "o" and (before.isdigit() or after.isdigit()))
            if not touched:  # an "o" that digits touch is left to `look_alikes`
                found.append((start, end, word))
            start = lower.find(word, end)
    return sorted(found)


def leet(text: str) -> Iterator[Edit]:
    """Edits of digit words written with digits in them ("s3v3n", "tw0", "f!ve")."""
    position = 0
    for sign in _LEET_SIGN.finditer(text):
        start = sign.start()
        while start > position and sign.start() - start < 6 and text[start - 1] in _LEET_CHARACTERS:
            start -= 1
        if start >= position and (match := _LEET_WORD.match(text, start)):
            plain = match[0].lower().translate(_LEET_FORMS)
            position = match.end()
            if own := _OWN_DIGIT.get(match[0].lower()):
                yield *match.span(), own
                continue
            is_word = plain == "one" or 2 * sum(map(str.isalpha, match[0])) >= len(plain)
            if len(plain) > 2 and plain in NUMBERS and is_word:
                yield *match.span(), NUMBERS[plain]


def look_alikes(text: str) -> Iterator[Edit]:
    """Edits of letters that stand among digits and look like them ("2l3-SSS-O12O")."""
    for match in _LOOK_ALIKE.finditer(text) if _LOOK_ALIKE_SIGN.search(text) else ():
        if not match[0].isdigit() and _is_number(match[0]):
            yield *match.span(), match[0].translate(_LOOK_ALIKES)


def _is_number(word: str) -> bool:
    """Whether its letters stand for digits: they part no groups ("213o555o0123"), and rare ones are few ("E05")."""
    rare = sum(map(word.count, _RARE))
    return not _PARTED.fullmatch(word) and (not rare or 2 * sum(map(str.isdigit, word)) >= len(word) > 2)


def sounds(text: str) -> Iterator[Edit]:
    """Edits of words between single digits that sound like one ("2 1 3 5 5 5 0 1 to 3")."""
    for match in _SOUND.finditer(text) if _SOUND_SIGN.search(text) else ():
        yield *match.span(), _SOUNDS[match[0].lower()]


def chinese(text: str) -> Iterator[Edit]:
    """Edits of Chinese numerals where several stand in a row, as in a number: one alone is a word."""
    for match in _CHINESE.finditer(text) if not text.isascii() and _CHINESE_SIGN.search(text) else ():
        yield *match.span(), "".join(_CHINESE_DIGITS.get(c, c) for c in match[0])


def _sum(tens: str, units: str) -> str:
    """What is said by numbers in turn: "20" and "1" 21, "500" and "50" 550, the French "60" and "12" 72; others ""."""
    if len(tens) == 3 and len(units) < 3:
        rest = units.zfill(2) if tens.endswith("00") else _sum(tens[1:], units)
        return tens[0] + rest if rest else ""
    if tens == "4" and units == "20":
        return "80"
    if len(tens) == 2 and tens[1] == "0" and tens[0] != "1" and len(units) == 1 and units != "0":
        return tens[0] + units
    if tens in {"60", "80"} and len(units) == 2 and units[0] == "1":
        return str(int(tens) + int(units))
    return "1" + units if tens in {"10", "70", "90"} and units in {"7", "8", "9"} and tens == "10" else ""
