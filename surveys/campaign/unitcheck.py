"""Whether the units that are there can be given out to respondents as a plan says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from surveys.campaign.plan import UnitsDesign
from surveys.language import Message, message
from surveys.problem import Problem, Severity
from surveys.units.directory import Unit


def units_assignable(design: UnitsDesign, units: Sequence[Unit]) -> Iterator[Problem]:
    """Yield what keeps `units`, those that are evaluated, from being given out as the plan says."""
    sizes = Counter(unit.unit_class for unit in units)
    if not units:
        yield _error(
            "no_units",
            message("The questionnaire asks about units; there are none to evaluate."),
            message("Import them with pingyi units import, or correct units.classes."),
            "units",
        )
    for name in design.classes:
        if units and name not in sizes:
            yield _error(
                "unknown_class",
                message("No unit is of the class {name}.", name=name),
                message("Correct units.classes."),
                "units.classes",
            )
    for name, quota in design.quotas.items():
        if quota > sizes[name]:
            yield _error(
                "quota_too_large",
                message(
                    "{quota} units of {name} are wanted; there are {size}.", quota=quota, name=name, size=sizes[name]
                ),
                message("Lower the quota."),
                "units.quotas",
            )
    if design.quotas and sum(design.quotas.values()) != design.per_resident:
        yield _error(
            "quotas_differ",
            message(
                "The quotas make {total} units, per_resident says {wanted}.",
                total=sum(design.quotas.values()),
                wanted=design.per_resident,
            ),
            message("Make them agree."),
            "units.quotas",
        )
    lacking = [unit.name for unit in units if not unit.duties]
    if lacking:
        yield _warning(
            "no_duties",
            message("{count} units have no duties to show: {names}.", count=len(lacking), names=tuple(lacking[:5])),
            message("Add their duties, so that residents know what is rated."),
            "units",
        )


def _error(code: str, what: Message, fix: Message, name: str) -> Problem:
    return Problem(code, what, fix, field=name)


def _warning(code: str, what: Message, fix: Message, name: str) -> Problem:
    return Problem(code, what, fix, field=name, severity=Severity.WARNING)
