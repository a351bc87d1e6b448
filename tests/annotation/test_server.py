"""The real Label Studio, driven as a study drives it: starting, pushing, pulling, and everything that can go wrong."""

import fcntl
import json
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import httpx
import pytest

from annotation import codebook, environment, private, pull, roster, server, studio
from annotation.export import collect
from pipeline import deny_file
from pipeline.errors import Refusal
from tests.annotation.lab import (
    CODEBOOK,
    NAME,
    ROOT,
    TASKS,
    TITLE,
    Study,
    answer,
    free_port,
    prepare,
    submit,
    write_tasks,
)

DONE = [
    answer("sector", "choices", choices=["job_recruitment"]),
    answer("indicators", "choices", choices=["third_party_control", "vague_employer"]),
    answer("evidence", "choices", choices=["sufficient"]),
]
SPAN = answer("residual_pii", "labels", start=NAME[0], end=NAME[1], text="Rosalind Quillfeather", labels=["name"])


def export_of(study: Study) -> list[dict[str, Any]]:
    export: list[dict[str, Any]] = json.loads((study.folder / "data/annotations/export.json").read_text("utf-8"))
    return export


def test_everybody_has_an_account_and_a_project_and_no_name_leaves_the_roster(study: Study) -> None:
    people = study.people
    assert [person.name for person in people] == ["Rosalind Q.", "Tomasz W."]
    again = study.run("invite", "Tomasz W.")
    assert (again.returncode, "Tasks: 0 added, 60 were there." in again.stdout) == (0, True), again.stderr
    assert f"Log in as {people[1].email}, password in .safelight/label-studio/roster.json" in again.stdout
    assert study.people == people
    for person in people:
        assert person.password not in again.stdout
        with study.annotator(person) as (session, project):
            assert list(session.projects()) == [TITLE] if person is None else project
    for path in study.kept.rglob("*"):
        if path.is_file() and path.name != roster.ROSTER:
            assert b"Rosalind Q." not in path.read_bytes(), path.name
            assert b"Tomasz" not in path.read_bytes(), path.name


def test_everybody_has_the_same_ads_in_an_order_of_their_own(study: Study) -> None:
    orders = []
    for person in study.people:
        with study.service(person) as (session, project):
            orders.append(list(session.ads(project)))
    assert sorted(orders[0]) == sorted(orders[1]) == [task["data"]["ad_id"] for task in TASKS]
    assert orders[0] != orders[1]


def test_push_updates_what_changed_adds_what_is_new_and_returns_what_was_deleted(study: Study) -> None:
    first = study.people[0]
    with study.service(first) as (session, project):
        tasks = session.ads(project)
        session._send("DELETE", f"/api/tasks/{tasks['ad05']}/", None)
        session._send(
            "PATCH", f"/api/projects/{project}/", {"label_config": "<View><Text name='t' value='$text'/></View>"}
        )
        double = {"data": {"ad_id": "ad06", "text": "a double"}}
        session._send("POST", f"/api/projects/{project}/import", [double])
    changed = {"data": {**TASKS[0]["data"], "text": "scrubbed anew"}}
    write_tasks(study.folder, [changed, *TASKS[1:], {"data": {"ad_id": "ad99", "text": "One more."}}])
    pushed = study.run("push")
    write_tasks(study.folder, TASKS)
    assert pushed.returncode == 0, pushed.stderr
    assert "Tasks: 3 added, 59 were there." in pushed.stdout
    with closing(sqlite3.connect(study.kept / "label_studio.sqlite3")) as database:  # with other tests' tasks
        (held,) = database.execute("SELECT count(*) FROM task WHERE data->>'ad_id' = 'ad00'").fetchone()
    assert f"{held + 1} task(s) held a text that differs" in pushed.stdout
    assert "1 of the added had been assigned before" in pushed.stdout
    assert "1 task(s) stood twice" in pushed.stdout
    assert "1 project(s) had another interface" in pushed.stdout
    for person in study.people:
        with study.service(person) as (session, project):
            data = [task["data"] for task in session.tasks(project)]
        assert sorted(row["ad_id"] for row in data) == [*(f"ad{n:02d}" for n in range(30)), "ad99"]
        assert [row["text"] for row in data if row["ad_id"] == "ad00"] == ["scrubbed anew"]
        assert {row["codebook"] for row in data} == {codebook.load(CODEBOOK).version}
    assert "60 were there" in study.run("push").stdout


