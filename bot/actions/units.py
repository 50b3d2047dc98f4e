"""What staff do with units: import the directory, list it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.actions.files import read_file
from bot.actions.progress import Progress
from bot.house import House
from storage import units
from surveys.problem import Refused
from surveys.questionnaire.workbook import read_table
from surveys.units.directory import Unit, read_units


class ImportUnits(BaseModel):
    """Take a .csv or .xlsx of units; known ids are changed, nothing is deleted."""

    model_config = ConfigDict(frozen=True)

    path: Path
    dry_run: bool = False


class ListUnits(BaseModel):
    """Show every unit."""

    model_config = ConfigDict(frozen=True)


def import_units(house: House, order: ImportUnits, progress: Progress) -> dict[str, Any]:
    """Import a directory of units, all or nothing; Refused with every finding. Warnings come with the result."""
    table = read_table(order.path.name, read_file(order.path))
    progress(0, len(table.rows))
    with house.database.read() as connection:
        known = {unit.id: unit for unit in units.listed(connection)}
    directory = read_units(table, known=tuple(known), file=order.path.name)
    if directory.errors:
        raise Refused(directory.problems)
    if order.dry_run:
        changed = [unit for unit in directory.units if known.get(unit.id) != unit]
        new = sum(unit.id not in known for unit in changed)
        counts = {"new": new, "updated": len(changed) - new, "unchanged": len(directory.units) - len(changed)}
    else:
        now = house.now()
        counts = dict(house.database.write(lambda connection: units.put(connection, directory.units, now)))
    progress(len(table.rows), len(table.rows))
    return {
        "file": order.path.name,
        "dry_run": order.dry_run,
        "rows": len(directory.units),
        **counts,
        "problems": [problem.as_json(house.language) for problem in directory.problems],
    }


def list_units(house: House, _order: ListUnits, progress: Progress) -> dict[str, Any]:
    """Return every unit."""
    progress(0, 1)
    with house.database.read() as connection:
        return {"units": [_shown(unit) for unit in units.listed(connection)]}


def _shown(unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.id,
        "name": unit.name,
        "name_en": unit.name_en,
        "class": unit.unit_class,
        "parent": unit.parent,
        "duties": unit.duties,
        "hotline": unit.hotline,
        "exempt": unit.exempt,
    }
