"""Names in languages that the tagger was not trained for: by a capital that no sentence start accounts for.

Where there are no capitals, or hardly anything else, by a list of first names.
"""

import itertools
import re
from collections.abc import Iterator

from pipeline.languages import in_capitals, is_foreign
from pipeline.normalize import PLACEHOLDER
from pipeline.presidio import NlpArtifacts, RecognizerResult
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.name_span import name_end
from pipeline.recognizers.words import is_first_name
from pipeline.taggers.nlp_engine import Tags

SCORE = 0.4
_WORD = re.compile(rf"{PLACEHOLDER.pattern}|[^\W\d_]++(?:['’-][^\W\d_]++)*+|[^\w\s]|\d+|\n")
_OPENS = frozenset('.!?…¡¿:;•*·|–—-\n"“”«»()[]')  # after one of these a capital may be grammar's


class CasingRecognizer(ViewRecognizer):
    """Finds capitalised words, unless they open a sentence and a word in lower case follows; runs are one name."""

    ENTITY = "PERSON"

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Results, for a text that needs stricter rules alone."""
        strict = isinstance(nlp_artifacts, Tags) and nlp_artifacts.strict
        return super().analyze(text, entities, nlp_artifacts) if strict else []

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every run of capitalised words, or every name of the list, with its score."""
        if (in_capitals(text) or PLACEHOLDER.sub(" ", text).islower()) and is_foreign(text):
            for match in _WORD.finditer(text):
                if is_first_name(match[0].lower()):
                    yield match.start(), name_end(text, *match.span()), SCORE
            return
        words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(text)]
        opening, start, end = True, -1, -1  # of the run that is being read; none where `start` is negative
        for (first, last, word), (_, _, follower) in itertools.pairwise([*words, (len(text), len(text), "\n")]):
            named = word[0].isupper() and (not opening or follower[0].isupper())
            if start >= 0 and not named:
                yield start, end, SCORE
                start = -1
            if named:
                start, end = (first if start < 0 else start), last
            opening = word in _OPENS
        if start >= 0:
            yield start, end, SCORE
