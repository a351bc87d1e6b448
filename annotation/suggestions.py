"""The pull of suggestions: how much more often people answer as a model did when they were shown what it answered.

The active arm's tasks carry the model's answers in their `meta`, also where they were hidden, and Label Studio exports
it; which of the two it was fell to a hash. So the difference between shown and hidden is the suggestion's doing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from annotation import annotations, coefficients
from annotation import votes as voting
from annotation.votes import Value, Vote
from pipeline import params, store
from pipeline.errors import Refusal

DECIMALS = 10


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a model answered to one question about one ad, and whether annotators saw it."""

    item: str
    question: str
    value: Value
    shown: bool


def from_export(path: Path) -> list[Suggestion]:
    """The suggestions in a Label Studio export (JSON), sorted; none where its tasks have none. Raises as `collect`."""
    found = {}
    for task in annotations.tasks(path):
        meta = task.get("meta")
        if isinstance(meta, dict) and meta.get("suggestion") in ("shown", "hidden"):
            for question, value in _answers(meta.get("suggested")):
                item = str(annotations.item(task))
                found[item, question] = Suggestion(item, question, value, meta["suggestion"] == "shown")
    return [found[key] for key in sorted(found)]


def write(path: Path, suggestions: Iterable[Suggestion]) -> None:
    """Write them as JSON Lines."""
    store.write_jsonl(path, map(asdict, suggestions))


def read(path: Path) -> list[Suggestion]:
    """The suggestions that `write` wrote.

    Raises:
        Refusal: a line is not a suggestion.
    """
    found = []
    for number, row in enumerate(store.read_jsonl(path), 1):
        answers = list(_answers({row.get("question"): row.get("value")}))
        if not answers or not isinstance(row.get("item"), str) or not isinstance(row.get("shown"), bool):
            raise Refusal(f"{path}, line {number}: not a suggestion. `dvc repro collect` makes the file.")
        found.append(Suggestion(row["item"], *answers[0], row["shown"]))
    return found


def measure(
    votes: Iterable[Vote], suggestions: Sequence[Suggestion], settings: params.Agreement
) -> dict[str, dict[str, Any]]:
    """For each question with votes on ads with a suggestion:

    `shown`, `hidden`: the `ads`, the `votes` on them, and the share of these that are the suggestion
    (`agreement`, `low`, `high`). `pull`: the `difference` between the two, `low` and `high`. Null where there are no
    votes. Intervals are bootstrapped over ads. Adjudicated answers are left out.
    """
    suggested = {(one.item, one.question): one for one in suggestions}
    given, _ = voting.part_decisions(votes)
    report = {}
    for question, own in voting.by_question(given).items():
        compared = [(vote, suggested[vote.item, question]) for vote in own if (vote.item, question) in suggested]
        if compared:
            report[question] = _measure(question, compared, settings)
    return report


def _measure(question: str, compared: list[tuple[Vote, Suggestion]], settings: params.Agreement) -> dict[str, Any]:
    rows = {item: row for row, item in enumerate(sorted({vote.item for vote, _ in compared}))}
    hits, counts = np.zeros((2, len(rows))), np.zeros((2, len(rows)))
    for vote, suggestion in compared:
        cell = int(suggestion.shown), rows[vote.item]
        counts[cell] += 1
        hits[cell] += vote.value == suggestion.value
    shares = [coefficients.share(*pair) for pair in zip(hits, counts, strict=True)]
    hidden, shown = coefficients.resample(shares, question, settings)
    result: dict[str, Any] = {}
    for name, share, samples, own in zip(("hidden", "shown"), shares, (hidden, shown), counts, strict=True):
        numbers = _summarize("agreement", share.value, samples, settings)
        result[name] = {"ads": int((own > 0).sum()), "votes": int(own.sum()), **numbers}
    result["pull"] = _summarize("difference", shares[1].value - shares[0].value, shown - hidden, settings)
    return result


def _summarize(
    name: str, value: float, samples: coefficients.Array, settings: params.Agreement
) -> dict[str, float | None]:
    if np.isnan(value):
        return {name: None, "low": None, "high": None}
    low, high = coefficients.interval(samples, settings)
    return {name: round(value, DECIMALS), "low": round(low, DECIMALS), "high": round(high, DECIMALS)}


def _answers(suggested: Any) -> Iterator[tuple[str, Value]]:
    for question, value in suggested.items() if isinstance(suggested, dict) else ():
        if isinstance(question, str) and isinstance(value, str):
            yield question, value
        elif isinstance(question, str) and isinstance(value, list) and all(isinstance(v, str) for v in value):
            yield question, tuple(sorted(value))
