"""Take old texts out of the server's database: a module run on it, beside the server or without one.

Standard input, JSON lines: first `{"read", "own", "denied", "sweep"}`, then the sanitized ads, `{"ad_id", "text"}`.
`read`: the ids of the flags that are on the deny list, `[ad_id, flag]` each; `own`: the annotators' ids; `denied`: rows
of the deny list to look for; `sweep`: rewrite the database in any case. Standard output, last line: `{"renewed",
"unread", "holding", "swept"}`, tasks that were given another text, tasks with a flag that nobody has read (then nothing
is changed), tasks that hold a denied value, and whether the database was rewritten.

A task gets its ad's present text, whichever project it is in. What its annotations, drafts and predictions mark as
personal data goes, since it is on the deny list and its offsets point into the old text; the task's `meta` names the
annotations that lost a mark. Of every other mark the covered text goes. Choices and times stay as they are.
"""

import json
import sys
from collections.abc import Iterable
from typing import Any

from annotation.annotations import MASKED, RESIDUAL
from annotation.flags import flag_ids
from annotation.interface import HTML, TEXT, task_data
from pipeline.denied import Denied, DenyList

Row = dict[str, Any]

TABLES = ("task", "task_completion", "tasks_annotationdraft", "prediction")


def renew(texts: Iterable[Row], read: set[tuple[str, str]], own: set[int]) -> tuple[int, int]:
    """Give every task its ad's text; return how many got another one and how many have a flag that nobody has read."""
    from django.apps import apps
    from django.db import transaction

    tasks = apps.get_model("tasks", "Task").objects
    there: dict[str, dict[int, str]] = {}
    for key, data in tasks.values_list("pk", "data").iterator():
        if isinstance(data, dict) and isinstance(data.get(TEXT), str):
            there.setdefault(str(data.get("ad_id")), {})[key] = data[TEXT]
    new = {key: ad["text"] for ad in texts for key, text in there.get(ad["ad_id"], {}).items() if text != ad["text"]}
    with transaction.atomic():
        unread = sum(_has_unread(tasks.get(pk=key), read, own) for key in new)
        for key in () if unread else new:
            task = tasks.select_for_update().get(pk=key)
            shown = task_data(new[key])
            data = {**task.data, TEXT: shown[TEXT], **({HTML: shown[HTML]} if HTML in task.data else {})}
            masked = _clean(task)
            meta = {**(task.meta or {}), MASKED: masked} if masked else task.meta
            tasks.filter(pk=key).update(data=data, meta=meta)
    return (0, unread) if unread else (len(new), 0)


def holding(denied: DenyList) -> int:
    """How many tasks hold a denied value in what Label Studio keeps of them."""
    from django.apps import apps

    found = set()
    owners = {}
    for key, data in apps.get_model("tasks", "Task").objects.values_list("pk", "data").iterator():
        owners[key] = str(data.get("ad_id"))
        if denied.find(str(data.get(TEXT) or ""), owners[key]):
            found.add(key)
    for name in ("Annotation", "AnnotationDraft", "Prediction"):
        for key, result in apps.get_model("tasks", name).objects.values_list("task_id", "result").iterator():
            covered = [str(part["value"]["text"]) for part in _marks(result) if "text" in part["value"]]
            if any(denied.find(text, owners.get(key, "")) for text in covered):
                found.add(key)
    return len(found)


def sweep() -> None:
    """Rewrite the tables, so that nothing deleted is left in the database's free pages."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0]:
                raise SystemExit("the write-ahead log is in use")
        else:
            cursor.execute(f"VACUUM (FULL) {', '.join(TABLES)}")


def _has_unread(task: Any, read: set[tuple[str, str]], own: set[int]) -> bool:
    ad_id = str(task.data.get("ad_id"))
    return any(
        (ad_id, flag) not in read
        for annotation in task.annotations.filter(completed_by__in=own)
        for flag in flag_ids(annotation.pk, annotation.result)
    )


def _clean(task: Any) -> list[int]:
    """Take the marks of personal data and all covered text from what people and models said; return who lost a mark."""
    masked = set((task.meta or {}).get(MASKED) or ())
    for one in (*task.annotations.all(), *task.drafts.all(), *task.predictions.all()):
        result = _without_marks(one.result)
        changes = {} if result == one.result else {"result": result}
        name = type(one).__name__
        if name == "Annotation" and one.prediction:
            changes["prediction"] = {}  # a copy of what a model suggested
        if len(result or ()) < len(one.result or ()):
            masked |= {"Annotation": {one.pk}, "AnnotationDraft": {getattr(one, "annotation_id", None)}}.get(
                name, set()
            )
            if name == "Annotation":
                changes["result_count"] = len({part.get("id") for part in result})
        if changes:
            type(one).objects.filter(pk=one.pk).update(**changes)  # past `save`, which would set the time
    masked.discard(None)  # a draft of no annotation yet
    return sorted(masked)


def _without_marks(result: Any) -> Any:
    if not isinstance(result, list):
        return result
    kept = [part for part in result if not (isinstance(part, dict) and part.get("from_name") == RESIDUAL)]
    marks = _marks(kept)
    return [
        {**part, "value": {key: value for key, value in part["value"].items() if key != "text"}}
        if part in marks
        else part
        for part in kept
    ]


def _marks(result: Any) -> list[Row]:
    """The answers of a result that cover text."""
    parts = [part for part in result if isinstance(part, dict)] if isinstance(result, list) else []
    return [part for part in parts if isinstance(part.get("value"), dict) and "start" in part["value"]]


def main() -> None:
    """Renew, sweep where something was renewed, and say what there is."""
    from label_studio.server import _setup_env

    _setup_env()
    wish = json.loads(sys.stdin.readline())
    renewed, unread = renew(map(json.loads, sys.stdin), set(map(tuple, wish["read"])), set(wish["own"]))
    if swept := bool(renewed or wish["sweep"]):
        sweep()
    denied = DenyList(Denied(**row) for row in wish["denied"])
    said = {"renewed": renewed, "unread": unread, "holding": holding(denied) if denied else 0, "swept": swept}
    sys.stdout.write(f"\n{json.dumps(said)}\n")


if __name__ == "__main__":
    main()
