"""The one place that builds Presidio's analyzer and anonymizer, and scrubs a text with them.

Recognisers' results become disjoint spans (a contact outranks a name, a higher score a lower one); Presidio
replaces them through one operator that writes numbered placeholders. The scrubbed text is analysed again until nothing
more is found in it, so scrubbing it once more changes nothing.
"""

import signal
import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import spacy
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    CryptoRecognizer,
    IbanRecognizer,
    IpRecognizer,
    SpacyRecognizer,
    UsSsnRecognizer,
)
from presidio_anonymizer import AnonymizerEngine, OperatorConfig
from presidio_anonymizer import RecognizerResult as AnonymizerResult
from presidio_anonymizer.operators import Operator, OperatorType

from pipeline import params
from pipeline.errors import Refusal
from pipeline.normalize import PLACEHOLDER, digit_view, squash, view
from pipeline.recognizers import address, cued_name, email, handle, phone, url
from pipeline.recognizers.base import OnView
from pipeline.records import ENTITIES, Contact, Scrubbed, Span, Unscrubbed

LANGUAGE = "en"  # the language of the statistical tagger; contact recognisers read any
MAX_PASSES = 5

# Presidio's names for what its own recognisers find.
_PRESIDIO_ENTITIES = {
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "US_SSN": "SSN",
}
# Contacts are linked across ads by a keyed token of their normal form; of a person's name no token is made.
_CONTACTS = ("PHONE", "EMAIL", "URL", "HANDLE", "CARD", "IBAN", "CRYPTO", "IP")
# Which entity a stretch that several recognisers claim goes to, first to last.
_RANK: dict[str, int] = {entity: rank for rank, entity in enumerate(ENTITIES)}


class Engine:
    """Finds personal data in texts and replaces it. Building one takes seconds: build it once."""

    def __init__(self, settings: params.Scrub) -> None:
        """Raises `Refusal` where the tagger named in the params is not installed."""
        self.settings = settings
        self._analyzer = _build_analyzer(settings)
        self._kept = {entity for entity, action in settings.policy.items() if action == "keep"}
        self._anonymizer = AnonymizerEngine()  # type: ignore[no-untyped-call]
        self._anonymizer.add_anonymizer(Placeholder)

    def scrub(self, text: str) -> Scrubbed | Unscrubbed:
        """Scrub one text.

        Returns the sanitized text with its spans (code points of `text`, end exclusive) and contacts, or the reason
        why it could not be scrubbed; no exception passes.
        """
        try:
            with _deadline(self.settings.timeout_seconds):
                return self._scrub(text)
        except TimeoutError:
            return Unscrubbed("timeout")
        except Exception as error:
            return Unscrubbed(f"recognizer_failed:{type(error).__name__}")

    def find(self, text: str) -> list[Span]:
        """The disjoint spans of `text` to be masked, in order; existing placeholders are left alone."""
        results = self._analyzer.analyze(text, language=LANGUAGE, score_threshold=self.settings.min_score)
        found = [_as_span(result) for result in results]
        return disjoint(text, (span for span in found if span.entity not in self._kept))

    def _scrub(self, text: str) -> Scrubbed | Unscrubbed:
        spans: list[Span] = []
        names: dict[tuple[str, str], str] = {}
        sanitized = text
        for _ in range(MAX_PASSES):
            more = self.find(sanitized)
            if not more:
                return Scrubbed(sanitized, tuple(spans), self._contacts(text, spans, names))
            spans = sorted(spans + _to_raw(more, text, spans, names))
            names = self._placeholders(text, spans)
            sanitized = self._replace(text, spans, names)
        return Unscrubbed("unstable")

    def _replace(self, text: str, spans: list[Span], names: dict[tuple[str, str], str]) -> str:
        operator = OperatorConfig(Placeholder.NAME, {"names": names})
        results = [AnonymizerResult(span.entity, span.start, span.end, span.score) for span in spans]
        return str(
            self._anonymizer.anonymize(
                text, results, operators={"DEFAULT": operator}, merge_entities_with_spaces=False
            ).text
        )

    def _placeholders(self, text: str, spans: list[Span]) -> dict[tuple[str, str], str]:
        """Entity and covered text to `<ENTITY_n>`: numbered by first appearance, one number for one normal form."""
        taken: dict[str, int] = {}
        for entity, number in PLACEHOLDER.findall(text):
            taken[entity] = max(taken.get(entity, 0), int(number))
        numbers: dict[tuple[str, str], int] = {}
        names = {}
        for span in spans:
            covered = text[span.start : span.end]
            value = (span.entity, self._normal_form(span.entity, covered))
            if value not in numbers:
                numbers[value] = taken[span.entity] = taken.get(span.entity, 0) + 1
            names[span.entity, covered] = f"<{span.entity}_{numbers[value]}>"
        return names

    def _contacts(self, text: str, spans: list[Span], names: dict[tuple[str, str], str]) -> tuple[Contact, ...]:
        contacts = {}
        for span in spans:
            if span.entity in _CONTACTS:
                covered = text[span.start : span.end]
                index = int(names[span.entity, covered].rstrip(">").rsplit("_", 1)[1])
                contacts[span.entity, index] = Contact(span.entity, index, self._normal_form(span.entity, covered))
        return tuple(contacts[at] for at in sorted(contacts))

    def _normal_form(self, entity: str, covered: str) -> str:
        """What makes two writings of a value the same: E.164 of a phone number, the typed form of an address, …"""
        seen = view(covered).text
        match entity:
            case "PHONE":
                return phone.normal_form(digit_view(covered).text, self.settings.phone_regions)
            case "EMAIL":
                return email.normal_form(seen)
            case "URL":
                return url.normal_form(seen)
            case "HANDLE":
                return handle.normal_form(seen)
            case _:
                return squash(covered)


