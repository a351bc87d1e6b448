import json
from pathlib import Path

import pytest

from bench import eval_scrub, gold, masking
from bench.gold import Gold
from pipeline.sample.text import GoldSpan


def covered(text: Gold) -> list[tuple[str, str, str]]:
    return [(span.entity, span.style, text.text[span.start : span.end]) for span in text.spans]


@pytest.mark.parametrize(
    ("lines", "text", "spans"),
    [
        pytest.param("Ann\tB-PER\nLee\tI-PER\nsings\tO", "Ann Lee sings", [("PERSON", "", "Ann Lee")], id="two tokens"),
        pytest.param(
            "Ann\tB-person\nBo\tB-person", "Ann Bo", [("PERSON", "", "Ann"), ("PERSON", "", "Bo")], id="two names"
        ),
        pytest.param(
            "RT\tO\n@\tB-PER\nann_lee\tB-PER", "RT @ann_lee", [("HANDLE", "person", "@ann_lee")], id="BTC handle"
        ),
        pytest.param(
            "@\tB-ORG\nacme\tB-ORG\nAnn\tB-PER",
            "@acme Ann",
            [("HANDLE", "other", "@acme"), ("PERSON", "", "Ann")],
            id="an organisation's handle",
        ),
        pytest.param("@\tO\n5pm\tO", "@ 5pm", [], id="at a time"),
        pytest.param("http://x.example/a\tO", "http://x.example/a", [("URL", "", "http://x.example/a")], id="link"),
        pytest.param("@ann\tB-person", "@ann", [("HANDLE", "person", "@ann")], id="handle in one token"),
        pytest.param(
            "New\tB-LOC\nYork\tI-LOC\nAnn\tB-PER",
            "New York Ann",
            [("LOCATION", "", "New York"), ("PERSON", "", "Ann")],
            id="place",
        ),
        pytest.param("Oslo\tB-ORG", "Oslo", [], id="organisation"),
    ],
)
def test_conll(tmp_path: Path, lines: str, text: str, spans: list[tuple[str, str, str]]) -> None:
    (tmp_path / "x.dev").write_text(f"{lines}\n\nEnd\tO\n", encoding="utf-8")
    first, last = gold.read_conll(tmp_path / "x.dev")
    assert (first.text, covered(first), last.text) == (text, spans, "End")


