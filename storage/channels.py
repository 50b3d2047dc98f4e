"""By what a resident is reached, since when, and what they said of it: for a member of staff to look at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.tables.cases import events
from storage.tables.residents import addresses, consents, resident_addresses
from storage.vault import Vault
from surveys.consent.consent import Consent, ConsentEntry

#: Chats come before all numbers (below 0) or after all of them; numbers keep the order of the list they came with.
LAST = 1000


@dataclass(frozen=True, slots=True)
class StoredChannel:
    """One address of a resident. `linked_at` is known of chats, `preferred` is the living one that is tried first."""

    address: int
    kind: str
    value: str
    confirmed_at: datetime | None
    ended_at: datetime | None
    linked_at: datetime | None
    preferred: bool


def channels_of(connection: Connection, vault: Vault, resident: int) -> Sequence[StoredChannel]:
    """Return the addresses of a resident, the one tried first in front."""
    linked: dict[int, datetime] = {}
    for at, data in connection.execute(
        select(events.c.at, events.c.data)
        .where(events.c.kind == "ChatLinked", events.c.resident_id == resident)
        .order_by(events.c.id)
    ):
        linked[json.loads(data)["address"]] = at
    rows = connection.execute(
        select(resident_addresses, addresses.c.kind, addresses.c.blind, addresses.c.value)
        .join(addresses, addresses.c.id == resident_addresses.c.address_id)
        .where(resident_addresses.c.resident_id == resident)
        .order_by(resident_addresses.c.rank, resident_addresses.c.address_id)
    ).all()
    first = next((row.address_id for row in rows if row.ended_at is None), None)
    return [
        StoredChannel(
            address=row.address_id,
            kind=row.kind,
            value=vault.open("addresses.value", row.blind.hex(), row.value),
            confirmed_at=row.confirmed_at,
            ended_at=row.ended_at,
            linked_at=linked.get(row.address_id),
            preferred=row.address_id == first,
        )
        for row in rows
    ]


def consent_log(connection: Connection, resident: int) -> Sequence[ConsentEntry]:
    """Return what a resident has said of being written to, in order."""
    rows = connection.execute(select(consents).where(consents.c.resident_id == resident).order_by(consents.c.id))
    return [ConsentEntry(row.resident_id, Consent(row.consent), row.source, row.channel, row.at) for row in rows]


def prefer(connection: Connection, resident: int, kind: str) -> bool:
    """Try addresses of `kind` ("phone" or "telegram") first; False if the resident has none that lives.

    Only chats change their rank: an import writes that of numbers anew each time.
    """
    rows = connection.execute(
        select(resident_addresses.c.address_id, addresses.c.kind, resident_addresses.c.ended_at)
        .join(addresses, addresses.c.id == resident_addresses.c.address_id)
        .where(resident_addresses.c.resident_id == resident)
        .order_by(resident_addresses.c.rank, resident_addresses.c.address_id)
        .with_for_update(of=resident_addresses)
    ).all()
    if not any(row.kind == kind and row.ended_at is None for row in rows):
        return False
    chats = [row.address_id for row in rows if row.kind == "telegram"]
    for place, address in enumerate(chats):
        rank = place - len(chats) if kind == "telegram" else LAST + place
        connection.execute(
            update(resident_addresses)
            .where(resident_addresses.c.resident_id == resident, resident_addresses.c.address_id == address)
            .values(rank=rank)
        )
    return True
