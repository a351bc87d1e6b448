"""The records that pass between stages, and their Arrow schemas.

Offsets are code points, end exclusive, into the raw text. Raw text never shows in a `repr`. Tables are sorted by
`ad_id`, which is keyed, so the order says nothing about the order of the source.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

import pyarrow as pa

# What is masked, in the order in which a stretch that several recognisers claim is given away: what a checksum or a
# fixed form proves first, names and places last.
Entity = Literal[
    "EMAIL", "URL", "IBAN", "CARD", "CRYPTO", "IP", "ID", "BIRTHDATE", "PHONE", "PAYMENT", "HANDLE", "ADDRESS",
    "POSTCODE", "PLATE", "AGE", "PERSON", "LOCATION",
]  # fmt: skip
ENTITIES: tuple[Entity, ...] = get_args(Entity)

# Label columns and answers: one row per question and value, so that the schema does not depend on the codebook.
_LABELS = pa.list_(pa.struct([("question", pa.string()), ("value", pa.string())]))

RAW_ADS = pa.schema(
    [
        ("ad_id", pa.string()),
        ("source_id", pa.string()),
        ("text", pa.string()),
        ("posted", pa.date32()),
        ("region", pa.string()),
        ("category", pa.string()),
        ("labels", _LABELS),
    ]
)

# Of a phone number also what its prefix says (see `pipeline.contacts`), null where that is unknown or too rare.
_CONTACTS = pa.list_(
    pa.struct(
        [
            ("kind", pa.string()),
            ("index", pa.int32()),
            ("token", pa.string()),
            ("country", pa.string()),
            ("region", pa.string()),
            ("line_type", pa.string()),
        ]
    )
)

SANITIZED_ADS = pa.schema(
    [
        ("ad_id", pa.string()),
        ("text", pa.string()),
        ("posted", pa.string()),  # YYYY-MM
        ("region", pa.string()),
        ("category", pa.string()),
        ("contacts", _CONTACTS),
        ("labels", _LABELS),
    ]
)

# The columns an audit vouches for: the digest in its report covers them, and a release checks it.
AUDITED = ("ad_id", "text", "posted", "region", "category")

GROUPS = pa.schema(
    [
        ("ad_id", pa.string()),
        ("near_duplicate", pa.string()),
        ("shared_contact", pa.string()),
        ("group", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Personal data found in a raw text: `entity` over code points `start` to `end` (exclusive), never the text."""

    start: int
    end: int
    entity: str
    score: float

    def as_row(self) -> dict[str, Any]:
        """The span as it stands in a spans file."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact of an ad, `<kind_index>` in its text; the normal form `value` leaves the raw zone as a token.

    Of a phone number: `country` (ISO 3166-1 alpha-2), `region` (state or province of the area code, in English) and
    `line_type` (libphonenumber's, in lower case), each None where the number does not tell; None for other kinds.
    """

    kind: str
    index: int
    value: str = field(repr=False)
    country: str | None = None
    region: str | None = None
    line_type: str | None = None


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """One scrubbed text: what may leave the raw zone (`text`), and what stays in it (`spans` and `contacts`).

    `language`: ISO 639-1 code, "und" where undetermined. `strict`: whether names were masked by casing too. `denied`:
    whether a value of the deny list was masked, so that the outcome depends on that list.
    """

    text: str
    spans: tuple[Span, ...]
    contacts: tuple[Contact, ...]
    language: str
    strict: bool
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Unscrubbed:
    """A text that could not be scrubbed, with the reason it is held in quarantine for."""

    reason: str


Outcome = Scrubbed | Unscrubbed
