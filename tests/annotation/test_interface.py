"""The labelling interface, judged by Label Studio's own validators, and the guidelines page."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from label_studio_sdk.label_interface.interface import LabelInterface

from annotation import codebook, guidelines, interface

BOOK = codebook.load(codebook.CODEBOOK)
CONFIG = interface.render(BOOK)


@pytest.fixture(scope="module")
def studio() -> LabelInterface:
    return LabelInterface(CONFIG)


def test_label_studio_accepts_it(studio: LabelInterface) -> None:
    studio.validate()
    task: Any = {"data": {"ad_id": "a1", "text": "Call <PHONE_1>"}}
    assert studio.validate_task(task)


def test_controls_are_the_questions_and_their_values_the_choices(studio: LabelInterface) -> None:
    controls = {control.name: (control.tag, list(control.labels)) for control in studio.controls}
    assert controls == {
        question.id: ("Labels" if question.type == "spans" else "Choices", [choice.id for choice in question.choices])
        for question in BOOK.questions
    }
    assert all(control.to_name == ["text"] for control in studio.controls)


def test_an_annotation_in_our_ids_is_valid(studio: LabelInterface) -> None:
    result = [
        {"from_name": "sector", "to_name": "text", "type": "choices", "value": {"choices": ["massage_spa"]}},
        {"from_name": "indicators", "to_name": "text", "type": "choices", "value": {"choices": ["none"]}},
        {
            "from_name": "residual_pii",
            "to_name": "text",
            "type": "labels",
            "value": {"start": 0, "end": 4, "text": "Call", "labels": ["contact"]},
        },
    ]
    assert studio.validate_annotation({"result": result})


def test_only_the_text_is_taken_from_the_task() -> None:
    variables = [value for node in ET.fromstring(CONFIG).iter() for value in node.attrib.values() if "$" in value]
    assert variables == ["$text"]


def test_every_choice_has_its_own_hotkey_and_required_questions_are_required() -> None:
    root = ET.fromstring(CONFIG)
    hotkeys = [node.get("hotkey") for node in root.iter() if node.tag in {"Choice", "Label"}]
    assert len(set(hotkeys)) == len(hotkeys) == sum(len(question.choices) for question in BOOK.questions)
    assert [node.get("name") for node in root.iter() if node.get("required")] == ["sector", "indicators", "evidence"]


@pytest.mark.parametrize("choice", [c for q in BOOK.questions for c in q.choices], ids=lambda choice: choice.id)
def test_definition_and_example_stand_in_the_panel_and_on_the_page(choice: codebook.Choice) -> None:
    [guide] = ET.fromstring(CONFIG).iter("HyperText")
    panel = ET.fromstring(guide.attrib["value"])
    for text in ("".join(panel.itertext()), guidelines.render(BOOK)):
        assert choice.definition in text
        assert choice.example is None or choice.example in text


def test_committed_guidelines_are_up_to_date() -> None:
    committed = codebook.CODEBOOK.with_name("guidelines.md").read_text(encoding="utf-8")
    assert committed == guidelines.render(BOOK), "run: safelight codebook guidelines annotation/guidelines.md"


def test_guidelines_show_placeholders_as_code() -> None:
    assert "`<PHONE_1>`" in guidelines.render(BOOK)
