"""The only way from a report file to a card: every number by its file and key path.

What a card asks for and a report does not have is remembered, and `settle` refuses with the whole list, so a card with
a missing number is never written.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType
from typing import Any

from pipeline.errors import Refusal

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Reports:
    """The contents of report files, by name, and what was found missing so far."""

    folder: Path
    contents: Mapping[str, Any]
    problems: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path, names: Iterable[str]) -> "Reports":
        """Read `folder`/NAME.json for every name; a file that cannot be read becomes a problem."""
        problems: list[str] = []
        return cls(folder, {name: _parse(folder / f"{name}.json", problems) for name in names}, problems)

    def number(self, report: str, *keys: str) -> str:
        """The number at a key path as a card shows it: 1,234 or 0.123; null, for what is not defined, in words."""
        value = self._find(report, keys, (int, float, NoneType), "a number")
        if value is _MISSING:
            return "?"
        if value is None:
            return "not defined"
        return f"{value:,}" if isinstance(value, int) else f"{value:z,.3f}"

    def count(self, report: str, *keys: str) -> int | None:
        """The whole number at a key path; None, where it is missing."""
        value = self._find(report, keys, (int,), "a whole number")
        return None if value is _MISSING else int(value)

    def text(self, report: str, *keys: str) -> str:
        """The text at a key path."""
        value = self._find(report, keys, (str,), "a text")
        return "?" if value is _MISSING else str(value)

    def flag(self, report: str, *keys: str) -> bool:
        """The yes or no at a key path; no, where it is missing."""
        return self._find(report, keys, (bool,), "true or false") is True

    def keys(self, report: str, *keys: str) -> list[str]:
        """The sorted keys of the table at a key path."""
        value = self._find(report, keys, (dict,), "a table")
        return [] if value is _MISSING else sorted(value)

    def texts(self, report: str, *keys: str) -> list[str]:
        """The texts listed at a key path."""
        value = self._find(report, keys, (list,), "a list")
        return [] if value is _MISSING else [str(item) for item in value]

    def settle(self) -> None:
        """Do nothing if nothing was missing.

        Raises:
            Refusal: every problem, with file and key path.
        """
        if self.problems:
            found = sorted(set(self.problems))
            lines = "\n".join(f"  {problem}" for problem in found)
            raise Refusal(f"{len(found)} problem(s) in the reports, so nothing was written:\n{lines}")

    def _find(self, report: str, keys: tuple[str, ...], kinds: tuple[type, ...], noun: str) -> Any:
        value = self.contents[report]
        if value is _MISSING:
            return _MISSING
        for key in keys:
            value = value.get(key, _MISSING) if isinstance(value, dict) else _MISSING
        if value is not _MISSING and type(value) in kinds:
            return value
        what = "is missing" if value is _MISSING else f"is not {noun}"
        self.problems.append(f"{self.folder / report}.json: {'.'.join(keys)} {what}. Run the stage that writes it.")
        return _MISSING


def _parse(path: Path, problems: list[str]) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except FileNotFoundError:
        problems.append(f"{path}: no such file. Run the stage that writes it.")
    except ValueError:
        problems.append(f"{path}: not valid JSON. Run the stage that writes it.")
    return _MISSING


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON
