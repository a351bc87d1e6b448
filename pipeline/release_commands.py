"""`safelight release`: build a release by hand, and check one that somebody received."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import Refusal, guarded

group = typer.Typer(help="Build and check releases.", no_args_is_help=True)


def build(
    splits: Annotated[Path, typer.Argument(help="Folder with train, validation and test .parquet.")],
    schema: Annotated[Path, typer.Argument(help="The codebook's label schema (JSON).")],
    reports: Annotated[Path, typer.Argument(help="Folder with the stages' reports.")],
    release: Annotated[Path, typer.Argument(help="The folder to make.")],
) -> None:
    """Build a release as params.yaml describes it; refused unless the privacy audit passed on these ads.

    Example: `safelight release build data/splits data/label_schema.json reports release`
    """
    from pipeline import params
    from pipeline import release as stage

    ads = stage.build(params.load(params.Release), splits, schema, reports, release)["ads"]
    typer.echo(f"{release}: {sum(ads.values())} ads released.", err=True)


def verify(folder: Annotated[Path, typer.Argument(help="A release.")]) -> None:
    """Check a release: checksums, that it opens, Croissant, citation, no ad or group in two splits.

    Example: `safelight release verify release`
    """
    from pipeline.verify import find_problems

    if problems := find_problems(folder):
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise Refusal(f"{folder}: {len(problems)} problem(s):\n{listed}")
    typer.echo(f"{folder}: checksums, data, Croissant and citation are in order.", err=True)


group.command("build")(guarded(build))
group.command("verify")(guarded(verify))
