"""Units ranked class by class, those without a score left out by name."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.language import message
from surveys.scoring.linearised import Linearised
from surveys.scoring.ranking import ClassRanks, Contestant, LeftOut, rank_sets
from surveys.scoring.unitscore import UnitScore, with_errors

NO_VOTES = message("no valid vote, so no score by this rule")


def classes_of(
    units: Sequence[UnitScore],
    linearised: Linearised,
    *,
    varies: Sequence[bool],
    worth: Sequence[float],
    ends: tuple[float | None, float | None],
) -> tuple[ClassRanks, ...]:
    """Rank every class by itself.

    By unit, `varies` says whether any two answers differ and `worth` what its raters are worth to the score; `ends` are
    the lowest and the highest score there can be. A score without an error that not everybody gave, as where all
    residents are asked and each rates some of the units, is compared like one that shows no spread: by its interval.
    """
    counted = linearised.counted().tolist()
    members: dict[str, list[int]] = {}
    for number in sorted(range(len(units)), key=lambda number: units[number].unit.id):
        members.setdefault(units[number].unit.unit_class, []).append(number)
    found = []
    for unit_class, numbers in sorted(members.items()):
        ranked = [number for number in numbers if units[number].total.value is not None]
        contestants = [
            Contestant(
                units[number].unit.id,
                units[number].total.value or 0.0,
                units[number].total.estimate.df,
                worth[number],
                varies[number] and (counted[number] or (units[number].total.estimate.se or 0.0) > 0),
                *ends,
            )
            for number in ranked
        ]
        out = [
            LeftOut(units[number].unit.id, units[number].total.why_not or NO_VOTES)
            for number in numbers
            if units[number].total.value is None
        ]
        matrix = with_errors(linearised.covariances(ranked), [units[number].total.estimate for number in ranked])
        found.append(rank_sets(unit_class, contestants, matrix, out))
    return tuple(found)
