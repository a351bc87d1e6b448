import errno

import pytest
import typer

from pipeline.errors import DEBUG, Refusal, guard

AD = "call 213-555-0123"


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        pytest.param(Refusal("ads.csv: no column 'text'."), "error: ads.csv: no column 'text'.", id="refusal"),
        pytest.param(ValueError(AD), "unexpected ValueError at test_errors.py:", id="unexpected"),
        pytest.param(OSError(errno.ENOSPC, "No space left", "data/x"), "the disk is full: data/x", id="full disk"),
        pytest.param(
            PermissionError(errno.EACCES, "Permission denied", "data/x"), "data/x: Permission denied", id="os"
        ),
    ],
)
def test_an_error_is_one_line_without_ad_text(capsys: pytest.CaptureFixture[str], error: Exception, shown: str) -> None:
    with pytest.raises(typer.Exit) as stop, guard():
        raise error
    assert stop.value.exit_code == 1
    said = capsys.readouterr().err
    assert shown in said
    assert "555" not in said
    assert said.count("\n") == 1


def test_debugging_shows_the_error_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEBUG, "1")
    with pytest.raises(ValueError, match="555"), guard():
        raise ValueError(AD)
