"""The commands of `pipeline`: `safelight scrub`, `fetch`, `show`, and the groups `keys`, `release` and `docs`."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline import release_commands
from pipeline.errors import Refusal, guarded

DEFAULT_KEY = Path(".safelight/linkage.key")

KeyFile = Annotated[Path, typer.Argument(help="The key's file.")]

keys_group = typer.Typer(no_args_is_help=True, help="Create, rotate or destroy the linkage key.")
docs_group = typer.Typer(no_args_is_help=True, help="Write the parts of the documentation that are generated.")


def mount(app: typer.Typer) -> None:
    """Add these commands to the `safelight` command."""
    app.command()(guarded(scrub))
    app.command()(guarded(fetch))
    app.command()(guarded(show))
    for command in (create, rotate, destroy):
        keys_group.command()(guarded(command))
    docs_group.command()(guarded(stages))
    app.add_typer(keys_group, name="keys")
    app.add_typer(release_commands.group, name="release")
    app.add_typer(docs_group, name="docs")


def scrub(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="A CSV, TSV, JSONL or Parquet file.")],
    output: Annotated[
        Path, typer.Argument(help="The same columns with the text scrubbed; the suffix names the format.")
    ],
    spans: Annotated[Path | None, typer.Option(help="Write where personal data stood, one JSON line a row.")] = None,
    text_column: Annotated[str, typer.Option(help="The column to scrub.")] = "text",
    id_column: Annotated[
        str | None, typer.Option(help="The column that names a row [default: ad_id or id, else row numbers].")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that scrub [default: the params' `scrub.workers`].")
    ] = None,
    denied: Annotated[
        Path | None, typer.Option(help="A deny list: its values for every ad are masked too [default: none].")
    ] = None,
) -> None:
    """Scrub one text column of any file, with the `scrub` section of params.yaml.

    Other columns are copied as they are: leave out what must not leave. A text that cannot be scrubbed is written
    empty; that and rows that cannot be read are counted on stderr.

    Example: `safelight scrub ads.csv sanitized.csv --text-column body --spans spans.jsonl --workers 2`
    """
    from pipeline.scrub_file import scrub_file

    written, problems = scrub_file(source, output, spans, text_column, id_column, workers, denied)
    typer.echo(f"{output}: {written} row(s)", err=True)
    for reason, count in sorted(problems.items()):
        typer.secho(f"warning: {count} row(s) held back: {reason}", fg="yellow", err=True)


def fetch(
    name: Annotated[str, typer.Argument(help="A dataset on the Hugging Face Hub, or a folder of data files.")],
    output: Annotated[Path, typer.Argument(help="The Parquet file to write, under data/raw.")],
    split: Annotated[str, typer.Option(help="Which split.")] = "train",
) -> None:
    """Copy a dataset into the raw zone, for `ingest.source` to name. The one command that may use the network.

    Example: `safelight fetch some-lab/ads data/raw/source/ads.parquet`
    """
    from pipeline.fetch import fetch as copy

    typer.echo(f"{output}: {copy(name, output, split)} row(s)", err=True)


def show(
    reports: Annotated[Path, typer.Argument(help="The folder of reports.")] = Path("reports"),
) -> None:
    """Show what the last run of the pipeline found, from its reports.

    Example: `safelight show`
    """
    from rich.console import Console

    from pipeline.summary import tables

    for table in tables(reports):
        Console().print(table)


def create(path: KeyFile = DEFAULT_KEY) -> None:
    """Make a new linkage key, readable by you alone.

    Example: `safelight keys create`, then set `study.linkage_key: .safelight/linkage.key` in params.yaml.
    """
    from pipeline import keys

    keys.create(path)
    typer.echo(f"{path}: created. Keep a backup where only stewards reach it; it is in neither git nor DVC.", err=True)


def rotate(
    path: KeyFile = DEFAULT_KEY, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Replace the linkage key: tokens made from now on cannot be joined with earlier ones.

    Example: `safelight keys rotate --yes && dvc repro`
    """
    from pipeline import keys

    _confirm(f"Replace {path}? Tokens made with the old key can then be extended by nobody.", yes)
    keys.rotate(path)
    typer.echo(f"{path}: rotated. Run `dvc repro` to make every token anew.", err=True)


def destroy(
    path: KeyFile = DEFAULT_KEY, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Delete the linkage key: nobody can tie a token to a value any more.

    Example: `safelight keys destroy --yes`
    """
    from pipeline import keys

    _confirm(f"Destroy {path}? This cannot be undone; destroy its backups too.", yes)
    keys.destroy(path)
    typer.echo(f"{path}: destroyed.", err=True)


def stages(
    readme: Annotated[Path, typer.Argument(help="The page that holds the table.")] = Path("README.md"),
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if the table is out of date.")] = False,
) -> None:
    """Write the table of stages from dvc.yaml into the README.

    Example: `safelight docs stages`
    """
    from pipeline.docs import update_stage_table

    changed = update_stage_table(readme, Path("dvc.yaml"), write=not check)
    if changed and check:
        raise Refusal(f"{readme}: the table of stages does not match dvc.yaml. Run `safelight docs stages`.")
    typer.echo(f"{readme}: {'updated' if changed else 'up to date'}", err=True)


def _confirm(question: str, yes: bool) -> None:
    if not yes and not typer.confirm(question):
        raise typer.Abort
