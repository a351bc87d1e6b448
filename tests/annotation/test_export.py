"""Label Studio exports, JSON and JSON_MIN: ours, odd ones, broken ones, and two real ones made by others."""

import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk.converter.converter import Converter

from annotation import codebook, export, interface
from pipeline import params
from pipeline.errors import Refusal

EXPORTS = Path(__file__).parents[2].parent / "shared/data/label_studio_exports"
BOOK = codebook.load(codebook.CODEBOOK)
TEXT = "Packers wanted, ask Rosa"


def _choices(question: str, *choices: str) -> dict[str, Any]:
    return {"from_name": question, "to_name": "text", "type": "choices", "value": {"choices": list(choices)}}


def _span(start: int, end: int, *labels: str) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": TEXT[start:end], "labels": list(labels)}
    return {"from_name": "residual_pii", "to_name": "text", "type": "labels", "value": value}


def _annotation(id: int, by: Any, *result: dict[str, Any], updated: str = "2026-01-01", **more: Any) -> dict[str, Any]:
    return {"id": id, "completed_by": by, "result": list(result), "updated_at": updated, "lead_time": 12.5, **more}


def _task(id: int, ad_id: str, *annotations: dict[str, Any]) -> dict[str, Any]:
    return {"id": id, "data": {"ad_id": ad_id, "text": TEXT}, "annotations": list(annotations), "predictions": []}


ANSWERED = (_choices("sector", "job_recruitment"), _choices("indicators", "none"), _choices("evidence", "sufficient"))


def test_our_interface(tmp_path: Path) -> None:
    task = _task(
        1,
        "ad1",
        _annotation(1, 7, *ANSWERED, _span(20, 24, "name")),
        _annotation(
            2,
            8,
            _choices("sector", "household_goods"),
            _choices("indicators", "vague_employer", "debt_or_fees"),
            _choices("escalate", "yes"),
        ),
    )
    votes, counts = export.collect(_write(tmp_path, [task]), BOOK)
    assert counts == {"annotations": 2}
    assert {(v.annotator, v.question): v.value for v in votes} == {
        ("annotator-7", "sector"): "job_recruitment",
        ("annotator-7", "indicators"): ("none",),
        ("annotator-7", "evidence"): "sufficient",
        ("annotator-7", "residual_pii"): ({"start": 20, "end": 24, "label": "name"},),
        ("annotator-7", "escalate"): "no",
        ("annotator-8", "sector"): "household_goods",
        ("annotator-8", "indicators"): ("debt_or_fees", "vague_employer"),
        ("annotator-8", "residual_pii"): (),
        ("annotator-8", "escalate"): "yes",
    }
    assert {(v.item, v.lead_time, v.codebook) for v in votes} == {("ad1", 12.5, "1.0.0")}
    assert votes == sorted(votes, key=lambda vote: vote.key)


def test_json_min_of_label_studios_converter_gives_the_same_votes(tmp_path: Path) -> None:
    tasks = [
        _task(1, "ad1", _annotation(1, 7, *ANSWERED, _span(0, 4, "other"), _span(20, 24, "name"))),
        _task(2, "ad2", _annotation(2, 8, *ANSWERED[:1], _choices("indicators", "vague_employer", "debt_or_fees"))),
        _task(3, "ad3", _annotation(3, 8, *ANSWERED, _choices("escalate", "yes"))),
    ]
    full = _write(tmp_path, tasks)
    config = interface.render(BOOK, params.load(params.Annotate, Path(__file__).parents[2] / "params.yaml"))
    Converter(config, str(tmp_path)).convert_to_json_min(str(full), str(tmp_path / "min"), is_dir=False)
    assert export.collect(tmp_path / "min/result.json", BOOK) == export.collect(full, BOOK)
    without = export.collect(tmp_path / "min/result.json")[0]
    assert without == export.collect(full)[0]
    assert {vote.question for vote in without} == {"sector", "indicators", "evidence", "residual_pii", "escalate"}


