"""What an interview is given of the units its respondent evaluates: the answers to hidden rows of the repeat `unit`."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.language import ENGLISH
from surveys.questionnaire.keys import count_key, key
from surveys.questionnaire.repeats import UNIT
from surveys.units.directory import Unit

#: Longest duties that are told: they travel with the open conversation, and cost a resident's patience.
LONGEST = 240


def units_given(units: Sequence[Unit]) -> dict[str, str]:
    """Return how many units there are, and for each its id, name, class and duties, under the keys of the repeat."""
    given = {count_key(UNIT, ()): str(len(units))}
    for number, unit in enumerate(units, 1):
        told = {
            "unit_id": unit.id,
            "unit_name": unit.name,
            f"unit_name:{ENGLISH}": unit.name_en,
            "unit_class": unit.unit_class,
            "unit_duty": shortened(unit.duties),
        }
        given |= {key(row, (number,)): text for row, text in told.items() if text}
    return given


def shortened(duties: str) -> str:
    """Return the duties, cut at a sentence's end if they are longer than can be told."""
    if len(duties) <= LONGEST:
        return duties
    end = max(duties.rfind(mark, 0, LONGEST) for mark in "。；;.")
    return duties[: end + 1] if end > LONGEST // 2 else duties[: LONGEST - 1] + "…"
