"""What every classifier can do, and how scores become answers.

A classifier gives each choice of each question a score between 0 and 1 about the wording of a text: never about a
person. The highest-scoring choice answers a question with one choice; where several may hold, each choice has a
threshold, tuned on the validation split, and the exclusive choice is the answer when no other reaches its own.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from scipy.special import expit, logit
from sklearn.metrics import precision_recall_curve

from models.data import Array, Flags, Question, labelled
from pipeline import store
from pipeline.errors import Refusal

CONFIG = "config.json"
THRESHOLD = 0.5
EDGE = 1e-6
TRUST = 5  # ads with a choice at which its own threshold weighs as much as the one shared by the question's choices

Thresholds = Mapping[str, tuple[float, ...]]


class Classifier(Protocol):
    """A trained model: `thresholds` holds one number a choice for each question where several choices may hold."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions it answers."""

    @property
    def thresholds(self) -> Thresholds:
        """The score from which a choice holds."""

    def probabilities(self, texts: Sequence[str]) -> dict[str, Array]:
        """Each question's scores, shape (texts, choices)."""

    def with_thresholds(self, thresholds: Thresholds) -> "Classifier":
        """The same classifier with other thresholds."""

    def save(self, folder: Path) -> None:
        """Write it to a new folder (safetensors and JSON)."""


def load(folder: Path) -> Classifier:
    """The classifier that was saved to `folder`.

    Raises:
        Refusal: there is none.
    """
    try:
        kind = store.read_json(folder / CONFIG).get("model_type")
    except (OSError, ValueError, AttributeError):
        kind = None
    # Each kind is imported when it is needed: torch and transformers take seconds, and the baseline needs neither.
    if kind == "safelight-tfidf":
        from models import tfidf

        return tfidf.load(folder)
    if kind == "safelight-encoder":
        from models import encoder

        return encoder.load(folder)
    raise Refusal(f"{folder}: not a trained classifier. Name a folder of data/models, which `dvc repro train` fills.")


def settle_threads(threads: int | None = None) -> None:
    """Say how native code may use the processor; to be called before torch is imported.

    The number of threads decides the order of sums, and so their last digit. OpenMP's threads wait asleep, not
    spinning: on two busy cores, spinning made training up to seven times slower.
    """
    if threads is not None:
        os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def undecided(questions: Sequence[Question]) -> dict[str, tuple[float, ...]]:
    """Thresholds of 0.5 throughout."""
    return {question.name: (THRESHOLD,) * len(question.choices) for question in questions if question.several}


def tune(
    questions: Sequence[Question], targets: Mapping[str, Array], probabilities: Mapping[str, Array]
) -> dict[str, tuple[float, ...]]:
    """Thresholds with a good F1 on these ads.

    A rare choice has too few of them for a threshold of its own. So the one with the best F1 for that choice is
    averaged (as log-odds) with the one with the best F1 over all choices together: n ads with the choice give its own
    the weight n / (n + 5).
    """
    thresholds = undecided(questions)
    for question in questions:
        if not question.several:
            continue
        known = labelled(targets[question.name])
        target, scores = targets[question.name][known] == 1, probabilities[question.name][known]
        compete = [choice != question.exclusive for choice in question.choices]
        shared = _best(target[:, compete].ravel(), scores[:, compete].ravel())
        own = np.array([_best(marks, column) for marks, column in zip(target.T, scores.T, strict=True)])
        weight = target.sum(axis=0) / (target.sum(axis=0) + TRUST)
        tuned = expit(weight * logit(own) + (1 - weight) * logit(shared))
        thresholds[question.name] = tuple(float(value) for value in tuned)
    return thresholds


def decide(question: Question, probabilities: Array, thresholds: Thresholds) -> Flags:
    """Which choices hold, shape (texts, choices)."""
    if not question.several:
        return np.asarray(probabilities.argmax(axis=1)[:, None] == np.arange(len(question.choices)))
    holds = np.asarray(probabilities >= np.array(thresholds[question.name]))
    if question.exclusive is not None:
        alone = question.choices.index(question.exclusive)
        holds[:, alone] = False
        holds[:, alone] = ~holds.any(axis=1)
    return holds


def _best(target: Flags, scores: Array) -> float:
    """The threshold with the best F1, midway between two scores; 0.5 if it is as good, or nothing is marked."""
    if not target.any():
        return THRESHOLD
    precision, recall, levels = precision_recall_curve(target, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    best = int(f1[:-1].argmax())
    at_half = scores >= THRESHOLD
    if 2 * (at_half & target).sum() / (at_half.sum() + target.sum()) >= f1[best] - 1e-12:
        return THRESHOLD
    below = levels[best - 1] if best else 0.0
    return float(np.clip((levels[best] + below) / 2, EDGE, 1 - EDGE))