def test_kinds_without_a_codebook(tmp_path: Path) -> None:
    taxonomy = {"from_name": "tree", "type": "taxonomy", "value": {"taxonomy": [["a", "b"], ["c"]]}}
    rating = {"from_name": "stars", "type": "rating", "value": {"rating": 3}}
    tasks = [
        _task(1, "ad1", _annotation(1, 7, _choices("one", "x"), _choices("many", "x"), taxonomy, rating)),
        _task(2, "ad2", _annotation(2, 7, _choices("one", "y"), _choices("many", "x", "y"))),
    ]
    votes, _ = export.collect(_write(tmp_path, tasks))
    assert {(v.item, v.question): v.value for v in votes} == {
        ("ad1", "many"): ("x",),
        ("ad1", "one"): "x",
        ("ad1", "stars"): "3",
        ("ad1", "tree"): ("a / b", "c"),
        ("ad2", "many"): ("x", "y"),
        ("ad2", "one"): "y",
    }


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    note = {"from_name": "note", "type": "textarea", "value": {"text": ["call 555-0100"]}}
    relation = {"type": "relation", "from_id": "a", "to_id": "b"}
    tasks = [
        _task(1, "ad1", _annotation(1, 7, *ANSWERED, note, relation), _annotation(2, 8, was_cancelled=True)),
        _task(2, "ad2", _annotation(3, 7), _annotation(4, None, *ANSWERED)),
        _task(3, "ad3"),
    ]
    votes, counts = export.collect(_write(tmp_path, tasks))
    assert counts == {"annotations": 1, "empty": 1, "no_annotator": 1, "skipped": 1, "unsupported_answers": 1}
    assert {vote.item for vote in votes} == {"ad1"}
    assert "555" not in repr(votes)


def test_the_newest_annotation_of_an_annotator_counts_whatever_the_order(tmp_path: Path) -> None:
    annotations = [
        _annotation(1, 7, _choices("sector", "massage_spa"), updated="2026-01-01T10:00:00Z"),
        _annotation(2, 7, _choices("sector", "household_goods"), updated="2026-01-02T10:00:00Z"),
        _annotation(3, 8, _choices("sector", "massage_spa"), updated="2026-01-01T10:00:00Z"),
    ]
    expected = {"annotator-7": "household_goods", "annotator-8": "massage_spa"}
    for seed in range(4):
        random.Random(seed).shuffle(annotations)
        tasks = [_task(n, "ad1", annotation) for n, annotation in enumerate(annotations)]
        votes, counts = export.collect(_write(tmp_path, tasks))
        assert {vote.annotator: vote.value for vote in votes} == expected
        assert counts == {"annotations": 3, "superseded": 1}


NEWER = {
    "a fraction of a second": ("2026-01-01T10:00:00.5Z", "2026-01-01T10:00:00Z"),
    "another offset": ("2026-01-01T10:00:00Z", "2026-01-01T11:30:00+02:00"),
    "no time at all": ("2026-01-01T10:00:00Z", "soon"),
}


@pytest.mark.parametrize(("later", "earlier"), NEWER.values(), ids=NEWER)
def test_times_are_compared_as_times(later: str, earlier: str, tmp_path: Path) -> None:
    annotations = [
        _annotation(1, 7, _choices("sector", "massage_spa"), updated=later),
        _annotation(2, 7, _choices("sector", "household_goods"), updated=earlier),
    ]
    for given in (annotations, annotations[::-1]):
        votes, counts = export.collect(_write(tmp_path, [_task(1, "ad1", *given)]))
        assert [vote.value for vote in votes] == ["massage_spa"]
        assert counts["superseded"] == 1


CREATED = {
    "UTC": ("2026-03-02T10:00:00.123456Z", "2026-03-02"),
    "the day in UTC": ("2026-03-02T23:30:00-05:00", "2026-03-03"),
    "not a time": ("yesterday", None),
    "missing": (None, None),
}


@pytest.mark.parametrize(("created_at", "day"), CREATED.values(), ids=CREATED)
def test_votes_keep_the_day_and_no_more(created_at: str | None, day: str | None, tmp_path: Path) -> None:
    votes, _ = export.collect(_write(tmp_path, [_task(1, "ad1", _annotation(1, 7, *ANSWERED, created_at=created_at))]))
    assert {vote.created for vote in votes} == {day}


def _version(version: Any) -> dict[str, Any]:
    task = _task(1, "ad1", _annotation(1, 7, *ANSWERED))
    return {**task, "data": {**task["data"], "codebook": version}}


def _revised(*versions: str, **change: Any) -> codebook.Codebook:
    """The codebook with a history in which the newest version brought the change."""
    changes = [[], *([{"kind": "wording", "question": "sector", "note": "Clearer."}] for _ in versions[1:])]
    if change:
        changes[-1] = [{"note": "Why.", **change}]
    changelog = [{"version": v, "changes": c} for v, c in zip(versions, changes, strict=True)]
    return codebook.Codebook.model_validate({**BOOK.model_dump(), "version": versions[-1], "changelog": changelog})


