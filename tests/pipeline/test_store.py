import errno
import random
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline import store
from pipeline.errors import Refusal

SCHEMA = pa.schema([("ad_id", pa.string()), ("n", pa.int64())])


def make_rows(count: int) -> list[store.Row]:
    return [{"ad_id": f"{n:08d}", "n": n} for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 10, 25], ids=str)
def test_table_round_trip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(store, "SHARD_ROWS", 10)
    assert store.write_table(tmp_path / "t", SCHEMA, make_rows(count)) == count
    assert list(store.read_table(tmp_path / "t")) == make_rows(count)
    assert len(list((tmp_path / "t").iterdir())) == max(1, -(-count // 10))


def test_rows_out_of_order_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="ascending"):
        store.write_table(tmp_path / "t", SCHEMA, reversed(make_rows(3)))
    assert list(tmp_path.iterdir()) == []


def test_sorted_rows_spills_and_merges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SHARD_ROWS", 10)
    rows = make_rows(95)
    shuffled = random.Random(1).sample(rows, len(rows))
    assert list(store.sorted_rows(shuffled, lambda row: row["ad_id"], SCHEMA, beside=tmp_path / "t")) == rows
    assert list(tmp_path.iterdir()) == []


def test_sorted_rows_is_stable_across_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SHARD_ROWS", 2)
    rows = [{"ad_id": "same", "n": n} for n in range(7)]
    assert [row["n"] for row in store.sorted_rows(rows, lambda row: row["ad_id"], SCHEMA, tmp_path / "t")] == list(
        range(7)
    )


def test_a_scratch_folder_that_a_killed_run_left_is_swept_away(tmp_path: Path) -> None:
    left = tmp_path / ".ads.scratch.partial" / "old"
    left.mkdir(parents=True)
    with store.scratch(tmp_path / "ads") as folder:
        assert list(folder.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        store.write_table(tmp_path / name, SCHEMA, make_rows(100))
    assert (tmp_path / "a/part-00000.parquet").read_bytes() == (tmp_path / "b/part-00000.parquet").read_bytes()


def test_a_failure_keeps_the_old_output_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    store.write_json(path, {"old": 1})

    def write_half() -> None:
        with store.replacing(path) as partial:
            partial.write_text('{"new"')
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with pytest.raises(OSError, match="No space"):
        write_half()
    assert store.read_json(path) == {"old": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_what_a_killed_run_left_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / ".t.partial").mkdir()
    (tmp_path / ".t.partial" / "part-00000.parquet").write_text("half")
    store.write_table(tmp_path / "t", SCHEMA, make_rows(2))
    assert [p.name for p in tmp_path.iterdir()] == ["t"]


def test_a_line_that_is_not_json_is_named_but_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\ncall 213-555-0123\n')
    with pytest.raises(Refusal, match="line 2: not a JSON object") as refusal:
        list(store.read_jsonl(tmp_path / "a.jsonl"))
    assert "555" not in str(refusal.value)


def test_a_missing_table_says_which_command_makes_it(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="dvc repro"):
        list(store.read_table(tmp_path))


def test_digest_tells_tables_apart() -> None:
    rows = make_rows(3)
    assert store.digest_rows(rows, ["ad_id", "n"]) == store.digest_rows(make_rows(3), ["ad_id", "n"])
    assert store.digest_rows(rows, ["ad_id"]) != store.digest_rows(rows[:2], ["ad_id"])
