"""A conversation that goes on elsewhere, because a channel does not reach its resident any more."""

from __future__ import annotations

from dataclasses import replace

from surveys.dialogue.conversation import Conversation
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Purpose, Stage
from surveys.dialogue.opening import give_floor
from surveys.dialogue.standing import stop
from surveys.dialogue.turn import LinkChange, Turn, Urgency, Wake
from surveys.dialogue.world import World

LIVE = frozenset({Stage.OPEN, Stage.WAITING})


def depart(here: Conversation, interview: Interview, world: World) -> Turn:
    """Take `interview` away from an address; who was being asked for its sake whose phone this is, is asked no more."""
    draft = Draft(here, world, urgency=Urgency.BULK)
    kept = [i for i in draft.conversation.interviews if i.id != interview.id]
    draft.conversation = replace(draft.conversation, interviews=tuple(kept))
    for other in kept:
        if other.purpose is Purpose.IDENTITY and other.resident == interview.resident and other.stage in LIVE:
            draft.put(other.changed(stage=Stage.EXPIRED, position=""))
    return draft.turn()


def arrive(there: Conversation, interview: Interview, world: World, *, left: str, by: str, reason: str) -> Turn:
    """Go on with `interview` at this address by channel `by`, from the first question without an answer.

    Who writes and why is said once more: what went by `left` may never have been read. Where it is not known whose
    phone this is, that is asked first, as everywhere.
    """
    draft = Draft(there, world, urgency=Urgency.BULK, channel=by)
    draft.put(
        interview.changed(
            stage=Stage.WAITING,
            begun=False,
            cleared=False,
            position=interview.trail[-1] if interview.trail else "",
            tries=0,
            unread="",
        )
    )
    draft.event("ChannelFailedOver", interview, left=left, by=by, reason=reason)
    give_floor(draft)
    return draft.turn()


def out_of_reach(here: Conversation, interview: Interview, world: World, *, left: str, reason: str) -> Turn:
    """Note that no channel is left for `interview`; it stays open, should the resident write."""
    draft = Draft(here, world, urgency=Urgency.BULK)
    draft.event("ResidentOutOfReach", interview, left=left, reason=reason)
    return draft.turn()


def leave(here: Conversation, channel: str, world: World) -> Turn:
    """Give up a channel its resident has shut; what was open there goes on by another."""
    draft = Draft(here, world, urgency=Urgency.REPLY, channel=channel)
    for person in here.people:
        draft.link(LinkChange(person.resident, confirmed=person.confirmed, ended=True))
        draft.event("ChannelLeft", resident=person.resident, channel=channel)
    for interview in here.interviews:
        if interview.stage in LIVE:
            draft.wake(
                Wake(
                    "failover",
                    world.now,
                    interview.id,
                    f"failover|{interview.id}|{draft.conversation.turn}",
                    resident=interview.resident,
                    campaign="" if interview.case else interview.campaign,
                )
            )
    return draft.turn()


def stopped_at_carrier(here: Conversation, channel: str, world: World) -> Turn:
    """Take a STOP that was told to the carrier, who lets nothing be answered: an opt-out like any other."""
    draft = Draft(here, world, urgency=Urgency.REPLY, channel=channel)
    stop(draft, "carrier")
    return replace(draft.turn(), says=())
