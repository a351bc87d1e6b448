from pathlib import Path

from bench import tables
from pipeline import store
from pipeline.docs import update_block

ROOT = Path(__file__).parents[2]


def test_the_readme_has_the_table_of_the_committed_measurements() -> None:
    table = tables.table(store.read_json(ROOT / tables.RECALL), store.read_json(ROOT / tables.SPEED))
    assert not update_block(ROOT / tables.README, "scrubber", table, write=False)


def test_the_readme_has_the_committed_learning_curve() -> None:
    table = tables.curve(store.read_json(ROOT / tables.LABELS))
    assert not update_block(ROOT / tables.README, "labels", table, write=False)


def test_a_row_quotes_counts_of_both_tools() -> None:
    def share(part: int) -> dict[str, object]:
        return {"part": part, "whole": 90, "share": round(part / 90, 4)}

    both = {"presidio": share(3), "safelight": share(8)}
    result = {"recall": [{"entity": "PHONE", "style": "all", **both}], "over_masking": both}
    speed = {"texts": {"short ads": {"times_presidio": 21.26, "times_best_batch": 13.0}}}
    rows = tables.table({"sets": {"x.jsonl": result}}, speed).splitlines()
    assert "| x.jsonl | PHONE wholly masked | 3/90 | 8/90 |" in rows
    assert "| short ads | speed, one process | 1 | 21.3 |" in rows
