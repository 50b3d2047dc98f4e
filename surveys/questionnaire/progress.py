"""How far a walk through a form has come, and how many questions there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from surveys.questionnaire.answers import Answers
from surveys.questionnaire.form import ASKED, MORE, YES, Form
from surveys.questionnaire.keys import more_key
from surveys.questionnaire.repeats import UNIT
from surveys.questionnaire.walk import STEPS, place_of, relevant, rows_of


def progress(form: Form, values: Mapping[str, str], position: str, now: datetime) -> tuple[int, int]:
    """Return (k, n): the question at `position` is the k-th of the n that apply as far as is known now.

    Whether a repeat has another instance is not counted among them.
    """
    if form.repeats:
        return _progress_in_repeats(form, values, position, now)
    here = place_of(form, position, form.questions)
    answers = Answers(form, values)
    k = n = 0
    for place, question, sometimes in STEPS.of(form).asked:
        if not sometimes or place == here or relevant(form, question, values, now, answers):
            n += 1
            k += place <= here
    return k, n


def _progress_in_repeats(form: Form, values: Mapping[str, str], position: str, now: datetime) -> tuple[int, int]:
    rows = rows_of(form, values)
    here = place_of(form, position, rows)
    answers = Answers(form, values)
    k = n = 0
    for place, question in enumerate(rows):
        if question.kind not in ASKED or question.role == MORE:
            continue
        if place == here or relevant(form, question, values, now, answers):
            n += 1
            k += place <= here
    return k, n


def applicable(form: Form, values: Mapping[str, str], now: datetime) -> int:
    """Return how many questions apply as far as the answers tell, each instance of a repeat counted."""
    answers = Answers(form, values)
    return sum(
        question.kind in ASKED and question.role != MORE and relevant(form, question, values, now, answers)
        for question in rows_of(form, values)
    )


def most(form: Form, values: Mapping[str, str]) -> int:
    """Return how many questions there are at most; where the resident tells of instances, one of them is counted."""
    if not form.repeats:
        return sum(question.role != "complaint" for question in form.asked)
    told = {more_key(r.name, (0,)): YES for r in form.repeats if not (r.count or r.parents or r.name == UNIT)}
    rows = rows_of(form, {**told, **values})
    return sum(question.kind in ASKED and question.role not in {"complaint", MORE} for question in rows)
