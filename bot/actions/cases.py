"""What staff do with cases: look, assign, note a contact, take a unit's word that it is done."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from bot.actions.attachments import listed
from bot.actions.progress import Progress
from bot.house import House
from storage import units
from storage.attachments import of_case
from storage.cases import case_by_number, history, listed_cases, store_case
from storage.residents import by_id
from surveys.campaign.contact import next_opening
from surveys.campaign.wording import check_wording
from surveys.cases.case import Case, CaseState
from surveys.cases.progress import Moved, Refusal, assign, contacted, resolve, state_name
from surveys.dialogue.concluding import case_due
from surveys.dialogue.turn import Event, Wake
from surveys.language import message
from surveys.problem import Problem, Refused


class ListCases(BaseModel):
    """Which cases to list; no state means all."""

    model_config = ConfigDict(frozen=True)
    states: tuple[CaseState, ...] = ()
    unit: str = ""
    limit: int = Field(default=200, ge=1, le=10_000)


class NameCase(BaseModel):
    """One case, by the number people say on the phone."""

    model_config = ConfigDict(frozen=True)
    number: str


class AssignCase(NameCase):
    """Give a case to a unit, and to a handler there."""

    unit: str
    handler: str = ""


class ContactedCase(NameCase):
    """The unit has spoken with the resident."""

    by: str


class ResolveCase(NameCase):
    """The unit says it is done: what, by whom, when (now if not said)."""

    what: str
    by: str
    at: datetime | None = None


def list_cases(house: House, order: ListCases, progress: Progress) -> dict[str, Any]:
    """Return cases, the oldest first."""
    del progress
    with house.database.read() as connection:
        found = listed_cases(connection, house.database.vault, states=order.states, unit=order.unit, limit=order.limit)
    return {"cases": [_shown(house, case) for case in found]}


def show_case(house: House, order: NameCase, progress: Progress) -> dict[str, Any]:
    """Return one case with everything that happened to it."""
    del progress
    with house.database.read() as connection:
        case = _find(connection, house, order.number)
        who = by_id(connection, house.database.vault, case.resident) if case.named else None
        resident = {"office_id": who.office_id, "name": who.name} if who else None
        more = {"resident": resident, "attachments": listed(house, of_case(connection, case.id))}
        return _shown(house, case) | more | {"history": _history(connection, house, case)}


def case_history(house: House, order: NameCase, progress: Progress) -> dict[str, Any]:
    """Return what happened to one case, in order."""
    del progress
    with house.database.read() as connection:
        case = _find(connection, house, order.number)
        return {"number": case.number, "history": _history(connection, house, case)}


def assign_case(house: House, order: AssignCase, progress: Progress) -> dict[str, Any]:
    """Give a case to a unit; its working-time clock starts."""
    del progress

    def act(connection: Connection) -> dict[str, Any]:
        case = _find(connection, house, order.number)
        unit = units.find(connection, order.unit)
        if unit is None:
            raise Refused([_unit_missing(order.unit)])
        step = assign(case, unit=unit.id, handler=order.handler, now=house.now(), office=house.office)
        moved = _allowed(step)
        wakes = [case_due(moved.case)] if moved.case.due_at else []
        return _store(connection, house, moved, {"unit": unit.id}, wakes)

    return house.database.write(act)


def contacted_case(house: House, order: ContactedCase, progress: Progress) -> dict[str, Any]:
    """Note that the unit has spoken with the resident."""
    del progress

    def act(connection: Connection) -> dict[str, Any]:
        moved = _allowed(contacted(_find(connection, house, order.number)))
        return _store(connection, house, moved, {"by": order.by})

    return house.database.write(act)


def resolve_case(house: House, order: ResolveCase, progress: Progress) -> dict[str, Any]:
    """Take the unit's word that it is done, and have the resident asked."""
    del progress
    if not order.what.strip():
        raise Refused([_nothing_done()])
    leading = check_wording(order.what, field="what")
    if leading:
        raise Refused(leading)

    def act(connection: Connection) -> dict[str, Any]:
        now, office = house.now(), house.office
        at = order.at or now
        if at.tzinfo is None:
            at = at.replace(tzinfo=ZoneInfo(office.zone))
        if at > now:
            raise Refused([_not_yet()])
        moved = _allowed(resolve(_find(connection, house, order.number), what=order.what.strip(), by=order.by, now=at))
        due = next_opening(now + office.callback_after, office.zone, office.day_opens, office.day_closes)
        case = moved.case
        callback = Wake(
            "callback", due, case.id, f"callback|{case.id}|{case.round}", guard=case.round, resident=case.resident
        )
        shown = _store(connection, house, moved, {"by": order.by, "round": case.round}, [callback])
        return shown | {"callback_at": due.astimezone(ZoneInfo(office.zone)).isoformat(timespec="minutes")}

    return house.database.write(act)


