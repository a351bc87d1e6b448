"""Numbers from ten to ninety-nine in words: English, Spanish, French and Portuguese, without accents."""

import re

_TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve",
    "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    "dez onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove",
)
# Tens from twenty on, the units, and what joins them.
_TENS = (
    ("twenty thirty forty fifty sixty seventy eighty ninety", "one two three four five six seven eight nine", " "),
    (
        "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
        "uno dos tres cuatro cinco seis siete ocho nueve",
        " y ",
    ),
    ("vingt trente quarante cinquante soixante", "et un,deux,trois,quatre,cinq,six,sept,huit,neuf", " "),
    (
        "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
        "um,dois,tres,quatro,cinco,seis,sete,oito,nove",
        " e ",
    ),
)


def value_of(words: str) -> int | None:
    """The number that digits or words say ("twenty-two", "treinta y dos"), or none."""
    words = re.sub(r"[\s-]+", " ", words.strip().lower())
    return int(words) if words.isascii() and words.isdigit() else _VALUES.get(words)


def _spell() -> dict[str, int]:
    values: dict[str, int] = {}
    for teens in _TEENS:
        values |= {word.replace("-", " "): n for n, word in enumerate(teens.split(), 10)}
    for tens, units, joint in _TENS:
        for ten, word in enumerate(tens.split(), 2):
            values[word] = ten * 10
            for one, unit in enumerate(re.split("," if "," in units else " ", units), 1):
                values[f"{word}{joint}{unit}"] = ten * 10 + one
    for one, unit in enumerate("uno dos tres cuatro cinco seis siete ocho nueve".split(), 1):
        values[f"veinti{unit}"] = 20 + one
    return values | {"veintiun": 21, "treinta y un": 31, "cuarenta y un": 41, "cincuenta y un": 51}


_VALUES = _spell()
_LONGEST_FIRST = sorted(_VALUES, key=lambda words: (-len(words), words))
PATTERN = r"(?:" + "|".join(words.replace(" ", r"[\s-]") for words in _LONGEST_FIRST) + r")(?![a-z])"
