"""Stage `evaluate`: every trained classifier, scored once on the test split.

Scores are averaged over seeds, with intervals that respect groups of ads (see `models.scores`). The plots hold answers
and rates without ad ids. When the votes were simulated, the report says so.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from sklearn.metrics import precision_recall_curve

from models.classifier import Classifier, decide, load, settle_threads
from models.data import Array, Flags, Question, labelled, read_questions, read_split, targets
from models.scores import Counts, by_choice, compare, draws, interval
from pipeline import params, store
from pipeline.errors import Refusal, run_stage

GRID = np.linspace(0, 1, 51)  # recalls at which a curve is drawn


@dataclass(frozen=True)
class Answers:
    """What one classifier says of the test ads: per question scores and decisions, both (ads, choices)."""

    probabilities: Mapping[str, Array]
    decisions: Mapping[str, Flags]


def answer(classifier: Classifier, texts: Sequence[str]) -> Answers:
    """Run a classifier over texts."""
    probabilities = classifier.probabilities(texts)
    decisions = {q.name: decide(q, probabilities[q.name], classifier.thresholds) for q in classifier.questions}
    return Answers(probabilities, decisions)


def score(
    answers: Mapping[str, Sequence[Answers]],
    questions: Sequence[Question],
    target: Mapping[str, Array],
    groups: Sequence[str],
    settings: params.Evaluate,
) -> dict[str, Any]:
    """Macro-F1 with its interval, and each choice's scores, by question and model; `answers` has one entry a seed."""
    numbers = np.unique(groups, return_inverse=True)[1]
    weights = draws(numbers, settings.bootstrap, settings.seed)
    report: dict[str, Any] = {}
    for question in questions:
        report[question.name] = {}
        for model, seeds in answers.items():
            counts: list[Counts] = [compare(target[question.name], one.decisions[question.name]) for one in seeds]
            report[question.name][model] = {
                "macro_f1": interval(question, counts, weights, settings.confidence),
                "labels": by_choice(question, counts),
            }
    return report


def confusion(question: Question, target: Array, seeds: Sequence[Answers]) -> list[tuple[str, str]]:
    """Actual and predicted choice of every answered ad and seed, sorted, so that no row can be led back to an ad."""
    known = labelled(target)
    actual = target[known].argmax(axis=1)
    return sorted(
        (question.choices[a], question.choices[p])
        for one in seeds
        for a, p in zip(actual, one.decisions[question.name][known].argmax(axis=1), strict=True)
    )


def curves(question: Question, target: Array, seeds: Sequence[Answers]) -> list[tuple[float, float, str]]:
    """Recall, precision and choice: the best precision at or above each recall of a grid, the seeds' scores pooled."""
    known = labelled(target)
    rows = []
    for index, choice in enumerate(question.choices):
        marked = np.tile(target[known, index] == 1, len(seeds))
        if not marked.any():
            continue
        scores = np.concatenate([one.probabilities[question.name][known, index] for one in seeds])
        precision, recall, _ = precision_recall_curve(marked, scores)  # recall falls from 1 to 0
        best = np.maximum.accumulate(precision)
        at = len(recall) - 1 - np.searchsorted(recall[::-1], GRID - 1e-9)
        rows += [(round(float(r), 2), round(float(best[i]), 4), choice) for r, i in zip(GRID, at, strict=True)]
    return rows


def main(
    splits: Annotated[Path, typer.Argument(help="Folder with test.parquet.")],
    models: Annotated[Path, typer.Argument(help="Folder with one classifier per model and seed.")],
    schema: Annotated[Path, typer.Option(help="The label schema (JSON).")],
    collect: Annotated[Path, typer.Option(help="The report that says whether the votes were simulated (JSON).")],
    metrics: Annotated[Path, typer.Option(help="Scores (JSON).")],
    plots: Annotated[Path, typer.Option(help="Folder for confusion and precision-recall tables (CSV).")],
) -> None:
    """Score the trained classifiers on the test split."""
    trained, settings = params.load(params.Train), params.load(params.Evaluate)
    settle_threads(trained.threads)
    questions = read_questions(schema, trained.questions)
    test = read_split(splits, "test", questions)
    target = targets(test, questions)
    folders: dict[str, list[Path]] = {
        model: [models / f"{model}-{seed}" for seed in sorted(trained.seeds)] for model in trained.models
    }
    answers = {model: [_run(folder, questions, test["text"]) for folder in seeds] for model, seeds in folders.items()}
    report = {
        "simulated": store.read_json(collect)["simulated"],
        "test_ads": len(test),
        "test_groups": len(set(test["group"])),
        "seeds": len(trained.seeds),
        "confidence": settings.confidence,
        "questions": score(answers, questions, target, test["group"], settings),
    }
    _write_plots(plots, answers, questions, target)
    store.write_json(metrics, report)


def _run(folder: Path, questions: Sequence[Question], texts: Sequence[str]) -> Answers:
    classifier = load(folder)
    if classifier.questions != tuple(questions):
        raise Refusal(f"{folder}: trained on another label schema. Train it again (`dvc repro train`).")
    return answer(classifier, texts)


def _write_plots(
    folder: Path,
    answers: Mapping[str, Sequence[Answers]],
    questions: Sequence[Question],
    target: Mapping[str, Array],
) -> None:
    with store.replacing(folder) as partial:
        for model, seeds in answers.items():
            for question in questions:
                if not question.several:
                    pairs = confusion(question, target[question.name], seeds)
                    _write(partial / "confusion" / f"{question.name}-{model}.csv", ("actual", "predicted"), pairs)
        for question in questions:
            rows = [
                (*point[:2], model, point[2], question.name)
                for model, seeds in answers.items()
                for point in curves(question, target[question.name], seeds)
            ]
            header = ("recall", "precision", "model", "label", "question")
            _write(partial / "precision_recall" / f"{question.name}.csv", header, rows)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    store.write_text(path, text.getvalue())


if __name__ == "__main__":
    run_stage(main)
