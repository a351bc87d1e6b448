"""Scores for the texts of any CSV, JSON Lines or Parquet file, streamed, as one JSON line a text."""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from models.classifier import Classifier, decide, load, settle_threads
from pipeline import store
from pipeline.errors import Refusal

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
    ads = ((str(row[id_column]), row[text_column]) for row in _read(source, text_column, id_column))
    return store.write_jsonl(output, predict(classifier, ads))


def _check(source: Path, text_column: str, id_column: str) -> None:
    """Read the whole file once, so that a bad row is found before any time is spent."""
    bad = []
    total = 0
    for total, row in enumerate(_read(source, text_column, id_column), 1):
        text, ad_id = row.get(text_column), row.get(id_column)
        if not isinstance(text, str) or not text.strip() or ad_id is None or ad_id == "":
            bad.append(total)
    if bad:
        shown = ", ".join(map(str, bad[:SHOWN])) + (" …" if len(bad) > SHOWN else "")
        raise Refusal(
            f"{source}: {len(bad)} of {total} row(s) lack a text in column {text_column} or an id in column "
            f"{id_column}: row {shown}."
        )
    if not total:
        raise Refusal(f"{source}: no rows.")


def _read(source: Path, text_column: str, id_column: str) -> Iterator[store.Row]:
    if not source.is_file():
        raise Refusal(f"{source}: no such file.")
    kind = source.suffix.lower()
    columns = sorted({text_column, id_column})
    try:
        if kind == ".jsonl":
            yield from store.read_jsonl(source)
        elif kind == ".parquet":
            with pq.ParquetFile(source) as file:
                _require(source, columns, file.schema_arrow.names)
                for batch in file.iter_batches(batch_size=BATCH, columns=columns):
                    yield from batch.to_pylist()
        elif kind == ".csv":
            yield from _read_csv(source, columns)
        else:
            raise Refusal(f"{source}: not a .csv, .jsonl or .parquet file.")
    except UnicodeDecodeError:
        raise Refusal(f"{source}: not UTF-8.") from None
    except pa.ArrowInvalid:
        raise Refusal(f"{source}: not a Parquet file, or a damaged one.") from None


def _read_csv(source: Path, columns: list[str]) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(sys.maxsize)
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            _require(source, columns, reader.fieldnames or [])
            yield from reader
        except csv.Error:
            raise Refusal(f"{source}, line {reader.reader.line_num}: broken CSV quoting.") from None


def _require(source: Path, columns: list[str], present: Iterable[str]) -> None:
    if missing := sorted(set(columns) - set(present)):
        raise Refusal(
            f"{source}: no column {' or '.join(missing)}. Name the columns with --text-column and --id-column."
        )
