from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import purge
from pipeline.denied import Denied, DenyList

LIST = DenyList(
    [
        Denied("ad1", "PERSON", "Vexlorine", True),
        Denied("ad1", "PERSON", "Ody", True),
        Denied("ad7f3", "PERSON", "will", False),
    ]
)


@pytest.mark.parametrize(
    ("content", "held"),
    [
        pytest.param(b'{"text": "ask for VEXLORINE"}\n', True, id="a text"),
        pytest.param(b"a\nv e x l o r i n e\n", True, id="a disguise"),
        pytest.param(b'["melody", "ody"]', True, id="a short one as a word"),
        pytest.param(b'["melody", "will"]', False, id="inside a word; too common"),
        pytest.param(b'{"ad_id": "ad7f3", "text": "I will"}', True, id="a common one beside its ad"),
        pytest.param(b'{"ad_id": "ad7f3"}\n{"ad_id": "ad8", "text": "I will"}\n', False, id="beside another ad"),
        pytest.param(b"\xff\xfe\x00\x01 vocabulary vexlorine \x80\xff", True, id="bytes with text in them"),
        pytest.param(b"\xff\xfevex\x00lorine\xff", False, id="bytes"),
        pytest.param(b"", False, id="nothing"),
        pytest.param(b"<PERSON_1> answers", False, id="sanitized"),
        pytest.param(b"PAR", False, id="almost Parquet"),
    ],
)
def test_what_holds_a_value(tmp_path: Path, content: bytes, held: bool) -> None:
    (tmp_path / "object").write_bytes(content)
    assert purge.holds(tmp_path / "object", LIST) is held


@pytest.mark.parametrize(
    ("rows", "held"),
    [
        pytest.param([{"ad_id": "ad1", "text": "call Vex-lorine"}], True, id="a cell"),
        pytest.param([{"ad_id": "ad1", "text": None, "labels": [{"value": "vexlorine"}]}], True, id="a nested cell"),
        pytest.param([{"ad_id": "ad7f3", "text": "Will"}], True, id="a common one in its ad"),
        pytest.param([{"ad_id": "ad7f3", "text": "x"}, {"ad_id": "ad8", "text": "Will"}], False, id="in another ad"),
        pytest.param([{"ad_id": "ad1", "text": "<PERSON_1>"}], False, id="sanitized"),
    ],
)
@pytest.mark.parametrize("compression", ["zstd", "none"])
def test_tables_are_read_cell_by_cell(tmp_path: Path, rows: list[dict], held: bool, compression: str) -> None:
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "object", compression=compression)
    assert purge.holds(tmp_path / "object", LIST) is held


def test_an_empty_list_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "object").write_text("Vexlorine")
    assert not purge.holds(tmp_path / "object", DenyList())
