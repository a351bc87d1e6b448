"""`safelight annotate`: a Label Studio of one's own, from sanitized ads to exported annotations."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotation.purge import purge
from annotation.second_look import adjudicate, redo
from pipeline.errors import Refusal, guarded, warn

if TYPE_CHECKING:
    from annotation.roster import Annotator
    from annotation.server import Server
    from annotation.study import Pushes

ALONE = "me"  # the name of who labels when nobody was invited

group = typer.Typer(no_args_is_help=True, help="Label ads in a Label Studio on this machine.")

Port = Annotated[int | None, typer.Option(min=1024, max=65535, help="Where it listens; 8080 if free.")]


def up(port: Port = None) -> None:
    """Start Label Studio, with everybody's project, guidelines and tasks in place.

    The first start builds its database, which takes a minute or two. While nobody is invited it makes one account, to
    label alone. Run it again at any time: nothing is added twice, and what was deleted by hand comes back.

    Example: `safelight annotate up`
    """
    _bring_up([], port)


def invite(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Who labels; seen on this machine only.")],
    port: Port = None,
) -> None:
    """Give annotators an account each, and their share of the tasks. Starts Label Studio if it does not run.

    Each ad is labelled by `tasks.overlap` annotators (params.yaml). Nobody sees the others' tasks, answers or names.
    For a name that was invited before it shows the account again.

    Example: `safelight annotate invite "Rosalind Q." "Tomasz W."`
    """
    _bring_up(names, port)


def push() -> None:
    """Bring everybody's tasks up to date with `data/tasks.jsonl`: add what is missing, update what was scrubbed anew.

    Refuses unless the ads have passed the privacy audit and its second detector finds nothing in any task.

    Example: `safelight annotate push`
    """
    from annotation import gate, private, roster, server
    from pipeline import params

    tasks = gate.open_tasks(params.load(params.Audit))
    with private.alone():
        running = server.require()
        _push(running, roster.read_invited(), tasks)


def pull() -> None:
    """Collect everybody's annotations into the one export that `collect` reads.

    What was marked as personal data goes to the deny list; ads for the custodian are sealed.

    Example: `safelight annotate pull`
    """
    from annotation import private, roster, server

    with private.alone():
        running = server.require()
        _pull(running, roster.read_invited())


def status() -> None:
    """Show how far everybody is: assigned, done, skipped, median seconds, agreement so far.

    Agreement is with the other annotators of the same ads, for teaching and never for ranking.

    Example: `safelight annotate status`
    """
    from annotation import codebook, overview, roster, server

    running = server.require()
    if not server.is_ready(running):
        typer.echo(f"Label Studio is starting at {running.url}.")
        return
    people = roster.read_invited()
    typer.echo(f"Label Studio runs at {running.url}.")
    overview.show(overview.look(running, people, codebook.load_studied()), people, named=sys.stdout.isatty())


def down() -> None:
    """Stop Label Studio. Tasks and annotations stay; `up` brings them back.

    Example: `safelight annotate down`
    """
    from annotation import server

    typer.echo("Label Studio is stopped." if server.stop() else "Label Studio was not running.")


def _bring_up(names: list[str], port: int | None) -> None:
    from annotation import codebook, gate, private, roster, server
    from pipeline import params

    tasks = gate.open_tasks(params.load(params.Audit))
    codebook.load_studied()
    with private.alone():
        running = server.start(port=port)
        _wait(running)
        people = roster.read()
        shown = roster.invite(names or ([] if people else [ALONE])) or people
        _push(running, roster.read(), tasks)
    typer.echo(f"Label here: {running.url}")
    _introduce(shown)
    typer.echo("Then: safelight annotate invite | status | pull | down")


def _push(running: "Server", people: "Sequence[Annotator]", tasks: list[dict[str, Any]]) -> None:
    from annotation import codebook, study
    from pipeline import params

    book = codebook.load_studied()
    export = Path(params.load(params.Collect).export)
    renewed = _renew(people)
    answered = study.answered_before(export, book)
    care = params.load(params.Annotate)
    done = study.push(running, people, tasks, book, params.load(params.Tasks), care, answered=answered)
    _report(done, renewed)
    if renewed and export.is_file():
        _pull(running, people)  # an export without the old texts
        typer.echo("Old texts are gone from Label Studio and its export. Next: safelight annotate purge --yes")


def _pull(running: "Server", people: "Sequence[Annotator]") -> None:
    from annotation import codebook, custody
    from annotation import pull as pulling
    from pipeline import params

    export = Path(params.load(params.Collect).export)
    book = codebook.load_studied()
    pulled = pulling.pull(running, people, book, export)
    followed = custody.follow_up(export, params.load(params.Study))
    tallies = pulled.tallies.values()
    done, skipped = sum(tally.done for tally in tallies), sum(tally.skipped for tally in tallies)
    typer.echo(f"{export}: {done} annotated and {skipped} skipped of {sum(t.assigned for t in tallies)} tasks.")
    if pulled.kept:
        warn(f"{pulled.kept} annotation(s) are gone from Label Studio and were kept from the export before.")
    for pseudonym, tally in pulled.tallies.items():
        if tally.foreign:
            warn(f"{pseudonym}: {tally.foreign} annotation(s) by somebody else in this project are left out.")
        if not tally.projects:
            warn(f"{pseudonym} has no project for codebook {book.version}. `safelight annotate up` makes it.")
    typer.echo("\n".join(followed.lines()))


def _renew(people: "Sequence[Annotator]") -> int:
    """Bring all texts in Label Studio up to date, before tasks are pushed; return how many were another."""
    from annotation import gate, renewal
    from pipeline import store

    done = renewal.renew(people, store.read_table(gate.ADS, ["ad_id", "text"]))
    if done.unread:
        raise Refusal(
            f"{done.unread} task(s) of which the text changed have marks of personal data that were not pulled yet; no "
            "task was changed. Run `safelight annotate pull` and `dvc repro`, then this again."
        )
    return done.renewed


def _report(done: "list[Pushes]", renewed: int) -> None:
    added, already = sum(one.tasks.added for one in done), sum(one.tasks.already for one in done)
    typer.echo(f"Tasks: {added} added, {already} were there.")
    if updated := renewed + sum(one.tasks.updated for one in done):
        warn(f"{updated} task(s) held a text that differs from the sanitized ads and were updated.")
    if returned := sum(one.returned for one in done):
        warn(f"{returned} of the added had been assigned before: deleted by hand, or a push was interrupted.")
    if doubled := sum(one.tasks.doubled for one in done):
        warn(f"{doubled} task(s) stood twice; the ones without an annotation were removed.")
    if restored := sum(one.project.restored for one in done):
        warn(f"{restored} project(s) had another interface than the codebook's; it was put back.")


def _introduce(people: "Sequence[Annotator]") -> None:
    """Who logs in as whom: in full on a terminal, which only the lead sees, and else without names and passwords."""
    from annotation import private, roster

    if not sys.stdout.isatty():
        for person in people:
            typer.echo(f"Log in as {person.email}, password in {private.FOLDER / roster.ROSTER}")
        return
    for person in people:
        who = "" if person.name == ALONE else f"{person.name}: "
        typer.echo(f"{who}log in as {person.email}, password {person.password}")


def _wait(running: "Server") -> None:
    from rich.console import Console

    from annotation import server

    if server.is_ready(running):
        return
    typer.echo("Starting Label Studio: about half a minute, the first time one or two minutes.")
    with Console(stderr=True).status("…") as line:
        server.wait(running, progress=lambda steps: line.update(f"its database: {steps} of about 400 steps done"))


for _command in (up, invite, push, pull, adjudicate, redo, status, purge, down):
    group.command()(guarded(_command))
