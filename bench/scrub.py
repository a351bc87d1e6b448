"""How fast the scrubber is beside plain Presidio, on the same texts in the same run.

Run by `make bench`. Texts: the distinct texts of the raw sample table, or of a CSV, TSV, JSONL or Parquet file given as
the first argument with its text column as the second. Quote the ratio; the rates depend on the machine.
"""

import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

from pipeline import params, store
from pipeline.engine import Engine
from pipeline.sources import SourceRow, read_rows

TEXTS = 200


def main() -> None:
    """Print ads per second of both, and their ratio."""
    settings = params.load(params.Scrub)
    texts = read_texts()
    nlp = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": settings.ner}]}
    ).create_engine()
    plain = AnalyzerEngine(nlp_engine=nlp)
    engine = Engine(settings)
    presidio = rate(lambda text: plain.analyze(text, language="en"), texts)
    safelight = rate(engine.scrub, texts)
    print(f"{len(texts)} distinct texts")
    print(f"plain Presidio (analyze only)  {presidio:7.1f} ads/s")
    print(f"Safelight (scrub, to fixpoint) {safelight:7.1f} ads/s, {safelight / presidio:.2f} times Presidio")


def read_texts() -> list[str]:
    """The first distinct texts of the source."""
    if len(sys.argv) > 2:
        rows = (row.values for row in read_rows(Path(sys.argv[1])) if isinstance(row, SourceRow))
        found = (row[sys.argv[2]] for row in rows)
    else:
        found = (row["text"] for row in store.read_table(Path("data/raw/ads"), ["text"]))
    return list(islice(dict.fromkeys(text for text in found if text), TEXTS))


def rate(work: Callable[[str], object], texts: list[str]) -> float:
    """Texts per second, after a warm-up."""
    for text in texts[:10]:
        work(text)
    start = time.perf_counter()
    for text in texts:
        work(text)
    return len(texts) / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
