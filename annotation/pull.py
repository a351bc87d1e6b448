"""Everybody's answers back from the server, in one file: the export that `collect` reads.

What is gone from Label Studio (a project or a task deleted by hand, tasks of an earlier server) stays in the export.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import ijson

from annotation import annotations, flags, gate, residual
from annotation.codebook import Codebook
from annotation.roster import Annotator
from annotation.server import Server
from annotation.study import TITLE, session
from pipeline import store
from pipeline.errors import Refusal
from pipeline.progress import track
from pipeline.store import Row

_DATA = ("ad_id", "text", "codebook", annotations.ASKED)


@dataclass(slots=True)
class Tally:
    """One annotator's work: `projects` found, tasks `assigned`, `done` and `skipped`, `seconds` taken for each done.

    `foreign`: annotations in the annotator's projects by somebody else, which are left out.
    """

    projects: int = 0
    assigned: int = 0
    done: int = 0
    skipped: int = 0
    foreign: int = 0
    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pulled:
    """Everybody's tally, and how many annotations of the export before are not in Label Studio any more but `kept`."""

    tallies: dict[str, Tally]
    kept: int


def pull(
    running: Server,
    people: Sequence[Annotator],
    codebook: Codebook,
    export: Path,
    ads: Path = gate.ADS,
    read: Path = residual.READ,
) -> Pulled:
    """Write everybody's annotations to `export`, in Label Studio's JSON format, replaced when all have arrived.

    An annotation names its annotator by Label Studio's id only, and a span by its offsets: the text that it covers may
    be personal data. Annotations of the export before that are gone from Label Studio are kept, unless the same
    annotator has answered anew; the text of such a row becomes the ad's present one in `ads`, once all flags in it are
    in `read`. Projects of codebook versions that this one stands for are all pulled.
    """
    tallies = {person.pseudonym: Tally() for person in people}
    seen: set[int] = set()
    answered: set[tuple[Any, ...]] = set()
    kept = 0
    with store.replacing(export) as partial, partial.open("w", encoding="utf-8") as file:
        separator = "["
        for row in _rows(running, people, codebook, tallies):
            for annotation in row["annotations"]:
                seen.add(annotation["id"])
                answered.add(_asked(row, annotation))
            file.write(f"{separator}\n{json.dumps(row, ensure_ascii=False)}")
            separator = ","
        for row in _gone(export, codebook, seen, answered, _Present(ads, read)):
            kept += len(row["annotations"])
            file.write(f"{separator}\n{json.dumps(row, ensure_ascii=False)}")
            separator = ","
        file.write("\n]\n" if separator == "," else "[]\n")
    return Pulled(tallies, kept)


def _rows(running: Server, people: Sequence[Annotator], codebook: Codebook, tallies: dict[str, Tally]) -> Iterator[Row]:
    for person in people:
        tally = tallies[person.pseudonym]
        with session(running, person) as connected:
            for title, project in connected.projects().items():
                if title.startswith(TITLE) and codebook.stands_for(title.removeprefix(TITLE).split(", ")[0]):
                    tally.projects += 1
                    for task in track(connected.tasks(project), f"pulling {person.pseudonym}"):
                        row = _row(task, person, tally)
                        if row["annotations"]:
                            yield row


def _row(task: Row, person: Annotator, tally: Tally) -> Row:
    """A task as the export has it, counted in `tally`."""
    tally.assigned += 1
    own = [annotation for annotation in task["annotations"] if _author(annotation) == person.user]
    tally.foreign += len(task["annotations"]) - len(own)
    answers = [annotation for annotation in own if not annotation["was_cancelled"]]
    tally.done += bool(answers)
    tally.skipped += bool(own) and not answers
    tally.seconds += [annotation["lead_time"] for annotation in answers if annotation["lead_time"] is not None]
    return {
        "id": task["id"],
        "data": {key: task["data"][key] for key in _DATA if key in task["data"]},
        "meta": task.get("meta") or {},
        "annotations": [
            {
                "id": annotation["id"],
                "completed_by": person.user,
                "result": [_without_text(result) for result in annotation["result"]],
                **{key: annotation[key] for key in ("was_cancelled", "lead_time", "created_at", "updated_at")},
            }
            for annotation in own
        ],
    }


def _asked(row: Row, annotation: Row) -> tuple[Any, ...]:
    """Who answered what: the ad, the annotator, the codebook version and the questions, where not all were asked."""
    data = row["data"]
    asked = tuple(data.get(annotations.ASKED) or ())
    return (data["ad_id"], annotation["completed_by"], data.get("codebook"), asked)


def _author(annotation: Row) -> Any:
    by = annotation["completed_by"]
    return by["id"] if isinstance(by, dict) else by


def _without_text(result: Row) -> Row:
    value = result.get("value")
    return {**result, "value": {key: part for key, part in value.items() if key != "text"}} if value else result


def _gone(
    export: Path, codebook: Codebook, seen: set[int], answered: set[tuple[Any, ...]], present: "_Present"
) -> Iterator[Row]:
    """The rows of the export before with the annotations that are gone from Label Studio and were not given anew."""
    for row in _previous(export, codebook):
        row["annotations"] = [
            annotation
            for annotation in row["annotations"]
            if annotation["id"] not in seen and _asked(row, annotation) not in answered
        ]
        if row["annotations"]:
            yield present.renew(row)


class _Present:
    """The ads' present texts and the flags that were read, looked up when the first row asks."""

    def __init__(self, ads: Path, read: Path) -> None:
        self._ads, self._read = ads, read

    def renew(self, row: Row) -> Row:
        """The row with its ad's present text, unless an unread flag in it points into the old one."""
        data = row["data"]
        text = self._texts.get(data["ad_id"])
        flags_of = (flags.flag_ids(annotation["id"], annotation["result"]) for annotation in row["annotations"])
        if text is None or any((data["ad_id"], flag) not in self._flags for found in flags_of for flag in found):
            return row
        return {**row, "data": {**data, "text": text}}

    @cached_property
    def _texts(self) -> dict[str, str]:
        rows = store.read_table(self._ads, ["ad_id", "text"]) if self._ads.exists() else ()
        return {row["ad_id"]: row["text"] for row in rows}

    @cached_property
    def _flags(self) -> set[tuple[str, str]]:
        rows = store.read_jsonl(self._read) if self._read.exists() else ()
        return {(row["ad_id"], row["flag"]) for row in rows}


def _previous(export: Path, codebook: Codebook) -> Iterator[Row]:
    if not export.is_file():
        return
    with export.open("rb") as file:
        try:
            for row in ijson.items(file, "item", use_float=True):
                if codebook.stands_for(str(row["data"].get("codebook") or codebook.version)):
                    yield row
        except (ijson.JSONError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
            raise Refusal(
                f"{export}: not an export that `safelight annotate pull` wrote, or cut off. Move it away: pull keeps "
                "what it holds and Label Studio has lost."
            ) from None
