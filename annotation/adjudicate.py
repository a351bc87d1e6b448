"""Adjudication on the server: the disagreements in the administrator's organisation, where no annotator sees them."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotation import adjudication, annotations, guidelines
from annotation.adjudication import Dispute
from annotation.codebook import Codebook
from annotation.studio import Pushed, Studio
from pipeline import params, store
from pipeline.store import Row

TITLE = "Safelight adjudication, codebook "

_TASK = ("ad_id", "codebook", annotations.ASKED)
_ANNOTATION = ("id", "result", "was_cancelled", "lead_time", "created_at", "updated_at")


def pull(session: Studio, decisions: Path) -> int:
    """Write the decisions of every codebook version to `decisions`, as a Label Studio export; return of how many ads.

    Those of the file before about ads that are gone from Label Studio are kept. Without any, no file is written.
    """
    rows = [row for title, id in session.projects().items() if title.startswith(TITLE) for row in _rows(session, id)]
    there = {(row["data"]["ad_id"], row["data"]["codebook"]) for row in rows}
    if decisions.is_file():
        before = annotations.tasks(decisions)
        rows += [row for row in before if (row["data"]["ad_id"], row["data"].get("codebook")) not in there]
    if rows:
        store.write_text(decisions, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    return len(rows)


def push(
    session: Studio,
    disputes: Sequence[Dispute],
    texts: dict[str, str],
    codebook: Codebook,
    care: params.Annotate,
    seed: int,
) -> tuple[int, Pushed]:
    """Bring the codebook version's project up to date with the disputes; return its id and what that took."""
    project = session.ensure_project(
        TITLE + codebook.version, adjudication.render(codebook, care), guidelines.dialog(codebook, care)
    )
    return project.id, session.push(project.id, adjudication.tasks(disputes, texts, codebook, seed))


def _rows(session: Studio, project: int) -> Iterator[Row]:
    for task in session.tasks(project):
        if task["annotations"]:
            yield {
                "id": task["id"],
                "data": {key: task["data"].get(key) for key in _TASK},
                "annotations": [
                    {"completed_by": "adjudicator", **{key: annotation[key] for key in _ANNOTATION}}
                    for annotation in task["annotations"]
                ],
            }
