"""Calls by a person: list them, read out what is open, enter what is said, note that it is done."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from bot.actions.progress import Progress
from bot.house import House
from storage.desk import Desk
from storage.phoning import answer_call, close_call, owed_calls
from surveys.language import message
from surveys.problem import Problem, Refused


class ListCalls(BaseModel):
    """Calls that are waiting."""

    model_config = ConfigDict(frozen=True)


class AnswerCall(BaseModel):
    """What the resident said to the open question, word for word."""

    model_config = ConfigDict(frozen=True)
    call: int
    reply: str


class CloseCall(BaseModel):
    """The call has been made."""

    model_config = ConfigDict(frozen=True)
    call: int


def list_calls(house: House, order: ListCalls, progress: Progress) -> dict[str, Any]:
    """Return the calls residents wait for, each with the question that is open there."""
    del order, progress
    desk = Desk(house.database.vault, house.office)
    calls = house.database.write(lambda connection: owed_calls(connection, desk, house.now()))
    zone = ZoneInfo(house.office.zone)
    return {
        "calls": [
            {
                "call": call.id,
                "office_id": call.office_id,
                "name": call.name,
                "phone": call.phone,
                "reason": call.reason,
                "asked_at": call.at.astimezone(zone).isoformat(timespec="minutes"),
                "question": call.asked,
            }
            for call in calls
        ]
    }


def answer(house: House, order: AnswerCall, progress: Progress) -> dict[str, Any]:
    """Enter one reply given on the phone; the answer is kept with mode phone."""
    del progress
    desk = Desk(house.database.vault, house.office)
    asked = house.database.write(lambda c: answer_call(c, desk, house.now(), order.call, order.reply))
    if asked is None:
        raise Refused([_missing(order.call)])
    return {"call": order.call, "question": asked}


def close(house: House, order: CloseCall, progress: Progress) -> dict[str, Any]:
    """Note that the call has been made."""
    del progress
    if not house.database.write(lambda connection: close_call(connection, house.now(), order.call)):
        raise Refused([_missing(order.call)])
    return {"call": order.call, "state": "done"}


def _missing(call: int) -> Problem:
    return Problem(
        code="call_missing",
        what=message("No call {call} is waiting.", call=call),
        fix=message("`pingyi call list` shows the calls that are."),
    )
