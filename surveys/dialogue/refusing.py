"""What a refusal leads to: one question is left out, or the whole interview ends."""

from __future__ import annotations

from dataclasses import replace

from surveys.dialogue.asking import put_question
from surveys.dialogue.concluding import conclude, settle_callback
from surveys.dialogue.declining import Refusal, plain_no, refused
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Purpose, Stage
from surveys.dialogue.opening import give_floor
from surveys.dialogue.reading import Reading
from surveys.dialogue.skipping import leave_out, needs_answer
from surveys.questionnaire.form import OF_CHOICES, Kind, Question


def refusal_of(draft: Draft, interview: Interview, question: Question, text: str) -> Refusal | None:
    """Return what `text`, which answers nothing, refuses; None if it refuses nothing.

    A plain no does where no option could be meant by it and the question need not be answered.
    """
    turned = refused(text)
    if turned is None and plain_no(text) and question.kind not in OF_CHOICES and interview.purpose is Purpose.SURVEY:
        return None if needs_answer(draft, interview, question) else Refusal.TELL
    return turned


def leaves_unsaid(draft: Draft, interview: Interview, question: Question, text: str) -> bool:
    """Whether words for a question that takes any words are none but a refusal to tell."""
    if question.kind is not Kind.TEXT or interview.purpose not in {Purpose.SURVEY, Purpose.CALLBACK}:
        return False
    return refused(text) is Refusal.TELL and not needs_answer(draft, interview, question)


def declined_choice(interview: Interview, question: Question) -> Reading | None:
    """Return the answer of a callback that is there for who would rather not say, None where none is."""
    if interview.purpose is Purpose.CALLBACK and question.kind is Kind.SELECT_ONE and question.choice("declined"):
        return Reading("declined", "refusal", 1.0)
    return None


def refuse(draft: Draft, interview: Interview, question: Question, turned: Refusal, text: str) -> None:
    """Leave the open question out, say that it needs an answer, or end the interview: whatever is refused."""
    needed = needs_answer(draft, interview, question)
    if not _this_question_alone(interview, turned, needed):
        _decline(draft, interview)
    elif not needed:
        draft.say(draft.words("All right, we leave this one out."), about=interview)
        leave_out(draft, interview, question)
    else:
        asked = draft.put(interview.changed(unread=text))
        draft.say(needed, about=asked)
        draft.say(draft.words("If you would rather not go on, reply: not interested."), about=asked)
        put_question(draft, asked)


def _this_question_alone(interview: Interview, turned: Refusal, needed: str) -> bool:
    """Whether a refusal is of the open question: of the others, who has answered some has refused nothing."""
    if turned is Refusal.PART:
        return False
    if interview.purpose is Purpose.CALLBACK:
        return not needed
    if interview.purpose is not Purpose.SURVEY or (needed and refused(interview.unread) is not None):
        return False  # refused twice where an answer is needed: they do not want to go on
    return turned is Refusal.TELL or bool(interview.trail)


def _decline(draft: Draft, interview: Interview) -> None:
    """Take "I would rather not" for the end of the interview."""
    if interview.purpose is Purpose.CALLBACK:
        values = {**interview.values, "solved": interview.values.get("solved", "declined")}
        conclude(draft, draft.put(replace(interview, stage=Stage.COMPLETE, values=values)))
        return
    for other in draft.conversation.interviews:
        mine = other.id == interview.id
        behind = interview.purpose is Purpose.IDENTITY and other.stage is Stage.WAITING
        if mine or (behind and other.resident == interview.resident):
            declined = draft.put(replace(other, stage=Stage.DECLINED))
            draft.event("InterviewDeclined", other, reason="refused")
            if other.purpose is Purpose.CALLBACK:
                settle_callback(draft, declined, silent=True)  # who refused is not known: the resident was not reached
    draft.say(draft.words("That is quite all right. Thank you for letting us know."), about=interview)
    give_floor(draft)
