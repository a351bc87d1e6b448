"""The annotations in a Label Studio export, JSON or JSON_MIN, one after another in bounded memory.

The formats: https://labelstud.io/guide/export (the older `completions` too). Free text never leaves this module.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ijson

from pipeline.errors import Refusal

Task = dict[str, Any]
Part = str | tuple[int, int, str]  # a choice, or a span with its label

ASKED = "asked"  # in a task's data: the questions that it asks, where these are not all
MASKED = "masked"  # in a task's meta: the annotations whose marks of personal data went when it got a new text
RESIDUAL = "residual_pii"  # the question that marks personal data in the text

# A JSON_MIN string could as well be free text; longer ones are taken to be.
MAX_CHOICE = 100

_SPAN_TYPES = ("labels", "hypertextlabels")
_ALWAYS_SEVERAL = ("taxonomy",)
_MIN_AFTER = ("annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement")
_BOM = b"\xef\xbb\xbf"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Annotation:
    """One annotation of one item.

    `annotator`: Label Studio's user id, or an e-mail address. `updated`: when it was last changed, and its id.
    `created`: the day (UTC) it was submitted. `codebook`: the version named by the task's data. `asked`: the questions
    that its data names, where not all were asked. `lost`: the questions whose answer the server has not any more, since
    the task got a new text. `parts`: what was answered, by question. `several`: the questions
    whose type takes several answers.
    """

    item: str
    annotator: str = field(repr=False)
    updated: tuple[datetime, int]
    created: str | None
    lead_time: float | None
    codebook: str | None
    asked: frozenset[str] | None
    parts: dict[str, list[Part]] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)
    lost: frozenset[str] = frozenset()


def stream(path: Path, known: set[str], counts: Counter[str]) -> Iterator[Annotation]:
    """The annotations that answer something; what is left out is counted in `counts`.

    `known` are the question ids of the codebook, by which answers are found in a JSON_MIN export of unusual order.

    Raises:
        Refusal: the file is missing, cut off or not an export; the message counts the whole tasks before that.
    """
    for task in tasks(path):
        if "annotation_id" in task:
            yield from _annotation(task, task, task.get("annotator"), _unfold(task, known), counts)
            continue
        annotations, data = task.get("annotations", task.get("completions")), task.get("data")
        if not isinstance(annotations, list) or not isinstance(data, dict):
            raise Refusal(f"{path}: task {task.get('id')} has no data or no annotations. Export as JSON or JSON_MIN.")
        for annotation in annotations:
            if not isinstance(annotation, dict):
                raise Refusal(
                    f"{path}: task {task.get('id')} has an annotation that is not an object. Export it again."
                )
            if annotation.get("was_cancelled") or annotation.get("skipped"):
                counts["skipped"] += 1
            else:
                by, results = annotation.get("completed_by"), annotation.get("result")
                for found in _annotation({**data, "id": task.get("id")}, annotation, by, results, counts):
                    found.lost = _lost(task.get("meta"), annotation.get("id"))
                    yield found


def tasks(path: Path) -> Iterator[Task]:
    """The tasks of an export as they stand in it (an entry of JSON_MIN is one annotation); raises as `stream` does."""
    if not path.is_file():
        raise Refusal(f"{path}: no such export. `safelight annotate pull` makes one.")
    done = 0
    with path.open("rb") as file:
        if file.read(len(_BOM)) != _BOM:
            file.seek(0)
        try:
            for task in ijson.items(file, "item", use_float=True):
                if not isinstance(task, dict):
                    raise Refusal(f"{path}: entry {done + 1} is not a task. Export as JSON or JSON_MIN.")
                yield task
                done += 1
        except (ijson.JSONError, UnicodeDecodeError):
            raise Refusal(f"{path}: cut off or not JSON after {done} tasks. Export or pull it again.") from None
    if not done:
        raise Refusal(f"{path}: no task in it. Export as JSON or JSON_MIN, which hold a list of tasks.")


def item(task: Task) -> Any:
    """What a task is about: its `ad_id`, else its id; None where it lacks both."""
    data = task.get("data", task)
    return data.get("ad_id", task.get("id")) if isinstance(data, dict) else None


def _annotation(data: Task, source: Task, by: Any, results: Any, counts: Counter[str]) -> Iterator[Annotation]:
    """The annotation in `source`, unless it is to be left out."""
    item = data.get("ad_id", data.get("id"))
    annotator = (by.get("id") or by.get("email")) if isinstance(by, dict) else by
    if item in (None, "") or annotator in (None, ""):
        counts["no_item" if item in (None, "") else "no_annotator"] += 1
        return
    identity = source.get("annotation_id", source.get("id"))
    created, updated = _time(source.get("created_at")), _time(source.get("updated_at"))
    annotation = Annotation(
        item=str(item),
        annotator=str(annotator),
        updated=(updated or created or _LONG_AGO, identity if isinstance(identity, int) else 0),
        created=created.date().isoformat() if created else None,
        lead_time=_seconds(source.get("lead_time")),
        codebook=_version(data.get("codebook")),
        asked=_asked(data.get(ASKED)),
    )
    for result in results if isinstance(results, list) else []:
        result = result if isinstance(result, dict) else {"from_name": "?"}
        question, type, value = result.get("from_name"), result.get("type"), result.get("value")
        if not question:
            continue  # a relation between regions
        parts = parts_of(type, value) if isinstance(value, dict) else None
        if not parts:
            counts["unsupported_answers"] += 1
            continue
        annotation.parts.setdefault(str(question), []).extend(parts)
        if type in _ALWAYS_SEVERAL:
            annotation.several.add(str(question))
    if annotation.parts or annotation.asked:  # who is asked for a flag or spans alone may find nothing to mark
        yield annotation
    else:
        counts["empty"] += 1


def _time(text: Any) -> datetime | None:
    """An ISO 8601 time in UTC; without an offset it is taken to be that."""
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _version(codebook: Any) -> str | None:
    if codebook in (None, ""):
        return None
    return codebook if isinstance(codebook, str) and re.fullmatch(r"(\d{1,6}\.){2}\d{1,6}", codebook) else "unknown"


def _asked(questions: Any) -> frozenset[str] | None:
    is_list = isinstance(questions, list) and all(isinstance(question, str) for question in questions)
    return frozenset(questions) if is_list else None


def _lost(meta: Any, annotation: Any) -> frozenset[str]:
    masked = meta.get(MASKED) if isinstance(meta, dict) else None
    return frozenset({RESIDUAL} if isinstance(masked, list) and annotation in masked else ())


def _seconds(lead_time: Any) -> float | None:
    is_number = isinstance(lead_time, int | float) and not isinstance(lead_time, bool)
    return round(float(lead_time), 3) if is_number else None


def parts_of(type: Any, value: Task) -> list[Part] | None:
    """What a result says, or None when it is nothing that can be voted on."""
    if type in ("choices", "taxonomy") and isinstance(value.get(type), list):
        return [" / ".join(map(str, path)) if isinstance(path, list) else str(path) for path in value[type]]
    if type == "rating" and isinstance(value.get(type), int):
        return [str(value[type])]
    if type in _SPAN_TYPES and isinstance(value.get(type), list):
        offsets = value.get("globalOffsets")
        offsets = offsets if isinstance(offsets, dict) else value
        start, end = offsets.get("start"), offsets.get("end")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end:
            return [(start, end, str(label)) for label in value[type]]
    return None


def _unfold(task: Task, known: set[str]) -> list[Task]:
    """The results of a JSON_MIN entry. Its keys: the task's data, `id`, the questions, `annotator` and so on."""
    keys = list(task)
    asked = keys[keys.index("id") + 1 : keys.index("annotator")] if {"id", "annotator"} <= task.keys() else []
    results = []
    for question in [key for key in keys if (key in asked or key in known) and key not in _MIN_AFTER]:
        for value in task[question] if isinstance(task[question], list) else [task[question]]:
            if isinstance(value, str) and len(value) <= MAX_CHOICE and value.isprintable():
                value = {"choices": [value]}
            types = value if isinstance(value, dict) else {}
            type = next((t for t in ("choices", "taxonomy", "rating", *_SPAN_TYPES) if t in types), None)
            results.append({"from_name": question, "type": type, "value": value})
    return results
