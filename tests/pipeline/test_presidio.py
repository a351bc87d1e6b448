import subprocess
import sys

PROBE = """
import sys
from pipeline import frame
assert not {"spacy", "thinc", "torch", "transformers"} & set(sys.modules), sorted(sys.modules)
import spacy
from spacy.tokens import Doc
assert [str(word) for word in spacy.blank("en")("Two sofas.")] == ["Two", "sofas", "."]
assert isinstance(spacy.blank("en")("Two"), Doc)
"""


def test_presidio_loads_no_spacy_and_leaves_it_to_who_needs_it() -> None:
    subprocess.run([sys.executable, "-c", PROBE], check=True)


def test_presidio_gets_spacy_where_it_is_loaded() -> None:
    probe = "import spacy.tokens; import pipeline.presidio; from presidio_analyzer.nlp_engine import nlp_artifacts as n"
    subprocess.run([sys.executable, "-c", f"{probe}; assert n.Doc is spacy.tokens.Doc"], check=True)
