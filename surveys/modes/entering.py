"""What entered answers lead to in a conversation: the survey is complete, its reminders have nothing left to guard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from surveys.dialogue.conversation import Conversation
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Purpose, Stage
from surveys.dialogue.opening import give_floor
from surveys.dialogue.turn import Answer, Turn, Urgency
from surveys.dialogue.world import Campaign, World
from surveys.modes.entry import Entry

LIVE = frozenset({Stage.OPEN, Stage.WAITING})


def interview_id(world: World, resident: int, campaign: str) -> str:
    """Return the id that a resident's survey interview of a campaign has, whichever way it came about."""
    return world.names.name("interview", Purpose.SURVEY.value, resident, campaign)


def enter(conversation: Conversation, entry: Entry, campaign: Campaign, world: World, number: int) -> Turn:
    """Complete the survey of `campaign` with the answers of `entry`, from import `number`.

    An interview that is under way in the chat ends with it, and whoever has waited behind it gets the floor.
    """
    draft = Draft(conversation, world, urgency=Urgency.BULK)
    had_floor = draft.conversation.floor
    resident, filled = entry.drawn.resident, entry.filled
    known = conversation.interview(interview_id(world, resident, campaign.id))
    before = known or Interview(
        id=interview_id(world, resident, campaign.id),
        purpose=Purpose.SURVEY,
        resident=resident,
        form=campaign.plan.form,
        campaign=campaign.id,
        language=draft.language,
        given=entry.given,
        late_after=campaign.plan.closes_at + timedelta(days=campaign.plan.late_days),
    )
    done = draft.put(
        before.changed(
            stage=Stage.COMPLETE,
            position="",
            tries=0,
            begun=True,
            mode=entry.mode,
            heard_at=entry.at,
            values=filled.values,
            trail=filled.trail,
            skipped=filled.skipped,
            unread="",
            sought="",
            covered=False,
        )
    )
    for name, (reading, text) in filled.read.items():
        draft.answer(
            Answer(
                interview=done.id,
                question=name,
                value=reading.value,
                raw=text,
                rule=reading.rule,
                confidence=reading.confidence,
                at=entry.at,
                mode=entry.mode,
                comment=reading.comment,
                late=entry.at >= campaign.plan.closes_at,
            )
        )
    draft.event(
        "AnswersEntered",
        done,
        actor=entry.entered_by,
        mode=entry.mode.value,
        assisted=int(entry.assisted),
        answers=len(filled.read),
        number=number,
    )
    draft.event("InterviewCompleted", done, actor=entry.entered_by, purpose=done.purpose.value)
    _end_identity(draft, done)
    floor = draft.conversation.floor
    if floor is not None and floor != had_floor and not floor.begun:
        give_floor(draft)  # it has waited for this; one whose question is out already needs no third reminder
    return draft.turn()


def _end_identity(draft: Draft, done: Interview) -> None:
    """Stop asking whose phone this is, unless something else of the same resident waits for it."""
    mine = [i for i in draft.conversation.interviews if i.resident == done.resident and i.stage in LIVE]
    if any(interview.purpose is not Purpose.IDENTITY for interview in mine):
        return
    for identity in mine:
        draft.put(replace(identity, stage=Stage.EXPIRED, position=""))
