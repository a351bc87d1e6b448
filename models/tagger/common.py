"""Make the tagger's table of common words anew, for weights or features that have changed without training.

Run by `python -m models.tagger.common`; the card says how large the weights are with it.
"""

from pathlib import Path
from typing import Annotated

import typer
from safetensors.numpy import load_file, save

from models.tagger.measure import with_common
from models.tagger.train import card
from pipeline import store
from pipeline.errors import run_stage
from pipeline.taggers.net import WEIGHTS


def main(
    weights: Annotated[Path, typer.Option(help="The safetensors file; its card stands beside it.")] = WEIGHTS,
    metrics: Annotated[Path, typer.Option(help="What each seed reached.")] = Path("docs/tagger.json"),
) -> None:
    """Put the table into the weights, and their size into the card."""
    arrays = with_common(load_file(weights))
    with store.replacing(weights) as partial_file:
        partial_file.write_bytes(save(arrays))
    store.write_text(weights.with_suffix(".md"), card(store.read_json(metrics), weights.stat().st_size))


if __name__ == "__main__":
    run_stage(main)
