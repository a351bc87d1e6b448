import os
import sqlite3
import stat
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import grimp
import pytest

from pipeline import params, scrub_cache
from pipeline.errors import Refusal
from pipeline.records import Contact, Scrubbed, Span
from pipeline.scrub_cache import key_of, opened

ROOT = Path(__file__).parents[2]
SETTINGS = params.load(params.Scrub, ROOT / "params.yaml")
DISTRIBUTIONS = metadata.packages_distributions()
TAGGERS = {"huggingface-hub", "safetensors", "spacy", "torch", "transformers"}
RESULT = Scrubbed(
    "ring <PHONE_1>, “ñ”",
    (Span(5, 17, "PHONE", 0.8),),
    (Contact("PHONE", 1, "+12135550123", "US", "US-CA", "mobile"), Contact("EMAIL", 1, "x@example.com")),
    "en",
    True,
)
A, B, C = map(key_of, "abc")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "raw" / "cache.sqlite"


def fill(path: Path, *keys: bytes) -> None:
    with opened(path, SETTINGS) as cache:
        cache.put(dict.fromkeys(keys, RESULT))


def test_what_was_kept_comes_back_in_another_run(path: Path) -> None:
    fill(path, A)
    with opened(path, SETTINGS) as cache:
        assert cache.get([A, B]) == {A: RESULT}


def test_only_its_owner_can_read_it(path: Path) -> None:
    with opened(path, SETTINGS) as cache:
        cache.put({A: RESULT})
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_what_a_run_did_not_ask_for_is_overwritten_and_dropped(path: Path) -> None:
    fill(path, A, B, C)
    before = path.stat().st_size
    with opened(path, SETTINGS) as cache:
        cache.get([A])
        cache.forget_the_rest()
    with opened(path, SETTINGS) as cache:
        assert cache.get([A, B, C]) == {A: RESULT}
        cache.forget_the_rest()
    with opened(path, SETTINGS) as cache:  # A was asked for above, and only there
        cache.forget_the_rest()
    assert path.stat().st_size <= before
    assert b"x@example.com" not in path.read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"min_score": 0.5}, id="score"),
        pytest.param({"phone_regions": ["MX"]}, id="regions"),
        pytest.param({"policy": SETTINGS.policy | {"URL": "keep"}}, id="policy"),
    ],
)
def test_params_that_decide_start_anew(path: Path, change: dict[str, object]) -> None:
    fill(path, A)
    with opened(path, SETTINGS.model_copy(update=change)) as cache:
        assert cache.get([A]) == {}
    with opened(path, SETTINGS) as cache:
        assert cache.get([A]) == {}, "entries of another version are dropped"


def test_params_that_decide_nothing_keep_it(path: Path) -> None:
    fill(path, A)
    with opened(path, SETTINGS.model_copy(update={"workers": 7, "timeout_seconds": 1.0})) as cache:
        assert cache.get([A]) == {A: RESULT}


def test_a_file_that_is_no_cache_is_replaced(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database " * 1000)
    with opened(path, SETTINGS) as cache:
        assert cache.get([A]) == {}
        cache.put({A: RESULT})
    with opened(path, SETTINGS) as cache:
        assert cache.get([A]) == {A: RESULT}


def test_a_second_run_at_the_same_time_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrub_cache, "_PATIENCE", 0.1)
    with opened(path, SETTINGS), pytest.raises(Refusal, match="wait for that"), opened(path, SETTINGS):
        pass


def test_a_killed_run_leaves_what_it_had_kept(path: Path) -> None:
    code = f"""
import os, signal
from pathlib import Path
from pipeline import params
from pipeline.records import Scrubbed
from pipeline.scrub_cache import key_of, opened
with opened(Path({str(path)!r}), params.load(params.Scrub)) as cache:
    cache.put({{key_of("a"): Scrubbed("a", (), (), "en", False)}})
    cache.get([key_of("a")])
    cache._connection.execute("INSERT INTO texts VALUES (?, ?)", (key_of("b"), "half"))
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert killed.returncode == -9
    with opened(path, SETTINGS) as cache:
        assert cache.get([A, B]) == {A: Scrubbed("a", (), (), "en", False)}
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_version_covers_every_module_and_library_that_decides() -> None:
    graph = grimp.build_graph("pipeline", include_external_packages=True, cache_dir=None)
    modules = {"pipeline.engine", *graph.find_upstream_modules("pipeline.engine")}
    ours = {name.split(".")[1] for name in modules if name.startswith("pipeline.")}
    assert {name.removesuffix(".py") for name in scrub_cache.MODULES} == ours - {"errors", "params"}
    external = modules - {name for name in modules if name.startswith("pipeline")} - set(sys.stdlib_module_names)
    theirs = {found.replace("_", "-") for name in external for found in DISTRIBUTIONS[name]}
    # What only shapes records and params, and the taggers' libraries: a tagger tells its own version.
    assert theirs - set(scrub_cache.LIBRARIES) <= {"pydantic", "pyarrow", "typer", "PyYAML", *TAGGERS}
