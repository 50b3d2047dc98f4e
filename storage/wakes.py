"""Durable time: claiming what is due, and settling it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, or_, select, text, update

from storage.prepared import Insert
from storage.tables.campaigns import campaigns
from storage.tables.talks import wakes
from surveys.campaign.plan import CampaignState
from surveys.dialogue.turn import Wake

#: A wake that cannot be decided is tried this often, later and later, then shown to staff.
TRIES = 5
FIRST_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DueWake:
    """One wake that is due."""

    id: int
    kind: str
    subject: str
    guard: int
    resident: int
    campaign: str
    attempts: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class WakeEnd:
    """What became of a wake: done, stale (it guarded a turn that has passed), failed, or later (`due_at` set)."""

    id: int
    state: str
    due_at: datetime | None = None
    error: str = ""
    attempts: int = 0


def claim_due(connection: Connection, now: datetime, limit: int) -> list[DueWake]:
    """Lock up to `limit` due wakes, oldest first, ties by resident; those of paused campaigns rest."""
    rows = connection.execute(_DUE, {"now": now, "most": limit})
    return [DueWake(r.id, r.kind, r.subject, r.guard, r.resident_id, r.campaign_id, r.attempts, r.due_at) for r in rows]


def end_wakes(connection: Connection, ends: Sequence[WakeEnd], now: datetime) -> None:
    """Settle wakes; one that failed is due again later, unless it has been tried too often."""
    plain = [{"of": end.id, "state": end.state} for end in ends if end.state in {"done", "stale"}]
    if plain:
        connection.execute(_END, plain)
    for end in ends:
        if end.state == "later":
            connection.execute(update(wakes).where(wakes.c.id == end.id).values(due_at=end.due_at))
        elif end.state == "failed":
            tried = end.attempts + 1
            connection.execute(
                update(wakes)
                .where(wakes.c.id == end.id)
                .values(
                    state="failed" if tried >= TRIES else "due",
                    attempts=tried,
                    error=end.error[:255],
                    due_at=now + FIRST_PAUSE * 4**tried,
                )
            )


def give_up_next(connection: Connection, now: datetime, why: str) -> None:
    """Count a failure of the wake that is due next, so that a row the database refuses does not block the rest."""
    for wake in claim_due(connection, now, 1):
        end_wakes(connection, [WakeEnd(wake.id, "failed", error=why, attempts=wake.attempts)], now)


def write_wakes(connection: Connection, wanted: Sequence[Wake], *, state: str = "due") -> None:
    """Insert wakes; one with a key that exists already is the same wake and changes nothing."""
    _WAKE.many(
        connection,
        [
            {
                "kind": wake.kind,
                "key": wake.key,
                "due_at": wake.due_at,
                "subject": wake.subject,
                "guard": wake.guard,
                "resident_id": wake.resident,
                "campaign_id": wake.campaign,
                "state": state,
            }
            for wake in wanted
        ],
    )


def next_due(connection: Connection) -> datetime | None:
    """Return when the next wake is due, None if none is waiting."""
    found: datetime | None = connection.execute(
        select(func.min(wakes.c.due_at))
        .outerjoin(campaigns, campaigns.c.id == wakes.c.campaign_id)
        .where(text("wakes.state = 'due'"), _NOT_PAUSED)
    ).scalar()
    return found


_NOT_PAUSED = or_(campaigns.c.state.is_(None), campaigns.c.state != CampaignState.PAUSED.value, wakes.c.kind == "close")
_DUE = (
    select(
        wakes.c.id,
        wakes.c.kind,
        wakes.c.subject,
        wakes.c.guard,
        wakes.c.resident_id,
        wakes.c.campaign_id,
        wakes.c.attempts,
        wakes.c.due_at,
    )
    .outerjoin(campaigns, campaigns.c.id == wakes.c.campaign_id)
    .where(text("wakes.state = 'due'"), wakes.c.due_at <= bindparam("now"), _NOT_PAUSED)
    .order_by(wakes.c.due_at, wakes.c.resident_id, wakes.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=wakes)
)
_END = update(wakes).where(wakes.c.id == bindparam("of")).values(state=bindparam("state"))
_WAKE = Insert(
    wakes,
    ("kind", "key", "due_at", "subject", "guard", "resident_id", "campaign_id", "state"),
    fixed={"attempts": "0", "error": "''"},
    unique=("key",),
)
