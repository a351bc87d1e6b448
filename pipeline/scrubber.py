"""Streams of texts through the engine: each distinct text once, from memory, from the cache, here or in workers."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from pipeline import params
from pipeline.denied import DenyList, text_id
from pipeline.engine import Engine
from pipeline.records import Outcome, Scrubbed
from pipeline.scrub_cache import ScrubCache, key_of
from pipeline.workers import scrub_batches

BATCH_TEXTS = 32
BATCH_CHARS = 200_000  # a batch is closed by the text that reaches this
REMEMBERED_BYTES = 40_000_000  # of outcomes in memory


class Scrubber:
    """Scrubs streams of texts, in order and in bounded memory, with `settings.workers` processes.

    What is in the cache was made without the deny list `denied` (whose ads go by `text_id`), or as if: an outcome that
    depends on the list is not kept, and a kept one is left where it holds a value of the list by now.
    """

    def __init__(
        self,
        settings: params.Scrub,
        cache: ScrubCache | None = None,
        denied: DenyList = DenyList(),  # noqa: B008
    ) -> None:
        self._settings = settings
        self.denied = denied
        self._build = partial(Engine, denied=denied)
        self._cache = cache
        self._engine: Engine | None = None  # built when there is something to scrub
        self._remembered: OrderedDict[bytes, Outcome] = OrderedDict()
        self._bytes = 0

    def scrub_all(self, texts: Iterable[str]) -> Iterator[Outcome]:
        """The outcome of every text, in order."""
        begun: deque[_Batch] = deque()
        for outcomes in self._scrub_batches(self._begin(_batched(texts), begun)):
            batch = begun.popleft()
            self._finish(batch, outcomes)
            for key in batch.keys:
                yield batch.known[key] if key in batch.known else batch.lent[key][key]

    def _begin(self, batches: Iterable[list[str]], begun: "deque[_Batch]") -> Iterator[list[str]]:
        """The texts of every batch that are new; one that an earlier batch is waiting for is taken from there."""
        for texts in batches:
            batch = _Batch([key_of(text) for text in texts])
            in_flight = {key: earlier.known for earlier in begun for key in earlier.new}
            asked = dict(zip(batch.keys, texts, strict=True))
            for key in asked:
                if key in in_flight:
                    batch.lent[key] = in_flight[key]
                elif key in self._remembered:
                    self._remembered.move_to_end(key)
                    batch.known[key] = self._remembered[key]
            if self._cache:
                unknown = [key for key in asked if key not in batch.lent and key not in batch.known]
                kept = self._cache.get(unknown)
                batch.known |= {key: known for key, known in kept.items() if not self._holds_denied(known, asked[key])}
            batch.new = [key for key in asked if key not in batch.lent and key not in batch.known]
            begun.append(batch)
            yield [asked[key] for key in batch.new]

    def _finish(self, batch: "_Batch", outcomes: list[Outcome]) -> None:
        """Remember what became of a batch's new texts, here and in the cache."""
        fresh = dict(zip(batch.new, outcomes, strict=True))
        batch.known |= fresh
        self._remembered |= fresh
        self._bytes += sum(map(_size, outcomes))
        while self._bytes > REMEMBERED_BYTES:
            self._bytes -= _size(self._remembered.popitem(last=False)[1])
        if self._cache:
            scrubbed = {key: outcome for key, outcome in fresh.items() if isinstance(outcome, Scrubbed)}
            self._cache.put({key: outcome for key, outcome in scrubbed.items() if not outcome.denied})

    def _holds_denied(self, outcome: Scrubbed, text: str) -> bool:
        return bool(self.denied and self.denied.find(outcome.text, text_id(text)))

    def _scrub_batches(self, batches: Iterable[list[str]]) -> Iterator[list[Outcome]]:
        if self._settings.workers > 1:
            yield from scrub_batches(batches, self._settings, self._build)
            return
        for texts in batches:
            if texts and self._engine is None:
                self._engine = self._build(self._settings)
            yield self._engine.scrub_all(texts) if self._engine else []


@dataclass(slots=True)
class _Batch:
    """Keys of texts; of those that are new, the outcomes come into `known` later, and are lent to batches after it."""

    keys: list[bytes]
    new: list[bytes] = field(default_factory=list)
    known: dict[bytes, Outcome] = field(default_factory=dict)
    lent: dict[bytes, dict[bytes, Outcome]] = field(default_factory=dict)


def _batched(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if len(batch) == BATCH_TEXTS or size >= BATCH_CHARS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(outcome: Outcome) -> int:
    """The bytes that an outcome and its key take in memory, roughly."""
    return 500 + (len(outcome.text) + 250 * len(outcome.spans) if isinstance(outcome, Scrubbed) else 0)
