"""Where the numbers of a sample contradict each other, and which strata end up without anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from surveys.campaign.plan import SampleDesign
from surveys.language import Message, message
from surveys.problem import Problem, Severity
from surveys.sampling.allocation import StratumAllocation

#: Strata that a finding names.
NAMED = 12


def contradictions(design: SampleDesign, file: str = "") -> tuple[Problem, ...]:
    """Return what of a design excludes something else of it, whatever the frame is."""
    return tuple(_contradictions(design, file))


def _contradictions(design: SampleDesign, file: str) -> Iterator[Problem]:
    def error(code: str, what: Message, fix: Message, field: str) -> Problem:
        return Problem(code, what, fix, file, field=f"sample.{field}")

    if design.per_stratum and design.allocation != "fixed":
        yield error(
            "allocation_contradicts",
            message("per_stratum gives numbers, yet allocation is {name}.", name=design.allocation),
            message('Write allocation = "fixed", or take per_stratum out.'),
            "allocation",
        )
        return
    if design.allocation != "fixed":
        return
    total = sum(design.per_stratum.values())
    if design.per_stratum and design.size not in {0, total}:
        yield error(
            "size_contradicts",
            message("size is {size}, yet the numbers per stratum make {total}.", size=design.size, total=total),
            message("Take size out, or correct the numbers."),
            "size",
        )
    most = design.maximum_per_stratum
    above = [name for name, wanted in sorted(design.per_stratum.items()) if most and wanted > most]
    if above:
        yield error(
            "maximum_broken",
            message("{strata} would get more than maximum_per_stratum, {maximum}.", strata=_named(above), maximum=most),
            message("Lower the number, or raise maximum_per_stratum."),
            "per_stratum",
        )


def check_allocation(design: SampleDesign, allocation: Mapping[str, StratumAllocation]) -> tuple[Problem, ...]:
    """Return an error for strata below the minimum under fixed numbers, a warning for others without any place."""
    short = [
        name
        for name, places in sorted(allocation.items())
        if design.allocation == "fixed" and places.main < min(design.minimum_per_stratum, places.available)
    ]
    found = []
    if short:
        found.append(
            Problem(
                "minimum_broken",
                message(
                    "{strata} would get fewer than minimum_per_stratum, {minimum}.",
                    strata=_named([f"{name} ({allocation[name].main})" for name in short]),
                    minimum=design.minimum_per_stratum,
                ),
                message("Raise their numbers under per_stratum, or lower minimum_per_stratum."),
                field="sample.per_stratum",
            )
        )
    empty = [name for name, places in sorted(allocation.items()) if not places.main and places.population]
    if silent := [name for name in empty if name not in short]:
        everybody = sum(places.population for places in allocation.values())
        left_out = sum(allocation[name].population for name in silent)
        found.append(
            Problem(
                "stratum_without_places",
                message(
                    "Nobody is drawn from {strata}: no estimate speaks for these {count} residents, {percent} % of "
                    "the audience.",
                    strata=_named([f"{name} ({allocation[name].population})" for name in silent]),
                    count=left_out,
                    percent=f"{100 * left_out / everybody:.1f}",
                ),
                message(
                    "Give each a number or a minimum_per_stratum (and a phone number to its residents), or leave them "
                    "out of audience.strata."
                ),
                field="sample.per_stratum" if design.allocation == "fixed" else "sample.minimum_per_stratum",
                severity=Severity.WARNING,
            )
        )
    return tuple(found)


def _named(names: list[str]) -> tuple[str, ...]:
    return (*names[:NAMED], *(("…",) if len(names) > NAMED else ()))
