"""What every tagger of names and places offers, and how the one that the params name is built."""

import hashlib
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Protocol

from pipeline.errors import Refusal
from pipeline.records import Span

# Labels of the usual models (CoNLL-2003, OntoNotes, …) that name a person or a place; others are passed over.
LABELS = {
    "PER": "PERSON",
    "PERSON": "PERSON",
    "LOC": "LOCATION",
    "LOCATION": "LOCATION",
    "GPE": "LOCATION",
    "ADDRESS": "ADDRESS",
}


class Tagger(Protocol):
    """Finds names and places. What is found in a text does not depend on the texts beside it."""

    @property
    def languages(self) -> frozenset[str] | None:
        """ISO 639-1 codes of the languages it was trained for; None for any."""
        ...

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """Disjoint spans of PERSON, LOCATION or ADDRESS in every text, in order (code points, end exclusive)."""
        ...


def build_tagger(name: str) -> Tagger:
    """The tagger called `safelight`, `spacy:PACKAGE` or `transformers:FOLDER` (or a name in the local cache).

    Raises:
        Refusal: it is not on this machine; nothing is downloaded.
    """
    kind, _, source = name.partition(":")
    if kind == "spacy":
        from pipeline.taggers.spacy_ner import SpacyTagger

        return SpacyTagger(source)
    if kind == "transformers":
        from pipeline.taggers.transformers_ner import TransformersTagger

        return TransformersTagger(source)
    from pipeline.taggers.net import Net

    return Net()


def version_of(name: str) -> str:
    """What tells one state of a tagger that lives outside this package from another: a version or a digest of files."""
    kind, _, source = name.partition(":")
    if kind == "spacy":
        return metadata.version(source)
    if kind == "transformers":
        from pipeline.taggers.transformers_ner import find_model

        return digest_files(path for path in find_model(source).rglob("*") if path.is_file())
    return ""


def digest_files(paths: Iterable[Path]) -> str:
    """SHA-256 (hex) over the names and contents of files, in the order of their paths."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        with path.open("rb") as file:
            digest.update(path.name.encode() + b"\0" + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def refuse_missing(name: str) -> Refusal:
    """The refusal of a model that is not there."""
    return Refusal(f"scrub.ner: the model {name!r} is not installed, and nothing is downloaded.")
