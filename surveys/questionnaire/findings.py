"""Everything that is found wrong with one workbook, each with its place, gathered before anything is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from surveys.language import Message
from surveys.problem import Problem, Severity
from surveys.questionnaire.node import Malformed

_SHEETS = ("survey", "choices", "settings")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file: the sheet, the row as the spreadsheet program numbers it, the column's header."""

    sheet: str
    row: int = 0
    field: str = ""

    def at(self, column: str) -> Place:
        """Return the place in the same row under another header."""
        return Place(self.sheet, self.row, column)


@dataclass(slots=True)
class Findings:
    """Problems in the order they were found."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def error(self, code: str, place: Place, what: Message, fix: Message) -> None:
        """Note what makes the form unusable."""
        self.problems.append(Problem(code, what, fix, self.file, place.sheet, place.row, place.field))

    def warn(self, code: str, place: Place, what: Message, fix: Message) -> None:
        """Note what is only worth knowing."""
        found = Problem(code, what, fix, self.file, place.sheet, place.row, place.field, Severity.WARNING)
        self.problems.append(found)

    def withdraw(self, code: str, place: Place) -> None:
        """Forget a finding that a graver one says too."""
        self.problems[:] = [
            problem
            for problem in self.problems
            if (problem.code, problem.sheet, problem.row, problem.field) != (code, place.sheet, place.row, place.field)
        ]

    def malformed(self, place: Place, reason: Malformed) -> None:
        """Note an expression that cannot be evaluated."""
        self.error(reason.code, place, reason.what, reason.fix)

    def refused_at(self, place: Place) -> bool:
        """Whether an error stands at this very place."""
        return any(
            problem.severity is Severity.ERROR
            and (problem.sheet, problem.row, problem.field) == (place.sheet, place.row, place.field)
            for problem in self.problems
        )

    def refused(self) -> bool:
        """Whether anything makes the form unusable."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def errors(self) -> frozenset[Place]:
        """Return the places of all errors."""
        return frozenset(
            Place(problem.sheet, problem.row, problem.field)
            for problem in self.problems
            if problem.severity is Severity.ERROR
        )

    def at(self, *codes: str) -> frozenset[Place]:
        """Return the places of the findings with these codes."""
        return frozenset(
            Place(problem.sheet, problem.row, problem.field) for problem in self.problems if problem.code in codes
        )


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return findings as one goes through the workbook: by sheet and row, errors first; what concerns all rows last."""

    def stands(problem: Problem) -> tuple[int, str, float, bool]:
        plain = problem.sheet.strip().casefold()
        rank = _SHEETS.index(plain) if plain in _SHEETS else len(_SHEETS) + (not plain)
        return rank, plain, problem.row or float("inf"), problem.severity is not Severity.ERROR

    return tuple(sorted(problems, key=stands))
