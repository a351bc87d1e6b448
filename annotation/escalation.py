"""Escalation: ads that annotators flagged for the custodian go to a sealed queue in the raw zone.

Each ad is a file encrypted with age (https://age-encryption.org/v1) to the custodian's public key: what the annotators
saw, the raw ad where this machine has it, and the answers that raised the flag. Who seals needs the public key alone
and cannot open what is sealed. The index beside the files says what was sealed (answers and days, no text), so that an
ad is sealed anew only when something new was flagged. Nothing is reported to anybody.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset
import pyrage

from annotation.flags import FlaggedAd
from pipeline import store
from pipeline.errors import Refusal
from pipeline.store import Row

SEALED = Path("data/raw/sealed")
INDEX = "index.jsonl"
RAW_ADS = Path("data/raw/ads")
PUBLIC_KEY = Path(".safelight/custodian.pub")


def seal(
    ads: Iterable[FlaggedAd], folder: Path = SEALED, public_key: Path = PUBLIC_KEY, raw_ads: Path = RAW_ADS
) -> dict[str, int]:
    """Seal every ad with an alarm that is not in the queue yet.

    Returns counts of ads: `sealed` for the first time, sealed `anew`, `there` already, and `waiting` because there is
    no public key. Those stay in the export, and are sealed by the first pull after there is one.

    Raises:
        Refusal: the public key is not one, or the index is broken.
    """
    index = read_index(folder)
    counts = Counter(sealed=0, anew=0, there=0, waiting=0)
    new: list[FlaggedAd] = []
    for ad in _merged(ads):
        known = {alarm["id"] for alarm in index[ad.ad_id]["alarms"]} if ad.ad_id in index else set()
        if any(alarm.id not in known for alarm in ad.alarms):
            new.append(ad)
        else:
            counts["there"] += 1
    if not new:
        return dict(counts)
    recipient = read_public_key(public_key)
    if recipient is None:
        return {**counts, "waiting": len(new)}
    raw = _raw_ads(raw_ads, [ad.ad_id for ad in new])
    for ad in new:
        counts["anew" if ad.ad_id in index else "sealed"] += 1
        alarms = {alarm["id"]: alarm for alarm in index.get(ad.ad_id, {"alarms": []})["alarms"]}
        for alarm in ad.alarms:
            alarms[alarm.id] = {key: getattr(alarm, key) for key in ("id", "question", "choice", "day")}
        entry = {"ad_id": ad.ad_id, "alarms": [alarms[id] for id in sorted(alarms)]}
        content = {**entry, "text": ad.text, "raw": raw.get(ad.ad_id)}
        _write_sealed(path_of(ad.ad_id, folder), content, recipient)
        index[ad.ad_id] = entry
    store.write_jsonl(folder / INDEX, (index[ad_id] for ad_id in sorted(index)))
    return dict(counts)


def read_index(folder: Path = SEALED) -> dict[str, Row]:
    """What is sealed, by ad_id: `{"ad_id", "alarms": [{"id", "question", "choice", "day"}]}`."""
    path = folder / INDEX
    return {row["ad_id"]: row for row in store.read_jsonl(path)} if path.exists() else {}


def path_of(ad_id: str, folder: Path = SEALED) -> Path:
    """The sealed file of an ad."""
    return folder / f"{ad_id}.age"


def read_public_key(path: Path = PUBLIC_KEY) -> pyrage.x25519.Recipient | None:
    """The custodian's public key (age1…), if there is one.

    Raises:
        Refusal: the file holds something else.
    """
    if not path.exists():
        return None
    try:
        return pyrage.x25519.Recipient.from_str(path.read_text(encoding="ascii").strip())
    except (pyrage.RecipientError, UnicodeDecodeError):
        raise Refusal(f"{path}: not an age public key (age1…). Ask the custodian for it again.") from None


def _merged(ads: Iterable[FlaggedAd]) -> list[FlaggedAd]:
    """One for each ad with an alarm, of which every annotator has a task: all alarms, and the text of the last."""
    merged: dict[str, FlaggedAd] = {}
    for ad in ads:
        if ad.alarms:
            before = merged[ad.ad_id].alarms if ad.ad_id in merged else ()
            merged[ad.ad_id] = replace(ad, alarms=tuple(sorted({*before, *ad.alarms})))
    return list(merged.values())


def _write_sealed(path: Path, content: Row, recipient: pyrage.x25519.Recipient) -> None:
    clear = json.dumps(content, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
    with store.replacing(path) as partial:
        partial.touch(mode=0o600, exist_ok=False)
        partial.write_bytes(pyrage.encrypt(clear, [recipient]))


def _raw_ads(folder: Path, ad_ids: list[str]) -> dict[str, Any]:
    if not any(folder.glob("*.parquet")):
        return {}
    found = pyarrow.dataset.dataset(sorted(map(str, folder.glob("*.parquet"))))
    rows = found.to_table(filter=pc.field("ad_id").isin(ad_ids)).to_pylist()
    return {row["ad_id"]: row for row in rows}
