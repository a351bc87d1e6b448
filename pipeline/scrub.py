"""Scrub: raw ads become sanitized ads, spans and quarantine.

Text keeps typed, numbered placeholders; links between ads live in the `contacts` column as keyed tokens, with the place
and line type of phone numbers as far as at least k ads share them; region, month and category are coarsened until at
least k ads share every combination. Whatever cannot be scrubbed is held in quarantine with a counted reason.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from itertools import tee
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from pipeline import deny_file, keys, params, quasi, scrub_cache, store
from pipeline.denied import Denied, DenyList, text_id
from pipeline.errors import Refusal, run_stage
from pipeline.keys import Key
from pipeline.progress import track
from pipeline.records import SANITIZED_ADS, Contact, Outcome, Scrubbed, Unscrubbed
from pipeline.scrubber import Scrubber
from pipeline.store import Row

PLACES = ("country", "region", "line_type")  # what a phone number's prefix says
_DIGIT = re.compile(r"\d")


def sanitize(ad: Row, scrubbed: Scrubbed, combination: quasi.Combination, key: Key) -> Row:
    """The row of `SANITIZED_ADS` of a raw ad, with rare places of phone numbers still in it."""
    region, posted, category = combination
    return {
        "ad_id": ad["ad_id"],
        "text": scrubbed.text,
        "posted": posted,
        "region": region,
        "category": category,
        "contacts": [_contact_row(contact, key) for contact in scrubbed.contacts],
        "labels": ad["labels"],
    }


def main(
    raw: Annotated[Path, typer.Argument(help="The raw table.")],
    key: Annotated[Path, typer.Option(help="The linkage key's file.")],
    cache: Annotated[Path, typer.Option(help="Texts that earlier runs scrubbed (raw zone).")],
    denied: Annotated[Path, typer.Option(help="Values that annotators flagged (raw zone); made, empty, where absent.")],
    ads: Annotated[Path, typer.Option(help="The sanitized table to write.")],
    spans: Annotated[Path, typer.Option(help="Where personal data stood in the raw texts (raw zone).")],
    quarantine: Annotated[Path, typer.Option(help="Ads that could not be scrubbed (raw zone).")],
    metrics: Annotated[Path, typer.Option(help="Counts.")],
) -> None:
    """Scrub the raw table."""
    settings = params.load(params.Scrub)
    linkage = keys.load(key)
    tally = Tally()
    deny_file.add(denied)
    rows_denied = deny_file.read(denied)
    with ExitStack() as stack:
        kept = stack.enter_context(scrub_cache.opened(cache, settings))
        scrubber = Scrubber(settings, kept, DenyList(rows_denied, owners(rows_denied, raw)))
        combinations = Combinations(scrubber, settings.quasi_identifiers, store.read_table(raw, quasi.COLUMNS))
        write_spans = stack.enter_context(store.jsonl_writer(spans))
        write_quarantine = stack.enter_context(store.jsonl_writer(quarantine))

        def sanitized() -> Iterator[Row]:
            rows, again = tee(store.read_table(raw))
            outcomes = scrubber.scrub_all(ad["text"] for ad in again)
            for ad, outcome in zip(track(rows, "scrubbing", combinations.ads), outcomes, strict=True):
                tally.add(ad, outcome)
                if isinstance(outcome, Unscrubbed):
                    write_quarantine({**ad, "reason": outcome.reason})
                    continue
                write_spans({"ad_id": ad["ad_id"], "spans": [span.as_row() for span in outcome.spans]})
                combination = combinations.of(ad)
                tally.add_suppressed(ad, combination)
                yield sanitize(ad, outcome, combination, linkage)

        # How rare a place is shows at the end, so rows wait in the raw zone.
        waiting = stack.enter_context(store.scratch(spans)) / "ads"
        if not store.write_table(waiting, SANITIZED_ADS, sanitized()):
            raise Refusal(f"no ad could be scrubbed: {dict(sorted(tally.quarantined.items()))}. See {quarantine}.")
        settled = (tally.settle(row, settings.quasi_identifiers.k) for row in store.read_table(waiting))
        written = store.write_table(ads, SANITIZED_ADS, settled)
        kept.forget_the_rest()
    if deny_file.read(denied) != rows_denied:  # DVC would take the new rows for masked
        raise Refusal(f"{denied}: it was changed while the ads were scrubbed. Run this again.")
    values = len({(row.entity, row.value) for row in rows_denied})
    store.write_json(metrics, {"ads": written, "denied_values": values, **tally.as_report()})


def owners(rows: Iterable[Denied], raw: Path) -> dict[str, str]:
    """The `text_id` of every ad, by `ad_id`, in which a value is masked that is masked nowhere else."""
    wanted = {row.ad_id for row in rows if not row.everywhere}
    ads = store.read_table(raw, ["ad_id", "text"]) if wanted else ()
    return {ad["ad_id"]: text_id(ad["text"]) for ad in ads if ad["ad_id"] in wanted}


class Combinations:
    """What each raw combination of quasi-identifiers becomes. `ads`: how many raw ads there are."""

    def __init__(self, scrubber: Scrubber, settings: params.QuasiIdentifiers, ads: Iterable[Row]) -> None:
        self._settings = settings
        raw = Counter((ad["region"], ad["posted"] and ad["posted"].replace(day=1), ad["category"]) for ad in ads)
        typed = sorted({value for region, _, category in raw for value in (region, category) if value})
        outcomes = zip(typed, scrubber.scrub_all(typed), strict=True)
        clean = (value for value, outcome in outcomes if _is_clean(value, outcome))
        self._clean = {value for value in clean if not scrubber.denied.find(value)}
        counts: Counter[quasi.Combination] = Counter()
        for values, count in raw.items():
            counts[self._coarsen(*values)] += count
        self._replacements = quasi.suppress(counts, settings.k)
        self.ads = raw.total()

    def of(self, ad: Row) -> quasi.Combination:
        """What the released row of a raw ad holds."""
        return self._replacements[self._coarsen(ad["region"], ad["posted"], ad["category"])]

    def _coarsen(self, region: str | None, posted: date | None, category: str | None) -> quasi.Combination:
        region, category = (value if value in self._clean else None for value in (region, category))
        return quasi.coarsen(region, posted, category, self._settings.region_parts)


def _is_clean(value: str, outcome: Outcome) -> bool:
    """Whether nobody typed personal data into a field. A place is what a region is meant to hold, a house is not."""
    return isinstance(outcome, Scrubbed) and all(
        span.entity in {"LOCATION", "PERSON"} or (span.entity == "ADDRESS" and not _DIGIT.search(value))
        for span in outcome.spans
    )


class Tally:
    """What a run counts, for its report and for the places of phone numbers that are too rare to be told."""

    def __init__(self) -> None:
        self.quarantined: Counter[str] = Counter()
        self._denied = 0
        self._masked: Counter[str] = Counter()
        self._suppressed: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._strict: Counter[str] = Counter()
        self._texts = array("Q")  # the first eight bytes of every key: distinct texts, in little memory
        self._places: Counter[tuple[str, str]] = Counter()
        self._rare: Counter[str] = Counter()

    def add(self, ad: Row, outcome: Outcome) -> None:
        """Count what became of an ad."""
        self._texts.frombytes(scrub_cache.key_of(ad["text"])[: self._texts.itemsize])
        if isinstance(outcome, Unscrubbed):
            self.quarantined[outcome.reason] += 1
            return
        self._denied += outcome.denied
        self._masked.update(span.entity for span in outcome.spans)
        self._languages[outcome.language] += 1
        self._strict[outcome.language] += outcome.strict
        places = ((column, getattr(contact, column)) for contact in outcome.contacts for column in PLACES)
        self._places.update({(column, value) for column, value in places if value is not None})

    def add_suppressed(self, ad: Row, combination: quasi.Combination) -> None:
        """Count the quasi-identifiers that an ad gives up."""
        for column, value in zip(quasi.COLUMNS, combination, strict=True):
            self._suppressed[column] += value is None and ad[column] is not None

    def settle(self, row: Row, k: int) -> Row:
        """The sanitized row without the places of phone numbers that fewer than k ads share; for when all are added."""
        for contact in row["contacts"]:
            for column in PLACES:
                if contact[column] is not None and self._places[column, contact[column]] < k:
                    contact[column] = None
                    self._rare[column] += 1
        return row

    def as_report(self) -> dict[str, Any]:
        """The counts.

        `denied_ads`: in how many ads values of the deny list were masked. `strict`: how many of a language's ads had
        names masked by casing too.
        """
        return {
            "denied_ads": self._denied,
            "distinct_texts": len(np.unique(np.frombuffer(self._texts, dtype=np.uint64))),
            "languages": {
                language: {"ads": ads, "strict": self._strict[language]} for language, ads in self._languages.items()
            },
            "masked": dict(self._masked),
            "quarantined": dict(self.quarantined),
            "suppressed": {column: self._suppressed[column] for column in quasi.COLUMNS},
            "suppressed_places": {column: self._rare[column] for column in PLACES},
        }


def _contact_row(contact: Contact, key: Key) -> Row:
    places = {column: getattr(contact, column) for column in PLACES}
    return {"kind": contact.kind, "index": contact.index, "token": key.token(contact.kind, contact.value), **places}


if __name__ == "__main__":
    run_stage(main)
