"""The `safelight` command: mounts the commands of the three packages, which load what they need when they run."""

import typer

import annotation.commands
import models.commands
import pipeline.commands

app = typer.Typer(
    name="safelight",
    help="Scrub, annotate, model and publish sensitive classified ads without exposing the people in them.\n\n"
    "`dvc repro` runs the whole pipeline; these commands work on single files and on the things around it. "
    "Exit codes: 0 done, 1 refused or failed, 2 wrong usage.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # half of the answer's time
)
for package in (pipeline, annotation, models):
    package.commands.mount(app)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
