"""Which questions are ratings, and how far up its scale each answer stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.statistics.dont_know import is_dont_know

#: A question with more steps than this is a quantity rather than a rating.
MOST_STEPS = 11


@dataclass(frozen=True, slots=True)
class Ladder:
    """The scale of one rating question: answer → step, 0 the worst; `best` is the highest step.

    Answers without a step (don't know, refused) are no opinion.
    """

    steps: Mapping[str, int]
    best: int


def ladders(form: Form) -> dict[str, Ladder]:
    """Return the scales of all rating questions, by the name of their row, in the form's order.

    A selection is a rating if its choices have points, or some of them count as satisfied; a range is one if it has
    at most MOST_STEPS steps. Points say which choice is better; without them the order of the choices does, the
    satisfied ones standing at the better end.
    """
    found = {question.name: ladder(form, question) for question in form.asked}
    return {name: scale for name, scale in found.items() if scale is not None}


def ladder(form: Form, question: Question) -> Ladder | None:
    """Return the scale of one question, None if it is no rating."""
    if question.kind is Kind.SELECT_ONE:
        return _of_choices(question.choices, form.satisfied.get(question.name, ()))
    if question.kind is Kind.INTEGER:
        return _of_range(question.parameters)
    return None


def _of_choices(choices: Sequence[Choice], satisfied: Sequence[str]) -> Ladder | None:
    opinions = [choice for choice in choices if not is_dont_know(choice)]
    pointed = {choice.name: choice.points for choice in opinions if choice.points is not None}
    if len(set(pointed.values())) > 1:
        order = sorted(set(pointed.values()))
        return Ladder({name: order.index(points) for name, points in pointed.items()}, len(order) - 1)
    good = [place for place, choice in enumerate(opinions) if choice.name in satisfied]
    rest = [place for place, choice in enumerate(opinions) if choice.name not in satisfied]
    if not good or not rest:
        return None
    # 满意 … 不满意 as questionnaires mostly write it, or the other way round.
    best_first = sum(good) / len(good) < sum(rest) / len(rest)
    top = len(opinions) - 1
    names = [choice.name for choice in opinions]
    return Ladder({name: top - place if best_first else place for place, name in enumerate(names)}, top)


def _of_range(parameters: Mapping[str, str]) -> Ladder | None:
    try:
        start, end, step = (int(parameters.get(name, default)) for name, default in _RANGE)
    except ValueError:
        return None
    if step < 1 or not start < end <= start + step * (MOST_STEPS - 1):
        return None
    values = range(start, end + 1, step)
    return Ladder({str(value): place for place, value in enumerate(values)}, len(values) - 1)


_RANGE = (("start", ""), ("end", ""), ("step", "1"))
