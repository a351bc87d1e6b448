"""Which ads people label, as Label Studio's import format: a random arm, and beside it an active one.

The random arm is a seeded sample of the distinct sanitized texts. Every distinct text has a rank, a hash of the seed
and of the first ad_id that carries it; the lowest ranks are the sample, in that order (bottom-k sampling, Cohen and
Kaplan 2007). So it is uniform, any leading part of it is a sample too, and a larger `tasks.ads` keeps every task there
was and adds to them. Nothing else decides about it: no score, no annotation, not the active arm.

The active arm is the next batch by the models' uncertainty (see `annotation.active`), out of the ads that are neither
in the random arm nor in the export. For a share of it the model's answers are shown, as predictions; hidden or shown,
they are kept in the task's `meta`, so that the export tells how far people follow them (`annotation.suggestions`).
"""

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from annotation import active, annotations, scores
from annotation import codebook as codebooks
from annotation.votes import Value
from pipeline import params, store
from pipeline.errors import run_stage
from pipeline.store import Row

SCORES = "scores*.jsonl"  # one file a model


def choose(ads: Iterable[Row], settings: params.Tasks) -> tuple[list[Row], dict[str, int]]:
    """The random arm as tasks `{"data": {"ad_id", "text"}, "meta"}` in order of rank, and the counts for the metrics.

    `ads` are rows with `ad_id` and `text`, sorted by `ad_id`. Of ads with the same text only the first can be chosen.
    A task's data holds nothing but the sanitized text and the id.
    """
    counts = {"ads": 0, "distinct_texts": 0}
    chosen = heapq.nsmallest(settings.ads, _ranked(ads, settings.seed, counts))
    tasks = [_task(ad_id, text, {"arm": "random"}) for _, ad_id, text in chosen]
    return tasks, {**counts, "random": len(tasks)}


def suggest(ad_id: str, text: str, suggested: Mapping[str, Value], settings: params.Tasks) -> Row:
    """A task of the active arm, with the model's answers in `meta`, and as a prediction where they are shown."""
    shown = active.is_shown(ad_id, settings.suggest, settings.seed)
    meta = {"arm": "active", "suggestion": "shown" if shown else "hidden", "suggested": dict(suggested)}
    task = _task(ad_id, text, meta)
    return {**task, "predictions": [_prediction(suggested)]} if shown else task


def main(
    sanitized: Annotated[Path, typer.Argument(help="The sanitized ads.")],
    groups: Annotated[Path, typer.Argument(help="Their groups.")],
    codebook: Annotated[Path, typer.Option()],
    scores_: Annotated[Path, typer.Option("--scores", help=f"A folder; its {SCORES} are the models' predictions.")],
    export: Annotated[Path, typer.Option(help="What is annotated already, once there is anything.")],
    tasks: Annotated[Path, typer.Option(help="The tasks, one JSON object a line.")],
    metrics: Annotated[Path, typer.Option(help="How many ads were read and chosen.")],
) -> None:
    """Choose the ads that people label."""
    settings = params.load(params.Tasks)
    chosen, counts = choose(store.read_table(sanitized, ["ad_id", "text"]), settings)
    files = sorted(scores_.glob(SCORES))
    uncertainty = scores.read_uncertainty(files, codebooks.load(codebook)) if files and settings.active else {}
    asked = {task["data"]["ad_id"] for task in chosen} | _annotated(export)
    rows = store.read_table(groups, ["ad_id", "near_duplicate", "group"])
    picked = active.pick(uncertainty, rows, asked, settings.active, settings.seed) if uncertainty else []
    suggested = scores.read_suggestions(files[0], picked) if picked else {}
    wanted = set(picked)
    texts = {ad["ad_id"]: ad["text"] for ad in store.read_table(sanitized, ["ad_id", "text"]) if ad["ad_id"] in wanted}
    next_batch = [suggest(ad_id, texts[ad_id], suggested.get(ad_id, {}), settings) for ad_id in picked]
    store.write_jsonl(tasks, [*chosen, *next_batch])
    store.write_json(
        metrics,
        {
            **counts,
            "scored": len(uncertainty),
            "active": len(next_batch),
            "suggestions_shown": sum("predictions" in task for task in next_batch),
            "tasks": len(chosen) + len(next_batch),
        },
    )


def _ranked(ads: Iterable[Row], seed: int, counts: dict[str, int]) -> Iterator[tuple[bytes, str, str]]:
    seen: set[bytes] = set()
    for ad in ads:
        counts["ads"] += 1
        text = hashlib.sha256(ad["text"].encode()).digest()[:16]
        if text not in seen:
            seen.add(text)
            counts["distinct_texts"] += 1
            yield hashlib.sha256(f"{seed} {ad['ad_id']}".encode()).digest(), ad["ad_id"], ad["text"]


def _annotated(export: Path) -> set[str]:
    """The ads that anybody has annotated or skipped, as far as the export tells."""
    if not export.is_file():
        return set()
    done = (task for task in annotations.tasks(export) if task.get("annotations") or "annotation_id" in task)
    return {str(annotations.item(task)) for task in done}


def _task(ad_id: str, text: str, meta: dict[str, Any]) -> Row:
    return {"data": {"ad_id": ad_id, "text": text}, "meta": meta}


def _prediction(suggested: Mapping[str, Value]) -> Row:
    """Answers as a Label Studio prediction for the interface made from the codebook."""
    return {
        "model_version": "suggestion",
        "result": [
            {
                "from_name": question,
                "to_name": "text",
                "type": "choices",
                "value": {"choices": [value] if isinstance(value, str) else list(value)},
            }
            for question, value in suggested.items()
            if value
        ],
    }


if __name__ == "__main__":
    run_stage(main)
