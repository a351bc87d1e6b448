"""Whole runs of the real pipeline, by `dvc repro`, in working copies of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
# The whole pipeline, on few ads and with little training.
SMALL = {
    "synthesize.ads": 150,
    "train.seeds": [1],
    "train.epochs": 1,
    "agreement.bootstrap": 50,
    "evaluate.bootstrap": 50,
}


@dataclass(frozen=True)
class Workspace:
    """A git repository with Safelight's code in it, as a fresh clone would be."""

    path: Path

    def run(self, *command: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment the tests run in."""
        return subprocess.run(
            command, cwd=self.path, env=self.environment(**environment), check=check, capture_output=True, text=True
        )

    def environment(self, **more: str) -> dict[str, str]:
        """The environment with the virtual environment's commands first."""
        return {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HF_HUB_OFFLINE": "1",
            **more,
        }

    def set_params(self, **changes: Any) -> None:
        """Change values of params.yaml, named by their dotted key path."""
        file = self.path / "params.yaml"
        content = yaml.safe_load(file.read_text())
        for key_path, value in changes.items():
            *sections, last = key_path.split(".")
            target = content
            for section in sections:
                target = target[section]
            target[last] = value
        file.write_text(yaml.safe_dump(content, sort_keys=False))

    def repro(self, *arguments: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        """`dvc repro`, whose output comes back when it fails."""
        result = self.run("dvc", "repro", *arguments, check=False, **environment)
        if check and result.returncode:
            pytest.fail(f"dvc repro failed:\n{result.stdout[-3000:]}\n{result.stderr[-3000:]}")
        return result

    def lock(self) -> dict[str, Any]:
        """The stages of dvc.lock."""
        content: dict[str, Any] = yaml.safe_load((self.path / "dvc.lock").read_text())
        return content["stages"]


@pytest.fixture(scope="session")
def make_workspace(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Workspace]:
    """Make a workspace from the files git tracks or would track, with small params unless others are given."""

    def make(**changes: Any) -> Workspace:
        workspace = Workspace(tmp_path_factory.mktemp("clone") / "safelight")
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()
        for name in (name for name in listed if (ROOT / name).is_file() and not name.startswith("tests/")):
            target = workspace.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
        (workspace.path / "dvc.lock").unlink(missing_ok=True)
        workspace.set_params(**{**SMALL, **changes})
        for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "start"]):
            workspace.run("git", "-c", "user.name=test", "-c", "user.email=test@example.com", *command)
        return workspace

    return make


@pytest.fixture(scope="session")
def sample_run(make_workspace: Callable[..., Workspace]) -> Workspace:
    """The whole pipeline, run once on a small sample."""
    workspace = make_workspace()
    workspace.repro(PYTHONHASHSEED="0")
    return workspace
