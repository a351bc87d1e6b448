"""One question's votes as tables of numbers, items by annotators, which every measure of agreement starts from."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotation import votes as voting
from annotation.votes import Vote

Codes = npt.NDArray[np.int64]

MISSING = -1


@dataclass(frozen=True, slots=True)
class Aspect:
    """What is decided at once: a `choice` question, or one choice of a `choices` question (not chosen, chosen).

    `codes`: shape (items, annotators), the number of the answer given, or `MISSING`. `answers`: what the numbers stand
    for; None for not chosen.
    """

    codes: Codes
    answers: tuple[str | None, ...]

    @property
    def counts(self) -> npt.NDArray[np.float64]:
        """How many votes each answer got, shape (items, answers)."""
        return np.stack([(self.codes == code).sum(axis=1) for code in range(len(self.answers))], axis=1).astype(float)


@dataclass(frozen=True, slots=True)
class Ratings:
    """All votes on one question. `items` and `annotators` are in alphabetical order, `aspects` in that of choices."""

    question: str
    several: bool
    items: list[str]
    annotators: list[str]
    aspects: dict[str, Aspect]
    votes: list[Vote]

    @property
    def given(self) -> npt.NDArray[np.bool_]:
        """Who voted on what, shape (items, annotators)."""
        codes = next(iter(self.aspects.values())).codes
        return np.not_equal(codes, MISSING)


def tabulate(question: str, votes: list[Vote]) -> Ratings:
    """The votes of a `choice` or `choices` question; the answers are those that occur."""
    several = voting.kind(votes) == "choices"
    items, annotators = sorted({vote.item for vote in votes}), sorted({vote.annotator for vote in votes})
    rows, columns = ({name: number for number, name in enumerate(names)} for names in (items, annotators))
    answers = sorted({answer for vote in votes for answer in voting.answers(vote)})
    shape = (len(items), len(annotators))
    if several:
        aspects = {answer: Aspect(np.full(shape, MISSING), (None, answer)) for answer in answers}
    else:
        aspects = {question: Aspect(np.full(shape, MISSING), tuple(answers))}
    for vote in votes:
        cell = rows[vote.item], columns[vote.annotator]
        chosen = voting.answers(vote)
        for name, aspect in aspects.items():
            aspect.codes[cell] = int(name in chosen) if several else answers.index(chosen[0])
    return Ratings(question, several, items, annotators, aspects, votes)
