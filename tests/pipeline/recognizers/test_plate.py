import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.plate import PlateRecognizer
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered, slowest_growth

RECOGNIZER = PlateRecognizer()

FOUND = [
    pytest.param("plate 7ABC123 parked", ["7ABC123"], id="US"),
    pytest.param("license plate: ABC 1234", ["ABC 1234"], id="in two parts"),
    pytest.param("plates: abc-1234 ok", ["abc-1234"], id="small letters"),
    pytest.param("placa ABC-123", ["ABC-123"], id="Spanish"),
    pytest.param("matrícula 1234 BCD", ["1234 BCD"], id="Spain"),
    pytest.param("matrícula 1234 bcd aquí", ["1234 bcd"], id="Spain, small"),
    pytest.param("immatriculation AB-123-CD", ["AB-123-CD"], id="France"),
    pytest.param("reg AB12 CDE", ["AB12 CDE"], id="UK"),
    pytest.param("reg no. ab12 cde now", ["ab12 cde"], id="UK, small"),
    pytest.param("Kennzeichen M-AB 1234", ["M-AB 1234"], id="Germany"),
    pytest.param("placas del coche XYZ-98-76", ["XYZ-98-76"], id="Mexico"),
    pytest.param("tag # ABC1234", ["ABC1234"], id="tag"),
]

KEPT = [
    "plate number 12",
    "a plate of 12 tacos",
    "registration required 2014",
    "reg 2014 or newer",
    "registration fee $50",
    "plate 3 times",
    "AB12 CDE without a cue",
]

VALUES = [
    ("plate ", "7ABC123"),
    ("license plate ", "AB-123-CD"),
    ("placas ", "XYZ-98-76"),
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
