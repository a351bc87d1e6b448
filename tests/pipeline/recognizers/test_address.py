import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.address import AddressRecognizer
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered, slowest_growth

RECOGNIZER = AddressRecognizer()

FOUND = [
    pytest.param("we are at 1420 Maple Ave, Apt 3 now", ["1420 Maple Ave, Apt 3"], id="with a unit"),
    pytest.param("504 parkwood drive", ["504 parkwood drive"], id="small letters"),
    pytest.param("221B Baker Street", ["221B Baker Street"], id="number with a letter"),
    pytest.param("350 5th Ave", ["350 5th Ave"], id="ordinal"),
    pytest.param("123 N 4th St NW", ["123 N 4th St NW"], id="directions"),
    pytest.param("Flat 4, 12 King's Road", ["Flat 4", "12 King's Road"], id="flat first"),
    pytest.param("One Hacker Way", ["One Hacker Way"], id="number in words"),
    pytest.param("12 rue de la Paix", ["12 rue de la Paix"], id="French"),
    pytest.param("12 bis, avenue Foch", ["12 bis, avenue Foch"], id="French, bis"),
    pytest.param("Rua das Flores, 45", ["Rua das Flores, 45"], id="Portuguese"),
    pytest.param("Calle Mayor 3, 2º B", ["Calle Mayor 3, 2º B"], id="Spanish"),
    pytest.param("calle mayor 3", ["calle mayor 3"], id="Spanish, small letters"),
    pytest.param("Av. Insurgentes Sur 1457", ["Av. Insurgentes Sur 1457"], id="Mexico"),
    pytest.param("Carrera 7 # 71-21", ["Carrera 7 # 71-21"], id="Colombia"),
    pytest.param("Hauptstraße 12a", ["Hauptstraße 12a"], id="German"),
    pytest.param("Kalverstraat 92", ["Kalverstraat 92"], id="Dutch"),
    pytest.param("Via Roma 131", ["Via Roma 131"], id="Italian"),
    pytest.param("7835 Erica Trace", ["7835 Erica Trace"], id="kind of street with a capital"),
    pytest.param("a 5 mile park, 3 point plan, 10 green apples", [], id="kinds of street as words"),
    pytest.param("Rambla de Poblenou 8 Puerta 8", ["Rambla de Poblenou 8 Puerta 8"], id="Spanish, rambla"),
    pytest.param("C. Mayor 24", ["C. Mayor 24"], id="Spanish, C."),
    pytest.param("Metzweg 27/17", ["Metzweg 27/17"], id="German, two numbers"),
    pytest.param("Sterresingel 35", ["Sterresingel 35"], id="Dutch, singel"),
    pytest.param("aleja Kolejowa 8", ["aleja Kolejowa 8"], id="Polish"),
    pytest.param("Viale Milano, 7 Piano 6", ["Viale Milano, 7 Piano 6"], id="Italian, floor"),
    pytest.param("piso 3-C", ["piso 3-C"], id="Spanish floor"),
    pytest.param("see you in room 214 at 9", ["room 214"], id="room"),
    pytest.param("Holiday Inn room 214", ["Holiday Inn room 214"], id="hotel"),
    pytest.param("habitación 12", ["habitación 12"], id="Spanish room"),
    pytest.param("apt 3B", ["apt 3B"], id="apartment"),
    pytest.param("P.O. Box 123456", ["P.O. Box 123456"], id="box"),
    pytest.param("apartado postal 123", ["apartado postal 123"], id="Spanish box"),
    pytest.param("meet at the Quillford Inn tonight", ["Quillford Inn"], id="at a hotel"),
    pytest.param("club on 5th n Main", ["5th n Main"], id="two streets"),
    pytest.param("corner of 5th and Main", ["5th and Main"], id="corner"),
    pytest.param("Main St & 3rd Ave", ["Main St & 3rd Ave"], id="crossing"),
    pytest.param("at 5th and Main", ["5th and Main"], id="ordinals"),
    pytest.param("on Main Street", ["Main Street"], id="no number"),
    pytest.param("off elm street", ["elm street"], id="no number, small"),
    pytest.param("en la calle Mayor", ["calle Mayor"], id="no number, Spanish"),
    pytest.param("exit 12 off I-95", ["exit 12 off I-95"], id="exit"),
    pytest.param("12 Main St, Los Angeles, CA 90012", ["12 Main St, Los Angeles, CA 90012"], id="town behind"),
    pytest.param("12 main st los angeles ca 90012", ["12 main st los angeles ca 90012"], id="town behind, small"),
    pytest.param("Calle Mayor 3, 28013 Madrid", ["Calle Mayor 3, 28013 Madrid"], id="code before the town"),
    pytest.param("10 Downing Street, London SW1A 2AA", ["10 Downing Street, London SW1A 2AA"], id="British"),
    pytest.param(
        "6750 Koskikatu 25 Apt. 864\nArtilleros\n, CO\n Uruguay 64677",
        ["6750 Koskikatu 25 Apt. 864\nArtilleros\n, CO\n Uruguay 64677"],
        id="over lines",
    ),
    pytest.param("PSC 3294, Box 9168\nAPO AA 61487", ["PSC 3294, Box 9168\nAPO AA 61487"], id="military"),
    pytest.param("lives at 92597 Jahu 80", ["92597 Jahu 80"], id="after a cue"),
    pytest.param("Address: 12 Nowhere Heights\nGreat", ["12 Nowhere Heights"], id="after a label"),
    pytest.param("> Apt. 342\n> Oslo\n> Norway 64389", ["Apt. 342", "Oslo", "Norway 64389"], id="in a quoted text"),
]

KEPT = [
    "work at a Boutique Hotel in town",
    "101 main straight",
    "5 minutes drive",
    "2 bedroom place",
    "24 hours a day, 3 min walk",
    "flat 50% off",
    "Exit 5 companies",
    "on the street, down the road",
    "Room for rent",
    "2 rooms",
    "1st and 2nd shift",
    "a great place. Spend 30 minutes",
    "Katie 24",
    "e-mail address: none, 24 hours",
    "via email 5 times",
    "on the way",
]

MISSED = [
    pytest.param("under the old bridge, 12 steps north", id="KNOWN-MISS a place described"),
    pytest.param("Jahu 80", id="KNOWN-MISS a street of no known kind, without a cue"),
]

VALUES = [
    ("at ", "1420 Maple Ave, Apt 3"),
    ("hotel ", "room 214"),
    ("calle ", "Mayor 3"),
    ("address: ", "12 Oak Street"),
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
