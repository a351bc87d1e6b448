"""Texts with gold spans, for measuring a scrubber: the synthetic ads, and every gold set in a folder.

A gold set is a file of one of three formats, told by its name:

- `*.jsonl`: a row has a `text` and its `spans` (`start`, `end`, `entity`, `style`), or the `start` and `end` of a phone
  number; code points, end exclusive.
- `*.conll`, `*.dev`, `*.test`: a token and its BIO tag in columns, a blank line between texts. Tokens are joined with
  spaces, a tagged `@` and its handle (two tokens in the Broad Twitter Corpus) without. Persons and places are gold, and
  so are all handles and links, which the policy masks whoever they belong to. There is a copy in lower case.
- `*.json`: presidio-research's own samples (`full_text`, `spans`), but for those of templates with an even number, on
  which the tagger was trained.

A text that comes twice is taken once; files with "train" in their name are left out.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from pipeline import store
from pipeline.sample.text import GoldSpan
from pipeline.synthesize import generate

SYNTHETIC = "synthetic"
SYNTHETIC_SEED = 1_000_003  # not the sample's: recognisers were written with the sample in view
SYNTHETIC_ADS = 2_000

# What presidio-research calls the entities that a policy may mask. It draws no line between a place and an address, and
# a postal code is part of one. Its ORGANIZATION, DATE_TIME, TITLE, NRP and US_DRIVER_LICENSE are not gold here.
RESEARCH_ENTITIES = {
    "PERSON": "PERSON",
    "STREET_ADDRESS": "LOCATION",
    "GPE": "LOCATION",
    "ZIP_CODE": "LOCATION",
    "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL",
    "DOMAIN_NAME": "URL",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "US_SSN": "ID",
    "AGE": "AGE",
}

_CONLL_ENTITIES = {"per": "PERSON", "person": "PERSON", "loc": "LOCATION", "location": "LOCATION"}
_LINK = re.compile(r"(?:https?://|www\.)\S*\w/?(?=\.?$)")  # not one that a retweet cut off ("http://t.c…")
_PLAIN_NUMBER = re.compile(r"\d+(?:(?:[ .-]|\) ?)\d+)*")


@dataclass(frozen=True, slots=True)
class Gold:
    """A text and what is personal data in it."""

    text: str = field(repr=False)
    spans: tuple[GoldSpan, ...]


def load(folder: Path | None) -> dict[str, list[Gold]]:
    """Gold sets by name: the synthetic ads, and the files of `folder` by their path in it."""
    sets = {SYNTHETIC: _distinct(synthetic())}
    for path in sorted(folder.rglob("*")) if folder else ():
        if (read := _FORMATS.get(path.suffix)) and "train" not in path.name:
            name = path.relative_to(folder).as_posix() if folder else path.name
            texts = sets[name] = _distinct(read(path))
            if read is read_conll:
                sets[f"{name}, lower case"] = [lowered(gold) for gold in texts]
    return sets


def synthetic() -> Iterator[Gold]:
    """Ads of the sample's generator, from another seed."""
    return (Gold(ad.text, ad.spans) for ad in generate(SYNTHETIC_ADS, 0.15, SYNTHETIC_SEED))


def read_jsonl(path: Path) -> Iterator[Gold]:
    """Rows with `spans`, or with one phone number, which is plain where digits stand in usual groups."""
    for row in store.read_jsonl(path):
        text = row["text"]
        if "spans" in row:
            spans = [GoldSpan(s["start"], s["end"], s["entity"], s.get("style", "")) for s in row["spans"]]
        else:
            plain = _PLAIN_NUMBER.fullmatch(text[row["start"] : row["end"]])
            spans = [GoldSpan(row["start"], row["end"], "PHONE", "plain" if plain else "obfuscated")]
        yield Gold(text, tuple(spans))


def read_conll(path: Path) -> Iterator[Gold]:
    """Texts with their names and places; an `@handle` is a HANDLE of the style "person" or "other", a link a URL."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for filled, group in groupby(lines, lambda line: bool(line.strip())):
        if filled:
            yield _tagged([(token, tag) for token, tag in (line.rsplit("\t", 1) for line in group)])


def read_research(path: Path) -> Iterator[Gold]:
    """presidio-research's samples, with the spans that `RESEARCH_ENTITIES` names."""
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    for row in rows:
        if row["template_id"] % 2 == 0:
            continue
        spans = [
            GoldSpan(span["start_position"], span["end_position"], entity, "")
            for span in row["spans"]
            if (entity := RESEARCH_ENTITIES.get(span["entity_type"]))
        ]
        yield Gold(row["full_text"], tuple(sorted(spans, key=lambda span: span.start)))


def lowered(gold: Gold) -> Gold:
    """The text in lower case, every character in its place."""
    return Gold("".join(c.lower() if len(c.lower()) == 1 else c for c in gold.text), gold.spans)


_FORMATS: dict[str, Callable[[Path], Iterable[Gold]]] = {
    ".jsonl": read_jsonl,
    ".conll": read_conll,
    ".dev": read_conll,
    ".test": read_conll,
    ".json": read_research,
}


def _distinct(texts: Iterable[Gold]) -> list[Gold]:
    return list({gold.text: gold for gold in texts if gold.text.strip()}.values())


def _tagged(tokens: list[tuple[str, str]]) -> Gold:
    text = ""
    spans: list[GoldSpan] = []
    handle_from = -1  # where the `@` before this token stands
    for token, tag in tokens:
        joined = handle_from >= 0
        text += "" if joined or not text else " "
        start, end = len(text), len(text) + len(token)
        text += token
        entity = _CONLL_ENTITIES.get(tag[2:].lower())
        if joined or (token.startswith("@") and len(token) > 1):
            spans.append(
                GoldSpan(handle_from if joined else start, end, "HANDLE", "person" if entity == "PERSON" else "other")
            )
        elif link := _LINK.match(token):
            spans.append(GoldSpan(start, start + link.end(), "URL", ""))
        elif entity and tag.startswith("I") and spans and (spans[-1].end, spans[-1].entity) == (start - 1, entity):
            spans[-1] = GoldSpan(spans[-1].start, end, entity, "")
        elif entity and token != "@":
            spans.append(GoldSpan(start, end, entity, ""))
        handle_from = start if token == "@" and tag != "O" else -1
    return Gold(text, tuple(spans))
