"""A study on the server: everybody's project, with the tasks assigned to them.

Each codebook version has a project of its own in each annotator's organisation. Who is assigned what is on file before
anything is pushed, so that an interrupted push goes on as it began, and a task deleted in Label Studio comes back.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from annotation import annotations, assign, guidelines, interface, private, relabel, roster, studio
from annotation.codebook import Codebook
from annotation.private import FOLDER
from annotation.roster import Annotator
from annotation.server import Server
from annotation.studio import Project, Pushed, Studio
from pipeline import params, store
from pipeline.errors import Refusal
from pipeline.progress import track
from pipeline.store import Row

ASSIGNMENT = "assignment.json"
TITLE = "Safelight, codebook "


@dataclass(frozen=True, slots=True)
class Pushes:
    """What a push did for one annotator; `returned`: tasks added that had been assigned before."""

    annotator: Annotator
    project: Project
    tasks: Pushed
    returned: int


@contextmanager
def session(running: Server, annotator: Annotator) -> Iterator[Studio]:
    """A session in the annotator's organisation, as its service account."""
    with studio.connect(running, annotator.service, roster.ROSTER) as connected:
        yield connected


def task_data(data: Row, codebook: Codebook) -> Row:
    """What Label Studio gets to know of an ad: the one place where a task's data is made."""
    return {**data, **interface.task_data(data["text"]), "codebook": codebook.version}


def push(
    running: Server,
    people: Sequence[Annotator],
    tasks: Sequence[Row],
    codebook: Codebook,
    settings: params.Tasks,
    care: params.Annotate,
    folder: Path = FOLDER,
    answered: Mapping[str, Collection[str]] | None = None,
) -> list[Pushes]:
    """Bring everybody's project and tasks up to date, and say what that took.

    `answered`: by pseudonym, the ads that need no task (see `answered_before`).
    """
    earlier = _read_assignment(folder)
    for person in people:
        if person.pseudonym not in earlier:
            with session(running, person) as connected:
                project_id = connected.projects().get(TITLE + codebook.version)
                earlier[person.pseudonym] = list(connected.ads(project_id)) if project_id else []
    by_ad = {task["data"]["ad_id"]: task for task in tasks}
    assigned = assign.assign(by_ad, [person.pseudonym for person in people], earlier, settings.overlap, settings.seed)
    private.write_private(folder / ASSIGNMENT, {**earlier, **assigned})
    done = []
    for person in track(people, "pushing"):
        done_before = (answered or {}).get(person.pseudonym, ())
        ads = [ad for ad in assigned[person.pseudonym] if ad in by_ad and ad not in done_before]
        own = ({**by_ad[ad], "data": task_data(by_ad[ad]["data"], codebook)} for ad in ads)
        with session(running, person) as connected:
            project = connected.ensure_project(
                TITLE + codebook.version, interface.render(codebook, care), guidelines.dialog(codebook, care)
            )
            before = {} if project.new else connected.ads(project.id)
            returned = len((set(earlier[person.pseudonym]) & set(ads)) - before.keys())
            done.append(Pushes(person, project, connected.push(project.id, own), returned))
    return done


def answered_before(export: Path, codebook: Codebook) -> dict[str, set[str]]:
    """By pseudonym, the ads answered under an earlier version: what the change leaves open, `redo` asks."""
    found: dict[str, set[str]] = {}
    for row in annotations.tasks(export) if export.is_file() else ():
        if row["data"].get("codebook") != codebook.version:
            for annotation in row["annotations"]:
                found.setdefault(f"annotator-{annotation['completed_by']}", set()).add(row["data"]["ad_id"])
    return found


def redo(
    running: Server,
    people: Sequence[Annotator],
    wanted: Sequence[relabel.Project],
    texts: Mapping[str, str],
    codebook: Codebook,
    care: params.Annotate,
) -> Pushed:
    """Give everybody a project for each set of questions that they are asked again, and say what that took."""
    total = Pushed()
    for person in track(people, "pushing"):
        with session(running, person) as connected:
            for project in wanted:
                if project.annotator == person.pseudonym:
                    title = f"{TITLE}{codebook.version}, again: {' '.join(project.questions)}"
                    part = codebook.only(project.questions)
                    made = connected.ensure_project(title, interface.render(part, care), guidelines.dialog(part, care))
                    done = connected.push(made.id, relabel.tasks(project, texts, codebook))
                    total = replace(total, added=total.added + done.added, already=total.already + done.already)
    return total


def _read_assignment(folder: Path) -> dict[str, list[str]]:
    path = folder / ASSIGNMENT
    try:
        content: dict[str, list[str]] = store.read_json(path) if path.exists() else {}
    except ValueError:
        raise Refusal(
            f"{path}: not JSON. Restore it from a copy, or delete it: who has what is assigned anew."
        ) from None
    return content
