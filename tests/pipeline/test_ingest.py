import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import params, sources
from pipeline.errors import Refusal
from pipeline.ingest import drop_duplicates, find_files, ingest
from pipeline.keys import Key
from pipeline.sources import BadRow, SourceRow, read_rows

KEY = Key(b"k" * 32, sample=True)
LABELS = {"sector": {"column": "kind", "values": {"0": "spa", "1": "goods"}}}


def settings(source: Path | str = "x", **columns: Any) -> params.Ingest:
    mapped = {"text": ["body"], "id": "id", **columns}
    return params.Ingest.model_validate({"source": str(source), "columns": mapped, "max_chars": 100})


def run(*rows: dict[str, Any], **columns: Any) -> list[Any]:
    return list(ingest([SourceRow(f"f:{n}", row) for n, row in enumerate(rows, 1)], settings(**columns), KEY))


def reasons(path: Path) -> list[str]:
    return [row.reason if isinstance(row, BadRow) else "ok" for row in read_rows(path)]


def test_an_ad_is_its_title_and_text_columns_under_a_keyed_id() -> None:
    row = {
        "id": 7,
        "title": "Sofa",
        "body": "Blue.",
        "more": "Clean.",
        "on": "2026-03-09T10:00:00",
        "at": "US, CA",
        "kind": "1",
    }
    [ad] = run(row, text=["body", "more"], title="title", posted="on", region="at", labels=LABELS)
    assert ad == {
        "ad_id": KEY.token("ad_id", "7"),
        "source_id": "7",
        "text": "Sofa\n\nBlue.\n\nClean.",
        "posted": date(2026, 3, 9),
        "region": "US, CA",
        "category": None,
        "labels": [{"question": "sector", "value": "goods"}],
    }


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param({"id": "1", "body": " \n "}, "empty_text", id="empty"),
        pytest.param({"id": "1", "body": None}, "empty_text", id="null"),
        pytest.param({"id": "", "body": "x"}, "missing_id", id="no id"),
        pytest.param({"id": "1", "body": "x" * 101}, "too_long", id="too long"),
        pytest.param({"id": "1", "body": "x", "on": "09/03/26"}, "bad_date", id="bad date"),
        pytest.param({"id": "1", "body": "x", "kind": "2"}, "unknown_label", id="unknown label"),
    ],
)
def test_an_unusable_row_has_a_reason_and_keeps_its_content(row: dict[str, Any], reason: str) -> None:
    [bad] = run(row, posted="on", labels=LABELS)
    assert isinstance(bad, BadRow)
    assert (bad.where, bad.reason, bad.raw) == ("f:1", reason, row)
    assert "body" not in repr(bad)


def test_several_label_values_come_as_a_list_or_with_bars() -> None:
    ads = run({"id": "1", "body": "x", "kind": "0|1"}, {"id": "2", "body": "x", "kind": ["0", "1"]}, labels=LABELS)
    assert [label["value"] for ad in ads for label in ad["labels"]] == ["spa", "goods"] * 2


def test_the_first_of_several_ads_with_one_id_is_kept() -> None:
    ads = run({"id": "1", "body": "first"}, {"id": "1", "body": "second"})
    kept, dropped = drop_duplicates(ads)
    assert isinstance(kept, dict)
    assert kept["text"] == "first"
    assert isinstance(dropped, BadRow)
    assert dropped.reason == "duplicate_id"


CSV_CASES = [
    pytest.param(b"id,body\n1,a\n2,b\n", ["ok", "ok"], id="plain"),
    pytest.param(b'\xef\xbb\xbfid,body\n1,"a\nb"\n', ["ok"], id="byte order mark and a line break in quotes"),
    pytest.param(b'id,body\n1,"a"b\n2,c\n', ["broken_quoting", "ok"], id="text after a closing quote"),
    pytest.param(b'id,body\n1,a\n2,"b\n3,c\n', ["ok", "broken_quoting"], id="a quote never closed"),
    pytest.param(b"id,body\n1,a,b\n2\n3,c\n", ["wrong_number_of_fields", "wrong_number_of_fields", "ok"], id="ragged"),
    pytest.param(b"id,body\n1,caf\xe9\n2,b\n", ["undecodable", "ok"], id="latin-1"),
    pytest.param(b"id,body\n1,a\x00b\n2,b\n", ["undecodable", "ok"], id="NUL"),
    pytest.param(b"id,body\n1," + b"x" * 5_000_000 + b"\n2,b\n", ["ok", "ok"], id="5 MB ad"),
]


