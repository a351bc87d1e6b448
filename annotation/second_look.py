"""`safelight annotate adjudicate` and `redo`: ads that are shown once more, for a decision or under a new codebook."""

from pathlib import Path

import typer

from pipeline.errors import warn

DECISIONS = Path("data/annotations/decisions.json")


def adjudicate() -> None:
    """Put the ads on which annotators disagree into a project of their own, and bring the decisions back.

    The answers are shown without the names. Pull first. Run it again at any time: decisions come back to
    `data/annotations/decisions.json`, new disagreements are added, and what is decided is not asked again.

    Example: `safelight annotate adjudicate`
    """
    from annotation import adjudicate as adjudicating
    from annotation import adjudication, codebook, gate, private, server, studio
    from annotation import export as exports
    from pipeline import params

    audit, export = params.load(params.Audit), Path(params.load(params.Collect).export)
    book, running = codebook.load_studied(), server.require()
    with private.alone(), studio.connect(running, private.login()) as session:
        decided = adjudicating.pull(session, DECISIONS)
        votes, _ = exports.collect(export, book)
        decisions = exports.collect_decisions(DECISIONS, book)[0] if _has_decisions() else []
        disputes = adjudication.find_disputes([*votes, *decisions], book)
        texts = gate.open_texts({dispute.item for dispute in disputes}, audit)
        project, pushed = adjudicating.push(
            session, disputes, texts, book, params.load(params.Annotate), params.load(params.Tasks).seed
        )
    typer.echo(f"{decided} ads are decided, {len(disputes)} are in dispute, {pushed.added} of them new.")
    if missing := [dispute.item for dispute in disputes if dispute.item not in texts]:
        warn(f"{len(missing)} ads in dispute are not in {gate.ADS} any more; the first: {missing[0]}")
    typer.echo(f"Decide here: {running.url}/projects/{project}/data?labeling=1")
    typer.echo(f"Log in as {private.EMAIL}, password in {private.FOLDER / 'login.json'}")


def redo() -> None:
    """Ask again, after a change of the codebook, exactly the answers that it leaves not standing.

    Pull first. Each annotator gets a project for the questions to redo, which `safelight codebook changes` lists; ads
    that are not labelled yet come with `push`.

    Example: `safelight annotate redo`
    """
    from annotation import codebook, gate, private, relabel, roster, server, study
    from annotation import export as exports
    from pipeline import params

    audit, export = params.load(params.Audit), Path(params.load(params.Collect).export)
    book = codebook.load_studied()
    redos = relabel.list_redos(exports.collect(export, book, outdated=True)[0], book)
    wanted = {one.item for one in redos}
    texts = gate.open_texts(wanted, audit)
    with private.alone():
        people = roster.read_invited()
        pushed = study.redo(
            server.require(), people, relabel.projects(redos, book), texts, book, params.load(params.Annotate)
        )
    typer.echo(f"{len(redos)} answers to redo. Tasks: {pushed.added} added, {pushed.already} were there.")
    if missing := sorted(wanted - texts.keys()):
        warn(f"{len(missing)} of the ads are not in {gate.ADS} any more; the first: {missing[0]}")
    if left := sorted({one.annotator for one in redos} - {person.pseudonym for person in people}):
        warn(f"Nobody on the roster is {', '.join(left)}: these answers are left.")


def _has_decisions() -> bool:
    """Whether anything is decided; a project of skipped tasks decides nothing."""
    from annotation import annotations

    return DECISIONS.is_file() and any(
        annotation["result"] and not annotation["was_cancelled"]
        for task in annotations.tasks(DECISIONS)
        for annotation in task["annotations"]
    )
