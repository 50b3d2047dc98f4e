"""What each kind of wake does, and running a group of due wakes in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from scheduler import failover
from scheduler.releasing import release
from scheduler.run import Run, done, later, stale
from scheduler.subjects import find_subjects
from storage.campaigns import close_campaign
from storage.committing import Commit
from storage.desk import Desk
from storage.erasure import finish
from storage.events import record
from storage.loading import load
from storage.reach import Reached, write_reach
from storage.sample import assigned_units
from storage.wakes import DueWake, WakeEnd, claim_due, end_wakes
from surveys.campaign.contact import Allowed, NotYet, Withheld, may_contact, next_opening
from surveys.campaign.plan import CampaignState
from surveys.cases.case import CaseState
from surveys.cases.progress import overdue
from surveys.consent.consent import Consent
from surveys.dialogue import waking
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.interview import Interview
from surveys.dialogue.mydata import LAST_WORD
from surveys.dialogue.turn import Event, Turn
from surveys.dialogue.world import Campaign, World
from surveys.questionnaire.repeats import UNIT
from surveys.units.given import units_given

#: A reminder that comes this late is left to the next one.
TOO_LATE = timedelta(hours=24)
#: Due wakes handled in one transaction.
GROUP = 64


def run_due(connection: Connection, desk: Desk, now: datetime, channels: Mapping[str, str], limit: int = GROUP) -> int:
    """Run up to `limit` due wakes; return how many. `channels` maps channel name to address kind, best first."""
    due = claim_due(connection, now, limit)
    if not due:
        return 0
    subjects = find_subjects(connection, desk.vault, due, channels, since=now - timedelta(days=desk.office.cap_days))
    loaded = load(connection, desk.vault, desk.codec, desk.surnames, subjects.all_addresses())
    cases = {**subjects.cases(), **loaded.cases}
    campaign_ids = {wake.campaign for wake in due} | {
        interview.campaign for talk in loaded.conversations.values() for interview in talk.interviews
    }
    world = desk.world(connection, now, campaign_ids, cases)
    run = Run(connection, desk, world, cases, subjects, dict(loaded.conversations), channels)
    known_cases = tuple(cases)
    ends = [_run_one(run, wake) for wake in due]
    commit = Commit(desk.vault, desk.codec, now, longest=desk.longest)
    for address, turn, channel in run.turns:
        commit.add(loaded.conversations[address], turn, channel=channel, known_cases=known_cases)
    commit.write(connection)
    write_reach(connection, run.reached, now)
    record(connection, run.events)
    end_wakes(connection, ends, now)
    return len(due)


def _run_one(run: Run, wake: DueWake) -> WakeEnd:
    try:
        return HANDLERS[wake.kind](run, wake)
    except Exception as error:  # noqa: BLE001 - one wake that cannot be decided must not hold up the others
        return WakeEnd(wake.id, "failed", error=f"{type(error).__name__} in {wake.kind}", attempts=wake.attempts)


def _may_write(run: Run, wake: DueWake, campaign: Campaign, talk: Conversation) -> Allowed | Withheld | NotYet:
    plan = campaign.plan
    return may_contact(
        consent=Consent(talk.person(wake.resident).consent),
        about_case=False,
        contacts=run.contacts(wake),
        cap=run.desk.office.contact_cap,
        now=run.world.now,
        opening=next_opening(run.world.now, plan.zone, plan.day_opens, plan.day_closes),
    )


def _invite(run: Run, wake: DueWake) -> WakeEnd:
    campaign = run.world.campaigns.get(wake.campaign)
    if campaign is None or campaign.state is not CampaignState.RUNNING or run.world.now >= campaign.plan.closes_at:
        return stale(wake)
    reach = run.subjects.best_address(wake.resident, campaign.plan.channels)
    if reach is None:
        return _withheld(run, wake, "no_address")
    talk = run.talks[reach.address]
    verdict = _may_write(run, wake, campaign, talk)
    if isinstance(verdict, NotYet):
        return later(wake, verdict.until)
    if not isinstance(verdict, Allowed):
        return _withheld(run, wake, verdict.reason)
    turn = waking.invite(talk, campaign, wake.resident, run.world, given=_units_given(run, wake, campaign))
    run.say(reach.address, turn, reach.channel)
    run.written.setdefault(wake.resident, set()).add(wake.campaign)
    return done(wake)


def _units_given(run: Run, wake: DueWake, campaign: Campaign) -> Mapping[str, str]:
    """Return what the interview is given of the units it asks about; nothing if its form asks about none."""
    if all(repeat.name != UNIT for repeat in run.world.form(campaign.plan.form).repeats):
        return {}
    return units_given(assigned_units(run.connection, wake.campaign, wake.resident))


def _withheld(run: Run, wake: DueWake, reason: str) -> WakeEnd:
    run.events.append(
        Event(
            "InvitationWithheld",
            run.world.now,
            resident=wake.resident,
            campaign=wake.campaign,
            actor="system",
            data={"reason": reason},
        )
    )
    return done(wake)


def _tell(run: Run, wake: DueWake) -> WakeEnd:
    campaign = run.world.campaigns.get(wake.campaign)
    if campaign is None or campaign.state is not CampaignState.RUNNING:
        return stale(wake)
    plan, sending = campaign.plan, int(wake.subject)
    reach = run.subjects.best_address(wake.resident, plan.channels)
    if reach is None:
        run.reached.append(Reached(wake.campaign, wake.resident, sending, "no_address"))
        return done(wake)
    if reach.address in run.subjects.drawn:
        run.reached.append(Reached(wake.campaign, wake.resident, sending, "drawn"))
        return done(wake)
    talk = run.talks[reach.address]
    verdict = _may_write(run, wake, campaign, talk)
    if isinstance(verdict, NotYet):
        return later(wake, verdict.until)
    if not isinstance(verdict, Allowed):
        run.reached.append(Reached(wake.campaign, wake.resident, sending, verdict.reason))
        return done(wake)
    run.reached.append(Reached(wake.campaign, wake.resident, sending, "sent"))
    run.say(reach.address, waking.tell(talk, campaign, wake.resident, sending, run.world), reach.channel)
    run.written.setdefault(wake.resident, set()).add(wake.campaign)
    return done(wake)


def _about_interview(
    act: Callable[[Conversation, Interview, World], Turn], *, unasked: bool
) -> Callable[[Run, DueWake], WakeEnd]:
    """Make a handler for wakes about an interview; `unasked` ones wait for daytime and for consent."""

    def handle(run: Run, wake: DueWake) -> WakeEnd:
        held = run.subjects.held.get(wake.subject)
        talk = run.talks.get(held.address) if held is not None else None
        interview = talk.interview(wake.subject) if talk else None
        if held is None or talk is None or interview is None or wake.guard not in {-1, interview.turn}:
            return stale(wake)
        if unasked:
            campaign = run.world.campaigns.get(interview.campaign)
            if not interview.case and (campaign is None or campaign.state is not CampaignState.RUNNING):
                return stale(wake)
            consents = [Consent(p.consent) for p in talk.people if p.resident == interview.resident]
            if not consents or not consents[0].allows(about_case=bool(interview.case)):
                return stale(wake)  # opted out, or no longer reached at this number
            office = run.desk.office
            opening = next_opening(run.world.now, office.zone, office.day_opens, office.day_closes)
            if opening > run.world.now:
                return later(wake, opening)
            if run.world.now - wake.due_at > TOO_LATE:
                return stale(wake)  # after a pause or an outage the next reminder is enough
        run.say(held.address, act(talk, interview, run.world), held.channel or run.subjects.channel_of(held.address))
        return done(wake)

    return handle


def _call_back(run: Run, wake: DueWake) -> WakeEnd:
    case = run.world.cases.get(wake.subject)
    if case is None or case.state is not CaseState.STAFF_RESOLVED or wake.guard not in {-1, case.round}:
        return stale(wake)
    reach = run.subjects.best_address(case.resident, (), prefer=case.address)
    office = run.desk.office
    opening = next_opening(run.world.now, office.zone, office.day_opens, office.day_closes)
    if opening > run.world.now:
        return later(wake, opening)
    talk = run.talks[reach.address if reach else case.address]
    allowed = reach and Consent(talk.person(case.resident).consent).allows(about_case=True)
    if reach and allowed:
        run.say(reach.address, waking.call_back_resident(talk, case.id, run.world), reach.channel)
    else:
        run.say(talk.address, waking.callback_withheld(talk, case.id, run.world, reached=reach is not None), "")
    return done(wake)


def _case_due(run: Run, wake: DueWake) -> WakeEnd:
    case = run.world.cases.get(wake.subject)
    moved = overdue(case, run.world.now) if case else None
    if case is None or moved is None:
        return stale(wake)
    talk = run.talks[case.address]
    turn = waking.case_overdue(talk, moved, run.world)
    run.say(case.address, turn, "")
    return done(wake)


def _close(run: Run, wake: DueWake) -> WakeEnd:
    return done(wake) if close_campaign(run.connection, wake.campaign, run.world.now) else stale(wake)


def _erase(run: Run, wake: DueWake) -> WakeEnd:
    """Delete the numbers of an erased resident, once the last message to them is settled."""
    if finish(run.connection, run.desk.vault, wake.resident, run.world.now):
        return done(wake)
    return later(wake, run.world.now + LAST_WORD)


#: The one visible table of wake kinds.
HANDLERS: Mapping[str, Callable[[Run, DueWake], WakeEnd]] = {
    "invite": _invite,
    "awareness": _tell,
    "remind": _about_interview(waking.remind, unasked=True),
    "resume": _about_interview(waking.resume, unasked=True),
    "expire": _about_interview(waking.expire, unasked=False),
    "callback": _call_back,
    "case_due": _case_due,
    "close": _close,
    "release": release,
    "erase": _erase,
    "failover": failover.fail_over,
    "left": failover.leave,
    "opted_out": failover.opt_out,
}
