"""What is passed over because a quick check says that it cannot be there is not there."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.normalize import PLACEHOLDER
from pipeline.recognizers import address, age, base, card, crypto, email, government_id, postcode
from pipeline.recognizers.address import AddressRecognizer
from pipeline.recognizers.age import AgeRecognizer
from pipeline.recognizers.card import CardRecognizer
from pipeline.recognizers.crypto import CryptoRecognizer
from pipeline.recognizers.domains import DOT_WORDS
from pipeline.recognizers.government_id import GovernmentIdRecognizer
from pipeline.recognizers.postcode import PostcodeRecognizer

RECOGNIZERS = [
    AddressRecognizer(),
    AgeRecognizer(),
    CardRecognizer(),
    CryptoRecognizer(),
    GovernmentIdRecognizer(),
    PostcodeRecognizer(),
]
MODULES = (address, age, base, card, crypto, government_id, postcode)
FINDS = [  # a find of every pattern that a shape stands before
    "Hauptstrasse 12",
    "at 5th & Main",
    "on 5th and 12th",
    "24F",
    "24 / m",
    "f/24",
    "Jade, 24,",
    "4111 1111 1111 1111",
    "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "123-45-6789",
    "SW1A 1AA",
    "K1A 0B6",
    "1012 AB Amsterdam",
    "Springfield, IL 62704",
    "62704-1234",
    "<AGE_21-25>",
    "<PHONE_1>",
    "ж",
]
TEXTS = st.lists(
    st.sampled_from(FINDS) | st.text("aB1 .-/\n(<>_@é", max_size=4) | st.sampled_from(["dot", "punto\n", "jane", " "]),
    max_size=8,
)
GLUED = st.builds(str.join, st.sampled_from(["", " ", "\n", ", "]), TEXTS)


class Anything(bytes):
    """A shape in which everything is."""

    def __contains__(self, _: object) -> bool:
        return True

    def count(self, *_: object) -> int:
        return 100

    def replace(self, *_: object) -> "Anything":
        return self

    def find(self, *_: object) -> int:
        return 0


def found(text: str) -> list[list[tuple[int, int]]]:
    """The spans that each recogniser finds."""
    return [[(found.start, found.end) for found in recognizer.analyze(text, [])] for recognizer in RECOGNIZERS]


@settings(max_examples=300)
@given(GLUED)
def test_the_same_is_found_without_looking_at_the_shape(text: str) -> None:
    filtered = found(text)
    with pytest.MonkeyPatch.context() as patch:
        for module in MODULES:
            patch.setattr(module, "shape", lambda _: Anything())
        assert found(text) == filtered


@given(GLUED)
def test_digits_of_placeholders_are_not_counted(text: str) -> None:
    assert base._has_digit(text) == bool(re.search("[0-9]", PLACEHOLDER.sub(" ", text)))


@given(
    st.lists(st.sampled_from([*DOT_WORDS, " ", "  ", "\n", ".", "-", "(dot)", "jane", "a_b", "5", ", "])).map("".join)
)
def test_a_local_part_begins_behind_the_last_gap_that_is_no_dot(text: str) -> None:
    for pattern in (email._LOCAL, email._LOCAL_WORD):
        near, anywhere = (
            pattern.search(text, email._reach(text, len(text))),
            pattern.search(text, max(0, len(text) - 80)),
        )
        assert (near and near.span()) == (anywhere and anywhere.span())
