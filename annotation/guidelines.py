"""The guidelines page for annotators, rendered as Markdown from the codebook, so that the two cannot differ."""

import re

from annotation.codebook import Choice, Codebook, Question

_HOW = {
    "choice": "Choose one.",
    "choices": "Choose all that fit.",
    "spans": "Mark the words.",
    "flag": "Raise the flag, or leave it.",
}


def render(codebook: Codebook) -> str:
    """The whole page."""
    parts = [
        f"# {codebook.title}: guidelines for annotators",
        f"<!-- Made from codebook.yaml by `safelight codebook guidelines`; edit that file, not this one. -->\n\n"
        f"Codebook version {codebook.version}.",
        codebook.introduction,
        f"**Take care of yourself.** {codebook.content_warning}",
        "Keys: each choice has its own key, shown in brackets. Ctrl+Enter submits, Ctrl+Space skips.",
        *(_question(number, question) for number, question in enumerate(codebook.questions, 1)),
        "## Sources",
        "\n".join(f"- **{key}**: {citation}" for key, citation in codebook.sources.items()),
    ]
    return re.sub(r"<[A-Z]+_\d+>", r"`\g<0>`", "\n\n".join(parts)) + "\n"


def _question(number: int, question: Question) -> str:
    needed = "An answer is needed." if question.required else "May be left empty."
    head = f"## {number}. {question.text}\n\n{_HOW[question.type]} {needed} {question.guidance}"
    return "\n\n".join([head, *map(_choice, question.choices)])


def _choice(choice: Choice) -> str:
    lines = [f"### {choice.label} [{choice.hotkey}]", "", choice.definition, ""]
    if choice.exclusive:
        lines += ["Excludes every other choice of this question.", ""]
    if choice.escalate:
        lines += ["**Raise the flag for the custodian as well.** No example is given.", ""]
    if choice.example is not None:
        lines += [f"- Example: *{choice.example}*"]
    return "\n".join([*lines, f"- Source: {choice.source}"])
