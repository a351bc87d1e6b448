"""Presidio as Safelight uses it: the analyzer with every recogniser, and the anonymizer with its one operator."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline import params
from pipeline.presidio import (
    AnalyzerEngine,
    AnonymizerEngine,
    EngineResult,
    Operator,
    OperatorConfig,
    OperatorType,
    RecognizerRegistry,
)
from pipeline.recognizers import (
    address,
    age,
    birthdate,
    card,
    casing,
    crypto,
    cued_name,
    digest,
    email,
    government_id,
    handle,
    iban,
    ip,
    payment,
    phone,
    plate,
    postcode,
    town,
    url,
)
from pipeline.records import Span
from pipeline.taggers.base import Tagger
from pipeline.taggers.nlp_engine import TaggedRecognizer, TaggerEngine, Tags

LANGUAGE = "en"  # what Presidio is told: here every recogniser reads every language


def build_analyzer(settings: params.Scrub, tagger: Tagger) -> "Analyzer":
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
            digest.DigestRecognizer(),
            address.AddressRecognizer(),
            town.TownRecognizer(),
            plate.PlateRecognizer(),
            age.AgeRecognizer(),
            birthdate.BirthdateRecognizer(),
            government_id.GovernmentIdRecognizer(),
            postcode.PostcodeRecognizer(),
            casing.CasingRecognizer(),
            TaggedRecognizer(),
        ]
    )
    return Analyzer(
        registry=registry,
        nlp_engine=TaggerEngine(tagger),
        supported_languages=[LANGUAGE],
    )


class Analyzer(AnalyzerEngine):
    """Presidio's engine with a way through it for one language, tags that are there, and spans that may overlap."""

    def find(self, text: str, tags: Tags, min_score: float) -> list[Span]:
        """What every recogniser finds, at least that sure.

        Left out of Presidio's `analyze` is what changes nothing here and takes as long as three recognisers: looking up
        recognisers and entities, raising scores by context (recognisers have cues of their own), and settling what
        `pipeline.spans.disjoint` settles.
        """
        return [
            Span(result.start, result.end, result.entity_type, round(result.score, 4))
            for recognizer in self.registry.recognizers
            for result in recognizer.analyze(text, recognizer.supported_entities, tags)
            if result.score >= min_score
        ]


class Replacer:
    """Presidio's anonymizer with the one operator that writes placeholders."""

    def __init__(self) -> None:
        self._anonymizer = _Anonymizer()  # type: ignore[no-untyped-call]
        self._anonymizer.add_anonymizer(_Placeholder)

    def replace(self, text: str, spans: Sequence[Span], names: Mapping[tuple[str, str], str]) -> str:
        """The text with every span (disjoint, in order) replaced by what `names` has for its entity and its text."""
        operators = {"DEFAULT": OperatorConfig(_Placeholder.NAME, {"names": names})}
        replaced = self._anonymizer.anonymize(text, list(spans), operators=operators, merge_entities_with_spaces=False)  # type: ignore[arg-type]
        return str(replaced.text)


class _Anonymizer(AnonymizerEngine):
    """Presidio's engine for spans that are disjoint and in order: no conflicts to settle, the text written once."""

    @staticmethod
    def _copy_recognizer_results(analyzer_results: list[Any]) -> list[Any]:
        return analyzer_results

    def _remove_conflicts_and_get_text_manipulation_data(self, analyzer_results: list[Any], *_: Any) -> list[Any]:
        return analyzer_results

    def _operate(
        self,
        text: str,
        pii_entities: list[Any],
        operators_metadata: dict[str, OperatorConfig],
        operator_type: OperatorType,
        **_: Any,
    ) -> EngineResult:
        config = operators_metadata["DEFAULT"]
        operator = self.operators_factory.create_operator_class(config.operator_name, operator_type)
        pieces: list[str] = []
        end = 0
        for span in pii_entities:
            covered = text[span.start : span.end]
            pieces += text[end : span.start], operator.operate(covered, config.params | {"entity_type": span.entity})
            end = span.end
        return EngineResult("".join([*pieces, text[end:]]))


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
