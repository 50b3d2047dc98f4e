"""Known population totals (columns variable, level, total), and how a data set or a campaign meets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import fsum

from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.statistics.dataset import Dataset, first_position, read_dataset
from surveys.statistics.design import Margin

#: Variable → level → total.
Totals = Mapping[str, Mapping[str, float]]

#: Totals of one population may differ by rounding, in their sum, by this share.
ROUNDING = 0.005


@dataclass(frozen=True, slots=True)
class KnownTotals:
    """Totals with the file they come from and the row each (variable, level) stands in there."""

    file: str
    totals: Totals
    rows: Mapping[tuple[str, str], int] = field(default_factory=dict)


def read_totals(file: str, data: bytes) -> KnownTotals:
    """Read totals; Refused with the row where a total is no positive number or a level stands twice.

    Also refused if variables sum up to different populations; where only rounding differs, later variables are
    brought to the sum of the first.
    """
    table = read_dataset(file, data)
    variables, levels = table.full("variable"), table.full("level")
    fix = message("A total is a number above zero; leave out what does not exist.")
    totals = table.quantities("total", lambda number: number > 0, fix)
    found: dict[str, dict[str, float]] = {}
    for at, (variable, level, total) in enumerate(zip(variables, levels, totals, strict=True)):
        known = found.setdefault(variable, {})
        if level in known:
            what = message("{level} of {variable} has a total already.", level=level, variable=variable)
            raise table.wrong(at, "level", "twice", what, message("Delete one of the rows."))
        known[level] = total
    first = next(iter(found))
    whole = fsum(found[first].values())
    for variable, known in found.items():
        size = fsum(known.values())
        if abs(size - whole) > ROUNDING * whole:
            raise table.wrong(
                first_position(variables, variable),
                "total",
                "different_populations",
                message(
                    "The totals of {variable} add up to {size}, those of {first} to {whole}.",
                    variable=variable,
                    size=f"{size:.12g}",
                    first=first,
                    whole=f"{whole:.12g}",
                ),
                message("Take all totals from one population."),
            )
        if size != whole:
            found[variable] = {level: total * whole / size for level, total in known.items()}
    return KnownTotals(file, found, dict(zip(zip(variables, levels, strict=True), table.rows, strict=True)))


def margins_of(data: Dataset, known: KnownTotals) -> tuple[Margin, ...]:
    """Return the margins of a data set; Refused with the row of a level that has no total, or no row."""
    margins = []
    for variable, wanted in known.totals.items():
        levels = data.full(variable)
        there = set(levels)
        if there - wanted.keys():
            at = next(at for at, level in enumerate(levels) if level not in wanted)
            what = message(
                "{file} has no total for {level} of {variable}.", file=known.file, level=levels[at], variable=variable
            )
            raise data.wrong(at, variable, "unknown_level", what, _near(levels[at], wanted))
        unmet = [level for level in wanted if level not in there]
        if unmet:
            what = message("No row of the data has {level} of {variable}.", level=unmet[0], variable=variable)
            fix, row = _near(unmet[0], sorted(there)), known.rows.get((variable, unmet[0]), 0)
            raise Refused([Problem("missing_level", what, fix, known.file, row=row, field="level")])
        margins.append(Margin(variable, levels, wanted))
    return tuple(margins)


def _near(level: str, known: Mapping[str, float] | Sequence[str]) -> Message:
    near = get_close_matches(level, list(known), n=1, cutoff=0.5)
    if near:
        return message("Did you mean {name}?", name=near[0])
    return message("Join it with another level, in the data and in the totals.")
