"""Fine-tuning of the encoder with `transformers.Trainer`: fp32 on the CPU, the same bytes for the same seed.

The embeddings and the lowest layers stay as they were pretrained: a few hundred ads cannot improve them, and most of
the time would go into them. The loss is a sum, over the questions, of softmax cross-entropy (one choice) or of each
choice's binary cross-entropy (several), averaged over the ads that were answered.
"""

import sys
from collections.abc import Sequence
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from torch import Tensor, nn
from torch.nn import functional
from transformers import DataCollatorWithPadding, PrinterCallback, Trainer, TrainingArguments, set_seed

from models.data import Array, Question, labelled, targets
from models.encoder import Encoder, Network, start
from pipeline.errors import Refusal
from pipeline.params import Train

HEAD_RATE = 10.0  # times the encoder's learning rate: the heads start from nothing
HEAVIEST = 4.0  # times that a mark of a rare choice counts at most


def fit(train: Dataset, questions: Sequence[Question], settings: Train, seed: int) -> Encoder:
    """Fine-tune an encoder; thresholds are left at 0.5.

    Raises:
        Refusal: a question has no labels, the encoder cannot be had, or it has fewer layers than are to be frozen.
    """
    target = targets(train, questions)
    if empty := sorted(name for name, rows in target.items() if not labelled(rows).any()):
        raise Refusal(
            f"no label in the training split for {', '.join(empty)}. Label it, or take it out of train.questions."
        )
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # slow, finds bugs only
    set_seed(seed)
    classifier = start(settings.encoder, questions, settings.max_tokens)
    freeze(classifier.network, settings.frozen_layers)
    tokens = classifier.tokenize(train["text"])
    rows = Dataset.from_dict({**tokens, "labels": np.concatenate(list(target.values()), axis=1).tolist()})
    with TemporaryDirectory() as unused:
        trainer = _Trainer(
            model=classifier.network,
            args=TrainingArguments(
                output_dir=unused,
                num_train_epochs=settings.epochs,
                per_device_train_batch_size=settings.batch_size,
                learning_rate=settings.learning_rate,
                warmup_steps=0.1,
                train_sampling_strategy="group_by_length",
                label_names=["labels"],
                save_strategy="no",
                logging_strategy="no",
                report_to="none",
                disable_tqdm=not sys.stderr.isatty(),
                use_cpu=True,
                dataloader_pin_memory=False,
                seed=seed,
            ),
            train_dataset=rows,
            data_collator=DataCollatorWithPadding(classifier.tokenizer),
            optimizers=(_optimizer(classifier.network, settings.learning_rate), None),
        )
        trainer.losses = [_Loss(question, target[question.name]) for question in questions]
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return classifier


def freeze(network: Network, layers: int) -> None:
    """Keep the embeddings and the lowest `layers` layers as they are, without dropout; nothing if `layers` is 0."""
    depth = network.encoder.config.num_hidden_layers
    if layers > depth:
        raise Refusal(f"train.frozen_layers: {layers}, but the encoder has {depth} layers.")
    if layers:
        stack = next(m for m in network.encoder.modules() if isinstance(m, nn.ModuleList) and len(m) == depth)
        network.encoder.requires_grad_(False)
        stack[layers:].requires_grad_(True)
        trained = set(stack[layers:].modules())
        for module in network.encoder.modules():
            if isinstance(module, nn.Dropout) and module not in trained:
                module.p = 0.0


class _Loss:
    """One question's loss. A mark of a rare choice weighs as much as the unmarked ads do per mark, within limits."""

    def __init__(self, question: Question, target: Array):
        self.several = question.several
        marks = np.nansum(target, axis=0)
        unmarked = labelled(target).sum() - marks
        self.weight = torch.tensor(np.clip(unmarked / np.maximum(marks, 1), 1, HEAVIEST), dtype=torch.float32)

    def __call__(self, logits: Tensor, target: Tensor) -> Tensor:
        known = ~target.isnan().any(dim=1)
        if not known.any():
            return logits.sum() * 0
        logits, target = logits[known], target[known]
        if self.several:
            losses = functional.binary_cross_entropy_with_logits(
                logits, target, pos_weight=self.weight, reduction="none"
            )
            return losses.sum(dim=1).mean()
        return functional.cross_entropy(logits, target)


class _Trainer(Trainer):
    losses: Sequence[_Loss]

    def compute_loss(self, model: nn.Module, inputs: dict[str, Any], *args: Any, **kwargs: Any) -> Tensor:
        labels = inputs.pop("labels")
        logits = model(**inputs)
        widths = [len(loss.weight) for loss in self.losses]
        parts = zip(self.losses, logits.split(widths, dim=1), labels.split(widths, dim=1), strict=True)
        return torch.stack([loss(*pair) for loss, *pair in parts]).sum()


def _optimizer(network: Network, rate: float) -> torch.optim.Optimizer:
    body = [weight for weight in network.encoder.parameters() if weight.requires_grad]
    heads = list(network.heads.parameters())
    groups = [{"params": heads, "lr": HEAD_RATE * rate}, {"params": body, "lr": rate}]
    return torch.optim.AdamW([group for group in groups if group["params"]], weight_decay=0.01)
