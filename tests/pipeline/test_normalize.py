import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalize import PLACEHOLDER, digit_view, digits_of, shape, squash, view, words

FOLDS = [
    pytest.param("２１３", "213", id="full-width"),
    pytest.param("𝟮𝟭𝟯 𝒄𝒂𝒍𝒍", "213 call", id="mathematical"),
    pytest.param("2️⃣1️⃣3️⃣", "213", id="keycaps"),
    pytest.param("②①③ ❷❶❸ 🔟", "213 213 10", id="circled"),
    pytest.param("🅲🅰🄻ⓛ ⒞⑴", "caLl c1", id="enclosed letters"),
    pytest.param("🇯🇦🇳🇪", "jane", id="regional letters"),
    pytest.param("🇲🇽555", " 555", id="flag"),
    pytest.param("ᴄᴀʟʟ øłı", "call oli", id="small capitals and strokes"),
    pytest.param("٢١٣", "213", id="arabic-indic"),
    pytest.param("2\u200b1\u200d3", "213", id="zero-width"),
    pytest.param("\u202e213\u202c", "213", id="right-to-left override"),
    pytest.param("2\x001\x1b3", "213", id="control characters"),
    pytest.param("a\u0336b\u0489c", "abc", id="combining marks"),
    pytest.param("👍🏽5👍🏿5", "👍5👍5", id="skin tones"),
    pytest.param("jane&#64;example&period;com", "jane@example.com", id="html-entities"),
    pytest.param("jane&#64example.com &amp;#64; &#x40;", "jane@example.com @ @", id="html-entities, odd"),
    pytest.param("21<b>3</b> 5<br/>5", "213 5 5", id="bare tags"),
    pytest.param('<a href="http://example.com">', '<a href="http://example.com">', id="tag with an attribute"),
    pytest.param("teléfono", "telefono", id="accents"),
    pytest.param("213–555—0123", "213-555-0123", id="dashes"),
    pytest.param("213\u00a0555", "213 555", id="no-break-space"),
    pytest.param("jаne@ехаmрlе.соm", "jane@example.com", id="Cyrillic in Latin words"),
    pytest.param("саса now", "caca now", id="Cyrillic that could be Latin, in Latin text"),
    pytest.param("Привет, сор и рост", "Привет, сор и рост", id="Russian"),
    pytest.param("καλα νεα", "καλα νεα", id="Greek"),
    pytest.param("mail j a n e @ e x a m p l e . c o m now", "mail jane@example.com now", id="letters spaced out"),
    pytest.param("call f i v e   t w o  s i x.", "call five two six.", id="words spaced out"),
    pytest.param("it's f i v e   t w o", "it's five two", id="words spaced out after an apostrophe"),
    pytest.param("j a n e@e x a m p l e.c o m", "jane@example.com", id="letters spaced out, signs glued"),
    pytest.param("j  a  n  e  d  o  e", "janedoe", id="letters spaced out widely"),
    pytest.param("j-a-n-e x.y.c.o.m c.o", "jane xycom c.o", id="letters parted by signs"),
    pytest.param("U.S.A. 2-1-3-5-5 e.g. A-1-2-3", "U.S.A. 2-1-3-5-5 e.g. A-1-2-3", id="abbreviations and numbers"),
    pytest.param("a%40b%2Ec \\u0040 50%4", "a@b.c @ 50%4", id="escapes"),
    pytest.param("I am a b", "I am a b", id="short words"),
    pytest.param("7 1 3 5", "7 1 3 5", id="digits spaced out"),
]

