"""Which ads are chosen for labelling."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.tasks import choose
from pipeline import params, store
from pipeline.records import SANITIZED_ADS

ROOT = Path(__file__).parents[2]


def ads(*texts: str) -> list[dict[str, Any]]:
    return [
        {
            "ad_id": f"ad{number:04d}",
            "text": text,
            "posted": "2021-03",
            "region": "Ohio",
            "category": "jobs",
            "contacts": [{"kind": "PHONE", "index": 1, "token": "secret-token"}],
            "labels": [],
        }
        for number, text in enumerate(texts)
    ]


def chosen_ids(rows: list[dict[str, Any]], count: int, seed: int = 1) -> list[str]:
    return [task["data"]["ad_id"] for task in choose(rows, params.Tasks(ads=count, overlap=2, seed=seed))[0]]


def test_a_task_holds_the_id_and_the_text_and_nothing_else() -> None:
    tasks, _ = choose(ads("Sofa, call <PHONE_1>"), params.Tasks(ads=5, overlap=2, seed=1))
    assert tasks == [{"data": {"ad_id": "ad0000", "text": "Sofa, call <PHONE_1>"}}]


def test_of_equal_texts_only_the_first_ad_is_chosen_and_all_are_counted() -> None:
    tasks, counts = choose(ads("a", "b", "a", "a", "c"), params.Tasks(ads=5, overlap=2, seed=1))
    assert sorted(task["data"]["ad_id"] for task in tasks) == ["ad0000", "ad0001", "ad0004"]
    assert counts == {"ads": 5, "distinct_texts": 3, "tasks": 3}


@given(texts=st.lists(st.text(max_size=3), max_size=40), count=st.integers(1, 20), seed=st.integers(0, 9))
def test_a_larger_sample_begins_with_the_smaller_one(texts: list[str], count: int, seed: int) -> None:
    rows = ads(*texts)
    smaller, larger = chosen_ids(rows, count, seed), chosen_ids(rows, count + 3, seed)
    assert larger[: len(smaller)] == smaller
    assert len(smaller) == min(count, len(set(texts)))


def test_every_ad_is_as_likely_as_any_other() -> None:
    rows = ads(*map(str, range(20)))
    picked = [ad_id for seed in range(500) for ad_id in chosen_ids(rows, 5, seed)]
    assert all(85 < picked.count(row["ad_id"]) < 165 for row in rows)  # 125 expected, standard deviation 9.7


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_the_stage_writes_the_same_bytes_every_time(tmp_path: Path, hash_seed: str) -> None:
    store.write_table(tmp_path / "ads", SANITIZED_ADS, ads(*(f"Ad {number} ünïcode" for number in range(150))))
    (tmp_path / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    subprocess.run(
        [sys.executable, "-m", "annotation.tasks", "ads", "--tasks", "tasks.jsonl", "--metrics", "tasks.json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed},
        check=True,
    )
    settings = params.read(ROOT / "params.yaml").tasks
    expected, counts = choose(store.read_table(tmp_path / "ads"), settings)
    assert list(store.read_jsonl(tmp_path / "tasks.jsonl")) == expected
    assert store.read_json(tmp_path / "tasks.json") == counts
    assert "secret-token" not in (tmp_path / "tasks.jsonl").read_text(encoding="utf-8")
