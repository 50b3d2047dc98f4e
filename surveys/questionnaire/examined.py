"""A workbook as far as it can be read, with all that was found and where its texts stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.problem import Problem, Severity
from surveys.questionnaire.columns import SheetRow
from surveys.questionnaire.findings import Place
from surveys.questionnaire.form import Choice, Form


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows a form was read from: of questions by name, of options by (question, option).

    `unused` are the lists no question chooses from.
    `doubtful` are questions whose conditions are known to be wrong: whether they are ever asked is no further finding.
    """

    questions: Mapping[str, SheetRow] = field(default_factory=dict)
    options: Mapping[tuple[str, str], SheetRow] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()
    unused: Mapping[str, tuple[tuple[Choice, SheetRow], ...]] = field(default_factory=dict)

    def place(self, question: str, column: str, language: str = "") -> Place | None:
        """Return the cell of a question, None if its row is not known."""
        row = self.questions.get(question)
        return None if row is None else row.at(column, language)

    def place_of_option(self, question: str, option: str, column: str, language: str = "") -> Place | None:
        """Return the cell of an option, None of one that has no row."""
        row = self.options.get((question, option))
        return None if row is None else row.at(column, language)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a workbook holds; a `form` with errors among `problems` is there to be looked at and must not be asked."""

    form: Form
    problems: tuple[Problem, ...]
    rows: Rows

    @property
    def refused(self) -> bool:
        """Whether anything makes the form unusable."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)
