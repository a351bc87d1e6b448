"""Scores for the texts of any CSV, TSV, JSON Lines or Parquet file, streamed, as one JSON line a text."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from models.classifier import Classifier, decide, load, settle_threads
from pipeline import store
from pipeline.errors import Refusal
from pipeline.sources import BadRow, SourceRow, read_rows

BATCH = 256
SHOWN = 5


def predict(classifier: Classifier, ads: Iterable[tuple[str, str]]) -> Iterator[store.Row]:
    """For each id and text: per question the answer (`value`) and each choice's score (`probabilities`)."""
    for batch in store.batches(ads, BATCH):
        probabilities = classifier.probabilities([text for _, text in batch])
        decisions = {q.name: decide(q, probabilities[q.name], classifier.thresholds) for q in classifier.questions}
        for index, (ad_id, _) in enumerate(batch):
            row: store.Row = {"ad_id": ad_id}
            for question in classifier.questions:
                scores = probabilities[question.name][index].tolist()
                held = [c for c, holds in zip(question.choices, decisions[question.name][index], strict=True) if holds]
                row[question.name] = {
                    "value": held if question.several else held[0],
                    "probabilities": {c: round(s, 6) for c, s in zip(question.choices, scores, strict=True)},
                }
            yield row


def predict_file(model: Path, source: Path, output: Path, text_column: str, id_column: str) -> int:
    """Write the predictions for a file's texts to `output`; return how many there were.

    Raises:
        Refusal: the file is of another kind or cannot be read, lacks a column, or has rows without a text or an id.
    """
    settle_threads()
    _check(source, text_column, id_column)
    classifier = load(model)
    rows = (row.values for row in read_rows(source) if isinstance(row, SourceRow))
    ads = ((str(row[id_column]), row[text_column]) for row in rows)
    return store.write_jsonl(output, predict(classifier, ads))


def _check(source: Path, text_column: str, id_column: str) -> None:
    """Read the whole file once, so that a bad row is found before any time is spent."""
    bad = []
    total = 0
    for row in read_rows(source):
        total += 1
        if isinstance(row, BadRow):
            bad.append(f"{row.where} ({row.reason})")
        elif total == 1 and (missing := sorted({text_column, id_column} - row.values.keys())):
            raise Refusal(
                f"{source}: no column {' or '.join(missing)}. Name the columns with --text-column and --id-column."
            )
        elif not str(row.values.get(text_column) or "").strip() or row.values.get(id_column) in (None, ""):
            bad.append(f"{row.where} (no text or no id)")
    if bad:
        shown = ", ".join(bad[:SHOWN]) + (" …" if len(bad) > SHOWN else "")
        raise Refusal(f"{source}: {len(bad)} of {total} row(s) cannot be scored: {shown}.")
    if not total:
        raise Refusal(f"{source}: no rows.")
