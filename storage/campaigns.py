"""Campaigns: their plans, where they stand, and the moves between those states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from storage import events
from storage.tables.campaigns import campaigns
from storage.tables.messages import outbox
from storage.tables.talks import wakes
from surveys.campaign.plan import CampaignState, Plan
from surveys.campaign.record import plan_text, read_plan_text
from surveys.dialogue.turn import Event

#: Wakes that start or repeat something towards residents; closing ends them.
TOWARDS_RESIDENTS = ("invite", "remind", "awareness")
#: Priority of bulk messages in the outbox; replies (0) are still sent after close.
BULK = 1


class CampaignMissing(LookupError):
    """There is no campaign of this name."""


@dataclass(frozen=True, slots=True)
class StoredCampaign:
    """A campaign as stored: its plan and where it stands."""

    id: str
    state: CampaignState
    plan: Plan
    frame: int | None
    created_at: datetime
    launched_at: datetime | None
    closed_at: datetime | None


@lru_cache(maxsize=64)
def read_plan(text: str) -> Plan:
    """Return the plan of a row. It is kept by its text, so that a changed draft is read anew."""
    return read_plan_text(text)


def load(connection: Connection, campaign_id: str) -> StoredCampaign:
    """Return the campaign of this name; CampaignMissing if there is none."""
    row = connection.execute(select(campaigns).where(campaigns.c.id == campaign_id)).first()
    if row is None:
        raise CampaignMissing(campaign_id)
    return _stored(row)


def state_of(connection: Connection, campaign_id: str) -> CampaignState:
    """Return where this campaign stands; CampaignMissing if there is none."""
    state = connection.execute(select(campaigns.c.state).where(campaigns.c.id == campaign_id)).scalar()
    if state is None:
        raise CampaignMissing(campaign_id)
    return CampaignState(state)


def listed(connection: Connection) -> tuple[StoredCampaign, ...]:
    """Return every campaign, in the order they were made."""
    rows = connection.execute(select(campaigns).order_by(campaigns.c.created_at, campaigns.c.id))
    return tuple(_stored(row) for row in rows)


def put_draft(connection: Connection, plan: Plan, now: datetime) -> bool:
    """Store `plan` as a draft; False if a draft of that name was replaced. Launched campaigns must not get here."""
    text = plan_text(plan)
    changed = connection.execute(
        update(campaigns)
        .where(campaigns.c.id == plan.name, campaigns.c.state == CampaignState.DRAFT.value)
        .values(plan=text, kind=plan.kind.value),
    ).rowcount
    if not changed:
        connection.execute(
            insert(campaigns).values(
                id=plan.name,
                kind=plan.kind.value,
                state=CampaignState.DRAFT.value,
                plan=text,
                created_at=now,
            ),
        )
        events.record(connection, [Event("CampaignCreated", now, campaign=plan.name, actor="staff")])
    return not changed


def start_campaign(
    connection: Connection,
    plan: Plan,
    frame: int,
    now: datetime,
    facts: Mapping[str, int],
) -> None:
    """Make a prepared draft running in one small transaction: its plan frozen, its held wakes due."""
    connection.execute(
        update(campaigns)
        .where(campaigns.c.id == plan.name)
        .values(state=CampaignState.RUNNING.value, plan=plan_text(plan), frame_id=frame, launched_at=now),
    )
    connection.execute(
        update(wakes).where(wakes.c.campaign_id == plan.name, wakes.c.state == "held").values(state="due"),
    )
    events.record(
        connection,
        [Event("CampaignLaunched", now, campaign=plan.name, actor="staff", data={"frame": frame, **facts})],
    )


def pause_campaign(connection: Connection, campaign_id: str, now: datetime) -> bool:
    """Let a running campaign rest; False if it was not running."""
    return _move(
        connection,
        campaign_id,
        now,
        before=CampaignState.RUNNING,
        after=CampaignState.PAUSED,
        event="CampaignPaused",
    )


def resume_campaign(connection: Connection, campaign_id: str, now: datetime) -> bool:
    """Let a paused campaign go on; False if it was not paused."""
    return _move(
        connection,
        campaign_id,
        now,
        before=CampaignState.PAUSED,
        after=CampaignState.RUNNING,
        event="CampaignResumed",
    )


def close_campaign(connection: Connection, campaign_id: str, now: datetime) -> bool:
    """Close a running or paused campaign; answers stay as they are. False if there was nothing to close.

    Invitations, reminders and awareness messages that are not out yet are called off; replies still go, and so does
    what concerns a case.
    """
    closed = connection.execute(
        update(campaigns)
        .where(
            campaigns.c.id == campaign_id,
            campaigns.c.state.in_([CampaignState.RUNNING.value, CampaignState.PAUSED.value]),
        )
        .values(state=CampaignState.CLOSED.value, closed_at=now),
    ).rowcount
    if not closed:
        return False
    wakes_ended = connection.execute(
        update(wakes)
        .where(wakes.c.campaign_id == campaign_id, wakes.c.state == "due", wakes.c.kind.in_(TOWARDS_RESIDENTS))
        .values(state="stale"),
    ).rowcount
    messages_ended = connection.execute(
        update(outbox)
        .where(
            outbox.c.campaign_id == campaign_id,
            outbox.c.state == "due",
            outbox.c.priority == BULK,
            outbox.c.case_id == "",
        )
        .values(state="cancelled"),
    ).rowcount
    happened = Event(
        "CampaignClosed",
        now,
        campaign=campaign_id,
        actor="system",
        data={"wakes_called_off": wakes_ended, "messages_called_off": messages_ended},
    )
    events.record(connection, [happened])
    return True


def _move(
    connection: Connection,
    campaign_id: str,
    now: datetime,
    *,
    before: CampaignState,
    after: CampaignState,
    event: str,
) -> bool:
    moved = connection.execute(
        update(campaigns)
        .where(campaigns.c.id == campaign_id, campaigns.c.state == before.value)
        .values(state=after.value),
    ).rowcount
    if moved:
        events.record(connection, [Event(event, now, campaign=campaign_id, actor="staff")])
    return bool(moved)


def _stored(row: Row[Any]) -> StoredCampaign:
    return StoredCampaign(
        id=row.id,
        state=CampaignState(row.state),
        plan=read_plan(row.plan),
        frame=row.frame_id,
        created_at=row.created_at,
        launched_at=row.launched_at,
        closed_at=row.closed_at,
    )
