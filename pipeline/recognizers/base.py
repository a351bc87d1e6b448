"""What Safelight's recognisers share: they scan a normal view and answer with Presidio results over the raw text."""

import re
from collections.abc import Iterable
from functools import lru_cache

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from pipeline.normalize import PLACEHOLDER, View, shape, view

_DIGIT = re.compile(r"[0-9]")
_DIGIT_OUTSIDE = re.compile(r"[0-9](?![0-9+-]{0,6}>)")  # of any placeholder


class ViewRecognizer(EntityRecognizer):
    """A recogniser of one entity that needs nothing but the normal view."""

    ENTITY: str
    NEEDS_DIGIT = False  # whether every find has a digit: a text without one is passed over

    def __init__(self) -> None:
        super().__init__(supported_entities=[self.ENTITY], name=type(self).__name__)
        self._metadata = {RecognizerResult.RECOGNIZER_NAME_KEY: type(self).__name__}

    def load(self) -> None:
        """Nothing to load."""

    def see(self, text: str) -> View:
        """The view to scan."""
        return view(text)

    def find(self, text: str) -> Iterable[tuple[int, int, float]]:
        """Start, end (exclusive) and score of every find in the text of a view."""
        raise NotImplementedError

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
    ) -> list[RecognizerResult]:
        """Presidio's entry point: results are spans of `text`, in code points."""
        seen = self.see(text)
        if self.NEEDS_DIGIT and not _has_digit(seen.text):
            return []
        return [
            RecognizerResult(self.ENTITY, *seen.raw_span(start, end), score, recognition_metadata=self._metadata)
            for start, end, score in self.find(seen.text)
        ]


@lru_cache(maxsize=2)
def _has_digit(text: str) -> bool:
    """Whether a view has a digit, those of placeholders apart."""
    if b"0" not in shape(text):
        return False
    return _DIGIT_OUTSIDE.search(text) is not None or _DIGIT.search(PLACEHOLDER.sub(" ", text)) is not None
