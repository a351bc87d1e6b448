"""What a changed codebook asks again, of whom, and the projects for it, up to the votes that come back."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from annotation import codebook, export, relabel
from annotation.codebook import Codebook
from annotation.votes import ADJUDICATOR, Vote, write
from pipeline import store
from pipeline.errors import Refusal
from safelight import app

CONTENT = yaml.safe_load(codebook.CODEBOOK.read_text(encoding="utf-8"))


def revise(folder: Path, version: str, *changes: dict[str, Any]) -> Path:
    content = copy.deepcopy(CONTENT)
    content.update(version=version)
    content["changelog"].append({"version": version, "changes": [{"note": "Why.", **change} for change in changes]})
    path = folder / "codebook.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def votes(*rows: tuple[str, str, str, Any], codebook: str | None = "1.0.0") -> list[Vote]:
    return [Vote(item, annotator, question, value, None, codebook) for item, annotator, question, value in rows]


def keys(redos: list[relabel.Redo]) -> list[tuple[str, str, str]]:
    return [(redo.item, redo.question, redo.annotator) for redo in redos]


GIVEN = votes(
    ("ad1", "annotator-1", "sector", "household_goods"),
    ("ad1", "annotator-1", "evidence", "sufficient"),
    ("ad1", "annotator-2", "sector", "job_recruitment"),
    ("ad1", "annotator-2", "evidence", "sufficient"),
    ("ad2", "annotator-1", "sector", "job_recruitment"),
    ("ad2", "annotator-1", "evidence", "insufficient"),
    ("ad2", ADJUDICATOR, "sector", "household_goods"),
)
SECTORS = [(v.item, v.question, v.annotator) for v in GIVEN if v.question == "sector"]

CASES: dict[str, tuple[str, list[dict[str, Any]], list[tuple[str, str, str]]]] = {
    "wording": ("1.0.1", [{"kind": "wording", "question": "sector"}], []),
    "added choice": ("1.1.0", [{"kind": "choice_added", "question": "sector", "choice": "massage_spa"}], SECTORS),
    "added choice, in place of one": (
        "1.1.0",
        [{"kind": "choice_added", "question": "sector", "choice": "massage_spa", "where": ["household_goods"]}],
        [("ad1", "sector", "annotator-1"), ("ad2", "sector", ADJUDICATOR)],
    ),
    "removed choice that nobody used": (
        "2.0.0",
        [{"kind": "choice_removed", "question": "sector", "choice": "boats"}],
        [],
    ),
    "another meaning": ("2.0.0", [{"kind": "meaning", "question": "sector"}], SECTORS),
    "added question": (
        "1.1.0",
        [{"kind": "question_added", "question": "indicators"}],
        [(item, "indicators", f"annotator-{n}") for item, n in (("ad1", 1), ("ad1", 2), ("ad2", 1))],
    ),
    "two at once": (
        "2.0.0",
        [
            {"kind": "choice_removed", "question": "sector", "choice": "boats"},
            {"kind": "meaning", "question": "evidence"},
            {"kind": "question_removed", "question": "mood"},
        ],
        [
            ("ad1", "evidence", "annotator-1"),
            ("ad1", "evidence", "annotator-2"),
            ("ad2", "evidence", "annotator-1"),
        ],
    ),
}


@pytest.mark.parametrize(("version", "changes", "expected"), CASES.values(), ids=CASES)
def test_redos(version: str, changes: list[dict[str, Any]], expected: list[Any], tmp_path: Path) -> None:
    book = codebook.load(revise(tmp_path, version, *changes))
    redos = relabel.list_redos(GIVEN, book)
    assert keys(redos) == sorted(expected)
    assert {redo.codebook for redo in redos} <= {"1.0.0"}
    done = [Vote(v.item, v.annotator, v.question, v.value, None, version) for v in GIVEN]
    done += [Vote(item, who, question, "x", None, version) for item, question, who in expected]
    assert relabel.list_redos(done, book) == []


def test_votes_on_a_question_that_is_gone_are_not_redone(tmp_path: Path) -> None:
    book = codebook.load(revise(tmp_path, "2.0.0", {"kind": "question_removed", "question": "mood"}))
    assert relabel.list_redos(votes(("ad1", "annotator-1", "mood", "good")), book) == []


def test_unknown_versions_are_refused_with_counts() -> None:
    book = codebook.load(codebook.CODEBOOK)
    with pytest.raises(Refusal, match=r"(?s)1 version\(s\).*7\.0\.0 \(1 votes, first: ad1\)"):
        relabel.list_redos(votes(("ad1", "annotator-1", "sector", "massage_spa"), codebook="7.0.0"), book)
    assert relabel.list_redos(votes(("ad1", "annotator-1", "sector", "massage_spa"), codebook=None), book) == []


TEXTS = {ad: f"Sofa {ad}, call <PHONE_1>" for ad in ("ad1", "ad2")}


def test_projects_ask_each_annotator_what_to_redo_and_the_answers_come_back(tmp_path: Path) -> None:
    path = revise(
        tmp_path,
        "2.0.0",
        {"kind": "meaning", "question": "sector"},
        {"kind": "choice_added", "question": "evidence", "choice": "insufficient", "where": ["sufficient"]},
    )
    book = codebook.load(path)
    redos = relabel.list_redos(GIVEN, book)
    wanted = relabel.projects(redos, book)
    asked: list[tuple[str, list[tuple[str, list[str]]]]] = []
    exported, number = [], 0
    for project in wanted:
        tasks = list(relabel.tasks(project, TEXTS, book))
        asked.append((project.annotator, [(task["data"]["ad_id"], task["data"]["asked"]) for task in tasks]))
        for task in tasks if project.annotator != ADJUDICATOR else []:
            number += 1
            answers = {"sector": "massage_spa", "evidence": "insufficient"}
            result = [
                {"from_name": q, "to_name": "text", "type": "choices", "value": {"choices": [answers[q]]}}
                for q in task["data"]["asked"]
            ]
            by = int(project.annotator.split("-")[1])
            done = {"id": number, "completed_by": by, "updated_at": "2026-01-02", "result": result}
            exported.append({"id": number, "data": task["data"], "annotations": [done]})
    assert asked == [
        (ADJUDICATOR, [("ad2", ["sector"])]),
        ("annotator-1", [("ad2", ["sector"])]),
        ("annotator-1", [("ad1", ["sector", "evidence"])]),
        ("annotator-2", [("ad1", ["sector", "evidence"])]),
    ]
    (tmp_path / "export.json").write_text(json.dumps(exported), encoding="utf-8")
    back, _ = export.collect(tmp_path / "export.json", book)
    assert [(v.item, v.question, v.annotator) for v in back] == [k for k in keys(redos) if k[2] != ADJUDICATOR]
    kept = {v.key: v for v in GIVEN} | {v.key: v for v in back}
    assert {redo.annotator for redo in relabel.list_redos(kept.values(), book)} == {ADJUDICATOR}


def test_ads_that_are_gone_have_no_task_and_lose_nobody_else(tmp_path: Path) -> None:
    book: Codebook = codebook.load(revise(tmp_path, "2.0.0", {"kind": "meaning", "question": "sector"}))
    wanted = relabel.projects(relabel.list_redos(GIVEN, book), book)
    made = [task["data"]["ad_id"] for project in wanted for task in relabel.tasks(project, {"ad1": "Sofa"}, book)]
    assert made == ["ad1", "ad1"]


def test_the_command_lists(tmp_path: Path) -> None:
    path = revise(tmp_path, "2.0.0", {"kind": "meaning", "question": "sector", "note": "Now by the title."})
    write(tmp_path / "votes.jsonl", GIVEN)
    options = ["--output", str(tmp_path / "redo.jsonl"), "--codebook", str(path)]
    result = CliRunner().invoke(app, ["codebook", "changes", str(tmp_path / "votes.jsonl"), *options])
    assert result.exit_code == 0, result.output
    assert "4 answers on 2 ads" in result.output
    rows = list(store.read_jsonl(tmp_path / "redo.jsonl"))
    assert [(row["item"], row["question"], row["annotator"]) for row in rows] == sorted(SECTORS)
    assert {row["because"] for row in rows} == {"meaning: Now by the title."}
    same = CliRunner().invoke(app, ["codebook", "changes", str(tmp_path / "votes.jsonl")])
    assert "Nothing to redo" in same.output
