"""Exactly the answers that a changed codebook wants again, and the tasks that ask for nothing else.

Whose answer it was is asked again, about the same ad; a question that is new is put to whoever answered anything about
the ad. Label Studio has one interface for a project, so tasks are parted by annotator and by the questions they ask.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from annotation import interface
from annotation import votes as voting
from annotation.annotations import ASKED
from annotation.changelog import Change
from annotation.codebook import Codebook
from annotation.votes import ADJUDICATOR, Vote
from pipeline.errors import Refusal
from pipeline.store import Row


@dataclass(frozen=True, slots=True, order=True)
class Redo:
    """One answer to be given again (or, for a new question, for the first time).

    `codebook`: the version it was given under. `because`: what changed, and the note on it.
    """

    item: str
    question: str
    annotator: str
    codebook: str
    because: str


@dataclass(frozen=True, slots=True)
class Project:
    """What one annotator is asked again: `questions`, in codebook order, about each of `items`, in order."""

    annotator: str
    questions: tuple[str, ...]
    items: tuple[str, ...]


def list_redos(votes: Iterable[Vote], codebook: Codebook) -> list[Redo]:
    """The answers to redo, sorted. Votes that name no version are taken as given under the codebook's own.

    Raises:
        Refusal: votes name versions that the changelog does not know; all are listed with their counts.
    """
    votes = [vote for vote in votes if vote.codebook is not None]
    _check_versions(votes, codebook)
    found = set()
    people: dict[tuple[str, str], list[Vote]] = {}
    for vote in votes:
        people.setdefault((vote.item, vote.annotator), []).append(vote)
        change = codebook.outdates(vote.question, voting.answers(vote), str(vote.codebook))
        if change is not None and change.kind != "question_removed":
            found.add(_redo(vote, vote.question, change))
    for (_, annotator), given in people.items():
        if annotator != ADJUDICATOR:
            found.update(_missing(given, codebook))
    return sorted(found)


def projects(redos: Iterable[Redo], codebook: Codebook) -> list[Project]:
    """The redos by annotator and by the questions to ask, sorted."""
    asked: dict[tuple[str, str], set[str]] = {}
    for redo in redos:
        asked.setdefault((redo.annotator, redo.item), set()).add(redo.question)
    grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (annotator, item), wanted in sorted(asked.items()):
        questions = tuple(question.id for question in codebook.questions if question.id in wanted)
        grouped.setdefault((annotator, questions), []).append(item)
    return [Project(annotator, questions, tuple(items)) for (annotator, questions), items in sorted(grouped.items())]


def tasks(project: Project, texts: Mapping[str, str], codebook: Codebook) -> Iterator[Row]:
    """Label Studio tasks for a project, from the sanitized texts by item; items without a text are left out."""
    for item in project.items:
        if item in texts:
            yield {
                "data": {
                    "ad_id": item,
                    **interface.task_data(texts[item]),
                    "codebook": codebook.version,
                    ASKED: list(project.questions),
                }
            }


def _missing(given: list[Vote], codebook: Codebook) -> Iterator[Redo]:
    """The questions that were added after one person's oldest answer about an ad, and which they have not answered."""
    order = {revision.version: number for number, revision in enumerate(codebook.changelog)}
    oldest = min(given, key=lambda vote: order[str(vote.codebook)])
    there = codebook.asked_at(str(oldest.codebook)) | {vote.question for vote in given}
    for question in codebook.questions:
        if question.id not in there:
            change = next(
                change
                for revision in reversed(codebook.changelog)
                for change in revision.changes
                if change.kind == "question_added" and change.question == question.id
            )
            yield _redo(oldest, question.id, change)


def _redo(vote: Vote, question: str, change: Change) -> Redo:
    return Redo(vote.item, question, vote.annotator, str(vote.codebook), f"{_describe(change)}: {change.note}")


def _describe(change: Change) -> str:
    return change.kind.replace("_", " ") + (f" ({change.choice})" if change.choice else "")


def _check_versions(votes: Iterable[Vote], codebook: Codebook) -> None:
    unknown: dict[str, list[str]] = {}
    for vote in votes:
        if not codebook.stands_for(str(vote.codebook)):
            unknown.setdefault(str(vote.codebook), []).append(vote.item)
    if unknown:
        problems = [f"{v} ({len(items)} votes, first: {min(items)})" for v, items in sorted(unknown.items())]
        raise Refusal(
            f"{len(problems)} version(s) that are not in the changelog of codebook {codebook.version}:\n"
            f"{voting.listed(problems)}"
        )
