import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.taggers.features import (
    _ASCII_WORDS,
    _UNLINKED_WORDS,
    TAGS,
    WORDS,
    class_of,
    features,
    hashtag_parts,
    pieces,
    shape,
)
from pipeline.taggers.net import _CHUNK, REACH, Net, doubt

ASCII = [chr(code) for code in range(128)]
WORDS_OF = [
    pytest.param("Ask for Jane O'Brien's dog.", ["Ask", "for", "Jane", "O'Brien", "'s", "dog", "."], id="apostrophes"),
    pytest.param("<PHONE_1> or <AGE_21-25>", ["<PHONE_1>", "or", "<AGE_21-25>"], id="placeholders"),
    pytest.param("see http://example.com/a @jo", ["see", "http://example.com/a", "@jo"], id="links and handles"),
    pytest.param("a_b\n\nc", ["a", "_", "b", "\n\n", "c"], id="lines"),
]
PARTS_OF = [
    pytest.param("#RIPJohnnyWinter", ["rip", "johnny", "winter"], id="capitals"),
    pytest.param("#JaneDoe2", ["jane", "doe", "2"], id="digits"),
    pytest.param("#michaelbrown", ["michael", "brown"], id="first name and surname in one"),
    pytest.param("#forsale", ["forsale"], id="no names"),
    pytest.param("#_", ["#_"], id="no letters"),
]
FOUND = [
    pytest.param("My name is Elizabeth Warner and I moved here.", "PERSON", "Elizabeth Warner", id="person"),
    pytest.param("text maria lopez about the couch", "PERSON", "maria lopez", id="lower-case person"),
    pytest.param("We are moving to Chicago next week.", "LOCATION", "Chicago", id="place"),
    pytest.param("so proud of you #ElizabethWarner", "PERSON", "#ElizabethWarner", id="hashtag"),
]
KEPT = [
    "Great sofa for sale, barely used, pick up only.",
    "We are looking for a motivated sales manager to join our growing team.",
    "Call <PHONE_1> or write to <EMAIL_1> today.",
    "Huge sale this weekend #bargain #forsale",
    "",
    " \n ",
]


@pytest.fixture(scope="module")
def net() -> Net:
    return Net()


@pytest.mark.parametrize(("text", "words"), WORDS_OF)
def test_words(text: str, words: list[str]) -> None:
    assert [match[0] for match in WORDS.finditer(text)] == words


@pytest.mark.parametrize(("word", "parts"), PARTS_OF)
def test_hashtags_are_taken_apart(word: str, parts: list[str]) -> None:
    assert hashtag_parts(word) == parts


def test_features_look_past_digits_accents_and_kinds() -> None:
    assert class_of("2021") == class_of("1999") == "0000"
    assert class_of("<PERSON_1>") == class_of("<AGE_21-25>") == "<placeholder>"
    assert class_of("https://example.com/") == class_of("<URL_2>") == "<link>"
    assert class_of("@jane_example") == class_of("<HANDLE_1>") == "<handle>"
    assert features("Zoë").pieces == features("zoe").pieces
    assert shape("O'Brien") == "X'Xxx"
    assert pieces("unaffable") != pieces("[UNK]")


@pytest.mark.parametrize(("text", "entity", "covered"), FOUND)
def test_names_and_places_are_found(net: Net, text: str, entity: str, covered: str) -> None:
    assert (entity, covered) in [(span.entity, text[span.start : span.end]) for span in net.tag([text])[0]]


@pytest.mark.parametrize("text", KEPT)
def test_other_text_is_left(net: Net, text: str) -> None:
    assert net.tag([text]) == [[]]


DOUBTED = [
    pytest.param("Call maria now", [0, 1, 1], id="capitals"),
    pytest.param("i love maria", [0, 0, 0], id="none"),
    pytest.param("I love maria <PHONE_1>", [0, 0, 0, 0], id="no capitals but I and a placeholder"),
]


@pytest.mark.parametrize(("text", "doubts"), DOUBTED)
def test_lower_case_speaks_against_a_name_where_there_are_capitals(text: str, doubts: list[float]) -> None:
    assert doubt(WORDS.findall(text)).tolist() == doubts


def test_spans_are_of_the_text_given_where_letters_are_disguised(net: Net) -> None:
    text = "My name is Ｅｌｉｚａｂｅｔｈ Warner."
    assert [text[span.start : span.end] for span in net.tag([text])[0]] == ["Ｅｌｉｚａｂｅｔｈ Warner"]


def test_tags_do_not_depend_on_the_batch_or_on_what_was_seen_before(net: Net) -> None:
    words = "Jane met Bob in Paris and sold a sofa to Maria Lopez near Lake View Road for cash".split()
    rng = random.Random(1)
    sentences = [[rng.choice(words) for _ in range(rng.choice([1, 3, 40, 700, 1_300]))] for _ in range(20)]
    together = net.logits(sentences)
    fresh = Net()
    for sentence, logits in sorted(zip(sentences, together, strict=True), key=lambda pair: len(pair[0])):
        assert logits.shape == (len(sentence), len(TAGS))
        assert np.array_equal(fresh.logits([sentence])[0], logits)


def test_a_text_may_end_anywhere_beside_the_end_of_a_chunk() -> None:
    net, rng = Net(), random.Random(2)
    for size in range(_CHUNK - 2 * REACH - 2, _CHUNK + 2):
        net.tag([" ".join(rng.choices(["Jane", "met", "Bob", "in", "Paris", "again"], k=size))])


def test_tags_do_not_depend_on_a_text_that_took_too_long(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted, text = Net(), "My name is Elizabeth Warner and I moved here."

    def dawdle(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(interrupted, "_forward", dawdle)
    with pytest.raises(TimeoutError):
        interrupted.tag([text])
    monkeypatch.undo()
    assert interrupted.tag([text]) == net.tag([text])


@given(
    st.lists(st.sampled_from(["<PHONE_1>", "<AGE_-18>", "'s", "#a", "@a", "\n", "\x1c"]) | st.text(ASCII)).map("".join)
)
def test_words_of_ascii_are_found_by_either_pattern(text: str) -> None:
    assert _ASCII_WORDS.findall(text) == _UNLINKED_WORDS.findall(text)


@settings(max_examples=50)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_spans_are_disjoint_and_in_bounds(texts: list[str]) -> None:
    for text, spans in zip(texts, Net().tag(texts), strict=True):
        ends = [0, *(span.end for span in spans)]
        assert all(end <= span.start < span.end <= len(text) for end, span in zip(ends, spans, strict=False))


def test_the_sums_stay_exact_in_float32(net: Net) -> None:
    for weights in (net._word, net._first.reshape(-1, net._first.shape[-1]), net._second, net._out):
        assert np.abs(weights).sum(axis=0).max() * 127 < 2**24
