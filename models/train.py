"""Stage `train`: one classifier of one kind and seed, and its thresholds, from the labelled splits.

The folder it writes holds weights, vocabulary or tokenizer, the questions and the thresholds: no ad, no path, no date.
Two runs give the same bytes on one kind of processor (another may round sums differently).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from datasets import Dataset

from models.classifier import Classifier, settle_threads, tune
from models.data import Question, labelled, read_questions, read_split, targets
from pipeline import params, store
from pipeline.errors import run_stage

Kind = Literal["tfidf", "encoder"]


def train(
    kind: Kind, splits: Mapping[str, Dataset], questions: Sequence[Question], settings: params.Train, seed: int
) -> Classifier:
    """Fit a classifier to `splits["train"]`, and its thresholds to `splits["validation"]`."""
    classifier = _fit(kind, splits["train"], questions, settings, seed)
    validation = splits["validation"]
    thresholds = tune(questions, targets(validation, questions), classifier.probabilities(validation["text"]))
    return classifier.with_thresholds(thresholds)


def count(splits: Mapping[str, Dataset], questions: Sequence[Question]) -> dict[str, Any]:
    """How many ads each split has, and for how many of them each question was answered."""
    return {
        split: {
            "ads": len(rows),
            "answered": {name: int(labelled(target).sum()) for name, target in targets(rows, questions).items()},
        }
        for split, rows in splits.items()
    }


def main(
    splits: Annotated[Path, typer.Argument(help="Folder with train.parquet and validation.parquet.")],
    schema: Annotated[Path, typer.Option(help="The label schema (JSON).")],
    model: Annotated[Kind, typer.Option(help="The kind of classifier.")],
    seed: Annotated[int, typer.Option(help="Seed of the heads, the order of the ads and dropout.")],
    output: Annotated[Path, typer.Option(help="Folder to write the classifier to.")],
    metrics: Annotated[Path, typer.Option(help="How many ads it learned from (JSON).")],
) -> None:
    """Train one classifier."""
    settings = params.load(params.Train)
    settle_threads(settings.threads)
    questions = read_questions(schema, settings.questions)
    rows = {split: read_split(splits, split, questions) for split in ("train", "validation")}
    counts = count(rows, questions)
    classifier = train(model, rows, questions, settings, seed)
    with store.replacing(output) as partial:
        classifier.save(partial)
    store.write_json(metrics, counts)


def _fit(kind: Kind, rows: Dataset, questions: Sequence[Question], settings: params.Train, seed: int) -> Classifier:
    # Imported when needed: the baseline does without the ten seconds that torch and transformers take to start.
    if kind == "tfidf":
        from models import tfidf

        return tfidf.fit(rows, questions)
    from models import finetune

    return finetune.fit(rows, questions, settings, seed)


if __name__ == "__main__":
    run_stage(main)
