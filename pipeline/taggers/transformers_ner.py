"""A token classifier of the transformers library behind the protocol of taggers, from local files only."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError
from transformers import AutoModelForTokenClassification, AutoTokenizer

from pipeline.records import Span
from pipeline.taggers.base import LABELS, refuse_missing

WINDOW = 256  # tokens read at once, at most
OVERLAP = 64  # tokens that a window shares with the next


class TransformersTagger:
    """A token classifier; whatever language it was trained for is believed."""

    languages: frozenset[str] | None = None

    def __init__(self, source: str) -> None:
        """Raises `Refusal` where the folder or cached model does not exist."""
        folder = find_model(source)
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, use_fast=True)
        self._model = AutoModelForTokenClassification.from_pretrained(folder, local_files_only=True).eval()
        longest = getattr(self._model.config, "max_position_embeddings", WINDOW) - 2  # RoBERTa keeps two for itself
        self._window = min(WINDOW, longest)
        self._overlap = min(OVERLAP, self._window // 4)
        self._entities = [
            LABELS.get(self._model.config.id2label[i].removeprefix("B-").removeprefix("I-").upper())
            for i in range(self._model.config.num_labels)
        ]

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """The persons and places that the model finds; runs of tokens of one entity are one span."""
        return [self._tag(text) for text in texts]

    @torch.inference_mode()
    def _tag(self, text: str) -> list[Span]:
        """Every window by itself, so that no text depends on another; half of an overlap belongs to each neighbour."""
        windows = self._tokenizer(
            text,
            truncation=True,
            max_length=self._window,
            stride=self._overlap,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        tokens: dict[tuple[int, int], tuple[int, float]] = {}  # start and end to label and score, in order
        for number, ids in enumerate(windows["input_ids"]):
            scores = self._model(input_ids=torch.tensor([ids])).logits[0].softmax(-1)
            best = scores.max(-1)
            places = windows["offset_mapping"][number]
            found = list(zip(places, best.indices.tolist(), best.values.tolist(), strict=True))
            first = self._overlap // 2 if number else 0
            tokens |= {at: (label, score) for at, label, score in found[first:] if at[0] < at[1]}
        return _merge(text, [(*at, self._entities[label], score) for at, (label, score) in sorted(tokens.items())])


def find_model(source: str) -> Path:
    """The folder of a model: `source` itself, or where the local cache keeps the model of that name.

    Raises:
        Refusal: there is neither.
    """
    if Path(source).is_dir():
        return Path(source)
    try:
        return Path(snapshot_download(source, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        raise refuse_missing(source) from None


def _merge(text: str, tokens: Iterable[tuple[int, int, str | None, float]]) -> list[Span]:
    """Tokens of one entity with nothing but space between them as one span, at the lowest of their scores."""
    spans: list[Span] = []
    for start, end, entity, score in tokens:
        if entity is None:
            continue
        last = spans[-1] if spans else None
        if last and last.entity == entity and not text[last.end : start].strip():
            spans[-1] = Span(last.start, end, entity, min(last.score, score))
        else:
            spans.append(Span(start, end, entity, score))
    return spans
