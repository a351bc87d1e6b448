"""Coefficients of agreement between annotators, with bootstrap intervals.

Each is 1 for perfect agreement and 0 for what chance would give, and differs in what it takes chance to be. It is
computed from sums over items, so that a bootstrap, which resamples items with replacement, only weighs the terms.
"""

import warnings
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import krippendorff
import numpy as np
import numpy.typing as npt
from sklearn.metrics import cohen_kappa_score

from pipeline import params

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """`value` (NaN where it is not defined), and what it comes from: `of_sums(terms.sum(axis=0))`.

    `terms`: shape (items, terms). `of_sums`: from shape (n, terms) to (n,), with NaN where it is not defined.
    """

    value: float
    terms: Array
    of_sums: Callable[[Array], Array]


def alpha(counts: Array) -> Coefficient:
    """Krippendorff's alpha for nominal data, of a table of counts, shape (items, values).

    Missing votes are allowed, and an item with a single vote says nothing. Not defined where no item has two votes or
    only one value occurs (K. Krippendorff, Computing Krippendorff's alpha-reliability, 2011; by the package of that
    name).
    """
    counts = counts[counts.sum(axis=1) >= 2]
    size = counts.sum(axis=1, keepdims=True)
    disagreement = (size**2 - (counts**2).sum(axis=1, keepdims=True)) / (size - 1)
    defined = np.count_nonzero(counts.sum(axis=0)) > 1
    value = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal") if defined else np.nan
    return Coefficient(float(value), np.hstack([disagreement, counts]), _alpha)


def ac1(counts: Array) -> Coefficient:
    """Gwet's AC1 of a table of counts, shape (items, values), for any number of annotators and with missing votes.

    Chance agreement is what two annotators reach who guess where they cannot tell: small where one value is common,
    where alpha's and kappa's is large. An item with a single vote counts towards the values' frequencies. Not defined
    where no item has two votes or there is a single value (K. L. Gwet, Computing inter-rater reliability and its
    variance in the presence of high agreement, 2008; Handbook of inter-rater reliability, 4th ed. 2014, section 2.4).
    """
    counts = counts[counts.sum(axis=1) >= 1]
    size = counts.sum(axis=1, keepdims=True)
    paired = size >= 2
    agreed = np.where(paired, (counts * (counts - 1)).sum(axis=1, keepdims=True), 0) / np.maximum(size * (size - 1), 1)
    terms = np.hstack([paired, np.ones_like(size), agreed, counts / size])
    return Coefficient(float(_ac1(terms.sum(axis=0, keepdims=True))[0]), terms, _ac1)


def kappa(first: Codes, second: Codes, values: int) -> Coefficient:
    """Cohen's kappa of two annotators' answers to the same items, as numbers below `values`.

    Not defined where there is no item, or both gave one and the same answer throughout (J. Cohen, A coefficient of
    agreement for nominal scales, 1960; by scikit-learn).
    """
    one_hot = np.eye(values)
    terms = np.hstack([(first == second)[:, None], np.ones((len(first), 1)), one_hot[first], one_hot[second]])
    defined = len(np.union1d(first, second)) > 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about single values, which are dealt with
        value = cohen_kappa_score(first, second) if defined else np.nan
    return Coefficient(float(value), terms, _kappa)


def share(hits: Array, counts: Array) -> Coefficient:
    """The sum of `hits` over the sum of `counts`, both of shape (items,)."""
    terms = np.stack([hits, counts], axis=1)
    return Coefficient(float(_share(terms.sum(axis=0, keepdims=True))[0]), terms, _share)


def mean(values: Array) -> Array:
    """The mean over the first axis of what is defined; NaN where nothing is."""
    defined = ~np.isnan(values)
    total = np.where(defined, values, 0).sum(axis=0)
    count = defined.sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def resample(coefficients: Sequence[Coefficient], question: str, settings: params.Agreement) -> Array:
    """Bootstrapped values, shape (coefficients, resamples). All coefficients see the same items in a resample.

    The seed hangs on the question's own name, so that its intervals do not change with the other questions there are.
    """
    items = len(coefficients[0].terms)
    rng = np.random.default_rng([settings.seed, zlib.crc32(question.encode())])
    terms = np.hstack([coefficient.terms for coefficient in coefficients])
    sums = np.empty((settings.bootstrap, terms.shape[1]))
    for row in sums:
        row[:] = np.bincount(rng.integers(items, size=items), minlength=items) @ terms if items else 0
    ends = np.cumsum([coefficient.terms.shape[1] for coefficient in coefficients])[:-1]
    parts = np.split(sums, ends, axis=1)
    return np.stack([c.of_sums(part) for c, part in zip(coefficients, parts, strict=True)])


def interval(samples: Array, settings: params.Agreement) -> tuple[float, float]:
    """The percentile interval of resampled values, shape (resamples,), over those that are defined."""
    tail = (1 - settings.confidence) / 2
    low, high = np.nanquantile(samples, [tail, 1 - tail])
    return float(low), float(high)


def _alpha(sums: Array) -> Array:
    disagreement, counts = sums[:, 0], sums[:, 1:]
    size = counts.sum(axis=1)
    return 1 - _divide((size - 1) * disagreement, size**2 - (counts**2).sum(axis=1))


def _ac1(sums: Array) -> Array:
    paired, items, agreed, shares = sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 3:]
    frequency = _divide(shares, items[:, None])
    chance = _divide((frequency * (1 - frequency)).sum(axis=1), np.full(len(sums), shares.shape[1] - 1.0))
    return _divide(_divide(agreed, paired) - chance, 1 - chance)


def _kappa(sums: Array) -> Array:
    items, values = sums[:, 1], (sums.shape[1] - 2) // 2
    observed = _divide(sums[:, 0], items)
    chance = _divide((sums[:, 2 : 2 + values] * sums[:, 2 + values :]).sum(axis=1), items**2)
    return _divide(observed - chance, 1 - chance)


def _share(sums: Array) -> Array:
    return _divide(sums[:, 0], sums[:, 1])


def _divide(over: Array, under: Array) -> Array:
    """The quotient; NaN where it is divided by zero."""
    under = np.broadcast_to(under, over.shape)
    quotient: Array = np.divide(over, under, out=np.full(over.shape, np.nan), where=under != 0)
    return quotient
