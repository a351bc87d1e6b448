"""Rows of CSV, TSV, JSON Lines and Parquet files, streamed; a row that cannot be read comes with the reason.

CSV follows RFC 4180 strictly, because a misplaced quote can swallow the ads after it; TSV has no quoting (IANA
text/tab-separated-values); all text is UTF-8.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import Refusal
from pipeline.store import BATCH_ROWS, Row, replacing

_TSV_BREAKS = re.compile(r"[\t\r\n]")  # what a TSV cell cannot hold
_LONGEST_FIELD = 16_000_000  # characters; an unclosed quote swallows no more than this


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as it stands in the source. `where` is `file:row`."""

    where: str
    values: Row = field(repr=False)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used, why, and what it holds (for the raw zone only)."""

    where: str
    reason: str
    raw: Any = field(repr=False)


def read_rows(path: Path) -> Iterator[SourceRow | BadRow]:
    """Stream the rows of a file, whose suffix names its format.

    Raises:
        Refusal: the file is missing, empty, or of a format that is not read.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise Refusal(
            f"{path}: cannot read {path.suffix or 'a file without a suffix'}; use one of {', '.join(_READERS)}."
        )
    if not path.is_file():
        raise Refusal(f"{path}: no such file.")
    if not path.stat().st_size:
        raise Refusal(f"{path}: the file is empty.")
    return reader(path)


def is_readable(path: Path) -> bool:
    """Whether the suffix names a format that `read_rows` reads."""
    return path.suffix.lower() in _READERS


@contextmanager
def row_writer(path: Path) -> Iterator[Callable[[Row], None]]:
    """Yield a function that writes one row to a file in the format its suffix names; every row has the same columns.

    Raises:
        Refusal: the suffix names no format that is written.
    """
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise Refusal(f"{path}: cannot write {suffix or 'a file without a suffix'}; use one of {', '.join(_READERS)}.")
    with replacing(path) as partial:
        if suffix == ".parquet":
            with _parquet_writer(partial) as write:
                yield write
        else:
            with partial.open("w", encoding="utf-8", newline="") as file:
                yield _line_writer(file, suffix)


def _read_csv(path: Path) -> Iterator[SourceRow | BadRow]:
    return _read_separated(path, csv.excel, strict=True)


def _read_tsv(path: Path) -> Iterator[SourceRow | BadRow]:
    return _read_separated(path, csv.excel_tab, quoting=csv.QUOTE_NONE)


def _read_separated(path: Path, dialect: type[csv.Dialect], **options: Any) -> Iterator[SourceRow | BadRow]:
    previous_limit = csv.field_size_limit(_LONGEST_FIELD)
    try:
        # Undecodable bytes become lone surrogates, which `_checked` finds.
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            lines = _Lines(file)
            reader = csv.reader(lines, dialect, **options)
            header = next(reader)
            while True:
                lines.seen.clear()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    yield BadRow(f"{path.name}:{lines.first}", "broken_quoting", "".join(lines.seen))
                    continue
                where = f"{path.name}:{lines.first}"
                if cells and len(cells) != len(header):
                    yield BadRow(where, "wrong_number_of_fields", cells)
                elif cells:
                    yield _checked(where, dict(zip(header, cells, strict=True)))
    finally:
        csv.field_size_limit(previous_limit)


def _read_jsonl(path: Path) -> Iterator[SourceRow | BadRow]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        for number, line in enumerate(file, 1):
            where = f"{path.name}:{number}"
            if not line.strip():
                continue
            try:
                values = json.loads(line)
            except (json.JSONDecodeError, RecursionError):
                yield BadRow(where, "broken_json", line)
                continue
            yield _checked(where, values) if isinstance(values, dict) else BadRow(where, "broken_json", line)


def _read_parquet(path: Path) -> Iterator[SourceRow | BadRow]:
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid:
        raise Refusal(f"{path}: not a Parquet file, or a broken one.") from None
    with file:
        number = 0
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            for values in batch.to_pylist():
                number += 1
                yield _checked(f"{path.name}:{number}", values)


_READERS: dict[str, Callable[[Path], Iterator[SourceRow | BadRow]]] = {
    ".csv": _read_csv,
    ".tsv": _read_tsv,
    ".jsonl": _read_jsonl,
    ".parquet": _read_parquet,
}


class _Lines:
    """Lines of a file that remembers which of them the current record spans."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.seen: list[str] = []
        self.number = 0

    @property
    def first(self) -> int:
        return self.number - len(self.seen) + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.file)
        self.number += 1
        self.seen.append(line)
        return line


def _checked(where: str, values: Row) -> SourceRow | BadRow:
    """The row, unless a value holds bytes that are no UTF-8 (as lone surrogates) or a NUL."""
    for value in values.values():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and not _is_clean(text):
                return BadRow(where, "undecodable", values)
    return SourceRow(where, values)


def _is_clean(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _line_writer(file: IO[str], suffix: str) -> Callable[[Row], None]:
    if suffix == ".jsonl":
        return lambda row: print(json.dumps(row, ensure_ascii=False, default=str), file=file)
    write_cells: Callable[[Iterable[Any]], Any] = (
        csv.writer(file, lineterminator="\n").writerow
        if suffix == ".csv"
        else lambda cells: print(
            *(_TSV_BREAKS.sub(" ", "" if c is None else str(c)) for c in cells), sep="\t", file=file
        )
    )
    header: list[str] = []

    def write(row: Row) -> None:
        if not header:
            header.extend(row)
            write_cells(header)
        write_cells(row.values())

    return write


@contextmanager
def _parquet_writer(path: Path) -> Iterator[Callable[[Row], None]]:
    rows: list[Row] = []
    writer: pq.ParquetWriter | None = None

    def flush() -> None:
        nonlocal writer
        table = pa.Table.from_pylist(rows, schema=writer.schema if writer else None)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
        rows.clear()

    def write(row: Row) -> None:
        rows.append(row)
        if len(rows) == 50 * BATCH_ROWS:
            flush()

    try:
        yield write
        flush()
    finally:
        if writer:
            writer.close()
