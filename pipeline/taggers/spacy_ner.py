"""spaCy's entity tagger behind the protocol of taggers; only what it needs of the model is loaded."""

from collections.abc import Iterator, Sequence

import spacy

from pipeline.records import Span
from pipeline.taggers.base import LABELS, refuse_missing

SCORE = 0.85  # spaCy gives none; this is Presidio's
PIECE = 10_000  # characters read at once: between pieces a deadline can interrupt


class SpacyTagger:
    """The `ner` component of an installed spaCy model."""

    def __init__(self, package: str) -> None:
        """Raises `Refusal` where the package is not installed."""
        try:
            self._model = spacy.load(package, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
        except OSError:
            raise refuse_missing(package) from None
        self.languages: frozenset[str] | None = frozenset({str(self._model.lang)} - {"xx"}) or None

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """The persons and places that the model finds; long texts are read piece by piece."""
        pieces = [(number, *piece) for number, text in enumerate(texts) for piece in _pieces(text)]
        found: list[list[Span]] = [[] for _ in texts]
        docs = self._model.pipe(piece for _, _, piece in pieces)
        for (number, start, _), doc in zip(pieces, docs, strict=True):
            entities = [entity for entity in doc.ents if entity.label_ in LABELS]
            found[number] += [Span(start + e.start_char, start + e.end_char, LABELS[e.label_], SCORE) for e in entities]
        return found


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Start and text of pieces of up to `PIECE` characters, which end at a space where there is one."""
    start = 0
    while len(text) - start > PIECE:
        end = text.rfind(" ", start + PIECE // 2, start + PIECE) + 1 or start + PIECE
        yield start, text[start:end]
        start = end
    yield start, text[start:]
