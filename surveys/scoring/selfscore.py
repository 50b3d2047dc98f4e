"""What units say of themselves: a table read row by row, and the gap to what residents say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from surveys.columns import NamedTable, Names
from surveys.language import message
from surveys.problem import Problem
from surveys.questionnaire.workbook import Table
from surveys.statistics.estimates import Estimate
from surveys.units.directory import Unit

#: What the two columns may be called. A table may hold a unit's id and its name: the first of the two tells it.
NAMES: Names = {
    "unit": ("unit", "unit id", "id", "code", "name", "编号", "单位编号", "单位", "单位名称", "名称"),
    "score": ("score", "self score", "own score", "points", "自评分", "自评得分", "自评", "得分", "分数"),
}
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class SelfScore:
    """One unit's id and the score it gave itself, on the scale of the campaign's rule."""

    unit: str
    score: float


@dataclass(frozen=True, slots=True)
class Handed:
    """The scores of a file and every finding; with a finding nothing is taken."""

    scores: tuple[SelfScore, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Public score − self-score with its 95 % interval; a self-score is told, not estimated, hence without error.

    Below zero the unit thinks better of itself than residents do. `overrated` is None where the interval holds zero
    or there is none: then nothing is claimed.
    """

    own: float
    gap: Estimate
    overrated: bool | None


def read_self_scores(table: Table, units: Sequence[Unit], *, lowest: float, highest: float, file: str = "") -> Handed:
    """Read a table of units and their own scores between `lowest` and `highest`; a unit is told by id or name.

    Never raises: every row that cannot be taken is a finding with its row.
    """
    named = NamedTable(table, NAMES, file)
    named.refuse_again({"score"})
    if not named.require(NAMES, message("Write the columns unit and score (单位, 自评分) into the header row.")):
        return Handed((), tuple(named.problems))
    if not table.rows:
        named.tell(0, "unit", "no_rows", message("The file has no rows."), message("Write one row per unit."))
    rows: dict[str, int] = {}
    scores: list[SelfScore] = []
    for line in table.rows:
        told, said = named.cell(line, "unit"), named.cell(line, "score")
        unit = _called(units, told)
        if unit is None:
            named.tell(
                line.row,
                "unit",
                "unknown_unit",
                message("{name} is no unit that this campaign rates.", name=told[:60] or "''"),
                message("Write its id or its name as `pingyi units list` shows them."),
            )
            continue
        if unit.id in rows:
            named.tell(
                line.row,
                "unit",
                "duplicate_unit",
                message("The unit {id} is in row {first} already.", id=unit.id, first=str(rows[unit.id])),
                message("Delete one of the two rows."),
            )
            continue
        rows[unit.id] = line.row
        score = float(said) if _NUMBER.fullmatch(said) else None
        if score is None or not isfinite(score) or not lowest <= score <= highest:
            named.tell(
                line.row,
                "score",
                "not_a_score",
                message(
                    "{text} is no score between {lowest} and {highest}.",
                    text=said[:40] or "''",
                    lowest=f"{lowest:g}",
                    highest=f"{highest:g}",
                ),
                message("Write the score as a number, e.g. {example}.", example=f"{(lowest + highest) / 2:g}"),
            )
            continue
        scores.append(SelfScore(unit.id, score))
    return Handed(tuple(scores), tuple(named.problems))


def gap(public: Estimate, own: float) -> Gap | None:
    """Return public − own; None where residents' score is not shown."""
    if public.value is None:
        return None

    def less(value: float | None) -> float | None:
        return None if value is None else value - own

    found = replace(public, value=public.value - own, low=less(public.low), high=less(public.high), deff=None)
    overrated: bool | None = None
    if found.low is not None and found.high is not None:
        overrated = True if found.high < 0 else False if found.low > 0 else None
    return Gap(own, found, overrated)


def _called(units: Sequence[Unit], text: str) -> Unit | None:
    """Return the unit whose id or name `text` is; its id wins over another's name."""
    exact = next((unit for unit in units if unit.id == text), None)
    return exact or next((unit for unit in units if unit.called(text)), None)
