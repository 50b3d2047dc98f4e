"""What the clock leads to in a conversation: invitations, reminders, callbacks, and ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from surveys.cases.progress import Moved, call_back, settle
from surveys.dialogue.asking import put_question
from surveys.dialogue.concluding import settle_callback
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import RANK, Interview, Mode, Purpose, Stage
from surveys.dialogue.opening import give_floor, open_interview
from surveys.dialogue.turn import Turn, Urgency
from surveys.dialogue.world import Campaign, World

LIVE = frozenset({Stage.OPEN, Stage.WAITING})


def invite(
    conversation: Conversation,
    campaign: Campaign,
    resident: int,
    world: World,
    given: Mapping[str, str] | None = None,
) -> Turn:
    """Begin the survey of `campaign` with a drawn resident at this address; `given` fills hidden rows of the form."""
    draft = Draft(conversation, world, urgency=Urgency.BULK)
    plan = campaign.plan
    interview = open_interview(
        draft,
        purpose=Purpose.SURVEY,
        resident=resident,
        form=plan.form,
        about=campaign.id,
        campaign=campaign.id,
        given=given,
        late_after=plan.closes_at + timedelta(days=plan.late_days),
    )
    draft.event("ResidentInvited", interview)
    return draft.turn()


def call_back_resident(conversation: Conversation, case_id: str, world: World) -> Turn:
    """Tell the resident what the unit says it did, and ask whether it is so."""
    draft = Draft(conversation, world, urgency=Urgency.BULK)
    case = draft.known_case(case_id)
    moved = call_back(case)
    draft.case(moved.case)
    unit = world.units(case.unit, draft.language) or case.unit
    done_on = case.resolved_at.astimezone(world.local.tzinfo).date().isoformat() if case.resolved_at else ""
    interview = open_interview(
        draft,
        purpose=Purpose.CALLBACK,
        resident=case.resident,
        form=Purpose.CALLBACK.value,
        about=f"{case.id}|{case.round}",
        campaign=case.campaign,
        case=case.id,
        given={
            "surname": conversation.person(case.resident).surname,
            "unit": unit,
            "done_on": done_on,
            "what_was_done": case.resolution,
        },
    )
    for kind in moved.events:
        draft.event(kind, interview, round=case.round)
    return draft.turn()


def remind(conversation: Conversation, interview: Interview, world: World) -> Turn:
    """Put the unanswered question once more."""
    draft = Draft(conversation, world, urgency=Urgency.BULK)
    reminded = draft.put(replace(interview, reminders=interview.reminders + 1))
    floor = draft.conversation.floor
    if reminded.stage in LIVE and floor is not None and _stands_for(draft.conversation, floor, reminded):
        _say_again(draft, floor)
        draft.event("ResidentReminded", reminded, number=reminded.reminders)
    return draft.turn()


def resume(conversation: Conversation, interview: Interview, world: World) -> Turn:
    """Put the question again, as the resident asked with 稍后."""
    draft = Draft(conversation, world, urgency=Urgency.REPLY)
    if interview.stage is Stage.OPEN and draft.conversation.floor == interview:
        put_question(draft, interview, resuming=True)
    return draft.turn()


def expire(conversation: Conversation, interview: Interview, world: World) -> Turn:
    """End an interview that has run out; a callback's silence is never a yes."""
    draft = Draft(conversation, world, urgency=Urgency.BULK)
    had_floor = draft.conversation.floor
    if interview.stage in LIVE:
        # It keeps its position: the question that met silence was asked, and counts as asked.
        ended = draft.put(replace(interview, stage=Stage.EXPIRED))
        for identity in draft.conversation.interviews:
            gate = identity.purpose is Purpose.IDENTITY and identity.resident == interview.resident
            if gate and identity.stage in LIVE:
                draft.put(replace(identity, stage=Stage.EXPIRED, position=""))
        draft.event("InterviewExpired", ended)
        if interview.purpose is Purpose.CALLBACK:
            settle_callback(draft, ended, silent=True)
        floor = draft.conversation.floor
        if floor is not None and floor != had_floor:
            if not floor.begun:
                give_floor(draft)  # it has waited for this; one whose question is out already needs no third reminder
            elif had_floor is not None and had_floor.begun:
                draft.put(replace(floor, covered=True))  # the newest question on the phone is that of `had_floor`
    return draft.turn()


def callback_withheld(conversation: Conversation, case_id: str, world: World, *, reached: bool) -> Turn:
    """End a case whose resident must not be written to as declined, or cannot be (`reached` false) as unreachable."""
    draft = Draft(conversation, world, urgency=Urgency.BULK)
    case = draft.known_case(case_id)
    moved = settle(
        call_back(case).case,
        said="declined" if reached else "",
        why="",
        mode=Mode.SELF,
        now=world.now,
        office=world.office,
    )
    draft.case(moved.case)
    for kind in moved.events:
        draft.event(kind, case=case.id, resident=case.resident, campaign=case.campaign, round=case.round)
    return draft.turn()


def case_overdue(conversation: Conversation, moved: Moved, world: World) -> Turn:
    """Escalate a case whose clock ran out with the unit; the resident hears nothing of it."""
    draft = Draft(conversation, world, urgency=Urgency.BULK)
    case = moved.case
    draft.case(case)
    for kind in moved.events:
        draft.event(kind, case=case.id, resident=case.resident, campaign=case.campaign)
    return draft.turn()


def open_question_text(conversation: Conversation, world: World) -> str:
    """Return the question that is open at an address as it would be put again, '' if none is; nothing is decided."""
    draft = Draft(conversation, world, urgency=Urgency.REPLY)
    floor = draft.conversation.floor
    if floor is None or not floor.begun:
        return ""
    put_question(draft, floor)
    return "".join(say.text for say in draft.turn().says)


def _stands_for(conversation: Conversation, floor: Interview, reminded: Interview) -> bool:
    """Whether the open question is that of `reminded`, or asks whose phone it is on its behalf and no other's.

    Interviews that wait for another do not remind of it: it has its own two reminders.
    """
    if floor.purpose is not Purpose.IDENTITY:
        return floor.id == reminded.id
    behind = [i for i in conversation.interviews if i.resident == floor.resident and i.stage is Stage.WAITING]
    return reminded in behind and reminded.purpose is min((i.purpose for i in behind), key=RANK.__getitem__)


def _say_again(draft: Draft, floor: Interview) -> None:
    if not floor.begun:
        give_floor(draft)
        return
    draft.say(
        draft.words("A kind reminder from {office}:", office=draft.world.office.name(draft.language)), about=floor
    )
    put_question(draft, floor, resuming=bool(floor.trail))


def tell(conversation: Conversation, campaign: Campaign, resident: int, sending: int | None, world: World) -> Turn:
    """Say an awareness message; it asks nothing, so no interview begins.

    `sending` is the number of the date; None where another channel takes the place of one that failed.
    """
    draft = Draft(conversation, world, urgency=Urgency.BULK)
    plan = campaign.plan
    text = plan.messages.get(draft.language) or next(iter(plan.messages.values()))
    draft.say(
        draft.words("[{organiser}] {text} Reply STOP for no more messages.", organiser=plan.organiser, text=text),
        to=resident,
        campaign=campaign.id,
    )
    if sending is not None:
        draft.event("AwarenessSent", resident=resident, campaign=campaign.id, sending=sending)
    return draft.turn()
