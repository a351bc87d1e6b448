"""The custodian's log: who looked at what, when and why, so that a change of it shows.

A line of JSON an entry: its `number`, the `time` (UTC), the `action`, the `ad_id` and the `reason`, and in `previous`
the SHA-256 of the line before: whoever changes, removes or puts in a line breaks the chain from there on (Haber and
Stornetta 1991). The head file beside it holds the number and the hash of the last line, so that lines cut off the end
are missed. The limit: whoever may write both files can rewrite both; only a head that was noted elsewhere tells.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline import store
from pipeline.errors import Refusal
from pipeline.store import Row

LOG = Path(".safelight/custodian-log.jsonl")
START = "0" * 64  # what the first entry has for `previous`

_KEYS = ["number", "time", "action", "ad_id", "reason", "previous"]


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry: its number (0 where there is none) and the SHA-256 (hex) of its line."""

    number: int
    sha256: str


def append(action: str, ad_id: str | None, reason: str | None, path: Path = LOG) -> Head:
    """Add an entry, on disk when this returns; a log that is broken is added to all the same, and stays broken.

    Returns the new head, for the custodian to note elsewhere.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(path) as descriptor:
        lines = _lines(path)
        previous = _sha256(lines[-1]) if lines else START
        time = datetime.now(UTC).isoformat(timespec="seconds")
        entry = dict(zip(_KEYS, (len(lines) + 1, time, action, ad_id, reason, previous), strict=True))
        line = json.dumps(entry, ensure_ascii=False).encode()
        torn = bool(lines) and not path.read_bytes().endswith(b"\n")
        os.write(descriptor, (b"\n" if torn else b"") + line + b"\n")
        os.fsync(descriptor)
        head = Head(len(lines) + 1, _sha256(line))
        store.write_json(_head_file(path), {"number": head.number, "sha256": head.sha256})
        _head_file(path).chmod(0o600)
    return head


def verify(path: Path = LOG) -> Head:
    """Check the whole chain and its head.

    Raises:
        Refusal: it is broken; the message names the first bad line.
    """
    lines = _lines(path)
    previous = START
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if not isinstance(entry, dict) or list(entry) != _KEYS or entry["number"] != number:
            raise Refusal(f"{path}, line {number}: not the log's entry {number}: lines were changed, added or removed.")
        if entry["previous"] != previous:
            raise Refusal(f"{path}, line {number}: the chain is broken: this line or the one before was changed.")
        previous = _sha256(line)
    head = Head(len(lines), previous)
    try:
        noted = Head(**store.read_json(_head_file(path)))
    except FileNotFoundError:
        noted = Head(0, START)
    except (ValueError, TypeError):
        raise Refusal(f"{_head_file(path)}: not the log's head; compare with what the custodian noted.") from None
    if noted.number != head.number:
        first = min(noted.number, head.number) + 1
        raise Refusal(f"{path}, line {first}: {noted.number} entries were written, and there are {head.number}.")
    if noted != head:
        raise Refusal(f"{path}, line {head.number}: the last entry was changed.")
    return head


def entries(path: Path = LOG) -> list[Row]:
    """The entries, oldest first; a line that is none is left out (`verify` names it)."""
    found = []
    for line in _lines(path):
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and list(entry) == _KEYS:
            found.append(entry)
    return found


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The log, for appending, readable by its owner only, and nobody else's until the end."""
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines() if path.exists() else []


def _head_file(path: Path) -> Path:
    return path.with_suffix(".head")


def _sha256(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
