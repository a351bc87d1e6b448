"""`safelight annotate`: a Label Studio of one's own, from sanitized ads to exported annotations."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotation.purge import purge
from pipeline.errors import Refusal, guarded

if TYPE_CHECKING:
    from annotation.server import Server
    from annotation.studio import Studio

TASKS = Path("data/tasks.jsonl")
PRIVACY_REPORT = Path("reports/privacy.json")

group = typer.Typer(no_args_is_help=True, help="Label ads in a Label Studio on this machine.")


def up(
    port: Annotated[int | None, typer.Option(min=1024, max=65535, help="Where it listens; 8080 if free.")] = None,
) -> None:
    """Start Label Studio, with the project, the guidelines and the tasks in place.

    The first start builds its database, which takes a minute or two. Run it again at any time: nothing is added twice.

    Example: `safelight annotate up`
    """
    from annotation import codebook, private, server, studio
    from pipeline import params

    _check_gate()
    questions = codebook.load(Path(params.load(params.Study).codebook))
    tasks = list(studio.read_tasks(TASKS))
    with private.alone():
        running = server.start(port=port)
        _wait(running)
        account = private.login()
        with studio.connect(running, account) as session:
            project = session.ensure_project(questions)
            pushed = session.push(project, tasks)
    typer.echo(f"Tasks: {pushed.added} added, {pushed.already} were there.")
    if pushed.outdated:
        typer.secho(
            f"{pushed.outdated} of them hold a text that differs from {TASKS}: the ads were scrubbed anew since.",
            fg="yellow",
        )
    typer.echo(f"Label here: {running.url}/projects/{project}/data?labeling=1")
    password = account.password if sys.stdout.isatty() else f"in {private.FOLDER / 'login.json'}"
    typer.echo(f"Log in as {account.email}, password {password}")
    typer.echo("Then: safelight annotate status | pull | down")


def pull() -> None:
    """Export all annotations to the file that `collect` reads.

    Example: `safelight annotate pull`
    """
    from annotation import custody, private, server, studio
    from pipeline import params

    export = Path(params.load(params.Collect).export)
    with private.alone(), studio.connect(_running(), private.login()) as session:
        project = _project(session)
        session.pull(project, export)
        server.discard_exports()
        progress = session.progress(project)
        followed = custody.follow_up(export, params.load(params.Study))
    typer.echo(f"{export}: {progress.annotated} annotated and {progress.skipped} skipped of {progress.tasks} tasks.")
    typer.echo("\n".join(followed.lines()))


def status() -> None:
    """Say how many tasks there are, and how many are annotated or skipped.

    Example: `safelight annotate status`
    """
    from annotation import private, server, studio

    running = _running()
    if not server.is_ready(running):
        typer.echo(f"Label Studio is starting at {running.url}.")
        return
    with studio.connect(running, private.login()) as session:
        progress = session.progress(_project(session))
    typer.echo(f"Label Studio runs at {running.url}.")
    typer.echo(f"{progress.tasks} tasks: {progress.annotated} annotated, {progress.skipped} skipped.")


def down() -> None:
    """Stop Label Studio. Tasks and annotations stay; `up` brings them back.

    Example: `safelight annotate down`
    """
    from annotation import server

    typer.echo("Label Studio is stopped." if server.stop() else "Label Studio was not running.")


def _check_gate() -> None:
    from pipeline import store

    if not TASKS.is_file():
        raise Refusal(f"{TASKS}: there are no tasks yet. Run `dvc repro tasks`.")
    if not PRIVACY_REPORT.is_file():
        raise Refusal(f"{PRIVACY_REPORT}: the ads have not been audited. Run `dvc repro audit`.")
    try:
        passed = store.read_json(PRIVACY_REPORT)["passed"] is True
    except (ValueError, KeyError, TypeError):
        passed = False
    if not passed:
        raise Refusal(f"{PRIVACY_REPORT}: the ads did not pass the privacy audit; nobody is shown them. It says why.")


def _wait(running: "Server") -> None:
    from rich.console import Console

    from annotation import server

    if server.is_ready(running):
        return
    typer.echo("Starting Label Studio: about half a minute, the first time one or two minutes.")
    with Console(stderr=True).status("…") as line:
        server.wait(running, progress=lambda steps: line.update(f"{steps} steps of its database are done"))


def _running() -> "Server":
    from annotation import server

    running = server.find()
    if running is None:
        raise Refusal("Label Studio is not running. `safelight annotate up` starts it.")
    return running


def _project(session: "Studio") -> int:
    from annotation import codebook
    from pipeline import params

    questions = codebook.load(Path(params.load(params.Study).codebook))
    project = session.find_project(questions)
    if project is None:
        raise Refusal(
            f"Label Studio has no project for codebook {questions.version}. `safelight annotate up` makes one."
        )
    return project


for _command in (up, pull, purge, status, down):
    group.command()(guarded(_command))
