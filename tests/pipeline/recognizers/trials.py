"""What the tests of the cued recognisers share: what is found in a text, arbitrary neighbours, and how time grows."""

import time

from hypothesis import strategies as st

from pipeline.recognizers.base import ViewRecognizer

# Words that may stand on either side of a value: no digits or signs, which could be part of it, and no single letters,
# which a view joins where three stand together.
NEIGHBOURS = st.lists(
    st.text(st.characters(categories=["L"], include_characters="'"), min_size=2, max_size=9), max_size=4
)

HOSTILE = (
    "1", "a", "A", " ", "\n", "a.", "a@", "x-", "((", "dot ", "a, ", "A, ", "A,\n", "12 ", "1/", "A1 ", "$a", "é",
    "\ud800", "12-34-", "12 Oak St, ", "ask for a b ", "I'm ", "j a n e ", "venmo a-", "account no ", "born Dallas ",
    "dob 1/", "24 yo ", "twenty ", "zip 1", "plate A1 ", "ssn 1-", "passport A ", "calle de la ", "12 rue ", "room 2, ",
    "po box ", "corner of a ", "address: a1 ", "<PERSON_1>, ",
)  # fmt: skip


def found(recognizer: ViewRecognizer, text: str) -> list[str]:
    """The stretches of `text` that a recogniser finds, in order, those within others left out."""
    results = {(result.start, result.end) for result in recognizer.analyze(text, [recognizer.ENTITY])}
    whole = [(a, b) for a, b in results if not any(c <= a and b <= d for c, d in results - {(a, b)})]
    return [text[start:end] for start, end in sorted(whole)]


def is_covered(recognizer: ViewRecognizer, text: str, value: str) -> bool:
    """Whether every character of `value`, spaces aside, is found where it stands in `text`."""
    spans = [(result.start, result.end) for result in recognizer.analyze(text, [recognizer.ENTITY])]
    start = text.index(value)
    return all(
        any(a <= index < b for a, b in spans) or text[index].isspace() for index in range(start, start + len(value))
    )


def slowest_growth(recognizer: ViewRecognizer, length: int = 10_000) -> float:
    """How much longer four times the text takes, at worst over `HOSTILE` (4: linear)."""

    def seconds(text: str) -> float:
        best = 60.0
        for _ in range(2):
            started = time.perf_counter()
            list(recognizer.find(text))
            best = min(best, time.perf_counter() - started)
        return max(best, 0.02)

    def growth(piece: str) -> float:
        copies = length // len(piece)
        return seconds(piece * copies * 4) / seconds(piece * copies)

    return max(growth(piece) for piece in HOSTILE)
