"""The units residents evaluate, as last handed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from storage.tables.residents import units
from surveys.units.directory import Unit


def put(connection: Connection, handed_in: Sequence[Unit], now: datetime) -> Counter[str]:
    """Add new units and change known ones; return how many are new, updated and unchanged."""
    known = {unit.id: unit for unit in listed(connection)}
    new = [unit for unit in handed_in if unit.id not in known]
    changed = [unit for unit in handed_in if unit.id in known and known[unit.id] != unit]
    if new:
        connection.execute(insert(units), [_row(unit, now) for unit in new])
    if changed:
        rows = [_row(unit, now) | {"of_unit": unit.id} for unit in changed]
        for row in rows:
            row.pop("id")
        connection.execute(update(units).where(units.c.id == bindparam("of_unit")), rows)
    return Counter(new=len(new), updated=len(changed), unchanged=len(handed_in) - len(new) - len(changed))


def listed(connection: Connection) -> tuple[Unit, ...]:
    """Return every unit by id."""
    return tuple(_unit(row) for row in connection.execute(select(units).order_by(units.c.id)))


def find(connection: Connection, text: str) -> Unit | None:
    """Return the unit that `text` means (its id or one of its names), or None."""
    everything = listed(connection)
    exact = next((unit for unit in everything if unit.id == text), None)
    return exact or next((unit for unit in everything if unit.called(text)), None)


def _row(unit: Unit, now: datetime) -> dict[str, Any]:
    return {
        "id": unit.id,
        "name": unit.name,
        "name_en": unit.name_en,
        "unit_class": unit.unit_class,
        "parent": unit.parent or None,
        "duties": unit.duties,
        "hotline": unit.hotline,
        "exempt": unit.exempt,
        "updated_at": now,
    }


def _unit(row: Row[Any]) -> Unit:
    return Unit(
        row.id, row.name, row.name_en, row.unit_class, row.parent or "", row.duties, row.hotline, exempt=row.exempt
    )
