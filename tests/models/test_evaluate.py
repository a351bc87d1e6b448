import csv
import json
from pathlib import Path

import numpy as np
import pytest

from models import evaluate, tfidf, train
from models.data import Question, read_questions, read_split, targets
from models.evaluate import Answers, confusion, curves
from pipeline import params
from pipeline.errors import Refusal

SECTOR = Question("sector", several=False, choices=("jobs", "goods", "spa"))


@pytest.fixture(scope="module")
def trained(workplace: Path, splits: Path, schema: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one trained model of each kind."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "models").mkdir()
    settings = params.load(params.Train, workplace / "params.yaml")
    questions = read_questions(schema, settings.questions)
    rows = {split: read_split(splits, split, questions) for split in ("train", "validation")}
    for kind in settings.models:
        train.train(kind, rows, questions, settings, seed=1).save(folder / "models" / f"{kind}-1")
    (folder / "collect.json").write_text('{"simulated": true}')
    return folder


def run(folder: Path, splits: Path, schema: Path) -> None:
    arguments = (folder / "collect.json", folder / "evaluation.json", folder / "plots")
    evaluate.main(splits, folder / "models", schema, *arguments)


@pytest.mark.usefixtures("in_workplace")
def test_the_report_and_the_plots(trained: Path, splits: Path, schema: Path) -> None:
    run(trained, splits, schema)
    text = (trained / "evaluation.json").read_text()
    report = json.loads(text)
    assert report["simulated"] is True
    assert (report["test_ads"], report["test_groups"], report["seeds"]) == (30, 15, 1)
    assert {q: sorted(models) for q, models in report["questions"].items()} == {
        "indicators": ["encoder", "tfidf"],
        "sector": ["encoder", "tfidf"],
    }
    score = report["questions"]["sector"]["tfidf"]["macro_f1"]
    assert score["low"] <= score["value"] <= score["high"] == 1
    assert sum(row["support"] for row in report["questions"]["sector"]["encoder"]["labels"].values()) == 27
    assert sorted(path.relative_to(trained / "plots").as_posix() for path in (trained / "plots").rglob("*.csv")) == [
        "confusion/sector-encoder.csv",
        "confusion/sector-tfidf.csv",
        "precision_recall/indicators.csv",
        "precision_recall/sector.csv",
    ]
    with (trained / "plots/precision_recall/indicators.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["model"] for row in rows} == {"encoder", "tfidf"}
    assert {row["label"] for row in rows} == {"fees", "travel", "none"}
    run(trained, splits, schema)
    assert (trained / "evaluation.json").read_text() == text


@pytest.mark.usefixtures("in_workplace")
def test_a_model_of_another_schema_is_refused(trained: Path, splits: Path, tmp_path: Path) -> None:
    other = tmp_path / "schema.json"
    content = {
        "sector": {"type": "choice", "choices": ["jobs", "goods", "spa", "boats"]},
        "indicators": {"type": "choices", "choices": ["fees", "travel", "none"], "exclusive": "none"},
    }
    other.write_text(json.dumps(content))
    with pytest.raises(Refusal, match="encoder-1: trained on another label schema"):
        run(trained, splits, other)


@pytest.mark.usefixtures("in_workplace")
def test_a_missing_model_is_refused(splits: Path, schema: Path, tmp_path: Path) -> None:
    (tmp_path / "collect.json").write_text("{}")
    with pytest.raises(Refusal, match="encoder-1: not a trained classifier"):
        run(tmp_path, splits, schema)


def test_intervals_are_read_from_every_seed(splits: Path, schema: Path, workplace: Path) -> None:
    questions = read_questions(schema, ["sector"])
    rows = read_split(splits, "test", questions)
    model = tfidf.fit(rows, questions)
    right = evaluate.answer(model, rows["text"])
    wrong = Answers(right.probabilities, {"sector": np.roll(right.decisions["sector"], 1, axis=1)})
    settings = params.load(params.Evaluate, workplace / "params.yaml")
    target = targets(rows, questions)
    report = evaluate.score({"tfidf": [right, wrong]}, questions, target, rows["group"], settings)
    assert report["sector"]["tfidf"]["macro_f1"]["value"] == 0.5


def answers(scores: list[list[float]]) -> Answers:
    array = np.array(scores)
    return Answers({"sector": array}, {"sector": array == array.max(axis=1, keepdims=True)})


def test_confusion_pools_seeds_and_leaves_unanswered_ads_out() -> None:
    target = np.array([[0, 1, 0], [1, 0, 0], [np.nan] * 3])
    one = answers([[0.1, 0.9, 0], [0, 0.2, 0.8], [1, 0, 0]])
    assert confusion(SECTOR, target, [one, one]) == [("goods", "goods")] * 2 + [("jobs", "spa")] * 2


def test_curves_fall_and_leave_out_choices_that_no_ad_has() -> None:
    target = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0]], dtype=float)
    one = answers([[0.9, 0.1, 0], [0.8, 0.2, 0], [0.7, 0.3, 0], [0.1, 0.9, 0]])
    rows = curves(SECTOR, target, [one])
    assert {choice for _, _, choice in rows} == {"jobs", "goods"}
    jobs = [(recall, precision) for recall, precision, choice in rows if choice == "jobs"]
    assert jobs[0] == (0.0, 1.0)
    assert jobs[25] == (0.5, 1.0)
    assert jobs[-1] == (1.0, 0.6667)
    assert [p for _, p in jobs] == sorted((p for _, p in jobs), reverse=True)
