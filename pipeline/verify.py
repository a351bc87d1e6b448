"""Open a finished release and check it: checksums, data, Croissant, citation. All problems are reported together."""

import hashlib
import os
import re
import tempfile
from itertools import combinations
from pathlib import Path

import yaml

from pipeline import croissant
from pipeline.card import SPLITS

CHECKSUMS = "SHA256SUMS"

_LINE = re.compile("(?P<digest>[0-9a-f]{64})  (?P<name>.+)")
_CITATION = {"cff-version", "message", "title", "authors", "type", "version", "license", "date-released"}


def find_problems(folder: Path) -> list[str]:
    """Everything that is wrong with the release in `folder`, sorted; nothing is said of what an ad holds."""
    if not folder.is_dir():
        return [f"{folder}: no such folder"]
    checks = (_check_sums, _check_data, _check_citation, croissant.find_problems)
    return sorted(problem for check in checks for problem in check(folder))


def sum_files(folder: Path) -> dict[str, str]:
    """The SHA-256 (hex) of every file under `folder` but the checksum file, by relative path, sorted."""
    sums = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            sums[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    sums.pop(CHECKSUMS, None)
    return sums


def format_checksums(sums: dict[str, str]) -> str:
    """The checksum file's text, in the format that `sha256sum --check` reads."""
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items())


def _check_sums(folder: Path) -> list[str]:
    try:
        text = (folder / CHECKSUMS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return [f"{CHECKSUMS}: missing or unreadable"]
    lines = [(number, _LINE.fullmatch(line)) for number, line in enumerate(text.splitlines(), 1)]
    listed = {match["name"]: match["digest"] for _, match in lines if match}
    found = sum_files(folder)
    return [
        *(f"{CHECKSUMS}, line {number}: not a checksum" for number, match in lines if not match),
        *(f"{name}: listed in {CHECKSUMS}, but not there" for name in listed.keys() - found.keys()),
        *(f"{name}: not listed in {CHECKSUMS}" for name in found.keys() - listed.keys()),
        *(f"{name}: its checksum differs" for name in listed.keys() & found.keys() if listed[name] != found[name]),
    ]


def _check_data(folder: Path) -> list[str]:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import datasets

    datasets.disable_progress_bars()
    with tempfile.TemporaryDirectory() as cache:
        try:
            data = datasets.load_dataset(str(folder), cache_dir=cache)
        except Exception as error:
            return [f"data: datasets.load_dataset cannot open the folder ({type(error).__name__})"]
        if sorted(data) != sorted(SPLITS):
            return [f"data: the splits are {', '.join(sorted(data))}, not {', '.join(SPLITS)}"]
        columns = {name: {split: data[split].data.column(name) for split in SPLITS} for name in ("ad_id", "group")}
        values = {
            name: {split: set(column.unique().to_pylist()) for split, column in by_split.items()}
            for name, by_split in columns.items()
        }
        problems = [
            f"data/{split}.parquet: an ad_id stands twice"
            for split in SPLITS
            if len(values["ad_id"][split]) < data[split].num_rows
        ]
        for name in ("ad_id", "group"):
            for one, other in combinations(SPLITS, 2):
                if shared := len(values[name][one] & values[name][other]):
                    problems.append(f"data: {shared} value(s) of {name} are in both {one} and {other}")
        return problems


def _check_citation(folder: Path) -> list[str]:
    try:
        citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return ["CITATION.cff: missing or not valid YAML"]
    missing = sorted(_CITATION - set(citation if isinstance(citation, dict) else {}))
    return [f"CITATION.cff: {key} is missing" for key in missing]
