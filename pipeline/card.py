"""The dataset card. Its prose is in card.md.j2; every number in it is read from a report file (`pipeline.reports`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import jinja2
import pyarrow as pa
from huggingface_hub import DatasetCard, DatasetCardData

from pipeline.citation import KEYWORDS, bibtex
from pipeline.params import Release
from pipeline.reports import Reports

REPORTS = ("ingest", "scrub", "privacy", "cluster", "collect", "agreement", "aggregate", "split", "evaluation")
SPLITS = ("train", "validation", "test")

_TEMPLATE = Path(__file__).with_name("card.md.j2")
_SIMULATED = ("collect", "agreement", "aggregate", "evaluation")
_CREATORS = {"simulated": "machine-generated", "columns": "found", "label_studio": "expert-generated"}
AD_COLUMNS = {
    "ad_id": "the ad, keyed anew for this release",
    "text": "title and body, sanitized: placeholders such as `<PHONE_n>` stand where personal data stood",
    "posted": "month of posting (year and month), empty where suppressed",
    "region": "coarse region, empty where suppressed",
    "category": "category of the ad, empty where suppressed",
    "contacts": "one entry per distinct contact: kind and index of its placeholder, and a token, keyed anew for this "
    "release, that is equal where two ads of this release share the contact; of a phone number also ISO codes of "
    "its country and (United States and Canada) of its area code's region, and line type, empty where unknown or rare",
    "group": "near-duplicates and ads linked by a shared contact have one group; no group is in two splits",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A released column. `kind`: text, texts (a list) or contacts (a list of structs)."""

    name: str
    kind: str
    meaning: str


def describe(schema: pa.Schema, vocabulary: Mapping[str, Sequence[str]]) -> list[Column]:
    """The columns of the splits; one that is not the ad's own is a label, with its choices in `vocabulary`."""
    return [_describe(field, vocabulary) for field in schema]


def labels(columns: Iterable[Column]) -> list[str]:
    """The names of the label columns."""
    return [column.name for column in columns if column.name not in AD_COLUMNS]


def is_simulated(reports: Reports) -> bool:
    """Whether the labels come from simulated votes; reports that disagree about it are a problem."""
    answers = {report: reports.flag(report, "simulated") for report in _SIMULATED}
    if len(set(answers.values())) > 1:
        reports.problems.append(f"{reports.folder}: the reports disagree about `simulated`: they are of different runs")
    return any(answers.values())


def write_card(release: Release, reports: Reports, columns: Sequence[Column]) -> str:
    """The dataset card: Hugging Face metadata, then the rendered template. Problems are left in `reports`."""
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    body = environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        release=release,
        splits=SPLITS,
        columns=columns,
        questions=labels(columns),
        simulated=is_simulated(reports),
        citation=bibtex(release),
        n=reports.number,
        under=lambda *keys: partial(reports.number, *keys),
        keys=reports.keys,
        text=reports.text,
    )
    data = DatasetCardData(
        pretty_name=release.title,
        language=release.languages,
        license=release.license,
        annotations_creators=[_CREATORS.get(reports.text("collect", "source"), "other")],
        size_categories=[size_category(reports.count("privacy", "ads") or 0)],
        task_categories=["text-classification"],
        tags=KEYWORDS,
        configs=[
            {
                "config_name": "default",
                "data_files": [{"split": split, "path": f"data/{split}.parquet"} for split in SPLITS],
            }
        ],
    )
    return str(DatasetCard(f"---\n{data.to_yaml()}\n---\n\n{body}"))


def size_category(rows: int) -> str:
    """Hugging Face's size category of a number of rows."""
    bounds = ["1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T"]
    for place, bound in enumerate(bounds):
        if rows < 10 ** (place + 3):
            return f"{bounds[place - 1]}<n<{bound}" if place else f"n<{bound}"
    return "n>1T"


def _describe(field: pa.Field, vocabulary: Mapping[str, Sequence[str]]) -> Column:
    if field.name == "contacts":
        return Column(field.name, "contacts", AD_COLUMNS[field.name])
    kind = "texts" if pa.types.is_list(field.type) else "text"
    if field.name in AD_COLUMNS:
        return Column(field.name, kind, AD_COLUMNS[field.name])
    number = "any" if kind == "texts" else "one"
    choices = ", ".join(vocabulary[field.name])
    return Column(field.name, kind, f"label, {number} of: {choices}; empty where unlabelled")