STANDS_FOR = {"same": ("1.4.2", "1.4.2"), "older": ("1.2.0", "1.2.0"), "not named": (None, "1.4.2")}
UNKNOWN = {
    "newer": "1.10.0",
    "between": "1.3.0",
    "before all": "0.9.0",
    "not a version": "the one with the blue cover, 555-0100",
}


@pytest.mark.parametrize(("named", "kept"), STANDS_FOR.values(), ids=STANDS_FOR)
def test_a_vote_keeps_the_version_it_was_given_under(named: str | None, kept: str, tmp_path: Path) -> None:
    book = _revised("1.0.0", "1.2.0", "1.4.2")
    votes, _ = export.collect(_write(tmp_path, [_version(named)]), book)
    assert {vote.codebook for vote in votes} == {kept}
    without, _ = export.collect(_write(tmp_path, [_version(named)]))
    assert {vote.codebook for vote in without} == {named}


@pytest.mark.parametrize("named", UNKNOWN.values(), ids=UNKNOWN)
def test_versions_that_the_codebook_cannot_stand_for_are_listed(named: str, tmp_path: Path) -> None:
    book = _revised("1.0.0", "1.2.0", "1.4.2")
    with pytest.raises(Refusal, match=r"1 version\(s\) that codebook 1.4.2 cannot stand for") as refusal:
        export.collect(_write(tmp_path, [_version(named)]), book)
    assert f"{named if named[0].isdigit() else 'unknown'} (1 annotations, first: ad1)" in str(refusal.value)
    assert "555" not in str(refusal.value)


def _under(task: dict[str, Any], version: str, *asked: str) -> dict[str, Any]:
    return {**task, "data": {**task["data"], "codebook": version, **({"asked": list(asked)} if asked else {})}}


def _answers(votes: list[Any]) -> dict[tuple[str, str], Any]:
    return {(vote.item, vote.question): (vote.value, vote.codebook) for vote in votes}


FULL = _annotation(1, 7, *ANSWERED, updated="2026-01-01")
MOVED = {"kind": "meaning", "question": "sector"}


def test_answers_that_a_change_does_not_touch_stand_and_the_others_are_counted(tmp_path: Path) -> None:
    book = _revised("1.0.0", "2.0.0", **MOVED)
    path = _write(tmp_path, [_under(_task(1, "ad1", FULL), "1.0.0")])
    votes, counts = export.collect(path, book)
    assert {vote.question for vote in votes} == {"indicators", "evidence", "residual_pii", "escalate"}
    assert {vote.codebook for vote in votes} == {"1.0.0"}
    assert counts == {"annotations": 1, "outdated_answers": 1}
    assert _answers(export.collect(path, book, outdated=True)[0])["ad1", "sector"] == ("job_recruitment", "1.0.0")


@pytest.mark.parametrize("later", ["2026-01-02", "2025-12-31"], ids=["redone since", "old answers edited since"])
def test_a_redone_answer_takes_the_place_of_the_outdated_one(later: str, tmp_path: Path) -> None:
    book = _revised("1.0.0", "2.0.0", **MOVED)
    redone = _annotation(2, 7, _choices("sector", "massage_spa"), updated=later)
    tasks = [_under(_task(1, "ad1", FULL), "1.0.0"), _under(_task(2, "ad1", redone), "2.0.0", "sector")]
    votes, counts = export.collect(_write(tmp_path, tasks), book)
    assert _answers(votes) == {
        ("ad1", "sector"): ("massage_spa", "2.0.0"),
        ("ad1", "indicators"): (("none",), "1.0.0"),
        ("ad1", "evidence"): ("sufficient", "1.0.0"),
        ("ad1", "residual_pii"): ((), "1.0.0"),
        ("ad1", "escalate"): ("no", "1.0.0"),
    }
    assert counts == {"annotations": 2}


def test_an_empty_annotation_answers_what_was_asked_by_marking_nothing(tmp_path: Path) -> None:
    votes, _ = export.collect(
        _write(tmp_path, [_under(_task(1, "ad1", _annotation(1, 7)), "1.0.0", "residual_pii", "escalate")]), BOOK
    )
    assert _answers(votes) == {("ad1", "residual_pii"): ((), "1.0.0"), ("ad1", "escalate"): ("no", "1.0.0")}


