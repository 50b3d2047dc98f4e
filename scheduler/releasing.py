"""Releasing reserve replicates by the plan's own rule: whole, in turn, while completes lag behind their targets."""

from __future__ import annotations

from scheduler.run import Run, done, later, stale
from storage import sample
from storage.wakes import DueWake, WakeEnd, write_wakes
from surveys.campaign.plan import CampaignState
from surveys.dialogue.turn import Event
from surveys.sampling.release import invitations, lagging
from surveys.sampling.tickets import ticket


def release(run: Run, wake: DueWake) -> WakeEnd:
    """Look whether a stratum lags; if so prepare the next replicate's invitations, some at a time, then release it."""
    campaign, now = run.world.campaigns.get(wake.campaign), run.world.now
    if campaign is None or campaign.state is not CampaignState.RUNNING or now >= campaign.plan.closes_at:
        return stale(wake)
    plan, connection = campaign.plan, run.connection
    behind = lagging(plan.sample.target_completes, sample.completes(connection, plan.name))
    waiting = [part for part in sample.replicates(connection, plan.name) if part.released_at is None]
    if not waiting:
        return done(wake)
    again = now + plan.sample.release_after
    if behind:
        number = waiting[0].number
        members = sample.members_of(connection, plan.name, number)
        ready = sample.held(connection, plan.name)
        if ready < len(members):
            # The order of the tickets, as when it is released by hand; no transaction holds up the residents' own.
            in_turn = sorted(
                (ticket(plan.sample.seed, plan.name, stratum, name), who) for name, who, stratum in members
            )
            planned = list(invitations(plan, [who for _, who in in_turn], now))
            write_wakes(connection, planned[ready : ready + sample.CHUNK], state=sample.HELD)
            return later(wake, now)
        size = sample.release_replicate(connection, plan.name, number, now)
        data: dict[str, str | int | float | bool] = {"replicate": number, "size": size, "lagging": ", ".join(behind)}
        run.events.append(Event("ReplicateReleased", now, campaign=plan.name, actor="system", data=data))
        if len(waiting) == 1:
            return done(wake)
    return later(wake, again) if again < plan.closes_at else done(wake)
