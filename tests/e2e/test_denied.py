"""The deny list with real DVC: what annotators flag is masked by the next run, and the old text can be purged."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline import deny_file, store
from pipeline.denied import Denied

DENIED = Path("data/raw/denied.jsonl")


@pytest.fixture(scope="module")
def audited(make_workspace: Callable[..., Any]) -> Any:
    """A small sample, scrubbed, audited, made into tasks and pushed."""
    workspace = make_workspace(**{"synthesize.ads": 40})
    workspace.repro("tasks")
    workspace.run("dvc", "push")
    return workspace


def ran(workspace: Any, *arguments: str) -> set[str]:
    """The stages that `dvc repro` runs."""
    lines = workspace.repro(*arguments).stdout.splitlines()
    return {line.split("'")[1] for line in lines if line.startswith("Running stage")}


def texts(workspace: Any) -> dict[str, str]:
    return {ad["ad_id"]: ad["text"] for ad in store.read_table(workspace.path / "data/sanitized/ads")}


def flagged(workspace: Any) -> Denied:
    """A word that some ad has and many do not, as if it were a name."""
    words = [(ad_id, word) for ad_id, text in texts(workspace).items() for word in text.split()]
    return next(Denied(ad_id, "PERSON", word, True) for ad_id, word in words if word.isalpha() and len(word) > 7)


def test_the_run_makes_an_empty_list_and_an_unchanged_one_runs_nothing(audited: Any) -> None:
    assert (audited.path / DENIED).read_bytes() == b""
    assert ran(audited, "tasks") == set()


def test_a_changed_list_runs_the_scrubber_again_and_never_loses_a_row(audited: Any) -> None:
    row = flagged(audited)
    before = texts(audited)
    deny_file.add(audited.path / DENIED, [row])
    assert {"scrub", "audit", "tasks"} <= ran(audited, "tasks") <= {"scrub", "audit", "cluster", "tasks"}
    after = texts(audited)
    assert row.value.lower() in before[row.ad_id].lower()
    assert not any(row.value.lower() in text.lower() for text in after.values())
    assert deny_file.read(audited.path / DENIED) == [row]
    report = store.read_json(audited.path / "reports/privacy.json")
    assert report["passed"] is True
    assert report["denied"] == {"values": 1, "ads_holding": 0}
    assert store.read_json(audited.path / "reports/scrub.json")["denied_ads"] >= 1
    assert ran(audited, "tasks") == set()
    audited.run("dvc", "push")
    assert ran(audited, "--force", "--single-item", "scrub") == {"scrub"}
    assert deny_file.read(audited.path / DENIED) == [row]


def test_a_clone_without_the_raw_zone_runs_nothing(audited: Any, make_workspace: Callable[..., Any]) -> None:
    clone = make_workspace(**{"synthesize.ads": 40})
    clone.run("cp", str(audited.path / "dvc.lock"), "dvc.lock")
    clone.run("dvc", "remote", "modify", "--local", "local", "url", str(audited.path / ".dvc-remote"))
    clone.run("dvc", "pull", "--allow-missing", check=False)
    assert ran(clone, "--allow-missing", "tasks") == set()
    assert not (clone.path / "data" / "raw").exists()


def purge(workspace: Any, *arguments: str) -> tuple[list[Path], str]:
    """The files that `safelight annotate purge` lists, and the rest of what it says."""
    done = workspace.run("safelight", "annotate", "purge", *arguments, check=False)
    assert done.returncode == ("in use" in done.stdout), done.stderr
    lines = done.stdout.splitlines()
    listed = [Path(line) for line in lines if line.startswith("/")]
    return listed, "\n".join(line for line in lines if not line.startswith("/"))


def objects(workspace: Any) -> set[Path]:
    places = (workspace.path / place / "files" / "md5" for place in (".dvc/cache", ".dvc-remote"))
    return {path for place in places for path in place.glob("??/*")}


def holding(workspace: Any, value: str) -> set[Path]:
    """The objects that hold a value, by a search that shares nothing with the one under test."""
    found = set()
    for path in objects(workspace):
        content = path.read_bytes()
        text = str(pq.read_table(io.BytesIO(content)).to_pylist()) if content[:4] == b"PAR1" else content.decode()
        if value.lower() in text.lower():
            found.add(path)
    return found


def test_purging_deletes_exactly_the_old_objects_that_hold_a_value(audited: Any) -> None:
    [row] = deny_file.read(audited.path / DENIED)
    export = audited.path / "data/annotations/export.json"
    export.write_text(f'[{{"text": "ask for {row.value}"}}]')
    audited.run("dvc", "add", "data/annotations/export.json")
    present = holding(audited, row.value)
    assert {path.relative_to(audited.path).parts[0] for path in present} == {".dvc", ".dvc-remote"}
    before = objects(audited)

    listed, said = purge(audited)
    assert objects(audited) == before, "a dry run deletes nothing"
    in_use = {path for path in present if b"ask for" in path.read_bytes()}
    assert set(listed) >= present - in_use
    assert all(path.name.endswith(".dir") for path in set(listed) - present)
    assert any(path.name.endswith(".dir") for path in listed)
    assert "data/annotations/export.json holds a denied value and is in use" in said
    assert row.value not in said

    export.write_text('[{"text": "ask for <PERSON_1>"}]')  # what a later pull brings
    audited.run("dvc", "add", "data/annotations/export.json")
    listed, _ = purge(audited)
    assert present <= set(listed)
    deleted, said = purge(audited, "--yes")
    assert (set(deleted), "in use" in said) == (set(listed), False)
    assert before - objects(audited) == set(listed) & before
    assert holding(audited, row.value) == set()
    assert purge(audited)[0] == []


def test_what_is_left_is_whole(audited: Any, make_workspace: Callable[..., Any]) -> None:
    assert ran(audited, "tasks") == {"tasks"}  # which reads the export that changed
    assert ran(audited, "tasks") == set()
    audited.run("dvc", "push")
    assert "Cache and remote 'local' are in sync" in audited.run("dvc", "status", "--cloud").stdout


def test_a_remote_that_is_no_folder_is_named(audited: Any) -> None:
    audited.run("dvc", "remote", "add", "--local", "far", "s3://a-bucket/study")
    assert "Remote far (s3://a-bucket/study) was not searched." in purge(audited)[1]
