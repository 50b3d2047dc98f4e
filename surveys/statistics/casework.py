"""What became of the cases: three rates side by side, each with its denominator named."""

from __future__ import annotations

from surveys.cases.case import CaseState
from surveys.language import message
from surveys.statistics.analysis import CaseFacts, UnitCases
from surveys.statistics.disclosure import SMALLEST_CELL, Withheld
from surveys.statistics.dispositions import ratio
from surveys.statistics.figures import CaseFigures, CaseRate, UnitFigures


def case_figures(facts: CaseFacts) -> CaseFigures:
    """Work out the rates. They are counts of everything that happened, not of a sample: no interval belongs to them."""
    return CaseFigures(
        total=facts.total,
        by_state={state: facts.by_state[state] for state in sorted(facts.by_state, key=life)},
        callbacks_ended=facts.callbacks_ended,
        confirmed=facts.confirmed,
        partly=facts.partly,
        not_resolved=facts.not_resolved,
        reopened=facts.reopened,
        unreachable=facts.unreachable,
        declined=facts.declined,
        overdue=facts.overdue,
        rates=case_rates(facts),
        units=tuple(unit_figures(unit) for unit in facts.by_unit),
    )


def case_rates(facts: CaseFacts) -> tuple[CaseRate, ...]:
    """Return what units report, what residents confirm (by two denominators), and who was not reached."""
    confirmed = message("confirmed solved by the resident")
    everything = message("all cases")
    return (
        CaseRate(
            key="reported_done",
            name=message("Reported done by units"),
            numerator=facts.ever_staff_resolved,
            numerator_words=message("cases a unit has reported done"),
            denominator=facts.total,
            denominator_words=everything,
            share=ratio(facts.ever_staff_resolved, facts.total),
        ),
        CaseRate(
            key="confirmed",
            name=message("Confirmed solved by residents"),
            numerator=facts.confirmed,
            numerator_words=confirmed,
            denominator=facts.callbacks_completed,
            denominator_words=message("cases whose resident answered a callback"),
            share=ratio(facts.confirmed, facts.callbacks_completed),
        ),
        CaseRate(
            key="confirmed_of_all",
            name=message("Confirmed solved by residents, of all cases"),
            numerator=facts.confirmed,
            numerator_words=confirmed,
            denominator=facts.total,
            denominator_words=everything,
            share=ratio(facts.confirmed, facts.total),
        ),
        CaseRate(
            key="not_reached",
            name=message("Not reached"),
            numerator=facts.unreachable,
            numerator_words=message("callbacks that reached nobody"),
            denominator=facts.callbacks_ended,
            denominator_words=message("callbacks that came due and have ended"),
            share=ratio(facts.unreachable, facts.callbacks_ended),
        ),
    )


def unit_figures(unit: UnitCases) -> UnitFigures:
    """Return a unit's counts, with rates only where it has cases enough."""
    small = unit.cases < SMALLEST_CELL
    return UnitFigures(
        counts=unit,
        reported_done=None if small else ratio(unit.reported_done, unit.cases),
        confirmed=None if small else ratio(unit.confirmed, unit.cases),
        withheld=Withheld.SMALL if small else None,
    )


def life(state: str) -> tuple[int, str]:
    """Sort states by the course of a case, unknown ones last."""
    course = [known.value for known in CaseState]
    return (course.index(state) if state in course else len(course), state)
