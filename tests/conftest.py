from pathlib import Path

import pytest
from hypothesis import settings

from pipeline import params
from pipeline.engine import Engine

ROOT = Path(__file__).parents[1]

# The same examples everywhere; how long one takes says more about the machine.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine of the committed params; it takes seconds to build."""
    return Engine(params.load(params.Scrub, ROOT / "params.yaml"))
