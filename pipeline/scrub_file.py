"""Scrubbing one column of any file, with the engine of the pipeline: what `safelight scrub` does."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import tee
from pathlib import Path

from pipeline import deny_file, params, store
from pipeline.denied import DenyList
from pipeline.errors import Refusal
from pipeline.progress import track
from pipeline.records import Scrubbed, Unscrubbed
from pipeline.scrubber import Scrubber
from pipeline.sources import BadRow, read_rows, row_writer
from pipeline.store import Row

ID_COLUMNS = ("ad_id", "id")  # what a file's id column is called, unless it is named


def scrub_file(
    source: Path,
    output: Path,
    spans: Path | None,
    text_column: str,
    id_column: str | None,
    workers: int | None,
    denied: Path | None = None,
) -> tuple[int, Counter[str]]:
    """Copy a file with one column scrubbed; return the rows written and the counts of what went wrong, by reason.

    A text that cannot be scrubbed is written empty, and a row that cannot be read is left out; both are counted. Each
    line of `spans` is `{"ad_id": …, "spans": […]}`; without `id_column` ids come from a column `ad_id` or `id` if there
    is one, else they are row numbers. `workers`: another number of processes than the params say. `denied`: a deny
    list, of which the values for every ad are masked.

    Raises:
        Refusal: the file, the deny list or a column is missing.
    """
    settings = params.load(params.Scrub)
    deny_list = DenyList(deny_file.read(denied) if denied else (), owners={})
    scrubber = Scrubber(settings.model_copy(update={"workers": workers}) if workers else settings, denied=deny_list)
    problems: Counter[str] = Counter()
    written = 0

    def readable() -> Iterator[tuple[int, Row]]:
        for number, row in enumerate(track(read_rows(source), "scrubbing"), 1):
            if isinstance(row, BadRow):
                problems[row.reason] += 1
                continue
            for column in filter(None, (text_column, id_column)):
                if column not in row.values:
                    raise Refusal(f"{source}: no column {column!r}; it has {', '.join(map(repr, row.values))}.")
            yield number, row.values

    with ExitStack() as stack:
        write_row = stack.enter_context(row_writer(output))
        write_spans = stack.enter_context(store.jsonl_writer(spans)) if spans else None
        rows, again = tee(readable())
        outcomes = scrubber.scrub_all(_text_of(row[text_column]) for _, row in again)
        for (number, row), outcome in zip(rows, outcomes, strict=True):
            if isinstance(outcome, Unscrubbed):
                problems[outcome.reason] += 1
            sanitized = outcome.text if isinstance(outcome, Scrubbed) else ""
            write_row({**row, text_column: None if row[text_column] is None else sanitized})
            written += 1
            if write_spans:
                found = [span.as_row() for span in outcome.spans] if isinstance(outcome, Scrubbed) else []
                named = id_column or next((column for column in ID_COLUMNS if column in row), None)
                write_spans({"ad_id": row[named] if named else number, "spans": found})
    return written, problems


def _text_of(value: object) -> str:
    return value if isinstance(value, str) else ""
