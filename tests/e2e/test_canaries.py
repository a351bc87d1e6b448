"""Promise 1: what is planted in raw ads is nowhere outside the raw zone, in any normal form."""

import csv
import io
import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotation import server
from pipeline.canaries import Search
from pipeline.engine import Engine
from pipeline.records import Scrubbed
from tests.annotation import lab

ROOT = Path(__file__).parents[2]

RAW_ZONE = ("data/raw/", ".safelight/")

# One of every kind that is long enough to be searched for; an exact age, of two digits, is not.
CANARIES = {
    "phone": "213-555-0142",
    "phone in words": "three one oh, five five five, oh one six seven",
    "phone spaced": "4 1 5 5 5 5 0 1 8 8",
    "phone full width": "６４６５５５０１１９",
    "phone in hundreds": "doscientos trece, quinientos cincuenta y cinco, cero uno, ochenta y siete",
    "e-mail": "quill.wren47@example.com",
    "e-mail in words": "marlow tern83 at mail dot example dot org",
    "web address": "https://zephyr-hollow.example.net/p/91723",
    "handle": "@velvetthicket_88",
    "handle in words": "thornapple underscore moth73",
    "name": "Xanthippe",
    "town": "Ooltewah",
    "street address": "48213 Quillfeather Lane, Apt 9",
    "card": "5105 1051 0510 5100",
    "IBAN": "DE89 3704 0044 0532 0130 00",
    "IP address": "203.0.113.177",
    "payment tag": "$orchidvalley73",
    "bank account": "4402 7719 3381",
    "crypto address": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "digest": "9f46a2efd6ad483a11b4323e29db29ad",
    "room": "Peregrine Inn room 2147",
    "post-office box": "P.O. Box 830417",
    "postcode": "SW1A 9ZQ",
    "plate": "QZX-7318",
    "passport": "X83920174",
    "driving licence": "V2284719358",
    "social security number": "523-04-1188",
    "date of birth": "14 November 1987",
    "spelled name": "M-E-L-I-S-A-N-D-E",
    "full name": "Philippa Thornquill",
    "source id": "post-id-88417263",
    "region": "Thistlewick Hollow 40417",
    "category": "call 702-555-0163 now",
    "label": "secret-label-55190",
    "rejected row": "rejected-canary-77120",
}
TEXT = (
    "Blue sofa for sale, good condition, pick up at night. Call {phone} or {phone in words}. Also {phone spaced}, "
    "{phone full width}, or {phone in hundreds}. Write to {e-mail} or {e-mail in words}. Pictures: {web address} "
    "and {handle}. My snap is {handle in words}. Ask for {name}. It is in {town}, Tennessee. We are at {street "
    "address}. Card {card}, account {IBAN}, server {IP address}. Tips to {payment tag}, account number {bank "
    "account}, or {crypto address}. Mail {digest}. Find me in {room}, or write to {post-office box}, postcode "
    "{postcode}. Licence plate {plate}, passport number {passport}, driver's license {driving licence}, SSN {social "
    "security number}. Born on {date of birth}, 24 years old. You may also ask for {spelled name}. Regards,\n"
    "{full name}"
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


def contents(workspace: Any) -> Iterator[tuple[str, bytes]]:
    """Every file outside the raw zone and every git object, with its name."""
    for path in sorted(workspace.path.rglob("*")):
        name = path.relative_to(workspace.path).as_posix()
        if path.is_file() and not name.startswith((*RAW_ZONE, ".git/objects/")):
            yield name, name.encode() + b"\n" + path.read_bytes()
    listed = workspace.run("git", "cat-file", "--batch-all-objects", "--batch-check").stdout
    for line in listed.splitlines():
        sha, kind, _ = line.split()
        command = ["git", "cat-file", kind, sha]
        yield f"git {kind} {sha}", subprocess.run(command, cwd=workspace.path, check=True, capture_output=True).stdout


def finds(search: Search, content: bytes) -> set[str]:
    """The canaries in a file: in a Parquet file's cells, in a text, or among the ASCII letters and digits of bytes."""
    start = content.find(b"PAR1", 0, 300)
    if start >= 0 and content.endswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(content[start:]))
        cells = [str(table.schema.metadata), *(str(cell) for column in table.columns for cell in column.to_pylist())]
        return set().union(*map(search.finds, cells))
    try:
        return search.finds(content.decode("utf-8"))
    except UnicodeDecodeError:
        reduced = (re.sub("[^0-9a-z]+", "", content.decode(c, "ignore").lower()) for c in ("latin-1", "utf-16-le"))
        return set().union(*map(search.finds_reduced, reduced))


