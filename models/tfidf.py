"""The baseline: TF-IDF of words, word pairs and character n-grams, and logistic regression for each question.

It is kept as safetensors and JSON (no pickle). The vocabulary holds only terms that occur in at least two training
ads. The fit has one optimum, so the seed makes no difference to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from datasets import Dataset
from safetensors.numpy import load_file, save_file
from scipy import sparse
from scipy.special import expit, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from models.classifier import CONFIG, Thresholds, undecided
from models.data import Array, Question, labelled, prepare, targets
from pipeline import store
from pipeline.errors import Refusal

TERMS = 50_000
STRENGTH = 10.0

_SHARED: dict[str, Any] = {"sublinear_tf": True, "min_df": 2, "max_features": TERMS}
_VIEWS: dict[str, dict[str, Any]] = {
    "words": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)<\w+>|\w\w+"},
    "characters": {"analyzer": "char_wb", "ngram_range": (3, 5)},
}


@dataclass(frozen=True)
class Tfidf:
    """Weights: per question a matrix (choices, terms) and an intercept (choices,)."""

    questions: tuple[Question, ...]
    thresholds: Thresholds
    vectorizers: Mapping[str, TfidfVectorizer]
    weights: Mapping[str, tuple[Array, Array]]

    def probabilities(self, texts: Sequence[str]) -> dict[str, Array]:
        """Each question's scores, shape (texts, choices)."""
        features = _features(self.vectorizers, texts)
        result = {}
        for question in self.questions:
            matrix, intercept = self.weights[question.name]
            scores = features @ matrix.T + intercept
            result[question.name] = expit(scores) if question.several else softmax(scores, axis=1)
        return result

    def with_thresholds(self, thresholds: Thresholds) -> "Tfidf":
        """The same classifier with other thresholds."""
        return replace(self, thresholds=thresholds)

    def save(self, folder: Path) -> None:
        """Write config.json, vocabulary.json and model.safetensors to a new folder."""
        folder.mkdir()
        tensors: dict[str, Any] = {}
        vocabulary = {}
        for name, vectorizer in self.vectorizers.items():
            vocabulary[name] = vectorizer.get_feature_names_out().tolist()
            tensors[f"idf.{name}"] = vectorizer.idf_
        for name, (matrix, intercept) in self.weights.items():
            tensors[f"matrix.{name}"] = np.ascontiguousarray(matrix)
            tensors[f"intercept.{name}"] = intercept
        config = {
            "model_type": "safelight-tfidf",
            "questions": [question.as_row() for question in self.questions],
            "thresholds": self.thresholds,
        }
        store.write_json(folder / CONFIG, config)
        store.write_json(folder / "vocabulary.json", vocabulary)
        save_file(tensors, folder / "model.safetensors")


def load(folder: Path) -> Tfidf:
    """The baseline that was saved to `folder`."""
    config = store.read_json(folder / CONFIG)
    vocabulary = store.read_json(folder / "vocabulary.json")
    tensors = load_file(folder / "model.safetensors")
    vectorizers = {}
    for name, terms in vocabulary.items():
        vectorizers[name] = TfidfVectorizer(**_VIEWS[name], **_SHARED, vocabulary=terms)
        vectorizers[name].idf_ = tensors[f"idf.{name}"]
    questions = tuple(Question.from_row(row) for row in config["questions"])
    weights = {q.name: (tensors[f"matrix.{q.name}"], tensors[f"intercept.{q.name}"]) for q in questions}
    thresholds = {name: tuple(values) for name, values in config["thresholds"].items()}
    return Tfidf(questions, thresholds, vectorizers, weights)


def fit(train: Dataset, questions: Sequence[Question]) -> Tfidf:
    """Fit the baseline; thresholds are left at 0.5.

    Raises:
        Refusal: the ads share no terms, or a question has no labels.
    """
    with threadpool_limits(1):  # the sums are small, and their order must not depend on the number of cores
        return _fit(train, questions)


def _fit(train: Dataset, questions: Sequence[Question]) -> Tfidf:
    vectorizers = {name: TfidfVectorizer(**view, **_SHARED) for name, view in _VIEWS.items()}
    texts = prepare(train["text"])
    for vectorizer in vectorizers.values():
        try:
            vectorizer.fit(texts)
        except ValueError:
            raise Refusal(f"{len(texts)} training ad(s) share no terms: too few to fit the baseline to.") from None
    features = _features(vectorizers, train["text"])
    weights = {}
    for question in questions:
        target = targets(train, [question])[question.name]
        known = labelled(target)
        if not known.any():
            raise Refusal(
                f"{question.name}: no label in the training split. Label it, or take it out of train.questions."
            )
        fit_question = _fit_each if question.several else _fit_one
        weights[question.name] = fit_question(features[known], target[known])
    return Tfidf(tuple(questions), undecided(questions), vectorizers, weights)


def _features(vectorizers: Mapping[str, TfidfVectorizer], texts: Sequence[str]) -> sparse.csr_array:
    prepared = prepare(texts)
    return sparse.csr_array(sparse.hstack([vectorizers[name].transform(prepared) for name in _VIEWS]))


def _fit_one(features: sparse.csr_array, target: Array) -> tuple[Array, Array]:
    """A softmax over the choices that occur; the others get a score of (next to) nothing."""
    answers = target.argmax(axis=1)
    present = np.unique(answers)
    matrix = np.zeros((target.shape[1], features.shape[1]))
    intercept = np.full(target.shape[1], -50.0)
    intercept[present] = 0
    if len(present) > 1:
        regression = _regression().fit(features, answers)
        if len(present) == 2:  # scikit-learn keeps one row for two classes
            matrix[present[1]], intercept[present[1]] = regression.coef_[0], regression.intercept_[0]
        else:
            matrix[present], intercept[present] = regression.coef_, regression.intercept_
    return matrix, intercept


def _fit_each(features: sparse.csr_array, target: Array) -> tuple[Array, Array]:
    """A sigmoid for each choice; one that no ad (or every ad) has gets a constant score."""
    matrix = np.zeros((target.shape[1], features.shape[1]))
    intercept = np.zeros(target.shape[1])
    for index, column in enumerate(target.T):
        if 0 < column.sum() < len(column):
            regression = _regression().fit(features, column)
            matrix[index], intercept[index] = regression.coef_[0], regression.intercept_[0]
        else:
            intercept[index] = 50.0 if column.all() else -50.0
    return matrix, intercept


def _regression() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
