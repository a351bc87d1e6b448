from pathlib import Path
from typing import Any

import pytest

from pipeline import deny_file, store
from pipeline.audit import main, masked_contacts
from pipeline.canaries import Search, normal_forms
from pipeline.denied import Denied
from pipeline.errors import Refusal
from pipeline.records import RAW_ADS, SANITIZED_ADS
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


def row(ad_id: str, text: str, region: str | None = None) -> dict[str, Any]:
    return {
        "ad_id": ad_id,
        "text": text,
        "posted": "2026-03",
        "region": region,
        "category": None,
        "contacts": [],
        "labels": [],
    }


@pytest.mark.parametrize(
    ("denied", "holding"),
    [
        pytest.param([], 0, id="nothing denied"),
        pytest.param([Denied("a1", "PERSON", "Vexlorine", True)], 1, id="in a text, in another writing"),
        pytest.param([Denied("a2", "ADDRESS", "Thistle Hollow", True)], 1, id="in a region"),
        pytest.param([Denied("a1", "PERSON", "Ody", True)], 1, id="a short one as a word"),
        pytest.param([Denied("a1", "PERSON", "will", False)], 1, id="a common one in its ad"),
        pytest.param([Denied("a2", "ADDRESS", "US", False)], 0, id="a common one in its ad's region"),
        pytest.param([Denied("a1", "ID", "202603", True)], 0, id="in a month, which nobody typed"),
        pytest.param([Denied("a3", "PERSON", "will", False)], 0, id="a common one in another ad"),
        pytest.param([Denied("a1", "PERSON", "Dunmarrow", True), Denied("a1", "ID", "melo", True)], 0, id="masked"),
    ],
)
def test_a_denied_value_that_is_left_fails_the_audit(tmp_path: Path, denied: list[Denied], holding: int) -> None:
    texts = [
        ("a1", "I will sing a melody, ask VEX-LORINE", None),
        ("a2", "ody <PERSON_1>", "US, Thistle Hollow"),
        ("a3", "", None),
    ]
    store.write_table(tmp_path / "ads", SANITIZED_ADS, [row(*cells) for cells in texts])
    raw = [{"ad_id": ad_id, "text": "x", "labels": []} for ad_id, *_ in texts]
    store.write_table(tmp_path / "raw", RAW_ADS, raw)
    store.write_jsonl(tmp_path / "spans.jsonl", [{"ad_id": ad_id, "spans": []} for ad_id, *_ in texts])
    store.write_jsonl(tmp_path / "canaries.jsonl", [])
    deny_file.add(tmp_path / "denied.jsonl", denied)
    files = [
        tmp_path / name
        for name in ("raw", "spans.jsonl", "ads", "denied.jsonl", "canaries.jsonl", "findings.jsonl", "report.json")
    ]
    try:
        main(*files)
    except Refusal as refusal:
        problem = str(refusal)
    else:
        problem = ""
    report = store.read_json(tmp_path / "report.json")
    assert report["denied"] == {"values": len(denied), "ads_holding": holding}
    assert ("hold a value of the deny list" in problem) == bool(holding)
    assert sum(line["denied_values"] for line in store.read_jsonl(tmp_path / "findings.jsonl")) >= holding
    assert not any(row.value in problem for row in denied)
