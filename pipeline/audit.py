"""Audit: what sanitized ads must withstand before any stage after this one sees them.

Three checks: no contact that was masked in any ad, and no planted canary, is left in any sanitized ad; a second
detector, which shares no code with the scrubber, finds nothing; and at least k ads share each combination of region,
month and category. A failed audit writes its report and fails the run.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from pipeline import params, quasi, store
from pipeline.canaries import Search
from pipeline.errors import Refusal, run_stage
from pipeline.progress import track
from pipeline.records import AUDITED
from pipeline.second_detector import second_opinion
from pipeline.store import Row

# What is masked in one ad must be in no other. Names and places recur by chance; contacts do not, unless they are short
# ("@sam") or made of words.
_CONTACTS = {"PHONE", "EMAIL", "URL", "HANDLE", "CARD", "IBAN", "CRYPTO", "ID"}
_MIN_WITH_DIGITS = 9
_MIN_WITHOUT = 12


def main(
    raw: Annotated[Path, typer.Argument(help="The raw table.")],
    spans: Annotated[Path, typer.Argument(help="Where personal data stood in the raw texts.")],
    ads: Annotated[Path, typer.Argument(help="The sanitized table.")],
    canaries: Annotated[Path, typer.Option(help="Values planted in the raw ads, one JSON line each.")],
    findings: Annotated[Path, typer.Option(help="Which ads failed which check (raw zone).")],
    report: Annotated[Path, typer.Option(help="The privacy report.")],
) -> None:
    """Audit the sanitized table; exit 1 if it must not leave."""
    settings = params.load(params.Audit)
    masked = set(masked_contacts(store.read_table(raw, ["ad_id", "text"]), store.read_jsonl(spans)))
    planted = {row["value"] for row in store.read_jsonl(canaries)}
    search = Search(masked | planted)
    leaks = 0
    detected: Counter[str] = Counter()
    with store.jsonl_writer(findings) as write:
        for ad in track(store.read_table(ads, AUDITED), "auditing"):
            held = search.finds("\n".join(str(ad[column]) for column in AUDITED if ad[column] is not None))
            seen = second_opinion(ad["text"], settings.phone_regions)
            leaks += len(held)
            detected += seen
            if held or seen:
                write({"ad_id": ad["ad_id"], "masked_values": len(held), **seen})
    smallest = quasi.smallest_class(
        (ad["region"], ad["posted"], ad["category"]) for ad in store.read_table(ads, quasi.COLUMNS)
    )
    scrubbed = sum(1 for _ in store.read_jsonl(spans))
    sanitized = sum(1 for _ in store.read_table(ads, ["ad_id"]))
    problems = []
    if not sanitized or sanitized != scrubbed:
        problems.append(f"{sanitized} sanitized ad(s) for {scrubbed} scrubbed one(s)")
    if leaks:
        problems.append(f"{leaks} time(s) a sanitized ad holds a value that was masked elsewhere or planted")
    if detected.total() > settings.max_findings:
        problems.append(f"the second detector has {detected.total()} finding(s), {settings.max_findings} allowed")
    if smallest is not None and smallest < settings.k:
        problems.append(f"only {smallest} ad(s) share a region, month and category; {settings.k} are required")
    store.write_json(
        report,
        {
            "passed": not problems,
            "problems": problems,
            "ads": sanitized,
            "sanitized_sha256": store.digest_rows(store.read_table(ads, AUDITED), AUDITED),
            "canaries": {"searched": search.size, "planted": len(planted), "found": leaks},
            "second_detector": dict(detected),
            "k_anonymity": {"k": smallest, "required": settings.k},
        },
    )
    if problems:
        raise Refusal(f"the audit failed: {'; '.join(problems)}. Which ads: {findings}.")


def masked_contacts(raw: Iterable[Row], spans: Iterable[Row]) -> Iterator[str]:
    """The contacts masked in raw ads; both streams are in order of `ad_id`, and quarantined ads have no spans."""
    found = iter(spans)
    row = next(found, None)
    for ad in raw:
        if row and row["ad_id"] == ad["ad_id"]:
            for span in row["spans"]:
                value = ad["text"][span["start"] : span["end"]]
                shortest = _MIN_WITH_DIGITS if any(map(str.isdigit, value)) else _MIN_WITHOUT
                if span["entity"] in _CONTACTS and len(value) >= shortest and not value.isalpha():
                    yield value
            row = next(found, None)


if __name__ == "__main__":
    run_stage(main)