def test_the_project_shows_the_codebook_and_the_guidelines(study: Study) -> None:
    with study.service(study.people[0]) as (session, project):
        shown = session._get(f"/api/projects/{project}/")
    asked = {question.id for question in codebook.load(CODEBOOK).questions}
    assert set(shown["control_weights"]) | {"residual_pii"} >= asked
    assert "<h1>" in shown["expert_instruction"]
    assert (shown["show_instruction"], shown["show_skip_button"]) == (True, True)


def test_a_push_that_is_killed_half_way_is_finished_by_the_next(study: Study) -> None:
    """With SIGKILL, while the server has the dead push's last request in hand."""
    tasks = [{"data": {"ad_id": f"k{n:04d}", "text": "x" * 200}} for n in range(1500)]
    person = study.people[0]
    with study.service(person) as (session, _):
        project = session.ensure_project("killed", "<View><Text name='t' value='$text'/></View>", "").id
        code = f"""
import sys; from pathlib import Path
from annotation import roster, server, studio
kept = Path({str(study.kept)!r})
studio.BATCH = 100
with studio.connect(server.find(kept), roster.read(kept)[0].service) as session:
    session.push({project}, [{{"data": {{"ad_id": f"k{{n:04d}}", "text": "x" * 200}}}} for n in range(1500)])
"""
        child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
        while (there := session._get(f"/api/projects/{project}/")["task_number"] or 0) == 0:
            time.sleep(0.05)
        child.kill()
        assert child.wait() == -9
        assert there < len(tasks)
        finished = session.push(project, tasks)
        assert 0 < finished.added < len(tasks)
        ads = [task["data"]["ad_id"] for task in session.tasks(project)]
        assert (len(ads), set(ads)) == (len(tasks), {task["data"]["ad_id"] for task in tasks})
        session._send("DELETE", f"/api/projects/{project}/", None)