def test_nothing_is_read_into_the_answers_to_a_version_that_did_not_ask(tmp_path: Path) -> None:
    book = _revised("1.0.0", "1.1.0", kind="question_added", question="escalate")
    votes, _ = export.collect(_write(tmp_path, [_under(_task(1, "ad1", FULL), "1.0.0")]), book)
    assert {vote.question for vote in votes} == {"sector", "indicators", "evidence", "residual_pii"}


def test_answers_to_a_question_that_is_gone_are_counted_and_left_out(tmp_path: Path) -> None:
    book = _revised("1.0.0", "2.0.0", kind="question_removed", question="mood")
    task = _task(1, "ad1", _annotation(1, 7, *ANSWERED, _choices("mood", "good")))
    votes, counts = export.collect(_write(tmp_path, [_under(task, "1.0.0")]), book)
    assert "mood" not in {vote.question for vote in votes}
    assert counts == {"annotations": 1, "outdated_answers": 1}


def test_a_whole_annotation_under_the_new_version_supersedes_the_old_one(tmp_path: Path) -> None:
    book = _revised("1.0.0", "2.0.0", **MOVED)
    newer = _annotation(2, 7, *ANSWERED, updated="2026-01-02")
    tasks = [_under(_task(1, "ad1", FULL), "1.0.0"), _under(_task(2, "ad1", newer), "2.0.0")]
    votes, counts = export.collect(_write(tmp_path, tasks), book)
    assert {vote.codebook for vote in votes} == {"2.0.0"}
    assert counts == {"annotations": 2, "superseded": 1}


def test_decisions_are_the_newest_whoever_made_them_and_nothing_is_read_into_them(tmp_path: Path) -> None:
    tasks = [
        _task(
            1,
            "ad1",
            _annotation(1, 7, _choices("sector", "massage_spa"), updated="2026-01-01"),
            _annotation(2, 8, _choices("sector", "household_goods"), updated="2026-01-02"),
        )
    ]
    votes, counts = export.collect_decisions(_write(tmp_path, tasks), BOOK)
    assert [(v.item, v.annotator, v.question, v.value) for v in votes] == [
        ("ad1", "adjudicator", "sector", "household_goods")
    ]
    assert counts == {"annotations": 2, "superseded": 1}


ODD_RESULTS: dict[str, list[Any]] = {
    "not an object": ["text"],
    "no value": [{"from_name": "sector", "type": "choices"}],
    "no choice": [_choices("sector")],
    "choices that are no list": [{"from_name": "sector", "type": "choices", "value": {"choices": "x"}}],
    "span without an end": [{"from_name": "residual_pii", "type": "labels", "value": {"start": 1, "labels": ["name"]}}],
    "span over pixels": [{"from_name": "box", "type": "rectanglelabels", "value": {"x": 1, "y": 2}}],
}


@pytest.mark.parametrize("result", ODD_RESULTS.values(), ids=ODD_RESULTS)
def test_odd_answers_are_counted_and_lose_no_others(result: list[Any], tmp_path: Path) -> None:
    task = _task(1, "ad1", _annotation(1, 7, *ANSWERED, *result))
    votes, counts = export.collect(_write(tmp_path, [task]))
    assert len(votes) == 3
    assert counts == {"annotations": 1, "unsupported_answers": 1}


def test_a_data_column_called_id_is_not_the_item(tmp_path: Path) -> None:
    task = {"id": 31, "data": {"text": TEXT, "id": "x"}, "annotations": [_annotation(1, 7, *ANSWERED)]}
    assert {vote.item for vote in export.collect(_write(tmp_path, [task]))[0]} == {"31"}


def test_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    path = _write(tmp_path, [_task(1, "ad1", _annotation(1, 7, *ANSWERED))])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(export.collect(path)[0]) == 3


def test_memory_holds_votes_and_never_the_texts(tmp_path: Path) -> None:
    text = "word " * 4_000
    with (tmp_path / "export.json").open("w", encoding="utf-8") as file:
        for n in range(2_000):
            task = _task(n, f"ad{n}", _annotation(n, 7, *ANSWERED), _annotation(n, 8, *ANSWERED))
            file.write(("," if n else "[") + json.dumps({**task, "data": {"ad_id": f"ad{n}", "text": text}}))
        file.write("]")
    assert (tmp_path / "export.json").stat().st_size > 40_000_000
    tracemalloc.start()
    votes, _ = export.collect(tmp_path / "export.json", BOOK)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(votes) == 2_000 * 2 * 5
    assert peak < 15_000_000


