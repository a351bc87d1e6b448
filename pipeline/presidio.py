"""Presidio without what it drags in; whoever imports Presidio imports this first.

It tries to import torch and transformers, and imports all of spaCy for engines that are not used here: seconds that
serve nothing. So torch and transformers are hidden from it, and stand-ins take spaCy's place; where spaCy is loaded
already, Presidio gets it. The tagger that the params may name instead (`spacy:PACKAGE`) loads spaCy itself. It also
compiles each of its 170 patterns to see that it is one, and again with flags when it is used: the first is left out.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import regex  # type: ignore[import-untyped]

_SPACY = (
    "spacy", "spacy.language", "spacy.pipeline", "spacy.tokens", "spacy.util", "spacy.vocab", "thinc", "thinc.api",
)  # fmt: skip


class _Anything(type):
    """A class that stands for every class and decorator: it has what is asked of it, itself."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return cls

    def __call__(cls, *_: object, **__: object) -> type:
        return cls


class _StandIn(ModuleType):
    """A module with nothing in it but what is asked of it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything("Nothing", (), {})


@contextmanager
def _hidden(*modules: str) -> Iterator[None]:
    """Let the import of these modules fail, and that of spaCy's find stand-ins, unless they are loaded.

    Python's reference, The import system.
    """
    hidden: dict[str, ModuleType | None] = dict.fromkeys(name for name in modules if name not in sys.modules)
    if "spacy" not in sys.modules:
        hidden |= {name: _StandIn(name) for name in _SPACY if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextmanager
def _unchecked() -> Iterator[None]:
    """Let the patterns of Presidio's recognisers go without the check, which compiles them; others are compiled."""
    compile_ = regex.compile

    def skip(*arguments: Any, **options: Any) -> Any:
        if sys._getframe(1).f_globals["__name__"] == "presidio_analyzer.pattern":
            return None
        return compile_(*arguments, **options)

    regex.compile = skip
    try:
        yield
    finally:
        regex.compile = compile_


with _hidden("torch", "transformers"), _unchecked():
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
