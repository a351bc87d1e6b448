"""Scrub: raw ads become sanitized ads, spans and quarantine.

Text keeps typed, numbered placeholders; links between ads live in the `contacts` column as keyed tokens; region, month
and category are coarsened until at least k ads share every combination. A text that occurs in several ads is scrubbed
once. Whatever cannot be scrubbed is held in quarantine with a counted reason.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import typer

from pipeline import keys, params, quasi, store
from pipeline.engine import Engine
from pipeline.errors import Refusal, run_stage
from pipeline.keys import Key
from pipeline.progress import track
from pipeline.records import SANITIZED_ADS, Scrubbed, Unscrubbed
from pipeline.sources import BadRow, read_rows, row_writer
from pipeline.store import Row

REMEMBERED_TEXTS = 20_000
ID_COLUMNS = ("ad_id", "id")  # what a file's id column is called, unless it is named

Scrubber = Callable[[str], Scrubbed | Unscrubbed]


def remembering(engine: Engine) -> Scrubber:
    """`engine.scrub` that scrubs a text once, however many ads hold it."""
    return lru_cache(REMEMBERED_TEXTS)(engine.scrub)


def sanitize(ad: Row, scrubbed: Scrubbed, combination: quasi.Combination, key: Key) -> Row:
    """The row of `SANITIZED_ADS` of a raw ad."""
    region, posted, category = combination
    return {
        "ad_id": ad["ad_id"],
        "text": scrubbed.text,
        "posted": posted,
        "region": region,
        "category": category,
        "contacts": [
            {"kind": contact.kind, "index": contact.index, "token": key.token(contact.kind, contact.value)}
            for contact in scrubbed.contacts
        ],
        "labels": ad["labels"],
    }


def main(
    raw: Annotated[Path, typer.Argument(help="The raw table.")],
    key: Annotated[Path, typer.Option(help="The linkage key's file.")],
    ads: Annotated[Path, typer.Option(help="The sanitized table to write.")],
    spans: Annotated[Path, typer.Option(help="Where personal data stood in the raw texts (raw zone).")],
    quarantine: Annotated[Path, typer.Option(help="Ads that could not be scrubbed (raw zone).")],
    metrics: Annotated[Path, typer.Option(help="Counts.")],
) -> None:
    """Scrub the raw table."""
    settings = params.load(params.Scrub)
    linkage = keys.load(key)
    engine = Engine(settings)
    combinations = Combinations(engine, settings.quasi_identifiers, store.read_table(raw, quasi.COLUMNS))
    scrub = remembering(engine)
    texts: set[int] = set()
    masked: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    suppressed: Counter[str] = Counter()

    with store.jsonl_writer(spans) as write_spans, store.jsonl_writer(quarantine) as write_quarantine:

        def sanitized() -> Iterator[Row]:
            for ad in track(store.read_table(raw), "scrubbing", combinations.ads):
                result = scrub(ad["text"])
                texts.add(hash(ad["text"]))
                if isinstance(result, Unscrubbed):
                    reasons[result.reason] += 1
                    write_quarantine({**ad, "reason": result.reason})
                    continue
                masked.update(span.entity for span in result.spans)
                combination = combinations.of(ad)
                suppressed.update(
                    column
                    for column, value in zip(quasi.COLUMNS, combination, strict=True)
                    if value is None and ad[column] is not None
                )
                write_spans({"ad_id": ad["ad_id"], "spans": [span.as_row() for span in result.spans]})
                yield sanitize(ad, result, combination, linkage)

        written = store.write_table(ads, SANITIZED_ADS, sanitized())
    if not written:
        raise Refusal(f"no ad could be scrubbed: {dict(sorted(reasons.items()))}. See {quarantine}.")
    store.write_json(
        metrics,
        {
            "ads": written,
            "distinct_texts": len(texts),
            "masked": dict(masked),
            "quarantined": dict(reasons),
            "suppressed": {column: suppressed[column] for column in quasi.COLUMNS},
        },
    )


def scrub_file(
    source: Path, output: Path, spans: Path | None, text_column: str, id_column: str | None
) -> tuple[int, Counter[str]]:
    """Copy a file with one column scrubbed; return the rows written and the counts of what went wrong, by reason.

    A text that cannot be scrubbed is written empty, and a row that cannot be read is left out; both are counted. Each
    line of `spans` is `{"ad_id": …, "spans": […]}`; without `id_column` ids come from a column `ad_id` or `id` if there
    is one, else they are row numbers.

    Raises:
        Refusal: the file or a column is missing.
    """
    scrub = remembering(Engine(params.load(params.Scrub)))
    problems: Counter[str] = Counter()
    written = 0
    with ExitStack() as stack:
        write_row = stack.enter_context(row_writer(output))
        write_spans = stack.enter_context(store.jsonl_writer(spans)) if spans else None
        for number, row in enumerate(track(read_rows(source), "scrubbing"), 1):
            if isinstance(row, BadRow):
                problems[row.reason] += 1
                continue
            for column in filter(None, (text_column, id_column)):
                if column not in row.values:
                    raise Refusal(f"{source}: no column {column!r}; it has {', '.join(map(repr, row.values))}.")
            text = row.values[text_column]
            result = scrub(text) if isinstance(text, str) else Scrubbed("", (), ())
            if isinstance(result, Unscrubbed):
                problems[result.reason] += 1
            sanitized = result.text if isinstance(result, Scrubbed) else ""
            write_row({**row.values, text_column: sanitized if text is not None else None})
            written += 1
            if write_spans:
                found = [span.as_row() for span in result.spans] if isinstance(result, Scrubbed) else []
                named = id_column or next((column for column in ID_COLUMNS if column in row.values), None)
                write_spans({"ad_id": row.values[named] if named else number, "spans": found})
    return written, problems


class Combinations:
    """What each raw combination of quasi-identifiers becomes."""

    def __init__(self, engine: Engine, settings: params.QuasiIdentifiers, ads: Iterable[Row]) -> None:
        self._engine = engine
        self._settings = settings
        self._without_contacts = lru_cache(maxsize=None)(self._drop_contacts)
        counts = Counter(self._coarsen(ad) for ad in ads)
        self.ads = counts.total()
        self._replacements = quasi.suppress(counts, settings.k)

    def of(self, ad: Row) -> quasi.Combination:
        """What the released row of a raw ad holds."""
        return self._replacements[self._coarsen(ad)]

    def _coarsen(self, ad: Row) -> quasi.Combination:
        return quasi.coarsen(
            self._without_contacts(ad["region"]),
            ad["posted"],
            self._without_contacts(ad["category"]),
            self._settings.region_parts,
        )

    def _drop_contacts(self, value: str | None) -> str | None:
        """The value, unless somebody typed personal data into the field; a place is what a region is meant to hold."""
        result = self._engine.scrub(value) if value else None
        clean = isinstance(result, Scrubbed) and all(span.entity in {"LOCATION", "PERSON"} for span in result.spans)
        return value if clean else None


if __name__ == "__main__":
    run_stage(main)
