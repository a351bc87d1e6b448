from pathlib import Path

import numpy as np
import pytest
from datasets import Dataset

from models import classifier, tfidf
from models.data import Question, read_questions, read_split
from pipeline.errors import Refusal

SECTOR = Question("sector", several=False, choices=("jobs", "goods", "spa"))
INDICATORS = Question("indicators", several=True, choices=("fees", "travel", "none"), exclusive="none")


@pytest.fixture(scope="module")
def fitted(splits: Path, schema: Path) -> tfidf.Tfidf:
    questions = read_questions(schema, ["sector", "indicators"])
    return tfidf.fit(read_split(splits, "train", questions), questions)


def test_it_learns_what_is_plain(fitted: tfidf.Tfidf, splits: Path) -> None:
    test = read_split(splits, "test", fitted.questions)
    decided = classifier.decide(SECTOR, fitted.probabilities(test["text"])["sector"], {})
    named = [SECTOR.choices[index] for index in decided.argmax(axis=1)]
    assert all(got == right for got, right in zip(named, test["sector"], strict=True) if right is not None)


def test_saved_and_loaded_it_scores_the_same(fitted: tfidf.Tfidf, splits: Path, tmp_path: Path) -> None:
    tuned = fitted.with_thresholds({"indicators": (0.25, 0.5, 0.75)})
    tuned.save(tmp_path / "model")
    loaded = classifier.load(tmp_path / "model")
    texts = [*read_split(splits, "test", fitted.questions)["text"], "", "words that were never seen"]
    before, after = fitted.probabilities(texts), loaded.probabilities(texts)
    assert loaded.questions == fitted.questions
    assert loaded.thresholds == tuned.thresholds
    for name in before:
        np.testing.assert_allclose(after[name], before[name], rtol=0, atol=1e-9)


def test_files_are_json_and_safetensors_with_terms_of_two_ads_or_more(fitted: tfidf.Tfidf, tmp_path: Path) -> None:
    fitted.save(tmp_path / "model")
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == [
        "config.json",
        "model.safetensors",
        "vocabulary.json",
    ]
    alone = Dataset.from_dict(
        {
            "text": ["common words here", "common words there", "common words unrepeated"],
            "sector": ["jobs", "goods", "spa"],
        }
    )
    terms = tfidf.fit(alone, [SECTOR]).vectorizers["words"].get_feature_names_out().tolist()
    assert terms == ["common", "common words", "words"]


@pytest.mark.parametrize(
    ("sectors", "likeliest"),
    [
        pytest.param(["goods", "goods", None], "goods", id="one choice occurs"),
        pytest.param(["goods", "spa", "spa"], "spa", id="two choices occur"),
    ],
)
def test_choices_that_never_occur_score_next_to_nothing(sectors: list[str | None], likeliest: str) -> None:
    texts = ["table for sale here", "massage room here", "massage room there"]
    model = tfidf.fit(Dataset.from_dict({"text": texts, "sector": sectors}), [SECTOR])
    scores = model.probabilities(["massage room"])["sector"][0]
    assert SECTOR.choices[scores.argmax()] == likeliest
    assert scores[0] < 1e-12
    assert scores.sum() == pytest.approx(1)


def test_an_indicator_that_every_ad_or_none_has_gets_a_constant_score() -> None:
    rows = {"text": ["a common text", "a common text"], "indicators": [["fees"], ["fees"]]}
    scores = tfidf.fit(Dataset.from_dict(rows), [INDICATORS]).probabilities(["whatever"])["indicators"][0]
    assert scores == pytest.approx([1, 0, 0])


def test_a_question_without_labels_is_refused() -> None:
    rows = Dataset.from_dict({"text": ["a common text", "a common text"], "sector": [None, None]})
    with pytest.raises(Refusal, match="sector: no label"):
        tfidf.fit(rows, [SECTOR])


def test_texts_without_shared_terms_are_refused() -> None:
    with pytest.raises(Refusal, match="share no terms"):
        tfidf.fit(Dataset.from_dict({"text": ["abc", "xyz"], "sector": ["jobs", "spa"]}), [SECTOR])