def test_annotations_are_pulled_kept_and_survive_a_restart(study: Study) -> None:
    first, second = study.people
    with study.annotator(first) as (session, project):
        tasks = session.ads(project)
        submit(session, tasks["ad03"], {"result": [*DONE, SPAN], "lead_time": 12.5})
        submit(session, tasks["ad07"], {"result": [], "was_cancelled": True, "lead_time": 1.5})
        gone = submit(session, tasks["ad08"], {"result": DONE, "lead_time": 3})
    with study.annotator(second) as (session, project):
        submit(session, session.ads(project)["ad03"], {"result": DONE, "lead_time": 8.5})
    with study.service(second) as (session, project):
        foreign = submit(session, session.ads(project)["ad04"], {"result": DONE, "lead_time": 1})

    pull = study.run("pull")
    assert (pull.returncode, pull.stderr) == (0, "")
    assert "3 annotated and 1 skipped" in pull.stdout
    assert f"{second.pseudonym}: 1 annotation(s) by somebody else" in pull.stdout
    before = export_of(study)
    assert sorted(task["data"]["ad_id"] for task in before) == ["ad03", "ad03", "ad07", "ad08"]
    assert {a["completed_by"] for task in before for a in task["annotations"]} == {first.user, second.user}
    raw = json.dumps(before)
    assert "localhost" not in raw
    (marked,) = (r for task in before for a in task["annotations"] for r in a["result"] if r["type"] == "labels")
    assert marked["value"] == {"start": NAME[0], "end": NAME[1], "labels": ["name"]}
    denied = deny_file.read(study.folder / deny_file.DENIED)
    assert [(row.ad_id, row.entity, row.value) for row in denied] == [("ad03", "PERSON", "Rosalind Quillfeather")]

    book = codebook.load(CODEBOOK)
    votes, left_out = collect(study.folder / "data/annotations/export.json", book)
    mine = {vote.question: vote.value for vote in votes if (vote.item, vote.annotator) == ("ad03", first.pseudonym)}
    assert mine == {
        "sector": "job_recruitment",
        "indicators": ("third_party_control", "vague_employer"),
        "evidence": "sufficient",
        "residual_pii": ({"start": NAME[0], "end": NAME[1], "label": "name"},),
        "escalate": "no",
    }
    times = {(vote.item, vote.annotator, vote.lead_time, vote.codebook) for vote in votes}
    assert times == {
        ("ad03", first.pseudonym, 12.5, book.version),
        ("ad08", first.pseudonym, 3, book.version),
        ("ad03", second.pseudonym, 8.5, book.version),
    }
    assert left_out == {"annotations": 3, "skipped": 1}

    status = study.run("status").stdout
    assert "Rosalind" not in status
    assert f"{first.pseudonym} │       31 │    2 │       1 │        8 │      1.00" in status, status
    assert f"{second.pseudonym}: 1 annotation(s) by somebody else" in status

    (study.folder / deny_file.DENIED).unlink()  # else the tasks, which all hold the name, would not be pushed
    assert study.run("down").returncode == 0
    assert "not running" in study.run("status").stderr
    assert study.run("up", "--port", str(free_port())).returncode == 0
    with study.service(first) as (session, project):
        session._send("DELETE", f"/api/annotations/{gone}/", None)
    with study.service(second) as (session, project):
        session._send("DELETE", f"/api/annotations/{foreign}/", None)
    pull = study.run("pull")
    assert "1 annotation(s) are gone from Label Studio and were kept" in pull.stdout
    assert sorted(export_of(study), key=lambda task: task["id"]) == sorted(before, key=lambda task: task["id"])


def test_everything_it_keeps_is_readable_by_its_owner_only(study: Study) -> None:
    for path in [study.kept.parent, study.kept, *study.kept.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_neither_its_log_nor_its_command_line_gives_anything_away(study: Study) -> None:
    log = (study.kept / server.LOG).read_text(encoding="utf-8")
    command = subprocess.run(["ps", "-o", "args=", "-p", str(study.running.pid)], capture_output=True, text=True).stdout
    assert "label_studio" in command
    secrets = [private.login(study.kept).password, *(person.password for person in study.people)]
    for secret in (*secrets, *(person.service.password for person in study.people), "Quillfeather", "Packers"):
        assert secret not in log
        assert secret not in command


def test_it_neither_listens_nor_speaks_to_anything_but_this_machine(study: Study) -> None:
    lines = [line.split(maxsplit=1) for line in (study.folder / "addresses.txt").read_text().splitlines()]
    assert ["socket.bind", "127.0.0.1"] in lines
    assert {host for _, host in lines} <= {"127.0.0.1", "::1", "localhost", "None"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        pytest.param("POST", "/user/signup/", {}, 302, id="sign-up leads to the login"),
        pytest.param("GET", "/api/projects/", {}, 401, id="no session"),
        pytest.param("GET", "/health", {"Host": "rebound.example.com"}, 400, id="another host's name"),
    ],
)
def test_strangers_are_refused(study: Study, method: str, path: str, headers: dict[str, str], status: int) -> None:
    running = study.running
    form = {"email": "new@example.org", "password": "long enough 123"} if method == "POST" else None
    answer = httpx.request(method, running.url + path, headers=headers, data=form, trust_env=False)
    assert answer.status_code == status


def test_a_wrong_password_is_named_with_its_file(study: Study) -> None:
    path = study.kept / roster.ROSTER
    right = path.read_bytes()
    service = study.people[0].service
    path.write_bytes(right.replace(service.password.encode(), b"wrong"))
    status = study.run("status")
    path.write_bytes(right)
    assert status.returncode == 1
    assert f"does not accept the account {service.email}" in status.stderr
    assert roster.ROSTER in status.stderr


