"""An answer that is suggested: how it is offered, and the words that take it."""

from __future__ import annotations

from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview
from surveys.dialogue.reading import Reading
from surveys.dialogue.spelling import squeezed
from surveys.questionnaire.form import OF_CHOICES, Kind, Question
from surveys.questionnaire.walk import label_of, suggested

_TAKEN = frozenset({
    "ok", "okay", "yes", "correct", "right", "thats right", "yes thats right", "好", "好的", "对", "对的", "是", "是的",
    "没错", "可以", "行", "不变", "一样", "正确", "same", "no change",
})  # fmt: skip


def offer(draft: Draft, interview: Interview, question: Question) -> str:
    """Return the line that offers the suggested answer, '' where none is."""
    value = _suggestion(draft, interview, question)
    if not value:
        return ""
    label = label_of(question, value, draft.language) if question.kind in OF_CHOICES else value
    return draft.words("(Reply OK for: {answer})", answer=label)


def take(draft: Draft, interview: Interview, question: Question, text: str, reading: Reading | None) -> Reading | None:
    """Return the suggested answer if `text` agrees to it and says nothing else, else `reading`."""
    if not question.default or (reading is not None and question.kind is not Kind.TEXT):
        return reading
    if squeezed(text) not in _TAKEN:
        return reading
    value = _suggestion(draft, interview, question)
    return Reading(value, "default", 1.0) if value else reading


def _suggestion(draft: Draft, interview: Interview, question: Question) -> str:
    if not question.default:
        return ""
    return suggested(draft.world.form(interview.form), question, interview.values, draft.world.local)
