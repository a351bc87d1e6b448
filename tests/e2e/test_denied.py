"""The deny list with real DVC: what annotators flag is masked by the next run, and the old text can be purged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

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
    assert ran(audited, "--force", "--single-item", "scrub") == {"scrub"}
    assert deny_file.read(audited.path / DENIED) == [row]


def test_a_clone_without_the_raw_zone_runs_nothing(audited: Any, make_workspace: Callable[..., Any]) -> None:
    audited.run("dvc", "push")
    clone = make_workspace(**{"synthesize.ads": 40})
    clone.run("cp", str(audited.path / "dvc.lock"), "dvc.lock")
    clone.run("dvc", "remote", "modify", "--local", "local", "url", str(audited.path / ".dvc-remote"))
    clone.run("dvc", "pull", "--allow-missing", check=False)
    assert ran(clone, "--allow-missing", "tasks") == set()
    assert not (clone.path / "data" / "raw").exists()
