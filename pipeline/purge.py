"""Deleting what DVC still keeps of texts that hold a denied value: old objects of its cache and of remotes in folders.

DVC keeps every version of a table. Once `dvc repro` has masked a value, the versions in which it stands go; what the
present dvc.lock and .dvc files need is never touched, but told of where it holds a value. Parquet is read cell by cell,
text whole, and of anything else the runs of printable ASCII; what is compressed otherwise cannot be searched. Older
commits lose the objects that go: `dvc pull` will miss them there.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline import store
from pipeline.denied import Denied, DenyList
from pipeline.progress import track

_PRINTABLE = re.compile(rb"[\t\n\r\x20-\x7e]{6,}")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a purge would do.

    `going`: files that hold a denied value and that nothing needs, and listings of folders that have such files in
    them. `needed`: paths of the workspace whose present version, of DVC or in `also`, holds one. `elsewhere`: remotes
    that are no folder, name and address. `searched`: how many different objects were looked at.
    """

    going: tuple[Path, ...]
    needed: tuple[str, ...]
    elsewhere: tuple[str, ...]
    searched: int


def plan(rows: Iterable[Denied], root: Path = Path(), also: Iterable[Path] = ()) -> Plan:
    """Search the DVC repository at `root` for denied values. `also`: more files to look at, of the workspace."""
    from dvc.repo import Repo

    deny_list = DenyList(rows)
    with Repo(str(root)) as repo:
        places, elsewhere = _places(repo)
        outs = {out.hash_info.value: str(out) for out in repo.index.outs if out.use_cache and out.hash_info}
    objects: dict[str, list[Path]] = {}
    for place in places:
        for path in sorted(place.glob("[0-9a-f][0-9a-f]/*")):
            objects.setdefault(path.parent.name + path.name, []).append(path)
    folders = {name: _listed(paths[0]) for name, paths in objects.items() if name.endswith(".dir")}
    needed = dict(outs)
    for name, out in outs.items():
        needed.update((file, f"{out}/{path}") for file, path in folders.get(name, {}).items())

    files = sorted(objects.keys() - folders.keys())
    holding = {name for name in track(files, "searching", len(files)) if holds(objects[name][0], deny_list)}
    gone = holding - needed.keys()
    listing = {name for name, listed in folders.items() if name not in needed and gone & listed.keys()}
    return Plan(
        tuple(path for name in sorted(gone | listing) for path in objects[name]),
        tuple(sorted({needed[name] for name in holding & needed.keys()} | _held(also, deny_list))),
        tuple(elsewhere),
        len(files),
    )


def carry_out(purge: Plan) -> None:
    """Delete what goes; a run that was killed is finished by the next."""
    for path in purge.going:
        path.unlink(missing_ok=True)


def holds(path: Path, deny_list: DenyList) -> bool:
    """Whether a file holds a denied value; one that counts in a single ad only, beside that ad's id."""
    own = deny_list.owners
    for text in _texts(path):
        if deny_list.find(text) or any(owner in text and deny_list.find(text, owner) for owner in own):
            return True
    return False


def _texts(path: Path) -> Iterator[str]:
    """The rows of a table, the lines of a text, the printable stretches of anything else."""
    with path.open("rb") as file:
        is_parquet = file.read(4) == b"PAR1"
    if is_parquet:
        yield str(pq.read_schema(path).metadata)
        for row in store.read_shard(path):
            yield "\n".join(_cells(row))
        return
    content = path.read_bytes()
    try:
        yield from content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        yield from (match[0].decode("ascii") for match in _PRINTABLE.finditer(content))


def _cells(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _cells(part)
    elif value is not None:
        yield str(value)


def _places(repo: Any) -> tuple[list[Path], list[str]]:
    """The folders of objects, of the cache first, and the remotes that are no folders."""
    places, elsewhere = [Path(repo.cache.local.path)], []
    for name, remote in sorted(repo.config["remote"].items()):
        if "://" in str(remote["url"]):
            elsewhere.append(f"{name} ({remote['url']})")
        else:
            places.append(Path(repo.cloud.get_remote(name).odb.path))
    return places, elsewhere


def _listed(path: Path) -> dict[str, str]:
    """The files of a folder's listing: object to path."""
    return {entry["md5"]: entry["relpath"] for entry in json.loads(path.read_text(encoding="utf-8"))}


def _held(also: Iterable[Path], deny_list: DenyList) -> set[str]:
    return {str(path) for path in also if path.is_file() and holds(path, deny_list)}
