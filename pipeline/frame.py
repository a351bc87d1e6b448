"""Presidio as Safelight uses it: the analyzer with every recogniser, and the anonymizer with its one operator."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline import params
from pipeline.presidio import (
    AnalyzerEngine,
    AnonymizerEngine,
    AnonymizerResult,
    Operator,
    OperatorConfig,
    OperatorType,
    RecognizerRegistry,
    RecognizerResult,
)
from pipeline.recognizers import (
    address,
    age,
    birthdate,
    card,
    casing,
    crypto,
    cued_name,
    email,
    government_id,
    handle,
    iban,
    ip,
    payment,
    phone,
    plate,
    postcode,
    url,
)
from pipeline.records import Span
from pipeline.taggers.base import Tagger
from pipeline.taggers.nlp_engine import TaggedRecognizer, TaggerEngine

LANGUAGE = "en"  # what Presidio is told: here every recogniser reads every language

_SPANS_AT_ONCE = 64  # the anonymizer copies the text for every span


def build_analyzer(settings: params.Scrub, tagger: Tagger) -> AnalyzerEngine:
    """The analyzer with Safelight's recognisers, Presidio's own over the normal view, and the tagger."""
    registry = RecognizerRegistry(
        [
            phone.PhoneRecognizer(settings.phone_regions),
            email.EmailRecognizer(),
            url.UrlRecognizer(),
            handle.HandleRecognizer(),
            cued_name.CuedNameRecognizer(),
            payment.PaymentRecognizer(),
            card.CardRecognizer(),
            iban.IbanRecognizer(),
            crypto.CryptoRecognizer(),
            ip.IpRecognizer(),
            address.AddressRecognizer(),
            plate.PlateRecognizer(),
            age.AgeRecognizer(),
            birthdate.BirthdateRecognizer(),
            government_id.GovernmentIdRecognizer(),
            postcode.PostcodeRecognizer(),
            casing.CasingRecognizer(),
            TaggedRecognizer(),
        ]
    )
    return _Analyzer(
        registry=registry,
        nlp_engine=TaggerEngine(tagger),
        supported_languages=[LANGUAGE],
    )


def as_span(result: RecognizerResult) -> Span:
    """A result of the analyzer."""
    return Span(result.start, result.end, result.entity_type, round(result.score, 4))


class _Analyzer(AnalyzerEngine):
    """Without Presidio's way to raise scores by context, which needs lemmas: recognisers have cues of their own."""

    def _enhance_using_context(
        self, text: str, raw_results: list[RecognizerResult], *_: Any, **__: Any
    ) -> list[RecognizerResult]:
        return raw_results


class Replacer:
    """Presidio's anonymizer with the one operator that writes placeholders."""

    def __init__(self) -> None:
        self._anonymizer = _Anonymizer()  # type: ignore[no-untyped-call]
        self._anonymizer.add_anonymizer(_Placeholder)

    def replace(self, text: str, spans: Sequence[Span], names: Mapping[tuple[str, str], str]) -> str:
        """The text with every span (disjoint, in order) replaced by what `names` has for its entity and its text."""
        operators = {"DEFAULT": OperatorConfig(_Placeholder.NAME, {"names": names})}
        pieces = []
        end = 0
        for first in range(0, len(spans), _SPANS_AT_ONCE):
            some = spans[first : first + _SPANS_AT_ONCE]
            start, end = end, some[-1].end
            results = [AnonymizerResult(s.entity, s.start - start, s.end - start, s.score) for s in some]
            piece = self._anonymizer.anonymize(
                text[start:end], results, operators=operators, merge_entities_with_spaces=False
            )
            pieces.append(str(piece.text))
        return "".join([*pieces, text[end:]])


class _Anonymizer(AnonymizerEngine):
    """Without Presidio's way to settle conflicts, and copies to do it on: spans are disjoint."""

    @staticmethod
    def _copy_recognizer_results(analyzer_results: list[AnonymizerResult]) -> list[AnonymizerResult]:
        return analyzer_results

    def _remove_conflicts_and_get_text_manipulation_data(
        self, analyzer_results: list[AnonymizerResult], *_: Any
    ) -> list[AnonymizerResult]:
        return analyzer_results


class _Placeholder(Operator):
    """A covered text becomes the placeholder that `names` holds for it."""

    NAME = "placeholder"

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """The placeholder of `text` as an entity of `params["entity_type"]`."""
        assert params
        return str(params["names"][params["entity_type"], text])

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Nothing to check: `Replacer` alone makes the params."""

    def operator_name(self) -> str:
        """The name that an `OperatorConfig` asks for."""
        return self.NAME

    def operator_type(self) -> OperatorType:
        """It anonymizes."""
        return OperatorType.Anonymize
