"""Answers laid out for estimating: who chose every option, who is satisfied, and every number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from surveys.questionnaire.form import Form, Kind, Question
from surveys.statistics.analysis import Respondent
from surveys.statistics.dont_know import dont_know
from surveys.statistics.shares import Share

if TYPE_CHECKING:
    from surveys.statistics.shares import Positions

SELECTS = frozenset({Kind.SELECT_ONE, Kind.SELECT_MULTIPLE})
NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL})


@dataclass(frozen=True, slots=True)
class Tabulated:
    """The answers to one question, by the positions of the respondents handed in who gave them, in order.

    A selection is the names chosen, a number is itself as text, anything else its text. `people` counts all handed
    in. `late` answers came after the close, `unusable` ones name no option or are no number; both are left out.
    """

    question: Question
    people: int
    positions: Mapping[tuple[str, ...], Sequence[int]]
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

    def is_satisfied(self, answer: tuple[str, ...]) -> bool:
        """Whether an answer names one of the satisfied options."""
        return not set(self.satisfied).isdisjoint(answer)

    def where(self, fits: Callable[[tuple[str, ...]], bool] = lambda _: True) -> Positions:
        """Return the positions of those whose answer fits, in order."""
        import numpy as np

        found = [np.asarray(places, dtype=np.intp) for answer, places in self.positions.items() if fits(answer)]
        return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.intp)

    def numbers(self) -> list[float | None]:
        """Return everybody's number, None for those without one."""
        found: list[float | None] = [None] * self.people
        for answer, places in self.positions.items():
            value = float(answer[0])
            for place in places:
                found[place] = value
        return found

    def shares(self) -> Mapping[str, Share]:
        """Return the share of every option, and of the satisfied by both denominators, under the names made below.

        An option's share is among all who answered, don't-know included.
        """
        if not self.has_options:
            return {}
        question, answered = self.question, self.where()
        found = {
            option_column(question.name, choice.name): Share(self.where(lambda a, c=choice: c.name in a), answered)  # type: ignore[misc] # mypy cannot infer a lambda with a default
            for choice in question.choices
        }
        if self.satisfied:
            satisfied = self.where(self.is_satisfied)
            opinions = self.where(lambda answer: not self.no_opinion(answer))
            # Who chose a satisfied option has an opinion, even where the same option counts as "don't know".
            found[opinions_column(question.name)] = Share(
                self.where(lambda answer: self.is_satisfied(answer) and not self.no_opinion(answer)), opinions
            )
            found[answers_column(question.name)] = Share(satisfied, answered)
        return found


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
    """Lay out every question a resident may be asked, in the form's order.

    Questions inside a repeat have no one answer of a respondent: ratings of units are scored (surveys/scoring).
    """
    return tuple(tabulate_question(form, question, respondents) for question in form.asked if not question.repeats)


def tabulate_question(form: Form, question: Question, respondents: Sequence[Respondent]) -> Tabulated:
    """Lay out the answers to one question; every distinct text is read once."""
    said: dict[str, list[int]] = {}
    late, name = 0, question.name
    for position, person in enumerate(respondents):
        value = person.values.get(name)
        if not value:
            continue
        if name in person.late:
            late += bool(value.strip())
        elif value in said:
            said[value].append(position)
        else:
            said[value] = [position]
    positions: dict[tuple[str, ...], list[int]] = {}
    unusable = 0
    for value, places in said.items():
        text = value.strip()
        answer = read_answer(question, text) if text else None
        if answer is not None:
            positions.setdefault(answer, []).extend(places)
        elif text:
            unusable += len(places)
    known = {choice.name for choice in question.choices}
    return Tabulated(
        question=question,
        people=len(respondents),
        positions=positions,
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
