"""Same input, same bytes: across clones, hash seeds and kills, and in a clone that never sees a raw ad."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest
import yaml


def outputs(workspace: Any) -> dict[str, dict[str, str]]:
    return {
        name: {out["path"]: out["md5"] for out in stage.get("outs", [])} for name, stage in workspace.lock().items()
    }


def mend(workspace: Any) -> None:
    """What the README asks for when DVC was killed while it wrote one of its own two files, which it does in place."""
    locks: dict[str, Any] = {".dvc/tmp/rwlock": json.loads, "dvc.lock": yaml.safe_load}
    for name, parse in locks.items():
        path = workspace.path / name
        try:
            whole = not path.exists() or isinstance(parse(path.read_text()), dict)
        except (ValueError, yaml.YAMLError):
            whole = False
        if not whole:
            path.unlink()


def test_two_clones_give_the_same_hashes_for_every_stage(sample_run: Any, make_workspace: Callable[..., Any]) -> None:
    other = make_workspace()
    other.repro(PYTHONHASHSEED="4711")
    assert outputs(other) == outputs(sample_run)


def test_nothing_changed_means_nothing_runs(sample_run: Any) -> None:
    assert "Running stage" not in sample_run.repro().stdout


def test_a_clone_without_raw_ads_pulls_and_reruns_only_what_follows_a_change(
    sample_run: Any, make_workspace: Callable[..., Any]
) -> None:
    sample_run.run("dvc", "push")
    clone = make_workspace()
    clone.run("cp", str(sample_run.path / "dvc.lock"), "dvc.lock")
    clone.run("dvc", "remote", "modify", "--local", "local", "url", str(sample_run.path / ".dvc-remote"))
    clone.run("dvc", "pull", "--allow-missing")
    assert not (clone.path / "data" / "raw").exists()
    assert "Running stage" not in clone.repro("--allow-missing").stdout

    clone.set_params(**{"train.learning_rate": 0.0001})
    ran = [line for line in clone.repro("--allow-missing").stdout.splitlines() if line.startswith("Running stage")]
    names = {line.split("'")[1].split("@")[0] for line in ran}
    assert names == {"train", "evaluate", "release"}
    assert not (clone.path / "data" / "raw").exists()


@pytest.mark.parametrize("seconds", [1.5, 4.0, 9.0])
def test_a_killed_run_is_made_good_by_the_next(
    sample_run: Any, make_workspace: Callable[..., Any], seconds: float
) -> None:
    workspace = make_workspace()
    process = subprocess.Popen(
        ["dvc", "repro", "cluster"],
        cwd=workspace.path,
        env=workspace.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    mend(workspace)
    workspace.repro("cluster")
    undisturbed = outputs(sample_run)
    assert outputs(workspace) == {name: undisturbed[name] for name in outputs(workspace)}
    assert not list(workspace.path.glob("**/.*.partial"))
