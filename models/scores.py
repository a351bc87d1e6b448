"""Precision, recall, F1 and their uncertainty.

F1 is 2·hits / (2·hits + false + missed). Macro-F1 is the mean F1 of a question's choices, over those that the labels
or the classifier used at all (scikit-learn's `f1_score(average="macro", zero_division=nan)`). Where several choices may
hold, the exclusive one (`none`) is scored but left out of the mean: it says that the others are absent, which they say.

Intervals are percentile bootstrap intervals (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13)
over groups, not ads: near-duplicates and ads that share a contact are not independent, so whole groups are drawn with
replacement (Field and Welsh, Bootstrapping clustered data, JRSS B 69, 2007). Every model and seed gets the same draws.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.data import Array, Flags, Question, labelled


@dataclass(frozen=True)
class Counts:
    """Hits, false and missed marks, each of the shape (…, choices)."""

    hits: Array
    false: Array
    missed: Array

    @property
    def precision(self) -> Array:
        """Share of the given marks that are right; NaN where none was given."""
        return _ratio(self.hits, self.hits + self.false)

    @property
    def recall(self) -> Array:
        """Share of the right marks that were given; NaN where there are none."""
        return _ratio(self.hits, self.hits + self.missed)

    @property
    def f1(self) -> Array:
        """Harmonic mean of precision and recall; NaN where a choice was neither right nor given."""
        return _ratio(2 * self.hits, 2 * self.hits + self.false + self.missed)

    def macro_f1(self, question: Question) -> Array:
        """Mean F1 of the choices that count, of the shape (…); 0 where none counts."""
        scored = [choice != question.exclusive for choice in question.choices]
        f1 = self.f1[..., scored]
        mean: Array = np.nansum(f1, axis=-1) / np.maximum((~np.isnan(f1)).sum(axis=-1), 1)
        return mean


def compare(target: Array, decisions: Flags) -> Counts:
    """Each ad's counts, shape (ads, choices); all zero for an ad that was not answered."""
    known = labelled(target)[:, None]
    marked = known & (target == 1)
    given = known & decisions
    return Counts(*(flags.astype(float) for flags in (marked & given, given & ~marked, marked & ~given)))


def total(counts: Counts) -> Counts:
    """The counts of all ads together, shape (choices,)."""
    return Counts(counts.hits.sum(axis=0), counts.false.sum(axis=0), counts.missed.sum(axis=0))


def draws(groups: npt.NDArray[np.int64], size: int, seed: int) -> Array:
    """How often each ad is in each bootstrap sample, shape (size, ads); `groups` numbers each ad's group from 0."""
    rng = np.random.default_rng(seed)
    count = int(groups.max()) + 1
    return np.stack([np.bincount(rng.integers(count, size=count), minlength=count)[groups] for _ in range(size)])


def interval(question: Question, seeds: list[Counts], weights: Array, confidence: float) -> dict[str, float]:
    """Macro-F1 averaged over seeds, and its interval; `seeds` holds the ads' counts by seed, `weights` are `draws`."""
    value = np.mean([total(counts).macro_f1(question) for counts in seeds])
    samples = np.mean(
        [
            Counts(weights @ counts.hits, weights @ counts.false, weights @ counts.missed).macro_f1(question)
            for counts in seeds
        ],
        axis=0,
    )
    low, high = np.quantile(samples, [(1 - confidence) / 2, (1 + confidence) / 2])
    return {"value": _round(value), "low": _round(low), "high": _round(high)}


def by_choice(question: Question, seeds: list[Counts]) -> dict[str, dict[str, Any]]:
    """Precision, recall and F1 of each choice averaged over seeds (0 where undefined), and how many ads have it."""
    totals = [total(counts) for counts in seeds]
    rows = {}
    for index, choice in enumerate(question.choices):
        scores = {
            name: _round(np.mean([np.nan_to_num(getattr(counts, name)[index]) for counts in totals]))
            for name in ("precision", "recall", "f1")
        }
        rows[choice] = {**scores, "support": int(totals[0].hits[index] + totals[0].missed[index])}
    return rows


def _ratio(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def _round(value: Any) -> float:
    return round(float(value), 4)
