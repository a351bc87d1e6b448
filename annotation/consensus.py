"""The most probable answers behind noisy votes, and how reliable each annotator seems: crowd-kit's methods.

`majority`: each vote counts the same. `dawid-skene`: each annotator's confusion is learnt from the votes (A. P. Dawid
and A. M. Skene, Maximum likelihood estimation of observer error-rates using the EM algorithm, 1979). `mace`: each
annotator either knows the answer or guesses in a way of their own (D. Hovy, T. Berg-Kirkpatrick, A. Vaswani and
E. Hovy, Learning whom to trust with MACE, 2013; variational Bayes).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from crowdkit.aggregation import MACE, DawidSkene, MajorityVote

from annotation.votes import Vote

Name = TypeVar("Name", str, int)

Method = Literal["majority", "dawid-skene", "mace"]

# A fixed number of EM steps. Left to itself crowd-kit stops at the first step that does not raise its bound, on small
# data far too early (two steps on the duck data: 96 of 108 items right, where 5 steps or 1,000 give 97).
EM_STEPS = 30
MACE_STEPS = 50  # crowd-kit's, and the paper's
SEED = 0


@dataclass(frozen=True, slots=True)
class Consensus:
    """What `fit` found: `items` sorted; `posterior`, shape (items, answers), rows that sum to 1; and `reliability`.

    An annotator's reliability is between 0 and 1. Dawid-Skene: the chance of a right answer, over the estimated
    frequencies of the answers. MACE: the chance of knowing rather than guessing. Majority estimates none.
    """

    items: list[str]
    posterior: npt.NDArray[np.float64]
    reliability: dict[str, float]


def fit(votes: Sequence[Vote], answers: Sequence[int], choices: int, method: Method) -> Consensus:
    """The consensus of `votes` of one question, whose `answers` are numbered 0 … `choices` - 1.

    Their order does not matter: items and annotators are put in alphabetical order first.
    """
    order = sorted(range(len(votes)), key=lambda index: votes[index].key)
    items = list(dict.fromkeys(votes[index].item for index in order))
    # crowd-kit's MACE takes annotators and answers in the order of their first vote in one place and sorts them in
    # another, so they are numbered by first vote, where both orders are one.
    annotators, workers = _number([votes[index].annotator for index in order])
    given, labels = _number([answers[index] for index in order])
    frame = pd.DataFrame({"task": _number([votes[i].item for i in order])[1], "worker": workers, "label": labels})
    reliability: Sequence[float] = ()
    if method == "majority":
        fitted = MajorityVote().fit_predict_proba(frame)
    elif method == "dawid-skene":
        model = DawidSkene(n_iter=EM_STEPS, tol=-math.inf)
        fitted = model.fit_predict_proba(frame)
        reliability = [_chance_of_right(model, worker) for worker in range(len(annotators))]
    else:
        # One start: crowd-kit draws all its restarts from the same seed, so they are one and the same.
        mace = MACE(n_restarts=1, n_iter=MACE_STEPS, random_state=SEED)
        fitted = mace.fit_predict_proba(frame)
        reliability = mace.spamming_[:, 1].tolist()
    posterior = np.zeros((len(items), choices))
    posterior[:, given] = fitted.reindex(index=range(len(items)), columns=range(len(given)), fill_value=0.0).to_numpy()
    return Consensus(items, posterior, dict(zip(annotators, reliability, strict=bool(reliability))))


def _chance_of_right(model: Any, worker: int) -> float:
    """By Dawid-Skene's confusions, over the estimated frequencies of the answers."""
    hits = (model.errors_[label].get((worker, label), 0.0) * prior for label, prior in model.priors_.items())
    return float(sum(hits))


def _number(names: Sequence[Name]) -> tuple[list[Name], npt.NDArray[np.int64]]:
    """The distinct names in the order they first occur, and each name's number."""
    numbers: dict[Name, int] = {}
    numbered = [numbers.setdefault(name, len(numbers)) for name in names]
    return list(numbers), np.array(numbered, dtype=np.int64)
