"""A release's croissant.json: what is in it, for machines.

Croissant 1.0 (https://docs.mlcommons.org/croissant/docs/croissant-spec.html) with the Responsible AI vocabulary
(https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html): one FileObject and one RecordSet per split.
"""

import hashlib
import json
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import mlcroissant as mlc

from pipeline.card import SPLITS, Column
from pipeline.citation import KEYWORDS, bibtex, spdx
from pipeline.params import Release

_CONFORMS_TO = ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"]
_CONTACT = {
    "kind": mlc.DataType.TEXT,
    "index": mlc.DataType.INTEGER,
    "token": mlc.DataType.TEXT,
    "country": mlc.DataType.TEXT,
    "region": mlc.DataType.TEXT,
    "line_type": mlc.DataType.TEXT,
}


def describe_release(release: Release, folder: Path, columns: Sequence[Column], simulated: bool) -> str:
    """The text of croissant.json for the Parquet files under `folder`/data.

    Raises:
        mlcroissant.ValidationError: the description is not valid Croissant.
    """
    ctx = mlc.Context(conforms_to=_CONFORMS_TO)
    publisher = mlc.Organization(ctx=ctx, name=release.publisher)
    votes = "Votes by simulated annotators" if simulated else "Votes by annotators"
    metadata = mlc.Metadata(
        ctx=ctx,
        conforms_to=_CONFORMS_TO,
        name=release.name,
        description=release.description,
        version=release.version,
        date_published=datetime.fromisoformat(release.released),
        license=[f"https://spdx.org/licenses/{spdx(release)}.html"],
        cite_as=bibtex(release),
        creators=[publisher],
        publisher=[publisher],
        in_language=release.languages,
        keywords=KEYWORDS,
        data_annotation_protocol=[
            f"{votes}, per codebook question; aggregated to labels. Labels are indicators, never verdicts."
        ],
        data_preprocessing_protocol=[
            "Personal data replaced by typed placeholders; month, region and category coarsened."
        ],
        personal_sensitive_information=["Sanitized and audited, not anonymous: README.md, Known limits."],
        data_use_cases=["Research on indicators in the wording of ads. No re-identification, no search for persons."],
        distribution=[_file(ctx, folder, split) for split in SPLITS],
        record_sets=[_record_set(ctx, split, columns) for split in SPLITS],
    )
    return json.dumps(metadata.to_json(), ensure_ascii=False, indent=2) + "\n"


def find_problems(folder: Path) -> list[str]:
    """What mlcroissant has against `folder`/croissant.json and the files it describes (checksums, first records)."""
    with _quiet():
        try:
            dataset = mlc.Dataset(jsonld=str(folder / "croissant.json"))
        except Exception as error:
            return [f"croissant.json: not valid Croissant ({type(error).__name__}): `mlcroissant validate` tells more"]
        issues = dataset.metadata.ctx.issues
        problems = [f"croissant.json: {issue}" for issue in sorted(issues.errors | issues.warnings)]
        for record_set in dataset.metadata.record_sets:
            try:
                next(iter(dataset.records(record_set.uuid)), None)
            except Exception as error:
                problems.append(f"croissant.json: records of {record_set.uuid} cannot be read ({type(error).__name__})")
    return problems


def _file(ctx: mlc.Context, folder: Path, split: str) -> mlc.FileObject:
    path = folder / f"data/{split}.parquet"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return mlc.FileObject(
        ctx=ctx,
        id=path.name,
        name=path.name,
        content_url=f"data/{path.name}",
        content_size=f"{path.stat().st_size} B",
        encoding_formats=["application/x-parquet"],
        sha256=digest,
    )


def _record_set(ctx: mlc.Context, split: str, columns: Sequence[Column]) -> mlc.RecordSet:
    fields = [_field(ctx, split, column) for column in columns]
    return mlc.RecordSet(ctx=ctx, id=split, name=split, key=[f"{split}/ad_id"], fields=fields)


def _field(ctx: mlc.Context, split: str, column: Column) -> mlc.Field:
    file = f"{split}.parquet"
    place = f"{split}/{column.name}"
    source = mlc.Source(ctx=ctx, file_object=file, extract=mlc.Extract(ctx=ctx, column=column.name))
    if column.kind == "text":
        return mlc.Field(
            ctx=ctx, id=place, name=column.name, description=column.meaning, data_types=mlc.DataType.TEXT, source=source
        )
    if column.kind == "texts":
        return mlc.Field(
            ctx=ctx,
            id=place,
            name=column.name,
            description=column.meaning,
            data_types=mlc.DataType.TEXT,
            repeated=True,
            source=source,
        )
    parts = [
        mlc.Field(
            ctx=ctx,
            id=f"{place}/{part}",
            name=part,
            data_types=data_type,
            source=mlc.Source(
                ctx=ctx,
                file_object=file,
                extract=mlc.Extract(ctx=ctx, column=column.name),
                transforms=[mlc.Transform(ctx=ctx, json_path=part)],
            ),
        )
        for part, data_type in _CONTACT.items()
    ]
    return mlc.Field(ctx=ctx, id=place, name=column.name, description=column.meaning, repeated=True, sub_fields=parts)


@contextmanager
def _quiet() -> Iterator[None]:
    logger = logging.getLogger("absl")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logger.setLevel(before)
