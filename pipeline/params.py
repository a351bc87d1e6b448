"""`params.yaml` as frozen, validated models, one per stage.

`load(Scrub)` checks the whole file, so that every problem is reported at once with its key path, and returns the one
section the caller works with.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import Refusal
from pipeline.records import Entity

PARAMS = Path("params.yaml")

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Name = Annotated[str, Field(min_length=1)]
Region = Annotated[str, Field(pattern="^[A-Z]{2}$")]  # ISO 3166-1 alpha-2


class Section(BaseModel):
    """A part of params.yaml: unknown keys are refused, values are not coerced, nothing can be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Study(Section):
    """What several stages share: the codebook and the linkage key's file."""

    codebook: Name
    linkage_key: Name


class Synthesize(Section):
    """The sample corpus."""

    ads: Count
    spanish_share: Share
    seed: int


class LabelColumn(Section):
    """A label that comes with the data: its column, and the values that may pass (a list, or raw value: choice)."""

    column: Name
    values: list[Name] | dict[str, Name]

    def choices(self) -> dict[str, str]:
        """Raw value to codebook choice."""
        return self.values if isinstance(self.values, dict) else {value: value for value in self.values}


class Columns(Section):
    """Which source columns an ad is made of. `text` columns are joined with blank lines, the title first."""

    text: Annotated[list[Name], Field(min_length=1)]
    id: Name | None = None
    title: Name | None = None
    posted: Name | None = None
    region: Name | None = None
    category: Name | None = None
    labels: dict[Name, LabelColumn] = {}


class Ingest(Section):
    """Where raw ads come from."""

    source: Name
    files: Name = "*"
    columns: Columns
    max_chars: Count


class QuasiIdentifiers(Section):
    """How far region, month and category are coarsened. `region_parts`: leading comma-separated parts kept."""

    region_parts: Count
    k: Count


def _generalisable(policy: dict[Entity, str]) -> dict[Entity, str]:
    """The policy, if it generalises nothing but ages and places."""
    wrong = sorted(e for e, action in policy.items() if action == "generalise" and e not in {"AGE", "LOCATION"})
    if wrong:
        raise ValueError(f"only AGE and LOCATION can be generalised, not {', '.join(wrong)}; use mask or keep")
    return policy


class Scrub(Section):
    """How personal data is found and what is done with it."""

    ner: Annotated[str, Field(pattern="^(safelight|(spacy|transformers):.+)$")]
    phone_regions: Annotated[list[Region], Field(min_length=1)]
    min_score: Share
    timeout_seconds: Annotated[float, Field(gt=0)]
    workers: Count
    policy: Annotated[dict[Entity, Literal["mask", "generalise", "keep"]], AfterValidator(_generalisable)]
    quasi_identifiers: QuasiIdentifiers


class Audit(Section):
    """What sanitized ads must withstand before anything after them runs."""

    k: Count
    phone_regions: Annotated[list[Region], Field(min_length=1)]
    max_findings: Annotated[int, Field(ge=0)]


class Cluster(Section):
    """Near-duplicates by MinHash over word shingles; contacts in up to `max_shared_ads` ads link them."""

    threshold: Annotated[float, Field(gt=0, lt=1)]
    permutations: Annotated[int, Field(ge=16)]
    shingle_words: Count
    max_shared_ads: Annotated[int, Field(ge=2)]
    seed: Annotated[int, Field(ge=0)]


class Tasks(Section):
    """How many ads people are asked to label: a random arm, and the next batch of the active arm (see `tasks`).

    `overlap`: how many people label each of them.
    `suggest`: the share of the active arm's ads with which the model's answers are shown.
    """

    ads: Count
    active: Annotated[int, Field(ge=0)]
    suggest: Share
    overlap: Count
    seed: int


class Support(Section):
    """Whom people who label can turn to: what it is, with its number, and its page."""

    # No `$`: Label Studio would take what follows it for a field of the task.
    label: Annotated[str, Field(pattern="^[^$]+$")]
    url: Annotated[str, Field(pattern=r"^https?://[^\s$]+$")]


class Annotate(Section):
    """What people who label are told about looking after themselves. `daily_cap`: ads a day, at most."""

    support: Annotated[list[Support], Field(min_length=1)]
    daily_cap: Count


