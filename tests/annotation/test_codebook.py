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


_WORDING = {"kind": "wording", "question": "sector", "note": "Clearer."}


def _revise(version: str, *changes: dict):
    def edit(content: dict) -> None:
        content.update(version=version)
        content["changelog"].append({"version": version, "changes": list(changes)})

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
    "version without a changelog": (
        lambda c: (c.update(version="1.0.1"), c.pop("changelog")),
        "does not explain version",
    ),
    "version without an entry": (
        lambda c: c.update(version="1.1.0"),
        "it ends at 1.0.0 and does not explain version 1.1.0",
    ),
    "empty changelog": (lambda c: c.update(changelog=[]), "changelog: Tuple should have at least 1 item"),
    "start with changes": (
        lambda c: c.update(changelog=[{"version": "1.0.0", "changes": [_WORDING]}]),
        "changelog, 1.0.0: the first version has no changes",
    ),
    "entry without changes": (_revise("1.0.1"), "changelog, 1.0.1: it says nothing about what changed"),
    "patch for an added choice": (
        _revise("1.0.1", {"kind": "choice_added", "question": "sector", "choice": "massage_spa", "note": "New."}),
        "after 1.0.0 it must be 1.1.0, a minor version (choice_added)",
    ),
    "minor for another meaning": (
        _revise("1.1.0", {"kind": "meaning", "question": "sector", "note": "Narrower."}, _WORDING),
        "after 1.0.0 it must be 2.0.0, a major version (meaning)",
    ),
    "skipped version": (_revise("1.0.2", _WORDING), "after 1.0.0 it must be 1.0.1, a patch version (wording)"),
    "change of no question": (
        _revise("1.0.1", {"kind": "wording", "question": "colour", "note": "Clearer."}),
        "changelog, 1.0.1, wording of colour: there was no such question then",
    ),
    "added choice that is not there": (
        _revise("1.1.0", {"kind": "choice_added", "question": "sector", "choice": "housing", "note": "New."}),
        "choice_added of sector: there was no choice housing then",
    ),
    "removed choice that is there": (
        _revise("2.0.0", {"kind": "choice_removed", "question": "sector", "choice": "massage_spa", "note": "Gone."}),
        "choice_removed of sector: choice massage_spa is still there",
    ),
    "removed question that is there": (
        _revise("2.0.0", {"kind": "question_removed", "question": "evidence", "note": "Gone."}),
        "question_removed of evidence: the id is in use",
    ),
    "where of no choice": (
        _revise(
            "1.1.0",
            {"kind": "choice_added", "question": "sector", "choice": "massage_spa", "where": ["boats"], "note": "New."},
        ),
        "`where` names boats, which was no choice before",
    ),
    "choice not named": (
        _revise("1.1.0", {"kind": "choice_added", "question": "sector", "note": "New."}),
        "changelog.1.changes.0: choice_added must name the choice",
    ),
    "where it makes no sense": (
        _revise("1.0.1", {"kind": "wording", "question": "sector", "where": ["massage_spa"], "note": "Clearer."}),
        "changelog.1.changes.0: `where` only makes sense for choice_added",
    ),
    "kind": (
        _revise("1.0.1", {"kind": "typo", "question": "sector", "note": "Clearer."}),
        "changelog.1.changes.0.kind: Input should be 'wording'",
    ),
    "one choice": (lambda c: c["questions"][EVIDENCE]["choices"].pop(), "there must be at least two choices"),
}


@pytest.mark.parametrize(("edit", "message"), BROKEN.values(), ids=BROKEN)
def test_mistake(edit, message: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        codebook.load(_write(tmp_path, edit))
    assert "1 problem(s)" in str(refusal.value)
    assert message in str(refusal.value)


def test_a_history_that_explains_the_version(tmp_path: Path) -> None:
    def edit(content: dict) -> None:
        for version, change in HISTORY:
            _revise(version, change)(content)

    book = codebook.load(_write(tmp_path, edit))
    assert [book.stands_for(version) for version in ("1.0.0", "1.0.1", "2.0.0", "2.1.0", "3.0.0", "2.0.1", "x")] == [
        *[True] * 5,
        False,
        False,
    ]
    assert "mood" not in book.asked_at("1.0.0")  # it is asked no more
    assert "evidence" not in book.asked_at("2.0.0")
    assert book.asked_at("3.0.0") == {question.id for question in book.questions}


HISTORY = [
    ("1.0.1", _WORDING),
    ("2.0.0", {"kind": "choice_removed", "question": "sector", "choice": "boats", "note": "Nobody used it."}),
    ("2.1.0", {"kind": "question_added", "question": "evidence", "note": "To say when a text is too short."}),
    ("3.0.0", {"kind": "question_removed", "question": "mood", "note": "Cannot be told from a text."}),
]

# A change since the answers were given, and the first of them that has to be given again.
RULES = {
    "wording": ("1.0.1", {"kind": "wording"}, set()),
    "added choice": ("1.1.0", {"kind": "choice_added", "choice": "massage_spa"}, {"a", "b"}),
    "added choice in place of one": (
        "1.1.0",
        {"kind": "choice_added", "choice": "massage_spa", "where": ["household_goods"]},
        {"a"},
    ),
    "removed choice": ("2.0.0", {"kind": "choice_removed", "choice": "boats"}, {"b"}),
    "another meaning": ("2.0.0", {"kind": "meaning"}, {"a", "b"}),
    "another meaning of a choice": ("2.0.0", {"kind": "meaning", "choice": "massage_spa"}, {"a", "b"}),
}


@pytest.mark.parametrize(("version", "change", "outdated"), RULES.values(), ids=RULES)
def test_which_answers_a_change_outdates(version: str, change: dict, outdated: set[str], tmp_path: Path) -> None:
    book = codebook.load(_write(tmp_path, _revise(version, {"question": "sector", "note": "Why.", **change})))
    given = {"a": ["household_goods"], "b": ["boats"]}
    assert {name for name, answers in given.items() if book.outdates("sector", answers, "1.0.0")} == outdated
    assert not any(book.outdates("sector", answers, version) for answers in given.values())
    assert not any(book.outdates("evidence", answers, "1.0.0") for answers in given.values())


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
