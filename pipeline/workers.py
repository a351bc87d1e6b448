"""Engines in processes of their own: batches in, outcomes out, in order and with few of them in memory.

A process that dies (killed, out of memory) or does not answer takes nothing with it: its texts are tried again one by
one, and the text that ends a process by itself is the one that goes to quarantine.
"""

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Protocol

from threadpoolctl import threadpool_limits

from pipeline import params
from pipeline.engine import MAX_PASSES, Engine
from pipeline.errors import Refusal
from pipeline.records import Outcome, Unscrubbed

AHEAD = 3  # batches in memory for each worker
DIED = Unscrubbed("worker_died")


class Scrubs(Protocol):
    """What a process needs of its engine."""

    def scrub_all(self, texts: Sequence[str]) -> list[Outcome]:
        """The outcome of every text."""
        ...


Builder = Callable[[params.Scrub], Scrubs]


def scrub_batches(
    batches: Iterable[list[str]], settings: params.Scrub, build: Builder = Engine, grace: float = 60
) -> Iterator[list[Outcome]]:
    """The outcomes of every batch, in order, from `settings.workers` processes, which live as long as the iterator.

    `build` makes a process's engine. `grace`: seconds beyond what the engine's own deadlines allow, after which a
    process is ended; it has as many to start.

    Raises:
        Refusal: a process cannot be started, or the tagger is not on this machine.
    """
    batches = iter(batches)
    begun: deque[_Batch] = deque()
    tasks: deque[_Task] = deque()
    crew: list[_Worker] = []
    try:
        while True:
            while len(begun) < AHEAD * settings.workers and (texts := next(batches, None)) is not None:
                begun.append(_Batch(texts, [None] * len(texts)))
                if texts:
                    tasks.append(_Task(begun[-1], range(len(texts))))
            while begun and begun[0].done:
                yield begun.popleft().outcomes  # type: ignore[misc]  # none is None any more
            if not begun:
                return
            idle = sum(worker.task is None for worker in crew)
            while idle < len(tasks) and len(crew) < settings.workers:
                crew.append(_Worker(settings, build, grace))
                idle += 1
            for worker in crew:
                if tasks and worker.ready and worker.task is None:
                    worker.begin(tasks.popleft())
            for worker in _talking(crew):
                if not worker.listen():
                    crew.remove(worker)
                    tasks.extendleft(worker.unfinished())
    finally:
        for worker in crew:
            worker.stop()


@dataclass(slots=True)
class _Batch:
    texts: list[str]
    outcomes: list[Outcome | None]

    @property
    def done(self) -> bool:
        return None not in self.outcomes


@dataclass(slots=True)
class _Task:
    """Some texts of a batch, by their places in it."""

    batch: _Batch
    places: range

    def settle(self, outcomes: Iterable[Outcome]) -> None:
        for place, outcome in zip(self.places, outcomes, strict=True):
            self.batch.outcomes[place] = outcome


class _Worker:
    """A process with an engine, and the task it is at."""

    def __init__(self, settings: params.Scrub, build: Builder, grace: float) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, settings, build), daemon=True)
        self.process.start()
        theirs.close()  # so that this end notices when the process ends
        self.task: _Task | None = None
        self.ready = False
        self.until = time.monotonic() + grace
        self._grace, self._seconds = grace, settings.timeout_seconds

    def begin(self, task: _Task) -> None:
        """Hand over a task."""
        self.task = task
        self.until = time.monotonic() + self._grace + self._seconds * (len(task.places) + MAX_PASSES)
        with suppress(OSError):  # the process is gone: `listen` will tell
            self.connection.send([task.batch.texts[place] for place in task.places])

    def listen(self) -> bool:
        """Take what the process says: that it is ready, or outcomes. False where it has ended or is overdue.

        Raises:
            Refusal: it could not be started.
        """
        try:
            message = self.connection.recv() if self.connection.poll() else None
        except (EOFError, OSError):
            message = None
        if isinstance(message, Refusal):
            raise message
        if message is None:
            self.stop()
            if not self.ready:
                raise Refusal("a worker process of `scrub` ended while it started: is there memory for so many?")
            return False
        if self.task:
            self.task.settle(message)
        self.task, self.ready, self.until = None, True, float("inf")
        return True

    def unfinished(self) -> list["_Task"]:
        """Tasks for what the process did not finish: its texts one by one; of a text that was alone, none."""
        if self.task is None:
            return []
        if len(self.task.places) > 1:
            return [_Task(self.task.batch, range(place, place + 1)) for place in reversed(self.task.places)]
        self.task.settle([DIED])
        return []

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.join()
        self.connection.close()


def _talking(crew: Sequence[_Worker]) -> list[_Worker]:
    """Wait for some worker to say something, to end or to be overdue; return those."""
    seconds = min(worker.until for worker in crew) - time.monotonic()
    talking = wait([worker.connection for worker in crew], None if seconds == float("inf") else max(seconds, 0))
    now = time.monotonic()
    return [worker for worker in crew if worker.connection in talking or worker.until < now]


def _serve(connection: Connection, settings: params.Scrub, build: Builder) -> None:
    """The whole life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    try:
        engine = build(settings)
    except Refusal as refusal:
        connection.send(refusal)
        return
    with threadpool_limits(1), suppress(EOFError):  # the end of the parent
        connection.send([])
        while True:
            connection.send(engine.scrub_all(connection.recv()))
