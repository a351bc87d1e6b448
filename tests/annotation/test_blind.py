"""A study is blind: through no path of the server does one annotator see another's tasks, answers or account."""

import json
from typing import Any

import pytest

from annotation import codebook
from annotation import study as studies
from annotation.private import Login
from annotation.roster import Annotator
from annotation.studio import Studio, connect
from pipeline.errors import Refusal
from tests.annotation.lab import CODEBOOK, TASKS, Study, answer, guests, next_task, submit

TEXT = "Zephyrine Hollowbrook"  # stands in one task, which only the second annotator has
ANSWER = "answermark"


@pytest.fixture(scope="module")
def people(study: Study, tmp_path_factory: pytest.TempPathFactory) -> list[Annotator]:
    return guests(study, ["blind one", "blind two"], TASKS, tmp_path_factory.mktemp("blind"))[0]


@pytest.fixture(scope="module")
def theirs(study: Study, people: list[Annotator]) -> dict[str, int]:
    """The ids of the second annotator's things: an answered task of theirs and all that hangs on it."""
    person = people[1]
    assert person.user
    assert person.organization
    with study.service(person) as (session, project):
        data = studies.task_data({"ad_id": "marked", "text": TEXT}, codebook.load(CODEBOOK))
        session.push(project, [{"data": data}])
        task = session.ads(project)["marked"]
    with study.annotator(person) as (session, project):
        mark = {**answer("sector", "choices", choices=["job_recruitment"]), "id": ANSWER}
        annotation = submit(session, task, {"result": [mark], "lead_time": 2})
        draft = session._send("POST", f"/api/tasks/{task}/drafts", {"result": [mark], "lead_time": 1})["id"]
        view = session._send("POST", f"/api/dm/views?project={project}", {"project": project, "data": {}})["id"]
    return {
        "project": project,
        "task": task,
        "annotation": annotation,
        "draft": draft,
        "view": view,
        "user": person.user,
        "organization": person.organization,
    }


def walk(
    study: Study,
    people: list[Annotator],
    user: str | None,
    ids: dict[str, int],
    methods: list[str],
    start: str = "",
    closed: bool = True,
) -> dict[str, Any]:
    markers = [TEXT, ANSWER, people[1].email, people[1].service.email]
    wish = {"user": user, "ids": ids, "markers": markers, "methods": methods, "start": start, "closed": closed}
    *_, last = study.inside("-m", "tests.annotation.walk", input=json.dumps(wish)).splitlines()
    walked: dict[str, Any] = json.loads(last)
    return walked


def work(study: Study, people: list[Annotator]) -> list[Any]:
    """Everything that the second annotator has, as their service account sees it."""
    with study.service(people[1]) as (session, project):
        details = session._get(f"/api/projects/{project}/")
        tasks = [
            {key: task[key] for key in ("id", "data", "is_labeled", "annotations")} for task in session.tasks(project)
        ]
        for task in tasks:
            for annotation in task["annotations"]:
                del annotation["created_ago"]
        return [details["title"], details["label_config"], session.projects(), tasks]


def test_nothing_of_anothers_comes_back_by_any_path_or_method(
    study: Study, people: list[Annotator], theirs: dict[str, int]
) -> None:
    before = work(study, people)
    walked = walk(study, people, people[0].email, theirs, ["GET", "POST", "PATCH", "DELETE"])
    assert walked["requests"] > 2000
    assert (walked["leaks"], walked["errors"]) == ([], [])
    assert any("/api/current-user/whoami" in path for path in walked["answered"])
    assert work(study, people) == before


def test_a_service_account_reads_nothing_of_another_organisation(
    study: Study, people: list[Annotator], theirs: dict[str, int]
) -> None:
    assert walk(study, people, people[0].service.email, theirs, ["GET"], "api/")["leaks"] == []


