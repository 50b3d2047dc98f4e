"""What tells which unit a question is about: its place among the units, its name, and first of all its duties."""

from __future__ import annotations

from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview
from surveys.questionnaire.form import Form
from surveys.questionnaire.keys import count_key, key, parted
from surveys.questionnaire.repeats import UNIT
from surveys.questionnaire.walk import fill


def heading_of(draft: Draft, form: Form, interview: Interview) -> str:
    """Return the line above a question about a unit: which of how many, and its name unless the question says it."""
    index = _index(form, interview.position)
    if not index:
        return ""
    values, language = interview.values, draft.language
    total = values.get(count_key(UNIT, ()), "")
    name = fill("${unit_name}", form, values, language, interview.position)
    wording = fill(form.question(interview.position).label(language), form, values, language, interview.position)
    if not name or name in wording:
        return draft.words("Unit {k} of {n}", k=index, n=total)
    return draft.words("Unit {k} of {n}: {name}", k=index, n=total, name=name)


def duties_of(draft: Draft, form: Form, interview: Interview, left: str) -> str:
    """Return the duties of a unit as its first question comes, '' if the form tells them itself or none are known."""
    index = _index(form, interview.position)
    if not index or index == _index(form, left):
        return ""
    told = (text for question in form.questions if UNIT in question.repeats for text in question.labels.values())
    duties = interview.values.get(key("unit_duty", (index,)), "")
    if not duties or any("${unit_duty}" in text for text in told):
        return ""
    name = fill("${unit_name}", form, interview.values, draft.language, interview.position)
    return draft.words("{name} is in charge of: {duties}", name=name, duties=duties)


def _index(form: Form, name: str) -> int:
    """Return which unit a question is about, 0 if it is about none."""
    row, indices = parted(name)
    if not indices or name.endswith("+"):
        return 0
    return indices[0] if form.question(row).repeats[:1] == (UNIT,) else 0
