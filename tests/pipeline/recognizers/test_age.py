import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.age import BANDS, AgeRecognizer, generalised
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered, slowest_growth

RECOGNIZER = AgeRecognizer()

FOUND = [
    pytest.param("24 yo", ["24"], id="24 yo"),
    pytest.param("24yo here", ["24"], id="24yo here"),
    pytest.param("24 añitos", ["24"], id="24 añitos"),
    pytest.param("my daughter is 31", ["31"], id="my daughter is 31"),
    pytest.param("acabo de cumplir 22", ["22"], id="acabo de cumplir 22"),
    pytest.param("I turn 24 in May", ["24"], id="I turn 24 in May"),
    pytest.param("24 y/o", ["24"], id="24 y/o"),
    pytest.param("24 y.o. ok", ["24"], id="24 y.o. ok"),
    pytest.param("24yrs old", ["24"], id="24yrs old"),
    pytest.param("Age: 24", ["24"], id="Age: 24"),
    pytest.param("I'm 24", ["24"], id="I'm 24"),
    pytest.param("Age: 24 - new here", ["24"], id="Age: 24 - new here"),
    pytest.param("im 24 and new here", ["24"], id="im 24 and new here"),
    pytest.param("25-year-old", ["25"], id="25-year-old"),
    pytest.param("twenty-two years old", ["twenty-two"], id="twenty-two years old"),
    pytest.param("I'm twenty four", ["twenty four"], id="I'm twenty four"),
    pytest.param("aged 24", ["24"], id="aged 24"),
    pytest.param("retired at the age of 71", ["71"], id="retired at the age of 71"),
    pytest.param("just turned 35", ["35"], id="just turned 35"),
    pytest.param("she is 16 years old", ["16"], id="she is 16 years old"),
    pytest.param("Jade, 24, from here", ["24"], id="Jade, 24, from here"),
    pytest.param("Lucy (24)", ["24"], id="Lucy (24)"),
    pytest.param("<PERSON_1>, 24.", ["24"], id="<PERSON_1>, 24."),
    pytest.param("24/f", ["24"], id="24/f"),
    pytest.param("f/24", ["24"], id="f/24"),
    pytest.param("24F", ["24"], id="24F"),
    pytest.param("tengo 24 años", ["24"], id="tengo 24 años"),
    pytest.param("24 años, soltera", ["24"], id="24 años, soltera"),
    pytest.param("treinta y dos años, soltera", ["treinta y dos"], id="treinta y dos años, soltera"),
    pytest.param("Edad: 23", ["23"], id="Edad: 23"),
    pytest.param("j'ai 24 ans", ["24"], id="j'ai 24 ans"),
    pytest.param("vingt-deux ans", ["vingt-deux"], id="vingt-deux ans"),
    pytest.param("24 anos, morena", ["24"], id="24 anos, morena"),
    pytest.param("vinte e dois anos de idade", ["vinte e dois"], id="vinte e dois anos de idade"),
    pytest.param("２４ yo", ["２４"], id="２４ yo"),
]

KEPT = [
    "18+ only",
    "must be over 21",
    "at least 18 years of age",
    "you must be 18 years old or older",
    "18 years old and up",
    "age 18-25",
    "ages 5 to 12",
    "age 18 or older",
    "minimum age 18",
    "over the age of 21",
    "18-25 years old",
    "10 years of experience",
    "24 hours",
    "I'm 24/7 available",
    "I'm 30 minutes away",
    "im 5'2",
    "a 25 years old company",
    "our company is 25 years old",
    "sofa, 5 years old",
    "2 year old laptop",
    "5 años de experiencia",
    "mayor de 18 años",
    "in 5 years",
    "<AGE_21-25> years old",
    "<AGE_21-25>yo",
    "<AGE_21-25> años, soltera",
]

MISSED = [
    pytest.param("soy joven de 23", id="KNOWN-MISS no unit and no word of age"),
]

VALUES = [
    ("age: ", "24"),
    ("aged ", "24"),
    ("edad: ", "31"),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_is_found(text: str, expected: list[str]) -> None:
    assert found(RECOGNIZER, text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_is_kept(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@pytest.mark.parametrize("text", MISSED)
def test_known_miss(text: str) -> None:
    assert found(RECOGNIZER, text) == []


@given(NEIGHBOURS, st.sampled_from(VALUES), NEIGHBOURS)
def test_no_neighbours_hide_a_value(before: list[str], written: tuple[str, str], after: list[str]) -> None:
    cue, value = written
    assert is_covered(RECOGNIZER, " ".join([*before, cue + value, *after]), value)


def test_time_is_linear() -> None:
    assert slowest_growth(RECOGNIZER) < 8


@pytest.mark.parametrize(
    ("covered", "band"),
    [
        ("0", "<AGE_0-17>"), ("17", "<AGE_0-17>"), ("18", "<AGE_18-20>"), ("21", "<AGE_21-25>"), ("25", "<AGE_21-25>"),
        ("64", "<AGE_51-64>"), ("120", "<AGE_65-120>"), ("twenty-two", "<AGE_21-25>"), ("veintidós", "<AGE_21-25>"),
        ("２４", "<AGE_21-25>"), ("unreadable", "<AGE_0-120>"), ("121", "<AGE_0-120>"),
    ],
)  # fmt: skip
def test_an_age_becomes_its_band(covered: str, band: str) -> None:
    assert generalised(covered) == band


def test_bands_leave_no_age_out() -> None:
    assert [age for first, last in BANDS for age in range(first, last + 1)] == list(range(121))
