import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from models import commands, tfidf
from models.data import read_questions, read_split
from models.predict import predict_file
from pipeline.errors import Refusal

ROWS = [
    {"ad_id": "1", "text": "Oak table and two chairs for sale, pick up only. A placement fee is taken."},
    {"ad_id": "2", "text": "Quiet massage studio,\nappointments by <EMAIL_1>."},
]


@pytest.fixture(scope="module")
def model(splits: Path, schema: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    questions = read_questions(schema, ["sector", "indicators"])
    folder = tmp_path_factory.mktemp("models") / "tfidf-1"
    tfidf.fit(read_split(splits, "train", questions), questions).save(folder)
    return folder


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    return path


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_one_line_a_text(model: Path, tmp_path: Path, kind: str) -> None:
    output = tmp_path / "predictions.jsonl"
    assert predict_file(model, write(tmp_path / f"ads.{kind}", ROWS), output, "text", "ad_id") == 2
    first, second = map(json.loads, output.read_text().splitlines())
    assert [first["ad_id"], second["ad_id"]] == ["1", "2"]
    assert first["sector"]["value"] == "goods"
    assert list(first["sector"]["probabilities"]) == ["jobs", "goods", "spa"]
    assert sum(first["sector"]["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert second["sector"]["value"] == "spa"
    assert second["indicators"]["value"] == ["none"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("a.csv", b"ad_id,body\n1,words\n", "no column text", id="CSV without the text column"),
        pytest.param("a.csv", b"", "the file is empty", id="empty file"),
        pytest.param("a.csv", b"ad_id,text\n", "no rows", id="no rows"),
        pytest.param(
            "a.csv", b'ad_id,text\n1,"secret"x\n', r"1 of 1 row.*a\.csv:2 \(broken_quoting\)", id="broken quoting"
        ),
        pytest.param("a.csv", b"ad_id,text\n1,\xff secret\n", r"a\.csv:2 \(undecodable\)", id="not UTF-8"),
        pytest.param(
            "a.csv", b"ad_id,text\n1,secret\n2,\n,secret\n", r"2 of 3 row.*: a\.csv:3 .*, a\.csv:4 ", id="empty cells"
        ),
        pytest.param("a.jsonl", b'{"ad_id": "1", "text": "secret"}\n{"ad_id": 2}\n', "1 of 2 row", id="no such key"),
        pytest.param("a.jsonl", b"secret\n", r"a\.jsonl:1 \(broken_json\)", id="not JSON"),
        pytest.param("a.parquet", b"secret", "not a Parquet file", id="not Parquet"),
        pytest.param("a.txt", b"secret", r"cannot read \.txt", id="unknown kind"),
    ],
)
def test_what_cannot_be_read_is_refused(model: Path, tmp_path: Path, name: str, content: bytes, message: str) -> None:
    source = tmp_path / name
    source.write_bytes(content)
    with pytest.raises(Refusal, match=message) as caught:
        predict_file(model, source, tmp_path / "out.jsonl", "text", "ad_id")
    assert "secret" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_command(model: Path, tmp_path: Path) -> None:
    app = typer.Typer()
    commands.mount(app)
    app.command("other")(lambda: None)
    source = write(tmp_path / "ads.csv", [{"n": "1", "body": "Oak table and two chairs."}])
    arguments = ["predict", str(model), str(source), str(tmp_path / "out.jsonl")]
    done = CliRunner().invoke(app, [*arguments, "--text-column", "body", "--id-column", "n"])
    assert (done.exit_code, done.stdout.startswith("1 text(s) scored")) == (0, True)
    refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 1
    assert "no column ad_id or text" in refused.output
    text = " ".join(CliRunner().invoke(app, ["predict", "--help"]).stdout.split())
    assert "never about a person" in text
    assert "safelight predict data/models" in text
