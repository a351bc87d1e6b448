import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.payment import PaymentRecognizer, normal_form
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered, slowest_growth

RECOGNIZER = PaymentRecognizer()

FOUND = [
    pytest.param("Cashapp $janedoe22 ok", ["$janedoe22"], id="cashtag"),
    pytest.param("tips to $kittykat thanks", ["$kittykat"], id="cashtag without a cue"),
    pytest.param("cash app: $jane", ["$jane"], id="cashtag after a colon"),
    pytest.param("CashApp: janedoe", ["janedoe"], id="name after a colon"),
    pytest.param("Venmo @jane-doe now", ["@jane-doe"], id="name with a sign"),
    pytest.param("venmo jane-doe-3", ["jane-doe-3"], id="name with a hyphen"),
    pytest.param("my venmo is janedoe", ["janedoe"], id="after is"),
    pytest.param("venmo me at janedoe22", ["janedoe22"], id="after me at"),
    pytest.param("venmo me kittykatz ok", ["kittykatz"], id="after me"),
    pytest.param("zelle its.kandi ok", ["its.kandi"], id="dotted name"),
    pytest.param("zelle to kay.lee ok", ["kay.lee"], id="dotted name of words"),
    pytest.param("tips $the.amber ok", ["$the.amber"], id="dotted cashtag"),
    pytest.param("tips 💲janedoe", ["💲janedoe"], id="another sign"),
    pytest.param("ca$h app: janedoe, v3nmo janedoe22", ["janedoe", "janedoe22"], id="disguised service"),
    pytest.param("janedoe22 on venmo", ["janedoe22"], id="before the service"),
    pytest.param("venmo me at janedoe", ["janedoe"], id="plain name after me at"),
    pytest.param("revtag janedoe22", ["janedoe22"], id="Revtag"),
    pytest.param("tips $ jane_22 ok", ["$ jane_22"], id="cashtag with a space"),
    pytest.param("PayPal accepted.Call us, bizum disponible", [], id="no names"),
    pytest.param("venmo janedoe please", ["janedoe"], id="bare name"),
    pytest.param("zelle to Jane Doe", ["Jane Doe"], id="full name"),
    pytest.param("Zelle (Jane Doe)", ["Jane Doe"], id="full name in brackets"),
    pytest.param(
        "pix: 123e4567-e89b-12d3-a456-426614174000", ["123e4567-e89b-12d3-a456-426614174000"], id="random Pix key"
    ),
    pytest.param("Chave Pix: maria.souza", ["maria.souza"], id="Portuguese"),
    pytest.param("bizum a @mariaperez", ["@mariaperez"], id="Spanish"),
    pytest.param("Ｖｅｎｍｏ： ｊａｎｅｄｏｅ", ["ｊａｎｅｄｏｅ"], id="full width"),
    pytest.param("account number: 1234 5678 90", ["1234 5678 90"], id="account"),
    pytest.param("routing #021000021", ["021000021"], id="routing number"),
    pytest.param("sort code 12-34-56", ["12-34-56"], id="sort code"),
    pytest.param("CLABE 002010077777777771", ["002010077777777771"], id="CLABE"),
    pytest.param("cuenta 1234567890", ["1234567890"], id="cuenta"),
    pytest.param("SWIFT: DEUTDEFF", ["DEUTDEFF"], id="SWIFT"),
]

KEPT = [
    "Two sofas, $350 each, or $1,200.50.",
    "Prices in $USD and $k.",
    "PayPal: yes",
    "We take Venmo or Zelle.",
    "cashapp accepted",
    "cash app payments welcome",
    "Apple Pay and Google Pay only.",
    "Chime in any time.",
    "Account manager wanted, 2014.",
    "on account of 12 people",
]

MISSED = [
    pytest.param("on venmo too, it is janedoe", id="KNOWN-MISS name apart from its service"),
]

VALUES = [
    ("venmo @", "jane_doe7"),
    ("cashapp ", "$janedoe22"),
    ("cash app: ", "janedoe"),
    ("routing number ", "021000021"),
    ("pix: ", "jane.doe99"),
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


def test_writings_of_one_tag_have_one_normal_form() -> None:
    assert normal_form("$Jane-Doe22") == normal_form("@janedoe22") == "janedoe22"
