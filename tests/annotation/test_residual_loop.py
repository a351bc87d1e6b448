"""What one annotator flags is gone from the server, from the export and from everything that the server keeps."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotation import codebook, renewal
from annotation.export import collect
from annotation.votes import Vote
from pipeline import deny_file
from tests.annotation.lab import CODEBOOK, TASKS, Study, answer, submit, write_tasks

MARKER = "Zephyrinaud"
HELD = [{"data": {"ad_id": f"loop{n}", "text": f"Room to let. Ask for {MARKER}, flat {n}."}} for n in range(2)]
CLEAN = [{"data": {**task["data"], "text": task["data"]["text"].replace(MARKER, "<PERSON_1>")}} for task in HELD]
START = HELD[0]["data"]["text"].index(MARKER)
SPAN = answer("residual_pii", "labels", start=START, end=START + len(MARKER), text=MARKER, labels=["name"])
CHOICE = answer("sector", "choices", choices=["job_recruitment"])
REST = [answer("indicators", "choices", choices=["none"]), answer("evidence", "choices", choices=["sufficient"])]


@pytest.fixture
def export(study: Study) -> Iterator[Path]:
    """Where the study's export is; tasks, deny list and export are afterwards as if nothing had been."""
    paths = [study.folder / name for name in ("data/annotations/export.json", deny_file.DENIED)]
    before = {path: path.read_bytes() if path.exists() else None for path in paths}
    for path in paths:
        path.unlink(missing_ok=True)
    yield paths[0]
    write_tasks(study.folder, TASKS)
    for path, content in before.items():
        path.unlink(missing_ok=True) if content is None else path.write_bytes(content)
    for person in study.people:
        with study.service(person) as (session, project):
            for ad, task in session.ads(project).items():
                if ad.startswith("loop"):
                    session._send("DELETE", f"/api/tasks/{task}/", None)


def holding(study: Study) -> list[str]:
    """The files of the server's folder and the export's that hold the marker in any byte."""
    folders = (study.kept, study.folder / "data/annotations")
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path.name for path in files if MARKER.lower().encode() in path.read_bytes().lower()]


def votes(export: Path) -> dict[tuple[str, str, str], Vote]:
    found, _ = collect(export, codebook.load(CODEBOOK))
    return {(vote.item, vote.annotator, vote.question): vote for vote in found if vote.item.startswith("loop")}


def test_what_was_flagged_is_nowhere_and_no_other_vote_changes(study: Study, export: Path) -> None:
    first, second = study.people
    write_tasks(study.folder, [*TASKS, *HELD])
    assert study.run("push").returncode == 0

    def give(person: Any, ad: str, *results: Any) -> int:
        with study.annotator(person) as (session, project):
            return submit(session, session.ads(project)[ad], {"result": [CHOICE, *REST, *results], "lead_time": 5})

    gone = give(first, "loop1")
    give(second, "loop1")
    give(second, "loop0")
    write_tasks(study.folder, [*TASKS, *CLEAN])
    give(first, "loop0", SPAN)
    with study.annotator(second) as (session, project):
        draft = {"result": [CHOICE, {**SPAN, "id": "drafted"}], "lead_time": 1}
        session._send("POST", f"/api/tasks/{session.ads(project)['loop0']}/drafts", draft)

    early = study.run("push")
    assert (early.returncode, "1 task(s) of which the text changed have marks" in early.stderr) == (1, True)
    pulled = study.run("pull")
    assert "1 new value(s) on the deny list" in pulled.stdout, pulled.stderr
    before = votes(export)
    assert before["loop0", first.pseudonym, "residual_pii"].value == (
        {"start": START, "end": START + len(MARKER), "label": "name"},
    )
    assert {"label_studio.sqlite3", "export.json"} <= {name.removesuffix("-wal") for name in holding(study)}

    write_tasks(study.folder, [*TASKS, *HELD])  # the lead forgot `dvc repro`
    refused = study.run("push")
    assert (refused.returncode, "hold a value of the deny list" in refused.stderr) == (1, True), refused.stderr
    assert MARKER not in refused.stderr + refused.stdout
    rows = deny_file.read(study.folder / deny_file.DENIED)
    assert renewal.renew((), denied=rows, folder=study.kept).holding == 4

    write_tasks(study.folder, [*TASKS, *CLEAN])
    with study.service(first) as (session, _):
        session._send("DELETE", f"/api/annotations/{gone}/", None)  # kept from the export before
    pushed = study.run("push")
    assert pushed.returncode == 0, pushed.stderr
    assert "4 task(s) held a text that differs" in pushed.stdout
    assert "1 annotation(s) are gone from Label Studio and were kept" in pushed.stdout
    assert "Next: safelight annotate purge --yes" in pushed.stdout

    assert holding(study) == []
    after = votes(export)
    lost = ("loop0", first.pseudonym, "residual_pii")
    assert before.keys() - after.keys() == {lost}
    assert after == {key: vote for key, vote in before.items() if key != lost}
    kept = [row for row in json.loads(export.read_text("utf-8")) if row["data"]["ad_id"] == "loop1"]
    assert [row["data"]["text"] for row in kept] == [CLEAN[1]["data"]["text"]] * 2
