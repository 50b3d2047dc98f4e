"""What follows when a message will not get through by its channel: another channel, an opt-out, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.failure import Failure
from storage.tables.messages import outbox
from storage.wakes import write_wakes
from surveys.dialogue.turn import Wake

#: Subjects of failover wakes about a message that belongs to no interview begin so; its outbox id follows.
OF_MESSAGE = "outbox:"


@dataclass(frozen=True, slots=True)
class LostMessage:
    """A message of the outbox that has failed for good by its channel, and why."""

    id: int
    failure: Failure


def after_failures(connection: Connection, lost: Sequence[LostMessage], now: datetime) -> None:
    """Queue what follows, in the transaction that settles the messages; a wake per message, once for ever."""
    why = {message.id: message.failure for message in lost if message.failure is not Failure.REFUSED}
    if not why:
        return
    write_wakes(connection, [_wake(row, why[row.id], now) for row in connection.execute(_ROWS, {"ids": sorted(why)})])


def _wake(row: Any, failure: Failure, now: datetime) -> Wake:
    # A campaign that rests or has closed does not hold up what concerns a case.
    about = {"resident": row.resident_id, "campaign": "" if row.case_id else row.campaign_id}
    if failure is Failure.OPTED_OUT:
        return Wake("opted_out", now, f"{row.address_id}|{row.channel}", f"opted_out|{row.key}", **about)
    if failure is Failure.BLOCKED:
        return Wake("left", now, f"{row.address_id}|{row.channel}", f"left|{row.key}", **about)
    subject = row.interview_id or f"{OF_MESSAGE}{row.id}"
    return Wake("failover", now, subject, f"failover|{row.key}", **about)


_ROWS = select(
    outbox.c.id,
    outbox.c.key,
    outbox.c.address_id,
    outbox.c.channel,
    outbox.c.resident_id,
    outbox.c.interview_id,
    outbox.c.campaign_id,
    outbox.c.case_id,
).where(outbox.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class FailedWay:
    """An address and channel by which a message did not get through, and which interview it belonged to."""

    message: int
    interview: str
    address: int
    channel: str
    reason: str


def failed_ways(connection: Connection, residents: Collection[int]) -> list[FailedWay]:
    """Return by which ways messages to these residents have failed; what was merely refused is none of them."""
    rows = connection.execute(_FAILED, {"residents": sorted(residents)})
    found = (
        FailedWay(row.id, row.interview_id, row.address_id, row.channel, row.error.partition(":")[0]) for row in rows
    )
    return [way for way in found if way.reason != Failure.REFUSED]


_FAILED = select(outbox.c.id, outbox.c.interview_id, outbox.c.address_id, outbox.c.channel, outbox.c.error).where(
    outbox.c.resident_id.in_(bindparam("residents", expanding=True)), outbox.c.state == "failed"
)
