import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import deny_file, params, scrub, scrub_file, scrubber, store
from pipeline.denied import Denied, DenyList
from pipeline.engine import Engine
from pipeline.errors import Refusal
from pipeline.keys import Key, write_sample
from pipeline.records import RAW_ADS, Contact, Scrubbed, Unscrubbed
from pipeline.scrub_cache import ScrubCache, key_of
from pipeline.scrubber import Scrubber

ROOT = Path(__file__).parents[2]
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
TOKEN = KEY.token("PHONE", "+12135550123")


class Counted:
    """The session's engine, with every text that it is given."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.texts: list[str] = []

    def scrub_all(self, texts: list[str]) -> list[Any]:
        self.texts += texts
        return self.engine.scrub_all(texts)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Counted:
    """One engine for every scrubber of a test."""
    counted = Counted(engine)
    monkeypatch.setattr(scrubber, "Engine", lambda _, denied: counted)
    return counted


def test_a_sanitized_ad_has_tokens_for_contacts_and_nothing_of_the_source(engine: Engine) -> None:
    result = engine.scrub(AD["text"])  # type: ignore[arg-type]
    assert isinstance(result, Scrubbed)
    assert scrub.sanitize(AD, result, ("US, CA", "2026-03", None), KEY) == {
        "ad_id": "a1",
        "text": "Call <PHONE_1>",
        "posted": "2026-03",
        "region": "US, CA",
        "category": None,
        "contacts": [
            {
                "kind": "PHONE",
                "index": 1,
                "token": TOKEN,
                "country": "US",
                "region": "US-CA",
                "line_type": "fixed_line_or_mobile",
            }
        ],
        "labels": AD["labels"],
    }


def test_places_of_phones_that_few_ads_share_are_not_told() -> None:
    tally = scrub.Tally()
    rows = []
    for number, region in enumerate(["US-CA"] * 5 + ["US-NV"] * 4):
        phones = (Contact("PHONE", 1, f"+1{number}", "US", region, "mobile"), Contact("PHONE", 2, "+2", "US", region))
        result = Scrubbed("", (), (*phones, Contact("EMAIL", 1, "x@example.com")), "en", False)
        tally.add({**AD, "text": str(number)}, result)
        rows.append(scrub.sanitize(AD, result, (None, None, None), KEY))
    settled = [tally.settle(row, 5)["contacts"] for row in rows]
    assert [c["region"] for c in settled[0]] == ["US-CA", "US-CA", None]
    assert [c["region"] for c in settled[8]] == [None, None, None]
    assert {c["country"] for contacts in settled for c in contacts} == {"US", None}
    assert tally.as_report()["suppressed_places"] == {"country": 0, "region": 8, "line_type": 0}
    assert tally.as_report()["distinct_texts"] == 9


def test_the_report_counts_by_language_and_reason() -> None:
    tally = scrub.Tally()
    for language, strict in (("en", False), ("es", True), ("es", True), ("und", False)):
        tally.add(AD, Scrubbed("", (), (), language, strict))
    tally.add(AD, Unscrubbed("no_tagger:zh"))
    assert tally.as_report() == {
        "denied_ads": 0,
        "distinct_texts": 1,
        "languages": {"en": {"ads": 1, "strict": 0}, "es": {"ads": 2, "strict": 2}, "und": {"ads": 1, "strict": 0}},
        "masked": {},
        "quarantined": {"no_tagger:zh": 1},
        "suppressed": {"region": 0, "posted": 0, "category": 0},
        "suppressed_places": {"country": 0, "region": 0, "line_type": 0},
    }


TEXTS = [f"Call 213-555-01{i % 50:02}" for i in range(120)]


def test_a_text_of_several_ads_is_scrubbed_once(counted: Counted, engine: Engine) -> None:
    once = Scrubber(engine.settings)
    assert list(once.scrub_all(TEXTS)) == engine.scrub_all(TEXTS)
    assert list(once.scrub_all(TEXTS[:3])) == engine.scrub_all(TEXTS[:3])
    assert counted.texts == TEXTS[:50]


def test_memory_is_bounded_and_no_text_lost(counted: Counted, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrubber, "REMEMBERED_BYTES", 5000)
    small = Scrubber(engine.settings)
    assert list(small.scrub_all(TEXTS)) == engine.scrub_all(TEXTS)
    assert len(small._remembered) < 10


def test_workers_share_what_one_of_them_is_at(engine: Engine) -> None:
    two = Scrubber(engine.settings.model_copy(update={"workers": 2}))
    assert list(two.scrub_all(TEXTS)) == engine.scrub_all(TEXTS)


class Kept(ScrubCache):
    """A cache in memory."""

    def __init__(self) -> None:
        self.kept: dict[bytes, Scrubbed] = {}

    def get(self, keys: Any) -> dict[bytes, Scrubbed]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def put(self, scrubbed: Any) -> None:
        self.kept |= scrubbed


def test_the_cache_gives_what_the_engine_would(counted: Counted, engine: Engine) -> None:
    cache = Kept()
    texts = [*TEXTS, "\ud800"]
    first = list(Scrubber(engine.settings, cache).scrub_all(texts))
    assert first == engine.scrub_all(texts)
    assert key_of("\ud800") not in cache.kept, "failures are tried again"
    counted.texts.clear()
    assert list(Scrubber(engine.settings, cache).scrub_all([*texts, "one more"]))[:-1] == first
    assert counted.texts == ["\ud800", "one more"]


def test_the_stage_gives_the_same_bytes_with_a_cache_without_and_with_workers(tmp_path: Path) -> None:
    ads = [{**AD, "ad_id": f"a{i:03}", "text": f"{text}, ask for Rosa"} for i, text in enumerate(TEXTS)]
    store.write_table(tmp_path / "raw" / "ads", RAW_ADS, ads)
    text = (ROOT / "params.yaml").read_text()
    (tmp_path / "params.yaml").write_text(text)
    write_sample(tmp_path / "key")
    seen = set()
    for run, workers in enumerate((1, 1, 2)):  # nothing cached, all cached, two workers and nothing cached
        if run == 2:
            (tmp_path / "raw" / "cache.sqlite").unlink()
        (tmp_path / "params.yaml").write_text(text.replace("workers: 1", f"workers: {workers}"))
        command = [sys.executable, "-m", "pipeline.scrub", "raw/ads", "--key", "key", "--cache", "raw/cache.sqlite"]
        command += ["--ads", "ads", "--spans", "raw/s.jsonl", "--quarantine", "raw/q.jsonl", "--metrics", "m.json"]
        command += ["--denied", "raw/d.jsonl"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(run)}
        subprocess.run(command, cwd=tmp_path, env=environment, check=True)
        outputs = ("ads/part-00000.parquet", "raw/s.jsonl", "raw/q.jsonl", "m.json")
        seen.add(tuple((tmp_path / output).read_bytes() for output in outputs))
        assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == [
            "ads",
            "cache.sqlite",
            "d.jsonl",
            "q.jsonl",
            "s.jsonl",
        ]
    assert len(seen) == 1


def test_the_filter_copies_a_file_with_one_column_scrubbed(tmp_path: Path, counted: Counted) -> None:
    (tmp_path / "in.csv").write_text('key,body,price\n7,"Call 213-555-0123, now",30\n8,A chair,\n')
    out = tmp_path / "out.csv"
    written, problems = scrub_file.scrub_file(tmp_path / "in.csv", out, tmp_path / "s.jsonl", "body", "key", None)
    assert (written, dict(problems)) == (2, {})
    assert out.read_text() == 'key,body,price\n7,"Call <PHONE_1>, now",30\n8,A chair,\n'
    assert [json.loads(line) for line in (tmp_path / "s.jsonl").read_text().splitlines()] == [
        {"ad_id": "7", "spans": [{"start": 5, "end": 17, "entity": "PHONE", "score": 0.8}]},
        {"ad_id": "8", "spans": []},
    ]


def test_the_filter_counts_what_it_holds_back(tmp_path: Path, counted: Counted) -> None:
    (tmp_path / "in.csv").write_bytes(b"text\ncall \xff\n" + b"a long ad " * 100_001 + b"\nshort\n")
    written, problems = scrub_file.scrub_file(tmp_path / "in.csv", tmp_path / "out.jsonl", None, "text", None, None)
    assert (written, dict(problems)) == (2, {"undecodable": 1, "too_long": 1})
    assert [row["text"] for row in store.read_jsonl(tmp_path / "out.jsonl")] == ["", "short"]


def test_the_filter_names_a_missing_column_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Refusal, match="no column 'text'; it has 'a', 'b'"):
        scrub_file.scrub_file(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "s.jsonl", "text", None, None)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_personal_data_typed_into_a_region_or_category_is_dropped(counted: Counted, engine: Engine) -> None:
    ads = [{**AD, "region": "US, CA", "category": "call 213-555-0123"}] * 9
    combinations = scrub.Combinations(Scrubber(engine.settings), engine.settings.quasi_identifiers, ads)
    assert combinations.of(ads[0]) == ("US, CA", "2026-03", None)
    assert combinations.ads == 9


def test_a_denied_value_typed_into_a_region_is_dropped(counted: Counted, engine: Engine) -> None:
    """Also where it is taken for a part of a place."""
    ads = [{**AD, "region": "Vexlorine Hill, CA", "category": "goods"}] * 9
    deny_list = DenyList([Denied("a", "PERSON", "vexlorine", True)])
    for denied, region in ((DenyList(), "Vexlorine Hill, CA"), (deny_list, None)):
        scrubber_of_fields = Scrubber(engine.settings, None, denied)
        combinations = scrub.Combinations(scrubber_of_fields, engine.settings.quasi_identifiers, ads)
        assert combinations.of(ads[0]) == (region, "2026-03", "goods")


def test_params_of_the_example_are_those_of_the_scrubber() -> None:
    assert params.read(ROOT / "examples/emscad/params.yaml").scrub.policy["AGE"] == "generalise"


def test_a_deny_list_that_grows_while_the_stage_runs_fails_it(
    tmp_path: Path, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else DVC would take the new rows for seen."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    write_sample(tmp_path / "key")
    store.write_table(tmp_path / "raw" / "ads", RAW_ADS, [AD])
    read = iter([[], [Denied("a", "PERSON", "vexlorine", True)]])
    monkeypatch.setattr(deny_file, "read", lambda _: next(read))
    files = ["raw/ads", "key", "raw/c.sqlite", "raw/d.jsonl", "ads", "raw/s.jsonl", "raw/q.jsonl", "m.json"]
    with pytest.raises(Refusal, match="changed while"):
        scrub.main(*map(Path, files))
    assert not (tmp_path / "m.json").exists()
