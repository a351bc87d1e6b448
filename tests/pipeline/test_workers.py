"""Processes that scrub: order, deaths, hangs. The engines here stand in for the real one, whose start takes seconds."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from multiprocessing import active_children
from pathlib import Path

import pytest

from pipeline import params
from pipeline.errors import Refusal
from pipeline.records import Outcome, Scrubbed, Unscrubbed
from pipeline.workers import AHEAD, scrub_batches

ROOT = Path(__file__).parents[2]
SETTINGS = params.load(params.Scrub, ROOT / "params.yaml").model_copy(update={"workers": 2, "timeout_seconds": 0.2})


def shout(text: str) -> Outcome:
    return Scrubbed(text.upper(), (), (), "en", False)


class Mortal:
    """Dies of one text, hangs on another, sleeps over a third."""

    def __init__(self, settings: params.Scrub) -> None:
        pass

    def scrub_all(self, texts: Sequence[str]) -> list[Outcome]:
        if "die" in texts:
            os.kill(os.getpid(), signal.SIGKILL)
        if "hang" in texts:
            os.kill(os.getpid(), signal.SIGSTOP)
        if "sleep" in texts:
            time.sleep(0.5)
        return [shout(text) for text in texts]


class Unready(Mortal):
    def __init__(self, settings: params.Scrub) -> None:
        raise Refusal("scrub.ner: no tagger")


class Stillborn(Mortal):
    def __init__(self, settings: params.Scrub) -> None:
        os._exit(1)


def test_outcomes_come_in_order_whoever_is_faster() -> None:
    batches = [["sleep", "a"], ["b"], [], ["c", "d"], ["e"], ["f"]]
    assert list(scrub_batches(batches, SETTINGS, Mortal)) == [[shout(text) for text in batch] for batch in batches]
    assert active_children() == []


def test_only_so_many_batches_are_in_memory() -> None:
    read = 0

    def batches() -> Iterator[list[str]]:
        nonlocal read
        for read in range(1, 101):
            yield [str(read)]

    outcomes = scrub_batches(batches(), SETTINGS, Mortal)
    assert list(islice(outcomes, 10)) == [[shout(str(i))] for i in range(1, 11)]
    assert read <= 10 + AHEAD * SETTINGS.workers
    outcomes.close()  # type: ignore[attr-defined]
    assert active_children() == []


def test_the_text_that_ends_a_worker_goes_to_quarantine_and_no_other() -> None:
    batches = [["a", "die", "b"], ["c"], ["die"], ["d", "e"]]
    assert list(scrub_batches(batches, SETTINGS, Mortal)) == [
        [Unscrubbed("worker_died") if text == "die" else shout(text) for text in batch] for batch in batches
    ]
    assert active_children() == []


def test_a_worker_that_does_not_answer_is_ended() -> None:
    outcomes = list(scrub_batches([["a", "hang"], ["b"]], SETTINGS, Mortal, grace=8))
    assert outcomes == [[shout("a"), Unscrubbed("worker_died")], [shout("b")]]


def test_a_worker_killed_from_outside_loses_nothing() -> None:
    batches = [[f"{i}", "sleep"] for i in range(8)]
    outcomes = scrub_batches(batches, SETTINGS, Mortal)
    first = next(outcomes)
    for child in active_children():
        child.kill()
    assert [first, *outcomes] == [[shout(text) for text in batch] for batch in batches]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        pytest.param(Unready, "no tagger", id="refused"),
        pytest.param(Stillborn, "ended while it started", id="died at once"),
    ],
)
def test_a_worker_that_cannot_start_is_a_refusal(build: type[Mortal], message: str) -> None:
    with pytest.raises(Refusal, match=message):
        list(scrub_batches([["a"]], SETTINGS, build))
    assert active_children() == []
