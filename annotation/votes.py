"""Votes: one annotator's answer to one question about one ad.

A vote's value is a string (`choice` and `flag` questions), a sorted list of strings (`choices`; empty: none of them) or
a list of spans `{"start", "end", "label"}` (`spans`; code points, end exclusive, into the sanitized text; empty: none
found). Votes hold no text. A file of votes is JSON Lines sorted by item, question and annotator, one vote for each.
The annotator `adjudicator` is nobody's pseudonym: its votes are decisions, which `aggregate` puts over all others and
`agreement` leaves out.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from annotation.codebook import Codebook, Question
from pipeline import store
from pipeline.errors import Refusal

ADJUDICATOR = "adjudicator"
LISTED = 20  # problems that are listed one by one before the rest is only counted

_STRINGS = ("item", "annotator", "value")  # where a whole number is read as a string

Span = dict[str, Any]
Value = str | tuple[str, ...] | tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer.

    `lead_time`: seconds it took; `codebook`: the version answered under; `created`: the day (UTC, YYYY-MM-DD) on which
    it was first given, no finer, because working hours are the annotator's own. Each is None where not known.
    """

    item: str
    annotator: str
    question: str
    value: Value
    lead_time: float | None = None
    codebook: str | None = None
    created: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What votes are sorted by and what must be unique."""
        return (self.item, self.question, self.annotator)


def read(path: Path) -> list[Vote]:
    """The votes in `path`, sorted. Whole numbers given as item, annotator or value are read as strings.

    Raises:
        Refusal: the file is missing or empty, or any line is not a vote or answers a question a second time; the
            message lists the first problems with their line numbers and counts the rest.
    """
    if not path.is_file():
        raise Refusal(f"{path}: no such file of votes. `safelight collect` or `dvc repro collect` makes one.")
    votes: dict[tuple[str, str, str], Vote] = {}
    problems = []
    for number, row in enumerate(store.read_jsonl(path), 1):
        vote = _parse(row)
        if isinstance(vote, str):
            problems.append(f"line {number}: {vote}")
        elif vote.key in votes:
            problems.append(f"line {number}: this annotator has answered this question about this item already")
        else:
            votes[vote.key] = vote
    if problems:
        raise Refusal(f"{path}: {len(problems)} of its lines are not usable:\n{listed(problems)}")
    if not votes:
        raise Refusal(f"{path}: no vote in it.")
    return [votes[key] for key in sorted(votes)]


def write(path: Path, votes: Iterable[Vote]) -> int:
    """Write the votes, sorted; return how many."""
    return store.write_jsonl(path, (asdict(vote) for vote in sorted(votes, key=lambda vote: vote.key)))


def is_simulated(votes: Iterable[Vote]) -> bool:
    """Whether any of the votes was made up by `collect` from gold labels."""
    return any(vote.annotator.startswith("simulated-") for vote in votes)


def part_decisions(votes: Iterable[Vote]) -> tuple[list[Vote], list[Vote]]:
    """The annotators' votes and the adjudicator's decisions, each in the given order."""
    given: list[Vote] = []
    decisions: list[Vote] = []
    for vote in votes:
        (decisions if vote.annotator == ADJUDICATOR else given).append(vote)
    return given, decisions


def by_question(votes: Iterable[Vote]) -> dict[str, list[Vote]]:
    """The votes of each question, questions in alphabetical order."""
    questions: dict[str, list[Vote]] = {}
    for vote in votes:
        questions.setdefault(vote.question, []).append(vote)
    return dict(sorted(questions.items()))


def kind(votes: list[Vote]) -> str:
    """`choice`, `choices` or `spans`, as the values of one question's votes show.

    Raises:
        Refusal: the values are of more than one kind.
    """
    kinds = {_kind(vote.value) for vote in votes}
    if "choice" not in kinds:
        kinds -= {"empty"}
    if len(kinds) > 1:
        raise Refusal(f"question {votes[0].question}: its votes mix {' and '.join(sorted(kinds))} values.")
    return kinds.pop() if kinds else "spans"


def check(votes: Iterable[Vote], codebook: Codebook) -> None:
    """Make sure that every vote answers a question of the codebook with its choices.

    Raises:
        Refusal: unknown questions, values of the wrong kind, unknown choices and broken exclusions, each with its count
            and the first item.
    """
    questions = {question.id: question for question in codebook.questions}
    found: dict[str, list[str]] = {}
    for vote in votes:
        for problem in _misfits(vote, questions.get(vote.question)):
            found.setdefault(problem, []).append(vote.item)
    if found:
        problems = [f"{problem} ({len(items)} votes, first: {min(items)})" for problem, items in sorted(found.items())]
        raise Refusal(
            f"{len(problems)} problem(s) with codebook {codebook.version}:\n{listed(problems)}\n"
            "Use the codebook that the ads were labelled under (study.codebook in params.yaml)."
        )


def answers(vote: Vote) -> tuple[str, ...]:
    """The choices or span labels that the vote names."""
    if isinstance(vote.value, str):
        return (vote.value,)
    return tuple(part if isinstance(part, str) else str(part["label"]) for part in vote.value)


def listed(problems: list[str]) -> str:
    """Problems as indented lines: the first twenty, then how many more there are."""
    rest = [f"… and {len(problems) - LISTED} more"] if len(problems) > LISTED else []
    return "\n".join(f"  {problem}" for problem in [*problems[:LISTED], *rest])


def _misfits(vote: Vote, question: Question | None) -> list[str]:
    if question is None:
        return [f"unknown question {_shown(vote.question)}"]
    allowed = {question.type, "empty"} if question.type in {"choices", "spans"} else {"choice"}
    kind = _kind(vote.value)
    if kind not in allowed:
        return [f"question {question.id}: the value is {kind}, where {min(allowed - {'empty'})} is asked for"]
    given = answers(vote)
    unknown = sorted(set(given) - set(question.answers))
    problems = [f"question {question.id}: unknown choice {_shown(answer)}" for answer in unknown]
    if question.exclusive in given and len(given) > 1:
        problems.append(f"question {question.id}: {question.exclusive} together with other choices")
    return problems


def _shown(name: str) -> str:
    """A choice's name as a message may show it: what looks like free text or a number is only measured."""
    is_name = len(name) <= 40 and sum(c.isdigit() for c in name) < 4
    return repr(name) if is_name else f"(a text of {len(name)} characters)"


