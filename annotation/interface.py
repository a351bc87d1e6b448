"""The Label Studio labelling interface, generated from the codebook.

Under a content warning stand two columns: the sanitized ad with its questions, and beside it the guidelines. A result's
`from_name` is the question's id and its value the choice's id, so an export needs no translation. Label Studio counts a
span's offsets in code points, end exclusive, into the task's `text`.
"""

from xml.etree import ElementTree as ET

from annotation.codebook import Codebook, Question

TEXT = "text"

# `pre-wrap` keeps the ad's own spaces and line breaks, so that offsets into the text stay true.
_STYLE = """
.safelight-warning { padding: 0.5em 1em; border: 1px solid #b58900; border-radius: 4px; background: #fdf6e3; }
.safelight-warning h4 { margin: 0 !important; font-size: 0.9rem; font-weight: 400; line-height: 1.4; color: #5c4a00; }
.safelight-columns { display: flex; gap: 1.5em; align-items: flex-start; margin-top: 1em; }
.safelight-columns h4 { margin: 1em 0 0.25em !important; font-size: 1rem; line-height: 1.3; }
.safelight-ad { flex: 1 1 60%; min-width: 0; }
.safelight-ad .lsf-richtext { padding: 0.5em; border: 1px solid #c9c5bd; border-radius: 4px; }
.safelight-ad .lsf-richtext__line { white-space: pre-wrap; }
.safelight-ad .lsf-choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(16em, 1fr)); margin: 0; }
.safelight-ad .lsf-choice__checkbox { height: 1.8em; white-space: nowrap; }
.safelight-guidelines { flex: 1 1 40%; min-width: 0; position: sticky; top: 0; max-height: 80vh; overflow-y: auto; }
.safelight-guidelines { padding-left: 1em; border-left: 1px solid #c9c5bd; }
.safelight-guidelines .lsf-richtext__container { font-size: 0.875rem; line-height: 1.4; }
.safelight-guidelines p { margin: 0 0 0.5em; }
"""


def render(codebook: Codebook) -> str:
    """The labelling configuration as XML, for a project whose tasks hold the sanitized text as `text`."""
    root = ET.Element("View")
    ET.SubElement(root, "Style").text = _STYLE
    warning = ET.SubElement(root, "View", className="safelight-warning")
    ET.SubElement(warning, "Header", value=codebook.content_warning, size="6")
    columns = ET.SubElement(root, "View", className="safelight-columns")
    ad = ET.SubElement(columns, "View", className="safelight-ad")
    guidelines = ET.SubElement(columns, "View", className="safelight-guidelines")
    for question in codebook.questions:
        if question.type == "spans":
            _ask(ad, question, "Labels", "Label")
    ET.SubElement(ad, "Text", name=TEXT, value=f"${TEXT}", granularity="word")
    for question in codebook.questions:
        if question.type != "spans":
            control = _ask(ad, question, "Choices", "Choice")
            control.set("choice", "multiple" if question.type == "choices" else "single")
            if question.required:
                control.set("required", "true")
                control.set("requiredMessage", f"Please answer: {question.text}")
    ET.SubElement(
        guidelines, "HyperText", name="guidelines", value=_explain(codebook), inline="true", selectionEnabled="false"
    )
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _ask(parent: ET.Element, question: Question, tag: str, item_tag: str) -> ET.Element:
    ET.SubElement(parent, "Header", value=question.text, size="5")
    control = ET.SubElement(parent, tag, name=question.id, toName=TEXT)
    for choice in question.choices:
        ET.SubElement(
            control, item_tag, value=choice.label, alias=choice.id, hotkey=choice.hotkey, hint=choice.definition
        )
    return control


def _explain(codebook: Codebook) -> str:
    page = ET.Element("div")
    ET.SubElement(page, "p").text = codebook.introduction
    for question in codebook.questions:
        ET.SubElement(page, "h4").text = question.text
        ET.SubElement(page, "p").text = question.guidance
        for choice in question.choices:
            paragraph = ET.SubElement(page, "p")
            term = ET.SubElement(paragraph, "b")
            term.text, term.tail = choice.label, f" [{choice.hotkey}] {choice.definition}"
            if choice.example is not None:
                ET.SubElement(paragraph, "i").text = f" Example: {choice.example}"
    return ET.tostring(page, encoding="unicode")
