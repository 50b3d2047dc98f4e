"""Hearing one message: consent words first, then commands and doubts, then the open question, then anything else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from surveys.dialogue.answering import answer_question, go_back, is_exact_answer, skip_question
from surveys.dialogue.asking import put_question
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.doubts import answer_doubts
from surveys.dialogue.draft import Draft
from surveys.dialogue.free import hear_free_message, offer_to_pass_on
from surveys.dialogue.interview import Interview, Mode, Purpose, Stage
from surveys.dialogue.standing import hear_consent, hear_stopped
from surveys.dialogue.suspicion import suspicion
from surveys.dialogue.turn import StaffCall, Turn, Urgency, Wake
from surveys.dialogue.words import Command, command
from surveys.dialogue.world import World
from surveys.language import CHINESE, ENGLISH

#: After 稍后 the question is put again this much later.
LATER = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it came in; `mode` phone when a member of staff enters what a resident says on the phone."""

    text: str
    channel: str
    mode: Mode = Mode.SELF


def hear(conversation: Conversation, heard: Heard, world: World) -> Turn:
    """Decide what one message does. Pure: the same arguments give the same turn."""
    draft = Draft(conversation, world, urgency=Urgency.REPLY, channel=heard.channel)
    _count(draft)
    # Opt-outs, commands and doubts are words: a bare number, which most replies are, is none of them.
    number = heard.text.isascii() and heard.text.isdecimal()
    if number or not hear_consent(draft, heard.text):
        if draft.conversation.people and all(p.consent == "stopped" for p in draft.conversation.people):
            hear_stopped(draft, heard.text)
        else:
            _hear_open(draft, heard, number=number)
    return draft.turn()


def _count(draft: Draft) -> None:
    """Every live interview here has moved on: wakes that guard its former turn are stale."""
    for interview in draft.conversation.interviews:
        if interview.stage in {Stage.OPEN, Stage.WAITING}:
            draft.put(interview.changed(turn=interview.turn + 1))


def _hear_open(draft: Draft, heard: Heard, *, number: bool) -> None:
    floor = draft.conversation.floor
    if floor is not None and not floor.begun:
        floor = None  # it waits for a daytime; what is said now is not an answer to it
    said = None if number else command(heard.text)
    if said is not None:
        _obey(draft, said, floor)
        return
    doubts = frozenset() if number else suspicion(heard.text)
    if doubts and not (floor and is_exact_answer(draft, floor, heard.text)):
        answer_doubts(draft, doubts, floor)
        if floor:
            put_question(draft, floor)
        return
    if floor is None:
        hear_free_message(draft, heard.text)
    else:
        answer_question(draft, floor, heard.text, heard.mode)


def _obey(draft: Draft, said: Command, floor: Interview | None) -> None:
    if said in {Command.LANGUAGE_ZH, Command.LANGUAGE_EN}:
        language = CHINESE if said is Command.LANGUAGE_ZH else ENGLISH
        draft.conversation = replace(draft.conversation, language=language)
        if floor:
            put_question(draft, floor)
        else:
            draft.say(draft.words("We will write to you in English."))
        return
    if said is Command.HELP:
        _help(draft, floor)
    elif said is Command.PERSON:
        _call_by_person(draft, floor, "asked")
    elif said in {Command.MY_DATA, Command.DELETE_MY_DATA}:
        _call_by_person(draft, floor, "data")
    elif said is Command.COMPLAIN and floor and floor.purpose is Purpose.COMPLAINT:
        put_question(draft, floor)
    elif said is Command.COMPLAIN:
        offer_to_pass_on(draft, floor.unread if floor else "")
    elif floor is None:
        draft.say(draft.words("There is no question open just now. For help call {hotline}.", hotline=_hotline(draft)))
    elif said is Command.SKIP:
        skip_question(draft, floor)
    elif said is Command.BACK:
        go_back(draft, floor)
    elif said is Command.LATER:
        draft.say(draft.words("All right. Just reply whenever it suits you."), about=floor)
        draft.wake(
            Wake("resume", draft.later(LATER, floor), floor.id, f"resume|{floor.id}|{floor.turn}", guard=floor.turn)
        )


def _help(draft: Draft, floor: Interview | None) -> None:
    draft.say(
        draft.words(
            "You can reply: skip, back, later, person (we call you), report (something you want handled), STOP. "
            "Hotline {hotline}.",
            hotline=_hotline(draft),
        ),
        about=floor,
    )
    if floor:
        form = draft.world.form(floor.form)
        hint = form.question(floor.position).hints.get(draft.language, "")
        draft.say(hint, about=floor)
        put_question(draft, floor)


def _call_by_person(draft: Draft, floor: Interview | None, reason: str) -> None:
    people = draft.conversation.people
    resident = floor.resident if floor else (people[0].resident if people else 0)
    if resident:
        draft.call(StaffCall(resident, floor.id if floor else "", draft.world.now, reason))
        draft.event("CallByPersonAsked", floor, resident=resident, reason=reason)
    draft.say(
        draft.words(
            "A member of our staff will call you in working hours. Our hotline: {hotline}.", hotline=_hotline(draft)
        ),
        about=floor,
        to=resident,
    )


def _hotline(draft: Draft) -> str:
    return draft.world.office.hotline
