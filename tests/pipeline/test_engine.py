import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from presidio_analyzer import EntityRecognizer

from pipeline.engine import Engine, disjoint
from pipeline.errors import Refusal
from pipeline.records import Scrubbed, Span, Unscrubbed

MASKED = [
    pytest.param("Call 213-555-0123 today.", "Call <PHONE_1> today.", id="phone"),
    pytest.param("Call (213) 555.0123 today.", "Call <PHONE_1> today.", id="phone, other punctuation"),
    pytest.param("Text two one three 555 oh one 2 three now", "Text <PHONE_1> now", id="phone in words"),
    pytest.param("Text dos uno tres 555 cero uno dos tres ya", "Text <PHONE_1> ya", id="phone in Spanish words"),
    pytest.param("Now 2 1 3 5 5 5 0 1 2 3!", "Now <PHONE_1>!", id="phone spaced out"),
    pytest.param("Now ２１３ ５５５ ０１２３!", "Now <PHONE_1>!", id="phone, full width"),
    pytest.param("Now 2️⃣1️⃣3️⃣5️⃣5️⃣5️⃣0️⃣1️⃣2️⃣3️⃣!", "Now <PHONE_1>!", id="phone, keycaps"),
    pytest.param("Now 21\u200b3-55\u200b5-0123!", "Now <PHONE_1>!", id="phone, zero-width"),
    pytest.param("Now +44 7700 900123!", "Now <PHONE_1>!", id="phone, international"),
    pytest.param("Please write to jo@example.com for more.", "Please write to <EMAIL_1> for more.", id="e-mail"),
    pytest.param("Rain barrel, $25 - (513) 555-0130 now", "Rain barrel, $25 - <PHONE_1> now", id="phone after a price"),
    pytest.param("from one to two. (541) 555-0154 ok", "from one to two. <PHONE_1> ok", id="phone after a digit word"),
    pytest.param("Call 213-555-\n0123 now", "Call <PHONE_1> now", id="phone over two lines"),
    pytest.param("any time! 080 5550 0123 ok", "any time! <PHONE_1> ok", id="phone with a trunk prefix"),
    pytest.param("Desk: +1-604-555-0172x565 ok", "Desk: <PHONE_1> ok", id="phone with an extension"),
    pytest.param("at home? - 346-SSS-0l40 ok", "at home? - <PHONE_1> ok", id="phone, letters for a group"),
    pytest.param("Snap siennalane.example now", "Snap <HANDLE_1> now", id="dotted handle after its service"),
    pytest.param("Thanks to @@sunny_9 for this.", "Thanks to <HANDLE_1> for this.", id="handle with two signs"),
    pytest.param("mail jo at example dot com ok", "mail <EMAIL_1> ok", id="e-mail in words"),
    pytest.param("mail jo (at) example [dot] com ok", "mail <EMAIL_1> ok", id="e-mail in brackets"),
    pytest.param("mail jo arroba example punto com ok", "mail <EMAIL_1> ok", id="e-mail in Spanish"),
    pytest.param("apply at jo at jobs.example dot com ok", "apply at <EMAIL_1> ok", id="e-mail after another at"),
    pytest.param("see https://example.com/a?b=c.", "see <URL_1>.", id="web address"),
    pytest.param("see www.example.com/a now", "see <URL_1> now", id="web address with www"),
    pytest.param("see shop.example.com now", "see <URL_1> now", id="bare domain"),
    pytest.param("see shop dot example dot com now", "see <URL_1> now", id="domain in words"),
    pytest.param("write @sunny.days_9 now", "write <HANDLE_1> now", id="handle"),
    pytest.param("my IG: sunny.days_9 now", "my IG: <HANDLE_1> now", id="handle after its service"),
    pytest.param("ask for lucy when you arrive", "ask for <PERSON_1> when you arrive", id="name after a cue"),
    pytest.param(
        "Si te interesa, pregunta por rosa.", "Si te interesa, pregunta por <PERSON_1>.", id="name after a Spanish cue"
    ),
    pytest.param("we are at 1420 Maple Ave, Apt 3 now", "we are at <ADDRESS_1> now", id="street address"),
    pytest.param("card 4111 1111 1111 1111 only", "card <CARD_1> only", id="card"),
    pytest.param("pay to GB82 WEST 1234 5698 7654 32 only", "pay to <IBAN_1> only", id="IBAN"),
    pytest.param("server 192.0.2.44 only", "server <IP_1> only", id="IP address"),
]

KEPT = [
    "Two sofas, $350 each, 80 x 200 cm.",
    "We pay $35,000 - $73,000 a year, 40 hours a week.",
    "Open 9:00-18:00, from 2024-2026.",
    "Great team.At our office you learn a lot.",
    "Meet at noon. Come as you are.",
]


