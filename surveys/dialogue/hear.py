"""Hearing one message: consent words first, then commands and doubts, then the open question, then anything else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from surveys.dialogue.answering import (
    answer_by_tap,
    answer_late,
    answer_question,
    is_exact_answer,
)
from surveys.dialogue.asking import put_question
from surveys.dialogue.attaching import hear_attachments, hear_sticker, say_not_kept, things
from surveys.dialogue.attachment import Attachment
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.corrections import correct, corrects_too_late
from surveys.dialogue.declining import refusal
from surveys.dialogue.doubles import answer_both, which
from surveys.dialogue.doubts import answer_doubts
from surveys.dialogue.draft import Draft
from surveys.dialogue.free import hear_free_message, offer_to_pass_on
from surveys.dialogue.helping import explain, help_along
from surveys.dialogue.hotline import by_phone
from surveys.dialogue.interview import Interview, Mode, Purpose, Stage
from surveys.dialogue.languages import offer_language, other_language
from surveys.dialogue.linking import invite_to_telegram, opens_chat, welcome, welcome_stopped
from surveys.dialogue.loops import DIGITS, NO_BURST, broken
from surveys.dialogue.mydata import hear_erasure, offer_erasure, owner, tell_holdings
from surveys.dialogue.pages import page_of, replies
from surveys.dialogue.reading import read_reply
from surveys.dialogue.searching import question_as_put
from surveys.dialogue.skipping import go_back, skip_question
from surveys.dialogue.standing import hear_consent, hear_stopped
from surveys.dialogue.suspicion import suspicion
from surveys.dialogue.taps import tapped
from surveys.dialogue.turn import StaffCall, Turn, Urgency, Wake
from surveys.dialogue.wishes import asks_back, baffled, wish
from surveys.dialogue.words import Command, command
from surveys.dialogue.world import World
from surveys.language import CHINESE, ENGLISH, message

#: After 稍后 the question is put again this much later.
LATER = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it came in; `mode` phone when a member of staff enters what a resident says on the phone."""

    text: str
    channel: str
    mode: Mode = Mode.SELF
    tap: str = ""  # the guard of the question whose button was tapped
    attachments: tuple[Attachment, ...] = ()


def hear(conversation: Conversation, heard: Heard, world: World) -> Turn:
    """Decide what one message does. Pure: the same arguments give the same turn."""
    here = heard.mode is Mode.SELF
    draft = Draft(conversation, world, urgency=Urgency.REPLY, channel=heard.channel, heard=here)
    if heard.tap:
        return _hear_tap(draft, heard)
    if heard.attachments and not heard.text.strip() and not things(heard.attachments):
        if not _all_stopped(draft) and not conversation.burst.silent(world.now):
            hear_sticker(draft, _begun(draft))
        return draft.turn()
    _count(draft)
    # Opt-outs, commands and doubts are words: a bare number, which most replies are, is none of them.
    number = heard.text.isascii() and heard.text.isdecimal()
    if not number and hear_consent(draft, heard.text):
        return draft.turn()
    if _all_stopped(draft):
        _hear_stopped(draft, heard.text)
        return draft.turn()
    if here and conversation.burst.silent(world.now):
        floor = _begun(draft)
        if floor is None or floor.covered or not is_exact_answer(draft, floor, heard.text):
            return draft.turn()
        draft.conversation = replace(draft.conversation, burst=NO_BURST)  # a person has come to the phone
    obeyed = _hear_open(draft, heard, number=number)
    turn = draft.turn()
    return _watched(conversation, heard, world, turn, obeyed=obeyed) if here else turn


def _hear_tap(draft: Draft, heard: Heard) -> Turn:
    choice = tapped(draft.conversation, heard.tap, heard.text, draft.world)
    floor = draft.conversation.floor
    if choice is None or floor is None:
        return replace(draft.turn(), stale=True)
    _count(draft)
    if _all_stopped(draft):
        _hear_stopped(draft, heard.text)
        return draft.turn()
    # No machine taps: whatever it looked like before, this is a person.
    draft.conversation = replace(draft.conversation, burst=NO_BURST)
    answer_by_tap(draft, draft.conversation.interview(floor.id) or floor, choice, heard.mode)
    return draft.turn()


