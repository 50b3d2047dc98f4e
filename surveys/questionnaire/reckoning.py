"""What is computed in a form with repeats: how many instances there are, and the calculations of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from surveys.kept import Kept
from surveys.questionnaire.answers import Answers
from surveys.questionnaire.expression import compile_expression
from surveys.questionnaire.form import Form, Kind, Question, Repeat
from surveys.questionnaire.keys import Indices, count_key, is_count, key, row_of
from surveys.questionnaire.repeats import SHAPES, UNIT, bounded

#: How often everything is reckoned anew to come to rest, where a number of instances follows from what is behind it.
ROUNDS = 3

Calculate = Callable[[Form, Question, Mapping[str, str], datetime, Answers | None], str]


@dataclass(frozen=True, slots=True)
class _Order:
    """What is computed, in order: a repeat's number of instances, or calculations that stand in the same repeat."""

    steps: tuple[Repeat | tuple[Question, ...], ...]


def _order(form: Form) -> _Order:
    made = [question for question in form.questions if question.kind in {Kind.HIDDEN, Kind.CALCULATE}]
    begins = {
        repeat.name: next((i for i, q in enumerate(form.questions) if repeat.name in q.repeats), len(form.questions))
        for repeat in form.repeats
    }
    places = {question.name: place for place, question in enumerate(form.questions)}
    items: list[tuple[float, Repeat | Question]] = [(places[question.name], question) for question in made]
    items += [(begins[r.name] - 0.5, r) for r in form.repeats if r.count or r.name == UNIT]
    # Several repeats may begin with the same question: the outer one stands first, as in the form.
    ordered = [item for _, item in sorted(items, key=lambda pair: pair[0])]
    steps: list[Repeat | tuple[Question, ...]] = []
    for alike, group in groupby(ordered, lambda item: None if isinstance(item, Repeat) else item.repeats):
        if alike is None:
            steps += [item for item in group if isinstance(item, Repeat)]
        else:
            steps.append(tuple(item for item in group if isinstance(item, Question)))
    return _Order(tuple(steps))


_ORDERS = Kept(_order)


def reckoned(
    form: Form, values: Mapping[str, str], given: Mapping[str, str], now: datetime, calculate: Calculate
) -> dict[str, str]:
    """Return the values with what is given, every number of instances and every calculation; what is gone is left out.

    `calculate` returns what the calculation of one question comes to.
    """
    filled = dict(values)
    for _ in range(ROUNDS):
        before = dict(filled)
        _Reckoning(form, filled, given, now, calculate).run()
        if before == filled:
            break
    return filled


def given_from_outside(name: str, hidden: Collection[str]) -> bool:
    """Whether a key holds something given: a hidden row, in any language, or how many units there are."""
    return name == count_key(UNIT, ()) or row_of(name).partition(":")[0] in hidden


class _Reckoning:
    """One round over everything that is computed."""

    def __init__(
        self, form: Form, filled: dict[str, str], given: Mapping[str, str], now: datetime, calculate: Calculate
    ) -> None:
        self.form, self.filled, self.given, self.now, self.calculate = form, filled, given, now, calculate
        self.shape = SHAPES.of(form)
        self.answers = Answers(form, filled)
        self.made: set[str] = set()

    def run(self) -> None:
        """Compute everything once, and forget what belongs to instances that are gone."""
        computed = set()
        for step in _ORDERS.of(self.form).steps:
            if isinstance(step, Repeat):
                for outer in self.shape.instances(step.parents, self.filled):
                    self._put(count_key(step.name, outer), str(self._count(step, outer)))
                computed.add(step.name)
                continue
            computed |= {question.name for question in step}
            for indices in self.shape.instances(step[0].repeats, self.filled):
                for question in step:
                    self._row(question, indices)
        for name in [name for name in self.filled if name not in self.made and self._computed(name, computed)]:
            del self.filled[name]

    def _computed(self, name: str, computed: Collection[str]) -> bool:
        return row_of(name).partition(":")[0] in computed and (is_count(name) or row_of(name) not in self.shape.repeats)

    def _count(self, repeat: Repeat, outer: Indices) -> int:
        name = count_key(repeat.name, outer)
        if not repeat.count:
            return bounded(self.given.get(name, self.filled.get(name, "")))
        seen = self.answers.seen_from(name)
        return bounded(compile_expression(repeat.count).text(seen, self.now, self.filled.get(name, "")))

    def _row(self, question: Question, indices: Indices) -> None:
        name = key(question.name, indices)
        if question.kind is Kind.HIDDEN or (indices and name in self.given):
            for language in self.form.languages:
                spoken = key(f"{question.name}:{language}", indices)
                self._put(spoken, self.given.get(spoken, ""))
            said = self.given.get(name, "")
        else:
            said = ""
        one = self.shape.question(name)
        self._put(name, said or self.calculate(self.form, one, self.filled, self.now, self.answers))

    def _put(self, name: str, value: str) -> None:
        self.made.add(name)
        if self.filled.get(name, "") == value:
            return
        if value:
            self.filled[name] = value
        else:
            self.filled.pop(name, None)
        self.answers.changed("" if is_count(name) else name)
