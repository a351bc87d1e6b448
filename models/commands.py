"""The `safelight` commands that use trained classifiers."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import guarded


def mount(app: typer.Typer) -> None:
    """Add the commands to `safelight`."""
    app.command("predict")(guarded(predict))


def predict(
    model: Annotated[Path, typer.Argument(help="A trained classifier: a folder of data/models.")],
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="Sanitized texts: .csv, .jsonl or .parquet.")],
    output: Annotated[Path, typer.Argument(help="JSON Lines to write: one line a text.")],
    text_column: Annotated[str, typer.Option(help="The column that holds the text.")] = "text",
    id_column: Annotated[str, typer.Option(help="The column that holds the id.")] = "ad_id",
) -> None:
    """Score the indicators that texts show.

    Scores are about indicators in the wording of a text, never about a person: no score says that anybody is a victim
    or a trafficker. Run it on sanitized text (`safelight scrub`): the models have seen no other, and raw text does not
    belong outside the raw zone.

    Each line is {"ad_id", question: {"value", "probabilities"}}.

    Example: `safelight predict data/models/encoder-1 sanitized.csv predictions.jsonl`
    """
    from models.predict import predict_file

    count = predict_file(model, source, output, text_column, id_column)
    typer.echo(f"{count} text(s) scored: {output}")
