"""What stands between the splits and a release: every reason to refuse, found before anything is written.

Every released column is one of three things: audited (the digest in the privacy report covers it), keyed anew, or made
of the codebook's own words. A column or an answer that is none of them stops the release.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import store
from pipeline.card import AD_COLUMNS, SPLITS
from pipeline.errors import Refusal
from pipeline.records import AUDITED
from pipeline.reports import Reports
from pipeline.store import Row

# What contacts may hold beside their token: words of closed vocabularies, told by their form.
_CONTACT = {
    "kind": re.compile("[A-Z][A-Z_]{0,31}"),
    "country": re.compile("[A-Z]{2}|"),
    "region": re.compile("[A-Z]{2}-[A-Z]{2}|"),
    "line_type": re.compile("[a-z_]{0,31}"),
}


def read_vocabulary(schema: Path) -> dict[str, list[str]]:
    """The answers to every question of the codebook.

    Raises:
        Refusal: `schema` is not a label schema.
    """
    try:
        return {question: list(entry["choices"]) for question, entry in store.read_json(schema).items()}
    except FileNotFoundError:
        raise Refusal(f"{schema}: no such file. Run the stage that writes the label schema (`dvc repro`).") from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refusal(f"{schema}: not a label schema (question to choices). Run the stage that writes it.") from None


def read_layout(paths: Mapping[str, Path], vocabulary: Mapping[str, Sequence[str]]) -> pa.Schema:
    """The Arrow schema of what is released of the three splits: an ad's own columns, and the questions with answers.

    Raises:
        Refusal: a split is missing or unlike the others, an ad column is missing, or a column is neither the ad's nor a
            question of the codebook.
    """
    schemas = {split: pq.read_schema(path) for split, path in paths.items() if path.exists()}
    problems = [f"{path}: no such file" for split, path in paths.items() if split not in schemas]
    for split, schema in schemas.items():
        names = set(schema.names)
        problems += [f"{paths[split]}: column {name} is missing" for name in sorted(AD_COLUMNS.keys() - names)]
        unknown = sorted(names - AD_COLUMNS.keys() - vocabulary.keys())
        problems += [f"{paths[split]}: column {name} is no question of the codebook" for name in unknown]
        if not schema.equals(next(iter(schemas.values()))):
            problems.append(f"{paths[split]}: its columns are not those of the other splits")
    if problems:
        raise Refusal("the splits cannot be released; run `dvc repro`:\n" + "\n".join(f"  {p}" for p in problems))
    layout = schemas[SPLITS[0]]
    answered = [name for name in layout.names if name in AD_COLUMNS or _has_answers(paths.values(), name)]
    return pa.schema([layout.field(name).remove_metadata() for name in answered])


def check_audit(reports: Reports) -> None:
    """Add a problem to `reports` unless the privacy audit passed."""
    if not reports.flag("privacy", "passed"):
        found = "".join(f"; {problem}" for problem in reports.texts("privacy", "problems"))
        reports.problems.append(f"{reports.folder}/privacy.json: the privacy audit has not passed{found}")


def check_counts(reports: Reports, ads: Mapping[str, int]) -> None:
    """Add a problem to `reports` for every split that does not hold as many ads as they say."""
    for split, count in ads.items():
        said = reports.count("split", "ads", split)
        if said is not None and said != count:
            reports.problems.append(f"{reports.folder}/split.json: ads.{split} is {said}, but the split has {count}")


@dataclass(frozen=True, slots=True)
class Findings:
    """`digest` of the audited columns; `founders`: group to its smallest ad_id; `faults`: how many ads have which."""

    digest: str
    founders: Mapping[str, str]
    faults: Mapping[str, int]


def examine(rows: Iterable[Row], vocabulary: Mapping[str, Sequence[str]]) -> Findings:
    """Look at every row, in order of ad_id, before any is released."""
    founders: dict[str, str] = {}
    faults: Counter[str] = Counter()

    def watch() -> Iterator[Row]:
        previous = None
        for row in rows:
            founders.setdefault(row["group"], row["ad_id"])
            faults.update(find_faults(row, vocabulary))
            faults.update(["an ad_id that another ad has too"] if row["ad_id"] == previous else [])
            previous = row["ad_id"]
            yield row

    return Findings(store.digest_rows(watch(), AUDITED), founders, faults)


def find_faults(row: Row, vocabulary: Mapping[str, Sequence[str]]) -> list[str]:
    """What in the columns that the audit does not cover must not be released, in words without the value."""
    faults = [f"no {column}" for column in ("contacts", "group") if row[column] is None]
    for part, form in _CONTACT.items():
        if any(not form.fullmatch(contact[part] or "") for contact in row["contacts"] or []):
            faults.append(f"a contact whose {part} is not of its form")
    for question in row.keys() - AD_COLUMNS.keys():
        values = row[question] if isinstance(row[question], list) else [row[question]]
        if not set(values) <= {None, *vocabulary[question]}:
            faults.append(f"an answer in column {question} that the codebook does not have")
    return faults


def refuse_findings(findings: Findings, audited: str, splits: Path) -> None:
    """Do nothing if `findings` has no fault and its digest is the audited one.

    Raises:
        Refusal: every fault with its count of ads.
    """
    problems = [f"{count} ad(s) with {fault}" for fault, count in sorted(findings.faults.items())]
    if findings.digest != audited:
        problems.append("these are not the ads that were audited (the privacy report's sanitized_sha256 differs)")
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise Refusal(f"{splits}: the splits cannot be released; run `dvc repro`:\n{listed}")


def _has_answers(paths: Iterable[Path], question: str) -> bool:
    columns = (pq.read_table(path, columns=[question])[question] for path in paths)
    return any(column.null_count < len(column) for column in columns)
