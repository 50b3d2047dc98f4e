"""How precise a campaign will be, from its plan and the frame or from numbers given, and how precise it is by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.drawing import gather, selected
from bot.actions.files import read_file
from bot.actions.planning import find_campaign
from bot.actions.progress import Progress
from bot.actions.spread import put_spread
from bot.house import House
from storage.achieved import achieved
from storage.units import listed
from surveys.campaign.plan import CampaignKind, Plan, SampleDesign, UnitsDesign
from surveys.campaign.reading import parse, read_plan
from surveys.language import message
from surveys.modes.columns import rates_units
from surveys.problem import Problem, Refused
from surveys.questionnaire.templates import names, template_form
from surveys.questionnaire.workbook import read_table
from surveys.sampling.allocation import StratumAllocation, allocate, without_spread
from surveys.sampling.assignment import evaluated
from surveys.sampling.precision import DEFF, Precision, Stratum, expected, needed, of_stratum, overall, per_unit
from surveys.sampling.stratafile import read_strata

#: What stands for the population where only its size is given.
EVERYBODY = "*"
#: Fields of a plan that decide who is drawn.
_DECIDING = frozenset({"name", "sample", "units", "audience", "zone", "starts"})


class PlanPrecision(BaseModel):
    """The half-widths to expect of the plan at `path`, of a sample of `size`, or the size for `half_width`.

    `strata` is a file of strata with their populations, `population` one number; without either the frame is asked.
    `units` is how many units are evaluated, instead of those of the directory. `share` is the share supposed,
    `response` how many of the drawn answer, `deff` the design effect beyond strata.
    """

    model_config = ConfigDict(frozen=True)

    path: Path | None = None
    size: int | None = Field(default=None, ge=1)
    population: int | None = Field(default=None, ge=1)
    strata: Path | None = None
    units: int | None = Field(default=None, ge=1)
    share: float = Field(default=0.5, gt=0, lt=1)
    response: float = Field(default=0.4, gt=0, le=1)
    deff: float = Field(default=DEFF, ge=0.1, le=100)
    half_width: float | None = Field(default=None, gt=0, lt=1)


class CampaignPrecision(BaseModel):
    """How precise a campaign is by now, supposing `share` and `deff`."""

    model_config = ConfigDict(frozen=True)

    name: str
    share: float = Field(default=0.5, gt=0, lt=1)
    deff: float = Field(default=DEFF, ge=0.1, le=100)


@dataclass(frozen=True, slots=True)
class _Planned:
    """The design, the residents of each stratum, how many can be drawn and are, and how many units take part."""

    sample: SampleDesign
    units: UnitsDesign | None
    populations: Mapping[str, int]
    drawn: Mapping[str, int]
    source: str
    evaluated: int = 0
    under_age: int = 0  # how old a plan's residents must be at least where only numbers are known
    spreadless: tuple[str, ...] = ()  # strata whose number is settled without the spread that Neyman allocation asks


def from_numbers(order: PlanPrecision) -> dict[str, Any]:
    """Return what to expect of a plan and numbers alone: no database is opened."""
    plan, units = _design(order, "UTC")
    wanted = plan.audience.strata
    if order.strata is not None:
        listed_strata = read_strata(read_table(order.strata.name, read_file(order.strata)), order.strata.name)
        populations = {name: count for name, count in listed_strata.items() if not wanted or name in wanted}
        if missing := sorted(wanted - listed_strata.keys()):
            what = message("The file has no stratum {strata}, which the plan names.", strata=tuple(missing))
            fix = message("Add it to the file, or correct audience.strata.")
            raise Refused([Problem("audience_unknown", what, fix, order.strata.name, field="audience.strata")])
    elif order.population is not None:
        populations = {EVERYBODY: order.population}
    else:
        what = message("It is not known how many residents there are.")
        fix = message("Give --population or --strata, or import the residents first.")
        raise Refused([Problem("no_population", what, fix)])
    sample = _sized(plan.sample, order, populations)
    if EVERYBODY in populations:
        sample = replace(sample, allocation="proportional", per_stratum={}, maximum_per_stratum=0)
    allocation, problems = allocate(sample, populations, populations)
    if problems:
        raise Refused(problems)
    drawn = {name: places.main for name, places in allocation.items()}
    age = plan.audience.minimum_age
    spreadless = _spreadless(sample, allocation)
    return _told(order, _Planned(sample, units, populations, drawn, "numbers", order.units or 0, age, spreadless))


def plan_precision(house: House, order: PlanPrecision, progress: Progress) -> dict[str, Any]:
    """Return what to expect of a plan with the newest frame, drawn as the launch would; Refused without a frame."""
    progress(0, 1)
    plan, units = _design(order, house.office.zone)
    with house.database.read() as connection:
        found = gather(connection, house, plan, house.now(), anew=True)
        able = len(evaluated(listed(connection), units.classes)) if units else 0
    if found is None:
        what = message("There is no frame of residents yet.")
        fix = message("Give --population or --strata, or import the residents first.")
        raise Refused([Problem("no_frame", what, fix)])
    frame = found.assembled.frame
    # The very draw that the launch makes: with it come its bounds, ages, shared numbers and those who rest.
    design = _sized(plan.sample, order, frame.populations())
    drawn = selected(frame, design, plan.name)
    if problems := (*found.problems, *drawn.problems):
        raise Refused(problems)
    populations = {name: places.population for name, places in drawn.allocation.items()}
    main = {name: places.main for name, places in drawn.allocation.items()}
    spreadless = _spreadless(design, drawn.allocation)
    return _told(order, _Planned(design, units, populations, main, "frame", order.units or able, spreadless=spreadless))


def campaign_precision(house: House, order: CampaignPrecision, progress: Progress) -> dict[str, Any]:
    """Return the precision reached so far, overall, by stratum and by unit: from counts, no answer is looked at."""
    progress(0, 1)
    campaign = find_campaign(house, order.name)
    if campaign.plan.kind is not CampaignKind.SURVEY:
        what = message("The campaign {name} asks nothing.", name=order.name)
        raise Refused([Problem("no_survey", what, message("Name a survey: pingyi campaign list"))])
    with house.database.read() as connection:
        counted = achieved(connection, campaign.id)
        called = {unit.id: unit.name for unit in listed(connection)}
    strata = [Stratum(name, reached.population, reached.completes) for name, reached in counted.strata.items()]
    return {
        "campaign": campaign.id,
        "share": order.share,
        "deff": order.deff,
        "overall": _shown(overall(strata, share=order.share, deff=order.deff)),
        "strata": [
            {
                **_shown(of_stratum(stratum, share=order.share, deff=order.deff)),
                "drawn": counted.strata[stratum.name].drawn,
                "released": counted.strata[stratum.name].released,
            }
            for stratum in strata
        ],
        "units": [
            {
                **_shown(
                    overall(
                        [replace(stratum, completes=raters.get(stratum.name, 0)) for stratum in strata],
                        share=order.share,
                        deff=order.deff,
                    )
                ),
                "name": called.get(unit, unit),
                "unit": unit,
            }
            for unit, raters in counted.raters.items()
        ],
    }


def _design(order: PlanPrecision, zone: str) -> tuple[Plan, UnitsDesign | None]:
    """Return the plan and its units, None where nothing says that any are rated.

    A plan that is not finished yet will do: what does not decide the draw is not looked at.
    """
    file = order.path.name if order.path else ""
    table = parse(read_file(order.path), file) if order.path else {}
    put_spread(table, order.path.parent if order.path else Path.cwd())
    known = {name: value for name, value in table.items() if name in _DECIDING}
    unwritten = {"name": "plan", "starts": "2000-01-01", "closes": "2200-01-01", "delete_on": "2200-01-01"}
    plan = read_plan({**unwritten, **known}, zone=zone, file=file)
    form = table.get("form")
    rated = order.units or "units" in table or (form in names() and rates_units(template_form(str(form))))
    return plan, plan.units if rated else None


def _spreadless(sample: SampleDesign, allocation: Mapping[str, StratumAllocation]) -> tuple[str, ...]:
    populations = {name: places.population for name, places in allocation.items()}
    available = {name: places.available for name, places in allocation.items()}
    return tuple(name for name in without_spread(sample, populations, available) if name not in sample.spread)


def _sized(sample: SampleDesign, order: PlanPrecision, populations: Mapping[str, int]) -> SampleDesign:
    """Return the design with the size that is asked about: the one given, the one needed, or the plan's own."""
    if order.size is not None:
        if sample.allocation == "fixed":
            sample = replace(sample, allocation="proportional", per_stratum={})
        return replace(sample, size=order.size)
    if order.half_width is not None and not sample.size:
        # Where only the inverse is asked for, the size needed is the size looked at.
        return replace(sample, size=_needed(order, sum(populations.values()))[1])
    return sample