def leaks(workspace: Any) -> set[tuple[str, str]]:
    """Which content holds which canary; the same bytes under several names are searched once."""
    search = Search(CANARIES.values())
    assert search.size == len(CANARIES)
    by_content = {content.split(b"\n", 1)[-1]: (name, content) for name, content in contents(workspace)}
    return {(name, value) for name, content in by_content.values() for value in finds(search, content)}


def test_no_canary_is_anywhere_outside_the_raw_zone(planted: Any) -> None:
    assert leaks(planted) == set()


def test_the_canaries_are_of_every_entity_of_the_policy(engine: Engine) -> None:
    text = TEXT.format(**CANARIES)
    result = engine.scrub(text)
    assert isinstance(result, Scrubbed)
    planted = {name: text.index(value) for name, value in CANARIES.items() if value in text}
    covered = {
        span.entity
        for span in result.spans
        if any(start < span.end and span.start < start + len(CANARIES[name]) for name, start in planted.items())
    }
    assert covered == set(engine.settings.policy) - {"AGE"}
    assert not [value for value in CANARIES.values() if value in result.text]


@pytest.mark.parametrize("place", ["reports/leak.txt", "data/models/leak.bin", ".dvc/cache/leak.parquet", "README.md"])
def test_the_search_finds_a_canary_put_there(planted: Any, place: str) -> None:
    path = planted.path / place
    before = path.read_bytes() if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    if place.endswith(".parquet"):
        pq.write_table(pa.table({"text": [f"call {CANARIES['phone in words']}"]}), path)
    elif place.endswith(".bin"):
        path.write_bytes(b"\xff\xfe\x00" + CANARIES["e-mail"].encode() + b"\x80")
    else:
        path.write_text(f"found {CANARIES['name'].upper()} here")
    try:
        assert len(leaks(planted)) == 1
    finally:
        path.unlink() if before is None else path.write_bytes(before)


def test_what_is_searched_includes_every_kind_of_place(planted: Any) -> None:
    names = {name for name, _ in contents(planted)}
    for start in (
        "data/sanitized/", "data/models/", "reports/", "release/", ".dvc/cache/", ".dvc-remote/", "run.log", "dvc.lock",
        "git blob", "git commit", "git tree",
    ):  # fmt: skip
        assert any(name.startswith(start) for name in names), start


@pytest.fixture(scope="module")
def labelled(planted: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The run, with its ads pushed to a real Label Studio, one labelled with a span, and pulled back."""
    study = lab.Study(planted.path, planted.environment(PYTHONPATH=str(ROOT)))
    lab.copy_cache(study.kept, tmp_path_factory.mktemp("first") / "label-studio")
    try:
        up = study.run("up", "--port", str(lab.free_port()))
        assert up.returncode == 0, up.stderr
        (person,) = study.people
        with study.annotator(person) as (session, project):
            task = lab.next_task(session, project)
            span = lab.answer("residual_pii", "labels", start=0, end=4, text=task["data"]["text"][:4], labels=["name"])
            lab.submit(session, task["id"], {"result": [span], "lead_time": 3})
        assert study.run("pull").returncode == 0
    finally:
        server.stop(study.kept)
    return study


def test_no_canary_is_in_label_studio(labelled: Any) -> None:
    """In none of its files, its log and exports included, nor in any cell of its database; and the ads are there."""
    search = Search(CANARIES.values())
    with closing(sqlite3.connect(labelled.kept / "label_studio.sqlite3")) as database:
        dump = "\n".join(database.iterdump())
    files = [path for path in labelled.kept.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"label_studio.sqlite3", "server.log", "roster.json", "assignment.json"}
    assert "Item number 7 of massage spa" in dump
    assert "pick up at night" in dump  # the ad that held the canaries
    assert set().union(search.finds(dump), *(finds(search, path.read_bytes()) for path in files)) == set()
    assert finds(search, (labelled.folder / "data/annotations/export.json").read_bytes()) == set()


def test_the_canaries_were_in_the_raw_ads(planted: Any) -> None:
    search = Search(CANARIES.values())
    raw = [path.read_bytes() for path in (planted.path / "data" / "raw").rglob("*") if path.is_file()]
    assert set().union(*(finds(search, content) for content in raw)) == set(CANARIES.values())
