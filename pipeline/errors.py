"""What goes wrong, said so that it helps and gives nothing away.

A `Refusal` is the only exception whose message reaches a person: it names what was wrong, where, and what to do, with
ids and counts, never ad text. Anything else is a bug or a library's error, and its message may quote an ad (a CSV
parser quotes the broken row), so `guard` shows only where it happened.
"""

import errno
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import typer

DEBUG = "SAFELIGHT_DEBUG"


class Refusal(Exception):  # noqa: N818  # a decision more than an error
    """Safelight will not or cannot go on. The message must be fit to show: no ad text, no personal data."""


def warn(message: str) -> None:
    """Say in yellow, beside a command's answer, what its user should look at."""
    typer.secho(message, fg="yellow")


@contextmanager
def guard() -> Iterator[None]:
    """Turn any exception into one readable message and exit code 1; ad text never reaches the terminal or a log."""
    try:
        yield
    except Refusal as refusal:
        typer.secho(f"error: {refusal}", fg="red", err=True)
        raise typer.Exit(1) from None
    except (typer.Exit, typer.Abort, KeyboardInterrupt):
        raise
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        typer.secho(f"error: {_describe(error)}", fg="red", err=True)
        raise typer.Exit(1) from None


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """A command that runs under `guard`."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        with guard():
            command(*args, **kwargs)

    return run


def run_stage(main: Callable[..., None]) -> None:
    """Run a stage's `main` as `python -m pipeline.STAGE`: its parameters become arguments and options."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(guarded(main))
    app()


def _describe(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"the disk is full: {error.filename or 'free some space'}. Nothing half-written was kept; run it again."
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    frame = traceback.extract_tb(sys.exc_info()[2])[-1]
    here = next(
        (f for f in reversed(traceback.extract_tb(error.__traceback__)) if "site-packages" not in f.filename), frame
    )
    return (
        f"unexpected {type(error).__name__} at {Path(here.filename).name}:{here.lineno}. Its message is withheld: "
        f"it may quote an ad. Set {DEBUG}=1 to see it on a machine where that is safe."
    )
