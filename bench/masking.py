"""How well found spans mask gold spans: whole masking, over-masking, and presidio-research's precision and recall."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

import spacy
from scipy.stats import binomtest
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language

from bench.gold import Gold
from pipeline.sample.text import GoldSpan

Found = tuple[int, int, str]  # start, end (exclusive, code points) and entity

MIN_IOU = 0.9  # presidio-research's SpanEvaluator, at its default
# Words of titles, addresses and ages that SpanEvaluator passes over beside spaCy's stop words and punctuation.
_PASSED_OVER = STOP_WORDS | set(
    "'s street st st. de rue via and or the of as do day address country state city zip po p.o. apt unit corner box "
    "suite mr. mrs. miss inc inc. ltd year years y/o month months old age".split()
)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, with the 95 % interval of Wilson (1927)."""

    part: int
    whole: int

    def as_row(self) -> dict[str, Any]:
        """Counts, share and interval, rounded."""
        if not self.whole:
            return {"part": 0, "whole": 0, "share": None, "low": None, "high": None}
        interval = binomtest(self.part, self.whole).proportion_ci(method="wilson")
        share, low, high = (round(float(x), 4) for x in (self.part / self.whole, interval.low, interval.high))
        return {"part": self.part, "whole": self.whole, "share": share, "low": low, "high": high}


def recall(texts: Iterable[Gold], found: Iterable[list[Found]]) -> dict[tuple[str, str], Share]:
    """Wholly masked gold spans by entity and style; the style "all" sums up an entity that has several."""
    wholly: Counter[tuple[str, str]] = Counter()
    spans: Counter[tuple[str, str]] = Counter()
    for gold, results in zip(texts, found, strict=True):
        missed = misses(gold, results)
        for span in gold.spans:
            for style in ("all", span.style) if span.style else ("all",):
                spans[span.entity, style] += 1
                wholly[span.entity, style] += span not in missed
    return {key: Share(wholly[key], spans[key]) for key in sorted(spans)}


def misses(gold: Gold, found: list[Found]) -> list[GoldSpan]:
    """The gold spans of which a character that is no space stays unmasked."""
    masked = set(_characters(gold.text, ((start, end) for start, end, _ in found)))
    return [span for span in gold.spans if not masked.issuperset(_characters(gold.text, [(span.start, span.end)]))]


def over_masked(texts: Iterable[Gold], found: Iterable[list[Found]]) -> tuple[Share, dict[str, int]]:
    """The characters outside gold spans (spaces aside) that are masked, and how many of them as which entity."""
    by_entity: Counter[str] = Counter()
    others = 0
    for gold, results in zip(texts, found, strict=True):
        left = set(_characters(gold.text, [(0, len(gold.text))]))
        left.difference_update(_characters(gold.text, ((span.start, span.end) for span in gold.spans)))
        others += len(left)
        for start, end, entity in sorted(results):
            taken = left.intersection(range(start, end))
            by_entity[entity] += len(taken)
            left -= taken
    return Share(by_entity.total(), others), {entity: n for entity, n in sorted(by_entity.items()) if n}


def span_scores(texts: Iterable[Gold], found: Iterable[list[Found]]) -> dict[str, float]:
    """Precision, recall and F2 of all personal data by the rule of presidio-research's `SpanEvaluator`.

    Tokens (spaCy's) carry the entity of the span over them; a span is a run of one entity, stop words and punctuation
    passed over. A gold span is found where predictions of any entity, added while they improve it, reach an
    intersection over union of at least `MIN_IOU` in code points; the predictions used count as one, others as wrong.
    """
    true = predicted = annotated = 0
    for gold, results in zip(texts, found, strict=True):
        wanted = _runs(gold.text, [(span.start, span.end, span.entity) for span in gold.spans])
        unused = _runs(gold.text, results)
        annotated += len(wanted)
        for start, end, _ in wanted:
            used, best = _best_cover(range(start, end), unused)
            if best >= MIN_IOU:
                true += 1
                predicted += 1
                unused = [span for span in unused if span not in used]
        predicted += len(unused)
    precision, sensitivity = true / max(predicted, 1), true / max(annotated, 1)
    f2 = 5 * precision * sensitivity / max(4 * precision + sensitivity, 1e-12)
    return {"precision": round(precision, 4), "recall": round(sensitivity, 4), "f2": round(f2, 4)}


def _best_cover(wanted: range, predictions: list[Found]) -> tuple[list[Found], float]:
    used: list[Found] = []
    covered: set[int] = set()
    best = 0.0
    for span in predictions:
        more = covered.union(range(span[0], span[1]))
        score = len(more.intersection(wanted)) / len(more.union(wanted))
        if score > best and max(span[0], wanted.start) < min(span[1], wanted.stop):
            used, covered, best = [*used, span], more, score
    return used, best


def _runs(text: str, spans: list[Found]) -> list[Found]:
    entity_at = {i: entity for start, end, entity in reversed(spans) for i in range(start, end)}
    tokens = []
    for token in _tokenizer()(text):
        if not (token.is_space or token.is_punct or token.lower_ in _PASSED_OVER):
            end = token.idx + len(token)
            entity = next((entity_at[i] for i in range(token.idx, end) if i in entity_at), "")
            tokens.append((token.idx, end, entity))
    runs = ((entity, list(run)) for entity, run in groupby(tokens, lambda token: token[2]))
    return [(run[0][0], run[-1][1], entity) for entity, run in runs if entity]


def _characters(text: str, stretches: Iterable[tuple[int, int]]) -> list[int]:
    return [i for start, end in stretches for i in range(start, end) if not text[i].isspace()]


@cache
def _tokenizer() -> Language:
    return spacy.blank("en")
