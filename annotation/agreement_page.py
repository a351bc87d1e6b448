"""The agreement report as one HTML page, for the annotation lead: no script, nothing from the web, good to print.

Everything in it comes from the report of `annotation.agreement`; the prose is in agreement.html.j2.
"""

from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import jinja2

MATRIX = 15  # up to this many annotators a table of them all can be read
PAIRS = 200  # rows of pairs before the rest is only counted
ANSWERS = 15  # differing answers that are listed for a question, and …
PAIR_ANSWERS = 3  # … for a pair

_TEMPLATE = Path(__file__).with_name("agreement.html.j2")


def render(report: dict[str, Any], people: dict[str, dict[str, Any]]) -> str:
    """The page, from the report and the annotators of each question. All names and answers are escaped."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = _number
    environment.filters["differently"] = _differently
    environment.filters["together"] = _together
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        report=report,
        people=people,
        low=_axis_start(report),
        matrix=_matrix,
        limits={"matrix": MATRIX, "pairs": PAIRS, "answers": ANSWERS, "pair_answers": PAIR_ANSWERS},
    )


def _number(value: float | None, digits: int = 2) -> str:
    """The number with a true minus sign and no negative zero; an en dash for null."""
    return "–" if value is None else f"{value:z.{digits}f}".replace("-", "−")


def _differently(row: dict[str, Any]) -> str:
    """What the first of a pair answered beside the second; of a several-choice question who alone chose what."""
    if row["second"] is None:
        return f"{row['first']}: the first alone"
    return f"{row['second']}: the second alone" if row["first"] is None else f"{row['first']} / {row['second']}"


def _together(answer: str | list[str]) -> str:
    """One answer in words: of a several-choice question all its choices."""
    return answer if isinstance(answer, str) else ", ".join(answer) or "nothing chosen"


def _axis_start(report: dict[str, Any]) -> float:
    """Where the axis of all coefficients starts: 0, or a multiple of -.2 below the lowest interval."""
    results = [row for q in report["questions"].values() for row in (q, q["ac1"], *q["pairs"])]
    results += [
        part for q in report["questions"].values() for c in q.get("choices", {}).values() for part in (c, c["ac1"])
    ]
    lowest = min((row["low"] for row in results if row["low"] is not None), default=0.0)
    start = 0.0
    while start > lowest and start > -1:
        start -= 0.2
    return round(start, 1)


def _matrix(pairs: list[dict[str, Any]], names: list[str]) -> dict[str, dict[str, dict[str, Any] | None]]:
    """The pairs as a table of annotators by annotators, with None where two have no item in common."""
    table: dict[str, dict[str, dict[str, Any] | None]] = {name: dict.fromkeys(names) for name in names}
    found = {frozenset((pair["first"], pair["second"])): pair for pair in pairs}
    for one, other in combinations_with_replacement(names, 2):
        table[one][other] = table[other][one] = found.get(frozenset((one, other)))
    return table
