"""Train the name and place tagger: `python -m models.tagger.train ../shared/data`. Run by `make tagger`.

Several seeds are trained; the one that masks most persons and places of the development texts at equal over-masking is
kept, and what each reached goes into the metrics, from which the model card is written. Same data, same processor: same
bytes.
"""

import copy
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Annotated, Any

import torch
import typer
from jinja2 import Environment, StrictUndefined
from torch import nn
from torch.nn import functional

from models.tagger import corpus
from models.tagger.corpus import Sentence, Word
from models.tagger.measure import OVER_MASKING, measured
from models.tagger.network import CHANNELS, HIDDEN, PIECE, TaggerNet
from models.tagger.silver import Silver, change_case
from pipeline import store
from pipeline.errors import Refusal, run_stage
from pipeline.progress import track
from pipeline.taggers.features import WordFeatures, class_of, features
from pipeline.taggers.net import REACH

EPOCHS = 6
BATCH = 32  # sentences
LEARNING_RATE = 1e-3
DROPOUT = 0.4
EMA = 0.998
NAMED, UNNAMED = 3_000, 1_500  # silver sentences an epoch
ADS, MESSAGES = 2_000, 1_000  # unlabelled ones, of which a share gets a named one put before or after it
INJECTED = 0.3
POOL_SEED = 7
PROCESSES = 2

CARD = Path(__file__).with_name("card.md.j2")


def main(
    data: Annotated[Path, typer.Argument(help="The folder with pii/ and ads/.")],
    weights: Annotated[Path, typer.Option(help="The safetensors file to write.")],
    metrics: Annotated[Path, typer.Option(help="What each seed reached.")],
    seeds: Annotated[list[int], typer.Option(help="Train once with each.")] = [1, 2],  # noqa: B006
) -> None:
    """Train the tagger on labelled tweets, job ads, messages and silver sentences."""
    missing = sorted(name for name in corpus.FILES if not (data / name).is_file())
    if missing:
        raise Refusal(f"{data}: no {', '.join(missing)}.")
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        results = dict(zip(seeds, track(pool.map(partial(run, data), seeds), "seeds", len(seeds)), strict=True))
    best = max(results, key=lambda seed: (results[seed][1]["recall"], -seed))
    with store.replacing(weights) as partial_file:
        partial_file.write_bytes(results[best][0])
    report = {"kept": str(best), "seeds": {str(seed): result[1] for seed, result in results.items()}}
    store.write_json(metrics, report)
    store.write_text(weights.with_suffix(".md"), card(report, weights.stat().st_size))


def run(data: Path, seed: int) -> tuple[bytes, dict[str, Any]]:
    """The tagger that a seed gives, as bytes, and what it reaches. One thread: sums in one order."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    return measured(train(TrainingTexts(data), seed).export(), development_texts(data))


def card(report: dict[str, Any], size: int) -> str:
    """The model card; a number that is missing raises."""
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)  # Markdown, so nothing is escaped
    kept = report["seeds"][report["kept"]]
    return environment.from_string(CARD.read_text(encoding="utf-8")).render(
        kept=report["kept"],
        seeds=report["seeds"],
        sets=sorted(kept["sets"]),
        kept_sets=kept["sets"],
        margin=kept["margin"],
        over=OVER_MASKING,
        hidden=HIDDEN,
        piece=PIECE,
        channels=CHANNELS,
        reach=REACH,
        size=round(size / 1e6, 1),
    )


def development_texts(data: Path) -> dict[str, list[Sentence]]:
    """Sentences that are measured on, by what they are: none was trained on."""
    tweets = corpus.labelled(data, "dev")
    lowered = {f"{name}, lower case": [_lowered(s) for s in part] for name, part in tweets.items()}
    others = {"filled templates": corpus.filled_templates(data, "dev"), "job ads": corpus.job_ads(data, "dev")}
    return tweets | lowered | others


class TrainingTexts:
    """Sentences that are trained on."""

    def __init__(self, data: Path) -> None:
        self._labelled = [sentence for part in corpus.labelled(data, "train").values() for sentence in part]
        self._labelled += corpus.filled_templates(data, "train")
        self._ads, self._messages = corpus.job_ads(data, "train"), corpus.messages(data)
        self._silver = Silver(POOL_SEED)

    def epoch(self, rng: Random) -> list[Sentence]:
        """The sentences of one pass, in an order of their own."""
        silver = self._silver
        taken = [silver.change(sentence, rng) for sentence in self._labelled]
        taken += [silver.named(rng) for _ in range(NAMED)] + [silver.unnamed(rng) for _ in range(UNNAMED)]
        for sentence in rng.sample(self._ads, ADS) + rng.sample(self._messages, MESSAGES):
            draw = rng.random()
            if draw < INJECTED / 2:
                sentence = [*silver.named(rng), Word(rng.choice("\n."), 0, 0.0), *sentence]
            elif draw < INJECTED:
                sentence = sentence + silver.named(rng)
            taken.append(sentence)
        taken = [change_case(sentence, rng) for sentence in taken]
        rng.shuffle(taken)
        return taken


def train(texts: TrainingTexts, seed: int) -> TaggerNet:
    """The exponential moving average of a network trained with AdamW on a one-cycle schedule."""
    torch.manual_seed(seed)
    rng = Random(seed)
    net = TaggerNet(DROPOUT, DROPOUT)
    averaged = copy.deepcopy(net).eval()
    optimizer = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=LEARNING_RATE, fused=True)
    seen: dict[str, WordFeatures] = {}
    schedule = None
    step = 0
    for _ in range(EPOCHS):
        sentences = texts.epoch(rng)
        batches = [sentences[start : start + BATCH] for start in range(0, len(sentences), BATCH)]
        if schedule is None:
            schedule = torch.optim.lr_scheduler.OneCycleLR(
                optimizer, LEARNING_RATE, total_steps=EPOCHS * len(batches), pct_start=0.1
            )
        for batch in batches:
            words, sequence, tags, weights = _tensors(batch, seen)
            losses = functional.cross_entropy(net(words, sequence), tags, reduction="none") * weights
            optimizer.zero_grad()
            torch.autograd.backward(losses.sum() / weights.sum().clamp(min=1))
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            _average(averaged, net, min(EMA, (1 + step) / (10 + step)))
    return averaged


def _tensors(
    batch: list[Sentence], seen: dict[str, WordFeatures]
) -> tuple[list[WordFeatures], torch.Tensor, torch.Tensor, torch.Tensor]:
    rows: dict[str, int] = {}
    sequence: list[int] = []
    tags: list[int] = []
    weights: list[float] = []
    for sentence in batch:
        for word in sentence:
            kind = class_of(word.text)
            if kind not in seen:
                seen[kind] = features(kind)
            sequence.append(rows.setdefault(kind, len(rows)))
            tags.append(word.tag)
            weights.append(word.weight)
        sequence += [-1] * REACH
        tags += [0] * REACH
        weights += [0.0] * REACH
    return [seen[kind] for kind in rows], torch.tensor(sequence), torch.tensor(tags), torch.tensor(weights)


@torch.no_grad()
def _average(averaged: nn.Module, net: nn.Module, kept: float) -> None:
    for old, new in zip(averaged.parameters(), net.parameters(), strict=True):
        if new.requires_grad:
            old.lerp_(new, 1 - kept)


def _lowered(sentence: Sentence) -> Sentence:
    return [Word(word.text.lower(), word.tag, word.weight) for word in sentence]


if __name__ == "__main__":
    run_stage(main)
