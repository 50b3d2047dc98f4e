"""Which numbers are a resident's: what an import changes about the ties between the two."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, text, update

from storage.prepared import Insert, Lookup
from storage.tables.registry import Stamps, instant
from storage.tables.residents import addresses as addresses_table
from storage.tables.residents import consents, resident_addresses

_LINK = Insert(resident_addresses, ("resident_id", "address_id", "rank", "confirmed_at", "ended_at"))

#: Numbers only: a list of residents knows nothing of their chats, and ends none.
_LINKS = Lookup(
    select(
        resident_addresses.c.resident_id,
        resident_addresses.c.address_id,
        resident_addresses.c.rank,
        resident_addresses.c.confirmed_at,
        resident_addresses.c.ended_at,
    )
    .join(addresses_table, addresses_table.c.id == resident_addresses.c.address_id)
    .where(text("addresses.kind = 'phone'")),
    resident_addresses.c.resident_id,
)
_STRANGERS = Lookup(
    select(consents.c.resident_id, consents.c.at).where(text("consents.source = 'wrong_person'")),
    consents.c.resident_id,
)
_HOLDERS = Lookup(
    select(resident_addresses.c.address_id, resident_addresses.c.resident_id).where(
        resident_addresses.c.ended_at.is_(None)
    ),
    resident_addresses.c.address_id,
)


class Link(NamedTuple):
    """One resident at one address; rank 0 is tried first, an ended link is kept and not used."""

    resident: int
    address: int
    rank: int
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None


#: A link as it is stored: its columns in the order of `Link`, instants in microseconds.
LinkRow = tuple[int, int, int, int | None, int | None]


@dataclass(frozen=True, slots=True)
class KnownLinks:
    """The links of some residents, who else is reached at some addresses, and where a stranger answered."""

    by_resident: Mapping[int, Mapping[int, Link]]
    holders: Mapping[int, frozenset[int]]
    strangers: frozenset[tuple[int, datetime]]


def known_links(connection: Connection, residents: Collection[int], addresses: Collection[int]) -> KnownLinks:
    """Load what `changed_links` needs of these residents and numbers; links to chats are no business of a list."""
    by_resident: dict[int, dict[int, Link]] = {}
    holders: dict[int, set[int]] = {}
    for row in _LINKS.rows(connection, list(residents)):
        resident, address, rank, confirmed_at, ended_at = row
        link = Link(resident, address, rank, instant(confirmed_at), instant(ended_at))
        by_resident.setdefault(resident, {})[address] = link
    said = _STRANGERS.rows(connection, list(residents))
    strangers = frozenset((row.resident_id, moment) for row in said if (moment := instant(row.at)) is not None)
    for row in _HOLDERS.rows(connection, list(addresses)):
        holders.setdefault(row.address_id, set()).add(row.resident_id)
    return KnownLinks(by_resident, {address: frozenset(who) for address, who in holders.items()}, strangers)


def changed_links(
    known: KnownLinks,
    resident: int,
    wanted: Sequence[int],
    *,
    shared: Collection[int],
    agreed_at: datetime | None,
    confirms: bool,
    now: datetime,
) -> tuple[list[Link], int | None]:
    """Return the links that change when `wanted` are a resident's numbers in order, and the first that is theirs.

    A number not listed any more ends. One where a stranger answered stays ended though the list repeats it, unless
    the resident agreed anew since. A shared number is never confirmed by a list.
    """
    had = known.by_resident.get(resident, {})
    changes = []
    first: int | None = None
    for rank, address in enumerate(wanted):
        alone = address not in shared and known.holders.get(address, frozenset()) <= {resident}
        confirmed_at = agreed_at if confirms and alone else None
        old = had.get(address)
        if old is None:
            changes.append(Link(resident, address, rank, confirmed_at))
        elif old.ended_at is not None:
            renewed = agreed_at is not None and agreed_at > old.ended_at
            if (resident, old.ended_at) in known.strangers and not renewed:
                continue
            changes.append(Link(resident, address, rank, confirmed_at))
        else:
            new = old._replace(rank=rank, confirmed_at=old.confirmed_at or confirmed_at)
            if new != old:
                changes.append(new)
        if first is None:
            first = address
    listed = frozenset(wanted)
    for address, old in had.items():
        if address not in listed and old.ended_at is None:
            changes.append(old._replace(ended_at=now))
    return changes, first


def new_links(
    known: KnownLinks, resident: int, wanted: Sequence[int], *, shared: Collection[int], confirmed_at: int | None
) -> list[LinkRow]:
    """Return the rows of a resident who has none yet; what confirms a number of theirs alone is given as it is stored.

    The same as `changed_links` finds, without an object for each: of a million residents all are new at first.
    """
    return [
        (resident, address, rank, None if address in shared or known.holders.get(address) else confirmed_at, None)
        for rank, address in enumerate(wanted)
    ]


def write_links(connection: Connection, known: KnownLinks, new: Sequence[LinkRow], changes: Sequence[Link]) -> None:
    """Insert new rows and carry out `changes`."""
    new, old = list(new), []
    stamps = Stamps()
    for link in changes:
        if link.address in known.by_resident.get(link.resident, ()):
            old.append(
                {
                    "of_resident": link.resident,
                    "at_address": link.address,
                    "rank": link.rank,
                    "confirmed_at": link.confirmed_at,
                    "ended_at": link.ended_at,
                }
            )
        else:
            new.append((*link[:3], stamps[link.confirmed_at], stamps[link.ended_at]))
    _LINK.tuples(connection, new)
    if old:
        connection.execute(
            update(resident_addresses).where(
                resident_addresses.c.resident_id == bindparam("of_resident"),
                resident_addresses.c.address_id == bindparam("at_address"),
            ),
            old,
        )
