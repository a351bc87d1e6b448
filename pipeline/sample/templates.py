"""The wording of the sample, read from the YAML files in `wording/`.

A sentence is text with slots and alternatives: `{city}` is filled in, `{City}` is filled in with a capital, and
`(one|another)` picks a wording. Each sector's file has families (what an ad is about) and indicators, each citing its
source by a key of `sources.yaml`. An indicator's `observed` sentences show it; its `lookalike` sentences are ordinary
wording that resembles it, so that a vocabulary alone does not give the label away.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

FOLDER = Path(__file__).parent / "wording"
SECTORS = ("job_recruitment", "massage_spa", "personal_services", "household_goods")

Language = Literal["en", "es"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a sentence that is filled in, with a capital letter if `capital`."""

    name: str
    capital: bool


@dataclass(frozen=True, slots=True)
class Alternatives:
    """A place in a sentence with several wordings."""

    wordings: tuple[tuple[str | Slot, ...], ...]


Pieces = tuple[str | Slot, ...]
Sentence = tuple[str | Slot | Alternatives, ...]

_TOKENS = re.compile(r"\{(\w+)\}|\(([^()]*\|[^()]*)\)")


def parse(text: str) -> Sentence:
    """A sentence from its YAML form."""
    pieces: list[str | Slot | Alternatives] = []
    end = 0
    for match in _TOKENS.finditer(text):
        if match.start() > end:
            pieces.append(text[end : match.start()])
        slot, wordings = match.groups()
        if slot:
            pieces.append(Slot(slot.lower(), capital=slot[0].isupper()))
        else:
            pieces.append(Alternatives(tuple(_plain(parse(wording)) for wording in wordings.split("|"))))
        end = match.end()
    if end < len(text):
        pieces.append(text[end:])
    return tuple(pieces)


def resolve(sentence: Sentence, rng: Random) -> Pieces:
    """The sentence with one wording picked for each of its alternatives."""
    pieces: list[str | Slot] = []
    for piece in sentence:
        if isinstance(piece, Alternatives):
            pieces.extend(rng.choice(piece.wordings))
        else:
            pieces.append(piece)
    return tuple(pieces)


def _plain(sentence: Sentence) -> Pieces:
    return tuple(piece for piece in sentence if not isinstance(piece, Alternatives))


Written = Annotated[Sentence, BeforeValidator(parse)]
Sentences = dict[Language, tuple[Written, ...]]
Slots = dict[Language, dict[str, tuple[str, ...]]]


class Model(BaseModel):
    """A part of a template file: unknown keys are refused, nothing can be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Vague(Model):
    """Wording of ads too short to judge."""

    titles: tuple[Written, ...]
    sentences: tuple[Written, ...]


class FamilyText(Model):
    """A family's wording in one language."""

    slots: dict[str, tuple[str, ...]]
    openings: tuple[Written, ...]
    details: tuple[Written, ...]


class Family(Model):
    """What an ad is about. `shows`: the indicators its ads may show; all of the sector's where it is missing."""

    id: str
    source: dict[str, str]
    shows: tuple[str, ...] | None = None
    en: FamilyText
    es: FamilyText

    def text(self, language: Language) -> FamilyText:
        """The wording in `language`."""
        return self.en if language == "en" else self.es


class Indicator(Model):
    """Sentences that show one of the codebook's indicators, and ordinary sentences that resemble it."""

    id: str
    source: dict[str, str]
    observed: Sentences | None = None
    lookalike: Sentences


class Sector(Model):
    """A sector's wording."""

    sector: str
    category: str
    titles: Sentences
    vague: dict[Language, Vague]
    families: tuple[Family, ...]
    slots: Slots
    indicators: tuple[Indicator, ...]

    def shown(self) -> tuple[str, ...]:
        """The indicators that this sector's ads may show."""
        return tuple(indicator.id for indicator in self.indicators if indicator.observed)


class Streets(Model):
    """Parts of street addresses."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    units: tuple[str, ...]


class Contacts(Model):
    """How an ad says whom to reach, and the parts of which contacts are made."""

    phrases: dict[Language, dict[str, tuple[Written, ...]]]
    title_edits: dict[Language, tuple[tuple[str, str], ...]]
    slots: Slots
    given_names: dict[Language, tuple[str, ...]]
    surnames: dict[Language, tuple[str, ...]]
    first_words: tuple[str, ...]
    second_words: tuple[str, ...]
    business_kinds: tuple[str, ...]
    streets: dict[Language, Streets]
    email_words: dict[Language, tuple[str, ...]]


class Place(Model):
    """A region, and its numbers up to the last four digits."""

    region: Annotated[str, Field(pattern=r"^[A-Z]{2}, [A-Z]{2,3}, .+$")]
    dial: tuple[tuple[str, str], ...]

    @property
    def country(self) -> str:
        """Its ISO 3166-1 code."""
        return self.region[:2]

    @property
    def city(self) -> str:
        """Its name."""
        return self.region.split(", ")[2]


@dataclass(frozen=True, slots=True)
class Templates:
    """All of `wording/`."""

    sectors: dict[str, Sector]
    contacts: Contacts
    circuits: dict[str, tuple[Place, ...]]
    sources: dict[str, str]


@cache
def load() -> Templates:
    """Read and validate every template file."""
    return Templates(
        sectors={name: Sector.model_validate(_read(name)) for name in SECTORS},
        contacts=Contacts.model_validate(_read("contacts")),
        circuits={name: tuple(map(Place.model_validate, places)) for name, places in _read("places").items()},
        sources=_read("sources"),
    )


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