class Placeholder(Operator):
    """Presidio operator: a covered text becomes the numbered placeholder that `names` holds for it."""

    NAME = "placeholder"

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """The placeholder of `text` as an entity of `params["entity_type"]`."""
        assert params
        return str(params["names"][params["entity_type"], text])

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Nothing to check: `Engine` alone makes the params."""

    def operator_name(self) -> str:
        """The name that an `OperatorConfig` asks for."""
        return self.NAME

    def operator_type(self) -> OperatorType:
        """It anonymizes."""
        return OperatorType.Anonymize


def disjoint(text: str, spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap each other or an existing placeholder, and together cover what `spans` cover.

    Where several claim a stretch, the entity that ranks first in `ENTITIES` gets it, then the higher score, then the
    earlier and the longer span. Space around a piece
    is left out, and so are pieces of others that hold no letter or digit.
    """
    taken = [match.span() for match in PLACEHOLDER.finditer(text)]
    won: list[Span] = []
    for span in sorted(spans, key=lambda s: (_RANK[s.entity], -s.score, s.start, -s.end)):
        for start, end in _uncovered(span.start, span.end, taken):
            piece = text[start:end]
            if any(character.isalnum() for character in piece):
                start += len(piece) - len(piece.lstrip())
                end -= len(piece) - len(piece.rstrip())
                won.append(Span(start, end, span.entity, span.score))
                taken.append((start, end))
    return sorted(won)


def _uncovered(start: int, end: int, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for taken_start, taken_end in sorted(taken):
        if taken_end <= start or taken_start >= end:
            continue
        if taken_start > start:
            yield start, taken_start
        start = max(start, taken_end)
    if start < end:
        yield start, end


def _to_raw(found: list[Span], text: str, spans: list[Span], names: dict[tuple[str, str], str]) -> list[Span]:
    """Spans of the sanitized text, which touch no placeholder, as spans of the raw text."""
    shifts = [(0, 0)]  # from this sanitized offset on, raw offset minus sanitized offset
    written = raw = 0
    for span in spans:
        written += span.start - raw + len(names[span.entity, text[span.start : span.end]])
        raw = span.end
        shifts.append((written, raw - written))
    moved = []
    for span in found:
        shift = shifts[bisect_right(shifts, span.start, key=lambda entry: entry[0]) - 1][1]
        moved.append(Span(span.start + shift, span.end + shift, span.entity, span.score))
    return moved


def _as_span(result: RecognizerResult) -> Span:
    entity = _PRESIDIO_ENTITIES.get(result.entity_type, result.entity_type)
    return Span(result.start, result.end, entity, round(result.score, 4))


def _build_analyzer(settings: params.Scrub) -> AnalyzerEngine:
    registry = RecognizerRegistry(
        [
            phone.PhoneRecognizer(settings.phone_regions),
            email.EmailRecognizer(),
            url.UrlRecognizer(),
            handle.HandleRecognizer(),
            cued_name.CuedNameRecognizer(),
            address.AddressRecognizer(),
            *map(OnView, (CreditCardRecognizer(), IbanRecognizer(), CryptoRecognizer(), IpRecognizer())),
            OnView(UsSsnRecognizer()),
            SpacyRecognizer(supported_entities=["PERSON", "LOCATION"]),
        ]
    )
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=_Tagger(settings.ner),
        context_aware_enhancer=_NoContext(),
        supported_languages=[LANGUAGE],
    )


class _Tagger(SpacyNlpEngine):
    """Presidio's spaCy engine with the entity tagger alone, and without the download of a model that is missing."""

    def __init__(self, model: str) -> None:
        super().__init__([{"lang_code": LANGUAGE, "model_name": model}])

    def load(self) -> None:
        name = self.models[0]["model_name"]
        try:
            model = spacy.load(name, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
        except OSError:
            raise Refusal(f"scrub.ner: the spaCy model {name} is not installed; nothing is downloaded.") from None
        self.nlp = {LANGUAGE: model}  # type: ignore[assignment]  # Presidio declares it None


class _NoContext(ContextAwareEnhancer):
    """Cues are each recogniser's own business, so Presidio's enhancer, which needs lemmas, is not used."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        return raw_results


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` after so many seconds; only a process's main thread can be interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGALRM, _time_out)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _time_out(*_: Any) -> None:
    raise TimeoutError
