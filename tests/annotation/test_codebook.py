"""The codebook: the committed one, what it must hold, and what every kind of mistake in one is reported as."""

import copy
from pathlib import Path

import pytest
import yaml

from annotation import codebook
from pipeline import params
from pipeline.errors import Refusal

REPO = Path(__file__).parents[2]
CONTENT = yaml.safe_load(codebook.CODEBOOK.read_text(encoding="utf-8"))
SECTOR, INDICATORS, EVIDENCE, PII, ESCALATE = range(5)


def test_ids_are_those_that_params_let_through() -> None:
    book = codebook.load(codebook.CODEBOOK)
    labels = params.read(REPO / "params.yaml").ingest.columns.labels
    assert {name: tuple(column.choices().values()) for name, column in labels.items()} == {
        name: book.question(name).answers for name in ("sector", "indicators", "evidence")
    }


def test_only_language_suggesting_youth_has_no_example_and_escalates() -> None:
    choices = [choice for question in codebook.load(codebook.CODEBOOK).questions for choice in question.choices]
    assert [choice.id for choice in choices if choice.example is None] == ["youth_language"]
    assert [choice.id for choice in choices if choice.escalate] == ["youth_language"]


def test_schema() -> None:
    schema = codebook.schema(codebook.load(codebook.CODEBOOK))
    assert {question: entry["type"] for question, entry in schema.items()} == {
        "sector": "choice",
        "indicators": "choices",
        "evidence": "choice",
        "residual_pii": "spans",
        "escalate": "flag",
    }
    assert schema["evidence"]["choices"] == ["sufficient", "insufficient"]
    assert schema["indicators"]["exclusive"] == "none"
    assert schema["escalate"]["choices"] == ["yes", "no"]


def _set(question: int, choice: int | None, **values: object):
    def edit(content: dict) -> None:
        part = content["questions"][question]
        (part if choice is None else part["choices"][choice]).update(values)

    return edit


BROKEN = {
    "version": (lambda c: c.update(version="1.0"), "version: String should match"),
    "unknown key": (lambda c: c.update(owner="x"), "owner: Extra inputs are not permitted"),
    "no questions": (lambda c: c.update(questions=[]), "questions: Tuple should have at least 1 item"),
    "type": (_set(SECTOR, None, type="pick"), "questions.0.type: Input should be 'choice'"),
    "repeated question": (_set(EVIDENCE, None, id="sector"), "question id sector is used 2 times"),
    "reserved question": (_set(EVIDENCE, None, id="text"), "question id text is reserved"),
    "repeated choice": (
        _set(SECTOR, 1, id="job_recruitment"),
        "choice id in question sector job_recruitment is used 2",
    ),
    "repeated hotkey": (_set(EVIDENCE, 0, hotkey="q"), "hotkey q is used 2 times"),
    "label studio's hotkey": (_set(EVIDENCE, 0, hotkey="u"), "choices.0.hotkey: String should match"),
    "the interface's hotkey": (_set(EVIDENCE, 0, hotkey="v"), "choices.0.hotkey: String should match"),
    "example missing": (_set(SECTOR, 0, example=None), "questions.0.choices.0: an example is missing"),
    "example forbidden": (_set(INDICATORS, 8, example="x"), "must not have an example"),
    "unknown source": (_set(SECTOR, 0, source="Hearsay"), "question sector, choice job_recruitment: its source"),
    "dollar": (_set(SECTOR, 0, example="Earn $900"), "questions.0.choices.0.example: String should match"),
    "yaml boolean as id": (_set(SECTOR, 0, id=True), "questions.0.choices.0.id: Input should be a valid string"),
    "exclusive in one-choice": (_set(SECTOR, 0, exclusive=True), "questions.0: `exclusive` only makes sense"),
    "two exclusive": (_set(INDICATORS, 0, exclusive=True), "only one choice can be exclusive, not 2"),
    "flag's choice": (_set(ESCALATE, 0, id="maybe"), "a flag has exactly one choice"),
    "required spans": (_set(PII, None, required=True), "type spans cannot be required"),
    "one choice": (lambda c: c["questions"][EVIDENCE]["choices"].pop(), "there must be at least two choices"),
}


@pytest.mark.parametrize(("edit", "message"), BROKEN.values(), ids=BROKEN)
def test_mistake(edit, message: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        codebook.load(_write(tmp_path, edit))
    assert "1 problem(s)" in str(refusal.value)
    assert message in str(refusal.value)


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    def edit(content: dict) -> None:
        for name in ("version", "type", "repeated hotkey", "unknown source", "example missing"):
            BROKEN[name][0](content)

    with pytest.raises(Refusal, match=r"5 problem\(s\)"):
        codebook.load(_write(tmp_path, edit))


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such codebook"), ("a: [", "not valid YAML"), ("", "problem"), ("[1, 2]", "problem")],
    ids=["missing", "not YAML", "empty", "a list"],
)
def test_not_a_codebook(content: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "codebook.yaml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(Refusal, match=message):
        codebook.load(path)


def _write(folder: Path, edit) -> Path:
    content = copy.deepcopy(CONTENT)
    edit(content)
    path = folder / "codebook.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path
