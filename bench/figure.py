"""The README's figure: a plot of dvc.yaml as SVG. Run by `make docs`, which pipes in `dvc plots show --json`."""

import json
import sys
from pathlib import Path

import vl_convert

PLOT = "reports/plots/evaluation/precision_recall/indicators.csv"


def main() -> None:
    """Write the figure to the file given as the argument."""
    content = json.load(sys.stdin)["data"][PLOT][0]["content"]
    spec = content if isinstance(content, str) else json.dumps(content)
    Path(sys.argv[1]).write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")


if __name__ == "__main__":
    main()
