"""Votes out of a Label Studio export, JSON or JSON_MIN, made by Safelight's interface or by anybody else's.

The export is streamed. What counts: the newest annotation of each annotator for each item. What is left out is counted:
skipped annotations, empty ones, older ones by the same annotator, and answers that are free text or regions outside
text. The item is the task's `ad_id` where its data has one, else the task's id; annotators become pseudonyms, and an
e-mail address is never kept. Predictions and drafts are not votes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ijson

from annotation import votes as voting
from annotation.codebook import Codebook, Question
from annotation.votes import Value, Vote
from pipeline.errors import Refusal

Task = dict[str, Any]
Part = str | tuple[int, int, str]  # a choice, or a span with its label

# A JSON_MIN string could as well be free text; longer ones are taken to be.
MAX_CHOICE = 100

_SPAN_TYPES = ("labels", "hypertextlabels")
_ALWAYS_SEVERAL = ("taxonomy",)
_MIN_AFTER = ("annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement")


@dataclass(slots=True)
class _Annotation:
    """One annotation of one item: its parts by question, and when it was last changed."""

    item: str
    annotator: Any
    updated: tuple[str, int]
    lead_time: float | None
    parts: dict[str, list[Part]] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)


def collect(path: Path, codebook: Codebook | None = None) -> tuple[list[Vote], dict[str, int]]:
    """The votes in an export, sorted, and how much of what was left out.

    With a codebook its question types say what a value is, an annotation without a flag votes `no`, one without spans
    votes for none, and the votes are checked against it. Without one, a question is `choice` when nobody gave it
    several answers. Spans keep Label Studio's offsets: code points, end exclusive, into the task's text.

    Raises:
        Refusal: the file is missing, cut off or not an export, or its answers do not fit the codebook; all such answers
            are listed with their counts.
    """
    counts: Counter[str] = Counter()
    newest: dict[tuple[str, str], _Annotation] = {}
    for task in _tasks(path):
        for annotation in _annotations(path, task, counts, codebook):
            counts["annotations"] += 1
            key = (annotation.item, str(annotation.annotator))
            if key in newest:
                counts["superseded"] += 1
            if key not in newest or annotation.updated >= newest[key].updated:
                newest[key] = annotation
    names = _pseudonyms(annotation.annotator for annotation in newest.values())
    several = {question for annotation in newest.values() for question in _several(annotation)}
    votes = [
        Vote(
            annotation.item,
            names[str(annotation.annotator)],
            question,
            value,
            annotation.lead_time,
            codebook.version if codebook else None,
        )
        for annotation in newest.values()
        for question, value in _values(annotation, several, codebook)
    ]
    if codebook is not None:
        voting.check(votes, codebook)
    if not votes:
        raise Refusal(f"{path}: no vote in it. {_describe(counts)}")
    return sorted(votes, key=lambda vote: vote.key), dict(sorted(counts.items()))


def _tasks(path: Path) -> Iterator[Task]:
    if not path.is_file():
        raise Refusal(f"{path}: no such export. `safelight annotate pull` makes one.")
    done = 0
    with path.open("rb") as file:
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


def _annotations(path: Path, task: Task, counts: Counter[str], codebook: Codebook | None) -> Iterator[_Annotation]:
    if "annotation_id" in task:
        known = {question.id for question in codebook.questions} if codebook else set()
        item = task.get("ad_id", task.get("id"))
        yield from _annotation(item, task, task.get("annotator"), _unfold(task, known), counts)
        return
    annotations, data = task.get("annotations", task.get("completions")), task.get("data")
    if not isinstance(annotations, list) or not isinstance(data, dict):
        raise Refusal(f"{path}: task {task.get('id')} has no data or no annotations. Export as JSON or JSON_MIN.")
    item = data.get("ad_id", task.get("id"))
    for annotation in annotations:
        if not isinstance(annotation, dict):
            raise Refusal(f"{path}: task {task.get('id')} has an annotation that is not an object. Export it again.")
        if annotation.get("was_cancelled") or annotation.get("skipped"):
            counts["skipped"] += 1
        else:
            yield from _annotation(item, annotation, annotation.get("completed_by"), annotation.get("result"), counts)


def _annotation(
    item: Any, source: Task, by: Any, results: list[Task] | None, counts: Counter[str]
) -> Iterator[_Annotation]:
    """The annotation in `source`, unless it is to be left out."""
    annotator = (by.get("id") or by.get("email")) if isinstance(by, dict) else by
    if item in (None, "") or annotator in (None, ""):
        counts["no_item_or_annotator"] += 1
        return
    identity = source.get("annotation_id", source.get("id"))
    updated = (str(source.get("updated_at") or ""), identity if isinstance(identity, int) else 0)
    annotation = _Annotation(str(item), annotator, updated, _seconds(source.get("lead_time")))
    for result in results or []:
        question, type, value = result.get("from_name"), result.get("type"), result.get("value")
        if not question:
            continue  # a relation between regions
        parts = _parts(type, value) if isinstance(value, dict) else None
        if parts is None:
            counts["unsupported_answers"] += 1
            continue
        annotation.parts.setdefault(question, []).extend(parts)
        if type in _ALWAYS_SEVERAL:
            annotation.several.add(question)
    if annotation.parts:
        yield annotation
    else:
        counts["empty"] += 1


def _seconds(lead_time: Any) -> float | None:
    return round(float(lead_time), 3) if isinstance(lead_time, int | float) else None


def _parts(type: Any, value: Task) -> list[Part] | None:
    """What a result says, or None when it is nothing that can be voted on."""
    if type in ("choices", "taxonomy") and isinstance(value.get(type), list):
        return [" / ".join(map(str, path)) if isinstance(path, list) else str(path) for path in value[type]]
    if type == "rating" and isinstance(value.get(type), int):
        return [str(value[type])]
    if type in _SPAN_TYPES and isinstance(value.get(type), list):
        offsets = value.get("globalOffsets", value)
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
            type = next((t for t in ("choices", "taxonomy", "rating", *_SPAN_TYPES) if t in value), None)
            results.append({"from_name": question, "type": type, "value": value})
    return results


def _several(annotation: _Annotation) -> set[str]:
    """The questions to which this annotation alone shows that several answers can be given."""
    many = {question for question, parts in annotation.parts.items() if len(set(parts)) > 1}
    return annotation.several | many


def _values(annotation: _Annotation, several: set[str], codebook: Codebook | None) -> Iterator[tuple[str, Value]]:
    questions = {question.id: question for question in codebook.questions} if codebook else {}
    for name in sorted(questions.keys() | annotation.parts.keys()):
        parts = annotation.parts.get(name, [])
        value = _asked(questions[name], parts) if name in questions else _value(parts, name in several)
        if value is not None:
            yield name, value


def _asked(question: Question, parts: list[Part]) -> Value | None:
    if question.type == "flag" and not parts:
        return "no"
    if question.type == "spans" and not parts:
        return ()
    return _value(parts, question.type == "choices") if parts else None


def _value(parts: list[Part], several: bool) -> Value:
    spans = sorted({part for part in parts if isinstance(part, tuple)})
    if spans:
        return tuple({"start": start, "end": end, "label": label} for start, end, label in spans)
    choices = tuple(sorted({part for part in parts if isinstance(part, str)}))
    return choices if several or len(choices) > 1 else choices[0]


def _pseudonyms(annotators: Iterable[Any]) -> dict[str, str]:
    """`annotator-ID` for Label Studio's user ids; anything else, an e-mail say, is numbered in alphabetical order."""
    every = {str(annotator) for annotator in annotators}
    named = sorted(name for name in every if not name.isdigit())
    numbers = {name: f"annotator-n{number}" for number, name in enumerate(named, 1)}
    return {name: numbers.get(name, f"annotator-{name}") for name in every}


def _describe(counts: Counter[str]) -> str:
    listed = ", ".join(f"{count} {reason}" for reason, count in sorted(counts.items()))
    return f"Counted: {listed or 'nothing'}."
