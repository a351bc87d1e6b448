"""Split: train, validation and test, with no group in two of them.

Folds come from scikit-learn's StratifiedGroupKFold, which keeps groups whole and balances one label as far as whole
groups allow; each split takes its share of them. Every sanitized ad is in a split, labelled or not.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import typer
from sklearn.model_selection import StratifiedGroupKFold

from pipeline import params, store
from pipeline.errors import Refusal, run_stage
from pipeline.records import SANITIZED_ADS
from pipeline.store import Row

FOLDS = 20  # so shares are met to 5 %, as far as whole groups allow
UNLABELLED = ""


def assign(groups: Sequence[str], labels: Sequence[str], shares: dict[str, float], seed: int) -> list[str]:
    """The split of each ad, given its group and the label to balance.

    Raises:
        Refusal: there are fewer groups than splits.
    """
    wanted = {name: share for name, share in shares.items() if share}
    if len(set(groups)) < len(wanted):
        raise Refusal(f"{len(set(groups))} group(s) cannot fill {len(wanted)} splits without one straddling two.")
    commonest = Counter(labels).most_common(1)[0][1]  # scikit-learn wants some label in every fold
    folds = max(len(wanted), min(FOLDS, len(set(groups)), commonest))
    splitter = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", UserWarning
        )  # a rare label has fewer ads than there are folds: as good as it gets
        fold_members = [test for _, test in splitter.split(np.zeros(len(groups)), labels, groups)]
    result = [""] * len(groups)
    for fold, name in enumerate(_names_of_folds(wanted, folds)):
        for position in fold_members[fold]:
            result[position] = name
    return result


def main(
    ads: Annotated[Path, typer.Argument(help="The sanitized table.")],
    groups: Annotated[Path, typer.Argument(help="The groups.")],
    labels: Annotated[Path, typer.Argument(help="The aggregated labels.")],
    schema: Annotated[Path, typer.Argument(help="The label schema.")],
    splits: Annotated[Path, typer.Option(help="The folder of splits to write.")],
    metrics: Annotated[Path, typer.Option(help="Counts.")],
) -> None:
    """Split the labelled ads."""
    settings = params.load(params.Split)
    questions = {
        name: entry for name, entry in store.read_json(schema).items() if entry["type"] in {"choice", "choices"}
    }
    if settings.stratify is not None and settings.stratify not in questions:
        raise Refusal(f"split.stratify: there is no question {settings.stratify!r}; use one of {sorted(questions)}.")
    answers = {(label["item"], label["question"]): label["value"] for label in store.read_jsonl(labels)}
    group_of = {row["ad_id"]: row["group"] for row in store.read_table(groups, ["ad_id", "group"])}
    rows = [
        {
            **{column: ad[column] for column in SANITIZED_ADS.names if column != "labels"},
            "group": group_of[ad["ad_id"]],
            **{question: answers.get((ad["ad_id"], question)) for question in questions},
        }
        for ad in store.read_table(ads)
    ]
    names = assign(
        [row["group"] for row in rows],
        [_stratum(row[settings.stratify]) if settings.stratify else UNLABELLED for row in rows],
        settings.shares.model_dump(),
        settings.seed,
    )
    table = pa.Table.from_pylist(rows, schema=_with_labels(questions))
    with store.replacing(splits) as folder:
        folder.mkdir()
        for name in settings.shares.model_dump():
            pq.write_table(table.filter(pa.array([n == name for n in names])), folder / f"{name}.parquet")
    store.write_json(
        metrics,
        {
            "ads": _sizes(Counter(names), settings),
            "groups": _sizes(Counter(dict(zip((row["group"] for row in rows), names, strict=True)).values()), settings),
        },
    )


def _names_of_folds(shares: dict[str, float], folds: int) -> list[str]:
    """One split's name for each fold, every split having at least one."""
    counts = {name: max(1, round(share * folds)) for name, share in shares.items()}
    largest = max(counts, key=lambda name: counts[name])
    counts[largest] += folds - sum(counts.values())
    return [name for name, count in counts.items() for _ in range(count)]


def _stratum(value: Any) -> str:
    return UNLABELLED if value is None else value if isinstance(value, str) else "|".join(value)


def _with_labels(questions: dict[str, Row]) -> pa.Schema:
    fields = [field for field in SANITIZED_ADS if field.name != "labels"]
    fields.append(pa.field("group", pa.string()))
    for question, answer in questions.items():
        fields.append(pa.field(question, pa.list_(pa.string()) if answer["type"] == "choices" else pa.string()))
    return pa.schema(fields)


def _sizes(counts: Counter[str], settings: params.Split) -> dict[str, int]:
    return {name: counts[name] for name in settings.shares.model_dump()}


if __name__ == "__main__":
    run_stage(main)
