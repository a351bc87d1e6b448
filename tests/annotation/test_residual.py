"""Personal data that annotators flagged, from an export to the deny list."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import codebook, flags, residual
from annotation.flags import FlaggedAd, Region
from pipeline import deny_file
from pipeline.denied import Denied, DenyList
from pipeline.errors import Refusal
from pipeline.normalize import PLACEHOLDER

BOOK = codebook.load(codebook.CODEBOOK)
TEXT = "Ask for Vexlorine or <PHONE_1>, 📦 at 12 Quillfeather Lane. Will answers, kit2011, 555-0142, <PERSON_2>."


def region(covered: str, label: str = "name", text: str = TEXT, id: str = "r1") -> Region:
    start = text.index(covered)
    return Region(id, label, start, start + len(covered))


def result(covered: str, label: str, text: str = TEXT, id: str = "r1") -> dict[str, Any]:
    start = text.index(covered)
    value = {"start": start, "end": start + len(covered), "labels": [label]}
    return {"id": id, "from_name": "residual_pii", "to_name": "text", "type": "labels", "value": value}


def choice(question: str, *choices: str) -> dict[str, Any]:
    return {"from_name": question, "to_name": "text", "type": "choices", "value": {"choices": list(choices)}}


def annotation(*results: dict[str, Any], id: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": id, "completed_by": 1, "created_at": "2026-03-09T10:00:00Z", "result": list(results), **more}


def task(*annotations: dict[str, Any], ad_id: str = "ad1", text: str = TEXT) -> dict[str, Any]:
    return {"id": 1, "data": {"ad_id": ad_id, "text": text}, "annotations": list(annotations)}


def write(folder: Path, *tasks: dict[str, Any]) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def deny(folder: Path, *tasks: dict[str, Any]) -> dict[str, int]:
    ads = flags.read(write(folder, *tasks), BOOK, Counter())
    return residual.deny(ads, folder / "denied.jsonl", folder / "read.jsonl")


@pytest.mark.parametrize(
    ("covered", "label", "expected"),
    [
        pytest.param("Vexlorine", "name", [("PERSON", "Vexlorine", True)], id="a name"),
        pytest.param("exlor", "name", [("PERSON", "Vexlorine", True)], id="widened to the word"),
        pytest.param("for Vexlorine or", "name", [("PERSON", "Vexlorine", True)], id="common words around a name"),
        pytest.param("Vexlorine or <PHONE_1>", "name", [("PERSON", "Vexlorine", True)], id="placeholder cut out"),
        pytest.param("Vexlorine or <PHO", "name", [("PERSON", "Vexlorine", True)], id="half a placeholder"),
        pytest.param("<PHONE_1>", "name", [], id="placeholder alone"),
        pytest.param("ONE_1>, ", "other", [], id="part of a placeholder"),
        pytest.param("📦", "other", [], id="no letter or digit"),
        pytest.param("Will", "name", [("PERSON", "Will", False)], id="a name that is a word: in its ad"),
        pytest.param("Will answers", "name", [("PERSON", "Will", False)], id="a name that is a word, then a word"),
        pytest.param("answers", "name", [("PERSON", "answers", False)], id="nothing but a common word"),
        pytest.param(". Will", "name", [("PERSON", "Will", False)], id="punctuation before a name"),
        pytest.param("at", "other", [("ID", "at", False)], id="a common word: in its ad"),
        pytest.param("12 Quillfeather Lane", "address", [("ADDRESS", "12 Quillfeather Lane", True)], id="address"),
        pytest.param("12", "address", [("ADDRESS", "12", False)], id="a short number: in its ad"),
        pytest.param("555-0142", "contact", [("PHONE", "555-0142", True)], id="a number"),
        pytest.param("kit2011", "other", [("ID", "kit2011", True)], id="letters and digits"),
        pytest.param(
            "Will answers, kit2011, 555-0142, <PERSON_2>",
            "contact",
            [("PHONE", "Will answers, kit2011, 555-0142", True)],
            id="KNOWN-MISS several values in one stretch are one value",
            marks=pytest.mark.xfail(strict=True, reason="nothing tells where one value ends"),
        ),
        pytest.param(
            "12 Quillfeather Lane", "landmark", [("ID", "12 Quillfeather Lane", True)], id="a label of another codebook"
        ),
    ],
)
def test_values_of_a_stretch(covered: str, label: str, expected: list[tuple[str, str, bool]]) -> None:
    found = residual.values(FlaggedAd("ad1", TEXT, (), ()), region(covered, label))
    assert found == [Denied("ad1", *values) for values in expected]


def test_a_stretch_around_a_placeholder_is_two_values() -> None:
    text = "Vexlorine <PHONE_1> Dunmarrow"
    found = residual.values(FlaggedAd("ad1", text, (), ()), Region("r", "other", 0, len(text)))
    assert [row.value for row in found] == ["Vexlorine", "Dunmarrow"]


@pytest.mark.parametrize(
    ("value", "entity"),
    [
        ("quill@example.com", "EMAIL"),
        ("quill (at) example dot com", "EMAIL"),
        ("https://example.com/x", "URL"),
        ("www . example", "HANDLE"),
        ("example.org", "URL"),
        ("213-555-0142", "PHONE"),
        ("five five five 0 one 4 2", "PHONE"),
        ("ext 0142", "PHONE"),
        ("@quill2011", "HANDLE"),
        ("kittycat2011", "HANDLE"),
        ("tg: quill", "HANDLE"),
    ],
)
def test_a_contact_goes_by_its_look(value: str, entity: str) -> None:
    assert residual.entity("contact", value) == entity


@pytest.mark.parametrize(
    ("value", "everywhere"),
    [
        ("Vexlorine", True), ("Sanders", True), ("rosalind", True), ("王芳", False), ("Al", False), ("Hope", False),
        ("the owner", False), ("call me", False), ("the owner Vexlorine", True), ("1987", False), ("12345", False),
        ("555 0142", True), ("24h", False), ("2br", False), ("QZX-7318", True), ("x7k2p", True), ("manager", False),
    ],
)  # fmt: skip
def test_which_values_are_masked_in_every_ad(value: str, everywhere: bool) -> None:
    assert residual.stands_out(value) is everywhere


def test_flags_become_rows_of_the_deny_list_once(tmp_path: Path) -> None:
    first = annotation(result("Vexlorine", "name"), result("<PHONE_1>", "contact", id="r2"))
    skipped = annotation(result("Will", "name"), id=2, was_cancelled=True)
    outside = annotation({**result("Will", "name"), "value": {"start": 500, "end": 510, "labels": ["name"]}}, id=3)
    counts = deny(tmp_path, task(first, skipped, outside))
    assert counts == {"flags": 4, "values": 2, "own_ad": 1, "placeholders": 1, "outside": 1}
    rows = deny_file.read(tmp_path / "denied.jsonl")
    assert rows == [Denied("ad1", "PERSON", "Vexlorine", True), Denied("ad1", "PERSON", "Will", False)]
    assert deny(tmp_path, task(first, skipped, outside)) == dict.fromkeys(counts, 0)
    assert deny_file.read(tmp_path / "denied.jsonl") == rows


def test_a_flag_that_was_read_is_not_read_against_the_updated_text(tmp_path: Path) -> None:
    """The regions of an annotation keep their offsets when its task's text changes."""
    old = annotation(result("Vexlorine", "name"))
    deny(tmp_path, task(old))
    updated = TEXT.replace("Vexlorine", "<PERSON_1>")
    new = annotation(result("kit2011", "other", updated), id=2)
    assert deny(tmp_path, task(old, new, text=updated))["values"] == 1
    assert {row.value for row in deny_file.read(tmp_path / "denied.jsonl")} == {"Vexlorine", "kit2011"}


