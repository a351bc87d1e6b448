"""What Safelight's recognisers share: they scan a normal view and answer with Presidio results over the raw text."""

from collections.abc import Iterable, Iterator

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from pipeline.normalize import View, view


class ViewRecognizer(EntityRecognizer):
    """A recogniser of one entity that needs nothing but the normal view."""

    ENTITY: str

    def __init__(self) -> None:
        super().__init__(supported_entities=[self.ENTITY], name=type(self).__name__)

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
        return list(self._results(text))

    def _results(self, text: str) -> Iterator[RecognizerResult]:
        seen = self.see(text)
        for start, end, score in self.find(seen.text):
            raw_start, raw_end = seen.raw_span(start, end)
            yield RecognizerResult(self.ENTITY, raw_start, raw_end, score)


class OnView(EntityRecognizer):
    """One of Presidio's own recognisers, run over the normal view so that disguises do not hide from it."""

    def __init__(self, recognizer: EntityRecognizer) -> None:
        self.recognizer = recognizer
        super().__init__(supported_entities=recognizer.supported_entities, name=type(recognizer).__name__)

    def load(self) -> None:
        """Load the wrapped recogniser."""
        self.recognizer.load()

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """The wrapped recogniser's results, as spans of `text`."""
        seen = view(text)
        results = self.recognizer.analyze(seen.text, entities, nlp_artifacts) if seen.text else []  # type: ignore[arg-type]
        # Fresh results: Presidio sorts results out by the name of the recogniser noted in them.
        return [
            RecognizerResult(found.entity_type, *seen.raw_span(found.start, found.end), found.score)
            for found in results or []
        ]
