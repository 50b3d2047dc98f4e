"""Reading once more what could not be read, after staff have taught what the words mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from surveys.dialogue.answering import answer_question
from surveys.dialogue.asking import move_on
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Mode, Stage
from surveys.dialogue.reading import Reading, read_reply
from surveys.dialogue.turn import Answer, Turn, Urgency
from surveys.dialogue.world import World
from surveys.questionnaire.form import Question
from surveys.questionnaire.keys import other_key
from surveys.questionnaire.walk import check, open_question, prune, relevant


@dataclass(frozen=True, slots=True)
class Misread:
    """A reply to `question` that nobody could read when it came."""

    interview: str
    question: str
    text: str
    at: datetime


def reread(conversation: Conversation, reply: Misread, world: World) -> tuple[str, Turn] | None:
    """Return the answer a reply is now, and the turn that takes it; None if it still is none, or is not needed.

    Taken only while the interview is open and its question has neither been answered nor ceased to apply. Where the
    question is still the open one, the interview goes on with the next.
    """
    interview = conversation.interview(reply.interview)
    if interview is None or interview.stage is not Stage.OPEN or reply.question in interview.values:
        return None
    waiting = interview.position == reply.question
    if not waiting and reply.question not in interview.skipped:
        return None
    form = world.form(interview.form)
    question = open_question(form, reply.question, interview.values, world.local)
    reading = read_reply(question, reply.text, conversation.language, _day(reply, world))
    if reading is None or not relevant(form, question, interview.values, world.local):
        return None
    if check(form, question, reading.value, interview.values, world.local, conversation.language) is not None:
        return None
    draft = Draft(conversation, world, urgency=Urgency.BULK, channel=conversation.channel)
    draft.event("ReplyReread", interview, question=question.name, actor="staff")
    if waiting:
        answer_question(draft, interview, reply.text, Mode.SELF)
    else:
        _fill_in(draft, interview, question, reading, reply)
    return reading.value, draft.turn()


def reread_answer(conversation: Conversation, reply: Misread, world: World) -> tuple[str, Turn] | None:
    """Return what an answer is by what its words mean now, and the turn that changes it; None if nothing changes.

    Changed only while the interview is open. Nothing is said, unless the open question ceases to apply.
    """
    interview = conversation.interview(reply.interview)
    if interview is None or interview.stage is not Stage.OPEN or reply.question not in interview.values:
        return None
    form = world.form(interview.form)
    question = open_question(form, reply.question, interview.values, world.local)
    reading = read_reply(question, reply.text, conversation.language, _day(reply, world))
    if reading is None or reading.value == interview.values[reply.question]:
        return None
    if check(form, question, reading.value, interview.values, world.local, conversation.language) is not None:
        return None
    draft = Draft(conversation, world, urgency=Urgency.BULK, channel=conversation.channel)
    draft.event("ReplyReread", interview, question=question.name, actor="staff")
    _fill_in(draft, interview, question, reading, reply)
    return reading.value, draft.turn()


def _day(reply: Misread, world: World) -> date:
    return reply.at.astimezone(ZoneInfo(world.office.zone)).date()


def _fill_in(draft: Draft, interview: Interview, question: Question, reading: Reading, reply: Misread) -> None:
    """Put the answer where the question was left out or read otherwise; nothing is said, what is open stays open."""
    form = draft.world.form(interview.form)
    said = {question.name: reading.value}
    if reading.other:
        said[other_key(question.name)] = reading.other
    values = prune(form, {**interview.values, **said}, draft.world.local)
    for name in interview.trail:
        if name in interview.values and name not in values:
            draft.erase(interview, name)
    plan = draft.plan(interview)
    for name, value in said.items():
        draft.answer(
            Answer(
                interview=interview.id,
                question=name,
                value=value,
                raw=reply.text,
                rule=reading.rule,
                confidence=reading.confidence,
                at=reply.at,
                mode=interview.mode,
                comment=reading.comment,
                late=plan is not None and reply.at >= plan.closes_at,
            )
        )
    skipped = tuple(name for name in interview.skipped if name != question.name)
    filled = draft.put(replace(interview, values=values, skipped=skipped))
    here = open_question(form, filled.position, values, draft.world.local) if filled.position else None
    if here is not None and not relevant(form, here, values, draft.world.local):
        move_on(draft, filled)
