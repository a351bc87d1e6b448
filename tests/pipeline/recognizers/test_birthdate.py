import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.birthdate import BirthdateRecognizer
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered, slowest_growth

RECOGNIZER = BirthdateRecognizer()

FOUND = [
    pytest.param("DOB 03/14/1999", ["03/14/1999"], id="month first"),
    pytest.param("d.o.b.: 14.03.1999 ok", ["14.03.1999"], id="dots"),
    pytest.param("born on March 14, 1999.", ["March 14, 1999"], id="month in words"),
    pytest.param("born 5th of March 1999", ["5th of March 1999"], id="day first"),
    pytest.param("Date of birth: 1999-03-14", ["1999-03-14"], id="ISO 8601"),
    pytest.param("dob 19990314", ["19990314"], id="digits alone"),
    pytest.param("DOB: April 1992", ["April 1992"], id="month and year"),
    pytest.param("born June the 28th, 1992", ["June the 28th, 1992"], id="the"),
    pytest.param("dob=11JAN91", ["11JAN91"], id="run together"),
    pytest.param("d/o/b 4 May 1992", ["4 May 1992"], id="d/o/b"),
    pytest.param("b. 6th of September 1976", ["6th of September 1976"], id="b."),
    pytest.param("grade b. 2 years", [], id="no birth"),
    pytest.param("born in 1999", ["1999"], id="year"),
    pytest.param("born '99", ["'99"], id="short year"),
    pytest.param("born nineteen ninety nine", ["nineteen ninety nine"], id="year in words"),
    pytest.param("born in Dallas, in 1999", ["1999"], id="after a place"),
    pytest.param("my birthday is March 5th", ["March 5th"], id="no year"),
    pytest.param("bday 3/14", ["3/14"], id="day and month"),
    pytest.param("fecha de nacimiento: 5 de marzo de 1999", ["5 de marzo de 1999"], id="Spanish"),
    pytest.param("nacida el 5 de marzo de 1999", ["5 de marzo de 1999"], id="Spanish, born"),
    pytest.param("née le 5 mars 1999", ["5 mars 1999"], id="French"),
    pytest.param("né(e) le 05/03/99", ["05/03/99"], id="French, both genders"),
    pytest.param("data de nascimento 05/03/1999", ["05/03/1999"], id="Portuguese"),
    pytest.param("nascida em 1999", ["1999"], id="Portuguese, year"),
    pytest.param("geboren am 5. März 1999", ["5. März 1999"], id="German"),
    pytest.param("DOB ０３/１４/１９９９", ["０３/１４/１９９９"], id="full width"),
]

KEPT = [
    "birth certificate required",
    "happy birthday to you",
    "born in the USA",
    "born and raised in Dallas",
    "Open since 1999.",
    "on March 14, 1999 we opened",
    "a born leader with 10 years",
    "born to sell",
]

VALUES = [
    ("born ", "5 March 1999"),
    ("DOB: ", "03/14/1999"),
    ("nacida el ", "5 de marzo de 1999"),
    ("date of birth ", "1999-03-14"),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_is_found(text: str, expected: list[str]) -> None:
    assert found(RECOGNIZER, text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_is_kept(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@given(NEIGHBOURS, st.sampled_from(VALUES), NEIGHBOURS)
def test_no_neighbours_hide_a_value(before: list[str], written: tuple[str, str], after: list[str]) -> None:
    cue, value = written
    assert is_covered(RECOGNIZER, " ".join([*before, cue + value, *after]), value)


def test_time_is_linear() -> None:
    assert slowest_growth(RECOGNIZER) < 8
