"""How far annotators agree: Krippendorff's alpha for nominal data, with bootstrap intervals.

Alpha is 1 for perfect agreement and 0 for what chance would give; missing votes are allowed and an item with a single
vote says nothing. A several-choice question gets an alpha for each choice (chosen or not), and the mean of those that
are defined as its own, in keeping with `aggregate`, which decides each choice on its own.
"""

import csv
import io
import zlib
from pathlib import Path
from typing import Annotated, Any

import krippendorff
import numpy as np
import numpy.typing as npt
import typer

from annotation import votes as voting
from annotation.votes import Vote
from pipeline import params, store
from pipeline.errors import run_stage

Array = npt.NDArray[np.float64]

DECIMALS = 6


def alpha(counts: Array) -> float:
    """Krippendorff's alpha of a table of counts, shape (items, values), each item with two votes or more.

    NaN where it is not defined: there is no item, or only one value occurs (K. Krippendorff, Computing Krippendorff's
    alpha-reliability, 2011; computed by the package of that name).
    """
    if np.count_nonzero(counts.sum(axis=0)) < 2:
        return float("nan")
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def measure(votes: list[Vote], settings: params.Agreement) -> dict[str, Any]:
    """The report: for each question alpha, the bootstrap interval's `low` and `high`, and the counts they rest on.

    Items are resampled with replacement and the percentiles taken over the resamples in which alpha is defined. A null
    alpha comes with its `reason`. Span questions are left out, with their count.
    """
    questions, left_out = {}, {}
    for question, given in voting.by_question(votes).items():
        if voting.kind(given) == "spans":
            left_out[question] = len(given)
        else:
            questions[question] = _measure_question(question, given, settings)
    return {
        "simulated": voting.is_simulated(votes),
        "bootstrap": settings.bootstrap,
        "confidence": settings.confidence,
        "questions": questions,
        "left_out": left_out,
    }


def plot_rows(report: dict[str, Any]) -> str:
    """The report as CSV for `dvc plots`: answer (a question, or one choice of it), alpha, low, high."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["answer", "alpha", "low", "high"])
    for question, result in report["questions"].items():
        choices = {f"{question}: {choice}": row for choice, row in result.get("choices", {}).items()}
        for answer, row in {question: result, **choices}.items():
            if row["alpha"] is not None:
                writer.writerow([answer, row["alpha"], row["low"], row["high"]])
    return out.getvalue()


def main(
    votes: Path,
    metrics: Annotated[Path, typer.Option()],
    plot: Annotated[Path, typer.Option()],
) -> None:
    """Measure how far annotators agree."""
    report = measure(voting.read(votes), params.load(params.Agreement))
    store.write_json(metrics, report)
    store.write_text(plot, plot_rows(report))


def _measure_question(question: str, votes: list[Vote], settings: params.Agreement) -> dict[str, Any]:
    several = voting.kind(votes) == "choices"
    names = sorted({answer for vote in votes for answer in voting.answers(vote)})
    item_rows = {item: row for row, item in enumerate(sorted({vote.item for vote in votes}))}
    columns = {name: column for column, name in enumerate(names)}
    given = np.zeros((len(item_rows), len(names)))
    size = np.zeros(len(item_rows))
    for vote in votes:
        size[item_rows[vote.item]] += 1
        for answer in voting.answers(vote):
            given[item_rows[vote.item], columns[answer]] += 1
    paired, sizes = given[size >= 2], size[size >= 2]
    tables = [np.stack([column, sizes - column], axis=1) for column in paired.T] if several else [paired]
    points = np.array([alpha(table) for table in tables])
    samples = _resample(question, tables, settings)
    result = {
        **_summary(_mean(points[:, None]), _mean(samples), settings, "the votes never differ from one single value"),
        "items": len(item_rows),
        "paired_items": len(paired),
        "votes": len(votes),
    }
    if not result["paired_items"]:
        result["reason"] = "no item has two votes"
    if several:
        result["choices"] = {
            name: _summary(points[[row]], samples[row], settings, "all votes on it are alike")
            for row, name in enumerate(names)
        }
    return result


def _resample(question: str, tables: list[Array], settings: params.Agreement) -> Array:
    """Bootstrapped alphas, shape (tables, resamples). All tables see the same items in a resample."""
    items = len(tables[0])
    # Seeded by the question's own name, so that its interval does not hang on which other questions there are.
    rng = np.random.default_rng([settings.seed, zlib.crc32(question.encode())])
    resamples = [rng.integers(items, size=items) for _ in range(settings.bootstrap)]
    return np.array([[alpha(table[rows]) for rows in resamples] for table in tables])


def _mean(alphas: Array) -> Array:
    """The mean over parts (axis 0) of what is defined; NaN where nothing is."""
    defined = ~np.isnan(alphas)
    total = np.where(defined, alphas, 0).sum(axis=0)
    count = defined.sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _summary(point: Array, samples: Array, settings: params.Agreement, reason: str) -> dict[str, Any]:
    value = float(point[0])
    if np.isnan(value):
        return {"alpha": None, "low": None, "high": None, "reason": reason}
    tail = (1 - settings.confidence) / 2
    low, high = np.nanquantile(samples, [tail, 1 - tail])
    return {"alpha": round(value, DECIMALS), "low": round(float(low), DECIMALS), "high": round(float(high), DECIMALS)}


if __name__ == "__main__":
    run_stage(main)