def _watched(conversation: Conversation, heard: Heard, world: World, turn: Turn, *, obeyed: bool) -> Turn:
    """Return the turn, or in its stead, if this is the one message too many, one that says nothing and tells staff."""
    before = conversation.burst
    if not turn.says:
        return turn  # where nothing is said back there is no loop
    if turn.answers or _moved(conversation, turn):
        now = before.interrupted()
    else:
        words = 0 if obeyed else int(world.names.digits("said", conversation.address, heard.text, length=DIGITS))
        now = before.counted(world.now, words, comparable=not obeyed)
    if now.loop:
        draft = Draft(conversation, world, urgency=Urgency.REPLY, channel=heard.channel, heard=True)
        _count(draft)
        draft.conversation = replace(draft.conversation, burst=broken(world.now))
        draft.event("LoopBroken", resident=conversation.people[0].resident if conversation.people else 0)
        draft.for_staff("loop")
        return draft.turn()
    return turn if now is before else replace(turn, conversation=replace(turn.conversation, burst=now))


def _moved(conversation: Conversation, turn: Turn) -> bool:
    """Whether an interview that was open before has gone on at the resident's wish, or back, without an answer."""
    asked = {i.id: i.asked for i in conversation.interviews}
    return not turn.for_staff and any(i.asked > asked.get(i.id, i.asked) for i in turn.conversation.interviews)


def _all_stopped(draft: Draft) -> bool:
    people = draft.conversation.people
    return bool(people) and all(person.consent == "stopped" for person in people)


def _begun(draft: Draft) -> Interview | None:
    """Return the interview whose question is open, None if it waits for a daytime: nothing said answers it yet."""
    floor = draft.conversation.floor
    return floor if floor is not None and floor.begun else None


def _hear_stopped(draft: Draft, text: str) -> None:
    if opens_chat(text):
        welcome_stopped(draft)
    else:
        hear_stopped(draft, text)


def _count(draft: Draft) -> None:
    """Every live interview here has moved on: wakes that guard its former turn are stale."""
    for interview in draft.conversation.interviews:
        if interview.stage in {Stage.OPEN, Stage.WAITING}:
            draft.put(interview.changed(turn=interview.turn + 1))


def _hear_open(draft: Draft, heard: Heard, *, number: bool) -> bool:
    """Hear what is neither a tap nor about consent; return whether it was a command."""
    floor = _begun(draft)
    if not number and heard.mode is not Mode.PHONE and hear_erasure(draft, heard.text):
        return True
    if opens_chat(heard.text):
        welcome(draft, floor)
        return True
    said = None if number else command(heard.text)
    came = things(heard.attachments) if heard.attachments else ()
    if floor is not None and floor.covered and said in _ANSWERING:
        answer_late(draft, floor)
        return False
    if said is not None:
        if came:
            say_not_kept(draft, came)
        if said is Command.HELP and floor is not None and asks_back(heard.text):
            explain(draft, floor)
        else:
            _obey(draft, said, floor, heard.mode)
        return True
    doubts = frozenset() if number else suspicion(heard.text)
    if doubts and not (floor and is_exact_answer(draft, floor, heard.text)):
        if came:
            say_not_kept(draft, came)
        answer_doubts(draft, doubts, floor)
        if floor:
            put_question(draft, floor)
    elif came and hear_attachments(draft, came, heard.text, heard.mode, floor):
        return False
    elif floor is None:
        _hear_unasked(draft, heard, number=number)
    elif number:
        answer_question(draft, floor, heard.text, heard.mode)
    else:
        _hear_words(draft, floor, heard)
    return False


def _hear_words(draft: Draft, floor: Interview, heard: Heard) -> None:
    """Hear words while a question is open: a correction, two answers at once, a question asked back, or an answer."""
    page = page_of(draft, floor)
    if page and replies(page, heard.text):  # as many answers as it has questions
        answer_question(draft, floor, heard.text, heard.mode)
        return
    if correct(draft, floor, heard.text, heard.mode):
        return
    if not page and answer_both(draft, floor, heard.text, heard.mode):
        return
    if baffled(heard.text) and floor.purpose is not Purpose.IDENTITY:
        explain(draft, floor)
        return
    wanted = wish(heard.text) or (Command.HELP if asks_back(heard.text) else None)
    other = other_language(heard.text, draft.language)
    if (wanted or other) and not _is_answer(draft, floor, heard.text):
        if wanted is Command.HELP and asks_back(heard.text):
            explain(draft, floor)
            return
        if wanted is not None:
            if wanted is Command.COMPLAIN:
                floor = draft.put(floor.changed(unread=heard.text))  # what they want to report is said already
            _obey(draft, wanted, floor, heard.mode)
            return
        offer_language(draft, floor, other)
    elif other and not floor.trail:
        offer_language(draft, floor, other)
    answer_question(draft, floor, heard.text, heard.mode, doubt=which)


