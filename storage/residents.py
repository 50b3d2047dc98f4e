"""Residents and their numbers: written by imports, never twice, names and numbers sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage.addresses import blind_of, lock_ids, next_address, phones_known, put_phones
from storage.batch import NEW, UNCHANGED, UPDATED, Batch, Known, Written, differs, links_of
from storage.entry import Entry
from storage.links import known_links
from storage.prepared import Lookup
from storage.suppressed import left_out
from storage.tables.residents import addresses, resident_addresses, residents
from storage.vault import Vault
from surveys.consent.consent import Consent

_BY_OFFICE_ID = Lookup(
    select(
        residents.c.id,
        residents.c.office_id,
        residents.c.name,
        residents.c.language,
        residents.c.birth_year,
        residents.c.telegram,
    ),
    residents.c.office_id,
)
SUPPRESSED = "suppressed"


@dataclass(slots=True)
class Alone:
    """How far one import has come in tables that were empty when it began: the last ids it gave out.

    Ids go up by one, so that as long as these are the highest all rows are its own, and an office id or a number that
    it has not written itself need not be looked for: at a million residents a tenth of the time.
    """

    resident: int = 0
    address: int = 0


@dataclass(frozen=True, slots=True)
class StoredResident:
    """A resident opened for a member of staff; `phones` are (E.164, confirmed, ended), the first tried first."""

    id: int
    office_id: str
    name: str
    language: str
    birth_year: int | None
    telegram: bool
    consent: Consent
    phones: tuple[tuple[str, bool, bool], ...] = ()


def compare(
    connection: Connection,
    vault: Vault,
    entries: Sequence[Entry],
    shared: Collection[str],
    now: datetime,
    *,
    blinds: Mapping[str, bytes] | None = None,
) -> Counter[str]:
    """Return how many of `entries` would be new, updated and unchanged, without writing anything.

    `blinds` are the blind indexes of their numbers, where they are known already.
    """
    without = left_out(connection, vault, entries)
    entries = without.apply(entries)
    known = _known(connection, entries, _blinds(vault, entries, blinds))
    # A number the database does not have yet stands under an id no address has.
    ids = {phone: -1 - at for at, phone in enumerate(phone for entry in entries for phone in entry.phones)}
    ids |= known.addresses
    shared_ids = {address for phone, address in ids.items() if phone in shared}
    counts: Counter[str] = Counter()
    counts[SUPPRESSED] = sum(without.numbers.values()) + len(without.erased)
    counts[UNCHANGED] = len(without.erased)
    for entry in entries:
        if entry.office_id in without.erased:
            continue
        row = known.residents.get(entry.office_id)
        if row is None:
            counts[NEW] += 1
        else:
            links, _ = links_of(known, row.id, entry, ids, shared=shared_ids, now=now)
            counts[UPDATED if links or differs(vault, row, entry) else UNCHANGED] += 1
    return counts


def put(
    connection: Connection,
    vault: Vault,
    entries: Sequence[Entry],
    shared: Collection[str],
    now: datetime,
    *,
    blinds: Mapping[str, bytes] | None = None,
    alone: Alone | None = None,
) -> list[Written]:
    """Write `entries` in this transaction and return what became of each, in order.

    Known office ids keep their resident id; a number no longer listed ends its link; a stop is never lifted.
    Numbers in `shared`, or that another resident has too, are not confirmed by an import. Whoever had everything
    deleted is not brought back, neither as a resident nor by their number. `blinds` as for `compare`.
    `alone` is one object for all the chunks of an import whose office ids all differ.
    """
    lock_ids(connection)
    without = left_out(connection, vault, entries)
    entries = without.apply(entries)
    blinds = _blinds(vault, entries, blinds)
    next_id = (connection.execute(select(func.max(residents.c.id))).scalar() or 0) + 1
    free = next_address(connection)
    by_itself = alone is not None and (alone.resident, alone.address) == (next_id - 1, free - 1)
    if by_itself:
        known = _known(connection, (), {phone: blind for phone, blind in blinds.items() if phone in shared})
    else:
        known = _known(connection, entries, blinds)
    ids = put_phones(connection, vault, blinds, known.addresses, free)
    shared_ids = {address for phone, address in ids.items() if phone in shared}
    batch = Batch(vault, known, ids, shared_ids, now, next_id)
    seal = vault.sealer("residents.name", len(entries))
    for entry in entries:
        left = without.numbers.get(entry.office_id, 0)
        if entry.office_id in without.erased:
            batch.written.append(Written(without.erased[entry.office_id], None, UNCHANGED, 1, erased=True))
        elif (row := known.residents.get(entry.office_id)) is None:
            batch.add(entry, seal, left)
        else:
            batch.update(row, entry, seal, left)
    batch.write(connection)
    if alone is not None and by_itself:
        alone.resident, alone.address = batch.next_id - 1, free - 1 + len(ids) - len(known.addresses)
    return batch.written


def check_keys(connection: Connection, vault: Vault) -> None:
    """Open one stored name; KeyFault when the keys are those of another installation."""
    row = connection.execute(select(residents.c.office_id, residents.c.name).limit(1)).first()
    if row is not None:
        vault.open("residents.name", row.office_id, row.name)


def listed(connection: Connection, vault: Vault, limit: int, after: int = 0) -> tuple[StoredResident, ...]:
    """Return up to `limit` residents with ids above `after`."""
    rows = connection.execute(
        select(residents).where(residents.c.id > after).order_by(residents.c.id).limit(limit),
    ).all()
    return _opened(connection, vault, rows)


def find(connection: Connection, vault: Vault, office_id: str) -> StoredResident | None:
    """Return the resident with this office id, or None."""
    rows = connection.execute(select(residents).where(residents.c.office_id == office_id)).all()
    return next(iter(_opened(connection, vault, rows)), None)


def by_id(connection: Connection, vault: Vault, resident: int) -> StoredResident | None:
    """Return the resident with this id, None if there is none."""
    rows = connection.execute(select(residents).where(residents.c.id == resident)).all()
    return next(iter(_opened(connection, vault, rows)), None)


def count(connection: Connection) -> int:
    """Return how many residents are stored."""
    return int(connection.execute(select(func.count()).select_from(residents)).scalar_one())


def _opened(connection: Connection, vault: Vault, rows: Sequence[Row[Any]]) -> tuple[StoredResident, ...]:
    phones: dict[int, list[tuple[str, bool, bool]]] = {}
    links = connection.execute(
        select(
            resident_addresses.c.resident_id,
            resident_addresses.c.confirmed_at,
            resident_addresses.c.ended_at,
            addresses.c.blind,
            addresses.c.value,
        )
        .join(addresses, addresses.c.id == resident_addresses.c.address_id)
        .where(resident_addresses.c.resident_id.in_([row.id for row in rows]), addresses.c.kind == "phone")
        .order_by(resident_addresses.c.resident_id, resident_addresses.c.rank, resident_addresses.c.address_id),
    )
    for link in links:
        value = vault.open("addresses.value", link.blind.hex(), link.value)
        phones.setdefault(link.resident_id, []).append(
            (value, link.confirmed_at is not None, link.ended_at is not None),
        )
    return tuple(
        StoredResident(
            id=row.id,
            office_id=row.office_id,
            name=vault.open("residents.name", row.office_id, row.name),
            language=row.language,
            birth_year=row.birth_year,
            telegram=row.telegram,
            consent=Consent(row.consent),
            phones=tuple(phones.get(row.id, ())),
        )
        for row in rows
    )


def _blinds(vault: Vault, entries: Sequence[Entry], known: Mapping[str, bytes] | None) -> dict[str, bytes]:
    if known is not None:
        return {phone: known[phone] for entry in entries for phone in entry.phones}
    return {phone: blind_of(vault, phone) for entry in entries for phone in entry.phones}


def _known(connection: Connection, entries: Sequence[Entry], blinds: Mapping[str, bytes]) -> Known:
    known = {row.office_id: row for row in _BY_OFFICE_ID.rows(connection, [entry.office_id for entry in entries])}
    ids = phones_known(connection, blinds)
    return Known(known, ids, known_links(connection, [row.id for row in known.values()], list(ids.values())))
