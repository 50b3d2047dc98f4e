"""How precise a campaign will be, from its plan and the frame or from numbers given, and how precise it is by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.files import read_file
from bot.actions.planning import find_campaign
from bot.actions.progress import Progress
from bot.house import House
from storage import frames
from storage.achieved import achieved
from storage.units import listed
from surveys.campaign.plan import Audience, CampaignKind, SampleDesign, UnitsDesign
from surveys.campaign.reading import parse, read_plan
from surveys.language import message
from surveys.modes.columns import rates_units
from surveys.problem import Problem, Refused
from surveys.questionnaire.templates import names, template_form
from surveys.questionnaire.workbook import read_table
from surveys.sampling.allocation import allocate
from surveys.sampling.assignment import evaluated
from surveys.sampling.draw import draw_sample
from surveys.sampling.precision import Precision, Stratum, expected, needed, of_stratum, overall, per_unit
from surveys.sampling.stratafile import read_strata

#: What stands for the population where only its size is given.
EVERYBODY = "*"


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
    deff: float = Field(default=1.2, ge=0.1, le=100)
    half_width: float | None = Field(default=None, gt=0, lt=1)


class CampaignPrecision(BaseModel):
    """How precise a campaign is by now, supposing `share` and `deff`."""

    model_config = ConfigDict(frozen=True)

    name: str
    share: float = Field(default=0.5, gt=0, lt=1)
    deff: float = Field(default=1.0, ge=0.1, le=100)


@dataclass(frozen=True, slots=True)
class _Planned:
    """The design, the residents of each stratum, how many can be drawn and are, and how many units take part."""

    sample: SampleDesign
    units: UnitsDesign | None
    populations: Mapping[str, int]
    drawn: Mapping[str, int]
    source: str
    evaluated: int = 0


def from_numbers(order: PlanPrecision) -> dict[str, Any]:
    """Return what to expect of a plan and numbers alone: no database is opened."""
    sample, units, _, _ = _design(order, "UTC")
    if order.strata is not None:
        populations = read_strata(read_table(order.strata.name, read_file(order.strata)), order.strata.name)
    elif order.population is not None:
        populations = {EVERYBODY: order.population}
    else:
        what = message("It is not known how many residents there are.")
        fix = message("Give --population or --strata, or import the residents first.")
        raise Refused([Problem("no_population", what, fix)])
    sample = _sized(sample, order, populations)
    allocation, problems = allocate(sample, populations, populations)
    if problems:
        raise Refused(problems)
    drawn = {name: places.main for name, places in allocation.items()}
    return _told(order, _Planned(sample, units, populations, drawn, "numbers", order.units or 0))


def plan_precision(house: House, order: PlanPrecision, progress: Progress) -> dict[str, Any]:
    """Return what to expect of a plan with the newest frame, drawn as the launch would; Refused without a frame."""
    progress(0, 1)
    sample, units, audience, starts_at = _design(order, house.office.zone)
    with house.database.read() as connection:
        frame = frames.newest(connection)
        standing = list(frames.standing(connection, frame.id)) if frame else []
        able = len(evaluated(listed(connection), units.classes)) if units else 0
    if not standing:
        what = message("There is no frame of residents yet.")
        fix = message("Give --population or --strata, or import the residents first.")
        raise Refused([Problem("no_frame", what, fix)])
    year = max(house.now(), starts_at).astimezone(ZoneInfo(house.office.zone)).year
    candidates = [member.candidate() for member in standing]
    # Who is asked again or rests belongs to the launch; how many there are does not depend on it.
    plain = replace(_sized(sample, order, {EVERYBODY: len(candidates)}), panel="", rotate=0.0, rest_waves=0)
    drawn = draw_sample(candidates, design=plain, audience=audience, draw="precision", year=year)
    if drawn.problems:
        raise Refused(drawn.problems)
    populations = {name: places.population for name, places in drawn.allocation.items()}
    main = {name: places.main for name, places in drawn.allocation.items()}
    return _told(order, _Planned(plain, units, populations, main, "frame", order.units or able))


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


def _design(order: PlanPrecision, zone: str) -> tuple[SampleDesign, UnitsDesign | None, Audience, datetime]:
    """Return sample, units, audience and start of the plan; a plan that is not finished yet has all that is needed.

    The units are None where nothing says that any are rated.
    """
    file = order.path.name if order.path else ""
    table = parse(read_file(order.path), file) if order.path else {}
    known = {name: value for name, value in table.items() if name in {"sample", "units", "audience", "zone", "starts"}}
    unwritten = {"name": "plan", "starts": "2000-01-01", "closes": "2200-01-01", "delete_on": "2200-01-01"}
    plan = read_plan({**unwritten, **known}, zone=zone, file=file)
    form = table.get("form")
    rated = order.units or "units" in table or (form in names() and rates_units(template_form(str(form))))
    return plan.sample, plan.units if rated else None, plan.audience, plan.starts_at


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
