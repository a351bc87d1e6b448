"""What a changed codebook asks again, of whom, and the projects for it, up to the votes that come back."""

import copy
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from label_studio_sdk._extensions.label_studio_tools.core.label_config import parse_config
from typer.testing import CliRunner

from annotation import codebook, export, relabel
from annotation.codebook import Codebook
from annotation.votes import ADJUDICATOR, Vote, write
from pipeline import store
from pipeline.errors import Refusal
from pipeline.records import SANITIZED_ADS
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


def ads(folder: Path, *ids: str) -> Path:
    rows = [
        {"ad_id": i, "text": f"Sofa {i}, call <PHONE_1>", "posted": "2021-03", "region": "Ohio", "category": "goods",
         "contacts": [], "labels": []}
        for i in ids
    ]  # fmt: skip
    store.write_table(folder / "ads", SANITIZED_ADS, rows)
    return folder / "ads"


def test_projects_ask_each_annotator_what_to_redo_and_the_answers_come_back(tmp_path: Path) -> None:
    path = revise(
        tmp_path,
        "2.0.0",
        {"kind": "meaning", "question": "sector"},
        {"kind": "choice_added", "question": "evidence", "choice": "insufficient", "where": ["sufficient"]},
    )
    book = codebook.load(path)
    redos = relabel.list_redos(GIVEN, book)
    made, missing = relabel.write_projects(
        tmp_path / "redo", relabel.projects(redos, book), ads(tmp_path, "ad1", "ad2"), book
    )
    names = sorted(str(file.relative_to(tmp_path / "redo").parent) for file in (tmp_path / "redo").glob("*/tasks.json"))
    assert names == ["adjudicator-1", "annotator-1-1", "annotator-1-2", "annotator-2-1"]
    assert (made, missing) == (4, [])
    asked: dict[str, list[tuple[str, list[str]]]] = {}
    exported, number = [], 0
    for name in names:
        controls = parse_config((tmp_path / "redo" / name / "interface.xml").read_text(encoding="utf-8"))
        tasks = store.read_json(tmp_path / "redo" / name / "tasks.json")
        asked[name] = [(task["data"]["ad_id"], task["data"]["asked"]) for task in tasks]
        assert {tuple(sorted(task["data"]["asked"])) for task in tasks} == {tuple(sorted(controls))}
        for task in tasks if name.startswith("annotator") else []:
            number += 1
            answers = {"sector": "massage_spa", "evidence": "insufficient"}
            result = [
                {"from_name": q, "to_name": "text", "type": "choices", "value": {"choices": [answers[q]]}}
                for q in task["data"]["asked"]
            ]
            by = int(name.split("-")[1])
            done = {"id": number, "completed_by": by, "updated_at": "2026-01-02", "result": result}
            exported.append({"id": number, "data": task["data"], "annotations": [done]})
    assert asked == {
        "adjudicator-1": [("ad2", ["sector"])],
        "annotator-1-1": [("ad2", ["sector"])],
        "annotator-1-2": [("ad1", ["sector", "evidence"])],
        "annotator-2-1": [("ad1", ["sector", "evidence"])],
    }
    (tmp_path / "export.json").write_text(json.dumps(exported), encoding="utf-8")
    back, _ = export.collect(tmp_path / "export.json", book)
    assert [(v.item, v.question, v.annotator) for v in back] == [k for k in keys(redos) if k[2] != ADJUDICATOR]
    kept = {v.key: v for v in GIVEN} | {v.key: v for v in back}
    assert {redo.annotator for redo in relabel.list_redos(kept.values(), book)} == {ADJUDICATOR}


def test_ads_that_are_gone_are_named_and_lose_nobody_else(tmp_path: Path) -> None:
    book: Codebook = codebook.load(revise(tmp_path, "2.0.0", {"kind": "meaning", "question": "sector"}))
    wanted = relabel.projects(relabel.list_redos(GIVEN, book), book)
    assert relabel.write_projects(tmp_path / "redo", wanted, ads(tmp_path, "ad1"), book) == (2, ["ad2"])


def test_the_command_lists_and_makes(tmp_path: Path) -> None:
    path = revise(tmp_path, "2.0.0", {"kind": "meaning", "question": "sector", "note": "Now by the title."})
    write(tmp_path / "votes.jsonl", GIVEN)
    arguments = ["--output", "redo.jsonl", "--projects", "redo", "--ads", "ads", "--codebook", path.name]
    ads(tmp_path, "ad1", "ad2")
    paths = [a if a.startswith("--") else str(tmp_path / a) for a in arguments]
    result = CliRunner().invoke(app, ["codebook", "changes", str(tmp_path / "votes.jsonl"), *paths])
    assert result.exit_code == 0, result.output
    assert "4 answers on 2 ads" in result.output
    rows = list(store.read_jsonl(tmp_path / "redo.jsonl"))
    assert [(row["item"], row["question"], row["annotator"]) for row in rows] == sorted(SECTORS)
    assert {row["because"] for row in rows} == {"meaning: Now by the title."}
    element = ET.parse(tmp_path / "redo" / "annotator-2-1" / "interface.xml").getroot()
    assert {control.get("name") for control in element.iter("Choices")} == {"sector"}
    same = CliRunner().invoke(app, ["codebook", "changes", str(tmp_path / "votes.jsonl")])
    assert "Nothing to redo" in same.output
