"""One label for each item and question, from all its votes.

The methods are crowd-kit's: `majority` (each vote counts the same) and `dawid-skene` (A. P. Dawid and A. M. Skene,
Maximum likelihood estimation of observer error-rates using the EM algorithm, 1979: each annotator's confusion is learnt
from the votes). A several-choice question is decided choice by choice, chosen or not; its exclusive choice stands where
no other was chosen. A tie between answers is broken by a hash of the item, so that it favours none of them and the same
votes always give the same label; of a several-choice question, a choice needs more than half. Spans and flags get no
label: they go to the custodian, not to the models.
"""

import hashlib
import math
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import typer
from crowdkit.aggregation import DawidSkene, MajorityVote

from annotation import codebook as codebooks
from annotation import votes as voting
from annotation.codebook import Codebook
from annotation.votes import Vote
from pipeline import params, store
from pipeline.errors import run_stage

Method = Literal["majority", "dawid-skene"]
Schema = dict[str, dict[str, Any]]

DECIMALS = 6
# A fixed number of EM steps. Left to itself crowd-kit stops at the first step that does not raise its bound, on small
# data far too early (two steps on the duck data: 96 of 108 items right, where 5 steps or 1,000 give 97).
EM_STEPS = 30


@dataclass(frozen=True, slots=True)
class Label:
    """What one question's votes on one item amount to.

    `probabilities` sum to 1 for a `choice` question; for `choices` each is that choice's own, before exclusion.
    """

    item: str
    question: str
    value: str | tuple[str, ...]
    probabilities: dict[str, float]
    votes: int
    method: Method
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
    labels: list[Label] = []
    for question, given in voting.by_question(votes).items():
        given = sorted(given, key=lambda vote: vote.key)
        if schema[question]["type"] == "choice":
            labels += _decide_one(question, given, method, schema[question])
        elif schema[question]["type"] == "choices":
            labels += _decide_several(question, given, method, schema[question])
    return sorted(labels, key=lambda label: label.key)


def summarize(votes: list[Vote], labels: list[Label], method: Method) -> dict[str, Any]:
    """The metrics: for each question how many labels and of which values; which votes were left out; how many ties."""
    questions: dict[str, dict[str, Any]] = {}
    for label in labels:
        result = questions.setdefault(label.question, {"labels": 0, "values": Counter(), "ties": 0})
        result["labels"] += 1
        result["values"].update([label.value] if isinstance(label.value, str) else label.value)
        result["ties"] += _is_tie(label)
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
    answers = [choices.index(vote.value) for vote in votes]
    items, posterior = _posterior(votes, answers, len(choices), method)
    labels = []
    for (item, given), row in zip(items.items(), posterior, strict=True):
        tied = [choice for choice, p in zip(choices, row, strict=True) if p == row.max()]
        value = tied[int.from_bytes(hashlib.sha256(item.encode()).digest(), "big") % len(tied)]
        labels.append(_label(question, item, value, dict(zip(choices, row.tolist(), strict=True)), given, method))
    return labels


def _decide_several(question: str, votes: list[Vote], method: Method, schema: dict[str, Any]) -> list[Label]:
    choices, exclusive = schema["choices"], schema["exclusive"]
    columns = []
    for choice in choices:
        items, posterior = _posterior(votes, [int(choice in voting.answers(vote)) for vote in votes], 2, method)
        columns.append(posterior[:, 1])
    labels = []
    for (item, given), row in zip(items.items(), np.stack(columns, axis=1), strict=True):
        chosen = {choice for choice, p in zip(choices, row, strict=True) if p > 0.5 and choice != exclusive}
        value = tuple(sorted(chosen or ({exclusive} if exclusive else set())))
        labels.append(_label(question, item, value, dict(zip(choices, row.tolist(), strict=True)), given, method))
    return labels


def _posterior(
    votes: list[Vote], answers: list[int], choices: int, method: Method
) -> tuple[dict[str, list[Vote]], npt.NDArray[np.float64]]:
    """The votes (sorted by item) of each item, and the choices' probabilities, shape (items, choices)."""
    items: dict[str, list[Vote]] = {}
    for vote in votes:
        items.setdefault(vote.item, []).append(vote)
    model = MajorityVote() if method == "majority" else DawidSkene(n_iter=EM_STEPS, tol=-math.inf)
    frame = pd.DataFrame(
        {
            "task": np.repeat(np.arange(len(items)), [len(given) for given in items.values()]),
            "worker": np.unique([vote.annotator for vote in votes], return_inverse=True)[1],
            "label": np.array(answers, dtype=np.int64),
        }
    )
    fitted = model.fit_predict_proba(frame).reindex(index=range(len(items)), columns=range(choices), fill_value=0.0)
    return items, fitted.to_numpy(dtype=np.float64).round(DECIMALS)


def _label(
    question: str,
    item: str,
    value: str | tuple[str, ...],
    probabilities: dict[str, float],
    votes: list[Vote],
    method: Method,
) -> Label:
    versions = {vote.codebook for vote in votes}
    version = versions.pop() if len(versions) == 1 else None
    return Label(item, question, value, probabilities, len(votes), method, version)


def _is_tie(label: Label) -> bool:
    values = sorted(label.probabilities.values())
    if isinstance(label.value, str):
        return len(values) > 1 and values[-1] == values[-2]
    return 0.5 in values


if __name__ == "__main__":
    run_stage(main)
