"""Walking through a form: what is asked next, what is computed, what an answer must satisfy.

Nothing is remembered here. `values` are answers as XForms text by question name; `now` is the aware local time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from surveys.kept import Kept
from surveys.language import CHINESE, translate
from surveys.questionnaire.expression import Labels, compile_expression
from surveys.questionnaire.form import ASKED, Form, Kind, Question, in_language

_REFERENCE = re.compile(r"\$\{\s*([^{}]+?)\s*\}")
_SELECTS = frozenset({Kind.SELECT_ONE, Kind.SELECT_MULTIPLE})


@dataclass(frozen=True, slots=True)
class _Steps:
    """A form seen as a walk: where each question stands, which are made, which apply only sometimes."""

    places: Mapping[str, int]
    made: tuple[Question, ...]  # hidden and calculated ones
    asked: tuple[tuple[int, Question, bool], ...]  # place, question, whether it applies only sometimes
    sometimes: tuple[Question, ...]  # of the asked


def _steps(form: Form) -> _Steps:
    asked = tuple(
        (place, question, bool(question.relevant or question.choice_filter))
        for place, question in enumerate(form.questions)
        if question.kind in ASKED
    )
    return _Steps(
        places={question.name: place for place, question in reversed(tuple(enumerate(form.questions)))},
        made=tuple(q for q in form.questions if q.kind in {Kind.HIDDEN, Kind.CALCULATE}),
        asked=asked,
        sometimes=tuple(question for _, question, sometimes in asked if sometimes),
    )


_STEPS = Kept(_steps)


def relevant(form: Form, question: Question, values: Mapping[str, str], now: datetime) -> bool:
    """Return whether the question applies: its and its groups' conditions hold, and some option is left to offer."""
    if question.relevant and not compile_expression(question.relevant).boolean(
        values, now, values.get(question.name, ""), labels=_labels(form, "")
    ):
        return False
    if not question.choice_filter:
        return True
    return any(not choice.hidden for choice in narrowed(question, values, now).choices)


def narrowed(question: Question, values: Mapping[str, str], now: datetime) -> Question:
    """Return the question with the choices that its filter offers now (hidden ones too)."""
    if not question.choice_filter:
        return question
    offered = compile_expression(question.choice_filter)
    choices = tuple(
        choice
        for choice in question.choices
        if offered.boolean(values, now, columns={"name": choice.name, **choice.columns})
    )
    return replace(question, choices=choices)


def open_question(form: Form, name: str, values: Mapping[str, str], now: datetime) -> Question:
    """Return the question called `name` as it is put now; KeyError if the form has none."""
    return narrowed(form.questions[_STEPS.of(form).places[name]], values, now)


def next_question(
    form: Form, values: Mapping[str, str], after: str, now: datetime, skipped: Collection[str] = ()
) -> tuple[tuple[Question, ...], Question | None]:
    """Return the notes on the way, and the first applicable question after `after` with neither answer nor skip.

    `after` '' means the start. None as the question means the end. KeyError if the form has no question `after`.
    """
    notes = []
    for question in form.questions[_place(form, after) + 1 :]:
        if question.kind is Kind.NOTE:
            if relevant(form, question, values, now):
                notes.append(question)
            continue
        if question.kind not in ASKED or question.name in skipped or values.get(question.name):
            continue
        if relevant(form, question, values, now):
            return tuple(notes), narrowed(question, values, now)
    return tuple(notes), None


