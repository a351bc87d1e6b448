import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.cued_name import CuedNameRecognizer
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered, slowest_growth

RECOGNIZER = CuedNameRecognizer()

FOUND = [
    pytest.param("Ask for lucy when you arrive", ["lucy"], id="ask for"),
    pytest.param("ligue para Thiago agora", ["Thiago"], id="a call in Portuguese"),
    pytest.param("Ligue para Mais informações", [], id="no name after a call"),
    pytest.param("ask for maria lopez today", ["maria lopez"], id="small letters, two words"),
    pytest.param("ASK FOR LUCY WHEN YOU ARRIVE", ["LUCY"], id="capitals"),
    pytest.param("ask for Amy, Jade or Lucy.", ["Amy", "Jade", "Lucy"], id="list"),
    pytest.param("Ask for Will or Grace", ["Will", "Grace"], id="words after a strong cue"),
    pytest.param("ask for xanthippe", ["xanthippe"], id="unlisted name"),
    pytest.param("ask for lucy's assistant", ["lucy"], id="possessive"),
    pytest.param("ask for the owner, Jim", ["Jim"], id="role between"),
    pytest.param("ask\nfor\nlucy", ["lucy"], id="over lines"),
    pytest.param("my name is amber", ["amber"], id="my name is"),
    pytest.param("name's dee", ["dee"], id="name's"),
    pytest.param("I'm Kandi, new here", ["Kandi"], id="I'm"),
    pytest.param("im lucy and im here", ["lucy"], id="im"),
    pytest.param("it's jade!", ["jade"], id="it's"),
    pytest.param("this is Roxy here", ["Roxy"], id="this is"),
    pytest.param("Hi I'm Buffy", ["Buffy"], id="after a greeting"),
    pytest.param("I go by lori", ["lori"], id="go by"),
    pytest.param("known as deborah", ["deborah"], id="known as"),
    pytest.param("looking for Patrick? call", ["Patrick"], id="looking for"),
    pytest.param("looking for Python developers, known as Big Data", [], id="looking for things"),
    pytest.param("aqui é a Kamilla", ["Kamilla"], id="Portuguese, here is"),
    pytest.param("Contato: Ana Carolina", ["Ana Carolina"], id="Portuguese label"),
    pytest.param("chama a daniela", ["daniela"], id="Portuguese, call"),
    pytest.param("le atiende Margarita", ["Margarita"], id="Spanish, attends"),
    pytest.param("meu nome é rafaela vasconcelos.", ["rafaela vasconcelos"], id="rare surname in small letters"),
    pytest.param("meu nome é rafaela now.", ["rafaela"], id="word behind a name"),
    pytest.param("call Rose on 555", ["Rose"], id="call"),
    pytest.param("text kandi", ["kandi"], id="text"),
    pytest.param("speak to xiomara", ["xiomara"], id="speak to"),
    pytest.param("Regards,\nJane Q. Doe", ["Jane Q. Doe"], id="sign-off"),
    pytest.param("xoxo Bunny", ["Bunny"], id="kisses"),
    pytest.param("thanks\n- Mia", ["Mia"], id="dash"),
    pytest.param("Love, Jade", ["Jade"], id="love"),
    pytest.param("Contact: Jane Doe", ["Jane Doe"], id="label"),
    pytest.param("attn: Maria Lopez", ["Maria Lopez"], id="attn"),
    pytest.param("c/o John Smith", ["John Smith"], id="care of"),
    pytest.param("Mr. Smith", ["Smith"], id="title"),
    pytest.param("miss Kitty", ["Kitty"], id="stage name"),
    pytest.param("Mrs Jane van der Berg", ["Jane van der Berg"], id="particles"),
    pytest.param("Ask for R.J. Smith", ["R.J. Smith"], id="initials"),
    pytest.param("Ask for J-A-N-E now", ["J-A-N-E"], id="spelled"),
    pytest.param("ask for j a n e", ["j a n e"], id="spelled, small"),
    pytest.param("L.u.c.y is new", ["L.u.c.y"], id="spelled with dots"),
    pytest.param("we have J A N E today", ["J A N E"], id="spelled without a cue"),
    pytest.param("Lucy here", ["Lucy"], id="here"),
    pytest.param("213-555-0142 (Rosa)", ["Rosa"], id="in brackets after a number"),
    pytest.param("Lucy 213-555-0142", ["Lucy"], id="before a number"),
    pytest.param("rosa le atiende", ["rosa"], id="Spanish, answers"),
    pytest.param("Me llamo Xiomara y vivo", ["Xiomara"], id="Spanish"),
    pytest.param("pregunta por rosa.", ["rosa"], id="Spanish, ask for"),
    pytest.param("llamar a rosa.", ["rosa"], id="Spanish, call"),
    pytest.param("voir avec mme quillon", ["quillon"], id="a rare word after a title"),
    pytest.param("pregunte por el Sr. Evaristo", ["Evaristo"], id="Spanish, ask for a gentleman"),
    pytest.param("trato con el Sr. Evaristo", ["Evaristo"], id="Spanish, a gentleman"),
    pytest.param("<PERSON_1>, Sky, Candy & <PERSON_2>", ["Sky", "Candy"], id="between masked names"),
    pytest.param("je m'appelle Amélie", ["Amélie"], id="French"),
    pytest.param("demandez Chloé", ["Chloé"], id="French, ask for"),
    pytest.param("meu nome é Joana", ["Joana"], id="Portuguese"),
    pytest.param("fale com a Maria", ["Maria"], id="Portuguese, speak to"),
]

KEPT = [
    "Sr. Engineer or Sr. Developer",
    "<PERSON_1>, who is tall & <PERSON_2>",
    "i'm available",
    "I'm Available now",
    "I'm happy, it's new",
    "call me maybe",
    "call now or text today",
    "Click here",
    "love it",
    "ask for details",
    "ask for a quote",
    "MS Office",
    "Sr. Manager",
    "thank you all",
    "I'm sunny.",
    "Thanks,\nThe team",
    "Contact: Human Resources",
    "this is Great",
    "see Guilty Pleasures: 5 albums",
    "<PERSON_1> here",
    "we will call you",
    "May is a good month, will you mark it?",
    "Rose bushes and joy for sale",
]

MISSED = [
    pytest.param("kandee says hello", id="KNOWN-MISS unlisted name in small letters without a cue"),
    pytest.param("I'm sunny", id="KNOWN-MISS a name that says what somebody is like"),
]

VALUES = [
    ("ask for ", "Xanthippe"),
    ("my name is ", "Lucy"),
    ("Ask for ", "J-A-N-E"),
    ("je m'appelle ", "Chloe"),
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
