"""The deny list's file in the raw zone: one JSON line a value, sorted; `safelight annotate pull` adds to it.

A steward may edit it: set `everywhere`, or delete a line that was flagged by mistake. The next `dvc repro` notices.
"""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from pipeline import store
from pipeline.denied import MASKS, Denied
from pipeline.errors import Refusal

DENIED = Path("data/raw/denied.jsonl")


def read(path: Path) -> list[Denied]:
    """The deny list, sorted.

    Raises:
        Refusal: a line is no row of it; the message has the first one's number.
    """
    rows = []
    for number, row in enumerate(store.read_jsonl(path), 1):
        texts = [row.get(key) for key in ("ad_id", "entity", "value")]
        if set(row) != set(Denied.__slots__) or not all(texts) or not all(isinstance(text, str) for text in texts):
            raise Refusal(f"{path}, line {number}: not a row of ad_id, entity, value and everywhere.")
        if row["entity"] not in MASKS or not isinstance(row["everywhere"], bool):
            raise Refusal(
                f"{path}, line {number}: entity must be one of {', '.join(MASKS)}, and everywhere true or false."
            )
        rows.append(Denied(**row))
    return sorted(rows)


def add(path: Path, rows: Iterable[Denied] = ()) -> int:
    """Add rows to the deny list, which is made where there is none; return how many are new. None is ever dropped."""
    there = read(path) if path.exists() else []
    new = {(row.ad_id, row.entity, row.value): row for row in rows}
    for row in there:
        new.pop((row.ad_id, row.entity, row.value), None)
    if new or not path.exists():
        store.write_jsonl(path, map(asdict, sorted([*there, *new.values()])))
    return len(new)
