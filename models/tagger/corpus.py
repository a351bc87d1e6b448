"""Labelled and unlabelled text for the tagger, as sentences of words.

Labelled: the Broad Twitter Corpus (Derczynski et al. 2016) and WNUT-17 (Derczynski et al. 2017), both CC-BY-4.0, as
CoNLL columns; and presidio-research's filled templates (MIT), of which every other template is kept back. Unlabelled:
job ads (EMSCAD) and messages (SMS Spam Collection), whose words count as no name unless they could be one, in which
case they count for nothing.
"""

import csv
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline.taggers.features import TAGS, WORDS, lexicon, may_be_masked, plain

Part = Literal["train", "dev"]

_TAG_OF = {
    **{"per": "PERSON", "person": "PERSON", "loc": "LOCATION", "location": "LOCATION"},
    **dict.fromkeys(("org", "corporation", "creative-work", "group", "product"), "OTHER_NAME"),
}
_TAG_OF_ENTITY = {
    **{"PERSON": "PERSON", "GPE": "LOCATION", "STREET_ADDRESS": "ADDRESS", "ZIP_CODE": "ADDRESS"},
    "ORGANIZATION": "OTHER_NAME",
}
_FILES: dict[Part, tuple[str, str]] = {
    "train": ("pii/btc/btc.train", "pii/wnut17/wnut17train.conll"),
    "dev": ("pii/btc/btc.dev", "pii/wnut17/emerging.dev.conll"),
}
_TEMPLATES = "pii/presidio_research/synth_dataset_v2.json"
_ADS = "ads/emscad.csv"
_AD_COLUMNS = ("description", "company_profile", "requirements", "benefits")
_MESSAGES = "ads/SMSSpamCollection.tsv"
FILES = (*_FILES["train"], *_FILES["dev"], _TEMPLATES, _ADS, _MESSAGES)
_REMOVED = re.compile(r"#\w+_[0-9a-f]{20,}#")  # EMSCAD's marks where contacts were
TITLES = frozenset({"mr", "mrs", "miss"})  # part of a name in some corpora and not in others, so they weigh nothing
_MAX_PIECE = 400  # code points
_UNLABELLED = 0.5  # weight of a word that nobody looked at


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its tag, a row of `TAGS`; words of weight 0 are context only."""

    text: str
    tag: int = 0
    weight: float = 1.0


Sentence = list[Word]


def labelled(folder: Path, part: Part) -> dict[str, list[Sentence]]:
    """The labelled sentences of a part, by corpus."""
    return {name.split("/")[1]: [_words(tokens) for tokens in _conll(folder / name)] for name in _FILES[part]}


def filled_templates(folder: Path, part: Part) -> list[Sentence]:
    """presidio-research's texts whose template has an even number (train) or an odd one (dev)."""
    rows = json.loads((folder / _TEMPLATES).read_text(encoding="utf-8"))
    return [_spanned(row) for row in rows if (row["template_id"] % 2 == 0) == (part == "train")]


def job_ads(folder: Path, part: Part) -> list[Sentence]:
    """Pieces of about a sentence of one half of the job ads; the halves share no ad."""
    pieces = []
    with (folder / _ADS).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (zlib.crc32(row["description"].encode()) % 2 == 0) == (part == "train"):
                texts = (_REMOVED.sub(" ", row[column] or "") for column in _AD_COLUMNS)
                pieces += [piece for text in texts for piece in re.split(r"(?<=[.!?])\s+|\n+", text)]
    return [unlabelled(piece[:_MAX_PIECE]) for piece in pieces if len(piece) > 20]


def messages(folder: Path) -> list[Sentence]:
    """The messages, spam and ham."""
    lines = (folder / _MESSAGES).read_text(encoding="utf-8").splitlines()
    return [unlabelled(line.split("\t", 1)[1][:_MAX_PIECE]) for line in lines if "\t" in line]


def unlabelled(text: str) -> Sentence:
    """The words of a text, taken for no names where they cannot be one."""
    return [Word(m[0], 0, 0.0 if _may_be_name(m[0]) else _UNLABELLED) for m in WORDS.finditer(text)]


def _may_be_name(word: str) -> bool:
    first, surnames, cities, places = lexicon()
    lower, capital = plain(word), word[0].isupper()
    listed = lower in first or lower in surnames or lower in cities or lower in places
    return (listed and capital) or first.get(lower, 99) <= 6


def _conll(path: Path) -> Iterator[list[tuple[str, str]]]:
    tokens: list[tuple[str, str]] = []
    for line in (*path.read_text(encoding="utf-8").split("\n"), ""):
        if line.strip():
            token, tag = line.rsplit("\t", 1)
            tokens.append((token, tag))
        elif tokens:
            yield tokens
            tokens = []


def _spanned(row: dict[str, Any]) -> Sentence:
    entities = {
        place: span["entity_type"]
        for span in row["spans"]
        for place in range(span["start_position"], span["end_position"])
    }
    words = []
    for match in WORDS.finditer(row["full_text"]):
        entity = entities.get(match.start(), "")
        tag = TAGS.index(_TAG_OF_ENTITY.get(entity, "O")) if may_be_masked(match[0]) else 0
        words.append(Word(match[0], tag, float(match[0].lower() not in TITLES)))
    return words


def _words(tokens: list[tuple[str, str]]) -> Sentence:
    """Handles, which another recogniser finds, weigh nothing; in BTC their `@` is a token of its own."""
    words: Sentence = []
    at = False
    for token, label in tokens:
        tag = TAGS.index(_TAG_OF.get(label[2:].lower(), "O"))
        if token == "@" and label != "O":
            at = True
            continue
        weight = 0.0 if at or (token.startswith("@") and len(token) > 1) else 1.0
        for match in WORDS.finditer(f"@{token}" if at else token):
            is_word = may_be_masked(match[0])
            words.append(Word(match[0], tag if is_word and weight else 0, weight if is_word or not tag else 0.0))
        at = False
    return words