def test_annotators_are_pseudonyms_and_e_mails_are_never_kept(tmp_path: Path) -> None:
    people = [7, {"id": 9, "email": "i@example.org"}, {"email": "z@example.org"}, "a@example.org"]
    tasks = [_task(1, "ad1", *(_annotation(n, by, *ANSWERED) for n, by in enumerate(people)))]
    votes, _ = export.collect(_write(tmp_path, tasks))
    assert {vote.annotator for vote in votes} == {"annotator-7", "annotator-9", "annotator-n1", "annotator-n2"}


def test_item_is_the_task_id_where_there_is_no_ad_id(tmp_path: Path) -> None:
    task = {"id": 31, "data": {"text": TEXT}, "annotations": [_annotation(1, 7, *ANSWERED)]}
    assert {vote.item for vote in export.collect(_write(tmp_path, [task]))[0]} == {"31"}


def test_all_answers_that_do_not_fit_are_listed(tmp_path: Path) -> None:
    tasks = [
        _task(1, "ad1", _annotation(1, 7, _choices("sector", "boats"), _choices("mood", "good"))),
        _task(2, "ad2", _annotation(2, 7, _choices("sector", "boats"), _span(0, 4, "ship"))),
        _task(3, "ad3", _annotation(3, 7, _choices("sector", "massage_spa", "household_goods"))),
    ]
    with pytest.raises(Refusal) as refusal:
        export.collect(_write(tmp_path, tasks), BOOK)
    for line in (
        "4 problem(s)",
        "question sector: unknown choice 'boats' (2 votes, first: ad1)",
        "question sector: the value is choices, where choice is asked for (1 votes, first: ad3)",
        "question residual_pii: unknown choice 'ship' (1 votes, first: ad2)",
        "unknown question 'mood' (1 votes, first: ad1)",
    ):
        assert line in str(refusal.value)


WHOLE = json.dumps([_task(n, f"ad{n}", _annotation(n, 7, *ANSWERED)) for n in range(3)])
BROKEN = {
    "missing": (None, "no such export"),
    "empty file": ("", "cut off or not JSON after 0 tasks"),
    "cut off": (WHOLE[: len(WHOLE) * 2 // 3], "cut off or not JSON after [12] tasks"),
    "not JSON": ("ad_id,text\n1,x\n", "cut off or not JSON after 0 tasks"),
    "one object": ('{"id": 1}', "no task in it"),
    "empty list": ("[]", "no task in it"),
    "list of strings": ('["a"]', "entry 1 is not a task"),
    "no annotations": ('[{"id": 4, "data": {}}]', "task 4 has no data or no annotations"),
    "annotations of another type": ('[{"id": 4, "data": {}, "annotations": [1]}]', "task 4 has an annotation that"),
    "two exports in one": (WHOLE + WHOLE, "cut off or not JSON after 3 tasks"),
    "by nobody": (json.dumps([_task(1, "ad1", _annotation(1, None, *ANSWERED))]), "no vote in it. Left out: 1 no ann"),
    "nothing answered": ('[{"id": 4, "data": {}, "annotations": []}]', "no vote in it"),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_export(content: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(Refusal, match=message):
        export.collect(path)


# Annotations that are skipped, empty or counted, and votes by question, as counted without Safelight.
REAL = {
    "LEOKA_team_1": ({"annotations": 385, "empty": 4}, {"Category": 383, "label": 384}),
    "LEOKA_team_2": ({"annotations": 388, "skipped": 2}, {"Category": 386, "label": 386}),
}


@pytest.mark.skipif(not EXPORTS.is_dir(), reason=f"{EXPORTS} is not here")
@pytest.mark.parametrize("name", REAL)
def test_real_exports_made_by_others(name: str) -> None:
    votes, counts = export.collect(EXPORTS / f"{name}.json")
    expected_counts, expected_votes = REAL[name]
    assert counts == expected_counts
    assert {q: sum(vote.question == q for vote in votes) for q in ("Category", "label")} == expected_votes
    texts = {str(task["id"]): task["data"]["text"] for task in json.loads((EXPORTS / f"{name}.json").read_bytes())}
    for vote in votes:
        spans: Any = vote.value
        if vote.question == "label":
            assert all(span["end"] <= len(texts[vote.item]) for span in spans)


def _write(folder: Path, tasks: list[dict[str, Any]]) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path
