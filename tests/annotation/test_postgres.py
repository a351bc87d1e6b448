"""The same study on a real PostgreSQL, started for the test on a free port.

The database that Label Studio's first start builds is kept by version, as the SQLite one is (see lab.py).
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotation import private, server
from tests.annotation.lab import CACHE, Study, answer, free_port, next_task, prepare, submit

FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
INITDB = str(FOUND[-1]) if FOUND else shutil.which("initdb")

pytestmark = [
    pytest.mark.skipif(INITDB is None, reason="PostgreSQL is not installed"),
    pytest.mark.timeout(1200),  # its first start runs every migration
]


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL in a folder of its own, which does not run as root."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://ann:p%40ss@127.0.0.1:{self.port}/postgres"

    def run(self, name: str, *arguments: object) -> None:
        before = ["/usr/sbin/runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
        program = Path(str(INITDB)).with_name(name)
        command = [*before, program, "-D", self.folder / "data", *arguments]
        subprocess.run(list(map(str, command)), check=True, cwd="/", stdout=subprocess.DEVNULL)

    def make(self) -> None:
        password = self.folder / "password"
        password.write_text("p@ss")
        password.chmod(0o644)
        self.run("initdb", "-U", "ann", "--pwfile", password, "-A", "scram-sha-256", "-E", "UTF8")

    @contextmanager
    def started(self) -> Iterator[None]:
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} {FAST}"
        self.run("pg_ctl", "-l", self.folder / "log", "-w", "-o", options, "start")
        try:
            yield
        finally:
            self.run("pg_ctl", "-m", "fast", "-w", "stop")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A folder for a PostgreSQL, where `nobody` can reach it."""
    folder = Path(tempfile.mkdtemp(prefix="safelight-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
        yield Postgres(folder, free_port())
    finally:
        shutil.rmtree(folder)


def build_cache(cache: Path, first: Path) -> None:
    """Keep what a first start builds: the database, whole, and the login that belongs to it."""
    with postgres() as database, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", database.url)
        database.make()
        with database.started():
            started = server.start(first, free_port())
            try:
                server.wait(started, first)
            finally:
                server.stop(first)
        partial = Path(f"{cache}.{os.getpid()}")
        shutil.copytree(database.folder / "data", partial / "data")
        shutil.copy2(first / "login.json", partial)
        partial.rename(cache)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """A study with an empty Label Studio's database in a PostgreSQL that runs."""
    plain = prepare(tmp_path)
    version = subprocess.run([str(INITDB), "--version"], check=True, capture_output=True, text=True).stdout.split()[2]
    cache = CACHE.with_name(f"{CACHE.name}-postgresql-{version}")
    if not cache.is_dir():
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        build_cache(cache, tmp_path / "first")
    private.make_folder(plain.kept)
    shutil.copy2(cache / "login.json", plain.kept)
    with postgres() as database:
        shutil.copytree(cache / "data", database.folder / "data")
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "nobody", database.folder / "data"], check=True)
        with database.started():
            try:
                yield Study(plain.folder, {**plain.environment, "DATABASE_URL": database.url})
            finally:
                server.stop(plain.kept)


def test_a_study_on_postgresql(study: Study) -> None:
    up = study.run("up", "--port", str(free_port()))
    assert up.returncode == 0, up.stderr
    assert "Tasks: 30 added, 0 were there." in up.stdout
    assert not (study.kept / "label_studio.sqlite3").exists()
    (person,) = study.people
    with study.annotator(person) as (session, project):
        task = next_task(session, project)
        submit(session, task["id"], {"result": [answer("sector", "choices", choices=["job_recruitment"])]})
    invited = study.run("invite", "Second")
    assert "Tasks: 30 added, 30 were there." in invited.stdout, invited.stderr
    assert "1 annotated and 0 skipped of 60 tasks" in study.run("pull").stdout
    assert "p@ss" not in (study.kept / server.LOG).read_text()
    without = {name: value for name, value in study.environment.items() if name != "DATABASE_URL"}
    moved = Study(study.folder, without).run("push")
    assert moved.returncode == 0, moved.stderr
