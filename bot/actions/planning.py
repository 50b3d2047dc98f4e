"""What staff do before a campaign: write its plan from a file and from flags, and see every plan there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict

from bot.actions.files import read_file, tables_of
from bot.actions.forms import store, template_source, unknown_form
from bot.actions.knowntotals import put_totals
from bot.actions.ownrule import put_rule
from bot.actions.progress import Progress
from bot.actions.spread import put_spread
from bot.house import House
from storage import campaigns, fieldwork, forms, sample
from storage.achieved import Achieved, achieved
from storage.campaigns import CampaignMissing, StoredCampaign
from surveys.campaign.plan import CampaignState, Plan
from surveys.campaign.reading import parse, read_plan
from surveys.campaign.record import plan_record
from surveys.language import message
from surveys.modes.columns import rates_units
from surveys.problem import Problem, Refused
from surveys.questionnaire.templates import names, template_form
from surveys.questionnaire.xlsform import read_form
from surveys.sampling.precision import DEFF, Stratum, overall


class CreateCampaign(BaseModel):
    """Make a draft from the plan file at `path`; `fields` (as in the file) win over it. A draft may be made anew."""

    model_config = ConfigDict(frozen=True)

    path: Path | None = None
    fields: dict[str, Any] = {}


class ShowCampaign(BaseModel):
    """Show one campaign: its plan, its state, how far it has come."""

    model_config = ConfigDict(frozen=True)

    name: str


class ListCampaigns(BaseModel):
    """Show every campaign."""

    model_config = ConfigDict(frozen=True)


def create_campaign(house: House, order: CreateCampaign, progress: Progress) -> dict[str, Any]:
    """Store a plan as a draft; Refused with every finding of the file, or once the campaign has been launched."""
    progress(0, 1)
    file = order.path.name if order.path else ""
    table = parse(read_file(order.path), file) if order.path else {}
    for name, value in order.fields.items():
        _put(table, name.split("."), value)
    problems: list[Problem] = []
    digest = ""
    put_rule(table, order.path.parent if order.path else Path.cwd())
    put_totals(table, order.path.parent if order.path else Path.cwd())
    put_spread(table, order.path.parent if order.path else Path.cwd())
    try:
        digest = find_form(house, table.get("form", ""), order.path.parent if order.path else Path.cwd())
    except Refused as refused:
        problems += refused.problems
    try:
        plan = read_plan(table, zone=house.office.zone, form=digest, file=file)
    except Refused as refused:
        raise Refused([*refused.problems, *problems]) from None
    if problems:
        raise Refused(problems)
    now = house.now()
    new = house.database.write(lambda connection: _draft(connection, plan, now))
    progress(1, 1)
    return {"name": plan.name, "state": CampaignState.DRAFT.value, "new": new, "plan": plan_record(plan)}


def show_campaign(house: House, order: ShowCampaign, progress: Progress) -> dict[str, Any]:
    """Return plan, state and counts of one campaign; Refused if there is none of that name."""
    progress(0, 1)
    campaign = find_campaign(house, order.name)
    with house.database.read() as connection:
        work = fieldwork.fieldwork(connection, campaign.id)
        parts = sample.replicates(connection, campaign.id)
        reached = achieved(connection, campaign.id)
        form = campaign.plan.form
        of_units = bool(form) and forms.exists(connection, form) and rates_units(forms.load(connection, form))
    return {
        **summary(campaign),
        "sample": {
            "drawn": sum(part.size for part in parts),
            "released": sum(part.size for part in parts if part.released_at),
            "replicates": [
                {"replicate": part.number, "size": part.size, "released_at": stamp(part.released_at)} for part in parts
            ],
            "strata": {name: {"drawn": drawn, "released": released} for name, (drawn, released) in work.strata.items()},
        },
        "interviews": {
            "invited": sum(work.interviews.values()),
            "started": work.started,
            **{stage: work.interviews.get(stage, 0) for stage in STAGES},
        },
        "precision": _precision(reached, of_units=of_units),
        "wakes": work.wakes,
        "outbox": work.outbox,
        "reach": work.reach,
        "next_wake": stamp(work.next_wake),
        "plan": plan_record(campaign.plan),
    }


def _precision(reached: Achieved, *, of_units: bool) -> dict[str, Any]:
    """Return what the completes so far are worth: of a share of one half, from counts alone.

    `of_units`: each of them rates some units, and `campaign precision` tells how precise those scores are.
    """
    strata = [Stratum(name, row.population, row.completes) for name, row in reached.strata.items()]
    found = overall(strata, deff=DEFF)
    width = found.half_width
    return {
        "completes": round(found.completes),
        "effective": round(found.effective, 2),
        "half_width": None if width is None or of_units else round(width, 6),
    }


def list_campaigns(house: House, _order: ListCampaigns, progress: Progress) -> dict[str, Any]:
    """Return every campaign in the order they were made."""
    progress(0, 1)
    with house.database.read() as connection:
        return {"campaigns": [summary(campaign) for campaign in campaigns.listed(connection)]}


#: Ends of a survey interview that a status always shows, also when none is there yet.
STAGES = ("open", "waiting", "complete", "declined", "expired", "wrong_person")


def find_campaign(house: House, name: str) -> StoredCampaign:
    """Return the campaign called `name`; Refused if there is none."""
    try:
        with house.database.read() as connection:
            return campaigns.load(connection, name)
    except CampaignMissing:
        what = message("There is no campaign {name}.", name=name)
        fix = message("Look it up: pingyi campaign list")
        raise Refused([Problem("unknown_campaign", what, fix)]) from None


def find_form(house: House, reference: object, folder: Path) -> str:
    """Return the digest `reference` means; a template or a file beside the plan is stored first.

    Refused if nothing is meant by it; '' for no reference.
    """
    text = str(reference or "").strip()
    if not text:
        return ""
    path = folder / text
    if text in names():
        form, filename, source = template_form(text), f"{text}.csv", template_source(text)
    elif path.is_file():
        filename, source = path.name, read_file(path)
        form = read_form(filename, source, tables_of(path, source, ()))
    else:
        with house.database.read() as connection:
            return forms.find(connection, text) or _no_form(text)
    store(house, form, filename, source)
    return form.digest


def summary(campaign: StoredCampaign) -> dict[str, Any]:
    """Return what lists and results of moves show of a campaign."""
    plan = campaign.plan
    return {
        "name": campaign.id,
        "kind": plan.kind.value,
        "state": campaign.state.value,
        "titles": dict(plan.titles),
        "organiser": plan.organiser,
        "zone": plan.zone,
        "starts_at": stamp(plan.starts_at),
        "closes_at": stamp(plan.closes_at),
        "launched_at": stamp(campaign.launched_at),
        "closed_at": stamp(campaign.closed_at),
        "frame": campaign.frame,
    }


def stamp(moment: Any) -> str | None:
    """Return an instant as ISO text in UTC, None for none."""
    return None if moment is None else moment.isoformat()


def _no_form(text: str) -> NoReturn:
    raise Refused([unknown_form(text)])


def _draft(connection: Any, plan: Plan, now: Any) -> bool:
    try:
        state = campaigns.state_of(connection, plan.name)
    except CampaignMissing:
        state = CampaignState.DRAFT
    if state is not CampaignState.DRAFT:
        what = message("The campaign {name} has been launched; its plan is frozen.", name=plan.name)
        raise Refused([Problem("already_launched", what, message("Give the new plan another name."), field="name")])
    return campaigns.put_draft(connection, plan, now)


def _put(table: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        inner = table.setdefault(name, {})
        if not isinstance(inner, dict):
            inner = table[name] = {}
        table = inner
    table[path[-1]] = value
