"""Filling sentences: slots become text, and the spans of personal data are noted while the text is put together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from pipeline.sample.templates import Slot


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Personal data in a text: code points `start` to `end` (exclusive) of title, blank line and body."""

    start: int
    end: int
    entity: str
    style: str

    def as_row(self) -> dict[str, int | str]:
        """The span as it stands in gold.jsonl."""
        return {"start": self.start, "end": self.end, "entity": self.entity, "style": self.style}


@dataclass(frozen=True, slots=True)
class Value:
    """Personal data as written."""

    text: str = field(repr=False)
    entity: str
    style: str


class Values(dict[str, "str | Value"]):
    """What fills the slots; a slot without a value gets one from its pool when it is first needed."""

    def __init__(self, pools: dict[str, tuple[str, ...]], rng: Random) -> None:
        self.pools, self.rng = pools, rng

    def __missing__(self, name: str) -> str:
        value = self[name] = self.rng.choice(self.pools[name])
        return value


def fill(
    pieces: Iterable[str | Slot], values: Values, change: Callable[[str], str] | None, start: int
) -> tuple[str, list[GoldSpan]]:
    """The text of `pieces`, its letters changed by `change`, and its spans when it begins at offset `start`."""
    parts: list[str] = []
    spans: list[GoldSpan] = []
    for piece in pieces:
        value = values[piece.name] if isinstance(piece, Slot) else piece
        if isinstance(value, Value):
            text, style = value.text, value.style
            if change is str.lower and value.entity in {"PERSON", "ADDRESS"}:
                text, style = text.lower(), "lower"
            spans.append(GoldSpan(start, start + len(text), value.entity, style))
        else:
            text = value[0].upper() + value[1:] if isinstance(piece, Slot) and piece.capital else value
            text = change(text) if change else text
        parts.append(text)
        start += len(text)
    return "".join(parts), spans
