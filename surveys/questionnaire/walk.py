"""Walking through a form: what is asked next, what is computed, what an answer must satisfy.

Nothing is remembered here. `values` are answers as XForms text by question name, inside a repeat by the key of the
instance; `now` is the aware local time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from surveys.kept import Kept
from surveys.language import CHINESE, translate
from surveys.questionnaire.answers import Answers
from surveys.questionnaire.expression import Expression, Labels, compile_expression
from surveys.questionnaire.form import ASKED, OF_CHOICES, Form, Kind, Question, in_language
from surveys.questionnaire.keys import is_more, other_key, parted, row_of
from surveys.questionnaire.reckoning import given_from_outside, reckoned
from surveys.questionnaire.repeats import SHAPES
from surveys.questionnaire.told import told

_REFERENCE = re.compile(r"\$\{\s*([^{}]+?)\s*\}")


@dataclass(frozen=True, slots=True)
class Steps:
    """A form seen as a walk: where each question stands, which are made, which apply only sometimes."""

    places: Mapping[str, int]
    made: tuple[Question, ...]  # hidden and calculated ones
    asked: tuple[tuple[int, Question, bool], ...]  # place, question, whether it applies only sometimes
    sometimes: tuple[Question, ...]  # of the asked


def _steps(form: Form) -> Steps:
    asked = tuple(
        (place, question, bool(question.relevant or question.choice_filter))
        for place, question in enumerate(form.questions)
        if question.kind in ASKED
    )
    return Steps(
        places={question.name: place for place, question in reversed(tuple(enumerate(form.questions)))},
        made=tuple(q for q in form.questions if q.kind in {Kind.HIDDEN, Kind.CALCULATE}),
        asked=asked,
        sometimes=tuple(question for _, question, sometimes in asked if sometimes),
    )


STEPS = Kept(_steps)


def relevant(
    form: Form, question: Question, values: Mapping[str, str], now: datetime, answers: Answers | None = None
) -> bool:
    """Return whether the question applies: its and its groups' conditions hold, and some option is left to offer.

    `answers` may hold the same values, so that several questions are looked at together.
    """
    if question.relevant:
        condition = compile_expression(question.relevant)
        seen = _seen(form, question.name, values, condition, answers)
        labels = _labels(form, "") if condition.of_labels else None
        if not condition.boolean(seen, now, values.get(question.name, ""), labels=labels):
            return False
    if not question.choice_filter:
        return True
    return any(not choice.hidden for choice in _narrowed(form, question, values, now, answers).choices)


def _seen(
    form: Form, name: str, values: Mapping[str, str], expression: Expression, answers: Answers | None = None
) -> Mapping[str, str]:
    """Return the values as an expression of the question `name` sees them."""
    if not form.repeats and not expression.around:
        return values
    return (answers or Answers(form, values)).seen_from(name)


def _narrowed(
    form: Form, question: Question, values: Mapping[str, str], now: datetime, answers: Answers | None = None
) -> Question:
    """Return the question with the choices that its filter offers now (hidden ones too)."""
    if not question.choice_filter:
        return question
    offered = compile_expression(question.choice_filter)
    seen = _seen(form, question.name, values, offered, answers)
    choices = tuple(
        choice
        for choice in question.choices
        if offered.boolean(seen, now, columns={"name": choice.name, **choice.columns})
    )
    return replace(question, choices=choices)


def open_question(form: Form, name: str, values: Mapping[str, str], now: datetime) -> Question:
    """Return the question called `name` as it is put now; KeyError if the form has none."""
    question = SHAPES.of(form).question(name) if "@" in name else form.questions[STEPS.of(form).places[name]]
    return _narrowed(form, question, values, now)


def next_question(
    form: Form, values: Mapping[str, str], after: str, now: datetime, skipped: Collection[str] = ()
) -> tuple[tuple[Question, ...], Question | None]:
    """Return the notes on the way, and the first applicable question after `after` with neither answer nor skip.

    `after` '' means the start. None as the question means the end. KeyError if the form has no question `after`.
    """
    notes = []
    answers = Answers(form, values)
    rows = rows_of(form, values)
    for question in rows[place_of(form, after, rows) + 1 :]:
        if question.kind is Kind.NOTE:
            if relevant(form, question, values, now, answers):
                notes.append(question)
            continue
        if question.kind not in ASKED or question.name in skipped or values.get(question.name):
            continue
        if relevant(form, question, values, now, answers):
            return tuple(notes), _narrowed(form, question, values, now, answers)
    return tuple(notes), None


def computed(form: Form, values: Mapping[str, str], given: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Return the values with hidden questions filled from `given` and every calculation made anew.

    A calculation that does not apply, or whose result is empty, has no value.
    """
    if form.repeats:
        return reckoned(form, values, given, now, _calculated)
    filled = dict(values)
    for question in STEPS.of(form).made:
        value = given.get(question.name, "") if question.kind is Kind.HIDDEN else ""
        value = value or _calculated(form, question, filled, now, None)
        if value:
            filled[question.name] = value
        else:
            filled.pop(question.name, None)
    return filled


def _calculated(
    form: Form, question: Question, values: Mapping[str, str], now: datetime, answers: Answers | None
) -> str:
    """Return what the calculation of a question comes to, '' if it does not apply."""
    if not question.calculation or not relevant(form, question, values, now, answers):
        return ""
    calculation = compile_expression(question.calculation)
    seen = _seen(form, question.name, values, calculation, answers)
    return calculation.text(seen, now, values.get(question.name, ""), labels=_labels(form, ""))