NUMBERS = [
    pytest.param("two one three", "213", id="words"),
    pytest.param("five5five", "555", id="mixed"),
    pytest.param("fivefiveoh", "550", id="run together"),
    pytest.param("dos uno tres", "213", id="spanish"),
    pytest.param("zéro six douze trente-quatre", "061234", id="french"),
    pytest.param("soixante-dix-huit, quatre-vingt-dix-sept, quatre-vingts", "789780", id="french tens"),
    pytest.param("onze nove doze trinta e quatro meia", "11912346", id="portuguese"),
    pytest.param("treinta y uno veintidós", "3122", id="spanish tens"),
    pytest.param("twenty one thirty-four fifty", "213450", id="tens"),
    pytest.param("eight hundred five", "8005", id="hundred"),
    pytest.param("double five triple 0 double oh", "5500000", id="double, triple"),
    pytest.param("five five five oh one two three", "5550123", id="oh"),
    pytest.param("s3v3n tw0 f!ve 0ne thr33", "72513", id="leetspeak"),
    pytest.param("9ine 8ight 7even 4our", "9874", id="a word that begins with its digit"),
    pytest.param("213-555-O12l", "2135550121", id="look-alike letters"),
    pytest.param("213-SSS-0123", "2135550123", id="look-alike group"),
    pytest.param("S12-555-0I70", "5125550170", id="look-alikes that could be leetspeak"),
    pytest.param("someone at the phone often", "", id="words that hold digit words"),
    pytest.param("this is415", "415", id="a word before digits"),
]

PLACEHOLDERS = [
    pytest.param("<PHONE_1>", ("PHONE", "1"), id="number"),
    pytest.param("<AGE_21-25>", ("AGE", "21-25"), id="band"),
    pytest.param("<AGE_-18>", ("AGE", "-18"), id="band without a start"),
    pytest.param("<AGE_66+>", ("AGE", "66+"), id="band without an end"),
]

# Any text, and what people disguise with; lone surrogates are in.
TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(), max_size=4),
        st.sampled_from(
            ["five", " f i v e ", "&#64;", "&amp;", "<b>", "5️⃣", "jаne", "🇯🇦", "\u0336", "\ud800", "\x00", "O1"]
        ),
    ),
    max_size=8,
).map("".join)


@pytest.mark.parametrize(("text", "expected"), FOLDS)
def test_view_folds_disguises(text: str, expected: str) -> None:
    assert view(text).text == expected


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_digits_of_undoes_number_words(text: str, expected: str) -> None:
    assert digits_of(text) == expected


@pytest.mark.parametrize(("text", "groups"), PLACEHOLDERS)
def test_placeholders_have_an_entity_and_a_rest(text: str, groups: tuple[str, str]) -> None:
    match = PLACEHOLDER.fullmatch(text)
    assert match
    assert match.groups() == groups


def test_raw_span_takes_in_what_was_dropped_after_a_character() -> None:
    text = "call 5️⃣5️⃣ now"
    seen = digit_view(text)
    start = seen.text.index("55")
    assert text[slice(*seen.raw_span(start, start + 2))] == "5️⃣5️⃣"


def test_squash_joins_letters_and_digits() -> None:
    assert squash("J a n e (at) Ｘ-1") == "janeatx1"


def test_words_are_runs_of_letters() -> None:
    assert words("Call 2one3, CALL-us") == {"call", "one", "us"}


def test_shape_has_one_byte_for_every_character() -> None:
    assert shape("Call ж2:\n<x>") == b"aaaa ?0:\n<a>"


@given(TEXTS)
def test_a_view_has_no_digits_but_0_to_9(text: str) -> None:
    assert not re.search(r"[^\D0-9]", view(text).text + digit_view(text).text)


@given(TEXTS)
def test_views_map_every_character_into_the_text(text: str) -> None:
    for seen in (view(text), digit_view(text)):
        spans = [seen.raw_span(place, place + 1) for place in range(len(seen.text))]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert spans == sorted(spans)
        assert [end for _, end in spans] == sorted(end for _, end in spans)
        if spans:
            assert seen.raw_span(0, len(spans)) == (spans[0][0], spans[-1][1])


@given(TEXTS)
def test_a_visible_character_is_under_some_view_character(text: str) -> None:
    seen = view(text)
    spans = [seen.raw_span(place, place + 1) for place in range(len(seen.text))]
    covered = {i for start, end in spans for i in range(start, end)}
    first = spans[0][0] if spans else len(text)
    assert covered == set(range(first, len(text)))


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="&< ")))
def test_view_of_plain_ascii_is_itself(text: str) -> None:
    assert view(text).text == text
