"""The `safelight` command: quick, documented, and with exit codes that mean something."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from pipeline import store
from safelight import app

RUN = CliRunner()
SAFELIGHT = Path(sys.executable).parent / "safelight"


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in getattr(group, "commands", {}).items():
        yield (*path, name), command
        yield from commands(command, (*path, name))


ALL = dict(commands(typer.main.get_command(app)))


def test_help_answers_in_a_third_of_a_second() -> None:
    def seconds() -> float:
        start = time.perf_counter()
        subprocess.run([SAFELIGHT, "--help"], check=True, capture_output=True)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.3


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help_and_an_example(path: tuple[str, ...]) -> None:
    command = ALL[path]
    result = RUN.invoke(app, [*path, "--help"])
    assert result.exit_code == 0
    assert command.help
    if not getattr(command, "commands", None):
        assert f"Example: `safelight {' '.join(path)}" in command.help


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["--help"], 0, id="help"),
        pytest.param(["nonsense"], 2, id="unknown command"),
        pytest.param(["scrub"], 2, id="missing arguments"),
        pytest.param(["scrub", "nowhere.csv", "out.csv"], 1, id="refused"),
        pytest.param(["show", "nowhere"], 1, id="no reports"),
    ],
)
def test_exit_codes(arguments: list[str], code: int, tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_bytes((Path(__file__).parents[1] / "params.yaml").read_bytes())
    result = subprocess.run([SAFELIGHT, *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr


def test_keys_are_created_rotated_and_destroyed(tmp_path: Path) -> None:
    path = tmp_path / "linkage.key"
    assert RUN.invoke(app, ["keys", "create", str(path)]).exit_code == 0
    first = path.read_bytes()
    assert RUN.invoke(app, ["keys", "create", str(path)]).exit_code == 1
    assert RUN.invoke(app, ["keys", "rotate", str(path)], input="n\n").exit_code == 1
    assert path.read_bytes() == first
    assert RUN.invoke(app, ["keys", "rotate", str(path), "--yes"]).exit_code == 0
    assert path.read_bytes() != first
    assert RUN.invoke(app, ["keys", "destroy", str(path), "--yes"]).exit_code == 0
    assert not path.exists()


def test_fetch_copies_a_dataset_into_the_raw_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    (tmp_path / "lab").mkdir()
    store.write_jsonl(
        tmp_path / "lab" / "train.jsonl", [{"id": "1", "text": "a chair"}, {"id": "2", "text": "a table"}]
    )
    result = RUN.invoke(app, ["fetch", str(tmp_path / "lab"), str(tmp_path / "ads.jsonl")])
    assert result.exit_code == 0, result.output
    assert [row["text"] for row in store.read_jsonl(tmp_path / "ads.jsonl")] == ["a chair", "a table"]
    assert RUN.invoke(app, ["fetch", str(tmp_path / "nowhere"), str(tmp_path / "ads.jsonl")]).exit_code == 1
