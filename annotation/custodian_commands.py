"""`safelight custodian`: the queue of ads that annotators flagged for the custodian."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import Refusal, guarded

IdentityFile = Annotated[
    Path | None, typer.Option("--identity", help="The identity's file [default: .safelight/custodian.key].")
]

group = typer.Typer(
    no_args_is_help=True, help="The sealed queue of ads that annotators flagged, for the study's custodian."
)


def keys(identity: IdentityFile = None) -> None:
    """Make the custodian's key pair. It asks for a passphrase, which nobody can replace.

    The machine that pulls annotations needs the public key alone, .safelight/custodian.pub.

    Example: `safelight custodian keys --identity /media/custodian/custodian.key`
    """
    from annotation import custodian, escalation

    path = identity or custodian.IDENTITY
    passphrase = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
    custodian.make_keys(passphrase, path)
    typer.echo(f"Public key: {escalation.PUBLIC_KEY}. Copy it to the same place on the machine that pulls annotations.")
    typer.echo(
        f"Identity: {path}. Move it to where the custodian alone reaches it, with a backup, and name it with "
        "--identity. Without it and its passphrase nobody can open what is sealed."
    )


def show() -> None:
    """List the sealed ads: id, day of the first and the last flag, number of flags. Never any text.

    Example: `safelight custodian list`
    """
    from annotation import escalation

    sealed = escalation.read_index()
    for ad_id, entry in sealed.items():
        days = sorted(alarm["day"] for alarm in entry["alarms"])
        flags = f"{len(days)} flag{'s' if len(days) > 1 else ''}"
        typer.echo(f"{ad_id}  {days[0] or 'day unknown'}  {days[-1] or 'day unknown'}  {flags}")
    typer.echo(f"{len(sealed)} sealed ad(s) in {escalation.SEALED}.", err=True)


def open_ad(
    ad_id: Annotated[str, typer.Argument(help="An id that `safelight custodian list` shows.")],
    reason: Annotated[str, typer.Option(help="Why it is opened; goes into the log. No ad text, please.")],
    identity: IdentityFile = None,
) -> None:
    """Show a sealed ad on the terminal. The log has it first, with the reason.

    Example: `safelight custodian open 3f2a9c --reason "weekly review"`
    """
    import json
    import sys

    from annotation import custodian, custodian_log

    if not reason.strip():
        raise Refusal("a reason is needed: --reason, in a few words.")
    if not sys.stdout.isatty():
        raise Refusal("a sealed ad is shown on a terminal only, not written to a file or passed to a program.")
    path = identity or custodian.IDENTITY
    custodian.check(ad_id, path)
    passphrase = typer.prompt("Passphrase", hide_input=True)
    head = custodian_log.append("open", ad_id, reason)
    try:
        content = custodian.open_sealed(ad_id, passphrase, path)
    except Refusal:
        custodian_log.append("not opened", ad_id, None)
        raise
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    typer.echo(f"Logged as entry {head.number}; note its hash where only you can write: {head.sha256}", err=True)


def log() -> None:
    """Show the log: who opened what is not in it, only when and why.

    Example: `safelight custodian log`
    """
    from annotation import custodian_log

    for entry in custodian_log.entries():
        typer.echo("  ".join(str(entry[key] or "-") for key in ("number", "time", "action", "ad_id", "reason")))


def verify() -> None:
    """Check that the log is as it was written, and name the first bad line if not.

    Example: `safelight custodian verify`
    """
    from annotation import custodian_log

    head = custodian_log.verify()
    typer.echo(f"{custodian_log.LOG}: {head.number} entries, no break. The last one's hash: {head.sha256}")


for _name, _command in (("keys", keys), ("list", show), ("open", open_ad), ("log", log), ("verify", verify)):
    group.command(_name)(guarded(_command))
