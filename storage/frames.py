"""Sampling frames: immutable snapshots of the residents, each the work of one import."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, select, update

from storage.prepared import Insert, bare
from storage.suppressed import pseudonym_behind
from storage.tables.residents import addresses, frame_members, frames, resident_addresses, residents
from storage.vault import Vault
from surveys.campaign.publicity import Candidate
from surveys.consent.consent import Consent

LOADING, READY = "loading", "ready"
#: Rows removed in one transaction when a frame that never became ready is cleared away.
CLEARED = 2000


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """What is known of one frame; `digest` (SHA-256) follows from its rows in canonical order."""

    id: int
    source: str
    digest: str
    size: int
    imported_at: datetime


class Member(NamedTuple):
    """One resident as a frame has them; `address` is the first number at the time of the import."""

    pseudonym: str
    resident: int
    stratum: str
    area: str = ""
    language: str = "zh"
    birth_year: int | None = None
    address: int | None = None
    attributes: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Standing:
    """A frame's resident as they can be reached now: `address` is their first number that still is theirs."""

    pseudonym: str
    resident: int
    stratum: str
    area: str
    language: str
    birth_year: int | None
    address: int | None
    consent: str

    def candidate(self) -> Candidate:
        """Return the resident as somebody who may get an awareness message."""
        return Candidate(
            pseudonym=self.pseudonym,
            resident=self.resident,
            stratum=self.stratum,
            area=self.area,
            birth_year=self.birth_year,
            address=self.address,
            stopped=self.consent != Consent.GIVEN.value,
        )


def newest(connection: Connection) -> StoredFrame | None:
    """Return the newest frame that is ready, or None."""
    row = connection.execute(
        select(frames).where(frames.c.state == READY).order_by(frames.c.id.desc()).limit(1),
    ).first()
    return None if row is None else StoredFrame(row.id, row.source, row.digest, row.size, row.imported_at)


def by_id(connection: Connection, frame: int) -> StoredFrame:
    """Return the frame with this id, which is there."""
    row = connection.execute(select(frames).where(frames.c.id == frame)).one()
    return StoredFrame(row.id, row.source, row.digest, row.size, row.imported_at)


_MEMBER = Insert(
    frame_members,
    ("frame_id", "pseudonym", "resident_id", "stratum", "area", "language", "birth_year", "address_id", "attributes"),
)


def open_frame(connection: Connection, source: str, now: datetime) -> int:
    """Begin a frame nobody sees yet; return its id."""
    result = connection.execute(
        insert(frames)
        .values(state=LOADING, source=source[-255:], digest="", size=0, imported_at=now)
        .returning(frames.c.id),
    )
    return int(result.scalar_one())


def is_loading(connection: Connection, frame: int) -> bool:
    """Whether `frame` is still being loaded: another import clears it away. Holds it until the transaction ends."""
    row = connection.execute(select(frames.c.state).where(frames.c.id == frame).with_for_update()).first()
    return row is not None and row.state == LOADING


def add_members(connection: Connection, frame: int, members: Sequence[Member]) -> None:
    """Add rows to a frame that is loading."""
    _MEMBER.tuples(connection, [(frame, *member[:-1], _further(member.attributes)) for member in members])


def _further(attributes: Mapping[str, str]) -> str:
    return json.dumps(dict(attributes), ensure_ascii=False, sort_keys=True) if attributes else "{}"


def close_frame(connection: Connection, frame: int, digest: str, size: int) -> None:
    """Make a loaded frame the newest one that is ready."""
    connection.execute(update(frames).where(frames.c.id == frame).values(state=READY, digest=digest, size=size))


def clear_unfinished(connection: Connection) -> bool:
    """Remove some rows of frames that never became ready; False once nothing of them is left."""
    frame = connection.execute(select(func.min(frames.c.id)).where(frames.c.state == LOADING)).scalar()
    if frame is None:
        return False
    chunk = list(
        connection.execute(
            select(frame_members.c.pseudonym).where(frame_members.c.frame_id == frame).limit(CLEARED),
        ).scalars(),
    )
    if chunk:
        connection.execute(
            delete(frame_members).where(
                frame_members.c.frame_id == frame,
                frame_members.c.pseudonym == bindparam("gone"),
            ),
            [{"gone": pseudonym} for pseudonym in chunk],
        )
    else:
        connection.execute(delete(frames).where(frames.c.id == frame))
    return True


def in_every_frame(vault: Vault, office_id: str, *, erased: bool = False) -> ColumnElement[bool]:
    """Return the condition that finds a resident's rows in all frames.

    By the key: an index over a million residents in another order than the rows takes a tenth of the import.
    """
    name = pseudonym_behind(vault, office_id, erased=erased)
    return and_(frame_members.c.frame_id.in_(select(frames.c.id)), frame_members.c.pseudonym == name)


def standing(connection: Connection, frame: int) -> Iterator[Standing]:
    """Yield the members of `frame` with their consent and the number they can be reached at now, in no order."""
    reached = reached_at(connection)
    stopped = not_given(connection)
    for pseudonym, resident, stratum, area, language, birth_year in members(connection, frame):
        yield Standing(
            pseudonym,
            resident,
            stratum,
            area,
            language,
            birth_year,
            reached[resident] or None,
            stopped.get(resident, Consent.GIVEN.value),
        )


def members(connection: Connection, frame: int) -> Iterator[tuple[Any, ...]]:
    """Return an iterator over pseudonym, resident, stratum, area, language and year of birth of all in `frame`."""
    return bare(connection, _MEMBERS, of_frame=frame)


def not_given(connection: Connection) -> dict[int, str]:
    """Return the consent of every resident whose consent is not plainly given."""
    rows = connection.execute(
        select(residents.c.id, residents.c.consent).where(residents.c.consent != Consent.GIVEN.value)
    )
    return {row.id: row.consent for row in rows}


def reached_at(connection: Connection) -> Sequence[int]:
    """Return the address each resident is reached at first, at the place of their id; 0 for nowhere.

    Numbers come before chats: who shares one is told by the number, whatever chat each of them prefers. Nearly
    everybody has one number, so that the few others are put in order here rather than all by the database. Ids are
    dense, and a million of them are found in an array in a third of the time a dictionary takes.
    """
    chats = frozenset(connection.execute(select(addresses.c.id).where(addresses.c.kind != "phone")).scalars())
    links = bare(
        connection,
        select(resident_addresses.c.resident_id, resident_addresses.c.address_id, resident_addresses.c.rank).where(
            resident_addresses.c.ended_at.is_(None)
        ),
    )
    best: dict[int, tuple[bool, int, int]] = {}
    last = connection.execute(select(func.max(residents.c.id))).scalar() or 0
    found = array("q", bytes(8 * (last + 1)))
    for resident, address, rank in links:
        before = found[resident]
        if not before and not rank and address not in chats:
            found[resident] = address
            continue
        claim = (address in chats, rank, address)
        if resident not in best and before:
            best[resident] = (False, 0, before)
        best[resident] = min(best.get(resident, claim), claim)
        found[resident] = before or address
    for resident, (_, _, address) in best.items():
        found[resident] = address
    return found


_MEMBERS = select(
    frame_members.c.pseudonym,
    frame_members.c.resident_id,
    frame_members.c.stratum,
    frame_members.c.area,
    frame_members.c.language,
    frame_members.c.birth_year,
).where(frame_members.c.frame_id == bindparam("of_frame"))
