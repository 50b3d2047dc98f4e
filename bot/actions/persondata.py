"""What staff do with one resident's own data: hand out everything, delete everything, put a channel first."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from bot.actions.progress import Progress
from bot.house import House
from storage import channels, erasure, residents
from storage.events import record
from storage.persondata import person_data
from storage.saying import cancel_unsent
from storage.wakes import write_wakes
from surveys.dialogue.mydata import last_word
from surveys.dialogue.turn import Event
from surveys.language import message
from surveys.problem import Problem, Refused


class ResidentData(BaseModel):
    """Hand out everything stored about one resident."""

    model_config = ConfigDict(frozen=True)
    office_id: str


class EraseResident(BaseModel):
    """Delete everything about one resident, who has asked for it."""

    model_config = ConfigDict(frozen=True)
    office_id: str


class PreferChannel(BaseModel):
    """Write to one resident by chat, or by number, first."""

    model_config = ConfigDict(frozen=True)
    office_id: str
    kind: Literal["phone", "telegram"]


def resident_data(house: House, order: ResidentData, progress: Progress) -> dict[str, Any]:
    """Return everything stored about a resident, opened; that it was handed out is recorded."""
    del progress
    now = house.now()

    def read(connection: Connection) -> dict[str, Any] | None:
        data = person_data(connection, house.database.vault, order.office_id)
        if data is not None:
            record(connection, [Event("DataHandedOut", now, resident=data["resident"]["id"], actor="staff")])
        return data

    data = house.database.write(read)
    if data is None:
        raise Refused([unknown_resident(order.office_id)])
    return {"at": now.isoformat(), **data}


def erase_resident(house: House, order: EraseResident, progress: Progress) -> dict[str, Any]:
    """Delete everything about a resident now, and their numbers within the hour; nothing is sent to them."""
    del progress
    now = house.now()

    def act(connection: Connection) -> int | None:
        found = residents.find(connection, house.database.vault, order.office_id)
        if found is None:
            return None
        cancel_unsent(connection, found.id, keep_cases=False)
        erasure.erase(connection, house.database.vault, found.id, now)
        write_wakes(connection, [last_word(found.id, now)])
        record(connection, [Event("ResidentErased", now, resident=found.id, actor="staff")])
        return found.id

    resident = house.database.write(act)
    if resident is None:
        raise Refused([unknown_resident(order.office_id)])
    return {"resident": resident, "state": "erased"}


def prefer_channel(house: House, order: PreferChannel, progress: Progress) -> dict[str, Any]:
    """Put a resident's chats before or after their numbers; Refused if they have none of the kind."""
    del progress

    def act(connection: Connection) -> bool:
        found = residents.find(connection, house.database.vault, order.office_id)
        if found is None:
            raise Refused([unknown_resident(order.office_id)])
        return channels.prefer(connection, found.id, order.kind)

    if not house.database.write(act):
        what = message("The resident {id} is not reached in this way.", id=order.office_id)
        fix = message("`pingyi residents show` lists how they are reached.")
        raise Refused([Problem("channel_missing", what, fix)])
    return {"office_id": order.office_id, "preferred": order.kind}


def unknown_resident(office_id: str) -> Problem:
    """Return the problem of an office id that nobody has."""
    what = message("No resident has the office id {id}.", id=office_id)
    return Problem("unknown_resident", what, message("Look it up: pingyi residents list"))
