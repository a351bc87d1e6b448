"""How a contact is written in an ad: plainly, or disguised as posters do to get past filters.

Each writer picks a style by weight and returns the text and the style's name. The normal form of what it writes is the
contact it was given, for every style: a reader can still call the number.
"""

from dataclasses import dataclass
from random import Random

from pipeline.sample.templates import Language

DIGIT_WORDS: dict[Language, tuple[str, ...]] = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "es": ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
}
AT_DOT: dict[Language, tuple[str, str]] = {"en": ("at", "dot"), "es": ("arroba", "punto")}
LEET = {"0": "Oo", "1": "lI", "5": "S", "8": "B"}
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
KEYCAP = "\ufe0f\u20e3"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060"
# Styles by weight.
PHONE_STYLES = {
    "plain": 42,
    "dotted": 9,
    "spaced": 8,
    "words": 8,
    "mixed": 7,
    "separators": 6,
    "leet": 6,
    "fullwidth": 5,
    "emoji": 5,
    "zero-width": 4,
}
EMAIL_STYLES = {"plain": 55, "at-dot": 20, "brackets": 10, "spaced": 8, "fullwidth": 7}
URL_STYLES = {"plain": 45, "bare": 30, "dot": 15, "spaced": 10}


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as dialled in its country: three groups of digits."""

    calling_code: str
    groups: tuple[str, str, str]

    @property
    def digits(self) -> str:
        """All digits as dialled."""
        return "".join(self.groups)


def write_phone(phone: Phone, language: Language, rng: Random, style: str = "") -> tuple[str, str]:
    """The number in `style` (by chance where not given), and the style."""
    style = style or rng.choices(tuple(PHONE_STYLES), tuple(PHONE_STYLES.values()))[0]
    groups = phone.groups
    match style:
        case "dotted":
            text = ".".join(groups)
        case "spaced":
            text = rng.choice(("  ", " - ", " ")).join(" ".join(group) for group in groups)
        case "separators":
            text = rng.choice(("~", "*", "_", "/", "|", "...", " // ")).join(groups)
        case "words":
            text = rng.choice((" ", " ", ", ", " - ")).join(_say(group, language) for group in groups)
        case "mixed":
            said = rng.sample(range(3), rng.choice((1, 2)))
            text = " ".join(_say(group, language) if index in said else group for index, group in enumerate(groups))
        case "leet":
            text = _leet("-".join(groups), rng)
        case "fullwidth":
            text = rng.choice(("-", " ", "")).join(groups).translate(FULL_WIDTH)
        case "emoji":
            text = rng.choice(("", " ")).join(digit + KEYCAP for digit in phone.digits)
        case "zero-width":
            mark = rng.choice(ZERO_WIDTH)
            text = rng.choice((mark.join(phone.digits), (mark + "-").join(groups), mark.join("-".join(groups))))
        case _:
            text = _plain(phone, rng)
    return text, style


def write_email(email: str, language: Language, rng: Random, style: str = "") -> tuple[str, str]:
    """The mailbox in `style` (by chance where not given), and the style."""
    style = style or rng.choices(tuple(EMAIL_STYLES), tuple(EMAIL_STYLES.values()))[0]
    at, dot = AT_DOT[language]
    match style:
        case "at-dot":
            return email.replace("@", f" {at} ").replace(".", f" {dot} "), style
        case "brackets":
            left, right = rng.choice(("()", "[]", "{}"))
            return email.replace("@", f" {left}{at}{right} ").replace(".", f" {left}{dot}{right} "), style
        case "spaced":
            return email.replace("@", " @ ").replace(".", " . "), style
        case "fullwidth":
            return email.translate(FULL_WIDTH), style
        case _:
            return email, style


def write_url(url: str, language: Language, rng: Random, style: str = "") -> tuple[str, str]:
    """The address of a page (given without a scheme) in `style` (by chance where not given), and the style."""
    style = style or rng.choices(tuple(URL_STYLES), tuple(URL_STYLES.values()))[0]
    match style:
        case "plain":
            return rng.choice(("https://", "http://", "https://www.")) + url, style
        case "dot":
            return url.replace(".", f" {AT_DOT[language][1]} "), style
        case "spaced":
            return url.replace(".", " . "), style
        case _:
            return url, style


def _plain(phone: Phone, rng: Random) -> str:
    a, b, c = phone.groups
    national = f"{a} {b} {c}", a + b + c
    if phone.calling_code == "1":
        usual = f"({a}) {b}-{c}", f"{a}-{b}-{c}"
        return rng.choice((*national, *usual, *usual, f"1-{a}-{b}-{c}", f"+1 {a} {b} {c}"))
    return rng.choice((*national, f"+{phone.calling_code} {a[1:]} {b} {c}"))


def _leet(digits: str, rng: Random) -> str:
    text = list(digits)
    places = [index for index, digit in enumerate(text) if digit in LEET]
    for index in rng.sample(places, rng.randint(1, min(4, len(places)))):
        text[index] = rng.choice(LEET[text[index]])
    return "".join(text)


def _say(digits: str, language: Language) -> str:
    return " ".join(DIGIT_WORDS[language][int(digit)] for digit in digits)