def _needed(order: PlanPrecision, population: int) -> tuple[int, int]:
    if order.half_width is None:  # asked by _told and _sized only where it is given
        raise AssertionError(order)
    found = needed(order.half_width, population=population, share=order.share, deff=order.deff, response=order.response)
    if found is None:
        best = of_stratum(
            Stratum("", population, population * order.response), share=order.share, deff=order.deff
        ).half_width
        what = message(
            "Even if all {population} residents were drawn the half-width would be {best}.",
            population=population,
            best=f"{best:.4f}",
        )
        fix = message("Ask for a wider interval, or for more of the drawn to answer.")
        raise Refused([Problem("out_of_reach", what, fix, field="half_width")])
    return found


def _told(order: PlanPrecision, planned: _Planned) -> dict[str, Any]:
    strata = expected(planned.populations, planned.drawn, order.response)
    rated = planned.units.per_resident if planned.units else 0
    unit = per_unit(strata, rated=rated, units=planned.evaluated, share=order.share, deff=order.deff)
    completes, drawn = (
        _needed(order, sum(planned.populations.values())) if order.half_width is not None else (None, None)
    )
    return {
        "source": planned.source,
        "share": order.share,
        "response": order.response,
        "deff": order.deff,
        "drawn": sum(planned.drawn.values()),
        "under_age": planned.under_age,
        "without_spread": list(planned.spreadless),
        "overall": _shown(overall(strata, share=order.share, deff=order.deff)),
        "strata": _strata(strata, planned.drawn, order),
        "units": None
        if unit is None
        else {**_shown(unit), "rated": min(rated, planned.evaluated), "units": planned.evaluated},
        "needed": None
        if completes is None
        else {"half_width": order.half_width, "completes": completes, "drawn": drawn},
    }


def _strata(strata: Sequence[Stratum], drawn: Mapping[str, int], order: PlanPrecision) -> list[dict[str, Any]]:
    return [
        {**_shown(of_stratum(stratum, share=order.share, deff=order.deff)), "drawn": drawn.get(stratum.name, 0)}
        for stratum in strata
        if stratum.name != EVERYBODY
    ]


def _shown(found: Precision) -> dict[str, Any]:
    return {
        "name": found.name,
        "population": found.population,
        "completes": round(found.completes, 2),
        "effective": round(found.effective, 2),
        "half_width": None if found.half_width is None else round(found.half_width, 6),
        "silent": list(found.silent),
        "speaks_for": round(found.speaks_for, 6),
    }
