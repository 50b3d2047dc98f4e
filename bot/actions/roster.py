"""Looking residents up: a list of them, and one with channels and consent; numbers are masked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.persondata import unknown_resident
from bot.actions.progress import Progress
from bot.house import House
from storage import channels, frames, residents
from surveys.problem import Refused
from surveys.residents.phone import masked


class ListResidents(BaseModel):
    """Show up to `limit` residents with ids above `after`."""

    model_config = ConfigDict(frozen=True)

    limit: int = Field(default=20, ge=1, le=1000)
    after: int = 0


class ShowResident(BaseModel):
    """Show one resident."""

    model_config = ConfigDict(frozen=True)

    office_id: str


def list_residents(house: House, order: ListResidents, progress: Progress) -> dict[str, Any]:
    """Return residents with their numbers masked."""
    progress(0, 1)
    with house.database.read() as connection:
        found = residents.listed(connection, house.database.vault, order.limit, order.after)
        total = residents.count(connection)
        frame = frames.newest(connection)
    return {
        "total": total,
        "frame": None if frame is None else {"id": frame.id, "size": frame.size, "digest": frame.digest},
        "residents": [_shown(resident) for resident in found],
    }


def show_resident(house: House, order: ShowResident, progress: Progress) -> dict[str, Any]:
    """Return one resident, numbers masked, with channels and consent log; Refused if the office id is not known."""
    progress(0, 1)
    with house.database.read() as connection:
        found = residents.find(connection, house.database.vault, order.office_id)
        reached = channels.channels_of(connection, house.database.vault, found.id) if found else ()
        said = channels.consent_log(connection, found.id) if found else ()
    if found is None:
        raise Refused([unknown_resident(order.office_id)])
    zone = ZoneInfo(house.office.zone)
    return {
        **_shown(found),
        "channels": [_channel(channel, zone) for channel in reached],
        "consents": [
            {
                "consent": entry.consent.value,
                "source": entry.source,
                "channel": entry.channel,
                "at": entry.at.astimezone(zone).isoformat(timespec="minutes"),
            }
            for entry in said
        ],
    }


def _shown(resident: residents.StoredResident) -> dict[str, Any]:
    return {
        "id": resident.id,
        "office_id": resident.office_id,
        "name": resident.name,
        "language": resident.language,
        "birth_year": resident.birth_year,
        "telegram": resident.telegram,
        "consent": resident.consent.value,
        "phones": [
            {"number": masked(number), "confirmed": confirmed, "ended": ended}
            for number, confirmed, ended in resident.phones
        ],
    }


def _channel(channel: channels.StoredChannel, zone: ZoneInfo) -> dict[str, Any]:
    def day(at: datetime | None) -> str | None:
        return at.astimezone(zone).date().isoformat() if at else None

    return {
        "kind": channel.kind,
        "number": masked(channel.value) if channel.kind == "phone" else "",
        "preferred": channel.preferred,
        "linked_on": day(channel.linked_at),
        "confirmed_on": day(channel.confirmed_at),
        "ended_on": day(channel.ended_at),
    }
