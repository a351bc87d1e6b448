"""The codebook: which questions annotators answer about an ad, with which choices, and what each choice means.

`codebook.yaml` is the one source of the labelling interface, the guidelines page, the label schema and the models'
heads. Loading it checks everything and reports all problems at once.
"""

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from annotation import changelog as changelogs
from annotation.changelog import Change, Changelog, Part, Version
from pipeline import params
from pipeline.errors import Refusal

CODEBOOK = Path(__file__).with_name("codebook.yaml")

# No `$`: Label Studio would take what follows it for a field of the task.
Text = Annotated[str, Field(min_length=1, pattern="^[^$]*$")]
Identifier = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
# One key; `u` belongs to Label Studio itself (unselect a region), `v` shows the ad.
Hotkey = Annotated[str, Field(pattern="^[0-9a-tw-z]$")]
REVEAL_KEY = "v"

FLAG = ("yes", "no")  # answers to a flag: `yes` is a choice, `no` is what an annotation without it means


class Choice(Part):
    """One answer. `source` starts with a key of the codebook's `sources`.

    `escalate`: whoever chooses it also raises the flag; such a choice has no example.
    `exclusive`: excludes every other choice of its question.
    """

    id: Identifier
    label: Text
    definition: Text
    source: Text
    example: Text | None
    hotkey: Hotkey
    escalate: bool = False
    exclusive: bool = False

    @model_validator(mode="after")
    def _example(self) -> "Choice":
        if self.escalate and self.example is not None:
            raise ValueError("a choice with `escalate: true` must not have an example (write `example: null`)")
        if not self.escalate and self.example is None:
            raise ValueError("an example is missing (only a choice with `escalate: true` has none)")
        return self


