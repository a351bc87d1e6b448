from collections.abc import Iterator

import pytest

from annotation import server
from tests.annotation import lab


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[lab.Study]:
    """A study of two annotators that is up; all tests against a real server share it."""
    study = lab.prepare(tmp_path_factory.mktemp("study"))
    lab.copy_cache(study.kept, tmp_path_factory.mktemp("first") / "label-studio")
    try:
        invited = study.run("invite", "Rosalind Q.", "Tomasz W.", "--port", str(lab.free_port()))
        assert invited.returncode == 0, invited.stdout + invited.stderr
        assert "Tasks: 60 added, 0 were there." in invited.stdout
        yield study
    finally:
        server.stop(study.kept)
