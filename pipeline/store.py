"""Tables and files on disk: streamed in, written whole or not at all.

A table is a folder of Parquet shards sorted by `ad_id`. Every writer fills a hidden neighbour first and renames it into
place at the end, so a killed run leaves the old output or none; the next run sweeps the neighbour away. The same rows
give the same bytes.
"""

import hashlib
import heapq
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import Refusal

SHARD_ROWS = 50_000
BATCH_ROWS = 1_000

Row = dict[str, Any]
Item = TypeVar("Item")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary name beside `path`; rename it (file or folder) to `path` on success, else remove it."""
    partial = path.with_name(f".{path.name}.partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove(partial)
    try:
        yield partial
        if path.is_dir():
            _remove(path)
        partial.replace(path)
    except OSError as error:
        error.filename = error.filename or str(path)  # a full disk does not say where
        raise
    finally:
        _remove(partial)


@contextmanager
def scratch(beside: Path) -> Iterator[Path]:
    """Yield an empty folder beside `beside` and remove it at the end; what a killed run left in it is swept away."""
    folder = beside.with_name(f".{beside.name}.scratch.partial")
    _remove(folder)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        _remove(folder)


def read_table(folder: Path, columns: Sequence[str] | None = None) -> Iterator[Row]:
    """Stream a table's rows in order.

    Raises:
        Refusal: `folder` holds no shard.
    """
    shards = sorted(folder.glob("*.parquet"))
    if not shards:
        raise Refusal(f"{folder}: no Parquet shard here. Run the stage that makes it (`dvc repro`).")
    for shard in shards:
        yield from read_shard(shard, columns)


def read_shard(shard: Path, columns: Sequence[str] | None = None) -> Iterator[Row]:
    """Stream the rows of one Parquet file, a batch of 1,000 in memory at a time."""
    with pq.ParquetFile(shard) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=None if columns is None else list(columns)):
            yield from batch.to_pylist()


def write_table(folder: Path, schema: pa.Schema, rows: Iterable[Row]) -> int:
    """Write rows that are already sorted by `ad_id` as shards `part-00000.parquet` …; return how many there were.

    Raises:
        Refusal: the rows are not in strictly ascending order of `ad_id`.
    """
    rows = iter(rows)
    total = 0
    previous = ""
    with replacing(folder) as partial:
        partial.mkdir()
        while (shard := list(islice(rows, SHARD_ROWS))) or total == 0:
            for row in shard:
                if row["ad_id"] <= previous:
                    raise Refusal(f"{folder}: rows are not in ascending order of ad_id at {row['ad_id']}.")
                previous = row["ad_id"]
            name = f"part-{total // SHARD_ROWS:05d}.parquet"
            pq.write_table(pa.Table.from_pylist(shard, schema=schema), partial / name, compression="zstd")
            total += len(shard)
            if not shard:
                break
    return total


def read_jsonl(path: Path) -> Iterator[Row]:
    """Stream a JSON Lines file.

    Raises:
        Refusal: a line is not a JSON object; the message has its number, never its text.
    """
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                row = None
            if not isinstance(row, dict):
                raise Refusal(f"{path}, line {number}: not a JSON object.")
            yield row


def write_jsonl(path: Path, rows: Iterable[Row]) -> int:
    """Write one JSON object a line (UTF-8, keys in the given order); return how many."""
    total = 0
    with jsonl_writer(path) as write:
        for row in rows:
            write(row)
            total += 1
    return total


@contextmanager
def jsonl_writer(path: Path) -> Iterator[Callable[[Row], None]]:
    """Yield a function that appends one row; the file takes its name when the block succeeds."""
    with replacing(path) as partial, partial.open("w", encoding="utf-8") as file:
        yield lambda row: _write_line(file, row)


def read_json(path: Path) -> Any:
    """The content of a JSON file that a stage wrote."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write a report or metrics file: indented, keys sorted."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a text file (UTF-8)."""
    with replacing(path) as partial:
        partial.write_text(text, encoding="utf-8")


def sorted_rows(rows: Iterable[Row], key: Callable[[Row], Any], schema: pa.Schema, beside: Path) -> Iterator[Row]:
    """The rows in stable order of `key`, in bounded memory: sorted runs of 50,000 go to a folder beside `beside`.

    The runs hold what the rows hold, so `beside` must be in the raw zone when they are raw.
    """
    rows = iter(rows)
    with scratch(beside) as folder:
        runs: list[Iterator[Row]] = []
        while run := sorted(islice(rows, SHARD_ROWS), key=key):
            if len(run) < SHARD_ROWS and not runs:
                yield from run
                return
            path = folder / f"{len(runs)}.parquet"
            pq.write_table(pa.Table.from_pylist(run, schema=schema), path)
            runs.append(read_shard(path))
        yield from heapq.merge(*runs, key=key)


def digest_rows(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """SHA-256 (hex) over the chosen columns of rows in the given order: tells whether two tables hold the same ads."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps([row[column] for column in columns], ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Successive lists of up to `size` items."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _write_line(file: IO[str], row: Row) -> None:
    file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
