"""`safelight annotate purge`: what DVC keeps of texts in which annotators found personal data."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import warn

ANNOTATIONS = Path("data/annotations")


def purge(
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it, only list what would go.")] = False,
) -> None:
    """Delete old objects of DVC's cache, and of remotes in folders, that hold a value of the deny list.

    Run it when `dvc repro` has masked the values and `up` has updated the tasks. What the present dvc.lock needs is
    never deleted. It says where a value is still in use, in Label Studio too, whose database `--yes` rewrites, so that
    nothing deleted is left in it. Exit code 1: something holds a value and is in use.

    Example: `safelight annotate purge --yes`
    """
    from annotation import private, renewal
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
    in_use = [*found.needed]
    if (private.FOLDER / "login.json").exists():
        with private.alone():
            tasks = renewal.renew((), denied=rows, sweep=yes).holding
        in_use += [f"Label Studio ({tasks} tasks)"] if tasks else []
    for name in in_use:
        warn(f"{name} holds a denied value and is in use.")
    if in_use:
        typer.echo("Not done yet: run `dvc repro` and `safelight annotate up`, then this again.")
    for remote in found.elsewhere:
        warn(f"Remote {remote} was not searched. By hand: dvc gc --workspace --cloud --remote NAME")
    typer.echo("Not reached: other clones and their caches, backups, releases that were given away.")
    if in_use:
        raise typer.Exit(1)
