"""Residents and their numbers: written by imports, never twice, names and numbers sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, select, update

from storage.addresses import blind_of, lock_ids, next_address, phones_known, put_phones
from storage.entry import Entry
from storage.links import KnownLinks, Link, changed_links, known_links, write_links
from storage.prepared import Insert, Lookup
from storage.suppressed import left_out
from storage.tables.registry import Stamps
from storage.tables.residents import addresses, consents, resident_addresses, residents
from storage.vault import Vault
from surveys.consent.consent import Consent

_COLUMNS = ("name", "language", "birth_year", "telegram")
_RESIDENT = Insert(residents, ("id", "office_id", *_COLUMNS, "consent", "updated_at"))
_CONSENT = Insert(consents, ("resident_id", "consent", "source", "channel", "at"))
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
_GIVEN = Consent.GIVEN.value
NEW, UPDATED, UNCHANGED = "new", "updated", "unchanged"
SUPPRESSED = "suppressed"


class Written(NamedTuple):
    """What became of an entry: its resident, the first number that is theirs, and new | updated | unchanged."""

    resident: int
    address: int | None
    change: str
    suppressed: int = 0  # numbers left out because their holder had everything deleted
    erased: bool = False  # the resident had everything deleted: only the row itself is left


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


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database has of some entries."""

    residents: Mapping[str, Row[Any]]
    addresses: Mapping[str, int]  # by E.164
    links: KnownLinks


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
            links, _ = _links_of(known, row.id, entry, ids, shared=shared_ids, now=now)
            counts[UPDATED if links or _differs(vault, row, entry) else UNCHANGED] += 1
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
    stamps = Stamps()
    seal = vault.sealer("residents.name", len(entries))
    new: list[tuple[Any, ...]] = []
    agreed: list[tuple[Any, ...]] = []
    changed: list[dict[str, Any]] = []
    links: list[Link] = []
    written: list[Written] = []
    for entry in entries:
        if entry.office_id in without.erased:
            written.append(Written(without.erased[entry.office_id], None, UNCHANGED, 1, erased=True))
            continue
        row = known.residents.get(entry.office_id)
        if row is None:
            resident, change = next_id, NEW
            next_id += 1
            new.append((resident, entry.office_id, *_columns(seal, entry), _GIVEN, stamps[now]))
            agreed_at = stamps[entry.agreed_at or now]
            agreed.append((resident, _GIVEN, entry.agreed_by[:32] or "import", "import", agreed_at))
        else:
            resident, change = row.id, UNCHANGED
            if _differs(vault, row, entry):
                values = dict(zip(_COLUMNS, _columns(seal, entry), strict=True))
                changed.append({"of_resident": resident, "updated_at": now} | values)
                change = UPDATED
        moved, first = _links_of(known, resident, entry, ids, shared=shared_ids, now=now)
        links += moved
        change = UPDATED if moved and change == UNCHANGED else change
        written.append(Written(resident, first, change, without.numbers.get(entry.office_id, 0)))
    _RESIDENT.tuples(connection, new)
    _CONSENT.tuples(connection, agreed)
    if changed:
        connection.execute(update(residents).where(residents.c.id == bindparam("of_resident")), changed)
    write_links(connection, known.links, links)
    if alone is not None and by_itself:
        alone.resident, alone.address = next_id - 1, free - 1 + len(ids) - len(known.addresses)
    return written


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


def _known(connection: Connection, entries: Sequence[Entry], blinds: Mapping[str, bytes]) -> _Known:
    known = {row.office_id: row for row in _BY_OFFICE_ID.rows(connection, [entry.office_id for entry in entries])}
    ids = phones_known(connection, blinds)
    return _Known(known, ids, known_links(connection, [row.id for row in known.values()], list(ids.values())))


def _links_of(
    known: _Known,
    resident: int,
    entry: Entry,
    ids: Mapping[str, int],
    *,
    shared: Collection[int],
    now: datetime,
) -> tuple[list[Link], int | None]:
    return changed_links(
        known.links,
        resident,
        [ids[phone] for phone in entry.phones],
        shared=shared,
        agreed_at=entry.agreed_at,
        confirms=entry.confirms,
        now=now,
    )


def _differs(vault: Vault, row: Row[Any], entry: Entry) -> bool:
    return (row.language, row.birth_year, row.telegram) != (entry.language, entry.birth_year, entry.telegram) or (
        vault.open("residents.name", entry.office_id, row.name) != entry.name
    )


def _columns(seal: Callable[[str, str], bytes], entry: Entry) -> tuple[Any, ...]:
    """Return what _COLUMNS names."""
    return seal(entry.office_id, entry.name), entry.language, entry.birth_year, entry.telegram
