"""What one character stands for in plain text: compatibility forms, styled letters and digits, homoglyphs."""

import re
import unicodedata
from functools import cache, lru_cache

from confusable_homoglyphs import confusables

_PLAIN = {
    **dict.fromkeys("‘’‚‛ʼʹ′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("−⁃➖", "-"),
    **dict.fromkeys("。｡۔", "."),
    **dict.fromkeys("\u2028\u2029\u0085", "\n"),
    **dict.fromkeys("\u2800\u3164\u115f\u1160\uffa0", " "),  # letters that show nothing
    "➕": "+",
    "💲": "$",
    "🔟": "10",
}
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_NEGATIVE_LETTERS = (range(0x1F150, 0x1F16A), range(0x1F170, 0x1F18A))  # circled, squared: without decomposition
_REGIONAL = range(0x1F1E6, 0x1F200)
_SHAPED_LETTER = re.compile(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z])(?: WITH .*)?")
_SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])")
_WORD = re.compile(r"[^\W_]+")


def fold(characters: str) -> str:
    """A run of characters beyond ASCII in plain form; a flag (two regional letters) becomes a space."""
    if len(characters) == 2 and all(ord(character) in _REGIONAL for character in characters):
        return " "
    return "".join(map(fold_one, characters))


@lru_cache(maxsize=65_536)
def fold_one(character: str) -> str:
    """The character without style, accents and marks: `５`, `❺` are 5, `𝓪`, `🅰`, `á` a; an invisible one is ""."""
    if character in _PLAIN:
        return _PLAIN[character]
    code = ord(character)
    if character.isascii():
        return character if character.isprintable() or character.isspace() else ""
    if code in _REGIONAL:
        return chr(ord("a") + code - _REGIONAL.start)
    for letters in _NEGATIVE_LETTERS:
        if code in letters:
            return chr(ord("a") + code - letters.start)
    if code in _SKIN_TONES:
        return ""
    folded = "".join(map(_fold_part, unicodedata.normalize("NFKD", character)))
    return folded.strip("()") if unicodedata.name(character, "").startswith("PARENTHESIZED") else folded


def _fold_part(part: str) -> str:
    if part.isascii():
        return part
    if part in _PLAIN:
        return _PLAIN[part]
    match unicodedata.category(part):
        case "Nd":
            return str(unicodedata.decimal(part))
        case "No" if (value := unicodedata.numeric(part, -1)) >= 0 and value == int(value):
            return str(int(value))
        case "Zs":
            return " "
        case "Pd":
            return "-"
        case "Mn" | "Me" | "Cf" | "Cc":
            return ""
        case "Ll" | "Lu" | "Lo" if found := _latin_letter(part):
            return found
    return part


def _latin_letter(part: str) -> str:
    """The letter in a stroked (`ø`) or small capital (`ʟ`) one."""
    name = unicodedata.name(part, "")
    if found := _SMALL_CAPITAL.fullmatch(name):
        return found[1].lower()
    if found := _SHAPED_LETTER.fullmatch(name):
        return found[2].lower() if found[1] == "SMALL" else found[2]
    return "i" if name == "LATIN SMALL LETTER DOTLESS I" else ""


def look_alikes(text: str) -> list[tuple[int, int, str]]:
    """The words of `text` in which letters of another script pass for Latin ones, as start, end and Latin form.

    A word that mixes scripts is one; so is a word made of look-alikes alone, unless the text has a word that could not
    be Latin in the same script: Russian and Greek stay themselves. Source: Unicode's table of confusables (UTS 39).
    """
    table = _latin()
    suspects: list[tuple[re.Match[str], bool, str]] = []
    scripts: set[str] = set()
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii():
            continue
        foreign = [c for c in word if not c.isascii()]
        latin = len(foreign) < len(word)
        if latin or all(c in table for c in foreign):
            suspects.append((match, latin, _script(foreign[0])))
        else:
            scripts.update(map(_script, foreign))
    return [
        (match.start(), match.end(), "".join(table.get(c, c) for c in match[0]))
        for match, latin, script in suspects
        if latin or script not in scripts
    ]


@cache
def _latin() -> dict[str, str]:
    """Letters of other scripts to the Latin letter, or else the digit, that they are confused with."""
    table = {}
    for character, others in confusables.confusables_data.items():
        if len(character) == 1 and not character.isascii() and character.isalpha() and len(fold_one(character)) == 1:
            plain = sorted((o["c"] for o in others if len(o["c"]) == 1 and o["c"].isascii()), key=str.isdigit)
            if plain and plain[0].isalnum():
                table[character] = plain[0]
    return table


@lru_cache(maxsize=65_536)
def _script(character: str) -> str:
    return unicodedata.name(character, "").split(" ", 1)[0]