@pytest.mark.parametrize(("content", "expected"), CSV_CASES)
def test_csv_rows_are_read_or_named(tmp_path: Path, content: bytes, expected: list[str]) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert reasons(tmp_path / "a.csv") == expected


def test_an_unclosed_quote_keeps_what_it_swallowed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,body\n1,a\n2,"b\n3,c\n')
    bad = list(read_rows(tmp_path / "a.csv"))[-1]
    assert isinstance(bad, BadRow)
    assert bad.where == "a.csv:3"
    assert bad.raw == '2,"b\n3,c\n'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b'{"id": 1}\n\n{"id": 2}\n', ["ok", "ok"], id="blank line"),
        pytest.param(b'{"id": 1\n[1]\n{"id": 2}\n', ["broken_json", "broken_json", "ok"], id="broken"),
        pytest.param(b'{"id": "\\ud800"}\n{"id": "\xff"}\n', ["undecodable", "undecodable"], id="no UTF-8"),
    ],
)
def test_jsonl_rows_are_read_or_named(tmp_path: Path, content: bytes, expected: list[str]) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    assert reasons(tmp_path / "a.jsonl") == expected


def test_tsv_has_no_quoting(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text('id\tbody\n1\t"quoted" to the end\n')
    [row] = read_rows(tmp_path / "a.tsv")
    assert isinstance(row, SourceRow)
    assert row.values["body"] == '"quoted" to the end'


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_rows_written_are_the_rows_read(tmp_path: Path, suffix: str) -> None:
    rows = [{"id": "1", "body": 'a "b", c'}, {"id": "2", "body": "ñ"}]
    with sources.row_writer(tmp_path / f"a{suffix}") as write:
        for row in rows:
            write(row)
    assert [row.values for row in read_rows(tmp_path / f"a{suffix}") if isinstance(row, SourceRow)] == rows


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("a.xlsx", b"x", "cannot read .xlsx", id="format"),
        pytest.param("a.csv", b"", "empty", id="empty"),
        pytest.param("a.parquet", b"PAR1", "not a Parquet file", id="broken parquet"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refusal, match=message):
        list(read_rows(tmp_path / name))


def test_a_folder_is_read_file_by_file_in_name_order(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": 1, "body": "b"}))
    pq.write_table(pa.table({"id": ["2"], "body": ["a"]}), tmp_path / "a.parquet")
    (tmp_path / "notes.txt").write_text("not ads")
    assert [file.name for file in find_files(settings(tmp_path))] == ["a.parquet", "b.jsonl"]


def test_every_missing_column_of_every_file_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,x\n")
    (tmp_path / "b.csv").write_text("key,body\n1,x\n")
    with pytest.raises(Refusal) as refusal:
        find_files(settings(tmp_path, posted="on"))
    for problem in (
        "a.csv: no column 'body'",
        "a.csv: no column 'on'",
        "b.csv: no column 'id'",
        "b.csv: no column 'on'",
    ):
        assert problem in str(refusal.value)


@pytest.mark.parametrize("source", ["nowhere.csv", "empty_folder"])
def test_a_source_without_ads_is_refused(tmp_path: Path, source: str) -> None:
    (tmp_path / "empty_folder").mkdir()
    with pytest.raises(Refusal, match=r"ingest\.source"):
        find_files(settings(tmp_path / source))


def test_a_column_that_some_rows_of_json_lines_leave_out_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": 1, "body": "x"}\n{"id": 2, "body": "y", "on": "2026-03-09"}\n')
    assert find_files(settings(tmp_path / "a.jsonl", posted="on")) == [tmp_path / "a.jsonl"]


def test_rows_are_not_named_after_files_of_the_same_name(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "ads.csv").write_text("body\nx\n")
    nested = settings(tmp_path, id=None).model_copy(update={"files": "**/*.csv"})
    with pytest.raises(Refusal, match=r"several files are called ads\.csv"):
        find_files(nested)
