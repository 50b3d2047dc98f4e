"""A reply that could not be read: the question is asked again, more plainly, and at last shown to a person."""

from __future__ import annotations

from dataclasses import replace

from surveys.dialogue.asking import offered, put_question
from surveys.dialogue.concluding import identity_unclear
from surveys.dialogue.draft import Draft
from surveys.dialogue.hotline import by_phone
from surveys.dialogue.interview import Interview, Purpose
from surveys.dialogue.matters import tells_trouble
from surveys.dialogue.skipping import leave_out, needs_answer
from surveys.language import message
from surveys.questionnaire.form import Question

#: A question is put this often before it is left out and shown to a person.
TRIES = 3


def ask_again(draft: Draft, interview: Interview, question: Question, *, said: str) -> None:
    """Put the open question once more, after `said` where there is something to say of the reply."""
    tries = interview.tries + 1
    if tries >= TRIES:
        _give_up(draft, interview, question)
        return
    interview = draft.put(replace(interview, tries=tries))
    options = offered(question, draft.language)
    if said:
        draft.say(said, about=interview)
    elif interview.purpose is Purpose.SURVEY and tells_trouble(interview.unread):
        draft.say(draft.words("If you want something handled, reply: report."), about=interview)
    elif tries == 1 or not options:
        draft.say(draft.words("Sorry, we did not understand."), about=interview)
    else:
        draft.say(
            draft.words("Please reply with just the number, 1–{n}, for example {example}.", n=len(options), example=1),
            about=interview,
        )
    put_question(draft, interview)


def _give_up(draft: Draft, interview: Interview, question: Question) -> None:
    draft.event("QuestionUnread", interview, question=question.name)
    draft.for_staff("unreadable")
    if interview.purpose is Purpose.IDENTITY:
        identity_unclear(draft, interview)
        return
    if not needs_answer(draft, interview, question):
        draft.say(draft.words("We will leave this one out for now."), about=interview)
        leave_out(draft, interview, question)
        return
    # It stays open, put by itself as before: not 0, with which a page would be taken to stand there again.
    draft.put(replace(interview, tries=1))
    draft.say(
        by_phone(
            draft,
            message(
                "We could not make that out; a member of our staff will look at it. You can still answer, "
                "or call {hotline}."
            ),
            message("We could not make that out; a member of our staff will look at it. You can still answer."),
        ),
        about=interview,
    )
