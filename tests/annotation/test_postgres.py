"""The same study on a real PostgreSQL, started for the test on a free port."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotation import server
from tests.annotation.lab import Study, answer, free_port, next_task, prepare, submit

FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
INITDB = str(FOUND[-1]) if FOUND else shutil.which("initdb")

pytestmark = [
    pytest.mark.skipif(INITDB is None, reason="PostgreSQL is not installed"),
    pytest.mark.timeout(1200),  # its first start runs every migration
]


@pytest.fixture
def database() -> Iterator[str]:
    """The address of a new PostgreSQL, which does not run as root."""
    import os
    import tempfile

    assert INITDB
    folder, port = Path(tempfile.mkdtemp(prefix="safelight-postgres-")), free_port()
    root = os.geteuid() == 0
    if root:
        shutil.chown(folder, "nobody")
    (folder / "password").write_text("p@ss")
    (folder / "password").chmod(0o644)
    control = Path(INITDB).with_name("pg_ctl")

    def run(*command: object) -> None:
        before = ["runuser", "-u", "nobody", "--"] if root else []
        subprocess.run([*before, *map(str, command)], check=True, cwd="/", stdout=subprocess.DEVNULL)

    run(
        INITDB, "-D", folder / "data", "-U", "ann", "--pwfile", folder / "password", "-A", "scram-sha-256", "-E", "UTF8"
    )
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    run(control, "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield f"postgresql://ann:p%40ss@127.0.0.1:{port}/postgres"
    finally:
        run(control, "-D", folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_a_study_on_postgresql(database: str, tmp_path: Path) -> None:
    plain = prepare(tmp_path)
    study = Study(plain.folder, {**plain.environment, "DATABASE_URL": database})
    try:
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
        moved = plain.run("push")
        assert moved.returncode == 0, moved.stderr
    finally:
        server.stop(study.kept)