def _hear_unasked(draft: Draft, heard: Heard, *, number: bool) -> None:
    """Hear what is said while no question is open: a wish, a no, a correction that comes too late, or anything."""
    text = heard.text
    wanted = None if number or not draft.conversation.people else wish(text)
    if wanted is Command.COMPLAIN:
        offer_to_pass_on(draft, text.strip())
    elif wanted in {Command.PERSON, Command.LATER}:
        _obey(draft, wanted, None, heard.mode)
    elif wanted is None and draft.conversation.people and refusal(text):
        draft.say(draft.words("That is quite all right. Thank you for letting us know."))
    elif number or not corrects_too_late(draft, text, None):
        hear_free_message(draft, text)


def _is_answer(draft: Draft, floor: Interview, text: str) -> bool:
    form = draft.world.form(floor.form)
    question = question_as_put(form, floor, draft.world.local)
    return read_reply(question, text, draft.language, draft.world.today) is not None


#: What is said to the question one sees, and must not reach another.
_ANSWERING = frozenset({None, Command.SKIP, Command.BACK})


def _obey(draft: Draft, said: Command, floor: Interview | None, mode: Mode) -> None:
    if said in {Command.LANGUAGE_ZH, Command.LANGUAGE_EN}:
        language = CHINESE if said is Command.LANGUAGE_ZH else ENGLISH
        draft.conversation = replace(draft.conversation, language=language)
        if floor:
            put_question(draft, floor)
        else:
            draft.say(draft.words("We will write to you in English."))
        return
    if said is Command.HELP:
        help_along(draft, floor)
    elif said is Command.PERSON:
        _call_by_person(draft, floor, "asked")
    elif said in {Command.MY_DATA, Command.DELETE_MY_DATA}:
        _about_data(draft, floor, mode, delete=said is Command.DELETE_MY_DATA)
    elif said is Command.TELEGRAM:
        invite_to_telegram(draft, floor)
    elif said is Command.COMPLAIN and floor and floor.purpose is Purpose.COMPLAINT:
        put_question(draft, floor)
    elif said is Command.COMPLAIN:
        offer_to_pass_on(draft, floor.unread if floor else "")
    elif floor is None:
        draft.say(
            by_phone(
                draft,
                message("There is no question open just now. For help call {hotline}."),
                message("There is no question open just now."),
            )
        )
    elif said is Command.SKIP:
        skip_question(draft, floor)
    elif said is Command.BACK:
        go_back(draft, floor)
    elif said is Command.LATER:
        draft.say(draft.words("All right. Just reply whenever it suits you."), about=floor)
        draft.wake(
            Wake("resume", draft.later(LATER, floor), floor.id, f"resume|{floor.id}|{floor.turn}", guard=floor.turn)
        )


def _about_data(draft: Draft, floor: Interview | None, mode: Mode, *, delete: bool) -> None:
    person = owner(draft)
    if person is None or mode is Mode.PHONE:
        _call_by_person(draft, floor, "data")  # somebody else may be writing: a person finds out who asks
    elif delete:
        offer_erasure(draft, person, floor)
    else:
        tell_holdings(draft, person, floor)


def _call_by_person(draft: Draft, floor: Interview | None, reason: str) -> None:
    people = draft.conversation.people
    resident = floor.resident if floor else (people[0].resident if people else 0)
    if resident:
        draft.call(StaffCall(resident, floor.id if floor else "", draft.world.now, reason))
        draft.event("CallByPersonAsked", floor, resident=resident, reason=reason)
    draft.say(
        by_phone(
            draft,
            message("A member of our staff will call you in working hours. Our hotline: {hotline}."),
            message("A member of our staff will call you in working hours."),
        ),
        about=floor,
        to=resident,
    )
