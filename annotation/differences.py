"""Who differs with whom, and on what: Cohen's kappa of each pair of annotators and counts of their differing answers.

Pairs and answers are in alphabetical order or in that of counts, never in one of people.
"""

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np

from annotation import coefficients
from annotation.coefficients import Coefficient
from annotation.ratings import Aspect, Codes, Ratings
from pipeline import params

DECIMALS = 10


def compare_pairs(ratings: Ratings, settings: params.Agreement) -> list[dict[str, Any]]:
    """Each pair of annotators with items in common: `items`, `differ` (on how many), `kappa`, `low`, `high`, `answers`.

    The kappa of a several-choice question is the mean of its choices' that are defined. `answers` counts what the
    `first` said where the `second` said something else, largest first; null is a choice that was not chosen.
    """
    pairs = []
    for one, other in combinations(range(len(ratings.annotators)), 2):
        shared = ratings.given[:, one] & ratings.given[:, other]
        if not shared.any():
            continue
        codes = [
            (aspect, aspect.codes[shared, one], aspect.codes[shared, other]) for aspect in ratings.aspects.values()
        ]
        kappas = [coefficients.kappa(first, second, len(aspect.answers)) for aspect, first, second in codes]
        differ = np.any([first != second for _, first, second in codes], axis=0)
        pairs.append(
            {
                "first": ratings.annotators[one],
                "second": ratings.annotators[other],
                "items": int(shared.sum()),
                "differ": int(differ.sum()),
                **_summarize(kappas, ratings.question, settings),
                "answers": _confusions(codes),
            }
        )
    return pairs


def compare_answers(ratings: Ratings) -> list[dict[str, Any]]:
    """How often two votes on an item differ, by the two `answers`, largest `count` first; null is not chosen."""
    counts: Counter[tuple[str | None, str | None]] = Counter()
    for aspect in ratings.aspects.values():
        table = aspect.counts
        for one, other in combinations(range(len(aspect.answers)), 2):
            counts[aspect.answers[one], aspect.answers[other]] += int((table[:, one] * table[:, other]).sum())
    return [{"answers": list(answers), "count": count} for answers, count in _largest_first(counts)]


def disputed_items(ratings: Ratings) -> int:
    """The items on which not all votes are alike."""
    differ = [(aspect.counts > 0).sum(axis=1) > 1 for aspect in ratings.aspects.values()]
    return int(np.any(differ, axis=0).sum())


def _summarize(kappas: list[Coefficient], question: str, settings: params.Agreement) -> dict[str, Any]:
    value = float(coefficients.mean(np.array([kappa.value for kappa in kappas])))
    if np.isnan(value):
        return {"kappa": None, "low": None, "high": None}
    low, high = coefficients.interval(coefficients.mean(coefficients.resample(kappas, question, settings)), settings)
    return {"kappa": round(value, DECIMALS), "low": round(low, DECIMALS), "high": round(high, DECIMALS)}


def _confusions(codes: list[tuple[Aspect, Codes, Codes]]) -> list[dict[str, Any]]:
    counts: Counter[tuple[str | None, str | None]] = Counter()
    for aspect, first, second in codes:
        for one, other in zip(first[first != second].tolist(), second[first != second].tolist(), strict=True):
            counts[aspect.answers[one], aspect.answers[other]] += 1
    return [{"first": one, "second": other, "count": count} for (one, other), count in _largest_first(counts)]


def _largest_first(counts: Counter[tuple[str | None, str | None]]) -> list[tuple[tuple[str | None, str | None], int]]:
    found = [(answers, count) for answers, count in counts.items() if count]
    return sorted(found, key=lambda pair: (-pair[1], [answer or "" for answer in pair[0]]))
