"""Each annotator beside the others, for teaching and never for ranking: agreement over time, reliability, one answer.

Annotators are in alphabetical order everywhere. What is found says where to look together at examples, not how good
somebody is: estimates rest on few votes, and whoever differs from all others may be the one who is right.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from annotation import coefficients, consensus
from annotation import votes as voting
from annotation.ratings import MISSING, Ratings
from pipeline import params

DECIMALS = 10
FEW_VOTES = 5  # fewer of the same answer are no sign of anything
SURPRISING = 0.01

_DAYS, _WEEKS = timedelta(days=14), timedelta(weeks=26)  # studies up to this long are shown by day, by week


def agreement_with_others(ratings: Ratings) -> npt.NDArray[np.float64]:
    """The share of the other votes on the item that each vote is equal to; shape (items, annotators), NaN without one.

    Of a several-choice question the mean over its choices.
    """
    shares = []
    for aspect in ratings.aspects.values():
        counts = aspect.counts
        others = counts.sum(axis=1, keepdims=True) - 1
        same = np.take_along_axis(counts, np.maximum(aspect.codes, 0), axis=1) - 1
        shares.append(np.where((aspect.codes != MISSING) & (others > 0), same / np.maximum(others, 1), np.nan))
    mean: npt.NDArray[np.float64] = np.mean(shares, axis=0)
    return mean


def follow(ratings: Ratings, settings: params.Agreement) -> dict[str, Any]:
    """Agreement with the other votes, by when a vote was given.

    `by`: day, week (ISO 8601) or month, by how long the study took. `periods`: for each the `agreement`, its interval's
    `low` and `high`, `votes`, and the same two for each of the `annotators`. `untimed`: votes whose day is not known.
    """
    days = sorted(date.fromisoformat(vote.created) for vote in ratings.votes if vote.created)
    by = _period_length(days[-1] - days[0]) if days else "day"
    shares = agreement_with_others(ratings)
    when = np.full(shares.shape, "", dtype=object)
    rows = {item: row for row, item in enumerate(ratings.items)}
    columns = {annotator: column for column, annotator in enumerate(ratings.annotators)}
    for vote in ratings.votes:
        if vote.created:
            when[rows[vote.item], columns[vote.annotator]] = _period(date.fromisoformat(vote.created), by)
    periods = []
    for period in sorted(set(when.flat) - {""}):
        counted = (when == period) & ~np.isnan(shares)
        if not counted.any():
            continue
        hits, counts = np.where(counted, shares, 0), counted.astype(float)
        overall = coefficients.share(hits.sum(axis=1), counts.sum(axis=1))
        low, high = coefficients.interval(coefficients.resample([overall], ratings.question, settings)[0], settings)
        periods.append(
            {
                "period": period,
                "agreement": round(overall.value, DECIMALS),
                "low": round(low, DECIMALS),
                "high": round(high, DECIMALS),
                "votes": int(counted.sum()),
                "annotators": {
                    name: {
                        "agreement": round(float(hits[:, column].sum() / counts[:, column].sum()), DECIMALS),
                        "votes": int(counts[:, column].sum()),
                    }
                    for name, column in columns.items()
                    if counts[:, column].any()
                },
            }
        )
    return {"by": by, "periods": periods, "untimed": len(ratings.votes) - len(days)}


def describe(ratings: Ratings) -> dict[str, dict[str, Any]]:
    """Each annotator's `votes`, `agreement` with the other votes, and reliability by Dawid-Skene and by MACE.

    Null where there is nothing to compare with. Of a several-choice question the means over its choices.
    """
    shares = agreement_with_others(ratings)
    estimates = {method: _reliability(ratings, method) for method in ("dawid-skene", "mace")}
    compared = ratings.given.sum(axis=1).max() > 1
    described = {}
    for column, name in enumerate(ratings.annotators):
        own = shares[:, column][~np.isnan(shares[:, column])]
        described[name] = {
            "votes": int(ratings.given[:, column].sum()),
            "agreement": round(float(own.mean()), DECIMALS) if len(own) else None,
            **{
                method.replace("-", "_"): round(estimate[name], DECIMALS) if compared and len(own) else None
                for method, estimate in estimates.items()
            },
        }
    return described


def find_uniform(ratings: Ratings) -> list[dict[str, Any]]:
    """Who gave one and the same answer throughout, where the others' votes make that surprising.

    Each with `annotator`, `answer` (a list for a several-choice question), `votes`, and `others`: the share of the
    others' votes with that answer. It is surprising when somebody who answers like the others would do it with a
    probability under .01; fewer than 5 votes never are.
    """
    answers: dict[str, Counter[tuple[str, ...]]] = {}
    for vote in ratings.votes:
        answers.setdefault(vote.annotator, Counter())[voting.answers(vote)] += 1
    everyone = sum(answers.values(), Counter())
    found = []
    for annotator, own in sorted(answers.items()):
        (answer, votes), others = next(iter(own.items())), everyone.total() - own.total()
        if len(own) > 1 or votes < FEW_VOTES or not others:
            continue
        share = (everyone[answer] - votes) / others
        if share**votes < SURPRISING:
            shown = list(answer) if ratings.several else answer[0]
            found.append({"annotator": annotator, "answer": shown, "votes": votes, "others": round(share, DECIMALS)})
    return found


def _reliability(ratings: Ratings, method: consensus.Method) -> dict[str, float]:
    """Each annotator's reliability, the mean over what is decided at once."""
    rows = {item: row for row, item in enumerate(ratings.items)}
    columns = {annotator: column for column, annotator in enumerate(ratings.annotators)}
    cells = [(rows[vote.item], columns[vote.annotator]) for vote in ratings.votes]
    estimates = [
        consensus.fit(
            ratings.votes, [int(aspect.codes[cell]) for cell in cells], len(aspect.answers), method
        ).reliability
        for aspect in ratings.aspects.values()
    ]
    return {name: float(np.mean([estimate[name] for estimate in estimates])) for name in ratings.annotators}


def _period_length(length: timedelta) -> str:
    if length <= _DAYS:
        return "day"
    return "week" if length <= _WEEKS else "month"


def _period(day: date, by: str) -> str:
    formats = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}
    return day.strftime(formats[by])
