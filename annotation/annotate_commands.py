"""`safelight annotate`: a Label Studio of one's own, from sanitized ads to exported annotations."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotation.purge import purge
from pipeline.errors import Refusal, guarded

if TYPE_CHECKING:
    from annotation.codebook import Codebook
    from annotation.roster import Annotator
    from annotation.server import Server
    from annotation.study import Pushes

DECISIONS = Path("data/annotations/decisions.json")
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
    from annotation import gate, private, roster
    from pipeline import params

    tasks = gate.open_tasks(params.load(params.Audit))
    with private.alone():
        running = _running()
        _push(running, _invited(roster.read()), tasks)


def pull() -> None:
    """Collect everybody's annotations into the one export that `collect` reads.

    What was marked as personal data goes to the deny list; ads for the custodian are sealed.

    Example: `safelight annotate pull`
    """
    from annotation import private, roster

    with private.alone():
        running = _running()
        _pull(running, _invited(roster.read()))


def adjudicate() -> None:
    """Put the ads on which annotators disagree into a project of their own, and bring the decisions back.

    The answers are shown without the names. Pull first. Run it again at any time: decisions come back to
    `data/annotations/decisions.json`, new disagreements are added, and what is decided is not asked again.

    Example: `safelight annotate adjudicate`
    """
    from annotation import adjudicate as adjudicating
    from annotation import adjudication, gate, private, studio
    from annotation import export as exports
    from pipeline import params

    audit, export = params.load(params.Audit), Path(params.load(params.Collect).export)
    gate.open_tasks(audit)
    book, running = _codebook(), _running()
    with private.alone(), studio.connect(running, private.login()) as session:
        decided = adjudicating.pull(session, DECISIONS)
        votes, _ = exports.collect(export, book)
        decisions = exports.collect_decisions(DECISIONS, book)[0] if _answers(DECISIONS) else []
        disputes = adjudication.find_disputes([*votes, *decisions], book)
        texts = adjudication.read_texts(gate.ADS, disputes)
        gate.check_texts([{"data": {"ad_id": ad, "text": text}} for ad, text in sorted(texts.items())], audit)
        project, pushed = adjudicating.push(
            session, disputes, texts, book, params.load(params.Annotate), params.load(params.Tasks).seed
        )
    typer.echo(f"{decided} ads are decided, {len(disputes)} are in dispute, {pushed.added} of them new.")
    if missing := [dispute.item for dispute in disputes if dispute.item not in texts]:
        _warn(f"{len(missing)} ads in dispute are not in {gate.ADS} any more; the first: {missing[0]}")
    typer.echo(f"Decide here: {running.url}/projects/{project}/data?labeling=1")
    typer.echo(f"Log in as {private.EMAIL}, password in {private.FOLDER / 'login.json'}")


def redo() -> None:
    """Ask again, after a change of the codebook, exactly the answers that it leaves not standing.

    Pull first. Each annotator gets a project for the questions to redo, which `safelight codebook changes` lists; ads
    that are not labelled yet come with `push`.

    Example: `safelight annotate redo`
    """
    from annotation import export as exports
    from annotation import gate, private, relabel, roster, study
    from pipeline import params, store

    audit, export = params.load(params.Audit), Path(params.load(params.Collect).export)
    gate.open_tasks(audit)
    book = _codebook()
    redos = relabel.list_redos(exports.collect(export, book, outdated=True)[0], book)
    wanted = {one.item for one in redos}
    rows = store.read_table(gate.ADS, ["ad_id", "text"])
    texts = {row["ad_id"]: row["text"] for row in rows if row["ad_id"] in wanted}
    gate.check_texts([{"data": {"ad_id": ad, "text": text}} for ad, text in sorted(texts.items())], audit)
    with private.alone():
        people = _invited(roster.read())
        pushed = study.redo(
            _running(), people, relabel.projects(redos, book), texts, book, params.load(params.Annotate)
        )
    typer.echo(f"{len(redos)} answers to redo. Tasks: {pushed.added} added, {pushed.already} were there.")
    if missing := sorted(wanted - texts.keys()):
        _warn(f"{len(missing)} of the ads are not in {gate.ADS} any more; the first: {missing[0]}")
    if left := sorted({one.annotator for one in redos} - {person.pseudonym for person in people}):
        _warn(f"Nobody on the roster is {', '.join(left)}: these answers are left.")


def status() -> None:
    """Show how far everybody is: assigned, done, skipped, median seconds, agreement so far.

    Agreement is with the other annotators of the same ads, for teaching and never for ranking.

    Example: `safelight annotate status`
    """
    from annotation import overview, roster, server

    running = _running()
    if not server.is_ready(running):
        typer.echo(f"Label Studio is starting at {running.url}.")
        return
    people = _invited(roster.read())
    typer.echo(f"Label Studio runs at {running.url}.")
    overview.show(overview.look(running, people, _codebook()), people, named=sys.stdout.isatty())


def down() -> None:
    """Stop Label Studio. Tasks and annotations stay; `up` brings them back.

    Example: `safelight annotate down`
    """
    from annotation import server

    typer.echo("Label Studio is stopped." if server.stop() else "Label Studio was not running.")


def _bring_up(names: list[str], port: int | None) -> None:
    from annotation import gate, private, roster, server
    from pipeline import params

    tasks = gate.open_tasks(params.load(params.Audit))
    _codebook()
    with private.alone():
        running = server.start(port=port)
        _wait(running)
        people = roster.read()
        shown = [person for person, _ in roster.invite(names or ([] if people else [ALONE]))] or people
        _push(running, roster.read(), tasks)
    typer.echo(f"Label here: {running.url}")
    _introduce(shown)
    typer.echo("Then: safelight annotate invite | status | pull | down")


def _push(running: "Server", people: "Sequence[Annotator]", tasks: list[dict[str, Any]]) -> None:
    from annotation import study
    from pipeline import params

    book = _codebook()
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
    from annotation import custody, study
    from pipeline import params

    export = Path(params.load(params.Collect).export)
    book = _codebook()
    pulled = study.pull(running, people, book, export)
    followed = custody.follow_up(export, params.load(params.Study))
    tallies = pulled.tallies.values()
    done, skipped = sum(tally.done for tally in tallies), sum(tally.skipped for tally in tallies)
    typer.echo(f"{export}: {done} annotated and {skipped} skipped of {sum(t.assigned for t in tallies)} tasks.")
    if pulled.kept:
        _warn(f"{pulled.kept} annotation(s) are gone from Label Studio and were kept from the export before.")
    for pseudonym, tally in pulled.tallies.items():
        if tally.foreign:
            _warn(f"{pseudonym}: {tally.foreign} annotation(s) by somebody else in this project are left out.")
        if not tally.projects:
            _warn(f"{pseudonym} has no project for codebook {book.version}. `safelight annotate up` makes it.")
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
        _warn(f"{updated} task(s) held a text that differs from the sanitized ads and were updated.")
    if returned := sum(one.returned for one in done):
        _warn(f"{returned} of the added had been assigned before: deleted by hand, or a push was interrupted.")
    if doubled := sum(one.tasks.doubled for one in done):
        _warn(f"{doubled} task(s) stood twice; the ones without an annotation were removed.")
    if restored := sum(one.project.restored for one in done):
        _warn(f"{restored} project(s) had another interface than the codebook's; it was put back.")


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


def _running() -> "Server":
    from annotation import server

    running = server.find()
    if running is None:
        raise Refusal("Label Studio is not running. `safelight annotate up` starts it.")
    return running


def _invited(people: "list[Annotator]") -> "list[Annotator]":
    if not people:
        raise Refusal("nobody is invited yet. `safelight annotate up` or `safelight annotate invite NAME` does that.")
    return people


def _answers(decisions: Path) -> bool:
    """Whether anything is decided; a project of skipped tasks decides nothing."""
    from annotation import annotations

    return decisions.is_file() and any(
        annotation["result"] and not annotation["was_cancelled"]
        for task in annotations.tasks(decisions)
        for annotation in task["annotations"]
    )


def _codebook() -> "Codebook":
    from annotation import codebook
    from pipeline import params

    return codebook.load(Path(params.load(params.Study).codebook))


def _warn(message: str) -> None:
    typer.secho(message, fg="yellow")


for _command in (up, invite, push, pull, adjudicate, redo, status, purge, down):
    group.command()(guarded(_command))
