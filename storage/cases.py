"""Reading cases, and storing one that staff have moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from storage.caserecord import case_row, open_case_row
from storage.events import record
from storage.tables.cases import cases, events
from storage.vault import Vault
from storage.wakes import write_wakes
from surveys.cases.case import Case
from surveys.dialogue.turn import Event, Wake


def cases_by_id(connection: Connection, vault: Vault, ids: Collection[str]) -> Mapping[str, Case]:
    """Return the cases with these ids."""
    rows = connection.execute(select(cases).where(cases.c.id.in_(sorted(set(ids)))))
    return {row.id: open_case_row(vault, row) for row in rows}


def case_by_number(connection: Connection, vault: Vault, number: str) -> Case | None:
    """Return the case people know by `number`, locked until the transaction ends; None if there is none."""
    row = connection.execute(select(cases).where(cases.c.number == number).with_for_update()).first()
    return open_case_row(vault, row) if row else None


def listed_cases(
    connection: Connection, vault: Vault, *, states: Collection[str] = (), unit: str = "", limit: int = 200
) -> Sequence[Case]:
    """Return cases, the oldest first, in any of `states` (all if none are named) and of `unit` if one is."""
    statement = select(cases).order_by(cases.c.opened_at, cases.c.id).limit(limit)
    if states:
        statement = statement.where(cases.c.state.in_(sorted(states)))
    if unit:
        statement = statement.where(cases.c.unit_id == unit)
    return [open_case_row(vault, row) for row in connection.execute(statement)]


def store_case(
    connection: Connection, vault: Vault, case: Case, *, happened: Sequence[Event], wakes: Sequence[Wake] = ()
) -> None:
    """Store a case that staff have moved, what happened, and what the clock is to do about it."""
    row: dict[str, Any] = case_row(vault, case)
    connection.execute(update(cases).where(cases.c.id == row.pop("id")).values(row))
    record(connection, happened)
    write_wakes(connection, wakes)


def history(connection: Connection, case_id: str) -> Sequence[tuple[datetime, str, str, str]]:
    """Return (at, kind, actor, data as JSON) of everything that happened to a case, in order."""
    rows = connection.execute(
        select(events.c.at, events.c.kind, events.c.actor, events.c.data)
        .where(events.c.case_id == case_id)
        .order_by(events.c.id)
    )
    return [(at, kind, actor, data) for at, kind, actor, data in rows]
