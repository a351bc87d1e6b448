"""Votes from whichever source the study has, in one form.

`simulated`: made-up annotators answer with the labels that came with the ads, except at their own error rate.
`columns`: those labels themselves, as the votes of one annotator. `label_studio`: an export of what people answered.
"""

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from annotation import codebook as codebooks
from annotation import export as exports
from annotation import suggestions
from annotation import votes as voting
from annotation.codebook import Codebook, Question
from annotation.votes import Value, Vote
from pipeline import params, store
from pipeline.errors import Refusal, run_stage


def from_columns(ads: Iterable[dict[str, Any]], codebook: Codebook) -> list[Vote]:
    """The labels that came with the ads as the votes of one annotator, `columns`.

    Raises:
        Refusal: no ad has a label, or labels do not fit the codebook; each such value is listed with its count.
    """
    types = {question.id: question.type for question in codebook.questions}
    votes = []
    for ad in ads:
        given: dict[str, set[str]] = {}
        for label in ad["labels"] or []:
            given.setdefault(label["question"], set()).add(label["value"])
        for question, values in sorted(given.items()):
            several = types.get(question) == "choices" or len(values) > 1
            value: Value = tuple(sorted(values)) if several else min(values)
            votes.append(Vote(ad["ad_id"], "columns", question, value, None, codebook.version))
    if not votes:
        raise Refusal("no ad has a label. Name label columns in params: ingest.columns.labels.")
    voting.check(votes, codebook)
    return votes


def simulate(gold: Iterable[Vote], settings: params.Simulated, codebook: Codebook) -> list[Vote]:
    """What made-up annotators `simulated-1` … answer where `gold` is right.

    Each item gets `votes_per_ad` of them. At an annotator's error rate a `choice` answer is another choice, and a
    `choices` answer has one choice too many or too few, any with the same probability; the exclusive choice is answered
    when no other is left. Every answer hangs on the seed, the item, the question and the annotator alone.
    """
    questions = {question.id: question for question in codebook.questions}
    votes = []
    for vote in gold:
        chosen = random.Random(f"{settings.seed} {vote.item}").sample(range(settings.annotators), settings.votes_per_ad)
        for index in sorted(chosen):
            annotator = f"simulated-{index + 1}"
            rng = random.Random(f"{settings.seed} {vote.item} {vote.question} {annotator}")
            value = _err(vote.value, questions[vote.question], settings.error_rates[index], rng)
            votes.append(Vote(vote.item, annotator, vote.question, value, None, codebook.version))
    return votes


def main(
    ads: Path,
    codebook: Annotated[Path, typer.Option()],
    export: Annotated[Path, typer.Option(help="Of the annotators' projects.")],
    decisions: Annotated[Path, typer.Option(help="The export of adjudication, once there is one.")],
    votes: Annotated[Path, typer.Option()],
    suggested: Annotated[
        Path, typer.Option("--suggestions", help="What models suggested to annotators, or would have.")
    ],
    metrics: Annotated[Path, typer.Option()],
) -> None:
    """Collect votes from the source that params name."""
    settings = params.load(params.Collect)
    book = codebooks.load(codebook)
    left_out: dict[str, int] = {}
    decided: dict[str, int] = {}
    shown: list[suggestions.Suggestion] = []
    if settings.source == "label_studio":
        collected, left_out = exports.collect(export, book)
        shown = suggestions.from_export(export)
        if decisions.is_file():
            adjudicated, decided = exports.collect_decisions(decisions, book)
            collected += adjudicated
    else:
        collected = from_columns(store.read_table(ads, ["ad_id", "labels"]), book)
    if settings.source == "simulated":
        collected = simulate(collected, settings.simulated, book)
    voting.write(votes, collected)
    suggestions.write(suggested, shown)
    store.write_json(
        metrics, {"source": settings.source, **summarize(collected), "export": left_out, "decisions": decided}
    )


def summarize(votes: list[Vote]) -> dict[str, Any]:
    """How many votes there are, on how many items, by how many annotators, and how many answers are adjudicated."""
    votes, decisions = voting.part_decisions(votes)
    return {
        "simulated": voting.is_simulated(votes),
        "adjudicated": len(decisions),
        "votes": len(votes),
        "items": len({vote.item for vote in votes}),
        "annotators": len({vote.annotator for vote in votes}),
        "questions": {question: len(given) for question, given in voting.by_question(votes).items()},
    }


def _err(value: Value, question: Question, rate: float, rng: random.Random) -> Value:
    if isinstance(value, str):
        return rng.choice([a for a in question.answers if a != value]) if rng.random() < rate else value
    given = set(value) - {question.exclusive}
    if rng.random() < rate:
        given ^= {rng.choice([choice for choice in question.answers if choice != question.exclusive])}
    return tuple(sorted(map(str, given))) or ((question.exclusive,) if question.exclusive else ())


if __name__ == "__main__":
    run_stage(main)
