import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.languages import _NO_LETTERS, UNDETERMINED, Verdict, _letters, judge
from pipeline.recognizers.casing import CasingRecognizer

EN = frozenset({"en"})
SHORT = Verdict(UNDETERMINED, strict=False, taggable=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Solid oak table, seats six, some scratches on the top. Must pick up this week.",
            Verdict("en", strict=False, taggable=True),
            id="the tagger's language",
        ),
        pytest.param(
            "NEW COUCH FOR SALE, MUST GO THIS WEEKEND, CALL ME WHEN YOU WANT IT",
            Verdict("en", strict=False, taggable=True),
            id="in capitals",
        ),
        pytest.param(
            "Se vende sofá casi nuevo, color gris, en buen estado. Llamar por las tardes.",
            Verdict("es", strict=True, taggable=True),
            id="Spanish",
        ),
        pytest.param(
            "SE VENDE SOFÁ CASI NUEVO, COLOR GRIS, EN BUEN ESTADO", Verdict("es", strict=True, taggable=True), id="ES"
        ),
        pytest.param(
            "Продам диван в хорошем состоянии, звоните вечером", Verdict("ru", strict=True, taggable=True), id="Russian"
        ),
        pytest.param(
            "Appartement à louer au centre ville, deux chambres, libre tout de suite",
            Verdict("fr", strict=True, taggable=True),
            id="French",
        ),
        pytest.param("出租两室一厅,家具齐全,请联系王先生", Verdict("zh", strict=True, taggable=False), id="Chinese"),
        pytest.param(
            "للبيع سيارة بحالة جيدة الاتصال على أحمد", Verdict("ar", strict=True, taggable=False), id="Arabic"
        ),
        pytest.param("ขายรถยนต์มือสองสภาพดี ติดต่อคุณสมชาย", Verdict("th", strict=True, taggable=False), id="Thai"),
        pytest.param("חדר להשכרה בתל אביב לפרטים דנה", Verdict("he", strict=True, taggable=False), id="Hebrew"),
        pytest.param(
            "방 두 개 아파트 임대합니다 김민수에게 연락", Verdict("ko", strict=True, taggable=False), id="Korean"
        ),
        pytest.param("", SHORT, id="empty"),
        pytest.param("Rain barrel, $25 - 55 gal", SHORT, id="too short to tell"),
        pytest.param("Vendo coche", SHORT, id="too short, another language"),
        pytest.param("北京 出租", SHORT, id="a few letters without case"),
        pytest.param("<PHONE_1> <PERSON_2> <EMAIL_1> <LOCATION_4> <URL_1>", SHORT, id="nothing but placeholders"),
        pytest.param("https://example.com/se-vende-casa-en-buen-estado @casa_en_venta_hoy", SHORT, id="no words"),
        pytest.param("\u0301" * 1000, SHORT, id="marks alone"),
    ],
)
def test_verdicts(text: str, expected: Verdict) -> None:
    assert judge(text, EN) == expected


def test_a_tagger_for_any_language_is_believed() -> None:
    assert judge("出租两室一厅,家具齐全,请联系王先生", None) == Verdict("zh", strict=False, taggable=True)
    assert not judge("Se vende sofá casi nuevo, color gris, en buen estado.", EN | {"es"}).strict


def test_a_text_of_any_length_takes_the_same_time() -> None:
    text = "the quick brown fox jumps over the lazy dog and " * 20_000
    judge(text, EN)
    start = time.perf_counter()
    judge(text, EN)
    judge("a" * 1_000_000, EN)
    assert time.perf_counter() - start < 0.2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("Llamar a Rosa por las tardes", ["Rosa"], id="one name"),
        pytest.param("Preguntar por Rosa María López.", ["Rosa María López"], id="a run is one name"),
        pytest.param("Rosa López vende un sofá", ["Rosa López"], id="a run that opens a sentence"),
        pytest.param("Se vende. Buen estado. ¿Interesa? Mejor hoy", [], id="openers"),
        pytest.param("LLAMAR ROSA", ["LLAMAR ROSA"], id="capitals tell nothing, so all goes"),
        pytest.param("SE VENDE, LLAMAR A ERNESTO PEREZ", ["ERNESTO PEREZ"], id="capitals of a sentence, by the list"),
        pytest.param("se vende, llamar a ernesto perez", ["ernesto perez"], id="small letters, by the list"),
        pytest.param("- Mesa grande\n- Silla roja", [], id="list"),
        pytest.param("Dijo: «Hola a todos»", [], id="quotation"),
        pytest.param("con d'Angelo O'Brien y Anne-Marie ya", ["O'Brien", "Anne-Marie"], id="hyphens and apostrophes"),
        pytest.param("con <PERSON_1> y <PHONE_2> hoy", [], id="placeholders"),
        pytest.param("звоните Ивану вечером", ["Ивану"], id="Cyrillic"),
    ],
)
def test_casing(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end, _ in CasingRecognizer().find(text)] == names


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        pytest.param("Rosa vende un sofá", "Rosa", id="KNOWN-MISS a first name that opens a sentence"),
        pytest.param("llamar a rosa", "rosa", id="KNOWN-MISS a name in lower case, without a cue"),
    ],
)
def test_known_misses_of_casing(text: str, missed: str) -> None:
    assert missed not in [text[start:end] for start, end, _ in CasingRecognizer().find(text)]


def test_a_strict_verdict_stands_while_more_is_masked_unless_letters_have_no_case() -> None:
    strict = Verdict("es", strict=True, taggable=True)
    assert judge("Se vende <PERSON_1>", EN, strict) is strict
    assert not judge("出租两室一厅家具齐全请联系", EN, strict).taggable
    assert judge("Se vende", EN, Verdict("en", strict=False, taggable=True)).language == "und"


@given(st.text() | st.text("aB1 -\n\x1c"))
def test_only_letters_are_read(text: str) -> None:
    assert _letters(text) == _NO_LETTERS.sub(" ", text)
