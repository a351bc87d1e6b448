"""The table of stages in the README, generated from dvc.yaml so that it cannot go stale."""

import re
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import Refusal
from pipeline.store import write_text

_BLOCK = re.compile(r"(?<=<!-- stages -->\n).*?(?=<!-- /stages -->)", re.DOTALL)

_ITEM = re.compile(r"\$\{item\.(\w+)\}")  # what a matrix stage is templated with


def stage_table(pipeline: dict[str, Any]) -> str:
    """A Markdown table of a dvc.yaml's stages: name, description, what each makes."""
    lines = ["| stage | what it does | makes |", "|---|---|---|"]
    for name, stage in pipeline["stages"].items():
        outputs = [*stage.get("outs", []), *stage.get("metrics", []), *stage.get("plots", [])]
        paths = (next(iter(out)) if isinstance(out, dict) else out for out in outputs)
        made = ", ".join("`" + _ITEM.sub(r"<\1>", path) + "`" for path in paths)
        lines.append(f"| {name} | {stage['desc']} | {made} |")
    return "\n".join(lines) + "\n"


def update_stage_table(readme: Path, dvc_yaml: Path, *, write: bool) -> bool:
    """Whether the table between the `stages` comments of a page differs from dvc.yaml; if asked to, write it."""
    page = readme.read_text(encoding="utf-8")
    table = stage_table(yaml.safe_load(dvc_yaml.read_text(encoding="utf-8")))
    if not _BLOCK.search(page):
        raise Refusal(f"{readme}: no `<!-- stages -->` … `<!-- /stages -->` to write the table between.")
    changed = _BLOCK.sub(lambda _: table, page)
    if write and changed != page:
        write_text(readme, changed)
    return changed != page
