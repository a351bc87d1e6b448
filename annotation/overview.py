"""How far a study is, for its lead: everybody's tasks, pace and agreement so far, in a table.

Agreement is the mean share of the other votes on the same ad that equal one's own, over the questions with choices. It
says where to look together at examples, and ranks nobody: the rows are in the order of invitation.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from annotation import annotators, pull, ratings
from annotation import export as exports
from annotation import votes as voting
from annotation.codebook import Codebook
from annotation.private import FOLDER
from annotation.pull import Tally
from annotation.roster import Annotator
from annotation.server import Server


@dataclass(frozen=True, slots=True)
class Overview:
    """By pseudonym: tallies, and agreement with the others (none where nobody shares an answered ad with somebody).

    `uniform`: who gave one and the same answer throughout where that is surprising, with the question.
    """

    tallies: dict[str, Tally]
    agreement: dict[str, float]
    uniform: list[dict[str, Any]]


def look(running: Server, people: Sequence[Annotator], codebook: Codebook, folder: Path = FOLDER) -> Overview:
    """Read everybody's work from the server."""
    export = folder / "tmp" / "status.json"
    try:
        tallies = pull.pull(running, people, codebook, export).tallies
        answered = any(tally.done for tally in tallies.values())
        votes = exports.collect(export, codebook)[0] if answered else []
    finally:
        export.unlink(missing_ok=True)
    types = {question.id: question.type for question in codebook.questions}
    shares: dict[str, list[float]] = {}
    uniform: list[dict[str, Any]] = []
    for question, given in voting.by_question(votes).items():
        if types.get(question) in {"choice", "choices"}:
            table = ratings.tabulate(question, given)
            uniform += [{"question": question, **row} for row in annotators.find_uniform(table)]
            compared = annotators.agreement_with_others(table)
            for name, column in zip(table.annotators, compared.T, strict=True):
                shares.setdefault(name, []).extend(column[~np.isnan(column)])
    return Overview(tallies, {name: float(np.mean(own)) for name, own in shares.items() if own}, uniform)


def show(overview: Overview, people: Sequence[Annotator], *, named: bool) -> None:
    """Print the table; with names only where `named`."""
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=True)
    table = Table()
    for column in (["name"] if named else []) + ["annotator"]:
        table.add_column(column)
    for column in ("assigned", "done", "skipped", "median s", "agreement"):
        table.add_column(column, justify="right", no_wrap=True)
    for person in people:
        tally = overview.tallies[person.pseudonym]
        agreement = overview.agreement.get(person.pseudonym)
        table.add_row(
            *([person.name] if named else []),
            person.pseudonym,
            *(str(count) for count in (tally.assigned, tally.done, tally.skipped)),
            f"{statistics.median(tally.seconds):.0f}" if tally.seconds else "",
            "" if agreement is None else f"{agreement:.2f}",
        )
    console.print(table)
    for row in overview.uniform:
        console.print(
            f"{row['question']}: {row['annotator']} gave one answer in all {row['votes']} votes", highlight=False
        )
    for pseudonym, tally in overview.tallies.items():
        if tally.foreign:
            console.print(f"{pseudonym}: {tally.foreign} annotation(s) by somebody else", highlight=False)
