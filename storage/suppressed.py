"""Whoever had everything deleted: known again by keyed hashes alone, so that no import brings them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.entry import Entry, pseudonym_of
from storage.prepared import Lookup
from storage.tables.residents import residents, suppressions
from storage.vault import Vault

_ERASED = "erased-"
_SUPPRESSED = Lookup(select(suppressions.c.blind), suppressions.c.blind)
_ERASED_RESIDENTS = Lookup(select(residents.c.office_id, residents.c.id), residents.c.office_id)


def suppressed_blind(vault: Vault, phone: str) -> bytes:
    """Return the keyed hash of a number whose holder had everything deleted; no other table has it."""
    return vault.blind("suppressed phone", phone)


def office_id_blind(vault: Vault, office_id: str) -> bytes:
    """Return the keyed hash of the office's id of a resident who had everything deleted."""
    return vault.blind("suppressed office id", office_id)


def erased_office_id(vault: Vault, office_id: str) -> str:
    """Return what stands in place of the office's id once everything else is deleted."""
    return f"{_ERASED}{pseudonym_of(vault, office_id)}"


def pseudonym_behind(vault: Vault, office_id: str, *, erased: bool) -> str:
    """Return the name in frames of a resident who stands under `office_id`, `erased`: since all was deleted."""
    return office_id.removeprefix(_ERASED) if erased else pseudonym_of(vault, office_id)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Which entries had everything deleted (office id to resident), and how many numbers others lose, by office id."""

    erased: Mapping[str, int]
    numbers: Mapping[str, int]
    phones: frozenset[str]

    def apply(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Return `entries` without those numbers; of an erased resident nothing but the office id is looked at."""
        if not self.erased and not self.phones:
            return entries
        return [
            entry._replace(
                phones=()
                if entry.office_id in self.erased
                else tuple(phone for phone in entry.phones if phone not in self.phones),
            )
            for entry in entries
        ]


def left_out(connection: Connection, vault: Vault, entries: Sequence[Entry]) -> LeftOut:
    """Find out whom and what an import must not bring back."""
    if connection.execute(select(suppressions.c.blind).limit(1)).first() is None:
        return LeftOut({}, {}, frozenset())
    people = {office_id_blind(vault, entry.office_id): entry.office_id for entry in entries}
    phones = {suppressed_blind(vault, phone): phone for entry in entries for phone in entry.phones}
    blinds = {bytes(row.blind) for row in _SUPPRESSED.rows(connection, [*people, *phones])}
    ids = {erased_office_id(vault, people[blind]): people[blind] for blind in blinds if blind in people}
    erased = {ids[row.office_id]: int(row.id) for row in _ERASED_RESIDENTS.rows(connection, list(ids))}
    gone = frozenset(phones[blind] for blind in blinds if blind in phones)
    numbers = {
        entry.office_id: sum(phone in gone for phone in entry.phones)
        for entry in entries
        if entry.office_id not in erased and not gone.isdisjoint(entry.phones)
    }
    return LeftOut(erased, numbers, gone)