def check(  # noqa: PLR0917 - a decision takes everything it depends on as arguments
    form: Form, question: Question, value: str, values: Mapping[str, str], now: datetime, language: str
) -> str | None:
    """Return why `value` cannot be the answer, in the resident's language, or None if it can.

    '' is no answer: refused if the question is required, and then no constraint is looked at (as XForms does).
    """
    labels = _labels(form, language)
    name = question.name
    if not value:
        required = compile_expression(question.required) if question.required else None
        if not required or not required.boolean(_seen(form, name, values, required), now, labels=labels):
            return None
        said = in_language(question.required_messages, language)
        return fill(said, form, values, language, name) or translate(language, "This question needs an answer.")
    fits = question.kind not in OF_CHOICES or _offered(_narrowed(form, question, values, now), value)
    if fits and question.constraint:
        constraint = compile_expression(question.constraint)
        seen = _seen(form, name, {**values, name: value}, constraint)
        fits = constraint.boolean(seen, now, value, labels=labels)
    if fits:
        return None
    said = in_language(question.constraint_messages, language)
    return fill(said, form, values, language, name) or translate(language, "That does not fit the question.")


def suggested(form: Form, question: Question, values: Mapping[str, str], now: datetime) -> str:
    """Return the answer that the default of a question suggests, '' if there is none or it could not be the answer."""
    if not question.default:
        return ""
    default = compile_expression(question.default)
    value = default.text(_seen(form, question.name, values, default), now, labels=_labels(form, ""))
    return value if value and check(form, question, value, values, now, "") is None else ""


def prune(form: Form, values: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Return the values without answers to what no longer applies, or chosen from options no longer offered.

    An answer that goes may take others with it, so it is looked again until nothing goes.
    """
    kept = dict(values)
    while True:
        gone = _gone(form, kept, now)
        if not gone:
            return kept
        for name in gone:
            kept.pop(name, None)
            kept.pop(other_key(name), None)
        kept = computed(form, kept, _hidden(form, kept), now)


def _gone(form: Form, values: Mapping[str, str], now: datetime) -> list[str]:
    answers = Answers(form, values)
    if not form.repeats:
        return [q.name for q in STEPS.of(form).sometimes if _stale(form, q, values, now, answers)]
    asked = {question.name for question in form.questions if question.kind in ASKED}
    standing = {question.name: question for question in rows_of(form, values)}
    gone = [
        name for name in values if "@" in name and (is_more(name) or row_of(name) in asked) and name not in standing
    ]
    return gone + [name for name, q in standing.items() if name in values and _stale(form, q, values, now, answers)]


def fill(text: str, form: Form, values: Mapping[str, str], language: str, name: str = "") -> str:
    """Return the text with each `${name}` replaced by its answer: of a choice, the label in `language`.

    `name` is the question that the text belongs to: inside a repeat it speaks of its own instance.
    """
    if "${" not in text:
        return text
    questions = {question.name: question for question in form.questions}
    seen = Answers(form, values).seen_from(name) if form.repeats else values

    def answer(reference: re.Match[str]) -> str:
        row = reference[1]
        value = seen.get(f"{row}:{language}", "") or seen.get(row, "")
        question = questions.get(row)
        if question is None or question.kind not in OF_CHOICES:
            return value
        return label_of(question, value, language)

    return _REFERENCE.sub(answer, text)


def label_of(question: Question, value: str, language: str) -> str:
    """Return the labels of the chosen names, joined as one says it in `language`."""
    names = [value] if question.kind is Kind.SELECT_ONE else value.split()
    labels = []
    for name in filter(None, names):
        choice = question.choice(name)
        labels.append(choice.label(language) if choice else name)
    return ("、" if language == CHINESE else ", ").join(labels)


def _stale(form: Form, question: Question, values: Mapping[str, str], now: datetime, answers: Answers) -> bool:
    value = values.get(question.name, "")
    if not value:
        return False
    if not relevant(form, question, values, now, answers):
        return True
    return bool(question.choice_filter) and not _offered(_narrowed(form, question, values, now, answers), value)


def _offered(question: Question, value: str) -> bool:
    names = [value] if question.kind is Kind.SELECT_ONE else value.split()
    return all(question.choice(name) is not None for name in names)


def _hidden(form: Form, values: Mapping[str, str]) -> dict[str, str]:
    """Return what was given from outside, as far as it is among the values."""
    hidden = {question.name for question in form.questions if question.kind is Kind.HIDDEN}
    if not form.repeats:
        return {name: values[name] for name in hidden if name in values}
    return {name: value for name, value in values.items() if given_from_outside(name, hidden)}


def rows_of(form: Form, values: Mapping[str, str]) -> Sequence[Question]:
    """Return the questions and notes in the order of the walk, those of each instance of a repeat one by one."""
    return SHAPES.of(form).walk(values) if form.repeats else form.questions


def place_of(form: Form, name: str, rows: Sequence[Question]) -> int:
    """Return the index of the question in `rows`, -1 for ''. One of an instance that is gone stood before the rest."""
    if not name:
        return -1
    if not form.repeats:
        return STEPS.of(form).places[name]
    found = next((place for place, question in enumerate(rows) if question.name == name), None)
    if found is not None:
        return found
    places = STEPS.of(form).places
    row = parted(name)[0]
    if is_more(name):
        row = [question.name for question in form.questions if row in question.repeats][-1]
    known = (place for place, q in enumerate(rows) if not is_more(q.name) and places[row_of(q.name)] > places[row])
    return next(known, len(rows)) - 1


def _labels(form: Form, language: str) -> Labels:
    """Return what jr:choice-name asks: the label of a choice, in the form's own language unless another is given."""

    def label(question: str, value: str) -> str:
        if "\t" in question:
            return told(form, question, value, language or form.default_language)
        for candidate in form.questions:
            if candidate.name == question:
                return label_of(candidate, value, language or form.default_language)
        return value

    return label
