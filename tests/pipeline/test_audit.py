import pytest

from pipeline.audit import masked_contacts
from pipeline.canaries import Search, normal_forms
from pipeline.second_detector import second_opinion

CANARY = "213-555-0123"


@pytest.mark.parametrize(
    "text",
    [
        "213-555-0123",
        "call (213) 555.0123 now",
        "2135550123",
        "2 1 3 5 5 5 0 1 2 3",
        "two one three five five five oh one two three",
        "２１３５５５０１２３",
        "2️⃣1️⃣3️⃣5️⃣5️⃣5️⃣0️⃣1️⃣2️⃣3️⃣",
        "21\u200b35550123",
        "&#50;135550123",
    ],
)
def test_a_canary_is_found_in_every_normal_form(text: str) -> None:
    assert Search([CANARY]).finds(text) == {CANARY}


@pytest.mark.parametrize("text", ["213-555-0124", "<PHONE_1>", "213-555-<PHONE_1>0123", "", "a chair"])
def test_other_text_holds_no_canary(text: str) -> None:
    assert Search([CANARY]).finds(text) == set()


def test_words_are_found_whatever_stands_between_their_letters() -> None:
    assert Search(["jane.roe@example.com"]).finds("J A N E R O E (@) example . com")


@pytest.mark.parametrize("value", ["@sam", "12345", "", "ana"])
def test_a_value_too_short_to_be_told_from_chance_is_not_searched(value: str) -> None:
    assert normal_forms(value) == set()
    assert Search([value]).size == 0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("213-555-0123", "phone"),
        ("jo@example.com", "email"),
        ("jo (at) example", "email_in_words"),
        ("http://x", "web_address"),
        ("write @sunny", "handle"),
        ("1234 5678 9012", "long_digits"),
    ],
)
def test_the_second_detector_finds(text: str, kind: str) -> None:
    assert second_opinion(text, ["US"])[kind] == 1


@pytest.mark.parametrize("text", ["<PHONE_1> and <EMAIL_2>", "$35,000 to 73,000", "2024-2026", "at 9:00-18:00"])
def test_the_second_detector_leaves_alone(text: str) -> None:
    assert second_opinion(text, ["US"]).total() == 0


def test_masked_contacts_come_from_ads_with_spans() -> None:
    raw = [{"ad_id": name, "text": f"call 213-555-012{name}"} for name in "123"]
    spans = [
        {"ad_id": "1", "spans": [{"start": 5, "end": 17, "entity": "PHONE"}]},
        {
            "ad_id": "3",
            "spans": [{"start": 0, "end": 17, "entity": "PERSON"}, {"start": 5, "end": 17, "entity": "PHONE"}],
        },
    ]
    assert list(masked_contacts(raw, spans)) == ["213-555-0121", "213-555-0123"]
