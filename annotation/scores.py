"""What trained classifiers say about ads (the files of `safelight predict`): how uncertain they are, what they suggest.

Each line is {"ad_id", question: {"value", "probabilities"}}. Several files are a committee, say one model trained with
several seeds: their probabilities are averaged, so that disagreement counts as uncertainty (consensus entropy: see B.
Settles, Active learning literature survey, 2009, section 3.2).
"""

import math
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from annotation.codebook import Codebook
from annotation.votes import Value
from pipeline import store
from pipeline.errors import Refusal
from pipeline.store import Row

Layout = dict[str, tuple[str, ...]]  # each question's choices


def read_uncertainty(files: Sequence[Path], codebook: Codebook) -> dict[str, float]:
    """Each scored ad's uncertainty between 0 and 1, in memory of some hundred bytes an ad.

    A question's own is its entropy over that of a uniform guess; where several choices can be given, the mean over
    them. The ad's is the mean over questions. An ad that some of the files lack is averaged over the others.

    Raises:
        Refusal: a line is not a prediction, or does not answer the codebook's questions as the first line does; the
            first such line of each file is named.
    """
    layout: Layout = {}
    sums: dict[str, array[float]] = {}
    for path in files:
        for number, row in enumerate(store.read_jsonl(path), 1):
            layout = layout or _layout(row)
            problem = _misfit(row, layout) or _unknown(layout, codebook)
            if problem:
                raise Refusal(
                    f"{path}, line {number}: {problem}. Make it with `safelight predict`, by a model of this codebook."
                )
            own = array("f", [p for q in layout for p in row[q]["probabilities"].values()] + [1.0])
            before = sums.get(row["ad_id"])
            sums[row["ad_id"]] = own if before is None else array("f", map(sum, zip(before, own, strict=True)))
    several = [question for question in layout if codebook.question(question).type == "choices"]
    return {ad_id: _uncertainty([p / own[-1] for p in own[:-1]], layout, several) for ad_id, own in sums.items()}


def read_suggestions(path: Path, ads: Iterable[str]) -> dict[str, dict[str, Value]]:
    """The answers suggested by one file for these ads, by ad and question."""
    wanted = set(ads)
    return {
        row["ad_id"]: {
            question: tuple(score["value"]) if isinstance(score["value"], list) else score["value"]
            for question, score in row.items()
            if question != "ad_id"
        }
        for row in store.read_jsonl(path)
        if row["ad_id"] in wanted
    }


def _uncertainty(probabilities: Sequence[float], layout: Layout, several: Sequence[str]) -> float:
    values, start = [], 0
    for question, choices in layout.items():
        own = probabilities[start : start + len(choices)]
        start += len(choices)
        if question in several:
            values.append(sum(_entropy([p, 1 - p]) for p in own) / len(own))
        else:
            values.append(_entropy([p / (sum(own) or 1) for p in own]))
    return round(sum(values) / len(values), 6)


def _entropy(probabilities: Sequence[float]) -> float:
    """Shannon's entropy over that of a uniform guess."""
    return -sum(p * math.log(p) for p in probabilities if p > 0) / math.log(len(probabilities))


def _layout(row: Row) -> Layout:
    scores = {q: s.get("probabilities") for q, s in row.items() if q != "ad_id" and isinstance(s, dict)}
    return {question: tuple(own) for question, own in scores.items() if isinstance(own, dict)}


def _misfit(row: Row, layout: Layout) -> str | None:
    if not isinstance(row.get("ad_id"), str):
        return "no ad_id"
    if not layout or row.keys() - {"ad_id"} != layout.keys() or _layout(row) != layout:
        return "not scores of the same questions and choices as the first line's"
    for question in layout:
        if not all(_is_share(p) for p in row[question]["probabilities"].values()):
            return f"{question} has probabilities that are no numbers between 0 and 1"
        if not _is_value(row[question].get("value"), layout[question]):
            return f"{question} has a value that is none of its choices"
    return None


def _unknown(layout: Layout, codebook: Codebook) -> str | None:
    known = {q.id: q for q in codebook.questions if q.type in {"choice", "choices"}}
    for question, choices in layout.items():
        if question not in known:
            return f"codebook {codebook.version} has no question {question} with choices"
        if len(choices) < 2 or not set(choices) <= set(known[question].answers):
            return f"{question} has other choices in codebook {codebook.version}"
    return None


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _is_value(value: Any, choices: Sequence[str]) -> bool:
    given = value if isinstance(value, list) else [value]
    return all(isinstance(choice, str) and choice in choices for choice in given)
