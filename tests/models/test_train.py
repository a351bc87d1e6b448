import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def train(
    workplace: Path, splits: Path, schema: Path, model: str, output: Path, hash_seed: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "models.train", str(splits), "--schema", str(schema), "--model", model]
    command += ["--seed", "1", "--output", str(output), "--metrics", str(output) + ".json"]
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed}
    return subprocess.run(command, cwd=workplace, env=env, capture_output=True, text=True, check=False)


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("model", ["tfidf", "encoder"])
def test_two_runs_give_the_same_bytes(workplace: Path, splits: Path, schema: Path, tmp_path: Path, model: str) -> None:
    runs = [train(workplace, splits, schema, model, tmp_path / f"{model}-{run}", str(run)) for run in (1, 2)]
    assert [(run.returncode, run.stdout, run.stderr) for run in runs] == [(0, "", "")] * 2
    first, second = (hashes(tmp_path / f"{model}-{run}") for run in (1, 2))
    assert first == second
    assert {Path(name).suffix for name in first} == {".json", ".safetensors"}
    assert json.loads((tmp_path / f"{model}-1.json").read_text()) == {
        "train": {"ads": 60, "answered": {"indicators": 60, "sector": 54}},
        "validation": {"ads": 20, "answered": {"indicators": 20, "sector": 18}},
    }


def test_a_failed_run_leaves_nothing(workplace: Path, splits: Path, schema: Path, tmp_path: Path) -> None:
    folder = tmp_path / "splits"
    folder.mkdir()
    (folder / "train.parquet").write_bytes((splits / "train.parquet").read_bytes())
    run = train(workplace, folder, schema, "tfidf", tmp_path / "models" / "tfidf-1", "0")
    assert run.returncode == 1
    assert "validation.parquet: no such file" in run.stderr
    assert not (tmp_path / "models").exists()
