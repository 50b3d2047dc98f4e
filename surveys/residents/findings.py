"""What is wrong with a table of residents, gathered row by row: of each kind so many are listed, the rest counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from surveys.language import Message, message
from surveys.problem import Problem, Severity

#: Findings of one kind listed row by row; beyond them only their number is told.
LISTED = 200


class Findings:
    """Findings about one sheet; `columns` are the headers of each field as the file writes them.

    `failed` is set by every error, `warnings` counts what stops nothing.
    """

    def __init__(self, file: str, sheet: str, columns: Mapping[str, Sequence[str]]) -> None:
        self.file, self.sheet, self.columns = file, sheet, columns
        self.failed = False
        self.warnings = 0
        self._listed: list[Problem] = []
        self._told: Counter[str] = Counter()

    def tell(
        self,
        row: int,
        name: str,
        code: str,
        what: Message,
        fix: Message,
        *,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note what is wrong with field `name` of a row."""
        if severity is Severity.ERROR:
            self.failed = True
        else:
            self.warnings += 1
        self._told[code] += 1
        if self._told[code] > LISTED:
            return
        header = self.columns.get(name, [name])[0]
        self._listed.append(Problem(code, what, fix, self.file, self.sheet, row, header, severity))

    def problems(self) -> tuple[Problem, ...]:
        """Return the findings in the order of rows, and how many of each kind were not listed."""
        last = {problem.code: problem for problem in self._listed}
        found = sorted(self._listed, key=lambda problem: problem.row)
        for code, count in self._told.items():
            if (more := count - LISTED) > 0:
                said = message("{count} more rows have this finding: {what}", count=more, what=last[code].what)
                found.append(replace(last[code], row=0, what=said))
        return tuple(found)