def test_the_walk_finds_what_is_open(study: Study, people: list[Annotator], theirs: dict[str, int]) -> None:
    """As the owner, and as the other annotator on a server without our guard: the known leaks are among the finds."""
    assert len(walk(study, people, people[1].service.email, theirs, ["GET"], "api/")["leaks"]) > 20
    walked = walk(study, people, people[0].email, theirs, ["GET"], "api/", closed=False)
    leaks, answered = ({path.split("?")[0].split(" ")[1] for path in walked[part]} for part in ("leaks", "answered"))
    assert leaks >= {"/api/tasks/", f"/api/annotations/{theirs['annotation']}/"}
    assert f"/api/projects/{theirs['project']}/next/" in answered


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/projects/"),
        ("PATCH", "/api/projects/{project}/"),
        ("DELETE", "/api/projects/{project}/"),
        ("POST", "/api/projects/{project}/import"),
        ("GET", "/api/projects/{project}/export?exportType=JSON"),
        ("POST", "/api/projects/{project}/exports/"),
        ("DELETE", "/api/tasks/{task}/"),
        ("PATCH", "/api/tasks/{task}/"),
        ("DELETE", "/api/annotations/{annotation}/"),
        ("POST", "/api/dm/actions?id=delete_tasks&project={project}"),
        ("POST", "/api/dm/actions?id=next_task&id=delete_tasks&project={project}"),
        ("GET", "/api/dm/actions?project={project}"),
        ("GET", "/api/organizations/"),
        ("GET", "/api/organizations/{organization}/memberships"),
        ("GET", "/api/invite"),
        ("POST", "/api/current-user/reset-token/"),
        ("GET", "/api/current-user/token"),
        ("GET", "/api/token/"),
        ("POST", "/api/users/"),
        ("POST", "/api/webhooks/"),
        ("POST", "/api/storages/s3"),
        ("GET", "/api/users/{user}/"),
        ("OPTIONS", "/api/tasks/{task}/annotations/"),
    ],
)
def test_what_an_annotator_may_not_do_even_with_their_own(
    study: Study, people: list[Annotator], theirs: dict[str, int], method: str, path: str
) -> None:
    with study.annotator(people[1]) as (session, _):
        answered = session._client.request(method, path.format(**theirs), json={} if method != "GET" else None)
    assert answered.status_code == 404


@pytest.mark.parametrize("key", ["completed_by", "project", "task", "parent_annotation", "draft_id", "user"])
def test_an_id_of_anothers_in_a_body_is_refused(
    study: Study, people: list[Annotator], theirs: dict[str, int], key: str
) -> None:
    ids = {
        **theirs,
        "completed_by": theirs["user"],
        "parent_annotation": theirs["annotation"],
        "draft_id": theirs["draft"],
    }
    with study.annotator(people[0]) as (session, project):
        task = next_task(session, project)["id"]
        for value in (ids[key], str(ids[key]), [ids[key]], {"id": ids[key]}):
            with pytest.raises(Refusal, match="404"):
                submit(session, task, {"result": [], "was_cancelled": True, key: value})
        assert next_task(session, project)["id"] == task


def test_a_token_opens_nothing(study: Study, people: list[Annotator], theirs: dict[str, int]) -> None:
    service = people[0].service
    with connect(study.running, service) as session:
        token = session._get("/api/current-user/token")["token"]
        refresh = session._client.post("/api/token/", json={}).json()["token"]
        access = session._client.post("/api/token/refresh", json={"refresh": refresh}).json().get("access", refresh)
        url = session._client.base_url
    for value in (f"Token {token}", f"Bearer {access}"):
        with connect(study.running, service) as session:
            stranger = Studio(type(session._client)(base_url=url, headers={"Authorization": value}, trust_env=False))
            with pytest.raises(Refusal, match="ended the session"):
                stranger.projects()


def test_an_annotator_is_led_to_the_label_stream(study: Study, people: list[Annotator], theirs: dict[str, int]) -> None:
    with study.annotator(people[1]) as (session, project):
        for path in ("/", "/projects/", f"/projects/{project}/", f"/projects/{project}/data/"):
            answered = session._client.get(path)
            assert answered.headers["location"] == f"/projects/{project}/data?labeling=1", path
        assert session._client.get(f"/projects/{project}/data?labeling=1").status_code == 200
        members = session._get(f"/api/users?project={project}")
    assert [member["id"] for member in members] == [people[1].user]


def test_a_wrong_password_opens_nothing(study: Study) -> None:
    with pytest.raises(Refusal, match="does not accept"), connect(study.running, Login("annotator-3@localhost", "no")):
        pass