def test_a_second_port_is_refused_while_it_runs(study: Study) -> None:
    with pytest.raises(Refusal, match="is running at"):
        server.start(study.kept, free_port())


def test_commands_do_not_run_into_each_other(study: Study) -> None:
    with private.alone(study.kept):
        pull = study.run("pull")
    assert (pull.returncode, "another `safelight annotate` command is running" in pull.stderr) == (1, True)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("data/tasks.jsonl", None, "there are no tasks yet"),
        ("data/tasks.jsonl", '{"data": {"ad_id": "a", "text": "t", "region": "r"}}', "line 1: not a task"),
        ("data/tasks.jsonl", '{"data": {"ad_id": "a", "text": "t"}, "annotations": []}', "line 1: not a task"),
        ("data/tasks.jsonl", '{"data": {"ad_id": "a", "text": "t"}}\n' * 2, "line 2: ad a stands in it twice"),
        ("data/tasks.jsonl", '{"data": {"ad_id": "ad00", "text": "other"}}', "1 of 1 tasks are not of the ads"),
        ("data/tasks.jsonl", '{"data": {"ad_', "line 1: not a JSON object"),
        ("reports/privacy.json", None, "have not been audited"),
        ("reports/privacy.json", '{"passed": false}', "did not pass the privacy audit"),
        ("reports/privacy.json", "{}", "did not pass the privacy audit"),
        ("reports/privacy.json", '{"pass', "did not pass the privacy audit"),
        ("reports/privacy.json", '{"passed": true, "sanitized_sha256": "0"}', "is not what was audited"),
    ],
)
def test_up_refuses(tmp_path: Path, file: str, content: str | None, message: str) -> None:
    study = prepare(tmp_path)
    path = tmp_path / file
    path.unlink() if content is None else path.write_text(content)
    up = study.run("up")
    assert (up.returncode, message in up.stderr) == (1, True), up.stderr
    assert not study.kept.exists()


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [("status", 1, "not running"), ("pull", 1, "not running"), ("down", 0, "was not running")],
)
def test_without_a_server(tmp_path: Path, command: str, code: int, message: str) -> None:
    done = prepare(tmp_path).run(command)
    assert (done.returncode, message in done.stdout + done.stderr) == (code, True)


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Refusal, match=f"port {port} on 127.0.0.1 is taken"):
            server.start(tmp_path / "label-studio", port)
    assert server.find(tmp_path / "label-studio") is None


def test_a_running_server_without_a_record_is_never_guessed_at(tmp_path: Path) -> None:
    with private.open_private(tmp_path / "server.lock") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Refusal, match=r"server\.json is missing, but Label Studio runs"):
            server.stop(tmp_path)
    assert server.find(tmp_path) is None


@pytest.mark.parametrize(
    ("content", "mode", "message"),
    [
        ('{"email": "a@localhost", "password": "p"}', 0o644, "can be read by others"),
        ('{"email": "a@localhost"}', 0o600, "not a login"),
        ("p", 0o600, "not a login"),
    ],
)
def test_a_bad_login_file_is_refused(tmp_path: Path, content: str, mode: int, message: str) -> None:
    path = tmp_path / "login.json"
    path.write_text(content)
    path.chmod(mode)
    with pytest.raises(Refusal, match=message):
        private.login(tmp_path)


def test_a_server_that_dies_while_starting_is_reported_with_its_log(tmp_path: Path) -> None:
    folder = tmp_path / "label-studio"
    folder.mkdir()
    (folder / "label_studio.sqlite3").write_bytes(b"not a database at all" * 100)
    started = server.start(folder, free_port())
    try:
        with pytest.raises(Refusal, match=r"stopped while it was starting.*server\.log"):
            server.wait(started, folder)
    finally:
        server.stop(folder)


