"""How fast tasks go into Label Studio and annotations come out: a study of one annotator on a server of its own.

Run as `python -m bench.annotate --tasks 10000`. The database is built first, unless the tests have built it before.
"""

import resource
import tempfile
import time
from pathlib import Path
from typing import Annotated

import httpx
import typer

from annotation import codebook, pull, roster, server, study
from annotation.codebook import CODEBOOK
from annotation.private import Login
from annotation.studio import connect
from pipeline import params
from tests.annotation import lab

TEXT = "Packers wanted for a fruit warehouse, day shift, room by us. Call <PHONE_1>. " * 8


def main(
    tasks: Annotated[int, typer.Option(help="How many tasks.")] = 10_000,
    answered: Annotated[int, typer.Option(help="How many of them are annotated before the pull.")] = 200,
) -> None:
    """Print tasks a second for push, a push that finds nothing to do, and pull; and the peak memory of both sides."""
    with tempfile.TemporaryDirectory() as name:
        kept = Path(name) / "private" / "label-studio"
        lab.copy_cache(kept, Path(name) / "first")
        running = server.start(kept, lab.free_port())
        try:
            server.wait(running, kept)
            _measure(running, kept, tasks, answered)
        finally:
            server.stop(kept)


def _measure(running: server.Server, kept: Path, tasks: int, answered: int) -> None:
    book = codebook.load(CODEBOOK)
    people = roster.invite(["bench"], kept)
    rows = [{"data": {"ad_id": f"ad{n:06d}", "text": f"{TEXT} Ad {n}."}} for n in range(tasks)]
    settings = params.Tasks(ads=tasks, active=0, suggest=0, overlap=1, seed=1)
    care = params.load(params.Annotate)
    for what in ("push", "push again"):
        start = time.perf_counter()
        study.push(running, people, rows, book, settings, care, kept)
        _print(what, tasks, start)
    start = time.perf_counter()
    _annotate(running, people[0], answered)
    _print("annotate", answered, start)
    start = time.perf_counter()
    pull.pull(running, people, book, kept / "export.json")
    _print("pull", tasks, start)
    print(
        f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB here, {_peak(running)} server"
    )


def _annotate(running: server.Server, person: roster.Annotator, count: int) -> None:
    with connect(running, Login(person.email or "", person.password)) as session:
        project = session._get("/api/projects/" + _landing(session._client).split("/")[2])["id"]
        for _ in range(count):
            task = lab.next_task(session, project)
            result = [lab.answer("sector", "choices", choices=["job_recruitment"])]
            lab.submit(session, task["id"], {"result": result, "lead_time": 5})


def _landing(client: httpx.Client) -> str:
    return str(client.get("/").headers["location"])


def _peak(running: server.Server) -> str:
    lines = Path(f"/proc/{running.pid}/status").read_text().splitlines()
    return next(f"{int(line.split()[1]) // 1024} MiB" for line in lines if line.startswith("VmHWM"))


def _print(what: str, count: int, start: float) -> None:
    seconds = time.perf_counter() - start
    print(f"{what}: {count / seconds:.0f} tasks/s ({count} in {seconds:.1f} s)")


if __name__ == "__main__":
    typer.run(main)
