import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.government_id import GovernmentIdRecognizer
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered, slowest_growth

RECOGNIZER = GovernmentIdRecognizer()

FOUND = [
    pytest.param("A#123456789, A# 123-456-789", ["123456789", "123-456-789"], id="alien number"),
    pytest.param("ss#523041234", ["523041234"], id="number right after its sign"),
    pytest.param("consular id 1234567", ["1234567"], id="consular id"),
    pytest.param("VIN 1HGCM82633A004352", ["1HGCM82633A004352"], id="vehicle's number"),
    pytest.param("523-04-1234", ["523-04-1234"], id="523-04-1234"),
    pytest.param("ssn: 523041234", ["523041234"], id="ssn: 523041234"),
    pytest.param("my social is 523-04-1234", ["523-04-1234"], id="my social is 523-04-1234"),
    pytest.param("900-70-1234", ["900-70-1234"], id="900-70-1234"),
    pytest.param("passport 912803456", ["912803456"], id="passport 912803456"),
    pytest.param("Passport number: AB1234567", ["AB1234567"], id="Passport number: AB1234567"),
    pytest.param("passport no. X1234567 and", ["X1234567"], id="passport no. X1234567 and"),
    pytest.param(
        "driver's license number is U62928788557186",
        ["U62928788557186"],
        id="driver's license number is U62928788557186",
    ),
    pytest.param("driver’s license F162-823-540-116", ["F162-823-540-116"], id="driver’s license F162-823-540-116"),
    pytest.param("my dl# 2270661551", ["2270661551"], id="my dl# 2270661551"),
    pytest.param("MORGA657054SM9IJ", ["MORGA657054SM9IJ"], id="MORGA657054SM9IJ"),
    pytest.param("12345678Z", ["12345678Z"], id="12345678Z"),
    pytest.param("X1234567L", ["X1234567L"], id="X1234567L"),
    pytest.param("x1234567l", ["x1234567l"], id="x1234567l"),
    pytest.param("MRTMTT25D09F205Z", ["MRTMTT25D09F205Z"], id="MRTMTT25D09F205Z"),
    pytest.param("my National Insurance Number YZ 61 48 68 B", ["YZ 61 48 68 B"], id="National Insurance"),
    pytest.param("dni: 12345678z", ["12345678z"], id="dni: 12345678z"),
    pytest.param("AB 12 34 56 C", ["AB 12 34 56 C"], id="AB 12 34 56 C"),
    pytest.param("NHS number 943 476 5919", ["943 476 5919"], id="NHS number 943 476 5919"),
    pytest.param("GARC850101HDFRRN09", ["GARC850101HDFRRN09"], id="GARC850101HDFRRN09"),
    pytest.param("RFC GARC850101AB1", ["GARC850101AB1"], id="RFC GARC850101AB1"),
    pytest.param("111.444.777-35", ["111.444.777-35"], id="111.444.777-35"),
    pytest.param("CPF: 11144477735", ["11144477735"], id="CPF: 11144477735"),
    pytest.param("1 85 05 78 006 084 91", ["1 85 05 78 006 084 91"], id="1 85 05 78 006 084 91"),
    pytest.param("ABCPE1234F", ["ABCPE1234F"], id="ABCPE1234F"),
    pytest.param("SIN 046 454 286", ["046 454 286"], id="SIN 046 454 286"),
    pytest.param("TFN 123 456 782", ["123 456 782"], id="TFN 123 456 782"),
    pytest.param("Medicare 2123 45670 1", ["2123 45670 1"], id="Medicare 2123 45670 1"),
    pytest.param("visa number 12345678", ["12345678"], id="visa number 12345678"),
    pytest.param("case number WAC2190012345", ["WAC2190012345"], id="case number WAC2190012345"),
    pytest.param("License #MM12345", ["MM12345"], id="License #MM12345"),
    pytest.param("cédula de ciudadanía 12345678", ["12345678"], id="cédula de ciudadanía 12345678"),
    pytest.param("pasaporte XDA123456", ["XDA123456"], id="pasaporte XDA123456"),
    pytest.param("Nº de passeport 12AB34567", ["12AB34567"], id="Nº de passeport 12AB34567"),
    pytest.param("ssn ５２３-０４-１２３４", ["５２３-０４-１２３４"], id="ssn ５２３-０４-１２３４"),
]

KEPT = [
    "666-12-7856",
    "000-12-3456",
    "11111111A",
    "111.444.777-36",
    "Job ID 12345",
    "RFC 2616",
    "PAN India 2014",
    "license required",
    "Visa card 2014",
    "call 213-555-0142",
    "case 2014",
    "social media, 50000 followers",
    "sin 50000 pesos",
    "driving 100000 miles",
    "national sales of 200000",
]

MISSED = [
    pytest.param("523041234", id="KNOWN-MISS nine digits without a cue"),
]

VALUES = [
    ("ssn ", "523-04-1234"),
    ("passport number ", "912803456"),
    ("DNI ", "12345678Z"),
    ("driver's license ", "U62928788557186"),
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
