"""The guidelines page for annotators, rendered as Markdown from the codebook, so that the two cannot differ."""

import re

from markdown_it import MarkdownIt

from annotation.codebook import REVEAL_KEY, Choice, Codebook, Question
from pipeline.params import Annotate

TAKE_CARE = "Take care of yourself."
SUPPORT = "To talk to somebody:"
KEYS = {
    REVEAL_KEY: "show or hide the ad; each ad is blurred until then",
    "Ctrl+Enter": "submit",
    "Ctrl+Space": "skip, without a reason",
    "Ctrl+Z": "undo",
    "Tab": "go to the ad; there, arrows choose a word, with Shift more, and Enter marks them with the kind chosen",
    "Alt+.": "go to a mark, then Backspace removes it",
}

# Label Studio's dialog resets headings and paragraphs to plain lines.
_DIALOG_STYLE = """
.safelight-dialog h1 { font-size: 1.5rem; line-height: 1.3; margin-bottom: 0.5em; }
.safelight-dialog h2 { font-size: 1.25rem; line-height: 1.3; margin: 1.5em 0 0.5em; }
.safelight-dialog h3 { font-size: 1rem; margin: 1em 0 0; }
.safelight-dialog p { margin-bottom: 0.5em; }
.safelight-dialog ul { margin: 0 0 0.75em; padding-left: 1.25em; list-style: disc; }
"""

_HOW = {
    "choice": "Choose one.",
    "choices": "Choose all that fit.",
    "spans": "Mark the words.",
    "flag": "Raise the flag, or leave it.",
}


def render(codebook: Codebook, care: Annotate) -> str:
    """The whole page."""
    support = [f"- [{support.label}]({support.url})" for support in care.support]
    parts = [
        f"# {codebook.title}: guidelines for annotators",
        "<!-- Made from codebook.yaml and params.yaml by `safelight codebook guidelines`; edit those instead. -->",
        f"**{TAKE_CARE}** {codebook.content_warning} {cap(care)}",
        "\n".join([SUPPORT, "", *support]),
        codebook.introduction,
        "\n".join(["Every choice has a key, shown in brackets. The others:", "", *_keys()]),
        *(_question(number, question) for number, question in enumerate(codebook.questions, 1)),
        "## Sources",
        "\n".join(f"- **{key}**: {citation}" for key, citation in codebook.sources.items()),
        f"Codebook version {codebook.version}.",
    ]
    return re.sub(r"<[A-Z]+_\d+>", r"`\g<0>`", "\n\n".join(parts)) + "\n"


def dialog(codebook: Codebook, care: Annotate) -> str:
    """The page as HTML, for the dialog that Label Studio opens before the first task."""
    page = MarkdownIt().render(render(codebook, care))
    return f'<style>{_DIALOG_STYLE}</style><div class="safelight-dialog">{page}</div>'


def cap(care: Annotate) -> str:
    """The daily cap, as a sentence."""
    return f"Read at most {care.daily_cap} ads a day, and fewer when it gets heavy."


def _keys() -> list[str]:
    return [f"- `{key}`: {what}" for key, what in KEYS.items()]


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
