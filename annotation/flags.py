"""What annotators flagged in a Label Studio export: personal data left in an ad, and ads for the custodian.

Every annotation counts, superseded and skipped ones too: what somebody saw once is worth looking at. A flag's id names
the annotation, the region or choice, and where it stood, so that the same flag is known again in the next export. That
matters: once a task's text was updated, the offsets of flags that were read before point at other words.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotation.annotations import RESIDUAL, Part, Task, parts_of, tasks
from annotation.codebook import Codebook

_AD_ID = re.compile(r"[\w-]{1,64}", re.ASCII)  # fit for a file's name


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """A flagged stretch of a sanitized text: code points `start` to `end` (exclusive), as the `label` of its kind."""

    id: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Alarm:
    """An answer that shows the ad to the custodian. `day`: when it was given (UTC, YYYY-MM-DD), "" if not known."""

    id: str
    question: str
    choice: str
    day: str


@dataclass(frozen=True, slots=True)
class FlaggedAd:
    """An ad in which something was flagged. `text`: the sanitized text that annotators saw, as the export has it."""

    ad_id: str
    text: str = field(repr=False)
    regions: tuple[Region, ...]
    alarms: tuple[Alarm, ...]


def read(export: Path, codebook: Codebook, counts: Counter[str]) -> Iterator[FlaggedAd]:
    """The ads of an export (Label Studio's JSON) in which something was flagged.

    Flagged tasks that somebody put in by hand, without an ad's id and text, are counted in `counts` as `no_ad`.

    Raises:
        Refusal: the file is missing, cut off or not an export.
    """
    alarming = {
        (question.id, choice.id)
        for question in codebook.questions
        for choice in question.choices
        if choice.escalate or question.type == "flag"
    }
    for task in tasks(export):
        regions: set[Region] = set()
        alarms: set[Alarm] = set()
        for annotation in _dicts(task.get("annotations")):
            day = str(annotation.get("created_at") or "")[:10]
            regions |= _regions(annotation.get("id"), annotation.get("result"))
            for result in _dicts(annotation.get("result")):
                question = str(result.get("from_name"))
                for part in _parts(result):
                    if (question, part) in alarming:
                        alarms.add(Alarm(f"{annotation.get('id')}:{question}:{part}", question, str(part), day))
        if regions or alarms:
            data = task.get("data")
            ad_id, text = (data.get("ad_id"), data.get("text")) if isinstance(data, dict) else (None, None)
            if isinstance(ad_id, str) and _AD_ID.fullmatch(ad_id) and isinstance(text, str):
                yield FlaggedAd(ad_id, text, tuple(sorted(regions)), tuple(sorted(alarms)))
            else:
                counts["no_ad"] += 1


def flag_ids(annotation: Any, results: Any) -> set[str]:
    """The ids of the flags for personal data in what an annotation, named by its id, answers."""
    return {region.id for region in _regions(annotation, results)}


def _regions(annotation: Any, results: Any) -> set[Region]:
    return {
        Region(f"{annotation}:{result.get('id')}:{part[2]}:{part[0]}-{part[1]}", part[2], part[0], part[1])
        for result in _dicts(results)
        if result.get("from_name") == RESIDUAL
        for part in _parts(result)
        if isinstance(part, tuple)
    }


def _parts(result: Task) -> list[Part]:
    value = result.get("value")
    return (parts_of(result.get("type"), value) if isinstance(value, dict) else None) or []


def _dicts(items: Any) -> list[Task]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
