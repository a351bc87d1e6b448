from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from safetensors.numpy import load, load_file

from models.tagger import corpus, measure, train
from models.tagger.corpus import Word
from models.tagger.lexicon import lists
from models.tagger.network import TaggerNet, wordpiece_vectors
from models.tagger.silver import Rates, Silver, change_case
from pipeline import store
from pipeline.taggers import net as tagger_net
from pipeline.taggers.features import PIECES, TAGS, features, lexicon
from pipeline.taggers.net import REACH, Net

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared/data"
OTHER_NAME, PERSON, LOCATION = map(TAGS.index, ("OTHER_NAME", "PERSON", "LOCATION"))

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not here")


@pytest.fixture(scope="module")
def silver() -> Silver:
    return Silver(1)


def test_the_committed_lexicon_is_that_of_the_lists() -> None:
    assert lexicon() == lists()


def test_every_template_can_be_filled(silver: Silver) -> None:
    rng = Random(0)
    for _ in range(500):
        words = silver.named(rng) + silver.unnamed(rng)
        assert all("{" not in word.text for word in words)
        assert {word.tag for word in silver.unnamed(rng)} <= {0, OTHER_NAME}


def test_the_same_seed_gives_the_same_sentences(silver: Silver) -> None:
    again = Silver(1)
    assert [silver.named(Random(n)) for n in range(20)] == [again.named(Random(n)) for n in range(20)]


def test_changed_sentences_keep_their_tags_aligned(silver: Silver) -> None:
    sentence = [Word("met"), Word("JANE", PERSON), Word("in"), Word("paris", LOCATION), Word(".")]
    changed = silver.change(sentence, Random(0), Rates(new_person=1, new_place=1, placeholder=0))
    names = [word.text for word in changed if word.tag == PERSON]
    assert names != ["JANE"]
    assert all(name.isupper() for name in names)
    assert all(word.text == word.text.lower() for word in changed if word.tag == LOCATION)
    hidden = silver.change(sentence, Random(0), Rates(placeholder=1))
    assert [(word.text, word.tag) for word in hidden][1] == ("<PERSON_1>", 0)
    tagged = silver.change(sentence, Random(0), Rates(new_place=0, placeholder=0, hashtag=1))
    assert [word.text for word in tagged if word.tag == PERSON] == ["#JANE"]
    lowered = change_case(sentence, Random(0), Rates(lower=1))
    assert [word.tag for word in lowered] == [word.tag for word in sentence]


def test_a_title_weighs_nothing_because_corpora_differ(silver: Silver) -> None:
    weights = {word.text: word.weight for word in silver._fill("Mr. {last} and Dr. {last}", Random(0))}
    assert (weights["Mr"], weights["Dr"]) == (0, 1)


def test_only_words_that_are_no_names_are_misspelt() -> None:
    sentence = [Word("meeting"), Word("Wilhelmina", PERSON)] * 50
    changed = change_case(sentence, Random(0), Rates(lower=0, upper=0, title=0, misspelt=0.5, lengthened=0.5))
    assert {word.text for word in changed if word.tag} == {"Wilhelmina"}
    assert len({word.text for word in changed}) > 10
    assert change_case(sentence, Random(0), Rates(lower=0, upper=0, title=0, misspelt=0, lengthened=0)) == sentence


def test_words_that_could_be_names_weigh_nothing_where_nobody_looked() -> None:
    weights = {word.text: word.weight for word in corpus.unlabelled("Maria sold the furniture")}
    assert weights["Maria"] == 0
    assert weights["furniture"] > 0


@needs_data
def test_corpora_are_read_with_their_tags() -> None:
    part = corpus.labelled(DATA, "dev")
    assert set(part) == {"btc", "wnut17"}
    for sentences in part.values():
        tags = [word.tag for sentence in sentences for word in sentence]
        assert tags.count(PERSON) > 200
        assert all(
            not word.weight for sentence in sentences for word in sentence if word.text[0] == "@" and word.text[1:]
        )
    train_ads, other_ads = (corpus.job_ads(DATA, part) for part in ("train", "dev"))
    assert min(len(train_ads), len(other_ads)) > 1_000


def test_the_exported_network_gives_the_logits_of_the_trained_one() -> None:
    torch.manual_seed(1)
    net = TaggerNet(0.0, 0.0).eval()
    weights = net.export()
    weights = measure.with_margins(weights, 0.0)
    words = "Jane moved to Paris with an old sofa".split()
    sequence = torch.tensor([-1] * REACH + list(range(len(words))) + [-1] * REACH)
    with torch.no_grad():
        expected = net([features(word) for word in words], sequence)[REACH:-REACH].numpy()
    found = Net(weights).logits([words])[0]
    assert np.abs(found - expected).max() < 0.05 * np.abs(expected).max()


def test_the_margin_is_set_by_the_most_that_may_be_masked() -> None:
    torch.manual_seed(0)
    net = TaggerNet(0.0, 0.0).eval()
    net.out.bias.data = torch.tensor([3.0, -3.0, 0.0, -3.0, -3.0])
    rng = Random(0)
    words = [Word("".join(rng.choices("abcdefghij", k=6))) for _ in range(2_000)]
    sentences = [[*words[start : start + 20], Word("Jane", PERSON)] for start in range(0, 2_000, 20)]
    weights, report = measure.measured(net.export(), dict.fromkeys(measure.OVER_MASKING, sentences))
    margins = [np.inf, report["margin"], *measure.PLACE_MARGINS.values()]
    assert np.allclose(load(weights)["margins"], margins, atol=1e-4)
    for found in report["sets"].values():
        assert found["persons"] == 100
        assert found["over_masking"] == pytest.approx(min(measure.OVER_MASKING.values()), abs=0.003)


def test_the_committed_weights_hold_the_encoders_wordpieces() -> None:
    assert Net()._tables["pieces"].shape == (PIECES, wordpiece_vectors().shape[1])
    assert tagger_net.WEIGHTS.stat().st_size < 12_000_000


def test_the_committed_table_of_common_words_is_what_their_features_give() -> None:
    weights = load_file(tagger_net.WEIGHTS)
    bare = {name: array for name, array in weights.items() if name != "common"}
    made_anew = measure.with_common(bare)["common"]
    assert np.array_equal(weights["common"], made_anew), "run `python -m models.tagger.common`"
    words = ["Call", "jane", "Zyxxy", "or", "Springfield", ",", "<line>", "the"]
    assert np.array_equal(Net(weights).logits([words])[0], Net(bare).logits([words])[0])


def test_the_committed_card_is_that_of_the_committed_metrics() -> None:
    report = store.read_json(ROOT / "docs" / "tagger.json")
    size = tagger_net.WEIGHTS.stat().st_size
    assert tagger_net.WEIGHTS.with_suffix(".md").read_text(encoding="utf-8") == train.card(report, size)
