"""Disagreements: which are found, what the adjudicator sees of them, and how decisions come back."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_studio_sdk.label_interface.interface import LabelInterface

from annotation import adjudication, aggregate, codebook, export, interface
from annotation.adjudication import find_disputes
from annotation.votes import ADJUDICATOR, Vote
from pipeline import params

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # crowd-kit's own

BOOK = codebook.load(codebook.CODEBOOK)
CARE = params.load(params.Annotate, Path(__file__).parents[2] / "params.yaml")


def vote(item: str, annotator: str, question: str, value: Any) -> Vote:
    return Vote(item, annotator, question, value, None, "1.0.0")


def sector(item: str, *values: str) -> list[Vote]:
    return [vote(item, f"annotator-{n}", "sector", value) for n, value in enumerate(values)]


GOODS, JOB, SPA = ("household_goods",), ("job_recruitment",), ("massage_spa",)
CASES: dict[str, tuple[list[Vote], dict[str, dict[str, Any]]]] = {
    "agreement": (sector("ad1", GOODS[0], GOODS[0]), {}),
    "one vote": (sector("ad1", GOODS[0]), {}),
    "two answers": (sector("ad1", GOODS[0], JOB[0]), {"ad1": {"sector": (GOODS, JOB)}}),
    "three votes, two answers": (sector("ad1", JOB[0], GOODS[0], JOB[0]), {"ad1": {"sector": (GOODS, JOB)}}),
    "three answers": (sector("ad1", SPA[0], GOODS[0], JOB[0]), {"ad1": {"sector": (GOODS, JOB, SPA)}}),
    "decided": ([*sector("ad1", GOODS[0], JOB[0]), vote("ad1", ADJUDICATOR, "sector", JOB[0])], {}),
    "decided elsewhere": (
        [*sector("ad1", GOODS[0], JOB[0]), vote("ad1", ADJUDICATOR, "evidence", "sufficient")],
        {"ad1": {"sector": (GOODS, JOB)}},
    ),
    "several choices": (
        [
            vote("ad1", "annotator-1", "indicators", ("debt_or_fees", "vague_employer")),
            vote("ad1", "annotator-2", "indicators", ("vague_employer",)),
        ],
        {"ad1": {"indicators": (("debt_or_fees", "vague_employer"), ("vague_employer",))}},
    ),
    "flags and spans are nobody's to decide": (
        [
            vote("ad1", "annotator-1", "escalate", "yes"),
            vote("ad1", "annotator-2", "escalate", "no"),
            vote("ad1", "annotator-1", "residual_pii", ({"start": 0, "end": 2, "label": "name"},)),
            vote("ad1", "annotator-2", "residual_pii", ()),
        ],
        {},
    ),
}


@pytest.mark.parametrize(("votes", "expected"), CASES.values(), ids=CASES)
def test_disputes(votes: list[Vote], expected: dict[str, Any]) -> None:
    found = find_disputes(votes, BOOK)
    assert {dispute.item: dict(dispute.answers) for dispute in found} == expected
    assert find_disputes(reversed(votes), BOOK) == found


PEOPLE = {"rosalind": ("household_goods", "sufficient"), "tomasz": ("job_recruitment", "sufficient")}
VOTES = [
    vote(item, who, question, value)
    for item in ("ad1", "ad2")
    for who, values in PEOPLE.items()
    for question, value in zip(("sector", "evidence"), values, strict=True)
    if item == "ad1" or question == "sector"
] + [vote("ad3", who, "evidence", value) for who, value in (("rosalind", "sufficient"), ("tomasz", "insufficient"))]
TEXTS = {f"ad{n}": f"Packers <b>wanted</b> & more, call <PHONE_1>. Ad {n}." for n in (1, 2, 3)}


def tasks(seed: int = 1) -> list[dict[str, Any]]:
    return list(adjudication.tasks(find_disputes(VOTES, BOOK), TEXTS, BOOK, seed))


def test_a_task_shows_the_answers_and_nobodys_name() -> None:
    made = tasks()
    assert [(task["data"]["ad_id"], task["data"]["asked"]) for task in made] == [
        ("ad1", ["sector"]),
        ("ad2", ["sector"]),
        ("ad3", ["evidence"]),
    ]
    page = ET.fromstring(made[0]["data"]["answers"])
    assert [heading.text for heading in page.iter("h4")] == [BOOK.question("sector").text]
    assert {part.text for part in page.iter("li")} == {"Goods", "Job or recruitment"}
    for task in made:
        assert set(task) == {"data"}
        assert set(task["data"]) == {"ad_id", "text", "html", "codebook", "asked", "answers"}
    assert not any(name in json.dumps(made) for name in PEOPLE)


def test_the_order_of_answers_tells_nothing() -> None:
    first = [next(ET.fromstring(tasks(seed)[0]["data"]["answers"]).iter("li")).text for seed in range(60)]
    assert 15 < first.count("Goods") < 45  # 30 expected, standard deviation 3.9
    assert tasks(3) == tasks(3)


def test_the_interface_asks_what_can_be_in_dispute_and_requires_nothing() -> None:
    config = adjudication.render(BOOK, CARE)
    root = ET.fromstring(config)
    assert {control.get("name") for control in root.iter("Choices")} == {"sector", "indicators", "evidence"}
    assert not any(control.get("required") for control in root.iter("Choices"))
    assert {control.get("name") for control in root.iter("Labels")} == {interface.REVEAL}
    assert LabelInterface(config).is_valid
    assert all(
        {name.lstrip("$") for name in (part.get("value") or "" for part in root.iter()) if name.startswith("$")}
        <= task["data"].keys()
        for task in tasks()
    )


def _answered(task: dict[str, Any], number: int, **answers: str) -> dict[str, Any]:
    result = [
        {"from_name": q, "to_name": "text", "type": "choices", "value": {"choices": [choice]}}
        for q, choice in answers.items()
    ]
    annotation = {"id": number, "completed_by": 1, "updated_at": "2026-01-02", "result": result}
    return {"id": number, **task, "annotations": [annotation]}


def test_decisions_come_back_win_and_are_not_asked_for_again(tmp_path: Path) -> None:
    first, second, third = tasks()
    exported = [
        _answered(first, 1, sector="massage_spa"),
        _answered(second, 2),  # submitted without a decision
        _answered(third, 3, evidence="insufficient"),
    ]
    (tmp_path / "decisions.json").write_text(json.dumps(exported))
    decisions, _ = export.collect_decisions(tmp_path / "decisions.json", BOOK)
    assert {(v.item, v.annotator, v.question, v.value) for v in decisions} == {
        ("ad1", ADJUDICATOR, "sector", "massage_spa"),
        ("ad3", ADJUDICATOR, "evidence", "insufficient"),
    }
    assert [dispute.item for dispute in find_disputes([*VOTES, *decisions], BOOK)] == ["ad2"]
    labels = aggregate.aggregate([*VOTES, *decisions], "majority", codebook.schema(BOOK))
    assert {(label.item, label.question): (label.value, label.method) for label in labels}["ad1", "sector"] == (
        "massage_spa",
        "adjudicated",
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(["ad1", "ad2"]), st.integers(0, 3), st.sampled_from(BOOK.question("sector").answers)),
        max_size=12,
        unique_by=lambda row: row[:2],
    )
)
def test_a_dispute_is_an_ad_with_more_than_one_answer(rows: list[tuple[str, int, str]]) -> None:
    found = find_disputes([vote(item, f"annotator-{n}", "sector", value) for item, n, value in rows], BOOK)
    differing = {item for item, _, _ in rows if len({value for i, _, value in rows if i == item}) > 1}
    assert {dispute.item for dispute in found} == differing
