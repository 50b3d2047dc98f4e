"""Messages no machine can settle: shown to a person, and put aside once looked at."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.progress import Progress
from bot.house import House
from storage.unsettled import settle_by_person, unsettled
from surveys.language import Message, message
from surveys.problem import Problem, Refused


class ListInbox(BaseModel):
    """Which unsettled messages to show."""

    model_config = ConfigDict(frozen=True)
    limit: int = Field(default=100, ge=1, le=10_000)


class SettleMessage(BaseModel):
    """A person has looked at a message; its words are erased."""

    model_config = ConfigDict(frozen=True)
    message: int


def list_inbox(house: House, order: ListInbox, progress: Progress) -> dict[str, Any]:
    """Return messages that wait for a person, the oldest first; numbers are not shown."""
    del progress
    with house.database.read() as connection:
        rows = unsettled(connection, house.database.vault, order.limit)
    zone = ZoneInfo(house.office.zone)
    return {
        "messages": [
            {
                "message": row.id,
                "at": row.at.astimezone(zone).isoformat(timespec="minutes"),
                "reason": row.reason,
                "reason_words": reason_words(row.reason).text(house.language),
                "text": row.text,
            }
            for row in rows
        ]
    }


def settle_message(house: House, order: SettleMessage, progress: Progress) -> dict[str, Any]:
    """Put a message aside for good and erase its words."""
    del progress
    if not house.database.write(lambda connection: settle_by_person(connection, order.message)):
        raise Refused(
            [
                Problem(
                    code="message_missing",
                    what=message("No message {message} is waiting.", message=order.message),
                    fix=message("`pingyi inbox list` shows the messages that are."),
                )
            ]
        )
    return {"message": order.message, "state": "done"}


def reason_words(reason: str) -> Message:
    """Return why a message waits for a person."""
    return {
        "unknown_number": message("from a number nobody of the residents has"),
        "unreadable": message("could not be read after three tries"),
        "opted_out": message("from somebody who has opted out: nothing is sent back"),
        "shared_number": message("several residents share the number"),
        "late_reply": message("came after the question had run out"),
        "loop": message("looks like a machine: nothing is sent back for an hour"),
    }.get(reason, message("could not be handled: {reason}", reason=reason))
