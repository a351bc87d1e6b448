"""The README's numbers, from what the benchmarks wrote. Run by `make docs`."""

from pathlib import Path
from typing import Any

from pipeline import store
from pipeline.docs import update_block
from pipeline.errors import run_stage

README = Path("README.md")
MIN_SPANS = 20  # of an entity in a set, for its row
RECALL, SPEED = Path("docs/eval_scrub.json"), Path("docs/bench_scrub.json")
LABELS = Path("docs/label_efficiency.json")


def main() -> None:
    """Write the tables into the README."""
    update_block(README, "labels", curve(store.read_json(LABELS)), write=True)
    update_block(README, "scrubber", table(store.read_json(RECALL), store.read_json(SPEED)), write=True)


def table(recall: dict[str, Any], speed: dict[str, Any]) -> str:
    """A Markdown table: wholly masked spans by set and entity, other characters masked, span scores and speed."""
    lines = ["| gold set | | plain Presidio | Safelight |", "|---|---|---|---|"]
    for name, result in recall["sets"].items():
        for row in result["recall"]:
            if row["style"] == "all" and row["safelight"]["whole"] >= MIN_SPANS:
                cells = (f"{row[tool]['part']}/{row[tool]['whole']}" for tool in ("presidio", "safelight"))
                lines.append(f"| {name} | {row['entity']} wholly masked | " + " | ".join(cells) + " |")
        masked = (f"{result['over_masking'][tool]['share']:.3f}" for tool in ("presidio", "safelight"))
        lines.append(f"| {name} | share of other characters masked | " + " | ".join(masked) + " |")
        if scores := result.get("presidio_research"):
            f2 = (f"{scores[tool]['f2']:.3f}" for tool in ("presidio", "safelight"))
            lines.append(f"| {name} | F2 by presidio-research's rule | " + " | ".join(f2) + " |")
    for name, row in speed["texts"].items():
        lines.append(f"| {name} | speed, one process | 1 | {row['times_presidio']:.1f} |")
        lines.append(f"| {name} | … beside Presidio's best batch mode | 1 | {row['times_best_batch']:.1f} |")
    return "\n".join(lines) + "\n"


def curve(report: dict[str, Any]) -> str:
    """A Markdown table: the test score after so many labels, chosen actively and at random, and the difference."""
    scores = report["average_precision"]
    lines = ["| labelled ads | active | random | difference (95 % interval) |", "|---|---|---|---|"]
    for place, count in enumerate(report["labels"]):
        arms = (f"{scores[arm]['mean'][place]:.3f}" for arm in ("active", "random"))
        gain, low, high = (scores["difference"][key][place] for key in ("mean", "low", "high"))
        lines.append(f"| {count} | {' | '.join(arms)} | {gain:+.3f} ({low:+.3f} to {high:+.3f}) |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    run_stage(main)
