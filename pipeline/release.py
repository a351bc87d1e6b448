"""Stage `release`: the audited, labelled ads as a folder that `datasets.load_dataset` and mlcroissant open.

Refused unless the privacy audit passed on exactly these ads (`pipeline.gate`). Identifiers are keyed anew, rows are
sorted by the new ones, and the finished folder is opened and checked before it takes its name.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.parquet as pq
import typer

from pipeline import params, store
from pipeline.card import REPORTS, SPLITS, describe, is_simulated, write_card
from pipeline.citation import cff
from pipeline.croissant import describe_release
from pipeline.errors import Refusal, run_stage
from pipeline.gate import check_audit, check_counts, examine, read_layout, read_vocabulary, refuse_findings
from pipeline.rekey import Rekey, rekey_rows
from pipeline.reports import Reports
from pipeline.store import Row
from pipeline.verify import CHECKSUMS, find_problems, format_checksums, sum_files

_ROW_GROUP = 10_000


def main(
    splits: Annotated[Path, typer.Argument(help="Folder with train, validation and test .parquet.")],
    schema: Annotated[Path, typer.Argument(help="The codebook's label schema (JSON).")],
    reports: Annotated[Path, typer.Argument(help="Folder with the stages' reports.")],
    release: Annotated[Path, typer.Option(help="The folder to make.")],
    metrics: Annotated[Path, typer.Option(help="Where to write what was released (JSON).")],
) -> None:
    """Build a release, or refuse to."""
    store.write_json(metrics, build(params.load(params.Release), splits, schema, reports, release))


def build(settings: params.Release, splits: Path, schema: Path, reports: Path, folder: Path) -> dict[str, Any]:
    """Write the release to `folder`, whole or not at all; return its metrics.

    Raises:
        Refusal: the audit did not pass, a report lacks a number, the ads are not the audited ones, a column holds what
            it must not, or the finished folder does not open.
    """
    facts = Reports.read(reports, REPORTS)
    vocabulary = read_vocabulary(schema)
    paths = {split: splits / f"{split}.parquet" for split in SPLITS}
    layout = read_layout(paths, vocabulary)
    columns = describe(layout, vocabulary)
    ads = {split: pq.read_metadata(path).num_rows for split, path in paths.items()}
    citation = cff(settings)
    card = write_card(settings, facts, columns)
    check_audit(facts)
    check_counts(facts, ads)
    audited = facts.text("privacy", "sanitized_sha256")
    facts.settle()
    with store.replacing(folder) as partial:
        data = partial / "data"
        rows = _sort(
            chain.from_iterable(store.read_shard(path, layout.names) for path in paths.values()), layout, data / "all"
        )
        findings = examine(rows, vocabulary)
        refuse_findings(findings, audited, splits)
        key = Rekey(settings.name, settings.version)
        for path in paths.values():
            target = data / path.name
            _write(
                target,
                layout,
                _sort(rekey_rows(store.read_shard(path, layout.names), key, findings.founders), layout, target),
            )
        store.write_text(partial / "README.md", card)
        store.write_text(partial / "CITATION.cff", citation)
        croissant = describe_release(settings, partial, columns, is_simulated(facts))
        store.write_text(partial / "croissant.json", croissant)
        sums = sum_files(partial)
        store.write_text(partial / CHECKSUMS, format_checksums(sums))
        if problems := find_problems(partial):
            raise Refusal(f"{folder}: the finished release does not hold up:\n" + "\n".join(f"  {p}" for p in problems))
    return {"name": settings.name, "version": settings.version, "ads": ads, "files": sums}


def _sort(rows: Iterable[Row], layout: pa.Schema, beside: Path) -> Iterator[Row]:
    return store.sorted_rows(rows, itemgetter("ad_id"), layout, beside)


def _write(path: Path, layout: pa.Schema, rows: Iterator[Row]) -> None:
    with pq.ParquetWriter(path, layout, compression="zstd") as writer:
        for batch in iter(lambda: list(islice(rows, _ROW_GROUP)), []):
            writer.write_table(pa.Table.from_pylist(batch, schema=layout))


if __name__ == "__main__":
    run_stage(main)
