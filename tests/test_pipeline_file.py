"""dvc.yaml and dvc.lock against the code: a stage depends on what it imports, and raw data is never cached."""

import hashlib
from pathlib import Path
from typing import Any

import grimp
import pytest
import yaml

from pipeline.docs import update_stage_table
from pipeline.params import Params

ROOT = Path(__file__).parents[1]
STAGES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
LOCKED: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "dvc.lock").read_text())["stages"]
PACKAGES = ("pipeline", "annotation", "models")
GRAPH = grimp.build_graph(*PACKAGES, cache_dir=None)


def module_of(stage: dict[str, Any]) -> str:
    return str(stage["cmd"].split()[2])


def file_of(module: str) -> str:
    """The file of a module; a package inside a package counts as a whole."""
    package, name, *inside = module.split(".")
    return f"{package}/{name}" if inside or (ROOT / package / name).is_dir() else f"{package}/{name}.py"


def imported(module: str) -> set[str]:
    return {file_of(name) for name in {module, *GRAPH.find_upstream_modules(module)} if name not in PACKAGES}


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_depends_on_the_modules_it_imports(name: str) -> None:
    stage = STAGES[name]
    declared = {dep for dep in stage["deps"] if dep.startswith(PACKAGES) and not dep.endswith(".j2")}
    assert sorted(declared) == sorted(imported(module_of(stage)))


@pytest.mark.parametrize("name", STAGES)
def test_stage_module_and_params_section_share_a_name(name: str) -> None:
    stage = STAGES[name]
    assert module_of(stage).split(".")[1] == name
    assert stage["params"][0] == name
    assert name in Params.model_fields
    assert stage["desc"]


@pytest.mark.parametrize("name", STAGES)
def test_raw_data_is_never_cached(name: str) -> None:
    for out in STAGES[name].get("outs", []):
        path, options = next(iter(out.items())) if isinstance(out, dict) else (out, {})
        assert path.startswith("data/raw/") == (options.get("cache") is False), path


def test_every_params_section_is_a_stages_or_shared() -> None:
    assert set(Params.model_fields) == {"study", "annotate", *STAGES}  # `annotate` is for `safelight annotate`


def test_the_readme_table_is_generated_from_the_stages() -> None:
    assert not update_stage_table(ROOT / "README.md", ROOT / "dvc.yaml", write=False)


@pytest.mark.parametrize("name", LOCKED)
def test_the_committed_results_were_made_by_the_committed_code(name: str) -> None:
    stale = [
        dep["path"]
        for dep in LOCKED[name]["deps"]
        if dep["path"].endswith(".py") and hashlib.md5((ROOT / dep["path"]).read_bytes()).hexdigest() != dep["md5"]
    ]
    assert stale == [], "run `make demo` and commit dvc.lock"
