"""What is wrong with something a person handed in, where exactly, and how to put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from surveys.language import ENGLISH, Message, translate


class Severity(StrEnum):
    """Whether a problem stops the work or is only worth knowing."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: a closed `code`, the sentence, the fix, and its place (row counts from 1, as Excel does)."""

    code: str
    what: Message
    fix: Message
    file: str = ""
    sheet: str = ""
    row: int = 0
    field: str = ""
    severity: Severity = Severity.ERROR

    def place(self, language: str = ENGLISH) -> str:
        """Return the place as a person would say it, e.g. `people.xlsx, sheet 1, row 7, phone`."""
        parts = [self.file] if self.file else []
        if self.sheet:
            parts.append(translate(language, "sheet {sheet}", sheet=self.sheet))
        if self.row:
            parts.append(translate(language, "row {row}", row=self.row))
        if self.field:
            parts.append(self.field)
        return ", ".join(parts)

    def text(self, language: str = ENGLISH) -> str:
        """Return place, finding and fix as one line."""
        place = self.place(language)
        line = f"{place}: " if place else ""
        return f"{line}{self.what.text(language)} {self.fix.text(language)}".strip()

    def as_json(self, language: str = ENGLISH) -> dict[str, object]:
        """Return the finding with stable keys."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "field": self.field,
            "what": self.what.text(language),
            "fix": self.fix.text(language),
        }


class Refused(Exception):
    """Something handed in cannot be taken as it is; `problems` say why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.text() for problem in self.problems))
