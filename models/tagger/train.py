"""Train the name and place tagger: `python -m models.tagger.train ../shared/data`. Run by `make tagger`.

Several seeds are trained; the one that masks most persons of the development texts at equal over-masking is kept, and
what each reached goes into the metrics, from which the model card is written. Same data, same processor: same bytes.
"""

import copy
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import torch
import typer
from jinja2 import Environment, StrictUndefined
from safetensors.numpy import save
from torch import nn
from torch.nn import functional

from models.tagger import corpus
from models.tagger.corpus import Sentence, Word
from models.tagger.network import CHANNELS, PIECE, TaggerNet
from models.tagger.silver import Silver, change_case
from pipeline import store
from pipeline.errors import Refusal, run_stage
from pipeline.progress import track
from pipeline.taggers.features import TAGS, WordFeatures, class_of, features
from pipeline.taggers.net import REACH, Net, margins_over_others

EPOCHS = 6
BATCH = 32  # sentences
LEARNING_RATE = 1e-3
DROPOUT = 0.4
EMA = 0.998
NAMED, UNNAMED = 4_500, 1_500  # silver sentences an epoch
ADS, MESSAGES = 3_000, 1_500  # unlabelled ones, of which a share gets a named one put before or after it
INJECTED = 0.3
POOL_SEED = 7

OVER_MASKING = 0.055  # of the development texts' other characters, at which the margin of PERSON is set
PLACE_MARGINS = {"LOCATION": -0.85, "ADDRESS": -0.85}  # a probability of about 0.3

PERSON = TAGS.index("PERSON")
CARD = Path(__file__).with_name("card.md.j2")


def main(
    data: Annotated[Path, typer.Argument(help="The folder with pii/ and ads/.")],
    weights: Annotated[Path, typer.Option(help="The safetensors file to write.")],
    metrics: Annotated[Path, typer.Option(help="What each seed reached.")],
    seeds: Annotated[list[int], typer.Option(help="Train once with each.")] = [1, 2, 3],  # noqa: B006
) -> None:
    """Train the tagger on labelled tweets, job ads, messages and silver sentences."""
    missing = sorted(name for name in corpus.FILES if not (data / name).is_file())
    if missing:
        raise Refusal(f"{data}: no {', '.join(missing)}.")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    texts = Texts(data)
    results = {seed: evaluated(train(texts, seed), texts) for seed in seeds}
    best = max(results, key=lambda seed: (results[seed][1]["recall"], -seed))
    with store.replacing(weights) as partial:
        partial.write_bytes(results[best][0])
    report = {"kept": str(best), "seeds": {str(seed): result[1] for seed, result in results.items()}}
    store.write_json(metrics, report)
    store.write_text(weights.with_suffix(".md"), card(report, weights.stat().st_size))


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
        piece=PIECE,
        channels=CHANNELS,
        reach=REACH,
        size=round(size / 1e6, 1),
    )


class Texts:
    """What is trained and measured on."""

    def __init__(self, data: Path) -> None:
        self._labelled = [sentence for part in corpus.labelled(data, "train").values() for sentence in part]
        self._labelled += corpus.filled_templates(data, "train")
        self._ads, self._messages = corpus.job_ads(data, "train"), corpus.messages(data)
        self._silver = Silver(POOL_SEED)
        tweets = corpus.labelled(data, "dev")
        lowered = {f"{name}, lower case": [_lowered(s) for s in part] for name, part in tweets.items()}
        self.dev = tweets | lowered
        self.templates = corpus.filled_templates(data, "dev")
        self.other_ads = corpus.job_ads(data, "dev")

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


def train(texts: Texts, seed: int) -> TaggerNet:
    """The exponential moving average of a network trained with AdamW on a one-cycle schedule."""
    torch.manual_seed(seed)
    rng = Random(seed)
    net = TaggerNet(DROPOUT, DROPOUT)
    averaged = copy.deepcopy(net).eval()
    optimizer = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=LEARNING_RATE)
    seen: dict[str, WordFeatures] = {}
    schedule = None
    step = 0
    for epoch in range(EPOCHS):
        sentences = texts.epoch(rng)
        batches = [sentences[start : start + BATCH] for start in range(0, len(sentences), BATCH)]
        if schedule is None:
            schedule = torch.optim.lr_scheduler.OneCycleLR(
                optimizer, LEARNING_RATE, total_steps=EPOCHS * len(batches), pct_start=0.1
            )
        for batch in track(batches, f"seed {seed}, epoch {epoch + 1}"):
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


def evaluated(net: TaggerNet, texts: Texts) -> tuple[bytes, dict[str, Any]]:
    """The bytes of the exported network with its margins set, and what it masks of development texts and other ads."""
    arrays = net.export()
    arrays["margins"] = np.zeros(len(TAGS) - 1, np.float32)
    tagger = Net(arrays)
    places = np.array([PLACE_MARGINS[tag] for tag in TAGS[PERSON + 1 :]], np.float32)
    cased = [sentence for name, part in texts.dev.items() if "lower" not in name for sentence in part]
    others = np.concatenate(list(_margins(tagger, cased, places, gold=False)))
    margin = np.float32(np.quantile(others, 1 - OVER_MASKING))
    arrays["margins"] = np.concatenate([[margin], places]).astype(np.float32)
    sets = {}
    for name, part in {**texts.dev, "filled templates": texts.templates, "job ads": texts.other_ads}.items():
        persons = [bool(run.min() >= margin) for run in _margins(tagger, part, places, gold=True)]
        other = np.concatenate(list(_margins(tagger, part, places, gold=False)))
        sets[name] = {
            "persons": len(persons),
            "recall": round(sum(persons) / len(persons), 4) if persons else None,
            "over_masking": round(float((other >= margin).mean()), 4),
        }
    recall = sum(sets[name]["recall"] or 0 for name in texts.dev) / len(texts.dev)
    return save(arrays), {"recall": round(recall, 4), "margin": round(float(margin), 4), "sets": sets}


def _margins(tagger: Net, sentences: list[Sentence], places: Any, gold: bool) -> Iterator[npt.NDArray[np.float32]]:
    """The margins of PERSON in every gold person, word by word; or of all else, character by character.

    A word that is masked as a place has the margin infinity.
    """
    for sentence, logits in zip(sentences, tagger.logits([[w.text for w in s] for s in sentences]), strict=True):
        over = margins_over_others(logits)
        margins = np.where((over[:, PERSON + 1 :] >= places).any(axis=1), np.inf, over[:, PERSON])
        tags = [word.tag if word.text[0].isalnum() else -1 for word in sentence]
        if gold:
            start = 0
            while start < len(tags):
                end = start + 1
                while end < len(tags) and tags[end] == tags[start]:
                    end += 1
                if tags[start] == PERSON:
                    yield margins[start:end]
                start = end
        else:
            lengths = [
                len(w.text) if w.tag != PERSON and not w.text.isspace() and w.text[0] != "@" else 0 for w in sentence
            ]
            masked = np.where([tag >= 0 for tag in tags], margins, -np.inf)
            yield np.repeat(masked, lengths)


def _is_passed_over(word: Word) -> bool:
    return word.tag == PERSON or word.text.isspace() or word.text.startswith("@")


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
            old.mul_(kept).add_(new, alpha=1 - kept)


def _lowered(sentence: Sentence) -> Sentence:
    return [Word(word.text.lower(), word.tag, word.weight) for word in sentence]


if __name__ == "__main__":
    run_stage(main)
