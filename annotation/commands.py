"""The annotation package's commands: `collect`, `agreement`, `aggregate`, and three groups of commands."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import guarded


class Method(StrEnum):
    """How votes become labels."""

    MAJORITY = "majority"
    DAWID_SKENE = "dawid-skene"
    MACE = "mace"


def mount(app: typer.Typer) -> None:
    """Register the commands."""
    from annotation.annotate_commands import group as annotate
    from annotation.custodian_commands import group as custodian

    app.command("collect")(guarded(collect))
    app.command("agreement")(guarded(agreement))
    app.command("aggregate")(guarded(aggregate))
    codebook = typer.Typer(no_args_is_help=True, help="Check the codebook and render what is made from it.")
    codebook.command("check")(guarded(check))
    codebook.command("interface")(guarded(interface))
    codebook.command("guidelines")(guarded(guidelines))
    codebook.command("changes")(guarded(changes))
    app.add_typer(codebook, name="codebook")
    app.add_typer(annotate, name="annotate")
    app.add_typer(custodian, name="custodian")


def collect(
    export: Annotated[Path, typer.Argument(help="A Label Studio export, JSON or JSON_MIN.")],
    votes: Annotated[Path, typer.Argument(help="Where the votes go (JSON Lines).")],
    codebook: Annotated[Path | None, typer.Option(help="Check the votes against this codebook.")] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="An export of adjudication: its answers become decisions, which win.")
    ] = None,
) -> None:
    """Turn a Label Studio export into votes, one line for each annotator, item and question.

    The newest annotation of each annotator counts. Skipped, empty and older ones are counted and left out.

    Example: `safelight collect export.json votes.jsonl --codebook annotation/codebook.yaml`
    """
    from annotation import codebook as codebooks
    from annotation import export as exports
    from annotation import votes as voting

    book = codebooks.load(codebook) if codebook else None
    collected, counts = exports.collect(export, book)
    decided, _ = exports.collect_decisions(decisions, book) if decisions else ([], {})
    voting.write(votes, [*collected, *decided])
    for question, given in voting.by_question(collected).items():
        typer.echo(f"{question}: {len(given)} votes on {len({vote.item for vote in given})} items")
    typer.echo(", ".join(f"{reason.replace('_', ' ')}: {count}" for reason, count in counts.items()))
    if decided:
        typer.echo(f"{len(decided)} adjudicated answers")


def agreement(
    votes: Annotated[Path, typer.Argument(help="A file of votes (JSON Lines).")],
    html: Annotated[Path | None, typer.Option(help="Write the report as a page: pairs, differences, time.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")] = False,
) -> None:
    """Show how far annotators agree: Krippendorff's alpha, Gwet's AC1 and Cohen's kappa, with 95 % intervals.

    Example: `safelight agreement votes.jsonl --html agreement.html`
    """
    from json import dumps

    from annotation import agreement as measuring
    from annotation import agreement_page
    from annotation import votes as voting
    from pipeline import params, store

    settings = params.Agreement(bootstrap=500, confidence=0.95, seed=0)
    given = voting.read(votes)
    report = measuring.measure(given, settings)
    people = measuring.describe_annotators(given) if html or json else {}
    if html:
        store.write_text(html, agreement_page.render(report, people))
    if json:
        typer.echo(dumps({**report, "annotators": people}, indent=2, ensure_ascii=False))
    else:
        _show(report)


def aggregate(
    votes: Annotated[Path, typer.Argument(help="A file of votes (JSON Lines).")],
    labels: Annotated[Path, typer.Argument(help="Where the labels go (JSON Lines).")],
    method: Annotated[Method, typer.Option(help="How votes become labels.")],
    codebook: Annotated[Path | None, typer.Option(help="Check the votes against this codebook.")] = None,
) -> None:
    """Turn votes into one label for each item and question, with its probabilities. Adjudicated answers win.

    Example: `safelight aggregate votes.jsonl labels.jsonl --method dawid-skene`
    """
    from annotation import aggregate as aggregating
    from annotation import codebook as codebooks

    book = codebooks.load(codebook) if codebook else None
    report, _ = aggregating.run(votes, labels, method.value, book)
    for question, result in report["questions"].items():
        typer.echo(f"{question}: {result['labels']} labels by {method.value}{_simulated(report)}")
        if result["adjudicated"]:
            typer.echo(f"{question}: {result['adjudicated']} of them adjudicated")
    for question, count in report["left_out"].items():
        typer.echo(f"{question}: {count} votes left out (spans and flags get no label)")


def check(
    codebook: Annotated[Path | None, typer.Argument(help="Default: the one in the annotation package.")] = None,
) -> None:
    """Check a codebook and list every problem in it.

    Example: `safelight codebook check annotation/codebook.yaml`
    """
    book = _load(codebook)
    choices = sum(len(question.choices) for question in book.questions)
    typer.echo(f"{book.title} {book.version}: {len(book.questions)} questions, {choices} choices, no problems")


def interface(
    output: Annotated[Path | None, typer.Argument(help="Default: standard output.")] = None,
    codebook: Annotated[Path | None, typer.Option(help="Default: the one in the annotation package.")] = None,
) -> None:
    """Render the Label Studio labelling interface.

    Example: `safelight codebook interface interface.xml`
    """
    from annotation import interface as interfaces
    from pipeline import params

    _write(output, interfaces.render(_load(codebook), params.load(params.Annotate)))


def guidelines(
    output: Annotated[Path | None, typer.Argument(help="Default: standard output.")] = None,
    codebook: Annotated[Path | None, typer.Option(help="Default: the one in the annotation package.")] = None,
) -> None:
    """Render the guidelines page for annotators as Markdown.

    Example: `safelight codebook guidelines annotation/guidelines.md`
    """
    from annotation import guidelines as pages
    from pipeline import params

    _write(output, pages.render(_load(codebook), params.load(params.Annotate)))


def changes(
    votes: Annotated[Path, typer.Argument(help="Votes (JSON Lines), or the Label Studio export they come from.")],
    output: Annotated[Path | None, typer.Option(help="Write the list here, one JSON object an answer.")] = None,
    codebook: Annotated[Path | None, typer.Option(help="Default: the one in the annotation package.")] = None,
) -> None:
    """List exactly the answers that must be given again since the codebook changed.

    Its changelog says what changed from version to version. `safelight annotate redo` asks for these answers.

    Example: `safelight codebook changes data/annotations/export.json --output redo.jsonl`
    """
    from dataclasses import asdict

    from annotation import export as exports
    from annotation import relabel
    from annotation import votes as voting
    from pipeline import store

    book = _load(codebook)
    given = voting.read(votes) if votes.suffix == ".jsonl" else exports.collect(votes, book, outdated=True)[0]
    redos = relabel.list_redos(given, book)
    if output:
        store.write_jsonl(output, map(asdict, redos))
    _show_redos(redos, book.version)
    if unversioned := sum(vote.codebook is None for vote in given):
        typer.echo(f"{unversioned} votes name no version; they are taken as given under {book.version}.")


def _load(path: Path | None) -> Any:
    from annotation import codebook as codebooks

    return codebooks.load(path or codebooks.CODEBOOK)


def _write(output: Path | None, text: str) -> None:
    from pipeline import store

    if output is None:
        typer.echo(text, nl=False)
    else:
        store.write_text(output, text)


def _show(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Agreement{_simulated(report)}", title_justify="left")
    table.add_column("question", overflow="fold")
    for column in ("alpha", "95 %", "AC1", "kappa", "items", "votes"):
        table.add_column(column, justify="right", no_wrap=True)
    for question, result in report["questions"].items():
        kappa = "none" if result["kappa"] is None else f"{result['kappa']:.3f}"
        counts = str(result["paired_items"]), str(result["votes"])
        table.add_row(question, *_numbers(result, "alpha"), _numbers(result["ac1"], "value")[0], kappa, *counts)
        for choice, part in result.get("choices", {}).items():
            numbers = *_numbers(part, "alpha"), _numbers(part["ac1"], "value")[0]
            table.add_row(f"  {choice}", *numbers, "", "", "", style="dim")
    console = Console(soft_wrap=True)
    console.print(table)
    for question, result in report["questions"].items():
        if result["alpha"] is None:
            console.print(f"{question}: no alpha, because {result['reason']}", highlight=False)
    for question, count in report["left_out"].items():
        console.print(f"{question}: {count} votes left out (spans)", highlight=False)
    for question, result in report["questions"].items():
        for row in result["uniform"]:
            console.print(
                f"{question}: {row['annotator']} gave one answer in all {row['votes']} votes", highlight=False
            )


def _show_redos(redos: list[Any], version: str) -> None:
    from rich.console import Console
    from rich.table import Table

    if not redos:
        typer.echo(f"Nothing to redo: every answer stands under codebook {version}.")
        return
    groups: dict[tuple[str, str, str], list[Any]] = {}
    for redo in redos:
        groups.setdefault((redo.question, redo.because, redo.codebook), []).append(redo)
    table = Table(title=f"Answers to redo under codebook {version}", title_justify="left")
    for column in ("question", "because", "given under"):
        table.add_column(column, overflow="fold")
    for column in ("answers", "ads", "annotators"):
        table.add_column(column, justify="right")
    for group, own in sorted(groups.items()):
        counts = len(own), len({redo.item for redo in own}), len({redo.annotator for redo in own})
        table.add_row(*group, *map(str, counts))
    Console(soft_wrap=True).print(table)
    typer.echo(f"{len(redos)} answers on {len({redo.item for redo in redos})} ads")


def _numbers(result: dict[str, Any], name: str) -> tuple[str, str]:
    if result[name] is None:
        return "none", ""
    return f"{result[name]:.3f}", f"{result['low']:.3f} to {result['high']:.3f}"


def _simulated(report: dict[str, Any]) -> str:
    return " (simulated votes)" if report["simulated"] else ""
