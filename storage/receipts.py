"""What providers report of a message after taking it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BindParameter, Connection, func, literal, update

from storage.tables.messages import outbox
from storage.tables.registry import Instant


class Delivery(StrEnum):
    """Delivery states in the only order they may move."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One report: found by `attempt` (it travelled along) or by the provider's own id."""

    channel: str
    attempt: str
    provider_id: str
    delivery: Delivery
    at: datetime
    error: str = ""


#: Where a message may stand when a report shows that the provider has it: also put aside, or waiting for another
#: attempt, because the provider's own answer was wrong or never came.
UNPROVEN = ("due", "attempting", "unknown", "dead")


def take_receipts(connection: Connection, receipts: Sequence[Receipt]) -> list[None]:
    """Let reports move messages forward, never back; a report proves acceptance even if the response was lost."""
    for receipt in receipts:
        if not receipt.attempt and not receipt.provider_id:
            continue  # it names no message, and would fit all that have no provider id yet
        found = outbox.c.attempt == receipt.attempt if receipt.attempt else outbox.c.provider_id == receipt.provider_id
        statement = update(outbox).where(found, outbox.c.channel == receipt.channel)
        if receipt.delivery is Delivery.DELIVERED:
            connection.execute(
                statement.where(outbox.c.state.in_([*UNPROVEN, "accepted", "failed"])).values(
                    state="delivered",
                    provider_id=receipt.provider_id,
                    sent_at=func.coalesce(outbox.c.sent_at, _instant(receipt.at)),
                    delivered_at=receipt.at,
                    error="",
                )
            )
        elif receipt.delivery is Delivery.FAILED:
            connection.execute(
                statement.where(outbox.c.state.in_([*UNPROVEN, "accepted"])).values(
                    state="failed", provider_id=receipt.provider_id, error=receipt.error[:255]
                )
            )
        else:
            connection.execute(
                statement.where(outbox.c.state.in_(UNPROVEN)).values(
                    state="accepted",
                    provider_id=receipt.provider_id,
                    sent_at=func.coalesce(outbox.c.sent_at, _instant(receipt.at)),
                )
            )
    return [None] * len(receipts)


def _instant(at: datetime) -> BindParameter[datetime]:
    return literal(at, Instant())
