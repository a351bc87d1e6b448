"""A progress bar for long work: shown on a terminal, silent in a pipe."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import track as rich_track

Item = TypeVar("Item")


def track(items: Iterable[Item], doing: str, total: int | None = None) -> Iterator[Item]:
    """The items, with a bar on stderr that counts them."""
    yield from rich_track(
        items, doing, total=total, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    )
