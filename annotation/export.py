"""Votes out of a Label Studio export, JSON or JSON_MIN, made by Safelight's interface or by anybody else's.

The export is streamed. What counts: the newest annotation of each annotator for each item. What is left out is counted:
skipped annotations, empty ones, those without an item or an annotator, older ones by the same annotator, and answers
that are free text or regions outside text. The item is the task's `ad_id` where its data has one, else the task's id;
annotators become pseudonyms, and an e-mail address is never kept. Predictions and drafts are not votes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotation import votes as voting
from annotation.annotations import Annotation, Part, stream
from annotation.codebook import Codebook, Question
from annotation.votes import ADJUDICATOR, Value, Vote
from pipeline.errors import Refusal


def collect(path: Path, codebook: Codebook | None = None) -> tuple[list[Vote], dict[str, int]]:
    """The votes in an export, sorted, and how much of what was left out.

    With a codebook its question types say what a value is, an annotation without a flag votes `no`, one without spans
    votes for none, and the votes are checked against it. Without one, a question is `choice` when nobody gave it
    several answers. Spans keep Label Studio's offsets: code points, end exclusive, into the task's text. A vote's
    codebook is the version that the task's data names (`codebook`), else that of the codebook given.

    Raises:
        Refusal: the file is missing, cut off or not an export, tasks name a version that the codebook cannot stand for,
            or answers do not fit it; all such versions and answers are listed with their counts.
    """
    newest, counts = _newest(path, codebook)
    names = _pseudonyms(annotation.annotator for annotation in newest)
    return _votes(newest, names, codebook, implied=True), counts


def collect_decisions(path: Path, codebook: Codebook | None = None) -> tuple[list[Vote], dict[str, int]]:
    """The same for an export of adjudication: each item's newest annotation, whoever made it, is the adjudicator's.

    Only what was answered is decided: no flag and no span is read out of an annotation without one.
    """
    newest, counts = _newest(path, codebook, by=ADJUDICATOR)
    names = {ADJUDICATOR: ADJUDICATOR}
    return _votes(newest, names, codebook, implied=False), counts


def _newest(path: Path, codebook: Codebook | None, by: str | None = None) -> tuple[list[Annotation], dict[str, int]]:
    """Each annotator's newest annotation of each item; all are taken to be `by` somebody, where that is given."""
    counts: Counter[str] = Counter()
    newest: dict[tuple[str, str], Annotation] = {}
    unknown: dict[str, list[str]] = {}
    for annotation in stream(path, {question.id for question in codebook.questions} if codebook else set(), counts):
        annotation.annotator = by or annotation.annotator
        counts["annotations"] += 1
        if codebook and annotation.codebook and not codebook.stands_for(annotation.codebook):
            unknown.setdefault(annotation.codebook, []).append(annotation.item)
        key = (annotation.item, annotation.annotator)
        if key in newest:
            counts["superseded"] += 1
        if key not in newest or annotation.updated >= newest[key].updated:
            newest[key] = annotation
    if codebook and unknown:
        problems = [f"{v} ({len(items)} annotations, first: {min(items)})" for v, items in sorted(unknown.items())]
        raise Refusal(
            f"{path}: {len(problems)} version(s) that codebook {codebook.version} cannot stand for:\n"
            f"{voting.listed(problems)}\nUse the codebook that the ads were labelled under (study.codebook in "
            "params.yaml); one of the same major version and not older will do."
        )
    if not newest:
        left_out = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in sorted(counts.items()))
        raise Refusal(f"{path}: no vote in it. Left out: {left_out or 'nothing'}.")
    return list(newest.values()), dict(sorted(counts.items()))


def _votes(
    annotations: list[Annotation], names: dict[str, str], codebook: Codebook | None, *, implied: bool
) -> list[Vote]:
    several = {question for annotation in annotations for question in _several(annotation)}
    votes = [
        Vote(
            annotation.item,
            names[annotation.annotator],
            question,
            value,
            annotation.lead_time,
            annotation.codebook or (codebook.version if codebook else None),
            annotation.created,
        )
        for annotation in annotations
        for question, value in _values(annotation, several, codebook, implied)
    ]
    if codebook is not None:
        voting.check(votes, codebook)
    return sorted(votes, key=lambda vote: vote.key)


def _several(annotation: Annotation) -> set[str]:
    """The questions to which this annotation alone shows that several answers can be given."""
    many = {question for question, parts in annotation.parts.items() if len(set(parts)) > 1}
    return annotation.several | many


def _values(
    annotation: Annotation, several: set[str], codebook: Codebook | None, implied: bool
) -> Iterator[tuple[str, Value]]:
    questions = {question.id: question for question in codebook.questions} if codebook else {}
    for name in sorted((questions.keys() if implied else set()) | annotation.parts.keys()):
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


def _pseudonyms(annotators: Iterable[str]) -> dict[str, str]:
    """`annotator-ID` for Label Studio's user ids; anything else, an e-mail say, is numbered in alphabetical order."""
    every = set(annotators)
    named = sorted(name for name in every if not name.isdigit())
    numbers = {name: f"annotator-n{number}" for number, name in enumerate(named, 1)}
    return {name: numbers.get(name, f"annotator-{name}") for name in every}
