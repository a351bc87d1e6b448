"""Which ads are chosen for labelling."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st
from label_studio_sdk.label_interface.interface import LabelInterface

from annotation import codebook, gate, interface, suggestions
from annotation.tasks import choose, suggest
from annotation.votes import Value
from pipeline import params, store
from pipeline.records import GROUPS, SANITIZED_ADS

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


def settings(count: int, seed: int = 1, active: int = 0, suggest: float = 0.5) -> params.Tasks:
    return params.Tasks(ads=count, active=active, suggest=suggest, overlap=2, seed=seed)


def chosen_ids(rows: list[dict[str, Any]], count: int, seed: int = 1) -> list[str]:
    return [task["data"]["ad_id"] for task in choose(rows, settings(count, seed))[0]]


def test_the_data_of_a_task_is_the_id_and_the_text_and_nothing_else() -> None:
    tasks, _ = choose(ads("Sofa, call <PHONE_1>"), settings(5))
    assert tasks == [{"data": {"ad_id": "ad0000", "text": "Sofa, call <PHONE_1>"}, "meta": {"arm": "random"}}]


def test_of_equal_texts_only_the_first_ad_is_chosen_and_all_are_counted() -> None:
    tasks, counts = choose(ads("a", "b", "a", "a", "c"), settings(5))
    assert sorted(task["data"]["ad_id"] for task in tasks) == ["ad0000", "ad0001", "ad0004"]
    assert counts == {"ads": 5, "distinct_texts": 3, "random": 3}


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


SUGGESTED: dict[str, Value] = {"sector": "massage_spa", "indicators": ("debt_or_fees",)}


def test_a_suggestion_is_a_prediction_where_it_is_shown_and_kept_where_it_is_hidden() -> None:
    shown, hidden = (suggest("ad1", "Sofa", SUGGESTED, settings(1, suggest=share)) for share in (1, 0))
    kept = {"arm": "active", "suggested": SUGGESTED}
    assert hidden == {"data": {"ad_id": "ad1", "text": "Sofa"}, "meta": {**kept, "suggestion": "hidden"}}
    assert shown["meta"] == {**kept, "suggestion": "shown"}
    care = params.load(params.Annotate, ROOT / "params.yaml")
    config = interface.render(codebook.load(codebook.CODEBOOK), care)
    assert LabelInterface(config).validate_prediction(shown["predictions"][0], return_errors=True) == []


class Folder:
    """A working folder in which the stage runs."""

    def __init__(self, path: Path, count: int = 150) -> None:
        self.path = path
        rows = ads(*(f"Ad {number} ünïcode" for number in range(count)))
        store.write_table(path / "ads", SANITIZED_ADS, rows)
        store.write_table(
            path / "groups",
            GROUPS,
            (
                {"ad_id": r["ad_id"], **dict.fromkeys(("near_duplicate", "shared_contact", "group"), r["ad_id"])}
                for r in rows
            ),
        )
        (path / "annotations").mkdir()
        self.write_params(random=20, active=10)

    def write_params(self, random: int, active: int) -> None:
        content = yaml.safe_load((ROOT / "params.yaml").read_text())
        content["tasks"] = {"ads": random, "active": active, "suggest": 0.5, "overlap": 2, "seed": 1}
        (self.path / "params.yaml").write_text(yaml.safe_dump(content))

    def score(self, name: str = "scores.jsonl", step: float = 0.002) -> None:
        choices = codebook.load(codebook.CODEBOOK).question("evidence").answers
        store.write_jsonl(
            self.path / "annotations" / name,
            (
                {
                    "ad_id": f"ad{n:04d}",
                    "evidence": {"value": "sufficient", "probabilities": dict(zip(choices, (1 - p, p), strict=True))},
                }
                for n in range(150)
                for p in (step * n,)
            ),
        )

    def annotate(self, tasks: list[dict[str, Any]]) -> None:
        done = [{"id": n, **task, "annotations": [{"id": n, "was_cancelled": n == 0}]} for n, task in enumerate(tasks)]
        store.write_text(self.path / "annotations/export.json", json.dumps(done))

    def run(self, hash_seed: str = "0") -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The two arms."""
        subprocess.run(
            [
                *(sys.executable, "-m", "annotation.tasks", "ads", "groups", "--codebook", codebook.CODEBOOK),
                *("--scores", "annotations", "--export", "annotations/export.json"),
                *("--tasks", "tasks.jsonl", "--metrics", "tasks.json"),
            ],
            cwd=self.path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed},
            check=True,
        )
        tasks = list(store.read_jsonl(self.path / "tasks.jsonl"))
        arms = [[task for task in tasks if task["meta"]["arm"] == arm] for arm in ("random", "active")]
        return arms[0], arms[1]


def ids(tasks: list[dict[str, Any]]) -> list[str]:
    return [task["data"]["ad_id"] for task in tasks]


def test_the_stage_writes_the_same_bytes_every_time(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.score()
    random, active = folder.run("0")
    written = (tmp_path / "tasks.jsonl").read_bytes()
    folder.run("1")
    assert (tmp_path / "tasks.jsonl").read_bytes() == written
    assert random == choose(store.read_table(tmp_path / "ads"), settings(20))[0]
    assert store.read_json(tmp_path / "tasks.json") == {
        "ads": 150,
        "distinct_texts": 150,
        "random": 20,
        "scored": 150,
        "active": 10,
        "suggestions_shown": sum(task["meta"]["suggestion"] == "shown" for task in active),
        "tasks": 30,
    }
    assert b"secret-token" not in written
    assert list(gate.read_tasks(tmp_path / "tasks.jsonl")) == random + active


def test_the_random_arm_hangs_on_nothing_else_and_comes_first(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    alone, none = folder.run()
    assert none == []
    folder.score()
    beside, active = folder.run()
    assert beside == alone
    assert ids(active) == [ad for ad in (f"ad{n:04d}" for n in range(149, -1, -1)) if ad not in ids(alone)][:10]
    assert all("suggestion" not in task["meta"] and "predictions" not in task for task in beside)
    folder.annotate([*active, *alone[:5]])
    after, following = folder.run()
    assert after == alone
    assert not set(ids(following)) & set(ids(active))
    assert len(following) == 10
    folder.score("scores-2.jsonl", step=-0.002 + 0.004)
    assert folder.run()[0] == alone
    folder.write_params(random=20, active=0)
    assert folder.run() == (alone, [])


def test_suggestions_come_back_with_the_export(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.score()
    random, active = folder.run()
    folder.annotate(random + active)
    back = suggestions.from_export(tmp_path / "annotations/export.json")
    assert {(one.item, one.shown) for one in back} == {
        (task["data"]["ad_id"], task["meta"]["suggestion"] == "shown") for task in active
    }
    assert {(one.question, one.value) for one in back} == {("evidence", "sufficient")}
    assert {one.shown for one in back} == {True, False}