@pytest.mark.parametrize(
    ("number", "style"),
    [
        pytest.param("213-555-0101", "plain", id="hyphens"),
        pytest.param("213) 555-0101", "plain", id="half a bracket"),
        pytest.param("2 one 3 555 0101", "obfuscated", id="word"),
        pytest.param("213_555_0101", "obfuscated", id="underscores"),
    ],
)
def test_one_phone_number_a_row(tmp_path: Path, number: str, style: str) -> None:
    row = {"text": f"call {number}", "start": 5, "end": 5 + len(number)}
    (tmp_path / "x.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert [covered(text) for text in gold.read_jsonl(tmp_path / "x.jsonl")] == [[("PHONE", style, number)]]


def test_sets_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    for name in ("a.dev", "a.train", "train.conll", "README.md"):
        (tmp_path / "set" / name).write_text("ANN\tB-PER\n\nANN\tB-PER\n", encoding="utf-8")
    span = {"entity_type": "GPE", "start_position": 0, "end_position": 4}
    other = {"entity_type": "TITLE", "start_position": 5, "end_position": 7}
    row = {"template_id": 1, "full_text": "Oslo Dr", "spans": [span, other]}
    trained_on = {"template_id": 2, "full_text": "Rome Dr", "spans": [span, other]}
    (tmp_path / "r.json").write_text(json.dumps([row, trained_on]), encoding="utf-8")
    sets = gold.load(tmp_path)
    assert list(sets) == [gold.SYNTHETIC, "r.json", "set/a.dev", "set/a.dev, lower case"]
    assert 0 < len(sets[gold.SYNTHETIC]) <= gold.SYNTHETIC_ADS
    assert [covered(text) for text in sets["r.json"]] == [[("LOCATION", "", "Oslo")]]
    assert [covered(text) for text in sets["set/a.dev, lower case"]] == [[("PERSON", "", "ann")]]


def test_lower_case_keeps_offsets() -> None:
    assert gold.lowered(Gold("İ Ann", (GoldSpan(2, 5, "PERSON", ""),))).text == "İ ann"


TEXT = Gold("ring 213 555 0101 or Ann", (GoldSpan(5, 17, "PHONE", "plain"), GoldSpan(21, 24, "PERSON", "")))


@pytest.mark.parametrize(
    ("found", "phones", "over"),
    [
        pytest.param([(5, 17, "PHONE")], 1, {}, id="whole"),
        pytest.param([(5, 8, "PHONE"), (9, 12, "DATE"), (13, 17, "PHONE")], 1, {}, id="in pieces, spaces left"),
        pytest.param([(5, 16, "PHONE")], 0, {}, id="a digit left"),
        pytest.param([(0, 17, "PHONE"), (0, 4, "VERB")], 1, {"VERB": 4}, id="too much, counted once"),
        pytest.param([], 0, {}, id="nothing"),
    ],
)
def test_masking(found: list[masking.Found], phones: int, over: dict[str, int]) -> None:
    recall = masking.recall([TEXT], [found])
    assert {key: (share.part, share.whole) for key, share in recall.items()} == {
        ("PERSON", "all"): (0, 1),
        ("PHONE", "all"): (phones, 1),
        ("PHONE", "plain"): (phones, 1),
    }
    share, by_entity = masking.over_masked([TEXT], [found])
    assert (share.part, share.whole, by_entity) == (sum(over.values()), 6, over)


def test_interval_is_wilsons() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263.
    assert masking.Share(81, 263).as_row() == {"part": 81, "whole": 263, "share": 0.308, "low": 0.2553, "high": 0.3662}


@pytest.mark.parametrize(
    ("found", "precision", "recall"),
    [
        pytest.param([(5, 17, "PHONE"), (21, 24, "PERSON")], 1.0, 1.0, id="both"),
        pytest.param([(5, 17, "PERSON"), (21, 24, "PHONE")], 1.0, 1.0, id="any entity will do"),
        pytest.param([(5, 8, "A"), (9, 17, "B"), (21, 24, "PERSON")], 1.0, 1.0, id="together they cover it"),
        pytest.param([(5, 12, "PHONE"), (21, 24, "PERSON")], 0.5, 0.5, id="too short"),
        pytest.param([(0, 17, "PHONE"), (21, 24, "PERSON")], 0.5, 0.5, id="too long"),
        pytest.param([(18, 24, "PERSON")], 1.0, 0.5, id="stop words passed over"),
        pytest.param([], 0.0, 0.0, id="nothing"),
    ],
)
def test_span_rule(found: list[masking.Found], precision: float, recall: float) -> None:
    scores = masking.span_scores([TEXT], [found])
    assert (scores["precision"], scores["recall"]) == (precision, recall)


def test_report_holds_no_text(capsys: pytest.CaptureFixture[str]) -> None:
    sets = {"x.json": [TEXT]}
    run: eval_scrub.Run = ({"x.json": [[(5, 17, "PHONE")]]}, {"x.json": 0.5}, 100.0)
    report = eval_scrub.compare(sets, dict.fromkeys(eval_scrub.TOOLS, run))
    assert report["speed"]["presidio"] == {"ads_per_second": {"x.json": 2.0}, "peak_memory_mb": 100}
    assert report["sets"]["x.json"]["presidio_research"]["presidio"] == {"precision": 0.0, "recall": 0.0, "f2": 0.0}
    eval_scrub.show(report)
    assert "213" not in json.dumps(report) + capsys.readouterr().out


def test_misses_are_shown_in_their_context(capsys: pytest.CaptureFixture[str]) -> None:
    eval_scrub.show_misses([TEXT], [[(5, 17, "PHONE")]])
    assert capsys.readouterr().out.split() == "PERSON ring 213 555 0101 or ⟦Ann⟧".split()
