import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from datasets import Dataset
from hypothesis import given
from hypothesis import strategies as st

from models.data import Question, labelled, prepare, read_questions, read_split, targets
from pipeline.errors import Refusal

SECTOR = Question("sector", several=False, choices=("jobs", "goods", "spa"))
INDICATORS = Question("indicators", several=True, choices=("fees", "travel", "none"), exclusive="none")


def test_questions_are_read_in_the_order_asked_for(schema: Path) -> None:
    assert read_questions(schema, ["indicators", "sector"]) == (INDICATORS, SECTOR)


def test_every_problem_of_a_schema_is_reported_at_once(schema: Path, tmp_path: Path) -> None:
    broken = tmp_path / "schema.json"
    broken.write_text(json.dumps(json.loads(schema.read_text()) | {"lone": {"type": "choice", "choices": ["a"]}}))
    with pytest.raises(Refusal, match=r"3 problem.*\n.*escalate: needs.*\n.*lone: needs.*\n.*missing: no such"):
        read_questions(broken, ["missing", "escalate", "lone"])


@pytest.mark.parametrize("question", [SECTOR, INDICATORS], ids=lambda question: question.name)
def test_a_question_survives_its_row(question: Question) -> None:
    assert Question.from_row(json.loads(json.dumps(question.as_row()))) == question


def test_a_split_has_the_columns_the_models_need_and_no_others(splits: Path) -> None:
    rows = read_split(splits, "train", [SECTOR])
    assert rows.column_names == ["ad_id", "text", "group", "sector"]
    assert len(rows) == 60


def test_a_missing_split_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"test\.parquet: no such file"):
        read_split(tmp_path, "test", [SECTOR])


def test_a_missing_column_is_refused_by_name(splits: Path) -> None:
    with pytest.raises(Refusal, match=r"1 column\(s\) missing: evidence"):
        read_split(splits, "test", [SECTOR, Question("evidence", several=False, choices=("yes", "no"))])


def test_an_empty_split_is_refused(splits: Path, tmp_path: Path) -> None:
    pq.write_table(pq.read_table(splits / "test.parquet").slice(0, 0), tmp_path / "test.parquet")
    with pytest.raises(Refusal, match="no ads"):
        read_split(tmp_path, "test", [SECTOR])


def test_targets_mark_choices_and_leave_unanswered_ads_out() -> None:
    split = Dataset.from_dict({"sector": ["goods", None], "indicators": [["travel", "fees"], ["none"]]})
    result = targets(split, [SECTOR, INDICATORS])
    np.testing.assert_array_equal(result["sector"], [[0, 1, 0], [np.nan] * 3])
    np.testing.assert_array_equal(result["indicators"], [[1, 1, 0], [0, 0, 1]])
    assert labelled(result["sector"]).tolist() == [True, False]


def test_labels_that_are_no_choices_are_counted_but_not_quoted() -> None:
    split = Dataset.from_dict({"sector": ["boats", "jobs"], "indicators": [["boats", "oars"], None]})
    with pytest.raises(Refusal, match=r"indicators: 2 label.*\n.*sector: 1 label") as caught:
        targets(split, [SECTOR, INDICATORS])
    assert "boats" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        pytest.param("Call <PHONE_1> or <PHONE_12>.", "Call <PHONE> or <PHONE>.", id="numbers go"),
        pytest.param("1 < 2 and <b_1>", "1 < 2 and <b_1>", id="other angle brackets stay"),
    ],
)
def test_prepare(text: str, prepared: str) -> None:
    assert prepare([text]) == [prepared]


@given(st.text())
def test_prepare_changes_nothing_the_second_time(text: str) -> None:
    assert prepare(prepare([text])) == prepare([text])
