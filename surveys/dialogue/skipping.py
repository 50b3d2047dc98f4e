"""Leaving a question out, and going back to the one before it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from surveys.dialogue.asking import move_on, put_question
from surveys.dialogue.changes import taken_back
from surveys.dialogue.concluding import conclude
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Stage
from surveys.questionnaire.form import Question
from surveys.questionnaire.keys import other_key
from surveys.questionnaire.walk import check


def skip_question(draft: Draft, interview: Interview) -> None:
    """Leave the open question out, unless it is required."""
    question = draft.world.form(interview.form).question(interview.position)
    needed = needs_answer(draft, interview, question)
    if needed:
        draft.say(needed, about=interview)
        put_question(draft, interview)
        return
    leave_out(draft, interview, question)


def needs_answer(draft: Draft, interview: Interview, question: Question) -> str:
    """Return what is said to who would leave `question` out: the form's own words, or ours; '' if they may."""
    form = draft.world.form(interview.form)
    said = check(form, question, "", interview.values, draft.world.local, draft.language)
    if said is None:
        return ""
    return said if question.required_messages else draft.words("We do need an answer to this one.")


def leave_out(draft: Draft, interview: Interview, question: Question) -> None:
    """Go on without an answer to `question`."""
    if question.name in interview.values:
        draft.erase(interview, question.name)
    values = {name: value for name, value in interview.values.items() if name != question.name}
    proceed(
        draft,
        interview,
        values=values,
        skipped=(*interview.skipped, question.name),
        trail=(*(n for n in interview.trail if n != question.name), question.name),
    )


def proceed(draft: Draft, interview: Interview, **changes: Any) -> None:
    """Put the next question, or do what the interview was for when there is none."""
    interview = move_on(draft, interview, **changes)
    if interview.stage is Stage.COMPLETE:
        conclude(draft, interview)


def go_back(draft: Draft, interview: Interview) -> None:
    """Take the last answer back and put its question again."""
    if not interview.trail:
        draft.say(draft.words("This is the first question."), about=interview)
        put_question(draft, interview)
        return
    put_again(draft, interview, interview.trail[-1])


def put_again(draft: Draft, interview: Interview, name: str) -> None:
    """Take the answer to question `name` back and put it once more; what was answered after it stays."""
    taken = {name, other_key(name)}
    for key in taken & interview.values.keys():
        draft.erase(interview, key)
    back = draft.put(
        replace(
            interview,
            values={key: value for key, value in interview.values.items() if key not in taken},
            was=taken_back(interview, name),
            position=name,
            tries=0,
            sought="",
            asked=interview.asked + 1,
            trail=tuple(known for known in interview.trail if known != name),
            skipped=tuple(known for known in interview.skipped if known != name),
        )
    )
    put_question(draft, back)
