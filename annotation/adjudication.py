"""Disagreements as a project of their own: the ad, the answers that were given, and nobody's name.

Questions with choices are adjudicated; one annotator's mark is enough for a flag or a span, and those get no label. An
ad whose question has a decision already is not asked about again. The project asks every question with choices, none of
them required, and each task shows which of them are in dispute; `export.collect_decisions` reads the export.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from annotation import interface
from annotation import votes as voting
from annotation.active import rank
from annotation.annotations import ASKED
from annotation.codebook import Codebook, Question
from annotation.votes import Vote
from pipeline.params import Annotate
from pipeline.store import Row

ANSWERS = "answers"
_TYPES = {"choice", "choices"}


@dataclass(frozen=True, slots=True)
class Dispute:
    """One ad, and for each question in dispute, in codebook order, the different answers, each a tuple of choices."""

    item: str
    answers: Mapping[str, tuple[tuple[str, ...], ...]]


def find_disputes(votes: Iterable[Vote], codebook: Codebook) -> list[Dispute]:
    """The ads on which annotators answered a question differently and nobody has decided yet, sorted by item."""
    given, decisions = voting.part_decisions(votes)
    decided = {(vote.item, vote.question) for vote in decisions}
    answers: dict[str, dict[str, set[tuple[str, ...]]]] = {}
    for vote in given:
        if (vote.item, vote.question) not in decided:
            answers.setdefault(vote.item, {}).setdefault(vote.question, set()).add(voting.answers(vote))
    asked = [question.id for question in codebook.questions if question.type in _TYPES]
    disputes = []
    for item, by_question in sorted(answers.items()):
        differ = {q: tuple(sorted(by_question[q])) for q in asked if len(by_question.get(q, ())) > 1}
        if differ:
            disputes.append(Dispute(item, differ))
    return disputes


def render(codebook: Codebook, care: Annotate) -> str:
    """The labelling configuration: the interface for all questions with choices, above them the answers given."""
    asked = [question for question in codebook.questions if question.type in _TYPES]
    optional = tuple(question.model_copy(update={"required": False}) for question in asked)
    root = ET.fromstring(interface.render(codebook.model_copy(update={"questions": optional}), care))
    questions = next(view for view in root.iter("View") if view.get("className") == "safelight-questions")
    given = ET.Element("View", className="safelight-answers")
    ET.SubElement(given, "Header", value="Decide what is in dispute; leave the other questions open.", size="5")
    ET.SubElement(given, "HyperText", name=ANSWERS, value=f"${ANSWERS}", inline="true", selectionEnabled="false")
    questions.insert(0, given)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def tasks(disputes: Iterable[Dispute], texts: Mapping[str, str], codebook: Codebook, seed: int) -> Iterator[Row]:
    """Label Studio tasks, from the sanitized texts by item; disputes without a text are left out.

    The answers stand in an order that hangs on the seed alone, each once, however many gave it.
    """
    for dispute in disputes:
        if dispute.item in texts:
            data = {"ad_id": dispute.item, **interface.task_data(texts[dispute.item]), "codebook": codebook.version}
            yield {"data": {**data, ASKED: list(dispute.answers), ANSWERS: _show(dispute, codebook, seed)}}


def _show(dispute: Dispute, codebook: Codebook, seed: int) -> str:
    """The answers as HTML."""
    page = ET.Element("div")
    for question_id, answers in dispute.answers.items():
        question = codebook.question(question_id)
        ET.SubElement(page, "h4").text = question.text
        listed = ET.SubElement(page, "ul")
        ranked = sorted((rank(seed, f"{dispute.item} {question_id} {' '.join(answer)}"), answer) for answer in answers)
        for _, answer in ranked:
            ET.SubElement(listed, "li").text = _word(answer, question)
    return ET.tostring(page, encoding="unicode")


def _word(answer: tuple[str, ...], question: Question) -> str:
    labels = {choice.id: choice.label for choice in question.choices}
    return " + ".join(labels[choice] for choice in answer) or "Nothing chosen"
