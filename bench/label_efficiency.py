"""How many labels the active arm saves: learning curves of active against random choice, on real labelled ads.

The EMSCAD job ads and their fraud flag, the TF-IDF baseline, and the choice function of the `tasks` stage. For each
seed a fifth of the groups (near-duplicates, by the `cluster` stage's functions) is held out for testing and the rest is
the pool. Both arms start from the same random ads; after that the one takes random ads, the other those that
`annotation.active` picks from the current model's scores. Texts are cut at 600 characters for speed. Run by
`make bench-labels`.
"""

import argparse
import csv
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from datasets import Dataset
from sklearn.metrics import average_precision_score, f1_score

from annotation import active, scores
from annotation.codebook import Codebook
from annotation.codebook import load as load_codebook
from models import predict, tfidf
from models.classifier import settle_threads
from models.data import Question
from pipeline import params, store
from pipeline.cluster import components, near_duplicates

ROOT = Path(__file__).parents[1]
SIZES = (25, 50, 100, 150, 200, 300)
SEEDS = range(7)
CHARACTERS = 600
HELD_OUT = 5  # one group in so many is for testing
TEXT = ("title", "company_profile", "description", "requirements", "benefits")
QUESTION = Question("fraudulent", several=False, choices=("no", "yes"))

Floats = npt.NDArray[np.float64]


def read_ads(path: Path) -> list[store.Row]:
    """The ads with ad_id, text and label, and their near-duplicate group as both kinds of group."""
    ads = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            text = "\n\n".join(row[column] for column in TEXT if row[column])[:CHARACTERS]
            label = {"0": "no", "1": "yes"}[row["fraudulent"]]
            ads.append({"ad_id": f"ad{number:05d}", "text": text, "fraudulent": label})
    settings = params.load(params.Cluster, ROOT / "params.yaml")
    pairs = near_duplicates(((ad["ad_id"], ad["text"]) for ad in ads), settings)
    groups = components([ad["ad_id"] for ad in ads], pairs)
    return [{**ad, "near_duplicate": groups[ad["ad_id"]], "group": groups[ad["ad_id"]]} for ad in ads]


def learn(ads: Sequence[store.Row], codebook: Codebook, seed: int, folder: Path) -> dict[str, list[dict[str, float]]]:
    """Both arms' curves for one seed: at each of `SIZES` the test scores of a model trained on so many ads."""
    test, pool = _part(ads, seed)
    order = sorted((ad["ad_id"] for ad in pool), key=lambda ad_id: active.rank(seed, ad_id))
    first = order[: SIZES[0]]
    start = _train(pool, first)
    curves: dict[str, list[dict[str, float]]] = {}
    for arm in ("random", "active"):
        chosen, model = list(first), start
        curve = [_score(model, test)]
        for size in SIZES[1:]:
            if arm == "random":
                chosen = order[:size]
            else:
                unseen = ((ad["ad_id"], ad["text"]) for ad in pool if ad["ad_id"] not in set(chosen))
                store.write_jsonl(folder / "scores.jsonl", predict.predict(model, unseen))
                uncertainty = scores.read_uncertainty([folder / "scores.jsonl"], codebook)
                chosen += active.pick(uncertainty, pool, set(chosen), size - len(chosen), seed)
            model = _train(pool, chosen)
            curve.append(_score(model, test))
        curves[arm] = curve
    return curves


def summarize(curves: Sequence[dict[str, list[dict[str, float]]]]) -> dict[str, Any]:
    """Means over seeds with 95 % intervals (bootstrapped over seeds), and by how much active beats random."""
    report: dict[str, Any] = {"seeds": len(curves), "labels": list(SIZES)}
    for metric in ("average_precision", "f1"):
        arms = {arm: np.array([[step[metric] for step in curve[arm]] for curve in curves]) for arm in curves[0]}
        report[metric] = {arm: _intervals(values) for arm, values in arms.items()}
        report[metric]["difference"] = _intervals(arms["active"] - arms["random"])
        report[metric]["mean_difference"] = _intervals((arms["active"] - arms["random"])[:, 1:].mean(axis=1)[:, None])
        report[metric]["random_labels_for_active"] = _equal_labels(
            arms["random"].mean(axis=0), arms["active"].mean(axis=0)
        )
    return report


