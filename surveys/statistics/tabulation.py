"""Answers laid out for estimating: one column of numbers for every option, satisfied share and mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from surveys.questionnaire.form import Form, Kind, Question
from surveys.statistics.analysis import Respondent
from surveys.statistics.dont_know import dont_know

SELECTS = frozenset({Kind.SELECT_ONE, Kind.SELECT_MULTIPLE})
NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL})


@dataclass(frozen=True, slots=True)
class Tabulated:
    """The answers to one question, aligned with the respondents handed in; None where there is no usable one.

    A selection is the names chosen, a number is itself as text, anything else its text. `late` answers came after
    the close, `unusable` ones name no option or are no number; both are left out.
    """

    question: Question
    answers: tuple[tuple[str, ...] | None, ...]
    late: int
    unusable: int
    dont_know: frozenset[str]
    satisfied: tuple[str, ...]

    @property
    def has_options(self) -> bool:
        """Whether answers are choices from a list."""
        return self.question.kind in SELECTS

    @property
    def has_numbers(self) -> bool:
        """Whether answers are numbers."""
        return self.question.kind in NUMBERS

    def no_opinion(self, answer: tuple[str, ...]) -> bool:
        """Whether an answer says nothing but "don't know"."""
        return bool(self.dont_know) and self.dont_know.issuperset(answer)

    def option(self, name: str) -> list[float | None]:
        """Return 1 for those who chose the option, 0 for the others who answered, don't-know included."""
        return [None if answer is None else float(name in answer) for answer in self.answers]

    def satisfied_of_answers(self) -> list[float | None]:
        """Return 1 for the satisfied, 0 for all others who answered, don't-know included."""
        return [None if answer is None else self._satisfied(answer) for answer in self.answers]

    def satisfied_of_opinions(self) -> list[float | None]:
        """Return 1 for the satisfied, 0 for the others who gave an opinion."""
        return [
            None if answer is None or self.no_opinion(answer) else self._satisfied(answer) for answer in self.answers
        ]

    def numbers(self) -> list[float | None]:
        """Return the numbers themselves."""
        return [None if answer is None else float(answer[0]) for answer in self.answers]

    def columns(self) -> Mapping[str, list[float | None]]:
        """Return every column to estimate from, under the names the functions below make."""
        if self.has_numbers:
            return {mean_column(self.question.name): self.numbers()}
        if not self.has_options:
            return {}
        laid_out = {option_column(self.question.name, c.name): self.option(c.name) for c in self.question.choices}
        if self.satisfied:
            laid_out[opinions_column(self.question.name)] = self.satisfied_of_opinions()
            laid_out[answers_column(self.question.name)] = self.satisfied_of_answers()
        return laid_out

    def _satisfied(self, answer: tuple[str, ...]) -> float:
        return float(not set(self.satisfied).isdisjoint(answer))


def option_column(question: str, option: str) -> str:
    """Name the column of one option."""
    return f"{question}/option/{option}"


def opinions_column(question: str) -> str:
    """Name the column of the satisfied among those with an opinion."""
    return f"{question}/satisfied/opinions"


def answers_column(question: str) -> str:
    """Name the column of the satisfied among all who answered."""
    return f"{question}/satisfied/answers"


def mean_column(question: str) -> str:
    """Name the column of a number question."""
    return f"{question}/mean"


def tabulate(form: Form, respondents: Sequence[Respondent]) -> tuple[Tabulated, ...]:
    """Lay out every question a resident may be asked, in the form's order."""
    return tuple(tabulate_question(form, question, respondents) for question in form.asked)


def tabulate_question(form: Form, question: Question, respondents: Sequence[Respondent]) -> Tabulated:
    """Lay out the answers to one question."""
    answers: list[tuple[str, ...] | None] = []
    late = unusable = 0
    for person in respondents:
        value = person.values.get(question.name, "").strip()
        if not value:
            answers.append(None)
        elif question.name in person.late:
            late += 1
            answers.append(None)
        else:
            answer = read_answer(question, value)
            unusable += answer is None
            answers.append(answer)
    known = {choice.name for choice in question.choices}
    return Tabulated(
        question=question,
        answers=tuple(answers),
        late=late,
        unusable=unusable,
        dont_know=dont_know(question) if question.kind in SELECTS else frozenset(),
        satisfied=tuple(name for name in form.satisfied.get(question.name, ()) if name in known),
    )


def read_answer(question: Question, value: str) -> tuple[str, ...] | None:
    """Return what a stored answer says, None if it fits no option or is no finite number."""
    if question.kind is Kind.SELECT_ONE:
        return (value,) if question.choice(value) else None
    if question.kind is Kind.SELECT_MULTIPLE:
        chosen = tuple(name for name in dict.fromkeys(value.split()) if question.choice(name))
        return chosen or None
    if question.kind in NUMBERS:
        try:
            return (value,) if isfinite(float(value)) else None
        except ValueError:
            return None
    return (value,)