def _find(connection: Connection, house: House, number: str) -> Case:
    case = case_by_number(connection, house.database.vault, number.strip())
    if case is None:
        raise Refused(
            [
                Problem(
                    code="case_missing",
                    what=message("There is no case {number}.", number=number),
                    fix=message("`pingyi case list` shows the numbers."),
                )
            ]
        )
    return case


def _allowed(step: Moved | Refusal) -> Moved:
    if isinstance(step, Refusal):
        fix = message("`pingyi case history` shows what has happened to it.")
        raise Refused([Problem(code="case_state", what=step.why, fix=fix)])
    return step


def _store(
    connection: Connection, house: House, moved: Moved, data: dict[str, str | int], wakes: list[Wake] | None = None
) -> dict[str, Any]:
    case = moved.case
    happened = [
        Event(
            kind,
            house.now(),
            resident=case.resident,
            campaign=case.campaign,
            case=case.id,
            actor="staff",
            data=data,
        )
        for kind in moved.events
    ]
    store_case(connection, house.database.vault, case, happened=happened, wakes=wakes or [])
    return _shown(house, case)


def _shown(house: House, case: Case) -> dict[str, Any]:
    zone = ZoneInfo(house.office.zone)

    def local(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat(timespec="minutes") if moment else None

    return {
        "number": case.number,
        "state": case.state.value,
        "state_words": state_name(case.state).text(house.language),
        "outcome": case.outcome.value if case.outcome else None,
        "unit": case.unit,
        "handler": case.handler,
        "text": case.text,
        "named": case.named,
        "opened_at": local(case.opened_at),
        "due_at": local(case.due_at),
        "overdue": bool(case.due_at and case.due_at < house.now()),
        "resolution": case.resolution,
        "resolved_by": case.resolved_by,
        "resolved_at": local(case.resolved_at),
        "reopened": case.reopened,
        "reason": case.reason,
        "escalation": case.escalation,
        "closed_at": local(case.closed_at),
    }


def _history(connection: Connection, house: House, case: Case) -> list[dict[str, Any]]:
    zone = ZoneInfo(house.office.zone)
    return [
        {
            "at": at.astimezone(zone).isoformat(timespec="minutes"),
            "event": kind,
            "words": event_words(kind).text(house.language),
            "by": actor,
            "data": json.loads(data),
        }
        for at, kind, actor, data in history(connection, case.id)
    ]


def event_words(kind: str) -> Any:
    """Return the words for an event of a case."""
    return {
        "CaseOpened": message("the resident asked for it to be handled"),
        "CaseAssigned": message("assigned to a unit"),
        "CaseContacted": message("the unit has contacted the resident"),
        "CaseStaffResolved": message("the unit reported it as done"),
        "CallbackBegun": message("the resident is asked"),
        "CaseConfirmed": message("the resident confirmed that it is solved"),
        "CaseReopened": message("the resident says it is not solved: reopened"),
        "CaseEscalated": message("passed on to the supervisors"),
        "CaseOverdue": message("the time limit has passed"),
        "CallbackUnreachable": message("the resident was not reached"),
        "CallbackDeclined": message("the resident did not wish to rate"),
        "CaseWithdrawn": message("the resident had everything about themselves deleted: withdrawn"),
        "InterviewCompleted": message("the conversation was completed"),
        "InterviewExpired": message("the conversation ended in silence"),
        "ResidentReminded": message("the resident was reminded"),
    }.get(kind, message("{kind}", kind=kind))


def _unit_missing(unit: str) -> Problem:
    return Problem(
        code="unit_missing",
        what=message("There is no unit {unit}.", unit=unit),
        fix=message("`pingyi units list` shows their ids."),
        field="unit",
    )


def _nothing_done() -> Problem:
    return Problem(
        code="resolution_empty",
        what=message("Nothing is said about what was done."),
        fix=message("The resident is told it word for word: say what was done, where and when."),
        field="what",
    )


def _not_yet() -> Problem:
    return Problem(
        code="resolution_future",
        what=message("The time it was done lies in the future."),
        fix=message("Leave it out, or give a time that has passed."),
        field="at",
    )