def scrub(engine: Engine, text: str) -> Scrubbed:
    result = engine.scrub(text)
    assert isinstance(result, Scrubbed)
    return result


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_personal_data_becomes_a_placeholder(engine: Engine, text: str, expected: str) -> None:
    assert scrub(engine, text).text == expected


@pytest.mark.parametrize("text", KEPT)
def test_other_text_stays(engine: Engine, text: str) -> None:
    assert scrub(engine, text).text == text


def test_one_value_has_one_number_however_it_is_written(engine: Engine) -> None:
    result = scrub(
        engine, "213-555-0123, or 213-555-0177; again two one three 555 0123. x@example.com, x at example dot com"
    )
    assert result.text == "<PHONE_1>, or <PHONE_2>; again <PHONE_1>. <EMAIL_1>, <EMAIL_1>"
    assert [(c.kind, c.index, c.value) for c in result.contacts] == [
        ("EMAIL", 1, "x@example.com"),
        ("PHONE", 1, "+12135550123"),
        ("PHONE", 2, "+12135550177"),
    ]


def test_spans_are_of_the_raw_text_and_rebuild_the_sanitized_one(engine: Engine) -> None:
    text = "Ask for Lucy, 213-555-0123, lucy (at) example [dot] com"
    result = scrub(engine, text)
    assert [text[span.start : span.end] for span in result.spans] == [
        "Lucy",
        "213-555-0123",
        "lucy (at) example [dot] com",
    ]


def test_placeholders_already_there_keep_their_numbers(engine: Engine) -> None:
    assert scrub(engine, "<PHONE_2> or 213-555-0123").text == "<PHONE_2> or <PHONE_3>"


def test_no_repr_shows_a_contact(engine: Engine) -> None:
    assert "555" not in repr(scrub(engine, "213-555-0123").contacts)


PIECES = st.sampled_from(
    [
        "call ",
        "213-555-0123",
        " two one three ",
        "555 0123",
        "jo at example dot com",
        " @sunny_9 ",
        "ask for ",
        "Lucy",
        "\n",
        "<PHONE_1>",
        "&amp;",
        "5️⃣",
        " at ",
        "www.example.com",
        "$300",
        " 12 Oak St ",
        "!",
        "Los Angeles",
        "é",
        "\u200b",
    ]
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=10).map("".join))
@example("call <PHONE_1>213-555-0123")
def test_scrubbing_twice_changes_nothing(engine: Engine, text: str) -> None:
    once = scrub(engine, text)
    again = scrub(engine, once.text)
    assert again.text == once.text
    assert again.spans == ()


def test_a_recogniser_that_fails_sends_the_text_to_quarantine(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: EntityRecognizer, *_: object, **__: object) -> None:
        raise KeyError("213-555-0123")

    monkeypatch.setattr(type(next(iter(engine._analyzer.registry.recognizers))), "analyze", fail)
    assert engine.scrub("call 213-555-0123") == Unscrubbed("recognizer_failed:KeyError")


def test_a_text_that_takes_too_long_goes_to_quarantine(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty = engine.settings.model_copy(update={"timeout_seconds": 0.001})
    monkeypatch.setattr(engine, "settings", hasty)
    assert engine.scrub("a long ad " * 500) == Unscrubbed("timeout")


def test_a_tagger_that_is_not_installed_is_refused(engine: Engine) -> None:
    with pytest.raises(Refusal, match="not installed"):
        Engine(engine.settings.model_copy(update={"ner": "xx_missing"}))


def test_keep_leaves_an_entity_in_the_text(engine: Engine) -> None:
    policy = engine.settings.policy | {"URL": "keep"}
    keeping = Engine(engine.settings.model_copy(update={"policy": policy}))
    assert scrub(keeping, "see www.example.com, 213-555-0123").text == "see www.example.com, <PHONE_1>"


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param(
            [(0, 5, "PERSON", 0.8), (3, 9, "PHONE", 0.4)], [(0, 3, "PERSON"), (3, 9, "PHONE")], id="contact first"
        ),
        pytest.param(
            [(0, 9, "PERSON", 0.8), (3, 5, "PHONE", 0.4)],
            [(0, 3, "PERSON"), (3, 5, "PHONE"), (5, 9, "PERSON")],
            id="inside",
        ),
        pytest.param(
            [(0, 4, "PHONE", 0.4), (2, 9, "PHONE", 0.8)], [(0, 2, "PHONE"), (2, 9, "PHONE")], id="score first"
        ),
        pytest.param([(0, 4, "EMAIL", 0.4), (0, 4, "URL", 0.8)], [(0, 4, "EMAIL")], id="same stretch"),
    ],
)
def test_disjoint(spans: list[tuple[int, int, str, float]], expected: list[tuple[int, int, str]]) -> None:
    result = disjoint("abcdefghi", [Span(*span) for span in spans])
    assert [(s.start, s.end, s.entity) for s in result] == expected
