import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.postcode import PostcodeRecognizer
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered, slowest_growth

RECOGNIZER = PostcodeRecognizer()

FOUND = [
    pytest.param("SW1A 1AA", ["SW1A 1AA"], id="SW1A 1AA"),
    pytest.param("sw1a 1aa", ["sw1a 1aa"], id="sw1a 1aa"),
    pytest.param("W1J6HL", ["W1J6HL"], id="W1J6HL"),
    pytest.param("K1A 0B1", ["K1A 0B1"], id="K1A 0B1"),
    pytest.param("k1a 0b1", ["k1a 0b1"], id="k1a 0b1"),
    pytest.param("K1A-0B1", ["K1A-0B1"], id="K1A-0B1"),
    pytest.param("Los Angeles, CA 90012", ["90012"], id="Los Angeles, CA 90012"),
    pytest.param("los angeles ca 90012", ["90012"], id="los angeles ca 90012"),
    pytest.param("Austin, Texas 78701", ["78701"], id="Austin, Texas 78701"),
    pytest.param("90012-1234", ["90012-1234"], id="90012-1234"),
    pytest.param("zip 90012", ["90012"], id="zip 90012"),
    pytest.param("My zip code is 2371", ["2371"], id="My zip code is 2371"),
    pytest.param("ZIP: 394 13", ["394 13"], id="ZIP: 394 13"),
    pytest.param("Calle Mayor 3, 28013 Madrid", ["28013"], id="Calle Mayor 3, 28013 Madrid"),
    pytest.param("75001 Paris", ["75001"], id="75001 Paris"),
    pytest.param("CEP 01310-100", ["01310-100"], id="CEP 01310-100"),
    pytest.param("cep: 01310100", ["01310100"], id="cep: 01310100"),
    pytest.param("C.P. 06600", ["06600"], id="C.P. 06600"),
    pytest.param("código postal: 28013", ["28013"], id="código postal: 28013"),
    pytest.param("PLZ 80331", ["80331"], id="PLZ 80331"),
    pytest.param("1012 AB Amsterdam", ["1012 AB"], id="1012 AB Amsterdam"),
    pytest.param("ＳＷ１Ａ １ＡＡ", ["ＳＷ１Ａ １ＡＡ"], id="ＳＷ１Ａ １ＡＡ"),
]

KEPT = [
    "10000 Users",
    "50000 Euros a year",
    "Salary $12345",
    "on the 2nd floor",
    "25000 customers in 10000 places",
    "zip file 2010",
    "We have 12 rooms, 300 tables.",
    "in 2014 IT grew",
]

MISSED = [
    pytest.param("sw1a1aa", id="KNOWN-MISS British code in small letters and one piece, without a cue"),
]

VALUES = [
    ("zip ", "90012"),
    ("postcode ", "SW1A 1AA"),
    ("CEP ", "01310-100"),
    ("Reno, NV ", "89501"),
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
