import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalize import digit_view, digits_of, squash, view

FOLDS = [
    pytest.param("２１３", "213", id="full-width"),
    pytest.param("𝟮𝟭𝟯 𝒄𝒂𝒍𝒍", "213 call", id="mathematical"),
    pytest.param("2️⃣1️⃣3️⃣", "213", id="keycaps"),
    pytest.param("②①③", "213", id="circled"),
    pytest.param("٢١٣", "213", id="arabic-indic"),
    pytest.param("2\u200b1\u200d3", "213", id="zero-width"),
    pytest.param("jane&#64;example&period;com", "jane@example.com", id="html-entities"),
    pytest.param("teléfono", "telefono", id="accents"),
    pytest.param("213–555—0123", "213-555-0123", id="dashes"),
    pytest.param("213\u00a0555", "213 555", id="no-break-space"),
]

NUMBERS = [
    pytest.param("two one three", "213", id="words"),
    pytest.param("five5five", "555", id="mixed"),
    pytest.param("dos uno tres", "213", id="spanish"),
    pytest.param("five five five oh one two three", "5550123", id="oh"),
    pytest.param("213-555-O12l", "2135550121", id="look-alike letters"),
    pytest.param("someone at the phone", "", id="words that hold digit words"),
]


@pytest.mark.parametrize(("text", "expected"), FOLDS)
def test_view_folds_disguises(text: str, expected: str) -> None:
    assert view(text).text == expected


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_digits_of_undoes_number_words(text: str, expected: str) -> None:
    assert digits_of(text) == expected


def test_raw_span_takes_in_what_was_dropped_after_a_character() -> None:
    text = "call 5️⃣5️⃣ now"
    seen = digit_view(text)
    start = seen.text.index("55")
    assert text[slice(*seen.raw_span(start, start + 2))] == "5️⃣5️⃣"


def test_squash_joins_letters_and_digits() -> None:
    assert squash("J a n e (at) Ｘ-1") == "janeatx1"


@given(st.text())
def test_views_map_every_character_into_the_text(text: str) -> None:
    for seen in (view(text), digit_view(text)):
        assert len(seen.text) == len(seen.starts) == len(seen.ends)
        assert all(0 <= start < end <= len(text) for start, end in zip(seen.starts, seen.ends, strict=True))
        assert seen.starts == sorted(seen.starts)
        assert seen.ends == sorted(seen.ends)


@given(st.text(alphabet=st.characters(max_codepoint=0x7E, min_codepoint=0x20, exclude_characters="&")))
def test_view_of_plain_ascii_is_itself(text: str) -> None:
    assert view(text).text == text