class Simulated(Section):
    """Annotators who answer with the gold label except at their own error rate."""

    annotators: Count
    votes_per_ad: Count
    error_rates: Annotated[list[Share], Field(min_length=1)]
    seed: int

    @model_validator(mode="after")
    def _consistent(self) -> "Simulated":
        if len(self.error_rates) != self.annotators:
            raise ValueError(f"error_rates has {len(self.error_rates)} rates for {self.annotators} annotators")
        if self.votes_per_ad > self.annotators:
            raise ValueError(f"votes_per_ad is {self.votes_per_ad}, but there are {self.annotators} annotators")
        return self


class Collect(Section):
    """Where votes come from."""

    source: Literal["simulated", "columns", "label_studio"]
    export: Name
    simulated: Simulated


class Agreement(Section):
    """Bootstrap of the agreement between annotators."""

    bootstrap: Count
    confidence: Annotated[float, Field(gt=0, lt=1)]
    seed: Annotated[int, Field(ge=0)]


class Aggregate(Section):
    """How votes become labels."""

    method: Literal["majority", "dawid-skene", "mace"]


class Shares(Section):
    """Which share of the labelled ads each split gets."""

    train: Share
    validation: Share
    test: Share

    @model_validator(mode="after")
    def _whole(self) -> "Shares":
        if abs(self.train + self.validation + self.test - 1) > 1e-9:
            raise ValueError(f"shares add up to {self.train + self.validation + self.test:g}, not 1")
        return self


class Split(Section):
    """Train, validation and test, with no group in two of them."""

    shares: Shares
    stratify: Name | None
    seed: int


class Train(Section):
    """Which classifiers are trained, and how."""

    models: Annotated[list[Literal["tfidf", "encoder"]], Field(min_length=1)]
    seeds: Annotated[list[int], Field(min_length=1)]
    questions: Annotated[list[Name], Field(min_length=1)]
    encoder: Name
    epochs: Count
    batch_size: Count
    learning_rate: Annotated[float, Field(gt=0)]
    max_tokens: Annotated[int, Field(ge=8)]
    frozen_layers: Annotated[int, Field(ge=0)]
    threads: Count


class Evaluate(Section):
    """Bootstrap of the test scores."""

    bootstrap: Count
    confidence: Annotated[float, Field(gt=0, lt=1)]
    seed: int


def _day(text: str) -> str:
    """`text`, if it is a day written YYYY-MM-DD (quoted in the YAML, which would read a date)."""
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("not a day written YYYY-MM-DD")
    return text


class Release(Section):
    """What the published dataset is called. `released` is a day; `languages` are ISO 639 codes."""

    name: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]*$")]
    title: Name
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    released: Annotated[str, AfterValidator(_day)]
    license: Name
    languages: Annotated[list[Annotated[str, Field(pattern="^[a-z]{2,3}$")]], Field(min_length=1)]
    description: Name
    publisher: Name


class Params(Section):
    """The whole of params.yaml."""

    study: Study
    synthesize: Synthesize
    ingest: Ingest
    scrub: Scrub
    audit: Audit
    cluster: Cluster
    tasks: Tasks
    annotate: Annotate
    collect: Collect
    agreement: Agreement
    aggregate: Aggregate
    split: Split
    train: Train
    evaluate: Evaluate
    release: Release


S = TypeVar("S", bound=Section)


def load(section: type[S], path: Path = PARAMS) -> S:
    """The section of `path` that is described by the model `section`.

    Raises:
        Refusal: the file is missing, is not YAML, or is not valid anywhere; every problem is listed with its key path.
    """
    params = read(path)
    return next(value for name, value in params if type(value) is section)


@cache
def read(path: Path = PARAMS) -> Params:
    """All of `path`, validated (see `load`)."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refusal(f"{path}: no such file. Run Safelight from the folder that holds it.") from None
    except yaml.YAMLError as error:
        raise Refusal(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    try:
        return Params.model_validate(content)
    except ValidationError as error:
        problems = sorted(f"  {'.'.join(map(str, e['loc'])) or '(top)'}: {e['msg']}" for e in error.errors())
        raise Refusal(f"{path}: {len(problems)} problem(s):\n" + "\n".join(problems)) from None