def computed(form: Form, values: Mapping[str, str], given: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Return the values with hidden questions filled from `given` and every calculation made anew.

    A calculation that does not apply, or whose result is empty, has no value.
    """
    filled = dict(values)
    for question in _STEPS.of(form).made:
        value = given.get(question.name, "") if question.kind is Kind.HIDDEN else ""
        if not value and question.calculation and relevant(form, question, filled, now):
            value = compile_expression(question.calculation).text(
                filled, now, values.get(question.name, ""), labels=_labels(form, "")
            )
        if value:
            filled[question.name] = value
        else:
            filled.pop(question.name, None)
    return filled


def check(  # noqa: PLR0917 - a decision takes everything it depends on as arguments
    form: Form, question: Question, value: str, values: Mapping[str, str], now: datetime, language: str
) -> str | None:
    """Return why `value` cannot be the answer, in the resident's language, or None if it can.

    '' is no answer: refused if the question is required, and then no constraint is looked at (as XForms does).
    """
    labels = _labels(form, language)
    if not value:
        if not question.required or not compile_expression(question.required).boolean(values, now, labels=labels):
            return None
        said = in_language(question.required_messages, language)
        return fill(said, form, values, language) or translate(language, "This question needs an answer.")
    fits = question.kind not in _SELECTS or _offered(narrowed(question, values, now), value)
    if fits and (
        not question.constraint
        or compile_expression(question.constraint).boolean({**values, question.name: value}, now, value, labels=labels)
    ):
        return None
    said = in_language(question.constraint_messages, language)
    return fill(said, form, values, language) or translate(language, "That does not fit the question.")


def progress(form: Form, values: Mapping[str, str], position: str, now: datetime) -> tuple[int, int]:
    """Return (k, n): the question at `position` is the k-th of the n that apply as far as is known now."""
    here = _place(form, position)
    k = n = 0
    for place, question, sometimes in _STEPS.of(form).asked:
        if not sometimes or place == here or relevant(form, question, values, now):
            n += 1
            k += place <= here
    return k, n


def prune(form: Form, values: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Return the values without answers to what no longer applies, or chosen from options no longer offered.

    An answer that goes may take others with it, so it is looked again until nothing goes.
    """
    kept = dict(values)
    while True:
        gone = [question.name for question in _STEPS.of(form).sometimes if _stale(form, question, kept, now)]
        if not gone:
            return kept
        for name in gone:
            kept.pop(name, None)
            kept.pop(f"{name}_other", None)
        kept = computed(form, kept, _hidden(form, kept), now)


def fill(text: str, form: Form, values: Mapping[str, str], language: str) -> str:
    """Return the text with each `${name}` replaced by its answer: of a choice, the label in `language`."""
    if "${" not in text:
        return text
    questions = {question.name: question for question in form.questions}

    def answer(reference: re.Match[str]) -> str:
        name = reference[1]
        value = values.get(name, "")
        question = questions.get(name)
        if question is None or question.kind not in _SELECTS:
            return value
        return label_of(question, value, language)

    return _REFERENCE.sub(answer, text)


def label_of(question: Question, value: str, language: str) -> str:
    """Return the labels of the chosen names, joined as one says it in `language`."""
    names = value.split() if question.kind is Kind.SELECT_MULTIPLE else [value]
    labels = []
    for name in filter(None, names):
        choice = question.choice(name)
        labels.append(choice.label(language) if choice else name)
    return ("、" if language == CHINESE else ", ").join(labels)


def _stale(form: Form, question: Question, values: Mapping[str, str], now: datetime) -> bool:
    value = values.get(question.name, "")
    if not value:
        return False
    if not relevant(form, question, values, now):
        return True
    return bool(question.choice_filter) and not _offered(narrowed(question, values, now), value)


def _offered(question: Question, value: str) -> bool:
    names = value.split() if question.kind is Kind.SELECT_MULTIPLE else [value]
    return all(question.choice(name) is not None for name in names)


def _hidden(form: Form, values: Mapping[str, str]) -> dict[str, str]:
    return {q.name: values[q.name] for q in form.questions if q.kind is Kind.HIDDEN and q.name in values}


def _place(form: Form, name: str) -> int:
    """Return the index of the question, -1 for ''."""
    return _STEPS.of(form).places[name] if name else -1


def _labels(form: Form, language: str) -> Labels:
    """Return what jr:choice-name asks: the label of a choice, in the form's own language unless another is given."""

    def label(question: str, value: str) -> str:
        for candidate in form.questions:
            if candidate.name == question:
                return label_of(candidate, value, language or form.default_language)
        return value

    return label
