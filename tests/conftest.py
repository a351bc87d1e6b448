from pathlib import Path

import pytest

from pipeline import params
from pipeline.engine import Engine

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine of the committed params; it takes seconds to build."""
    return Engine(params.load(params.Scrub, ROOT / "params.yaml"))
