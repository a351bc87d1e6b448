"""One label for each item and question, from all its votes.

The methods are those of `consensus`. A several-choice question is decided choice by choice, chosen or not; its
exclusive choice stands where no other was chosen. A tie between answers is broken by a hash of the item, so that it
favours none of them and the same votes always give the same label; of a several-choice question, a choice needs more
than half. Where an adjudicator decided, the decision is the label, and the probabilities still say what the votes made
of it. Spans and flags get no label: they go to the custodian, not to the models.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from annotation import codebook as codebooks
from annotation import consensus
from annotation import votes as voting
from annotation.codebook import Codebook
from annotation.consensus import Method
from annotation.votes import Vote
from pipeline import params, store
from pipeline.errors import run_stage

Schema = dict[str, dict[str, Any]]
Probabilities = dict[str, dict[str, float]]

DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Label:
    """What one question's votes on one item amount to.

    `probabilities` sum to 1 for a `choice` question; for `choices` each is that choice's own, before exclusion; there
    is none where an adjudicator alone answered. `votes`: how many there were besides. `codebook`: the version they were
    given under, or all of them in order, separated by commas; that of the decision where it was adjudicated.
    """

    item: str
    question: str
    value: str | tuple[str, ...]
    probabilities: dict[str, float]
    votes: int
    method: Method | Literal["adjudicated"]
    codebook: str | None

    @property
    def key(self) -> tuple[str, str]:
        """What labels are sorted by."""
        return (self.item, self.question)


def infer_schema(votes: list[Vote]) -> Schema:
    """The label schema that the votes themselves show; a choice called `none` is taken to exclude the others."""
    schema = {}
    for question, given in voting.by_question(votes).items():
        kind = voting.kind(given)
        choices = sorted({answer for vote in given for answer in voting.answers(vote)})
        exclusive = "none" if kind == "choices" and "none" in choices else None
        schema[question] = {"type": kind, "choices": choices, "exclusive": exclusive}
    return schema


def aggregate(votes: list[Vote], method: Method, schema: Schema) -> list[Label]:
    """The labels, sorted by item and question. The order of the votes does not matter."""
    given, decisions = voting.part_decisions(votes)
    labels: dict[tuple[str, str], Label] = {}
    for question, own in voting.by_question(given).items():
        if schema[question]["type"] in _DECIDE:
            for label in _DECIDE[schema[question]["type"]](question, own, method, schema[question]):
                labels[label.key] = label
    for decision in decisions:
        if schema[decision.question]["type"] in _DECIDE:
            label = _adjudicate(decision, labels.get((decision.item, decision.question)))
            labels[label.key] = label
    return [labels[key] for key in sorted(labels)]


def summarize(votes: list[Vote], labels: list[Label], method: Method) -> dict[str, Any]:
    """The metrics: for each question the labels, their values, the ties of its votes, and the adjudicated labels.

    `left_out`: how many votes there are on questions that get no label.
    """
    questions: dict[str, dict[str, Any]] = {}
    for label in labels:
        result = questions.setdefault(label.question, {"labels": 0, "values": Counter(), "ties": 0, "adjudicated": 0})
        result["labels"] += 1
        result["values"].update([label.value] if isinstance(label.value, str) else label.value)
        result["ties"] += _is_tie(label)
        result["adjudicated"] += label.method == "adjudicated"
    left_out = {question: len(v) for question, v in voting.by_question(votes).items() if question not in questions}
    return {"simulated": voting.is_simulated(votes), "method": method, "questions": questions, "left_out": left_out}


def run(
    votes_path: Path, labels_path: Path, method: Method, codebook: Codebook | None
) -> tuple[dict[str, Any], Schema]:
    """Read votes, write labels; return the metrics and the label schema.

    Raises:
        Refusal: the votes cannot be read or do not fit the codebook.
    """
    votes = voting.read(votes_path)
    if codebook is not None:
        voting.check(votes, codebook)
    schema = infer_schema(votes) if codebook is None else codebooks.schema(codebook)
    labels = aggregate(votes, method, schema)
    store.write_jsonl(labels_path, map(asdict, labels))
    return summarize(votes, labels, method), schema


def main(
    votes: Path,
    codebook: Annotated[Path, typer.Option()],
    labels: Annotated[Path, typer.Option()],
    schema: Annotated[Path, typer.Option()],
    metrics: Annotated[Path, typer.Option()],
) -> None:
    """Turn votes into labels."""
    report, label_schema = run(votes, labels, params.load(params.Aggregate).method, codebooks.load(codebook))
    store.write_json(schema, label_schema)
    store.write_json(metrics, report)


def _decide_one(question: str, votes: list[Vote], method: Method, schema: dict[str, Any]) -> list[Label]:
    choices = schema["choices"]
    found = consensus.fit(votes, [choices.index(vote.value) for vote in votes], len(choices), method)
    values = {}
    for item, row in zip(found.items, found.posterior.round(DECIMALS), strict=True):
        tied = [choice for choice, p in zip(choices, row, strict=True) if p == row.max()]
        values[item] = tied[int.from_bytes(hashlib.sha256(item.encode()).digest(), "big") % len(tied)]
    return _label(question, votes, method, values, _probabilities(found.items, choices, found.posterior.tolist()))


def _decide_several(question: str, votes: list[Vote], method: Method, schema: dict[str, Any]) -> list[Label]:
    choices, exclusive = schema["choices"], schema["exclusive"]
    fits = [consensus.fit(votes, [int(c in voting.answers(vote)) for vote in votes], 2, method) for c in choices]
    items = fits[0].items
    probabilities = _probabilities(items, choices, zip(*(fit.posterior[:, 1].tolist() for fit in fits), strict=True))
    values = {}
    for item in items:
        chosen = {choice for choice, p in probabilities[item].items() if p > 0.5 and choice != exclusive}
        values[item] = tuple(sorted(chosen or ({exclusive} if exclusive else set())))
    return _label(question, votes, method, values, probabilities)


_DECIDE = {"choice": _decide_one, "choices": _decide_several}


def _probabilities(items: list[str], choices: list[str], rows: Iterable[Iterable[float]]) -> Probabilities:
    return {
        item: {choice: round(p, DECIMALS) for choice, p in zip(choices, row, strict=True)}
        for item, row in zip(items, rows, strict=True)
    }


def _label(
    question: str,
    votes: list[Vote],
    method: Method,
    values: dict[str, Any],
    probabilities: Probabilities,
) -> list[Label]:
    counts = Counter(vote.item for vote in votes)
    versions: dict[str, set[str]] = {}
    for vote in votes:
        versions.setdefault(vote.item, set()).update([vote.codebook] if vote.codebook else [])
    return [
        Label(item, question, value, probabilities[item], counts[item], method, _versions(versions[item]))
        for item, value in values.items()
    ]


def _adjudicate(decision: Vote, label: Label | None) -> Label:
    """The decision as a label, with the probabilities and the number of votes that it decides over."""
    value = decision.value if isinstance(decision.value, str) else voting.answers(decision)
    probabilities, votes = (label.probabilities, label.votes) if label else ({}, 0)
    return Label(decision.item, decision.question, value, probabilities, votes, "adjudicated", decision.codebook)


def _versions(versions: set[str]) -> str | None:
    return ", ".join(sorted(versions, key=lambda version: [part.zfill(9) for part in version.split(".")])) or None


def _is_tie(label: Label) -> bool:
    values = sorted(label.probabilities.values())
    if not values:
        return False
    if isinstance(label.value, str):
        return len(values) > 1 and values[-1] == values[-2]
    return 0.5 in values


if __name__ == "__main__":
    run_stage(main)
