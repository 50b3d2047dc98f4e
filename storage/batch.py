"""A batch of residents as an import writes them: what becomes of each, and the rows of every table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, update

from storage.entry import Entry
from storage.links import KnownLinks, Link, LinkRow, changed_links, new_links, write_links
from storage.prepared import Insert
from storage.tables.registry import Stamps
from storage.tables.residents import consents, residents
from storage.vault import Vault
from surveys.consent.consent import Consent

_COLUMNS = ("name", "language", "birth_year", "telegram")
_RESIDENT = Insert(residents, ("id", "office_id", *_COLUMNS, "consent", "updated_at"))
_CONSENT = Insert(consents, ("resident_id", "consent", "source", "channel", "at"))
_GIVEN = Consent.GIVEN.value
NEW, UPDATED, UNCHANGED = "new", "updated", "unchanged"


class Written(NamedTuple):
    """What became of an entry: its resident, the first number that is theirs, and new | updated | unchanged."""

    resident: int
    address: int | None
    change: str
    suppressed: int = 0  # numbers left out because their holder had everything deleted
    erased: bool = False  # the resident had everything deleted: only the row itself is left


@dataclass(frozen=True, slots=True)
class Known:
    """What the database has of some entries."""

    residents: Mapping[str, Row[Any]]
    addresses: Mapping[str, int]  # by E.164
    links: KnownLinks


@dataclass(slots=True)
class Batch:
    """The rows that some entries lead to, decided one by one and written together.

    `ids` are the address ids of all their numbers, `shared` those of several residents; `next_id` is the next new
    resident's.
    """

    vault: Vault
    known: Known
    ids: Mapping[str, int]
    shared: Collection[int]
    now: datetime
    next_id: int
    written: list[Written] = field(default_factory=list)
    _stamps: Stamps = field(default_factory=Stamps)
    _residents: list[tuple[Any, ...]] = field(default_factory=list)
    _consents: list[tuple[Any, ...]] = field(default_factory=list)
    _changed: list[dict[str, Any]] = field(default_factory=list)
    _links: list[LinkRow] = field(default_factory=list)
    _moves: list[Link] = field(default_factory=list)

    def add(self, entry: Entry, seal: Callable[[str, str], bytes], left: int) -> None:
        """Take in a resident nobody had yet."""
        resident = self.next_id
        self.next_id += 1
        today, agreed_at = self._stamps[self.now], self._stamps[entry.agreed_at]
        numbers = [self.ids[phone] for phone in entry.phones]
        self._residents.append((resident, entry.office_id, *_columns(seal, entry), _GIVEN, today))
        self._consents.append((resident, _GIVEN, entry.agreed_by[:32] or "import", "import", agreed_at or today))
        self._links += new_links(
            self.known.links, resident, numbers, shared=self.shared, confirmed_at=agreed_at if entry.confirms else None
        )
        self.written.append(Written(resident, numbers[0] if numbers else None, NEW, left))

    def update(self, row: Row[Any], entry: Entry, seal: Callable[[str, str], bytes], left: int) -> None:
        """Bring a resident up to date."""
        change = UNCHANGED
        if differs(self.vault, row, entry):
            values = dict(zip(_COLUMNS, _columns(seal, entry), strict=True))
            self._changed.append({"of_resident": row.id, "updated_at": self.now} | values)
            change = UPDATED
        moved, first = links_of(self.known, row.id, entry, self.ids, shared=self.shared, now=self.now)
        self._moves += moved
        self.written.append(Written(row.id, first, UPDATED if moved else change, left))

    def write(self, connection: Connection) -> None:
        """Write everything in the caller's transaction."""
        _RESIDENT.tuples(connection, self._residents)
        _CONSENT.tuples(connection, self._consents)
        if self._changed:
            connection.execute(update(residents).where(residents.c.id == bindparam("of_resident")), self._changed)
        write_links(connection, self.known.links, self._links, self._moves)


def links_of(
    known: Known,
    resident: int,
    entry: Entry,
    ids: Mapping[str, int],
    *,
    shared: Collection[int],
    now: datetime,
) -> tuple[list[Link], int | None]:
    """Return what changes about the numbers of a resident who is there already, and the first that is theirs."""
    return changed_links(
        known.links,
        resident,
        [ids[phone] for phone in entry.phones],
        shared=shared,
        agreed_at=entry.agreed_at,
        confirms=entry.confirms,
        now=now,
    )


def differs(vault: Vault, row: Row[Any], entry: Entry) -> bool:
    """Whether anything but the numbers has changed."""
    return (row.language, row.birth_year, row.telegram) != (entry.language, entry.birth_year, entry.telegram) or (
        vault.open("residents.name", entry.office_id, row.name) != entry.name
    )


def _columns(seal: Callable[[str, str], bytes], entry: Entry) -> tuple[Any, ...]:
    """Return what _COLUMNS names."""
    return seal(entry.office_id, entry.name), entry.language, entry.birth_year, entry.telegram
