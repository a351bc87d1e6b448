"""A tagger as Presidio sees it: an `NlpEngine` that answers with spans, and the recogniser that passes them on."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from threadpoolctl import ThreadpoolController

from pipeline.languages import in_capitals, is_foreign
from pipeline.presidio import EntityRecognizer, NlpArtifacts, NlpEngine, RecognizerResult
from pipeline.recognizers.words import is_first_name
from pipeline.records import Span
from pipeline.taggers.base import Tagger
from pipeline.taggers.features import plain

_LETTERS = re.compile(r"[^\W\d_]+")


class Tags(NlpArtifacts):
    """What the tagger found in a text. `strict`: the text needs stricter rules (see `pipeline.languages`)."""

    def __init__(self, spans: list[Span], language: str) -> None:
        super().__init__([], None, [], [], None, language)  # type: ignore[arg-type]  # no tokens, so no engine to ask
        self.spans = spans
        self.strict = False


class TaggerEngine(NlpEngine):
    """A tagger behind Presidio's interface. It works on one thread: more wait for each other over such small sums."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self._threads = ThreadpoolController()

    def load(self) -> None:
        """The tagger is loaded."""

    def is_loaded(self) -> bool:
        """True."""
        return True

    def process_text(self, text: str, language: str) -> Tags:
        """The tags of one text."""
        return next(self.process_batch([text], language))[1]

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1, **_: Any
    ) -> Iterator[tuple[str, Tags]]:
        """Every text with its tags; the tagger gets all texts at once."""
        batch = list(texts)
        with self._threads.limit(limits=1):
            found = self._tagger.tag(batch)
        for text, spans in zip(batch, found, strict=True):
            yield text, Tags(spans, language)

    def is_stopword(self, word: str, language: str) -> bool:
        """No word: nobody asks."""
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """No word: nobody asks."""
        return False

    def get_supported_entities(self) -> list[str]:
        """What a tagger may find."""
        return ["PERSON", "LOCATION", "ADDRESS"]

    def get_supported_languages(self) -> list[str]:
        """The one language that the analyzer is called with."""
        return ["en"]


class TaggedRecognizer(EntityRecognizer):
    """Turns the tagger's spans into results.

    In sentences of a language that it was not trained for, the tagger is believed only about persons of whom a list of
    names knows a word, and in capitals not at all: to its eyes most words are strange there. Casing, the list and cues
    find the others.
    """

    def __init__(self) -> None:
        super().__init__(supported_entities=["PERSON", "LOCATION", "ADDRESS"])

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """The results of the tags that came with the text."""
        assert isinstance(nlp_artifacts, Tags)
        spans = nlp_artifacts.spans
        if nlp_artifacts.strict and is_foreign(text):
            spans = [] if in_capitals(text) else [span for span in spans if _is_known(text, span)]
        return [RecognizerResult(span.entity, span.start, span.end, span.score) for span in spans]


def _is_known(text: str, span: Span) -> bool:
    words = _LETTERS.findall(text, span.start, span.end)
    return span.entity == "PERSON" and any(word[0].isupper() and is_first_name(plain(word)) for word in words)
