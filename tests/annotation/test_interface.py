"""The labelling interface, judged by Label Studio's own validators, and the guidelines page."""

import html
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from label_studio_sdk.label_interface.interface import LabelInterface

from annotation import codebook, guidelines, interface
from pipeline import params

ROOT = Path(__file__).parents[2]
BOOK = codebook.load(codebook.CODEBOOK)
CARE = params.load(params.Annotate, ROOT / "params.yaml")
CONFIG = interface.render(BOOK, CARE)


@pytest.fixture(scope="module")
def studio() -> LabelInterface:
    return LabelInterface(CONFIG)


def test_label_studio_accepts_it(studio: LabelInterface) -> None:
    studio.validate()
    task: Any = {"data": {"ad_id": "a1", **interface.task_data("Call <PHONE_1>")}}
    assert studio.validate_task(task)


def test_controls_are_the_questions_and_their_values_the_choices(studio: LabelInterface) -> None:
    asking = [control for control in studio.controls if control.name != interface.REVEAL]
    assert {control.name: (control.tag, list(control.labels)) for control in asking} == {
        question.id: ("Labels" if question.type == "spans" else "Choices", [choice.id for choice in question.choices])
        for question in BOOK.questions
    }
    assert all(control.to_name == ["text"] for control in asking)


def test_what_shows_the_ad_cannot_mark_it(studio: LabelInterface) -> None:
    [reveal] = [control for control in studio.controls if control.name == interface.REVEAL]
    assert reveal.to_name == [interface.CARE]


def test_an_annotation_in_our_ids_is_valid(studio: LabelInterface) -> None:
    result = [
        {"from_name": "sector", "to_name": "text", "type": "choices", "value": {"choices": ["massage_spa"]}},
        {"from_name": "indicators", "to_name": "text", "type": "choices", "value": {"choices": ["none"]}},
        {
            "from_name": "residual_pii",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": "/div[1]/text()[1]",
                "startOffset": 0,
                "end": "/div[1]/text()[1]",
                "endOffset": 4,
                "globalOffsets": {"start": 0, "end": 4},
                "text": "Call",
                "labels": ["contact"],
            },
        },
    ]
    assert studio.validate_annotation({"result": result})


def test_only_the_ad_is_taken_from_the_task() -> None:
    variables = [value for node in ET.fromstring(CONFIG).iter() for value in node.attrib.values() if "$" in value]
    assert variables == ["$html"]


def test_every_choice_has_its_own_hotkey_and_required_questions_are_required() -> None:
    root = ET.fromstring(CONFIG)
    hotkeys = [node.get("hotkey") for node in root.iter() if node.tag in {"Choice", "Label"}]
    assert len(set(hotkeys)) == len(hotkeys) == 1 + sum(len(question.choices) for question in BOOK.questions)
    assert [node.get("name") for node in root.iter() if node.get("required")] == ["sector", "indicators", "evidence"]


def test_warning_cap_and_support_come_first_in_the_interface_and_on_the_page() -> None:
    panels = [node.get("name") for node in ET.fromstring(CONFIG).iter("HyperText")]
    assert panels == [interface.CARE, interface.TEXT, interface.GUIDELINES]
    page = guidelines.render(BOOK, CARE)
    for text in (_panel(interface.CARE), page[: page.index(BOOK.introduction[:40])]):
        assert BOOK.content_warning in text
        assert f"{CARE.daily_cap} ads a day" in text
        assert all(support.label in text for support in CARE.support)
    assert all(f'href="{support.url}"' in CONFIG.replace("&quot;", '"') for support in CARE.support)


def test_the_style_sheet_holds_nothing_that_label_studio_would_escape() -> None:
    [style] = ET.fromstring(CONFIG).iter("Style")
    assert style.text
    assert not set("<>&") & set(style.text)


@pytest.mark.parametrize("choice", [c for q in BOOK.questions for c in q.choices], ids=lambda choice: choice.id)
def test_definition_and_example_stand_in_the_panel_and_on_the_page(choice: codebook.Choice) -> None:
    for text in (_panel(interface.GUIDELINES), guidelines.render(BOOK, CARE)):
        assert choice.definition in text
        assert choice.example is None or choice.example in text


def test_committed_guidelines_are_up_to_date() -> None:
    committed = codebook.CODEBOOK.with_name("guidelines.md").read_text(encoding="utf-8")
    assert committed == guidelines.render(BOOK, CARE), "run: safelight codebook guidelines annotation/guidelines.md"


def test_guidelines_show_placeholders_as_code() -> None:
    assert "`<PHONE_1>`" in guidelines.render(BOOK, CARE)


class Shown(HTMLParser):
    """The text of a page, with every line break as one character, and its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[tuple[str, str | None]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs).get("class")))
        self.text += "\r" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.text += data


ADS = st.text(st.sampled_from("ab <>&;/\"'#\r\n\0\u200b\u202eé😀") | st.characters(exclude_categories=["Cs"]))
PIECES = st.lists(ADS | st.sampled_from(["<PHONE_1>", "<AGE_21-25>", "<script>", "</div>", "&lt;", "<br>", "&#13;"]))


@given(text=PIECES.map("".join))
@example(text="\r\n\r\n<PHONE_1>\r\0<PERSON_2>\n")
def test_the_shown_ad_has_exactly_the_characters_of_the_text(text: str) -> None:
    shown = Shown(interface.task_data(text)["html"])
    assert shown.text == text.replace("\0", "\ufffd")
    assert set(shown.elements) <= {("div", "safelight-text"), ("span", "safelight-chip"), ("br", None)}


def test_every_placeholder_is_a_chip_and_nothing_else() -> None:
    page = interface.task_data("Ask <PERSON_1> at <PHONE_12>, aged <AGE_21-25>, <b>now</b> <phone_1> <PHONE_>")["html"]
    chips = re.findall('<span class="safelight-chip">(.*?)</span>', page)
    assert [html.unescape(chip) for chip in chips] == ["<PERSON_1>", "<PHONE_12>", "<AGE_21-25>"]


def _panel(name: str) -> str:
    [panel] = [node for node in ET.fromstring(CONFIG).iter("HyperText") if node.get("name") == name]
    return "".join(ET.fromstring(panel.attrib["value"]).itertext())
