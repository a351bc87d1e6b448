"""Promise 1: what is planted in raw ads is nowhere outside the raw zone, in any normal form."""

import csv
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.canaries import Search

RAW_ZONE = ("data/raw/", ".safelight/")

CANARIES = {
    "phone": "213-555-0142",
    "phone in words": "three one oh, five five five, oh one six seven",
    "phone spaced": "4 1 5 5 5 5 0 1 8 8",
    "phone full width": "６４６５５５０１１９",
    "e-mail": "quill.wren47@example.com",
    "e-mail in words": "marlow tern83 at mail dot example dot org",
    "web address": "https://zephyr-hollow.example.net/p/91723",
    "handle": "@velvetthicket_88",
    "name": "Xanthippe",
    "street address": "48213 Quillfeather Lane, Apt 9",
    "card": "5105 1051 0510 5100",
    "IBAN": "DE89 3704 0044 0532 0130 00",
    "IP address": "203.0.113.177",
    "source id": "post-id-88417263",
    "region": "Thistlewick Hollow 40417",
    "category": "call 702-555-0163 now",
    "label": "secret-label-55190",
    "rejected row": "rejected-canary-77120",
}
TEXT = (
    "Blue sofa for sale, good condition, pick up in the evening. Call {phone} or {phone in words}. Also {phone spaced}, "
    "{phone full width}. Write to {e-mail} or {e-mail in words}. Pictures: {web address} and {handle}. Ask for {name}. "
    "We are at {street address}. Card {card}, account {IBAN}, server {IP address}."
)
ADS = 60


@pytest.fixture(scope="module")
def planted(make_workspace: Callable[..., Any]) -> Any:
    """A run on real-shaped ads under a secret key, pushed to the remote, with everything it printed in run.log."""
    workspace = make_workspace(
        **{
            "study.linkage_key": ".safelight/linkage.key",
            "ingest.source": "data/raw/source.csv",
            "ingest.columns": {
                "id": "id", "text": ["body"], "posted": "posted", "region": "region", "category": "category",
                "labels": {"sector": {"column": "sector", "values": ["household_goods", "massage_spa"]}},
            },
            "collect.source": "columns",
            "train.questions": ["sector"],
            "audit.max_findings": 0,
        }
    )  # fmt: skip
    source = workspace.path / "data" / "raw" / "source.csv"
    source.parent.mkdir(parents=True)
    with source.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "body", "posted", "region", "category", "sector"])
        for n in range(ADS):
            sector = ("household_goods", "massage_spa")[n % 2]
            text = f"Item number {n} of {sector.replace('_', ' ')}, in good condition, come and see it on weekdays."
            writer.writerow([f"plain-{n}", text, "2026-03-09", "US, CA", "goods", sector])
        good = [TEXT.format(**CANARIES), "2026-03-10", CANARIES["region"], CANARIES["category"]]
        writer.writerow([CANARIES["source id"], *good, "household_goods"])
        writer.writerow(["bad-label", *good, CANARIES["label"]])
        writer.writerow(["bad-date", f"{CANARIES['rejected row']} " + good[0], "yesterday", "", "", "massage_spa"])
    workspace.run("safelight", "keys", "create")
    log = workspace.repro().stdout + workspace.run("dvc", "push").stdout
    (workspace.path / "run.log").write_text(log)
    workspace.run("git", "add", ".")
    workspace.run("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "-qm", "run")
    return workspace


def pieces(workspace: Any) -> Iterator[tuple[str, str]]:
    """Every file outside the raw zone and every git object, as text, with its name."""
    for path in sorted(workspace.path.rglob("*")):
        name = path.relative_to(workspace.path).as_posix()
        if path.is_file() and not name.startswith((*RAW_ZONE, ".git/objects/")):
            yield name, name
            yield from ((name, text) for text in texts_of(path))
    objects = subprocess.run(
        ["git", "cat-file", "--batch-all-objects", "--batch"], cwd=workspace.path, check=True, capture_output=True
    ).stdout
    yield "git objects", objects.decode("utf-8", "replace")


def texts_of(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == b"PAR1":
        table = pq.read_table(path)
        for column in table.columns:
            yield from map(str, column.to_pylist())
        yield str(table.schema.metadata)
    else:
        content = path.read_bytes()
        yield content.decode("utf-8", "replace")
        yield content.decode("utf-16", "replace")


def test_no_canary_is_anywhere_outside_the_raw_zone(planted: Any) -> None:
    search = Search(CANARIES.values())
    assert search.size == len(CANARIES)
    searched = 0
    leaks = set()
    for name, text in pieces(planted):
        searched += 1
        leaks |= {(name, value) for value in search.finds(text)}
    assert searched > 100
    assert leaks == set()


def test_the_search_would_find_them_in_the_raw_zone(planted: Any) -> None:
    search = Search(CANARIES.values())
    raw = [text for path in (planted.path / "data" / "raw").rglob("*") if path.is_file() for text in texts_of(path)]
    assert set().union(*map(search.finds, raw)) == set(CANARIES.values())


def test_what_was_searched_includes_every_kind_of_place(planted: Any) -> None:
    names = {name for name, _ in pieces(planted)}
    for start in ("data/sanitized/", "data/models/", "reports/", "release/", ".dvc/cache/", ".dvc-remote/", "run.log", "dvc.lock"):
        assert any(name.startswith(start) for name in names), start
