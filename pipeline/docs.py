"""The generated parts of a page: what stands between two comments, so that it cannot go stale."""

import re
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import Refusal
from pipeline.store import write_text

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
    """`update_block` with the table of stages."""
    table = stage_table(yaml.safe_load(dvc_yaml.read_text(encoding="utf-8")))
    return update_block(readme, "stages", table, write=write)


def update_block(page: Path, name: str, content: str, *, write: bool) -> bool:
    """Whether what stands between the comments `<!-- name -->` and `<!-- /name -->` is another; if asked to, write it.

    Raises:
        Refusal: the page has no such comments.
    """
    text = page.read_text(encoding="utf-8")
    block = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    if not block.search(text):
        raise Refusal(f"{page}: no `<!-- {name} -->` … `<!-- /{name} -->` to write between.")
    changed = block.sub(lambda _: content, text)
    if write and changed != text:
        write_text(page, changed)
    return changed != text
