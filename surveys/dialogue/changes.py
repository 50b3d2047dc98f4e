"""An answer that takes the place of an earlier one: that it does is recorded, and never what either of them says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview
from surveys.quality.ladder import ladder
from surveys.questionnaire.form import Question
from surveys.questionnaire.keys import is_more


def taken_back(interview: Interview, question: str) -> Mapping[str, str]:
    """Return the answers that were taken back and not given anew, that of `question` among them."""
    given = interview.values.get(question)
    return interview.was if given is None or is_more(question) else {**interview.was, question: given}


def note_change(draft: Draft, interview: Interview, question: Question, value: str) -> None:
    """Record that an answer was replaced: of a rating whether by a better one, and after how long a silence.

    Neither answer is kept in the record.
    """
    before = interview.values.get(question.name) or interview.was.get(question.name, "")
    scale = ladder(draft.world.form(interview.form), question)
    steps = scale.steps if scale else {}
    direction = ""
    if before in steps and value in steps:
        moved = steps[value] - steps[before]
        direction = "up" if moved > 0 else "down" if moved < 0 else "same"
    silence = draft.world.now - interview.heard_at if interview.heard_at else timedelta()
    draft.event(
        "AnswerCorrected",
        interview,
        question=question.name,
        direction=direction,
        after=max(0, int(silence.total_seconds())),
    )


def given_anew(draft: Draft, interview: Interview, question: Question, value: str) -> Interview:
    """Return the interview once a question is answered again whose answer had been taken back; the change is noted."""
    if question.name not in interview.was:
        return interview
    note_change(draft, interview, question, value)
    return interview.changed(was=without(interview.was, question.name))


def without(answers: Mapping[str, str], question: str) -> dict[str, str]:
    """Return the answers but that to `question`."""
    return {name: value for name, value in answers.items() if name != question}
