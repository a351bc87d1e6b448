"""Looking for values that must not be there, in any form they might have survived in.

A canary is a value known to be in the raw ads. Its normal forms are its letters and digits without anything between
them and, if it is a number, its digits alone, after disguises are undone. Texts are reduced in the same two ways and
searched for all canaries at once (Aho and Corasick 1975).
"""

from collections.abc import Iterable

import ahocorasick

from pipeline.normalize import PLACEHOLDER, digit_view, digits_of, squash

MIN_LETTERS = 6  # shorter forms occur by chance
MIN_DIGITS = 8
MAX_LETTERS = 4  # in a number ("IBAN", "ext")


def normal_forms(value: str) -> set[str]:
    """The forms to look for; empty where the value is too short to be told from chance."""
    letters, digits = reduced(value)
    forms = {letters} if len(letters) >= MIN_LETTERS else set()
    return forms | {digits} if len(digits) >= MIN_DIGITS else forms


def reduced(value: str) -> tuple[str, str]:
    """A value's letters and digits, and if it is a number its digits alone (else "")."""
    is_number = sum(c.isalpha() for c in digit_view(value).text) <= MAX_LETTERS
    return squash(value), digits_of(value) if is_number else ""


class Search:
    """A search for many canaries at once."""

    def __init__(self, values: Iterable[str]) -> None:
        self._automaton = ahocorasick.Automaton()
        self.size = 0
        for value in values:
            forms = normal_forms(value)
            self.size += bool(forms)
            for form in forms:
                self._automaton.add_word(form, value)
        if self.size:
            self._automaton.make_automaton()

    def finds(self, text: str) -> set[str]:
        """The canaries that a text holds. Placeholders are passed over, and nothing is joined across them."""
        pieces = PLACEHOLDER.split(text)[::3]
        forms = (form for piece in pieces for form in (squash(piece), digits_of(piece)))
        return set().union(*map(self.finds_reduced, forms))

    def finds_reduced(self, form: str) -> set[str]:
        """The canaries in a text that is already reduced to a normal form."""
        return {value for _, value in self._automaton.iter(form)} if self.size else set()
