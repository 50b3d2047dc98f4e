"""Whom invitations are printed for: residents of a campaign's sample, of an area, or named one by one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, exists, select

from storage.frames import newest
from storage.tables.campaigns import sample
from storage.tables.residents import addresses, frame_members, resident_addresses, residents
from storage.vault import Vault
from surveys.consent.consent import Consent
from surveys.dialogue.surname import surname


@dataclass(frozen=True, slots=True)
class Invited:
    """One resident an invitation may be printed for, with no more of the name than a message shows."""

    resident: int
    office_id: str
    surname: str
    language: str
    area: str


@dataclass(frozen=True, slots=True)
class SheetPeople:
    """By area, then name; who is left out because of an opt-out or a chat that is linked already; ids nobody has."""

    people: tuple[Invited, ...]
    stopped: int
    linked: int
    unknown: tuple[str, ...]


def sheet_people(
    connection: Connection,
    vault: Vault,
    *,
    campaign: str = "",
    area: str = "",
    office_ids: Collection[str] = (),
    everybody: bool = False,
) -> SheetPeople:
    """Return whom to print for: whoever fits all that is given. Those named by id are printed though linked.

    `everybody`: nobody is left out, as when invitations are taken back.
    """
    frame = newest(connection)
    chat = exists().where(
        resident_addresses.c.resident_id == residents.c.id,
        resident_addresses.c.ended_at.is_(None),
        resident_addresses.c.address_id == addresses.c.id,
        addresses.c.kind == "telegram",
    )
    statement = (
        select(
            residents.c.id,
            residents.c.office_id,
            residents.c.name,
            residents.c.language,
            residents.c.consent,
            frame_members.c.area,
            chat.label("linked"),
        )
        .outerjoin(
            frame_members,
            (frame_members.c.resident_id == residents.c.id) & (frame_members.c.frame_id == (frame.id if frame else -1)),
        )
        .where(residents.c.erased_at.is_(None))
    )
    if campaign:
        drawn = select(sample.c.resident_id).where(sample.c.campaign_id == campaign, sample.c.released_at.is_not(None))
        statement = statement.where(residents.c.id.in_(drawn))
    if area:
        statement = statement.where(frame_members.c.area == area)
    if office_ids:
        statement = statement.where(residents.c.office_id.in_(sorted(set(office_ids))))
    rows = connection.execute(statement).all()
    willing = [row for row in rows if everybody or row.consent == Consent.GIVEN.value]
    wanted = [row for row in willing if everybody or office_ids or not row.linked]
    named = [(vault.open("residents.name", row.office_id, row.name), row) for row in wanted]
    named.sort(key=lambda pair: (pair[1].area or "", pair[0], pair[1].office_id))
    return SheetPeople(
        people=tuple(
            Invited(row.id, row.office_id, surname(name), row.language, row.area or "") for name, row in named
        ),
        stopped=len(rows) - len(willing),
        linked=len(willing) - len(wanted),
        unknown=tuple(sorted(set(office_ids) - {row.office_id for row in rows})),
    )
