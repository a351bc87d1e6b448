"""Votes as a file, and how they are held against a codebook."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import codebook, votes
from annotation.votes import Vote
from pipeline.errors import Refusal

BOOK = codebook.load(codebook.CODEBOOK)
ROW = {"item": "a", "annotator": "x", "question": "sector", "value": "massage_spa"}

names = st.text(min_size=1, max_size=5)
spans = st.tuples(st.integers(0, 50), st.integers(51, 99), names).map(
    lambda span: {"start": span[0], "end": span[1], "label": span[2]}
)
values = st.one_of(
    names,
    st.lists(names, unique=True).map(sorted).map(tuple),
    st.lists(spans).map(tuple),
)
records = st.lists(
    st.builds(Vote, names, names, names, values, st.none() | st.floats(0, 1e6), st.none() | names),
    min_size=1,
    unique_by=lambda vote: vote.key,
)


@given(records)
def test_written_votes_are_read_back_sorted(tmp_path_factory: pytest.TempPathFactory, records: list[Vote]) -> None:
    path = tmp_path_factory.mktemp("votes") / "votes.jsonl"
    votes.write(path, records)
    assert votes.read(path) == sorted(records, key=lambda vote: vote.key)


def test_line_has_the_documented_keys(tmp_path: Path) -> None:
    votes.write(tmp_path / "v.jsonl", [Vote("a", "x", "indicators", ("none",), 2.5, "1.0.0", "2026-03-02")])
    assert (tmp_path / "v.jsonl").read_text(encoding="utf-8") == (
        '{"item": "a", "annotator": "x", "question": "indicators", "value": ["none"], "lead_time": 2.5, '
        '"codebook": "1.0.0", "created": "2026-03-02"}\n'
    )


def test_whole_numbers_are_read_as_strings(tmp_path: Path) -> None:
    (read,) = votes.read(_write(tmp_path, {"item": 7, "annotator": 3, "question": "q", "value": 0}))
    assert read == Vote("7", "3", "q", "0")


BAD = {
    "no item": ({**ROW, "item": ""}, "'item' is missing"),
    "no value": ({k: v for k, v in ROW.items() if k != "value"}, "'value' is not a string"),
    "item of another type": ({**ROW, "item": 1.5}, "'item' is not a string"),
    "value is null": ({**ROW, "value": None}, "'value' is not a string"),
    "value is true": ({**ROW, "value": True}, "'value' is not a string"),
    "mixed list": ({**ROW, "value": ["a", 1]}, "'value' is not a string"),
    "span backwards": ({**ROW, "value": [{"start": 4, "end": 2, "label": "x"}]}, "'value' is not a string"),
    "lead time": ({**ROW, "lead_time": "long"}, "'lead_time' is not a number"),
    "codebook": ({**ROW, "codebook": 1}, "'codebook' is not a string"),
    "created is a time": ({**ROW, "created": "2026-03-02T10:00:00Z"}, "'created' is not a day"),
    "created is a number": ({**ROW, "created": 20260302}, "'created' is not a day"),
}


@pytest.mark.parametrize(("row", "message"), BAD.values(), ids=BAD)
def test_bad_line(row: dict, message: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=f"1 of its lines.*\n  line 2: {message}"):
        votes.read(_write(tmp_path, {**ROW, "item": "b"}, row))


def test_a_second_answer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="line 2: this annotator has answered"):
        votes.read(_write(tmp_path, ROW, {**ROW, "value": "household_goods"}))


def test_many_problems_are_counted_and_the_first_listed(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="25 of its lines") as refusal:
        votes.read(_write(tmp_path, *[{"value": "x"}] * 25))
    assert "line 20:" in str(refusal.value)
    assert "line 21:" not in str(refusal.value)
    assert "and 5 more" in str(refusal.value)


def test_a_question_is_of_one_kind() -> None:
    with pytest.raises(Refusal, match="its votes mix choice and empty values"):
        votes.kind([Vote("a", "x", "q", "yes"), Vote("a", "y", "q", ())])


@pytest.mark.parametrize("content", [None, ""], ids=["missing", "empty"])
def test_no_votes(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "votes.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(Refusal):
        votes.read(path)


MISFITS = {
    "unknown question": (Vote("a", "x", "mood", "good"), r"unknown question 'mood' \(1 votes, first: a\)"),
    "unknown choice": (Vote("a", "x", "sector", "boats"), "question sector: unknown choice 'boats'"),
    "several for one": (Vote("a", "x", "sector", ("a", "b")), "question sector: the value is choices, where choice"),
    "nothing for one": (Vote("a", "x", "sector", ()), "question sector: the value is empty, where choice"),
    "one for several": (Vote("a", "x", "indicators", "none"), "the value is choice, where choices"),
    "none and more": (Vote("a", "x", "indicators", ("debt_or_fees", "none")), "none together with other choices"),
    "spans for a flag": (
        Vote("a", "x", "escalate", ({"start": 0, "end": 1, "label": "name"},)),
        "is spans, where choice",
    ),
    "unknown span label": (
        Vote("a", "x", "residual_pii", ({"start": 0, "end": 1, "label": "z"},)),
        "unknown choice 'z'",
    ),
}


@pytest.mark.parametrize(("vote", "message"), MISFITS.values(), ids=MISFITS)
def test_vote_that_does_not_fit_the_codebook(vote: Vote, message: str) -> None:
    with pytest.raises(Refusal, match=message):
        votes.check([vote], BOOK)


def test_message_never_quotes_what_could_be_text_or_a_number() -> None:
    with pytest.raises(Refusal) as refusal:
        votes.check([Vote("a", "x", "sector", "call 555-0100"), Vote("b", "x", "sector", "w " * 30)], BOOK)
    assert "555" not in str(refusal.value)
    assert "(a text of 60 characters)" in str(refusal.value)


def test_votes_that_fit() -> None:
    votes.check(
        [
            Vote("a", "x", "sector", "massage_spa"),
            Vote("a", "x", "indicators", ("debt_or_fees", "documents_held")),
            Vote("a", "x", "residual_pii", ()),
            Vote("a", "x", "escalate", "no"),
        ],
        BOOK,
    )


def _write(folder: Path, *rows: dict) -> Path:
    path = folder / "votes.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
