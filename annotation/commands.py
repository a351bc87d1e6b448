"""The annotation package's commands: `collect`, `agreement`, `aggregate`, and the groups `codebook` and `annotate`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import guarded


class Method(StrEnum):
    """How votes become labels."""

    MAJORITY = "majority"
    DAWID_SKENE = "dawid-skene"


def mount(app: typer.Typer) -> None:
    """Register the commands."""
    from annotation.annotate_commands import group as annotate

    app.command("collect")(guarded(collect))
    app.command("agreement")(guarded(agreement))
    app.command("aggregate")(guarded(aggregate))
    codebook = typer.Typer(no_args_is_help=True, help="Check the codebook and render what is made from it.")
    codebook.command("check")(guarded(check))
    codebook.command("interface")(guarded(interface))
    codebook.command("guidelines")(guarded(guidelines))
    app.add_typer(codebook, name="codebook")
    app.add_typer(annotate, name="annotate")


def collect(
    export: Annotated[Path, typer.Argument(help="A Label Studio export, JSON or JSON_MIN.")],
    votes: Annotated[Path, typer.Argument(help="Where the votes go (JSON Lines).")],
    codebook: Annotated[Path | None, typer.Option(help="Check the votes against this codebook.")] = None,
) -> None:
    """Turn a Label Studio export into votes, one line for each annotator, item and question.

    Example: `safelight collect export.json votes.jsonl`
    """
    from annotation import codebook as codebooks
    from annotation import export as exports
    from annotation import votes as voting

    collected, counts = exports.collect(export, codebooks.load(codebook) if codebook else None)
    voting.write(votes, collected)
    for question, given in voting.by_question(collected).items():
        typer.echo(f"{question}: {len(given)} votes on {len({vote.item for vote in given})} items")
    typer.echo(", ".join(f"{reason.replace('_', ' ')}: {count}" for reason, count in counts.items()))


def agreement(
    votes: Annotated[Path, typer.Argument(help="A file of votes (JSON Lines).")],
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Show how far annotators agree: Krippendorff's alpha with 95 % bootstrap intervals.

    Example: `safelight agreement votes.jsonl`
    """
    from json import dumps

    from annotation import agreement as measuring
    from annotation import votes as voting
    from pipeline import params

    settings = params.Agreement(bootstrap=500, confidence=0.95, seed=0)
    report = measuring.measure(voting.read(votes), settings)
    if json:
        typer.echo(dumps(report, indent=2, ensure_ascii=False))
    else:
        _show(report)


def aggregate(
    votes: Annotated[Path, typer.Argument(help="A file of votes (JSON Lines).")],
    labels: Annotated[Path, typer.Argument(help="Where the labels go (JSON Lines).")],
    method: Annotated[Method, typer.Option(help="How votes become labels.")],
    codebook: Annotated[Path | None, typer.Option(help="Check the votes against this codebook.")] = None,
) -> None:
    """Turn votes into one label for each item and question, with its probabilities.

    Example: `safelight aggregate votes.jsonl labels.jsonl --method dawid-skene`
    """
    from annotation import aggregate as aggregating
    from annotation import codebook as codebooks

    book = codebooks.load(codebook) if codebook else None
    report, _ = aggregating.run(votes, labels, method.value, book)
    for question, result in report["questions"].items():
        typer.echo(f"{question}: {result['labels']} labels by {method.value}{_simulated(report)}")
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

    _write(output, interfaces.render(_load(codebook)))


def guidelines(
    output: Annotated[Path | None, typer.Argument(help="Default: standard output.")] = None,
    codebook: Annotated[Path | None, typer.Option(help="Default: the one in the annotation package.")] = None,
) -> None:
    """Render the guidelines page for annotators as Markdown.

    Example: `safelight codebook guidelines annotation/guidelines.md`
    """
    from annotation import guidelines as pages

    _write(output, pages.render(_load(codebook)))


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

    table = Table(title=f"Krippendorff's alpha{_simulated(report)}", title_justify="left")
    for column in ("question", "alpha", "95 %", "items", "votes"):
        table.add_column(column, justify="left" if column == "question" else "right", no_wrap=True)
    for question, result in report["questions"].items():
        table.add_row(question, *_numbers(result), str(result["paired_items"]), str(result["votes"]))
        for choice, part in result.get("choices", {}).items():
            table.add_row(f"  {choice}", *_numbers(part), "", "", style="dim")
    console = Console(soft_wrap=True)
    console.print(table)
    for question, result in report["questions"].items():
        if result["alpha"] is None:
            console.print(f"{question}: no alpha, because {result['reason']}", highlight=False)
    for question, count in report["left_out"].items():
        console.print(f"{question}: {count} votes left out (spans)", highlight=False)


def _numbers(result: dict[str, Any]) -> tuple[str, str]:
    if result["alpha"] is None:
        return "none", ""
    return f"{result['alpha']:.3f}", f"{result['low']:.3f} to {result['high']:.3f}"


def _simulated(report: dict[str, Any]) -> str:
    return " (simulated votes)" if report["simulated"] else ""
