"""A study with a real Label Studio of its own, as tests drive it. The database is built once per user and version."""

import importlib.metadata
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotation import codebook, private, roster, server, studio
from annotation import study as studies
from annotation.private import Login
from annotation.roster import Annotator
from annotation.study import Pushes
from pipeline import params, store
from pipeline.records import AUDITED, SANITIZED_ADS

ROOT = Path(__file__).parents[2]
CODEBOOK = ROOT / "annotation/codebook.yaml"
TITLE = f"Safelight, codebook {codebook.load(CODEBOOK).version}"
VERSION = importlib.metadata.version("label-studio")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "safelight-tests" / f"label-studio-{VERSION}"

TEXT = "Packers wanted 📦 for a fruit warehouse\n\nRoom by us. Ask for Rosalind Quillfeather or call <PHONE_1>."
NAME = (TEXT.index("Rosalind"), TEXT.index(" or call"))
TASKS = [{"data": {"ad_id": f"ad{n:02d}", "text": f"{TEXT} Ad {n}."}} for n in range(30)]

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

    @property
    def running(self) -> server.Server:
        running = server.find(self.kept)
        assert running is not None
        return running

    @property
    def people(self) -> list[Annotator]:
        return roster.read(self.kept)

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

    def inside(self, *command: str, input: str = "") -> str:
        """Run a Python module on the server's database, with the server's environment; return what it prints."""
        environment = {**server.environment_beside(self.kept), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.kept,
            env=environment,
            input=input,
            capture_output=True,
            text=True,
            umask=0o077,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    @contextmanager
    def service(self, person: Annotator) -> Iterator[tuple[studio.Studio, int]]:
        """A session in the annotator's organisation as Safelight has it, and the project there."""
        with studio.connect(self.running, person.service) as session:
            yield session, session.projects()[TITLE]

    @contextmanager
    def annotator(self, person: Annotator) -> Iterator[tuple[studio.Studio, int]]:
        """A session as the annotator's browser has it, and the project to label in."""
        with self.service(person) as (_, project):
            pass
        assert person.email
        with studio.connect(self.running, Login(person.email, person.password)) as session:
            yield session, project


def guests(study: Study, names: list[str], tasks: list[Any], folder: Path) -> tuple[list[Annotator], list[Pushes]]:
    """Annotators of a test's own on the study's server, with these tasks by two each; the study's roster stays."""
    path = study.kept / roster.ROSTER
    before = path.read_bytes()
    people = roster.invite(names, study.kept)
    path.write_bytes(before)
    settings = params.Tasks(ads=len(tasks), active=0, suggest=0, overlap=2, seed=2011)
    care = params.load(params.Annotate, ROOT / "params.yaml")
    return people, studies.push(study.running, people, tasks, codebook.load(CODEBOOK), settings, care, folder)


def next_task(session: studio.Studio, project: int) -> dict[str, Any]:
    """The next task, asked for as the label stream does."""
    task: dict[str, Any] = session._send(
        "POST", f"/api/dm/actions?id=next_task&project={project}", {"project": project}
    )
    return task


def submit(session: studio.Studio, task: int, annotation: dict[str, Any]) -> int:
    """Submit an annotation as the browser does; return its id."""
    return int(session._send("POST", f"/api/tasks/{task}/annotations/", annotation)["id"])


def answer(question: str, kind: str, **value: Any) -> dict[str, Any]:
    return {"from_name": question, "to_name": "text", "type": kind, "value": value}


def prepare(folder: Path) -> Study:
    """A working folder with thirty tasks of audited ads."""
    params = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (folder / "params.yaml").write_text(params.replace("annotation/codebook.yaml", str(CODEBOOK)), encoding="utf-8")
    write_tasks(folder, TASKS)
    watch = folder / "watch"
    watch.mkdir()
    (watch / "sitecustomize.py").write_text(WATCH.replace("FILE", repr(str(folder / "addresses.txt"))))
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return Study(folder, {**environment, "PYTHONPATH": f"{ROOT}{os.pathsep}{watch}"})


def beside(study: Study, folder: Path, tasks: list[Any]) -> Study:
    """Another study at the same server, with the same lead: a working folder, a roster and tasks of its own."""
    other = prepare(folder)
    write_tasks(folder, tasks)
    private.make_folder(other.kept)
    for name in ("server.lock", "server.json", "login.json", "label_studio.sqlite3"):
        (other.kept / name).symlink_to(study.kept / name)
    return other


def write_tasks(folder: Path, tasks: list[Any]) -> None:
    """Write the tasks, the sanitized ads that they are of, and the report of an audit of these ads."""
    store.write_jsonl(folder / "data/tasks.jsonl", tasks)
    empty = dict.fromkeys(("posted", "region", "category"))
    rows = [{**task["data"], **empty, "contacts": [], "labels": []} for task in tasks]
    rows.sort(key=lambda row: row["ad_id"])
    store.write_table(folder / "data/sanitized/ads", SANITIZED_ADS, rows)
    report = {"passed": True, "sanitized_sha256": store.digest_rows(rows, AUDITED)}
    store.write_json(folder / "reports/privacy.json", report)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def copy_cache(kept: Path, first: Path) -> None:
    """Put the database that a first start builds in its place, with the login that belongs to it."""
    if not CACHE.is_dir():
        build_cache(first)
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copytree(CACHE, kept)


def build_cache(folder: Path) -> None:
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


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