def test_up_refuses_a_text_in_which_the_second_detector_finds_something(tmp_path: Path) -> None:
    study = prepare(tmp_path)
    write_tasks(tmp_path, [*TASKS, {"data": {"ad_id": "bad", "text": "call 213-555-0123 or write to jo@example.com"}}])
    up = study.run("up")
    assert (up.returncode, up.stdout) == (1, "")
    assert "the second detector has 3 finding(s) in 1 ad(s), 0 allowed" in up.stderr
    assert "bad: 1 email, 1 long_digits, 1 phone" in up.stderr
    assert "555" not in up.stderr
    assert not study.kept.exists()


def test_a_pull_cut_off_half_way_leaves_the_old_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = tmp_path / "export.json"
    export.write_text("[]")
    person = roster.Annotator("A", "p", private.Login("s@localhost", "p"), user=3)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        answering = threading.Thread(target=_answer_half, args=(listener,))
        answering.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=address, trust_env=False) as client:
            monkeypatch.setattr(pull, "session", lambda *_: nullcontext(studio.Studio(client)))
            with pytest.raises(Refusal, match="does not answer"):
                pull.pull(server.Server(1, 1), [person], codebook.load(CODEBOOK), export)
        answering.join()
    assert [path.name for path in tmp_path.iterdir()] == ["export.json"]
    assert export.read_text() == "[]"


def test_an_export_that_cannot_be_read_is_not_replaced(tmp_path: Path) -> None:
    export = tmp_path / "export.json"
    export.write_text('[{"id": 1, "data": {"ad_id": "a"')
    with pytest.raises(Refusal, match="or cut off"):
        pull.pull(server.Server(1, 1), [], codebook.load(CODEBOOK), export)
    assert export.read_text().startswith('[{"id": 1')


@pytest.mark.parametrize(
    ("status", "content", "message"),
    [
        pytest.param("401 Unauthorized", "{}", "has ended the session", id="session revoked"),
        pytest.param("500 Error", "the ad's text", "status 500; its log", id="failed"),
        pytest.param("200 OK", "<html>", "another program may have taken its port", id="another program"),
    ],
)
def test_what_goes_wrong_is_said_without_quoting(status: str, content: str, message: str) -> None:
    def answer_it() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n\r\n{content}".encode())

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        thread = threading.Thread(target=answer_it)
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with (
            httpx.Client(base_url=address, trust_env=False) as client,
            pytest.raises(Refusal, match=message) as refused,
        ):
            studio.Studio(client).projects()
        thread.join()
    assert "ad's text" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("postgresql://ann:p%40ss@db.example.org:5433/safelight", True),
        ("mysql://ann:p@db.example.org/safelight", False),
        ("postgresql://db.example.org/safelight", False),
        ("postgresql://ann:p@db.example.org:port/safelight", False),
        ("postgresql://ann:p@db.example.org", False),
    ],
)
def test_a_database_url(url: str, right: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    if not right:
        with pytest.raises(Refusal, match="DATABASE_URL is not of the form"):
            environment.build(tmp_path, private.Login("a", "b"))
        return
    seen = environment.build(tmp_path, private.Login("a", "b"))
    assert (seen["DJANGO_DB"], seen["POSTGRE_PASSWORD"], seen["POSTGRE_PORT"]) == ("default", "p@ss", "5433")


@pytest.mark.parametrize(
    ("content", "mode", "message"),
    [('{"annotators": [{}]}', 0o600, "not a roster"), ("[", 0o600, "not a roster"), ("{}", 0o644, "read by others")],
)
def test_a_bad_roster_is_refused(tmp_path: Path, content: str, mode: int, message: str) -> None:
    (tmp_path / roster.ROSTER).write_text(content)
    (tmp_path / roster.ROSTER).chmod(mode)
    with pytest.raises(Refusal, match=message):
        roster.read(tmp_path)


@pytest.mark.parametrize("name", ["", "  ", "a\u0000b", "x" * 101])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match="printable characters"):
        roster.invite([name], tmp_path)
    assert list(tmp_path.iterdir()) == []


def _answer_half(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[{"id": 1, ')
