"""What a run found, as tables for a terminal; numbers come from the reports alone."""

from pathlib import Path

from rich.table import Table

from pipeline.reports import Reports

NAMES = ("ingest", "scrub", "privacy", "cluster", "split", "collect", "agreement", "evaluation")


def tables(folder: Path) -> list[Table]:
    """The ads and their audit, the agreement on labels, and the classifiers' scores.

    Raises:
        Refusal: a report or a number in it is missing.
    """
    reports = Reports.read(folder, NAMES)
    simulated = " (simulated votes)" if reports.flag("collect", "simulated") else ""
    ads = _table("Ads", "", "")
    figures: list[tuple[str, ...]] = [
        ("read", "ingest", "read"),
        ("taken in", "ingest", "ads"),
        ("sanitized", "scrub", "ads"),
        ("groups of reposts", "cluster", "groups"),
        ("values searched for by the audit", "privacy", "canaries", "searched"),
        ("of them found", "privacy", "canaries", "found"),
        *((f"in the {split} split", "split", "ads", split) for split in reports.keys("split", "ads")),
    ]
    for what, report, *path in figures:
        ads.add_row(what, reports.number(report, *path))
    ads.add_row("privacy audit", "passed" if reports.flag("privacy", "passed") else "FAILED")

    agreement = _table(f"Agreement{simulated}", "question", "alpha", "interval")
    for question in reports.keys("agreement", "questions"):
        agreement.add_row(question, *_interval(reports, "alpha", "agreement", "questions", question))

    scores = _table(f"Macro-F1 on the test split{simulated}", "question", "model", "F1", "interval")
    for question in reports.keys("evaluation", "questions"):
        for model in reports.keys("evaluation", "questions", question):
            keys = ("evaluation", "questions", question, model, "macro_f1")
            scores.add_row(question, model, *_interval(reports, "value", *keys))
    reports.settle()
    return [ads, agreement, scores]


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", show_header=any(columns))
    for column in columns:
        table.add_column(column, justify="left" if column in {"question", "model"} or not table.columns else "right")
    return table


def _interval(reports: Reports, point: str, *keys: str) -> tuple[str, str]:
    value, low, high = (reports.number(*keys, key) for key in (point, "low", "high"))
    return value, "" if low == high else f"{low} to {high}"
