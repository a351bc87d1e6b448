"""The Label Studio labelling interface, generated from the codebook, and the fields of a task that it shows.

Under a content warning stand three columns: the sanitized ad, blurred until it is revealed; the questions; the
guidelines. A result's `from_name` is the question's id and its value the choice's id, so an export needs no
translation. The ad is shown from the task's `html`, where every placeholder is a chip; the `globalOffsets` of a span
count code points, end exclusive, and are offsets into the task's `text`.
"""

import html
import re
from pathlib import Path
from xml.etree import ElementTree as ET

from annotation import guidelines
from annotation.codebook import REVEAL_KEY, Codebook, Question
from pipeline.normalize import PLACEHOLDER
from pipeline.params import Annotate

TEXT, HTML = "text", "html"
# No question can be called like these.
CARE, REVEAL, GUIDELINES = "safelight-care", "safelight-reveal", "safelight-guidelines"

_SHOW_OR_HIDE = '<span class="safelight-show">Show the ad</span><span class="safelight-hide">Hide the ad</span>'
_MARKS = ("#b3541e", "#1d6f8f", "#6a7d1d", "#7a3fa0")  # colours of span labels, in turn

# Label Studio escapes `>` and `&` in it: no child combinators, no nesting.
_STYLE = Path(__file__).with_name("interface.css")


def render(codebook: Codebook, care: Annotate) -> str:
    """The labelling configuration as XML, for a project whose tasks hold what `task_data` makes."""
    root = ET.Element("View", className="safelight")
    ET.SubElement(root, "Style").text = _STYLE.read_text(encoding="utf-8")
    _show(ET.SubElement(root, "View", className=CARE), CARE, _care(codebook, care))
    columns = ET.SubElement(root, "View", className="safelight-columns")
    ad = ET.SubElement(columns, "View", className="safelight-ad")
    questions = ET.SubElement(columns, "View", className="safelight-questions")
    # A label that marks nothing, since it is not for the ad: Label Studio keeps until the next task whether it is
    # chosen, the style sheet shows or blurs the ad by that, and no annotation holds anything of it.
    reveal = ET.SubElement(ET.SubElement(ad, "View", className=REVEAL), "Labels", name=REVEAL, toName=CARE)
    ET.SubElement(reveal, "Label", value=REVEAL, hotkey=REVEAL_KEY, html=_SHOW_OR_HIDE)
    shown = ET.SubElement(ad, "HyperText", name=TEXT, value=f"${HTML}", valueType="text", inline="true")
    shown.attrib.update(granularity="word", saveTextResult="no")  # what a span covers may be personal data
    for question in codebook.questions:
        if question.type == "spans":
            _ask(ad, question, "Labels", "Label")
            continue
        control = _ask(questions, question, "Choices", "Choice")
        control.set("choice", "multiple" if question.type == "choices" else "single")
        if question.required:
            control.set("required", "true")
            control.set("requiredMessage", f"Please answer: {question.text}")
    _show(ET.SubElement(columns, "View", className=GUIDELINES), GUIDELINES, _explain(codebook))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def task_data(text: str) -> dict[str, str]:
    """What a task shows of a sanitized text: the text, and as HTML with every placeholder a chip.

    The HTML's text nodes and line breaks hold exactly the text's code points, and nothing of the text is markup.
    """
    parts, end = [], 0
    for match in PLACEHOLDER.finditer(text):
        parts += [_escape(text[end : match.start()]), f'<span class="safelight-chip">{_escape(match[0])}</span>']
        end = match.end()
    inner = "".join([*parts, _escape(text[end:])])
    return {TEXT: text, HTML: f'<div class="safelight-text" dir="auto" tabindex="0">{inner}</div>'}


def _escape(text: str) -> str:
    """HTML for `text`. A browser would turn CR into LF and drop NUL: each gets something that counts as one, too."""
    breaks = re.sub(r"\r(?!\n)", "<br>", html.escape(text, quote=False).replace("\0", "\ufffd"))
    return breaks.replace("\r", "<br hidden>")


def _ask(parent: ET.Element, question: Question, tag: str, item_tag: str) -> ET.Element:
    block = ET.SubElement(parent, "View", className=f"safelight-question safelight-{question.type}")
    ET.SubElement(block, "Header", value=question.text, size="5")
    control = ET.SubElement(block, tag, name=question.id, toName=TEXT)
    for number, choice in enumerate(question.choices):
        item = ET.SubElement(
            control, item_tag, value=choice.label, alias=choice.id, hotkey=choice.hotkey, hint=choice.definition
        )
        if tag == "Labels":
            item.set("background", _MARKS[number % len(_MARKS)])
    return control


def _show(parent: ET.Element, name: str, page: ET.Element) -> None:
    ET.SubElement(
        parent,
        "HyperText",
        name=name,
        value=ET.tostring(page, encoding="unicode", method="html"),
        inline="true",
        selectionEnabled="false",
        clickableLinks="true",
    )


def _care(codebook: Codebook, care: Annotate) -> ET.Element:
    page = ET.Element("div")
    paragraph = ET.SubElement(page, "p")
    ET.SubElement(paragraph, "b").text = guidelines.TAKE_CARE
    paragraph[0].tail = f" {codebook.content_warning} {guidelines.cap(care)}"
    paragraph = ET.SubElement(page, "p")
    paragraph.text = f"{guidelines.SUPPORT} "
    for support in care.support:
        link = ET.SubElement(paragraph, "a", href=support.url, target="_blank", rel="noreferrer")
        link.text, link.tail = support.label, " "
    return page


def _explain(codebook: Codebook) -> ET.Element:
    page = ET.Element("div", {"tabindex": "0", "role": "region", "aria-label": "Guidelines"})
    ET.SubElement(page, "p").text = codebook.introduction
    keys = ET.SubElement(page, "dl")
    for key, what in guidelines.KEYS.items():
        ET.SubElement(ET.SubElement(keys, "dt"), "kbd").text = key
        ET.SubElement(keys, "dd").text = what
    for question in codebook.questions:
        ET.SubElement(page, "h4").text = question.text
        ET.SubElement(page, "p").text = question.guidance
        for choice in question.choices:
            paragraph = ET.SubElement(page, "p")
            term = ET.SubElement(paragraph, "b")
            term.text, term.tail = choice.label, " "
            ET.SubElement(paragraph, "kbd").text = choice.hotkey
            paragraph[-1].tail = f" {choice.definition}"
            if choice.example is not None:
                ET.SubElement(paragraph, "i").text = f" Example: {choice.example}"
    return page