def test_a_region_that_was_moved_is_a_new_flag(tmp_path: Path) -> None:
    deny(tmp_path, task(annotation(result("Will", "name"))))
    assert deny(tmp_path, task(annotation(result("kit2011", "name"))))["flags"] == 1


def test_what_a_steward_took_off_the_list_stays_off(tmp_path: Path) -> None:
    tasks = task(annotation(result("Vexlorine", "name")))
    deny(tmp_path, tasks)
    (tmp_path / "denied.jsonl").write_text("")
    assert deny(tmp_path, tasks)["values"] == 0
    assert deny_file.read(tmp_path / "denied.jsonl") == []


@pytest.mark.parametrize(
    "data", [{}, {"ad_id": 7, "text": "x"}, {"ad_id": "../up", "text": TEXT}, {"ad_id": "a"}, None, "text"], ids=str
)
def test_a_flag_on_what_is_no_ad_is_counted(tmp_path: Path, data: Any) -> None:
    counts: Counter[str] = Counter()
    path = write(tmp_path, {**task(annotation(result("Will", "name"))), "data": data}, task(annotation()))
    assert list(flags.read(path, BOOK, counts)) == []
    assert counts == {"no_ad": 1}


@pytest.mark.parametrize("content", ["", "{}", "[", '[{"id": 1}', "[1]"])
def test_a_broken_export_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "export.json").write_text(content)
    with pytest.raises(Refusal, match=r"export\.json"):
        list(flags.read(tmp_path / "export.json", BOOK, Counter()))


def test_answers_of_odd_shape_flag_nothing(tmp_path: Path) -> None:
    odd = [
        None,
        7,
        {},
        {"from_name": "residual_pii", "type": "labels", "value": None},
        {**result("Will", "name"), "type": "x"},
    ]
    assert (
        list(flags.read(write(tmp_path, task({"id": 1, "result": odd}, {"id": 2}, annotation())), BOOK, Counter()))
        == []
    )


WORDS = st.lists(
    st.sampled_from(
        ["Vexlorine", "Will", "<PHONE_1>", "<AGE_21-25>", "12", "213-555-0142", "at", "é", "<", "王芳", " "]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@given(text=WORDS, start=st.integers(0, 40), length=st.integers(1, 40), label=st.sampled_from(["name", "other"]))
def test_what_was_flagged_is_masked_in_its_ad(text: str, start: int, length: int, label: str) -> None:
    """Every letter and digit of the stretch, placeholders and a name's common neighbours apart."""
    ad = FlaggedAd("ad1", text, (), ())
    rows = residual.values(ad, Region("r", label, start, start + length))
    assert all(not PLACEHOLDER.search(row.value) for row in rows)
    if label == "name" or start + length > len(text):
        return
    covered = {place for span in DenyList(rows).find(text, "ad1") for place in range(span.start, span.end)}
    covered |= {place for match in PLACEHOLDER.finditer(text) for place in range(*match.span())}
    assert all(place in covered for place in range(start, start + length) if text[place].isalnum())
