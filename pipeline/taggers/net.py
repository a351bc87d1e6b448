"""Safelight's own tagger of names and places: two gated convolutions over hashed words, in whole numbers.

Weights and activations are whole numbers of at most 127, so that every sum of products stays below 2**24 and is exact
in float32 whatever the order of adding: the tags are the same for every batch, machine and number of threads. What the
first convolution makes of a word is worked out once for each distinct word. Training: `models/tagger`; its card:
tagger.md. Layers: Collobert et al. 2011 (windows over words), Dauphin et al. 2017 (gates).
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view
from safetensors.numpy import load_file

from pipeline.normalize import View, view
from pipeline.records import Span
from pipeline.taggers.features import LINK, TAGS, class_of, common_kinds, features, may_be_masked, words_of

WEIGHTS = Path(__file__).with_name("tagger.safetensors")

PERSON = TAGS.index("PERSON")
LIMIT = 4.0  # activations are clipped to it …
STEPS = 127  # … and rounded to so many steps
DILATION = 2
REACH = 1 + DILATION  # words on either side that a word's tag depends on; so many of nothing stand between two texts
_CHUNK = 1_024  # words that pass through the net at once: what fits a processor's cache
_REMEMBERED_WORDS = 20_000  # distinct ones
_REMEMBERED_WINDOWS = 50_000
_LAYERS = ("word", "first", "second", "out")
_CERTAIN, _POSSIBLE = 0.85, 0.5  # scores: the likeliest tag of a word, or one likely enough to be masked
_NAME_JOINT = re.compile(r"[ \t.'’-]{0,3}")
_JOINTS = {"PERSON": _NAME_JOINT, "LOCATION": _NAME_JOINT, "ADDRESS": re.compile(r"[\s,.#/-]{0,3}")}

Floats = npt.NDArray[np.float32]


class Net:
    """The trained tagger. A word is masked where its tag's logit, less `doubt`, is `margins` above the others."""

    languages = frozenset({"en"})

    def __init__(self, weights: Mapping[str, npt.NDArray[Any]] | None = None) -> None:
        """The committed tagger, or one of other weights."""
        parts = load_file(WEIGHTS) if weights is None else weights
        self._tables = {name: parts[name] for name in ("words", "grams", "shapes", "ranks", "pieces")}
        self._steps: Floats = parts["steps"]
        self._word = _whole(parts["word"])
        self._first = _whole(np.concatenate(parts["first"], axis=1))
        self._second = _whole(parts["second"].reshape(-1, parts["second"].shape[-1]))
        self._out = _whole(parts["out"])
        self._affine = {name: (parts[f"{name}_scale"], parts[f"{name}_bias"]) for name in _LAYERS}
        self._margins: Floats = parts["margins"]
        self._common: npt.NDArray[np.int8] | None = parts.get("common")  # hidden layer of `common_kinds`, if worked out
        self._common_row = {} if self._common is None else {kind: row for row, kind in enumerate(common_kinds())}
        self._embedded: Floats  # by row: what each word of a kind adds to the first convolution
        self._maskable: npt.NDArray[np.bool_]  # by row: whether a word of the kind may be masked
        self._rows_used: int
        self._row_of: dict[str, int]  # of kinds and of words
        self._logits: Floats  # by place: what came out for each distinct window of words
        self._place_of: dict[bytes, int]
        self._forget()

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """The disjoint spans of every text (code points of the text), in order."""
        views = [view(text) for text in texts]
        sentences = [words_of(seen.text) for seen in views]
        ids, starts = self._ids(sentences)
        at = np.flatnonzero(self._maskable[ids])
        logits = self._known(ids, at)
        doubts = np.zeros(len(ids), np.float32)
        for words, start in zip(sentences, starts, strict=True):
            doubts[start : start + len(words)] = doubt(words)
        over = margins_over_others(logits)
        over[:, PERSON] -= doubts[at]
        tags, certain = _decide(logits, over, self._margins)
        tagged = np.flatnonzero(tags)
        edges = np.searchsorted(at[tagged], [*starts, len(ids)]).tolist()
        decided = list(zip(at[tagged].tolist(), tags[tagged].tolist(), certain[tagged].tolist(), strict=True))
        found = []
        for n, (text, seen, words) in enumerate(zip(texts, views, sentences, strict=True)):
            own = decided[edges[n] : edges[n + 1]]
            spans = _spans(seen, words, {place - starts[n]: (tag, sure) for place, tag, sure in own})
            found.append([span for n, span in enumerate(spans) if not _is_stray(spans[n - 1 : n], span, text)])
        return found

    def logits(self, sentences: Sequence[Sequence[str]]) -> list[Floats]:
        """For each sentence of words an array (words x `TAGS`), exact on every machine."""
        ids, starts = self._ids(sentences)
        logits = self._known(ids, np.arange(REACH, len(ids) - REACH))
        bounds = [(start - REACH, start - REACH + len(words)) for start, words in zip(starts, sentences, strict=True)]
        return [logits[start:end] for start, end in bounds]

    def _ids(self, sentences: Sequence[Sequence[str]]) -> tuple[npt.NDArray[np.int32], list[int]]:
        """The rows of all words, those of a gap between sentences, and where among them every sentence starts."""
        row_of = self._rows(sentences)
        gap = [0] * REACH
        ids = [0, *gap, *gap]
        starts = []
        for sentence in sentences:
            starts.append(len(ids))
            ids += map(row_of.__getitem__, sentence)
            ids += gap
        return np.array(ids, np.int32), starts

    def _known(self, ids: npt.NDArray[np.int32], at: npt.NDArray[np.intp]) -> Floats:
        """Logits of the words at some places, `REACH` ids on either side; only windows not seen lately are worked out.

        Scrubbing looks at a text again when some of its words are masked, and posters copy each other.
        """
        known = self._place_of
        if len(known) > _REMEMBERED_WINDOWS:
            known.clear()
        first = len(known)
        width = 2 * REACH + 1
        windows = sliding_window_view(ids, width)[at - REACH].view(f"V{width * ids.itemsize}")
        try:
            places = np.array([known.setdefault(key, len(known)) for key in windows[:, 0].tolist()], int)
            if len(known) > first:
                # Places are given in order: a window is met for the first time where all before it have lower ones.
                new = places > np.maximum.accumulate(np.concatenate([[first - 1], places[:-1]]))
                wanted = np.zeros(len(ids), bool)
                wanted[at[new]] = True
                around = np.convolve(wanted, np.ones(width, int), "same") > 0
                while len(self._logits) < len(known):
                    self._logits = np.concatenate([self._logits, np.zeros_like(self._logits)])
                self._logits[first : len(known)] = self._in_chunks(ids[around], wanted[around])
        except BaseException:  # a deadline, say: the new places have no logits
            known.clear()
            raise
        found: Floats = self._logits[places]
        return found

    def _in_chunks(self, ids: npt.NDArray[np.int32], wanted: npt.NDArray[np.bool_]) -> Floats:
        """Logits of the words that are wanted; the others are around them."""
        chunks = []
        for start in range(0, len(ids), _CHUNK):
            first = max(0, start - REACH)
            at = start - first + np.flatnonzero(wanted[start : start + _CHUNK])
            chunks.append(self._forward(ids[first : start + _CHUNK + REACH], at))
        return np.concatenate(chunks)

    def _rows(self, sentences: Sequence[Sequence[str]]) -> dict[str, int]:
        """The row of each distinct word."""
        if len(self._row_of) > _REMEMBERED_WORDS:
            self._forget()
        known = self._row_of
        kinds = {word: class_of(word) for word in set(chain.from_iterable(sentences)).difference(known)}
        self._learn(sorted(set(kinds.values()).difference(known)))
        known.update({word: known[kind] for word, kind in kinds.items()})
        return known

    def _learn(self, kinds: list[str]) -> None:
        first, self._rows_used = self._rows_used, self._rows_used + len(kinds)
        while len(self._embedded) < self._rows_used:
            self._embedded = np.concatenate([self._embedded, np.zeros_like(self._embedded)])
            self._maskable = np.concatenate([self._maskable, np.zeros_like(self._maskable)])
        if kinds:
            self._embedded[first : self._rows_used] = self._embed(kinds)
            self._maskable[first : self._rows_used] = [kind == LINK or may_be_masked(kind) for kind in kinds]
            self._row_of.update((kind, first + n) for n, kind in enumerate(kinds))

    def _forget(self) -> None:
        """Row 0 stands for no word."""
        self._row_of, self._place_of = {}, {}
        self._rows_used = 1
        # Memory is taken when it is written to.
        self._embedded = np.zeros((_REMEMBERED_WORDS, 3, self._second.shape[-1]), np.float32)
        self._maskable = np.zeros(_REMEMBERED_WORDS, bool)
        self._logits = np.zeros((_REMEMBERED_WINDOWS, len(TAGS)), np.float32)

    def _embed(self, kinds: list[str]) -> Floats:
        """Words x places in the window x channels: what each word adds to the first convolution around it."""
        hidden = np.empty((len(kinds), self._word.shape[1] // 2), np.float32)
        rows = np.array([self._common_row.get(kind, -1) for kind in kinds])
        if self._common is not None:
            hidden[rows >= 0] = self._common[rows[rows >= 0]]
        if rare := [kind for kind, row in zip(kinds, rows, strict=True) if row < 0]:
            hidden[rows < 0] = self.hidden(rare)
        return (hidden @ self._first).reshape(len(kinds), 3, -1)

    def hidden(self, kinds: Sequence[str]) -> Floats:
        """Kinds of words x dimensions: the word layer's output, in whole numbers of at most `STEPS`."""
        words = [features(kind) for kind in kinds]
        tables, steps = self._tables, self._steps
        inputs = np.concatenate(
            [
                tables["words"][[word.word for word in words]] * steps[0],
                _means(tables["grams"], [word.grams for word in words]) * steps[1],
                tables["shapes"][[word.shape for word in words]] * steps[2],
                *(tables["ranks"][n][[word.ranks[n] for word in words]] * steps[3] for n in range(4)),
                _means(tables["pieces"], [word.pieces for word in words]) * steps[4],
            ],
            axis=1,
        )
        return _rounded(_gated(_rounded(inputs) @ self._word, *self._affine["word"]))

    def _forward(self, ids: npt.NDArray[np.int32], at: npt.NDArray[np.intp]) -> Floats:
        """Logits of the words at some places among words in a row."""
        around = np.concatenate([[0], ids, [0]])
        summed = self._embedded[around[:-2], 0]
        summed += self._embedded[ids, 1]
        summed += self._embedded[around[2:], 2]
        wide = np.zeros((len(ids) + 2 * DILATION, self._second.shape[-1] // 2), np.float32)
        wide[DILATION:-DILATION] = _rounded(_gated(summed, *self._affine["first"]))
        wide[DILATION:-DILATION] *= (ids > 0)[:, None]
        window = wide[at[:, None] + np.arange(3) * DILATION].reshape(len(at), len(self._second))
        hidden = wide[at + DILATION]
        hidden *= np.float32(LIMIT / STEPS)
        hidden += _gated(window @ self._second, *self._affine["second"])
        scale, bias = self._affine["out"]
        return np.asarray((_rounded(hidden) @ self._out) * scale + bias)


def margins_over_others(logits: Floats) -> Floats:
    """How far each tag's logit is above the best other one, in the shape of `logits`."""
    best = np.sort(logits, axis=1)
    return np.asarray(logits - np.where(logits == best[:, -1:], best[:, -2:-1], best[:, -1:]), np.float32)


def doubt(words: Sequence[str]) -> Floats:
    """By how much each word of a text is less of a name than its logits say: in lower case where others have capitals.

    Three words on either side cannot tell a text without capitals, as a quarter of those trained on were, from another.
    """
    if not any(word[0].isupper() and len(word) > 1 for word in words):
        return np.zeros(len(words), np.float32)
    return np.fromiter(map(str.islower, map(itemgetter(0), words)), np.float32, len(words))


def _decide(logits: Floats, over: Floats, margins: Floats) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """The tag of each word, and whether it is the likeliest one."""
    likely = over[:, 1:] >= margins
    best = 1 + np.where(likely, logits[:, 1:], -np.inf).argmax(axis=1)
    tags = np.where(likely.any(axis=1), best, 0)
    return tags, np.take_along_axis(over, tags[:, None], axis=1)[:, 0] > 0


def _spans(seen: View, words: Sequence[str], tagged: Mapping[int, tuple[int, bool]]) -> list[Span]:
    """The tagged words as spans of the raw text; `words` are all words of the view, with nothing between but space.

    `tagged`: by a word's number its tag, and whether that is the likeliest one.
    """
    spans: list[Span] = []
    end = end_of_last = 0
    find = seen.text.find
    for number, word in enumerate(words[: max(tagged, default=-1) + 1]):
        start = find(word, end)
        end = start + len(word)
        if number not in tagged or not may_be_masked(word):
            continue
        tag, is_certain = tagged[number]
        entity = TAGS[tag]
        score = _CERTAIN if is_certain else _POSSIBLE
        raw_start, raw_end = seen.raw_span(start, end)
        if spans and raw_start < spans[-1].end:  # two words of the view that are one character of the text
            continue
        if spans and spans[-1].entity == entity and _JOINTS[entity].fullmatch(seen.text, end_of_last, start):
            spans[-1] = Span(spans[-1].start, raw_end, entity, max(score, spans[-1].score))
        else:
            spans.append(Span(raw_start, raw_end, entity, score))
        end_of_last = end
    return spans


def _is_stray(before: Sequence[Span], span: Span, text: str) -> bool:
    """Whether it is an address of digits alone with no place `before` it: no postal code, but a date or a price."""
    if span.entity != "ADDRESS" or any(character.isalpha() for character in text[span.start : span.end]):
        return False
    return not any(_JOINTS["ADDRESS"].fullmatch(text, place.end, span.start) for place in before)


def _whole(weights: npt.NDArray[np.int8]) -> Floats:
    return weights.astype(np.float32)


def _means(table: npt.NDArray[np.int8], rows: list[list[int]]) -> Floats:
    lengths = np.array([len(row) for row in rows])
    all_rows = np.fromiter(chain.from_iterable(rows), int, lengths.sum())
    sums = np.add.reduceat(table[all_rows], np.cumsum(lengths) - lengths, axis=0, dtype=np.int32).astype(np.float32)
    return np.asarray(sums / lengths[:, None].astype(np.float32), np.float32)


def _gated(summed: Floats, scale: Floats, bias: Floats) -> Floats:
    """Overwrites `summed`."""
    summed *= scale
    summed += bias
    values, gates = np.split(summed, 2, axis=1)
    gates = np.array(gates, np.float32)  # in one piece it is quicker to clip than every other half row
    gates *= np.float32(0.25)
    gates += np.float32(0.5)
    np.clip(gates, 0, 1, out=gates)
    gates *= values
    return gates


def _rounded(values: Floats) -> Floats:
    scaled = np.clip(values, -LIMIT, LIMIT)
    scaled *= np.float32(STEPS / LIMIT)
    np.rint(scaled, out=scaled)
    return scaled
