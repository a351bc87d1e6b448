"""Adjudication, suggestions and a changed codebook, in the study that test_server.py leaves behind."""

import json
from typing import Any

import yaml

from annotation import adjudicate, codebook, interface, private, studio, suggestions
from annotation.adjudication import find_disputes
from annotation.aggregate import aggregate
from annotation.export import collect, collect_decisions
from annotation.private import Login
from annotation.tasks import suggest
from pipeline import params
from tests.annotation.lab import CODEBOOK, TASKS, TEXT, Study, answer, submit, write_tasks

BOOK = codebook.load(CODEBOOK)
SECTORS = ("job_recruitment", "household_goods")
SETTINGS = {share: params.Tasks(ads=1, active=1, suggest=share, overlap=2, seed=1) for share in (0, 1)}
ACTIVE = [
    suggest(ad_id, f"{TEXT} Ad {ad_id}.", {"sector": "household_goods", "indicators": ("none",)}, SETTINGS[share])
    for ad_id, share in (("sug1", 1), ("sug2", 0))
]


def _answers(sector: str) -> list[dict[str, Any]]:
    return [
        answer("sector", "choices", choices=[sector]),
        answer("indicators", "choices", choices=["none"]),
        answer("evidence", "choices", choices=["sufficient"]),
    ]


def _label(study: Study, ad_id: str) -> None:
    """Everybody labels the ad, each with a sector of their own."""
    for person, sector in zip(study.people, SECTORS, strict=True):
        with study.service(person) as (session, project):
            task = session.ads(project)[ad_id]
        with study.annotator(person) as (session, _):
            submit(session, task, {"result": _answers(sector), "lead_time": 5})


def test_disputes_go_to_a_project_of_their_own_and_decisions_win(study: Study) -> None:
    write_tasks(study.folder, [*TASKS, *ACTIVE])
    assert study.run("push").returncode == 0
    for ad_id in ("ad28", "sug1", "sug2"):
        _label(study, ad_id)
    pulled = study.run("pull")
    assert pulled.returncode == 0, pulled.stderr
    export = study.folder / "data/annotations/export.json"

    with study.service(study.people[0]) as (session, project):
        predictions = {task["data"]["ad_id"]: task["predictions"] for task in session.tasks(project)}
    assert [len(predictions[ad_id]) for ad_id in ("sug1", "sug2", "ad28")] == [1, 0, 0]
    made = {(one.item, one.question, one.shown): one.value for one in suggestions.from_export(export)}
    assert made == {
        ("sug1", "sector", True): "household_goods",
        ("sug1", "indicators", True): ("none",),
        ("sug2", "sector", False): "household_goods",
        ("sug2", "indicators", False): ("none",),
    }

    first = study.run("adjudicate")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "0 ads are decided" in first.stdout
    decisions = study.folder / "data/annotations/decisions.json"
    assert not decisions.is_file()
    with studio.connect(study.running, private.login(study.kept)) as lead:
        project = lead.projects()[adjudicate.TITLE + BOOK.version]
        tasks = {task["data"]["ad_id"]: task for task in lead.tasks(project)}
        assert {"ad28", "sug1", "sug2"} <= tasks.keys()
        data = tasks["ad28"]["data"]
        assert data["asked"] == ["sector"]
        assert "Goods" in data["answers"]
        assert "Job or recruitment" in data["answers"]
        shown = json.dumps([task["data"] for task in tasks.values()])
        assert not any(person.pseudonym in shown or str(person.email) in shown for person in study.people)
        submit(lead, tasks["ad28"]["id"], {"result": [answer("sector", "choices", choices=["massage_spa"])]})
    for person in study.people:
        with study.annotator(person) as (session, own):
            assert session._client.get(f"/api/tasks/{tasks['ad28']['id']}/").status_code == 404
            assert own != project

    second = study.run("adjudicate")
    assert "1 ads are decided" in second.stdout, second.stdout + second.stderr
    assert " 0 of them new" in second.stdout
    votes = [*collect(export, BOOK)[0], *collect_decisions(decisions, BOOK)[0]]
    assert "ad28" not in {dispute.item for dispute in find_disputes(votes, BOOK)}
    labels = {(label.item, label.question): label for label in aggregate(votes, "majority", codebook.schema(BOOK))}
    label = labels["ad28", "sector"]
    assert (label.value, label.method, label.votes) == ("massage_spa", "adjudicated", 2)

    with studio.connect(study.running, private.login(study.kept)) as lead:
        lead._client.delete(f"/api/projects/{project}/")
    third = study.run("adjudicate")
    assert "1 ads are decided" in third.stdout, third.stdout + third.stderr
    assert collect_decisions(decisions, BOOK)[0][0].value == "massage_spa"


def test_a_changed_codebook_asks_again_what_it_must_and_nothing_else(study: Study) -> None:
    content = yaml.safe_load(CODEBOOK.read_text(encoding="utf-8"))
    change = {"kind": "meaning", "question": "evidence", "note": "A title alone is not sufficient."}
    content["changelog"].append({"version": "2.0.0", "changes": [change]})
    (study.folder / "book.yaml").write_text(yaml.safe_dump({**content, "version": "2.0.0"}), encoding="utf-8")
    settings = study.folder / "params.yaml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before.replace(str(CODEBOOK), "book.yaml"), encoding="utf-8")
    book = codebook.load(study.folder / "book.yaml")
    export = study.folder / "data/annotations/export.json"
    try:
        outdated = [vote for vote in collect(export, BOOK)[0] if vote.question == "evidence"]
        assert len(outdated) >= 6
        first = study.run("redo")
        assert first.returncode == 0, first.stdout + first.stderr
        assert f"{len(outdated)} answers to redo. Tasks: {len(outdated)} added" in first.stdout

        person = study.people[0]
        with study.service(person) as (session, _):
            project = session.projects()["Safelight, codebook 2.0.0, again: evidence"]
            task = session.ads(project)["ad28"]
            asked = set(session._get(f"/api/projects/{project}/")["control_weights"])
            assert asked == {"evidence", interface.REVEAL}
        assert person.email
        with studio.connect(study.running, Login(person.email, person.password)) as session:
            submit(session, task, {"result": [answer("evidence", "choices", choices=["insufficient"])]})
        assert study.run("pull").returncode == 0
        votes = {vote.key: vote for vote in collect(export, book)[0]}
        redone, kept = (votes["ad28", question, person.pseudonym] for question in ("evidence", "sector"))
        assert (redone.value, redone.codebook) == ("insufficient", "2.0.0")
        assert (kept.value, kept.codebook) == ("job_recruitment", "1.0.0")
        again = study.run("redo")
        assert f"{len(outdated) - 1} answers to redo. Tasks: 0 added" in again.stdout, again.stdout + again.stderr

        assert study.run("push").returncode == 0
        with study.service(person) as (session, _):
            anew = session.ads(session.projects()["Safelight, codebook 2.0.0"])
        assert not {"ad28", "sug1", "sug2"} & anew.keys()
    finally:
        settings.write_text(before, encoding="utf-8")