def draw(report: dict[str, Any]) -> str:
    """The average precision's curves as SVG."""
    import vl_convert

    curves = report["average_precision"]
    rows = [
        {"labels": n, "choice": arm, "score": mean, "low": low, "high": high}
        for arm in ("active", "random")
        for n, mean, low, high in zip(report["labels"], *(curves[arm][k] for k in ("mean", "low", "high")), strict=True)
    ]
    x = {"field": "labels", "type": "quantitative", "title": "labelled ads", "scale": {"zero": False}}
    y = {"type": "quantitative", "scale": {"zero": False}}
    colour = {"field": "choice", "type": "nominal", "title": None, "scale": {"range": ["#1f5fa8", "#b58900"]}}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 460,
        "height": 280,
        "data": {"values": rows},
        "encoding": {"x": x, "color": colour},
        "layer": [
            {
                "mark": {"type": "area", "opacity": 0.2},
                "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "point": True},
                "encoding": {"y": {**y, "field": "score", "title": "average precision on held-out ads"}},
            },
        ],
    }
    return str(vl_convert.vegalite_to_svg(spec))


def _part(ads: Sequence[store.Row], seed: int) -> tuple[list[store.Row], list[store.Row]]:
    groups = sorted({ad["group"] for ad in ads}, key=lambda group: active.rank(seed, f"test {group}"))
    held = set(groups[: len(groups) // HELD_OUT])
    return [ad for ad in ads if ad["group"] in held], [ad for ad in ads if ad["group"] not in held]


def _train(pool: Sequence[store.Row], chosen: Sequence[str]) -> tfidf.Tfidf:
    wanted = set(chosen)
    own = [ad for ad in pool if ad["ad_id"] in wanted]
    return tfidf.fit(
        Dataset.from_list([{"text": ad["text"], "fraudulent": ad["fraudulent"]} for ad in own]), [QUESTION]
    )


def _score(model: tfidf.Tfidf, test: Sequence[store.Row]) -> dict[str, float]:
    shares = model.probabilities([ad["text"] for ad in test])["fraudulent"][:, 1]
    truth = np.array([ad["fraudulent"] == "yes" for ad in test])
    return {
        "average_precision": float(average_precision_score(truth, shares)),
        "f1": float(f1_score(truth, shares > 0.5)),
    }


def _intervals(values: Floats) -> dict[str, list[float]]:
    """Of values of shape (seeds, sizes): the means and the percentile bootstrap's 95 % intervals over seeds."""
    rng = np.random.default_rng(2011)
    means = values[rng.integers(len(values), size=(2_000, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    return {
        "mean": values.mean(axis=0).round(4).tolist(),
        "low": low.round(4).tolist(),
        "high": high.round(4).tolist(),
    }


def _equal_labels(random: Floats, chosen: Floats) -> list[int | None]:
    """For each size, after how many random labels (between sizes by interpolation) the mean is as good as the active's.

    None where random choice has not got there with the most labels tried.
    """
    best = np.maximum.accumulate(random)
    return [None if score > best[-1] else round(float(np.interp(score, best, SIZES))) for score in chosen]


def main() -> None:
    """Measure and write the report and the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ads", type=Path, required=True, help="emscad.csv")
    parser.add_argument("--output", type=Path, required=True, help="JSON; the figure goes beside it as SVG")
    arguments = parser.parse_args()
    settle_threads()
    begun = time.perf_counter()
    ads = read_ads(arguments.ads)
    codebook = load_codebook(ROOT / "examples/emscad/codebook.yaml")
    with store.scratch(arguments.output) as folder:
        curves = []
        for seed in SEEDS:
            curves.append(learn(ads, codebook, seed, folder))
            print(f"seed {seed}: {time.perf_counter() - begun:.0f} s", flush=True)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    report = {
        "ads": len(ads),
        "groups": len({ad["group"] for ad in ads}),
        "safelight": version,
        **summarize(curves),
    }
    store.write_json(arguments.output, report)
    store.write_text(arguments.output.with_suffix(".svg"), draw(report))


if __name__ == "__main__":
    main()
