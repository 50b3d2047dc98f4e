"""Questions nobody can ever be asked, because their condition holds for no answers at all.

Every combination of answers that can make a difference is tried: all choices of the questions a condition looks at,
the numbers it compares with and their neighbours. Where there are too many, or a function is used whose result the
answers alone do not decide, nothing is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import combinations, pairwise, product

from surveys.language import message
from surveys.problem import Problem, Severity
from surveys.questionnaire.expression import compile_expression
from surveys.questionnaire.form import ASKED, Form, Kind, Question

#: Combinations tried for one question, and choices of a select_multiple whose every selection is tried.
MOST_COMBINATIONS, MOST_SELECTED = 20_000, 6
#: Functions that answers alone decide, over the values that are tried here.
DECIDED = frozenset({"selected", "not", "true", "false", "if", "coalesce", "boolean"})

_FUNCTION = re.compile(r"([A-Za-z][\w:.\-]*)\s*\(")
_OPERATORS = frozenset({"and", "or", "div", "mod"})
_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NUMBER = re.compile(r"(?<![\w.'\"])\d+(?:\.\d+)?(?![\w'\"])")
_NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL})


def unreachable(form: Form, now: datetime) -> tuple[Problem, ...]:
    """Return a warning for each question and note that no answers lead to."""
    known = {question.name: question for question in form.questions}
    found = []
    for question in form.questions:
        if question.kind in {Kind.CALCULATE, Kind.HIDDEN} or not question.relevant:
            continue
        if _never(question, known, now):
            found.append(
                Problem(
                    "unreachable",
                    message("“{name}” is never asked: its condition can hold for no answers.", name=question.name),
                    message("Correct the condition, or that of its group."),
                    sheet="survey",
                    row=question.row,
                    field="relevant",
                    severity=Severity.WARNING,
                )
            )
    return tuple(found)


def unanswerable(form: Form, now: datetime) -> tuple[Problem, ...]:
    """Return an error for each number whose constraint no number satisfies."""
    found = []
    for question in form.questions:
        source = question.constraint
        if question.kind not in _NUMBERS or not source or not _decided(source) or compile_expression(source).names:
            continue
        numbers = sorted({float(n) for n in _NUMBER.findall(source)})
        values = [value for value in _values(question, [], numbers) if value]
        values += [f"-{value}" for value in values if not value.startswith("-")]
        if not any(_holds(source, {}, now, value) for value in values):
            found.append(
                Problem(
                    "unanswerable",
                    message("No number satisfies the constraint of “{name}”.", name=question.name),
                    message("Correct it, for example . >= 1 and . <= 10."),
                    sheet="survey",
                    row=question.row,
                    field="constraint",
                )
            )
    return tuple(found)


def _never(question: Question, known: Mapping[str, Question], now: datetime) -> bool:
    names = _behind(question.relevant, known)
    if names is None:
        return False
    conditions = [question.relevant, *(known[name].relevant for name in names), *(known[n].constraint for n in names)]
    if any(not _decided(condition) for condition in conditions if condition):
        return False
    literals = [a or b for condition in conditions for a, b in _LITERAL.findall(condition)]
    numbers = sorted({float(n) for condition in conditions for n in _NUMBER.findall(condition)})
    tried: list[tuple[str, ...]] = []
    size = 1
    for name in names:
        values = _values(known[name], literals, numbers)
        size *= len(values)
        if not values or size > MOST_COMBINATIONS:
            return False
        tried.append(values)
    return not any(
        _holds(question.relevant, values, now) and _consistent(values, known, now)
        for values in (dict(zip(names, combination, strict=True)) for combination in product(*tried))
    )


def _behind(source: str, known: Mapping[str, Question]) -> list[str] | None:
    """Return the names a condition looks at, with those their own conditions look at; None if nothing can be said."""
    names: list[str] = []
    waiting = sorted(compile_expression(source).names)
    while waiting:
        name = waiting.pop(0)
        if name in names:
            continue
        asked = known.get(name)
        if asked is None or asked.kind not in ASKED or asked.choice_filter:
            return None
        names.append(name)
        if asked.relevant:
            waiting += sorted(compile_expression(asked.relevant).names)
    return names


def _decided(condition: str) -> bool:
    bare = _LITERAL.sub("''", condition)
    called = {name for name in _FUNCTION.findall(bare) if name not in _OPERATORS}
    # Sums of answers have more values than those tried; a minus may also stand in a name.
    return called <= DECIDED and not re.search(r"[+*]|\s-|\bdiv\b|\bmod\b", re.sub(r"\$\{[^{}]*\}", "x", bare))


def _values(question: Question, literals: list[str], numbers: list[float]) -> tuple[str, ...]:
    """Return the answers that can make a difference, '' for none among them; nothing if that cannot be told."""
    match question.kind:
        case Kind.SELECT_ONE:
            # A list that could not be read says nothing.
            return ("", *(choice.name for choice in question.choices)) if question.choices else ()
        case Kind.SELECT_MULTIPLE:
            chosen = [choice.name for choice in question.choices]
            if len(chosen) > MOST_SELECTED:
                spoken = [name for name in chosen if name in literals]
                silent = next((name for name in chosen if name not in literals), "")
                chosen = [*spoken, silent] if silent else spoken
            if len(chosen) > MOST_SELECTED:
                return ()
            return tuple(" ".join(some) for count in range(len(chosen) + 1) for some in combinations(chosen, count))
        case kind if kind in _NUMBERS:
            around = {value + by for value in (*numbers, 0.0) for by in (-1.0, 0.0, 1.0)}
            between = {(low + high) / 2 for low, high in pairwise(numbers)}
            fitting = around | between
            return ("", *(f"{value:g}" for value in sorted(fitting) if kind is Kind.DECIMAL or value.is_integer()))
        case Kind.TEXT:
            return ("", *dict.fromkeys(literal for literal in literals if literal), "something else")
        case _:
            return ()


def _holds(source: str, values: Mapping[str, str], now: datetime, current: str = "") -> bool:
    return compile_expression(source).boolean(values, now, current)


def _consistent(values: Mapping[str, str], known: Mapping[str, Question], now: datetime) -> bool:
    """Whether each of the answers may be given together with the others."""
    return all(_may_be_given(known[name], value, values, now) for name, value in _given(values))


def _given(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in values.items() if value)


def _may_be_given(question: Question, value: str, values: Mapping[str, str], now: datetime) -> bool:
    if question.relevant and not _holds(question.relevant, values, now, value):
        return False
    return not question.constraint or _holds(question.constraint, values, now, value)