class Question(Part):
    """One question. `choice`: one answer; `choices`: several; `spans`: labels over the text; `flag`: raised or not."""

    id: Identifier
    text: Text
    guidance: Text
    type: Literal["choice", "choices", "spans", "flag"]
    required: bool
    choices: Annotated[tuple[Choice, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _consistent(self) -> "Question":
        problems = []
        exclusive = [choice.id for choice in self.choices if choice.exclusive]
        if exclusive and self.type != "choices":
            problems.append(f"`exclusive` only makes sense where several choices can be given, not for {self.type}")
        if len(exclusive) > 1:
            problems.append(f"only one choice can be exclusive, not {len(exclusive)} ({', '.join(exclusive)})")
        if self.type in {"choice", "choices"} and len(self.choices) < 2:
            problems.append("there must be at least two choices")
        if self.type == "flag" and [choice.id for choice in self.choices] != [FLAG[0]]:
            problems.append(f'a flag has exactly one choice, with the id "{FLAG[0]}"')
        if self.type in {"spans", "flag"} and self.required:
            problems.append(f"a question of type {self.type} cannot be required")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def answers(self) -> tuple[str, ...]:
        """The values a vote may hold, in codebook order."""
        return FLAG if self.type == "flag" else tuple(choice.id for choice in self.choices)

    @property
    def exclusive(self) -> str | None:
        """The choice that excludes the others, where there is one."""
        return next((choice.id for choice in self.choices if choice.exclusive), None)


class Codebook(Part):
    """All questions, in the order they are asked, and how they came to be what they are (oldest version first)."""

    version: Version
    title: Text
    introduction: Text
    content_warning: Text
    sources: Annotated[dict[Text, Text], Field(min_length=1)]
    questions: Annotated[tuple[Question, ...], Field(min_length=1, strict=False)]
    changelog: Annotated[Changelog, Field(min_length=1, strict=False)] = changelogs.START

    def question(self, id: str) -> Question:
        """The question called `id` (KeyError when there is none)."""
        return {question.id: question for question in self.questions}[id]

    def only(self, questions: Collection[str]) -> "Codebook":
        """The same codebook with these questions alone, for a project that asks nothing else."""
        return self.model_copy(update={"questions": tuple(q for q in self.questions if q.id in questions)})

    def stands_for(self, version: str) -> bool:
        """Whether it can tell what answers given under `version` mean now: its own version or one of its changelog."""
        return version in {revision.version for revision in self.changelog}

    def asked_at(self, version: str) -> set[str]:
        """The questions that `version` asked and that are still asked (KeyError: unknown version)."""
        own = {question.id for question in self.questions}
        return changelogs.questions_at(self.changelog, version, own) & own

    def outdates(self, question: str, answers: Collection[str], version: str) -> Change | None:
        """The first change since `version` that leaves an answer to `question` not standing; None where it stands."""
        for change in changelogs.since(self.changelog, version):
            if change.question == question and (change.kind == "question_removed" or change.touches(answers)):
                return change
        return None


def load_studied() -> Codebook:
    """The codebook of the study: the one that params.yaml names. Raises as `load` does."""
    return load(Path(params.load(params.Study).codebook))


def load(path: Path) -> Codebook:
    """The codebook in `path`.

    Raises:
        Refusal: the file is missing, is not YAML or is not a valid codebook; every problem is listed with its place.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refusal(f"{path}: no such codebook.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refusal(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    problems = _clashes(content)
    try:
        codebook = Codebook.model_validate(content)
    except ValidationError as error:
        problems += [f"{'.'.join(map(str, e['loc'])) or '(top)'}: {_plain(e['msg'])}" for e in error.errors()]
    if problems:
        listed = "\n".join(f"  {problem}" for problem in sorted(problems))
        raise Refusal(f"{path}: {len(problems)} problem(s):\n{listed}")
    return codebook


def schema(codebook: Codebook) -> dict[str, dict[str, Any]]:
    """The label schema: question -> {"type", "choices" (in codebook order), "exclusive" (a choice or null)}."""
    return {
        question.id: {"type": question.type, "choices": list(question.answers), "exclusive": question.exclusive}
        for question in codebook.questions
    }


def _clashes(content: Any) -> list[str]:
    """What is wrong between parts, read from the raw YAML so that it is found whatever else is wrong."""
    questions = _list(content, "questions")
    sources = content.get("sources") if isinstance(content, dict) else None
    choices = [(question.get("id"), choice) for question in questions for choice in _list(question, "choices")]
    problems = _repeated("question id", [question.get("id") for question in questions])
    for question in questions:
        ids = [choice.get("id") for choice in _list(question, "choices")]
        problems += _repeated(f"choice id in question {question.get('id')}", ids)
    problems += _repeated("hotkey", [choice.get("hotkey") for _, choice in choices])
    if "text" in [question.get("id") for question in questions]:
        problems.append("question id text is reserved for the ad itself")
    for question_id, choice in choices:
        source = choice.get("source")
        if isinstance(source, str) and isinstance(sources, dict) and not source.startswith(tuple(map(str, sources))):
            problems.append(f"question {question_id}, choice {choice.get('id')}: its source is not one of `sources`")
    return problems + _unexplained(content, questions)


def _unexplained(content: Any, questions: list[dict[str, Any]]) -> list[str]:
    """What is wrong between the changelog and the rest; nothing where either is not even well formed."""
    if not isinstance(content, dict):
        return []
    try:
        version = TypeAdapter(Version).validate_python(content.get("version"))
        entries = content.get("changelog")
        changelog = changelogs.START if entries is None else TypeAdapter(Changelog).validate_python(entries)
    except ValidationError:
        return []
    choices = {str(q.get("id")): [str(choice.get("id")) for choice in _list(q, "choices")] for q in questions}
    return changelogs.check(changelog, version, choices) if changelog else []


def _list(part: Any, key: str) -> list[dict[str, Any]]:
    items = part.get(key) if isinstance(part, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _repeated(what: str, values: list[Any]) -> list[str]:
    counts = Counter(value for value in values if isinstance(value, str))
    return [f"{what} {value} is used {count} times" for value, count in sorted(counts.items()) if count > 1]


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
