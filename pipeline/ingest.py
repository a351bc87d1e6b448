"""Ingest: any source of ads becomes the raw table, under keyed ids.

Rows that cannot be used are kept in a rejects file in the raw zone, each with its reason, and counted. Which columns an
ad is made of is said in params (`ingest.columns`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import keys, params, store
from pipeline.errors import Refusal, run_stage
from pipeline.keys import Key
from pipeline.records import RAW_ADS
from pipeline.sources import BadRow, SourceRow, is_readable, read_rows
from pipeline.store import Row

PARAGRAPH = "\n\n"  # between the title and the text columns of an ad
SEPARATOR = "|"  # between the values of a label column that holds several
ROWS_FOR_COLUMNS = 1_000


def ingest(rows: Iterable[SourceRow | BadRow], settings: params.Ingest, key: Key) -> Iterator[Row | BadRow]:
    """Each source row as a row of `RAW_ADS`, in source order, or as a `BadRow`.

    Reasons: those of `read_rows`, and `missing_id`, `empty_text`, `too_long`, `bad_date`, `unknown_label`.
    """
    for row in rows:
        yield row if isinstance(row, BadRow) else _as_ad(row, settings, key)


def drop_duplicates(ads: Iterable[Row]) -> Iterator[Row | BadRow]:
    """Of ads sorted by `ad_id`, the first with each id; the others as a `BadRow` with reason `duplicate_id`."""
    previous = None
    for ad in ads:
        yield BadRow(ad["source_id"], "duplicate_id", ad) if ad["ad_id"] == previous else ad
        previous = ad["ad_id"]


def main(
    key: Annotated[Path, typer.Option(help="The linkage key's file.")],
    ads: Annotated[Path, typer.Option(help="The raw table to write.")],
    rejects: Annotated[Path, typer.Option(help="The rows that could not be used.")],
    metrics: Annotated[Path, typer.Option(help="Counts by reason.")],
) -> None:
    """Read the source named in params into the raw table."""
    settings = params.load(params.Ingest)
    linkage = keys.load(key)
    if linkage.sample and key.resolve().parent not in Path(settings.source).resolve().parents:
        raise Refusal(
            f"{key} is the sample's public key, and {settings.source} is not the sample. Run `safelight keys "
            "create` and set study.linkage_key in params.yaml to the file it makes."
        )
    reasons: Counter[str] = Counter()
    with store.jsonl_writer(rejects) as reject:

        def accepted(rows: Iterable[Row | BadRow]) -> Iterator[Row]:
            for row in rows:
                if isinstance(row, BadRow):
                    reasons[row.reason] += 1
                    reject({"where": _printable(row.where), "reason": row.reason, "row": _printable(row.raw)})
                else:
                    yield row

        sources = chain.from_iterable(read_rows(path) for path in find_files(settings))
        found = accepted(ingest(sources, settings, linkage))
        ordered = store.sorted_rows(found, lambda ad: ad["ad_id"], RAW_ADS, beside=ads)
        written = store.write_table(ads, RAW_ADS, accepted(drop_duplicates(ordered)))
    if not written:
        raise Refusal(f"{settings.source}: no usable ad; rejected: {_counts(reasons)}. See {rejects}.")
    rejected = dict(sorted(reasons.items()))
    store.write_json(metrics, {"read": written + sum(reasons.values()), "ads": written, "rejected": rejected})


def find_files(settings: params.Ingest) -> list[Path]:
    """The source's files in name order.

    Raises:
        Refusal: there is none, or files lack columns that the params name; every file and column is listed.
    """
    source = Path(settings.source)
    if not source.exists():
        raise Refusal(f"ingest.source: {source} does not exist.")
    files = [source] if source.is_file() else sorted(filter(is_readable, source.glob(settings.files)))
    if not files:
        raise Refusal(f"ingest.source: no CSV, TSV, JSONL or Parquet file matches {source / settings.files}.")
    names = Counter(file.name for file in files)
    if settings.columns.id is None and (same := sorted(name for name, count in names.items() if count > 1)):
        raise Refusal(f"ingest.columns.id is not set, and several files are called {', '.join(same)}: rows need an id.")
    missing = [f"{file}: no column {column!r}" for file in files for column in _missing_columns(file, settings.columns)]
    if missing:
        raise Refusal("ingest.columns names columns that the source does not have:\n  " + "\n  ".join(missing))
    return files


def _missing_columns(file: Path, columns: params.Columns) -> list[str]:
    labels = [label.column for label in columns.labels.values()]
    optional = [columns.id, columns.title, columns.posted, columns.region, columns.category]
    wanted = {*columns.text, *labels, *(name for name in optional if name)}
    # JSON Lines may leave a column out of a row, so one row does not tell.
    rows = islice((row.values for row in read_rows(file) if isinstance(row, SourceRow)), ROWS_FOR_COLUMNS)
    present = set(chain.from_iterable(rows))
    return sorted(wanted - present) if present else []


def _as_ad(row: SourceRow, settings: params.Ingest, key: Key) -> Row | BadRow:
    columns = settings.columns

    def cell(column: str | None) -> str | None:
        value = row.values.get(column) if column else None
        return None if value is None or value == "" else str(value)

    source_id = cell(columns.id) if columns.id else row.where
    text = PARAGRAPH.join(part for part in map(cell, [columns.title, *columns.text]) if part)
    if not source_id:
        return BadRow(row.where, "missing_id", row.values)
    if not text.strip():
        return BadRow(row.where, "empty_text", row.values)
    if len(text) > settings.max_chars:
        return BadRow(row.where, "too_long", row.values)
    try:
        posted = _as_date(row.values.get(columns.posted) if columns.posted else None)
    except ValueError:
        return BadRow(row.where, "bad_date", row.values)
    labels = []
    for question, label in columns.labels.items():
        choices = label.choices()
        for value in _values(row.values.get(label.column)):
            if value not in choices:
                return BadRow(row.where, "unknown_label", row.values)
            labels.append({"question": question, "value": choices[value]})
    return {
        "ad_id": key.token("ad_id", source_id),
        "source_id": source_id,
        "text": text,
        "posted": posted,
        "region": cell(columns.region),
        "category": cell(columns.category),
        "labels": labels,
    }


def _as_date(value: Any) -> date | None:
    """A date from a date, or from ISO 8601 text; raises ValueError."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else datetime.fromisoformat(str(value).strip()).date()


def _values(cell: Any) -> list[str]:
    values = cell if isinstance(cell, list) else str("" if cell is None else cell).split(SEPARATOR)
    return [value for value in (str(value).strip() for value in values) if value]


def _printable(value: Any) -> Any:
    """The value with anything UTF-8 cannot hold spelled out, so that a reject can be written."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_printable(name): _printable(item) for name, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, list) else value


def _counts(reasons: Counter[str]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items())) or "nothing"


if __name__ == "__main__":
    run_stage(main)