def _parse(row: dict[str, Any]) -> Vote | str:
    """The vote in a row, or what is wrong with it."""
    row = {key: str(value) if type(value) is int and key in _STRINGS else value for key, value in row.items()}
    problems = [
        f"{key!r} is {'missing' if row.get(key) in (None, '') else 'not a string'}"
        for key in ("item", "annotator", "question")
        if not (isinstance(row.get(key), str) and row[key])
    ]
    value = _parse_value(row.get("value"))
    if value is None:
        problems.append("'value' is not a string, a list of strings or a list of spans")
    lead_time, codebook, created = row.get("lead_time"), row.get("codebook"), row.get("created")
    if lead_time is not None and (isinstance(lead_time, bool) or not isinstance(lead_time, int | float)):
        problems.append("'lead_time' is not a number")
    if codebook is not None and not isinstance(codebook, str):
        problems.append("'codebook' is not a string")
    if created is not None and not _is_day(created):
        problems.append("'created' is not a day written YYYY-MM-DD")
    if problems or value is None:
        return ", ".join(problems)
    return Vote(row["item"], row["annotator"], row["question"], value, lead_time, codebook, created)


def _parse_value(value: Any) -> Value | None:
    if isinstance(value, str) and value:
        return value
    if isinstance(value, list) and all(isinstance(part, str) and part for part in value):
        return tuple(sorted(set(value)))
    if isinstance(value, list) and all(_is_span(part) for part in value):
        return tuple({key: part[key] for key in ("start", "end", "label")} for part in value)
    return None


def _is_day(text: Any) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_span(part: Any) -> bool:
    return (
        isinstance(part, dict)
        and type(part.get("start")) is int
        and type(part.get("end")) is int
        and 0 <= part["start"] < part["end"]
        and isinstance(part.get("label"), str)
    )


def _kind(value: Value) -> str:
    if isinstance(value, str):
        return "choice"
    if not value:
        return "empty"
    return "choices" if isinstance(value[0], str) else "spans"
