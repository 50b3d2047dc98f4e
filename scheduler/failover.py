"""Wakes about channels that fail: going on by another one, ending a chat that was shut, taking a carrier's STOP."""

from __future__ import annotations

from scheduler.run import Run, done, later, stale
from storage.failing import OF_MESSAGE
from storage.wakes import DueWake, WakeEnd
from surveys.campaign.contact import next_opening
from surveys.campaign.plan import CampaignState
from surveys.consent.consent import Consent
from surveys.dialogue import moving, waking
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.interview import Interview, Purpose, Stage
from surveys.dialogue.turn import Event


def fail_over(run: Run, wake: DueWake) -> WakeEnd:
    """Go on with an interview by the resident's next channel, or say an awareness message there."""
    if wake.subject.startswith(OF_MESSAGE):
        return _tell_elsewhere(run, wake)
    held = run.subjects.held.get(wake.subject)
    talk = run.talks.get(held.address) if held else None
    interview = _behind(talk, wake.subject) if talk else None
    if held is None or talk is None or interview is None:
        return stale(wake)
    campaign = run.world.campaigns.get(interview.campaign)
    if not interview.case and (campaign is None or campaign.state is not CampaignState.RUNNING):
        return stale(wake)
    failed = run.subjects.failed.get(wake.subject, {})
    ways = run.subjects.ways(interview.resident, campaign.plan.channels if campaign and not interview.case else ())
    if held in ways and held not in failed:
        return stale(wake)  # it has moved since, or the resident has written again
    person = next((p for t in run.talks.values() for p in t.people if p.resident == interview.resident), None)
    if person is None or not Consent(person.consent).allows(about_case=bool(interview.case)):
        return stale(wake)
    office = run.desk.office
    opening = next_opening(run.world.now, office.zone, office.day_opens, office.day_closes)
    if opening > run.world.now:
        return later(wake, opening)
    reason = failed.get(held, "left")
    way = next((way for way in ways if way not in failed), None)
    if way is None:
        run.say(talk.address, moving.out_of_reach(talk, interview, run.world, left=held.channel, reason=reason), "")
        return done(wake)
    if way.address != talk.address:
        run.say(talk.address, moving.depart(talk, interview, run.world), "")
    there = run.talks[way.address]
    turn = moving.arrive(there, interview, run.world, left=held.channel, by=way.channel, reason=reason)
    run.say(way.address, turn, way.channel)
    return done(wake)


def leave(run: Run, wake: DueWake) -> WakeEnd:
    """End a chat that a send found shut, as the resident's own word would."""
    address, _, channel = wake.subject.partition("|")
    talk = run.talks.get(int(address))
    if talk is None or not talk.people:
        return stale(wake)
    run.say(talk.address, moving.leave(talk, channel, run.world), channel)
    return done(wake)


def opt_out(run: Run, wake: DueWake) -> WakeEnd:
    """Opt out a resident who has done so with the carrier."""
    address, _, channel = wake.subject.partition("|")
    talk = run.talks.get(int(address))
    if talk is None or all(person.consent == Consent.STOPPED.value for person in talk.people):
        return stale(wake)
    run.say(talk.address, moving.stopped_at_carrier(talk, channel, run.world), channel)
    return done(wake)


def _behind(talk: Conversation, subject: str) -> Interview | None:
    """Return the live interview; for one that asks whose phone this is, the one it asks on behalf of."""
    interview = talk.interview(subject)
    if interview is None or interview.stage not in moving.LIVE:
        return None
    if interview.purpose is not Purpose.IDENTITY:
        return interview
    waiting = [i for i in talk.interviews if i.resident == interview.resident and i.stage is Stage.WAITING]
    return waiting[0] if waiting else None


def _tell_elsewhere(run: Run, wake: DueWake) -> WakeEnd:
    message = run.subjects.messages.get(wake.subject)
    campaign = run.world.campaigns.get(wake.campaign)
    if message is None or campaign is None or campaign.state is not CampaignState.RUNNING or not campaign.plan.messages:
        return stale(wake)
    tried = run.subjects.failed.get(wake.subject, {})
    way = next((way for way in run.subjects.ways(wake.resident, campaign.plan.channels) if way not in tried), None)
    if way is None:
        return done(wake)
    talk = run.talks[way.address]
    if not Consent(talk.person(wake.resident).consent).allows(about_case=False):
        return stale(wake)
    plan = campaign.plan
    opening = next_opening(run.world.now, plan.zone, plan.day_opens, plan.day_closes)
    if opening > run.world.now:
        return later(wake, opening)
    turn = waking.tell(talk, campaign, wake.resident, None, run.world)
    event = Event(
        "ChannelFailedOver",
        run.world.now,
        resident=wake.resident,
        campaign=wake.campaign,
        actor="system",
        data={"left": message.channel, "by": way.channel, "reason": tried.get(message, "failed")},
    )
    run.events.append(event)
    run.say(way.address, turn, way.channel)
    return done(wake)
