"""The real Label Studio, driven as a study drives it. Its database is built once per user and version, and kept."""

import fcntl
import importlib.metadata
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from annotation import codebook, private, server, studio
from annotation.export import collect
from pipeline import deny_file
from pipeline.errors import Refusal

ROOT = Path(__file__).parents[2]
CODEBOOK = ROOT / "annotation/codebook.yaml"
VERSION = importlib.metadata.version("label-studio")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "safelight-tests" / f"label-studio-{VERSION}"

TEXT = "Packers wanted 📦 for a fruit warehouse\n\nRoom by us. Ask for Rosalind Quillfeather or call <PHONE_1>."
NAME = (TEXT.index("Rosalind"), TEXT.index(" or call"))

# Runs inside the server: writes down every address that it binds, connects to or looks up.
WATCH = """
import sys
def watch(event, args):
    if event in {"socket.bind", "socket.connect", "socket.sendto"} and isinstance(args[1], tuple):
        seen(event, args[1][0])
    elif event == "socket.getaddrinfo":
        seen(event, args[0])
def seen(event, host):
    with open(FILE, "a") as file:
        print(event, host, file=file)
sys.addaudithook(watch)
"""


@dataclass(frozen=True)
class Study:
    """A study's working folder with a real server of its own."""

    folder: Path
    environment: dict[str, str]

    @property
    def kept(self) -> Path:
        return self.folder / private.FOLDER

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`safelight annotate …` in the study's folder."""
        return subprocess.run(
            [sys.executable, "-c", "from annotation.annotate_commands import group; group()", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def session(self) -> Iterator[tuple[studio.Studio, int]]:
        running = server.find(self.kept)
        assert running is not None
        with studio.connect(running, private.login(self.kept)) as session:
            project = session.find_project(codebook.load(CODEBOOK))
            assert project is not None
            yield session, project

    def progress(self) -> studio.Progress:
        with self.session() as (session, project):
            return session.progress(project)


def prepare(folder: Path) -> Study:
    """A working folder with thirty tasks and a passed audit."""
    params = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (folder / "params.yaml").write_text(params.replace("annotation/codebook.yaml", str(CODEBOOK)), encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "reports").mkdir()
    (folder / "reports/privacy.json").write_text('{"passed": true}')
    write_tasks(folder, [{"data": {"ad_id": f"ad{n:02d}", "text": f"{TEXT} Ad {n}."}} for n in range(30)])
    watch = folder / "watch"
    watch.mkdir()
    (watch / "sitecustomize.py").write_text(WATCH.replace("FILE", repr(str(folder / "addresses.txt"))))
    return Study(folder, {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{watch}"})


def write_tasks(folder: Path, tasks: list[Any]) -> None:
    (folder / "data/tasks.jsonl").write_text("".join(f"{json.dumps(task)}\n" for task in tasks))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def build_cache(folder: Path) -> None:
    """Keep the database that a first start builds, with the login that belongs to it."""
    started = server.start(folder, free_port())
    try:
        server.wait(started, folder)
    finally:
        server.stop(folder)
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(f"{CACHE}.{os.getpid()}")
    partial.mkdir(mode=0o700)
    for name in ("label_studio.sqlite3", "login.json"):
        shutil.copy2(folder / name, partial)
    partial.rename(CACHE)


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """A study that is up."""
    if not CACHE.is_dir():
        build_cache(tmp_path_factory.mktemp("first") / "label-studio")
    study = prepare(tmp_path_factory.mktemp("study"))
    study.kept.parent.mkdir(mode=0o700)
    shutil.copytree(CACHE, study.kept)
    try:
        up = study.run("up", "--port", str(free_port()))
        assert up.returncode == 0, up.stdout + up.stderr
        assert "Tasks: 30 added, 0 were there." in up.stdout
        yield study
    finally:
        server.stop(study.kept)


def annotate(study: Study, ad_id: str, annotation: dict[str, Any]) -> None:
    """Submit an annotation as the browser does."""
    with study.session() as (session, project):
        task = next(task for task in session._tasks(project) if task["data"]["ad_id"] == ad_id)
        session._send("POST", f"/api/tasks/{task['id']}/annotations/", annotation)


def answer(question: str, kind: str, **value: Any) -> dict[str, Any]:
    return {"from_name": question, "to_name": "text", "type": kind, "value": value}


def test_up_twice_adds_nothing(study: Study) -> None:
    up = study.run("up")
    assert (up.returncode, up.stdout.splitlines()[0]) == (0, "Tasks: 0 added, 30 were there.")
    assert study.progress().tasks == 30


def test_up_adds_the_tasks_that_are_missing_and_names_those_that_differ(study: Study) -> None:
    tasks = [json.loads(line) for line in (study.folder / "data/tasks.jsonl").read_text().splitlines()]
    changed = {"data": {**tasks[0]["data"], "text": "scrubbed anew"}}
    write_tasks(study.folder, [changed, *tasks[1:], {"data": {"ad_id": "ad99", "text": "One more."}}])
    up = study.run("up")
    write_tasks(study.folder, tasks)
    assert "Tasks: 1 added, 30 were there." in up.stdout
    assert "1 of them hold a text that differs" in up.stdout
    assert study.progress().tasks == 31


def test_the_project_shows_the_codebook_and_the_guidelines(study: Study) -> None:
    with study.session() as (session, project):
        shown = session._get(f"/api/projects/{project}/")
    asked = {question.id for question in codebook.load(CODEBOOK).questions}
    assert set(shown["control_weights"]) | {"residual_pii"} >= asked
    assert "<h1>" in shown["expert_instruction"]
    assert (shown["show_instruction"], shown["show_skip_button"]) == (True, True)


def test_annotations_and_skips_are_pulled_and_survive_a_restart(study: Study) -> None:
    result = [
        answer("sector", "choices", choices=["job_recruitment"]),
        answer("indicators", "choices", choices=["third_party_control", "vague_employer"]),
        answer("evidence", "choices", choices=["sufficient"]),
        answer("residual_pii", "labels", start=NAME[0], end=NAME[1], text="Rosalind Quillfeather", labels=["name"]),
    ]
    annotate(study, "ad03", {"result": result, "lead_time": 12.5})
    annotate(study, "ad07", {"result": [], "was_cancelled": True, "lead_time": 1.5})

    pull = study.run("pull")
    assert (pull.returncode, pull.stderr) == (0, "")
    export = study.folder / "data/annotations/export.json"
    before = {task["data"]["ad_id"]: task for task in json.loads(export.read_text(encoding="utf-8"))}
    assert sorted(before) == ["ad03", "ad07"]
    (done,), (skipped,) = before["ad03"]["annotations"], before["ad07"]["annotations"]
    assert (done["result"], done["lead_time"], done["was_cancelled"]) == (result, 12.5, False)
    assert (skipped["result"], skipped["was_cancelled"]) == ([], True)
    denied = deny_file.read(study.folder / deny_file.DENIED)
    assert [(row.ad_id, row.entity, row.value) for row in denied] == [("ad03", "PERSON", "Rosalind Quillfeather")]
    assert list((study.kept / "export").iterdir()) == []  # Label Studio's own copies are gone

    votes, left_out = collect(export, codebook.load(CODEBOOK))
    assert {vote.question: vote.value for vote in votes} == {
        "sector": "job_recruitment",
        "indicators": ("third_party_control", "vague_employer"),
        "evidence": "sufficient",
        "residual_pii": ({"start": NAME[0], "end": NAME[1], "label": "name"},),
        "escalate": "no",
    }
    assert {(vote.item, vote.lead_time) for vote in votes} == {("ad03", 12.5)}
    assert left_out == {"annotations": 1, "skipped": 1}

    counts = study.progress()
    assert "1 annotated, 1 skipped" in study.run("status").stdout
    assert study.run("down").returncode == 0
    assert "not running" in study.run("status").stderr
    assert study.run("up", "--port", str(free_port())).returncode == 0
    assert study.progress() == counts
    assert study.run("pull").returncode == 0
    assert {task["data"]["ad_id"]: task for task in json.loads(export.read_text(encoding="utf-8"))} == before


def test_everything_it_keeps_is_readable_by_its_owner_only(study: Study) -> None:
    for path in [study.kept.parent, study.kept, *study.kept.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_neither_its_log_nor_its_command_line_gives_anything_away(study: Study) -> None:
    password = private.login(study.kept).password
    running = server.find(study.kept)
    assert running is not None
    log = (study.kept / server.LOG).read_text(encoding="utf-8")
    command = subprocess.run(["ps", "-o", "args=", "-p", str(running.pid)], capture_output=True, text=True).stdout
    assert "label_studio" in command
    for secret in (password, "Quillfeather", "Packers"):
        assert secret not in log
        assert secret not in command


def test_it_neither_listens_nor_speaks_to_anything_but_this_machine(study: Study) -> None:
    lines = [line.split(maxsplit=1) for line in (study.folder / "addresses.txt").read_text().splitlines()]
    assert ["socket.bind", "127.0.0.1"] in lines
    assert {host for _, host in lines} <= {"127.0.0.1", "::1", "localhost", "None"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        pytest.param("POST", "/user/signup/", {}, 403, id="sign-up is closed"),
        pytest.param("GET", "/api/projects/", {}, 401, id="no session"),
        pytest.param("GET", "/health", {"Host": "rebound.example.com"}, 400, id="another host's name"),
    ],
)
def test_strangers_are_refused(study: Study, method: str, path: str, headers: dict[str, str], status: int) -> None:
    running = server.find(study.kept)
    assert running is not None
    form = {"email": "new@example.org", "password": "long enough 123"} if method == "POST" else None
    answer = httpx.request(method, running.url + path, headers=headers, data=form, trust_env=False)
    assert answer.status_code == status


def test_a_wrong_password_is_named_with_its_file(study: Study) -> None:
    path = study.kept / "login.json"
    right = path.read_bytes()
    path.write_text('{"email": "safelight@localhost", "password": "wrong"}')
    status = study.run("status")
    path.write_bytes(right)
    assert status.returncode == 1
    assert "does not accept the account safelight@localhost" in status.stderr
    assert "login.json" in status.stderr


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
        ("data/tasks.jsonl", '{"data": {"ad_id": "a", "text": "t"}, "predictions": []}', "line 1: not a task"),
        ("data/tasks.jsonl", '{"data": {"ad_', "line 1: not a JSON object"),
        ("reports/privacy.json", None, "have not been audited"),
        ("reports/privacy.json", '{"passed": false}', "did not pass the privacy audit"),
        ("reports/privacy.json", "{}", "did not pass the privacy audit"),
        ("reports/privacy.json", '{"pass', "did not pass the privacy audit"),
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


def test_an_export_cut_off_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    export = tmp_path / "export.json"
    export.write_text("[]")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        answering = threading.Thread(target=_answer_half, args=(listener,))
        answering.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=address, trust_env=False) as client, pytest.raises(Refusal, match="does not answer"):
            studio.Studio(client).pull(1, export)
        answering.join()
    assert [path.name for path in tmp_path.iterdir()] == ["export.json"]
    assert export.read_text() == "[]"


def _answer_half(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[{"id": 1, ')
