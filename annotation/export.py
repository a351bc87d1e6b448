"""Votes out of a Label Studio export, JSON or JSON_MIN, made by Safelight's interface or by anybody else's.

The export is streamed. What counts: the newest answer of each annotator for each item and question. What is left out is
counted: skipped annotations, empty ones, those without an item or an annotator, older ones by the same annotator, and
answers that are free text or regions outside text. The item is the task's `ad_id` where its data has one, else the
task's id; annotators become pseudonyms, and an e-mail address is never kept. Predictions and drafts are not votes.

Answers under an earlier version of the codebook count where its changelog lets them stand; the others are left out,
counted as `outdated_answers`, and never put above an answer that stands, however new.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotation import votes as voting
from annotation.annotations import Annotation, Part, stream
from annotation.codebook import Codebook, Question
from annotation.votes import ADJUDICATOR, Value, Vote
from pipeline.errors import Refusal


@dataclass(slots=True)
class _Answer:
    """The newest answer to a question: `vote` is None where none was given, `stands` says whether it may count."""

    source: int
    vote: Vote | None
    stands: bool


def collect(
    path: Path, codebook: Codebook | None = None, *, outdated: bool = False
) -> tuple[list[Vote], dict[str, int]]:
    """The votes in an export, sorted, and how much of what was left out.

    With a codebook its question types say what a value is, an annotation without a flag votes `no`, one without spans
    votes for none (it has no vote where its marks went with an old text), and the votes are checked. Without one, a
    question is `choice` when nobody gave it several answers. Spans keep Label Studio's offsets: code points, end
    exclusive, into the task's text. A vote's codebook is the version that the task's data names (`codebook`), else that
    of the codebook given. Only the questions that the data names (`asked`) were asked, else all of that version.
    `outdated`: keep the answers, too, that are to be redone or belong to a question that is gone (unchecked).

    Raises:
        Refusal: the file is missing, cut off or not an export, tasks name a version that is not in the codebook's
            changelog, or answers do not fit it; all such versions and answers are listed with their counts.
    """
    newest, counts = _newest(path, codebook)
    names = _pseudonyms(annotation.annotator for annotation in newest)
    return _votes(newest, names, codebook, counts, implied=True, outdated=outdated)


def collect_decisions(
    path: Path, codebook: Codebook | None = None, *, outdated: bool = False
) -> tuple[list[Vote], dict[str, int]]:
    """The same for an export of adjudication: each item's newest annotation, whoever made it, is the adjudicator's.

    Only what was answered is decided: no flag and no span is read out of an annotation without one.
    """
    newest, counts = _newest(path, codebook, by=ADJUDICATOR)
    return _votes(newest, {ADJUDICATOR: ADJUDICATOR}, codebook, counts, implied=False, outdated=outdated)


def _newest(path: Path, codebook: Codebook | None, by: str | None = None) -> tuple[list[Annotation], Counter[str]]:
    """Each annotator's newest annotation of an item under a version and with the same questions, oldest first.

    All are taken to be `by` somebody, where that is given.
    """
    counts: Counter[str] = Counter()
    newest: dict[tuple[str, str, str | None, frozenset[str] | None], Annotation] = {}
    unknown: dict[str, list[str]] = {}
    for annotation in stream(path, {question.id for question in codebook.questions} if codebook else set(), counts):
        annotation.annotator = by or annotation.annotator
        counts["annotations"] += 1
        if codebook and annotation.codebook and not codebook.stands_for(annotation.codebook):
            unknown.setdefault(annotation.codebook, []).append(annotation.item)
        key = (annotation.item, annotation.annotator, annotation.codebook, annotation.asked)
        if key in newest:
            counts["superseded"] += 1
        if key not in newest or annotation.updated >= newest[key].updated:
            newest[key] = annotation
    if codebook and unknown:
        problems = [f"{v} ({len(items)} annotations, first: {min(items)})" for v, items in sorted(unknown.items())]
        raise Refusal(
            f"{path}: {len(problems)} version(s) that codebook {codebook.version} cannot stand for:\n"
            f"{voting.listed(problems)}\nUse the codebook that the ads were labelled under (study.codebook in "
            "params.yaml), or a later one whose changelog leads from there."
        )
    if not newest:
        left_out = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in sorted(counts.items()))
        raise Refusal(f"{path}: no vote in it. Left out: {left_out or 'nothing'}.")
    return sorted(newest.values(), key=lambda annotation: annotation.updated), counts


def _votes(
    annotations: list[Annotation],
    names: dict[str, str],
    codebook: Codebook | None,
    counts: Counter[str],
    *,
    implied: bool,
    outdated: bool,
) -> tuple[list[Vote], dict[str, int]]:
    several = {question for annotation in annotations for question in _several(annotation)}
    answers: dict[tuple[str, str, str], _Answer] = {}
    for source, annotation in enumerate(annotations):
        version = annotation.codebook or (codebook.version if codebook else None)
        annotator = names[annotation.annotator]
        for question, value in _values(annotation, several, codebook, implied):
            vote, stands = None, True
            if value is not None:
                vote = Vote(
                    annotation.item, annotator, question, value, annotation.lead_time, version, annotation.created
                )
                stands = not (codebook and version and codebook.outdates(question, voting.answers(vote), version))
            key = (annotation.item, question, annotator)
            if stands or key not in answers or not answers[key].stands:
                answers[key] = _Answer(source, vote, stands)
    if beaten := len(annotations) - len({answer.source for answer in answers.values()}):
        counts["superseded"] += beaten
    given = {key: answer for key, answer in answers.items() if answer.vote is not None}
    standing = [answer.vote for _, answer in sorted(given.items()) if answer.vote and answer.stands]
    if len(standing) < len(given):
        counts["outdated_answers"] = len(given) - len(standing)
    if codebook is not None:
        voting.check(standing, codebook)
    every = [answer.vote for _, answer in sorted(given.items()) if answer.vote] if outdated else standing
    return every, dict(sorted(counts.items()))


def _several(annotation: Annotation) -> set[str]:
    """The questions to which this annotation alone shows that several answers can be given."""
    many = {question for question, parts in annotation.parts.items() if len(set(parts)) > 1}
    return annotation.several | many


def _values(
    annotation: Annotation, several: set[str], codebook: Codebook | None, implied: bool
) -> Iterator[tuple[str, Value | None]]:
    """What each question that was asked or answered got; None: nothing."""
    questions = {question.id: question for question in codebook.questions} if codebook else {}
    for name in sorted((_asked(annotation, codebook) if codebook else set()) | annotation.parts.keys()):
        parts = annotation.parts.get(name, [])
        yield name, _answer(questions[name], parts, implied) if name in questions else _value(parts, name in several)


def _asked(annotation: Annotation, codebook: Codebook) -> set[str]:
    asked = codebook.asked_at(annotation.codebook or codebook.version) - annotation.lost
    return asked if annotation.asked is None else asked & annotation.asked


def _answer(question: Question, parts: list[Part], implied: bool) -> Value | None:
    if parts:
        return _value(parts, question.type == "choices")
    if implied and question.type == "flag":
        return "no"
    return () if implied and question.type == "spans" else None


def _value(parts: list[Part], several: bool) -> Value:
    spans = sorted({part for part in parts if isinstance(part, tuple)})
    if spans:
        return tuple({"start": start, "end": end, "label": label} for start, end, label in spans)
    choices = tuple(sorted({part for part in parts if isinstance(part, str)}))
    return choices if several or len(choices) > 1 else choices[0]


def _pseudonyms(annotators: Iterable[str]) -> dict[str, str]:
    """`annotator-ID` for Label Studio's user ids; anything else, an e-mail say, is numbered in alphabetical order."""
    every = set(annotators)
    named = sorted(name for name in every if not name.isdigit())
    numbers = {name: f"annotator-n{number}" for number, name in enumerate(named, 1)}
    return {name: numbers.get(name, f"annotator-{name}") for name in every}
