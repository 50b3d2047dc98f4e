"""Sampling frames: immutable snapshots of the residents, each the work of one import."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage.tables.residents import addresses, frame_members, frames, resident_addresses, residents

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


@dataclass(frozen=True, slots=True)
class Member:
    """One resident as a frame has them; `address` is the first number at the time of the import."""

    pseudonym: str
    resident: int
    stratum: str
    area: str = ""
    language: str = "zh"
    birth_year: int | None = None
    address: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


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


def newest(connection: Connection) -> StoredFrame | None:
    """Return the newest frame that is ready, or None."""
    row = connection.execute(
        select(frames).where(frames.c.state == READY).order_by(frames.c.id.desc()).limit(1),
    ).first()
    return None if row is None else StoredFrame(row.id, row.source, row.digest, row.size, row.imported_at)


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
    if not members:
        return
    connection.execute(
        insert(frame_members),
        [
            {
                "frame_id": frame,
                "pseudonym": member.pseudonym,
                "resident_id": member.resident,
                "stratum": member.stratum,
                "area": member.area,
                "language": member.language,
                "birth_year": member.birth_year,
                "address_id": member.address,
                "attributes": json.dumps(dict(member.attributes), ensure_ascii=False, sort_keys=True)
                if member.attributes
                else "{}",
            }
            for member in members
        ],
    )


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


def standing(connection: Connection, frame: int) -> Iterator[Standing]:
    """Yield the members of `frame` with their consent and the number they can be reached at now, by pseudonym."""
    reached: dict[int, int] = {}
    links = connection.execute(
        select(resident_addresses.c.resident_id, resident_addresses.c.address_id)
        .join(addresses, addresses.c.id == resident_addresses.c.address_id)
        .where(resident_addresses.c.ended_at.is_(None))
        # Numbers before chats: who shares one is told by the number, whatever chat each of them prefers.
        .order_by(
            resident_addresses.c.resident_id,
            addresses.c.kind,
            resident_addresses.c.rank,
            resident_addresses.c.address_id,
        ),
    )
    for resident, address in links:
        reached.setdefault(resident, address)
    rows = connection.execute(
        select(
            frame_members.c.pseudonym,
            frame_members.c.resident_id,
            frame_members.c.stratum,
            frame_members.c.area,
            frame_members.c.language,
            frame_members.c.birth_year,
            residents.c.consent,
        )
        .join(residents, residents.c.id == frame_members.c.resident_id)
        .where(frame_members.c.frame_id == frame)
        .order_by(frame_members.c.pseudonym),
    )
    for pseudonym, resident, stratum, area, language, birth_year, consent in rows:
        yield Standing(pseudonym, resident, stratum, area, language, birth_year, reached.get(resident), consent)
