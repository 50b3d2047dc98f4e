"""Messages that did not get out: listed for staff, tried again or called off by them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from storage.tables.messages import gates, outbox
from storage.tables.residents import residents
from surveys.consent.consent import Consent

#: What a person may look at and try again; what may be called off as long as no call is under way.
STUCK = ("dead", "failed")
OPEN = ("due", "dead", "unknown", "failed")


@dataclass(frozen=True, slots=True)
class Stuck:
    """One message of the outbox.

    `overtaken`: a later one of the same conversation has gone out since. `barred`: its resident has opted out or had
    everything deleted.
    """

    id: int
    channel: str
    state: str
    resident: str
    campaign: str
    case: str
    attempts: int
    error: str
    created_at: datetime
    due_at: datetime
    overtaken: bool
    barred: bool


@dataclass(frozen=True, slots=True)
class Which:
    """Which messages are meant: by number, or all in these states of a channel and campaign (empty: any)."""

    numbers: tuple[int, ...] = ()
    states: tuple[str, ...] = STUCK
    channel: str = ""
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class GateNow:
    """How a channel stands: `closed_until` is the machine's time until which it rests, if it does."""

    channel: str
    closed_until: datetime | None
    failures: int
    reason: str


def stuck_messages(connection: Connection, which: Which, limit: int) -> list[Stuck]:
    """Return the messages meant, the oldest first."""
    rows = connection.execute(
        select(
            outbox.c.id,
            outbox.c.channel,
            outbox.c.state,
            residents.c.office_id,
            outbox.c.campaign_id,
            outbox.c.case_id,
            outbox.c.attempts,
            outbox.c.error,
            outbox.c.created_at,
            outbox.c.due_at,
            _overtaken().label("overtaken"),
            _barred().label("barred"),
        )
        .outerjoin(residents, residents.c.id == outbox.c.resident_id)
        .where(_meant(which))
        .order_by(outbox.c.id)
        .limit(limit)
    )
    return [Stuck(*row[:3], row[3] or "", *row[4:10], bool(row[10]), bool(row[11])) for row in rows]


def count_messages(connection: Connection) -> dict[str, dict[str, int]]:
    """Return how many messages are in each state, by channel."""
    found: dict[str, dict[str, int]] = {}
    rows = connection.execute(
        select(outbox.c.channel, outbox.c.state, func.count())
        .group_by(outbox.c.channel, outbox.c.state)
        .order_by(outbox.c.channel, outbox.c.state)
    )
    for channel, state, count in rows:
        found.setdefault(channel, {})[state] = count
    return found


def gates_now(connection: Connection) -> list[GateNow]:
    """Return how each channel stands."""
    rows = connection.execute(
        select(gates.c.channel, gates.c.closed_until, gates.c.failures, gates.c.reason).order_by(gates.c.channel)
    )
    return [GateNow(*row) for row in rows]


def replay(connection: Connection, which: Which, now: datetime) -> int:
    """Let the messages meant be tried anew, except overtaken and barred ones; return how many."""
    again = select(outbox.c.id).where(_meant(which), outbox.c.state.in_(STUCK), ~_overtaken(), ~_barred())
    changed = connection.execute(
        update(outbox)
        .where(outbox.c.id.in_(again.scalar_subquery()))
        .values(state="due", due_at=now, faults=0, error="")
    )
    return changed.rowcount


def call_off(connection: Connection, which: Which) -> int:
    """Cancel the messages meant that are not under way; return how many."""
    changed = connection.execute(
        update(outbox).where(_meant(which), outbox.c.state.in_(OPEN)).values(state="cancelled", error="staff")
    )
    return changed.rowcount


def _meant(which: Which) -> ColumnElement[bool]:
    if which.numbers:
        return outbox.c.id.in_(which.numbers)
    clauses: list[ColumnElement[bool]] = [outbox.c.state.in_(which.states)]
    if which.channel:
        clauses.append(outbox.c.channel == which.channel)
    if which.campaign:
        clauses.append(outbox.c.campaign_id == which.campaign)
    return and_(*clauses)


def _overtaken() -> ColumnElement[bool]:
    later = outbox.alias("later")
    return exists(
        select(later.c.id)
        .where(
            later.c.resident_id == outbox.c.resident_id,
            later.c.interview_id == outbox.c.interview_id,
            later.c.interview_id != "",
            later.c.id > outbox.c.id,
            later.c.state.in_(("accepted", "delivered")),
        )
        .correlate(outbox)
    )


def _barred() -> ColumnElement[bool]:
    person = residents.alias("person")
    return exists(
        select(person.c.id)
        .where(
            person.c.id == outbox.c.resident_id,
            or_(person.c.consent == Consent.STOPPED.value, person.c.erased_at.is_not(None)),
        )
        .correlate(outbox)
    )
