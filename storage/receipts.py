"""What providers report of a message after taking it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, Connection, func, literal, select, update

from storage.failing import LostMessage, after_failures
from storage.failure import Failure
from storage.outbox import next_try
from storage.tables.messages import outbox
from storage.tables.registry import Instant


class Delivery(StrEnum):
    """Delivery states in the only order they may move."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One report: found by `attempt` (it travelled along) or by the provider's own id.

    `failure` says of a failed one what is to be done about it.
    """

    channel: str
    attempt: str
    provider_id: str
    delivery: Delivery
    at: datetime
    error: str = ""
    failure: Failure = Failure.REFUSED


#: Where a message may stand when a report shows that the provider has it: also put aside, or waiting for another
#: attempt, because the provider's own answer was wrong or never came.
UNPROVEN = ("due", "attempting", "unknown", "dead")


def take_receipts(connection: Connection, receipts: Sequence[Receipt]) -> list[None]:
    """Let reports move messages forward, never back; a report proves acceptance even if the response was lost."""
    for receipt in receipts:
        if not receipt.attempt and not receipt.provider_id:
            continue  # it names no message, and would fit all that have no provider id yet
        found = outbox.c.attempt == receipt.attempt if receipt.attempt else outbox.c.provider_id == receipt.provider_id
        mine = (found, outbox.c.channel == receipt.channel)
        if receipt.delivery is Delivery.FAILED:
            _take_failure(connection, receipt, mine)
            continue
        values: dict[str, Any] = {
            "provider_id": receipt.provider_id or outbox.c.provider_id,
            "sent_at": func.coalesce(outbox.c.sent_at, _instant(receipt.at)),
        }
        if receipt.delivery is Delivery.DELIVERED:
            moved = outbox.c.state.in_([*UNPROVEN, "accepted", "failed"])
            values |= {"state": "delivered", "delivered_at": receipt.at, "error": ""}
        else:
            moved = outbox.c.state.in_(UNPROVEN)
            values |= {"state": "accepted"}
        connection.execute(update(outbox).where(*mine, moved).values(values))
    return [None] * len(receipts)


def _take_failure(connection: Connection, receipt: Receipt, mine: Sequence[Any]) -> None:
    """Settle a message that was taken and then not delivered: tried again later where that may help."""
    row = connection.execute(
        select(outbox.c.id, outbox.c.faults, outbox.c.attempt)
        .where(*mine, outbox.c.state.in_([*UNPROVEN, "accepted"]))
        .with_for_update()
    ).first()
    if row is None:
        return
    failure = receipt.failure
    if failure is not Failure.AWAY and not failure.final:
        failure = Failure.REFUSED  # it was taken: only a phone that was off is worth another try
    state, due, faults = next_try(failure, row.faults, row.attempt, 0.0, receipt.at)
    connection.execute(
        update(outbox)
        .where(outbox.c.id == row.id)
        .values(
            state=state,
            due_at=due,
            faults=faults,
            provider_id=receipt.provider_id or outbox.c.provider_id,
            error=f"{failure.value}: {receipt.error}"[:255],
        )
    )
    if state == "failed":
        after_failures(connection, [LostMessage(row.id, failure)], receipt.at)


def _instant(at: datetime) -> BindParameter[datetime]:
    return literal(at, Instant())
