"""Presidio without what it drags in; whoever imports Presidio imports this first.

It and spaCy try to import torch and transformers, which takes five seconds and serves nothing here, so the two are
hidden from them.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _hidden(*modules: str) -> Iterator[None]:
    """Let the import of these modules fail, unless they are loaded (Python's reference, The import system)."""
    hidden = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _hidden("torch", "transformers"):
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
    from presidio_anonymizer import AnonymizerEngine, EngineResult, OperatorConfig
    from presidio_anonymizer.operators import Operator, OperatorType

__all__ = [
    "AnalyzerEngine",
    "AnonymizerEngine",
    "EngineResult",
    "EntityRecognizer",
    "NlpArtifacts",
    "NlpEngine",
    "Operator",
    "OperatorConfig",
    "OperatorType",
    "RecognizerRegistry",
    "RecognizerResult",
]
