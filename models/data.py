"""Labelled splits as `datasets` and the label schema, turned into targets.

The schema (`data/label_schema.json`) is all that the models know of the codebook: per question its type (`choice` or
`choices`), its choices, and the choice that excludes the others (`exclusive`), if any.
Targets are one float array a question, shape (ads, choices): 1 where a choice holds, 0 where not, and NaN over the
whole row where nobody answered, so that such ads are left out of that question and of no other.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
from datasets import Dataset

from pipeline import store
from pipeline.errors import Refusal

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_PLACEHOLDER = re.compile(r"<([A-Z][A-Z_]*?)_\d+>")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the codebook. `several`: any number of the choices may hold, but `exclusive` only by itself."""

    name: str
    several: bool
    choices: tuple[str, ...]
    exclusive: str | None = None

    def as_row(self) -> dict[str, Any]:
        """The question as it stands in a model's config.json."""
        return {**asdict(self), "choices": list(self.choices)}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Question":
        """The question that `as_row` wrote."""
        return cls(row["name"], row["several"], tuple(row["choices"]), row["exclusive"])


def read_questions(schema: Path, names: Sequence[str]) -> tuple[Question, ...]:
    """The questions called `names`, in that order, from a label schema.

    Raises:
        Refusal: a name is not in the schema, or the schema does not give it a type and two or more choices.
    """
    content = store.read_json(schema)
    problems = []
    questions = []
    for name in names:
        entry = content.get(name, {})
        choices = entry.get("choices", [])
        if name not in content:
            problems.append(f"  {name}: no such question (train.questions in params.yaml)")
        elif entry.get("type") not in {"choice", "choices"} or len(set(choices)) < 2:
            problems.append(f"  {name}: needs the type `choice` or `choices` and two or more choices")
        else:
            questions.append(Question(name, entry["type"] == "choices", tuple(choices), entry.get("exclusive")))
    if problems:
        raise Refusal(f"{schema}: {len(problems)} problem(s):\n" + "\n".join(sorted(problems)))
    return tuple(questions)


def read_split(folder: Path, split: str, questions: Sequence[Question]) -> Dataset:
    """The split `train`, `validation` or `test` with its ad_id, text and group, and a column for each question.

    It is read straight from Parquet: `datasets.load_dataset` would leave a copy of the ads in the user's home folder.

    Raises:
        Refusal: the file is missing, has no ads, or lacks a column.
    """
    path = folder / f"{split}.parquet"
    if not path.is_file():
        raise Refusal(f"{path}: no such file. Run the stage that makes it (`dvc repro split`).")
    columns = ["ad_id", "text", "group", *(question.name for question in questions)]
    with pq.ParquetFile(path) as file:
        if missing := sorted(set(columns) - set(file.schema_arrow.names)):
            raise Refusal(f"{path}: {len(missing)} column(s) missing: {', '.join(missing)}.")
        table = file.read(columns)
    if not table.num_rows:
        raise Refusal(f"{path}: no ads. Label more of them, or give this split a larger share (split.shares).")
    return Dataset(table)


def targets(split: Dataset, questions: Sequence[Question]) -> dict[str, Array]:
    """Each question's targets, shape (ads, choices).

    Raises:
        Refusal: labels that are not choices of the schema, counted by question.
    """
    problems = []
    result: dict[str, Array] = {}
    for question in questions:
        position = {choice: index for index, choice in enumerate(question.choices)}
        target = np.zeros((len(split), len(question.choices)))
        unknown = 0
        for row, value in enumerate(split[question.name]):
            if value is None:
                target[row] = np.nan
                continue
            for choice in value if question.several else [value]:
                if choice in position:
                    target[row, position[choice]] = 1
                else:
                    unknown += 1
        if unknown:
            problems.append(f"  {question.name}: {unknown} label(s) that are not choices of the schema")
        result[question.name] = target
    if problems:
        raise Refusal("the splits do not fit the label schema:\n" + "\n".join(sorted(problems)))
    return result


def labelled(target: Array) -> Flags:
    """Which ads were answered, shape (ads,)."""
    return np.logical_not(np.isnan(target).any(axis=1))


def prepare(texts: Sequence[str]) -> list[str]:
    """Texts as the models read them: `<PHONE_1>` and `<PHONE_2>` are both `<PHONE>`, as the number means nothing."""
    return [_PLACEHOLDER.sub(r"<\1>", text) for text in texts]
