"""A text on its way through the engine: what is known of it by now, and how long it may still take."""

import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pipeline.languages import Verdict
from pipeline.records import Outcome, Span, Unscrubbed

T = TypeVar("T")

MAX_CHARS = 1_000_000  # of a text; a longer one goes to quarantine unread
_SURROGATE = re.compile("[\ud800-\udfff]")  # no character: it cannot be written as UTF-8


class HeldBack(Exception):  # noqa: N818  # a decision more than an error
    """The text goes to quarantine, for this reason."""


@dataclass(slots=True)
class Job:
    """A text, what it is by now, what was found in it, and how many seconds it may still take."""

    text: str
    sanitized: str
    seconds: float
    outcome: Outcome | None
    spans: list[Span] = field(default_factory=list)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    verdict: Verdict | None = None
    language: str = ""
    strict: bool = False
    denied: bool = False

    def attempt(self, step: str, action: Callable[..., T], *arguments: Any) -> T | None:
        """Do it, under `alarms`; whatever goes wrong, or takes too long, becomes the outcome."""
        start = time.monotonic()
        try:
            with deadline(self.seconds):
                return action(*arguments)
        except HeldBack as decision:
            self.outcome = Unscrubbed(str(decision))
        except TimeoutError:
            self.outcome = Unscrubbed("timeout")
        except Exception as error:
            self.outcome = Unscrubbed(f"{step}_failed:{type(error).__name__}")
        finally:
            self.seconds -= time.monotonic() - start
        return None


def begin(text: str, seconds: float) -> Job:
    """The job of a text; one that is not even read has its outcome."""
    reason = ""
    if len(text) > MAX_CHARS:
        reason = "too_long"
    elif not text.isascii() and _SURROGATE.search(text):
        reason = "undecodable"
    return Job(text, text, seconds, Unscrubbed(reason) if reason else None)


@contextmanager
def alarms() -> Iterator[None]:
    """Let deadlines interrupt what happens inside, in a process's main thread: no other can be interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGALRM, _time_out)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, previous)


class deadline:  # noqa: N801  # a context manager written out: entered for every step of every text
    """Raise `TimeoutError` after so many seconds, where `alarms` let it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = max(seconds, 1e-6)

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.setitimer(signal.ITIMER_REAL, 0)


def _time_out(*_: Any) -> None:
    raise TimeoutError
