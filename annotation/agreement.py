"""How far annotators agree, who differs with whom and on what, and how that changes over time.

Krippendorff's alpha is the headline, with Gwet's AC1 beside it and Cohen's kappa for each pair, all with bootstrap
intervals. A several-choice question is measured choice by choice (chosen or not), and its own coefficient is the mean
of those that are defined, in keeping with `aggregate`, which decides each choice on its own.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from annotation import agreement_page, annotators, coefficients, differences, ratings, suggestions
from annotation import votes as voting
from annotation.coefficients import Array, Coefficient
from annotation.ratings import Ratings
from annotation.suggestions import Suggestion
from annotation.votes import Vote
from pipeline import params, store
from pipeline.errors import run_stage

DECIMALS = 10

_METRICS = ("alpha", "low", "high", "reason", "ac1", "items", "paired_items", "disputed_items", "votes", "choices")


def measure(votes: list[Vote], settings: params.Agreement, suggested: Sequence[Suggestion] = ()) -> dict[str, Any]:
    """The report. For each question:

    `alpha`, the bootstrap interval's `low` and `high`, and the counts they rest on; a null alpha comes with its
    `reason`. `ac1`: {"value", "low", "high"}. `choices`: the same for each choice of a several-choice question.
    `kappa`: the mean of the `pairs`' own. `answers`, `pairs`: see `differences`. `drift`, `uniform`: see `annotators`.
    `suggestions`: see `suggestions.measure`.

    Percentiles are taken over the resamples in which a coefficient is defined. Span questions are left out, with their
    count, and so are adjudicated answers.
    """
    given, decisions = voting.part_decisions(votes)
    questions, left_out = {}, {}
    for question, own in voting.by_question(given).items():
        if voting.kind(own) == "spans":
            left_out[question] = len(own)
        else:
            questions[question] = _measure_question(ratings.tabulate(question, own), settings)
    return {
        "simulated": voting.is_simulated(votes),
        "bootstrap": settings.bootstrap,
        "confidence": settings.confidence,
        "questions": questions,
        "left_out": left_out,
        "adjudicated": len(decisions),
        "suggestions": suggestions.measure(votes, suggested, settings),
    }


def describe_annotators(votes: list[Vote]) -> dict[str, dict[str, Any]]:
    """What `annotators.describe` says, by question; apart from `measure`, because it takes longer."""
    given, _ = voting.part_decisions(votes)
    questions = {q: own for q, own in voting.by_question(given).items() if voting.kind(own) != "spans"}
    return {question: annotators.describe(ratings.tabulate(question, own)) for question, own in questions.items()}


def metrics(report: dict[str, Any]) -> dict[str, Any]:
    """The part of the report that is compared between runs: the coefficients and counts, without pairs and people."""
    questions = {
        question: {
            **{key: result[key] for key in _METRICS if key in result},
            "kappa": result["kappa"],
            "pairs": len(result["pairs"]),
            "uniform_annotators": len(result["uniform"]),
        }
        for question, result in report["questions"].items()
    }
    return {**report, "questions": questions}


def plot_rows(report: dict[str, Any]) -> str:
    """The report as CSV for `dvc plots`: answer (a question, or one choice of it), alpha, low, high."""
    rows = []
    for question, result in report["questions"].items():
        choices = {f"{question}: {choice}": row for choice, row in result.get("choices", {}).items()}
        for answer, row in {question: result, **choices}.items():
            if row["alpha"] is not None:
                rows.append([answer, row["alpha"], row["low"], row["high"]])
    return _csv(["answer", "alpha", "low", "high"], rows)


def pair_rows(report: dict[str, Any]) -> str:
    """Cohen's kappas as CSV for `dvc plots`: pair (with the question), kappa, low, high, items."""
    rows = [
        [f"{question}: {pair['first']}, {pair['second']}", pair["kappa"], pair["low"], pair["high"], pair["items"]]
        for question, result in report["questions"].items()
        for pair in result["pairs"]
        if pair["kappa"] is not None
    ]
    return _csv(["pair", "kappa", "low", "high", "items"], rows)


def main(
    votes: Path,
    suggested: Annotated[Path, typer.Option("--suggestions", help="What `collect` found of the models' suggestions.")],
    metrics_: Annotated[Path, typer.Option("--metrics")],
    plot: Annotated[Path, typer.Option(help="Alpha of each question and choice (CSV).")],
    pairs: Annotated[Path, typer.Option(help="Kappa of each pair of annotators (CSV).")],
    page: Annotated[Path, typer.Option(help="The report as a page (HTML).")],
) -> None:
    """Measure how far annotators agree."""
    collected = voting.read(votes)
    report = measure(collected, params.load(params.Agreement), suggestions.read(suggested))
    store.write_json(metrics_, metrics(report))
    store.write_text(plot, plot_rows(report))
    store.write_text(pairs, pair_rows(report))
    store.write_text(page, agreement_page.render(report, describe_annotators(collected)))


def _measure_question(table: Ratings, settings: params.Agreement) -> dict[str, Any]:
    names, counts = list(table.aspects), [aspect.counts for aspect in table.aspects.values()]
    alphas, ac1s = [coefficients.alpha(one) for one in counts], [coefficients.ac1(one) for one in counts]
    samples = [coefficients.resample(group, table.question, settings) for group in (alphas, ac1s)]
    reason = "the votes never differ from one single value"
    pairs = differences.compare_pairs(table, settings)
    kappas = [pair["kappa"] for pair in pairs if pair["kappa"] is not None]
    paired = int((table.given.sum(axis=1) >= 2).sum())
    result = {
        **_alpha(alphas, samples[0], settings, reason if paired else "no item has two votes"),
        "ac1": _summarize("value", ac1s, samples[1], settings),
        "kappa": round(float(np.mean(kappas)), DECIMALS) if kappas else None,
        "items": len(table.items),
        "paired_items": paired,
        "disputed_items": differences.disputed_items(table),
        "votes": len(table.votes),
        "answers": differences.compare_answers(table),
        "pairs": pairs,
        "drift": annotators.follow(table, settings),
        "uniform": annotators.find_uniform(table),
    }
    if table.several:
        result["choices"] = {
            name: {
                **_alpha(alphas[row : row + 1], samples[0][row : row + 1], settings, "all votes on it are alike"),
                "ac1": _summarize("value", ac1s[row : row + 1], samples[1][row : row + 1], settings),
            }
            for row, name in enumerate(names)
        }
    return result


def _alpha(found: Sequence[Coefficient], samples: Array, settings: params.Agreement, reason: str) -> dict[str, Any]:
    result = _summarize("alpha", found, samples, settings)
    return result if result["alpha"] is not None else {**result, "reason": reason}


def _summarize(
    name: str, found: Sequence[Coefficient], samples: Array, settings: params.Agreement
) -> dict[str, float | None]:
    """The mean of what is defined and its interval; null where nothing is."""
    value = float(coefficients.mean(np.array([coefficient.value for coefficient in found])))
    if np.isnan(value):
        return {name: None, "low": None, "high": None}
    low, high = coefficients.interval(coefficients.mean(samples), settings)
    return {name: round(value, DECIMALS), "low": round(low, DECIMALS), "high": round(high, DECIMALS)}


def _csv(header: list[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


if __name__ == "__main__":
    run_stage(main)
