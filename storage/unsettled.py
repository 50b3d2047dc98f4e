"""Inbox rows that wait for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.tables.messages import inbox
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Unsettled:
    """One message, its words opened, its sender not."""

    id: int
    at: datetime
    reason: str
    text: str


def unsettled(connection: Connection, vault: Vault, limit: int) -> Sequence[Unsettled]:
    """Return messages for a person to look at, the oldest first."""
    rows = connection.execute(select(inbox).where(inbox.c.state == "staff").order_by(inbox.c.id).limit(limit))
    return [
        Unsettled(
            row.id,
            row.received_at,
            row.reason,
            vault.open("inbox.body", f"{row.channel}|{row.provider_id}", row.body),
        )
        for row in rows
    ]


def settle_by_person(connection: Connection, message: int) -> bool:
    """Mark a message as looked at and erase its words; False if it is not waiting."""
    changed = connection.execute(
        update(inbox)
        .where(inbox.c.id == message, inbox.c.state == "staff")
        .values(state="done", body=b"", sender=b"", extra=None)
    )
    return changed.rowcount > 0
