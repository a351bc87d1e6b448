"""Fetch: copy a dataset that `datasets` can open into the raw zone.

The rows are streamed straight into the raw zone, because the library's own cache lies outside it.
"""

from itertools import chain
from pathlib import Path

from datasets import load_dataset

from pipeline.errors import Refusal
from pipeline.progress import track
from pipeline.sources import row_writer


def fetch(name: str, output: Path, split: str) -> int:
    """Write one split of a dataset to a file; return the number of rows.

    Raises:
        Refusal: there is no such dataset or split, it cannot be reached, or it is empty.
    """
    try:
        rows = iter(load_dataset(name, split=split, streaming=True))
        first = next(rows, None)
    except (OSError, ValueError, RuntimeError) as error:
        raise Refusal(f"{name}, split {split}: cannot be opened ({type(error).__name__}).") from None
    if first is None:
        raise Refusal(f"{name}, split {split}: no rows.")
    written = 0
    with row_writer(output) as write:
        for row in track(chain([first], rows), "fetching"):
            write(row)
            written += 1
    return written
