"""How a codebook changed from version to version, and what that means for answers given before.

The rule, for an answer given under an earlier version: it stands unless a change since then touches it.

`wording`: nothing changes in meaning; every answer stands.
`choice_added`: answers that named one of `where` are to be redone, all answers to the question where there is none.
`choice_removed`: answers that named the choice are to be redone.
`meaning`: all answers to the question are to be redone.
`question_added`: whoever answered anything about an ad is to answer this too.
`question_removed`: its answers are left out.

A version is one step above the one before: a major one where ids or meanings change, a minor one where choices or
questions are added, a patch for wording alone (https://semver.org).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

FIRST = "1.0.0"  # the version of a codebook without a changelog

LEVELS = {
    "wording": 2,
    "choice_added": 1,
    "question_added": 1,
    "choice_removed": 0,
    "meaning": 0,
    "question_removed": 0,
}
_STEPS = ("major", "minor", "patch")

Version = Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
Kind = Literal["wording", "choice_added", "choice_removed", "meaning", "question_added", "question_removed"]
Ids = dict[str, frozenset[str] | None]  # each question's choices; None: not known, because it is gone


class Part(BaseModel):
    """A part of a codebook."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Change(Part):
    """One change to one question. `where`: the former answers in whose place an added choice could be the right one."""

    kind: Kind
    question: str
    choice: str | None = None
    where: Annotated[tuple[str, ...], Field(strict=False)] = ()
    note: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> "Change":
        if self.kind in {"choice_added", "choice_removed"} and self.choice is None:
            raise ValueError(f"{self.kind} must name the choice")
        if self.kind in {"question_added", "question_removed"} and self.choice is not None:
            raise ValueError(f"{self.kind} is about a whole question and names no choice")
        if self.where and self.kind != "choice_added":
            raise ValueError("`where` only makes sense for choice_added")
        return self

    def touches(self, answers: Iterable[str]) -> bool:
        """Whether an answer to its question, given before it, is to be given again."""
        if self.kind == "choice_added":
            return not self.where or not set(self.where).isdisjoint(answers)
        if self.kind == "choice_removed":
            return self.choice in set(answers)
        return self.kind == "meaning"


class Revision(Part):
    """What changed with `version`. The first one of a changelog has no changes: it is where the changelog starts."""

    version: Version
    changes: Annotated[tuple[Change, ...], Field(strict=False)] = ()


Changelog = tuple[Revision, ...]
START: Changelog = (Revision(version=FIRST),)


def since(changelog: Changelog, version: str) -> list[Change]:
    """All changes after `version`, in order.

    Raises:
        KeyError: the changelog does not know the version.
    """
    versions = [revision.version for revision in changelog]
    if version not in versions:
        raise KeyError(version)
    return [change for revision in changelog[versions.index(version) + 1 :] for change in revision.changes]


def questions_at(changelog: Changelog, version: str, questions: Iterable[str]) -> set[str]:
    """The ids of the questions that `version` asked, from those of the newest (KeyError: unknown version)."""
    ids: Ids = dict.fromkeys(questions)
    for change in reversed(since(changelog, version)):
        _undo(change, ids)
    return set(ids)


def check(changelog: Sequence[Revision], version: str, choices: Mapping[str, Iterable[str]]) -> list[str]:
    """What is wrong with a changelog of the codebook at `version` with these questions and choices."""
    problems = []
    if changelog[0].changes:
        problems.append(f"changelog, {changelog[0].version}: the first version has no changes (it is the start)")
    for before, after in pairwise(changelog):
        problems += _misstep(before.version, after)
    if changelog[-1].version != version:
        problems.append(
            f"changelog: it ends at {changelog[-1].version} and does not explain version {version}. Add an entry that "
            "says what changed"
        )
    ids: Ids = {question: frozenset(own) for question, own in choices.items()}
    used = set(ids)
    for revision in reversed(changelog):
        for change in reversed(revision.changes):
            problems += [f"changelog, {revision.version}, {problem}" for problem in _misfits(change, ids, used)]
            used |= {change.question} if change.kind == "question_added" else set()
            _undo(change, ids)
    return problems


def _misstep(before: str, after: Revision) -> list[str]:
    if not after.changes:
        return [f"changelog, {after.version}: it says nothing about what changed"]
    level = min(LEVELS[change.kind] for change in after.changes)
    step = [int(part) for part in before.split(".")]
    step = [*step[:level], step[level] + 1, *([0] * (2 - level))]
    expected = ".".join(map(str, step))
    if after.version == expected:
        return []
    kinds = ", ".join(sorted({change.kind for change in after.changes if LEVELS[change.kind] == level}))
    return [f"changelog, {after.version}: after {before} it must be {expected}, a {_STEPS[level]} version ({kinds})"]


def _misfits(change: Change, after: Ids, used: set[str]) -> list[str]:
    """What is wrong with a change, given the ids that there were after it, and those of questions `used` since."""
    name = f"{change.kind} of {change.question}"
    if change.kind == "question_removed":
        return [f"{name}: the id is in use; a new question needs a new one"] if change.question in used else []
    if change.question not in after:
        return [f"{name}: there was no such question then"]
    there = after[change.question]
    if there is None or change.choice is None:
        return []
    if change.kind == "choice_removed":
        return [f"{name}: choice {change.choice} is still there"] if change.choice in there else []
    problems = [] if change.choice in there else [f"{name}: there was no choice {change.choice} then"]
    unknown = sorted(set(change.where) - (there - {change.choice}))
    return problems + [f"{name}: `where` names {choice}, which was no choice before" for choice in unknown]


def _undo(change: Change, ids: Ids) -> None:
    if change.kind == "question_added":
        ids.pop(change.question, None)
    elif change.kind == "question_removed":
        ids[change.question] = None
    elif (there := ids.get(change.question)) is not None and change.choice is not None:
        if change.kind == "choice_added":
            ids[change.question] = there - {change.choice}
        elif change.kind == "choice_removed":
            ids[change.question] = there | {change.choice}
