"""Where residents are reached: a row for every number and chat, found by a keyed hash, its ids given out one by one."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select, text

from storage.prepared import Insert, Lookup
from storage.tables.residents import addresses
from storage.vault import Vault

#: Any number; imports that run side by side on PostgreSQL give out ids one after the other.
IDS_LOCK = 7_201_105
_ADDRESS = Insert(addresses, ("id", "kind", "blind", "value"))
_BY_BLIND = Lookup(select(addresses.c.blind, addresses.c.id), addresses.c.blind)


def blind_of(vault: Vault, phone: str) -> bytes:
    """Return the blind index of an E.164 number."""
    return vault.blind("phone", phone)


def lock_ids(connection: Connection) -> None:
    """Hold the giving out of ids until the transaction ends; on SQLite the one writer does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IDS_LOCK})


def next_address(connection: Connection) -> int:
    """Return the next id of an address, under `lock_ids`."""
    return int(connection.execute(select(func.max(addresses.c.id))).scalar() or 0) + 1


def phones_known(connection: Connection, blinds: Mapping[str, bytes]) -> dict[str, int]:
    """Return the ids of those numbers that have a row; `blinds` are the numbers' blind indexes."""
    phones = {blind: phone for phone, blind in blinds.items()}
    return {phones[bytes(blind)]: int(address) for blind, address in _BY_BLIND.rows(connection, list(phones))}


def put_phones(
    connection: Connection,
    vault: Vault,
    blinds: Mapping[str, bytes],
    known: Mapping[str, int],
    next_id: int,
) -> dict[str, int]:
    """Add the numbers nobody had yet, in the order of the file; return the address id of every number."""
    ids = dict(known)
    rows = []
    seal = vault.sealer("addresses.value", len(blinds))
    for phone, blind in blinds.items():
        if phone not in ids:
            ids[phone] = next_id
            rows.append((next_id, "phone", blind, seal(blind.hex(), phone)))
            next_id += 1
    _ADDRESS.tuples(connection, rows)
    return ids
