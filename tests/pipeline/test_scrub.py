import json
from datetime import date
from pathlib import Path

import pytest

from pipeline import scrub, store
from pipeline.engine import Engine
from pipeline.errors import Refusal
from pipeline.keys import Key
from pipeline.records import Scrubbed

KEY = Key(b"k" * 32, sample=True)
AD = {
    "ad_id": "a1",
    "source_id": "post/77",
    "text": "Call 213-555-0123",
    "posted": date(2026, 3, 9),
    "region": "US, CA, Los Angeles",
    "category": "goods",
    "labels": [{"question": "sector", "value": "household_goods"}],
}


@pytest.fixture(autouse=True)
def _one_engine(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    monkeypatch.setattr(scrub, "Engine", lambda _: engine)


def test_a_sanitized_ad_has_tokens_for_contacts_and_nothing_of_the_source(engine: Engine) -> None:
    result = engine.scrub(AD["text"])  # type: ignore[arg-type]
    assert isinstance(result, Scrubbed)
    row = scrub.sanitize(AD, result, ("US, CA", "2026-03", None), KEY)
    assert row == {
        "ad_id": "a1",
        "text": "Call <PHONE_1>",
        "posted": "2026-03",
        "region": "US, CA",
        "category": None,
        "contacts": [{"kind": "PHONE", "index": 1, "token": KEY.token("PHONE", "+12135550123")}],
        "labels": AD["labels"],
    }


def test_a_text_of_several_ads_is_scrubbed_once(engine: Engine) -> None:
    remembered = scrub.remembering(engine)
    assert remembered("Call 213-555-0123") is remembered("Call 213-555-0123")


def test_the_filter_copies_a_file_with_one_column_scrubbed(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('key,body,price\n7,"Call 213-555-0123, now",30\n8,A chair,\n')
    written, problems = scrub.scrub_file(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "s.jsonl", "body", "key")
    assert (written, dict(problems)) == (2, {})
    assert (tmp_path / "out.csv").read_text() == 'key,body,price\n7,"Call <PHONE_1>, now",30\n8,A chair,\n'
    assert [json.loads(line) for line in (tmp_path / "s.jsonl").read_text().splitlines()] == [
        {"ad_id": "7", "spans": [{"start": 5, "end": 17, "entity": "PHONE", "score": 0.8}]},
        {"ad_id": "8", "spans": []},
    ]


def test_the_filter_counts_what_it_holds_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    (tmp_path / "in.csv").write_bytes(b"text\ncall \xff\n" + b"a long ad " * 5000 + b"\nshort\n")
    monkeypatch.setattr(engine, "settings", engine.settings.model_copy(update={"timeout_seconds": 0.05}))
    written, problems = scrub.scrub_file(tmp_path / "in.csv", tmp_path / "out.jsonl", None, "text", None)
    assert (written, dict(problems)) == (2, {"undecodable": 1, "timeout": 1})
    assert [row["text"] for row in store.read_jsonl(tmp_path / "out.jsonl")] == ["", "short"]


def test_the_filter_names_a_missing_column_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Refusal, match="no column 'text'; it has 'a', 'b'"):
        scrub.scrub_file(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "s.jsonl", "text", None)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_personal_data_typed_into_a_region_or_category_is_dropped(engine: Engine) -> None:
    ads = [{**AD, "region": "US, CA", "category": "call 213-555-0123"}] * 9
    settings = engine.settings.quasi_identifiers
    assert scrub.Combinations(engine, settings, ads).of(ads[0]) == ("US, CA", "2026-03", None)
