"""`safelight annotate purge`: what DVC keeps of texts in which annotators found personal data."""

from pathlib import Path
from typing import Annotated

import typer

ANNOTATIONS = Path("data/annotations")


def purge(
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it, only list what would go.")] = False,
) -> None:
    """Delete old objects of DVC's cache, and of remotes in folders, that hold a value of the deny list.

    Run it when `dvc repro` has masked the values, `up` has updated the tasks and `pull` has brought the new texts. What
    the present dvc.lock needs is never deleted.

    Example: `safelight annotate purge --yes`
    """
    from pipeline import deny_file
    from pipeline import purge as purging

    rows = deny_file.read(deny_file.DENIED) if deny_file.DENIED.exists() else []
    if not rows:
        typer.echo(f"{deny_file.DENIED}: no value was denied, so there is nothing to purge.")
        return
    found = purging.plan(rows, also=sorted(ANNOTATIONS.glob("*.json")))
    for path in found.going:
        typer.echo(path)
    if yes:
        purging.carry_out(found)
    told = "deleted" if yes else "would be deleted; --yes deletes them" if found.going else "to delete"
    typer.echo(f"{found.searched} object(s) searched, {len(found.going)} {told}.")
    for name in found.needed:
        typer.secho(f"{name} holds a denied value and is in use.", fg="yellow")
    if found.needed:
        typer.echo("Run `dvc repro`, `safelight annotate up` and `safelight annotate pull`, then this again.")
    for remote in found.elsewhere:
        typer.secho(f"Remote {remote} was not searched. By hand: dvc gc --workspace --cloud --remote NAME", fg="yellow")
    typer.echo("Not reached: other clones and their caches, backups, releases that were given away.")
