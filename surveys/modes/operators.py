"""Who may enter ratings: nobody of an evaluated unit, of what is above it, or of what is below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from surveys.units.directory import Unit

#: What the column of the operator's unit says of somebody who belongs to none.
NO_UNIT = frozenset({"none", "no", "-", "无", "没有"})


def find_unit(text: str, units: Iterable[Unit]) -> Unit | None:
    """Return the unit that `text` means: its id, else one of its names."""
    known = tuple(units)
    exact = next((unit for unit in known if unit.id == text), None)
    return exact or next((unit for unit in known if unit.called(text)), None)


def conflict(operator: str, rated: Sequence[str], units: Mapping[str, Unit]) -> Unit | None:
    """Return the first of the `rated` units that somebody of the unit `operator` has a part in, None if there is none.

    Staff of a unit have a part in it, in what is above it and in what is below it; of two bureaus of one city hall
    neither has a part in the other.
    """
    mine = _line(operator, units)
    for unit in rated:
        if unit in mine or operator in _line(unit, units):
            return units.get(unit) or Unit(unit, unit)
    return None


def _line(unit: str, units: Mapping[str, Unit]) -> tuple[str, ...]:
    """Return a unit and everything above it."""
    line: list[str] = []
    while unit and unit not in line:
        line.append(unit)
        unit = units[unit].parent if unit in units else ""
    return tuple(line)
