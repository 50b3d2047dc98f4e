"""What makes a draw checkable: the frame frozen, randomness entered by witnesses, certificate and frame published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from bot.actions.drawing import (
    asked_units,
    certified,
    design_text,
    frozen_meanwhile,
    gather,
    plan_changed,
    store_frame,
    with_seed,
)
from bot.actions.entering import (
    few_witnesses,
    read_sources,
    read_witnesses,
    refuse_known,
    succeeding,
    would_discard,
)
from bot.actions.planning import find_campaign, stamp
from bot.actions.progress import Progress
from bot.house import House
from storage import campaigns, draws, events, forms, units
from storage.campaigns import StoredCampaign
from surveys.campaign.plan import CampaignKind, CampaignState
from surveys.campaign.samplecheck import contradictions
from surveys.dialogue.turn import Event
from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.sampling.certificate import WITNESSES, Randomness
from surveys.sampling.randomness import canonical, seed_of


class FreezeFrame(BaseModel):
    """Fix the frame of the draft `name`, so that its hash can be published before the randomness is known.

    Numbers that were entered for an earlier frame are thrown away, which needs `yes`.
    """

    model_config = ConfigDict(frozen=True)
    name: str
    yes: bool = False


class EnterRandomness(BaseModel):
    """Enter what a public event gave: as many `digits` as `sources`, and who saw it."""

    model_config = ConfigDict(frozen=True)
    name: str
    sources: list[str]
    digits: list[str]
    witnesses: list[str]


class MakeCertificate(BaseModel):
    """Show the certificate of a draw, a preview before the launch; written into `folder` if one is given."""

    model_config = ConfigDict(frozen=True)
    name: str
    folder: Path | None = None


class ExportFrame(BaseModel):
    """Write the frozen frame of a closed campaign to the new file `path`."""

    model_config = ConfigDict(frozen=True)
    name: str
    path: Path


class ShowPackets(BaseModel):
    """Show the packets of units of a campaign that gives them out so."""

    model_config = ConfigDict(frozen=True)
    name: str


def freeze_frame(house: House, order: FreezeFrame, progress: Progress) -> dict[str, Any]:
    """Freeze the newest frame for a draft. Once the numbers were known, freezing again is told on the certificate.

    Refused for what is no draft of a survey, without a frame, if the plan cannot be drawn from it, or without `yes`
    where witnesses' numbers would be thrown away.
    """
    campaign = _draft(house, order.name)
    plan, now = campaign.plan, house.now()
    with house.database.read() as connection:
        before = draws.find(connection, plan.name)
        found = gather(connection, house, plan, now, anew=True)
    if found is None:
        raise Refused([_no_frame()])
    draw = with_seed(found, plan, now, dry_run=True)
    if problems := (*found.problems, *contradictions(plan.sample), *draw.selection.problems):
        raise Refused(problems)
    if before is not None and before.randomness is not None and not order.yes:
        raise Refused([would_discard(plan.name, before.randomness)])
    frozen = succeeding(found.frozen, before)
    discarded = frozen.discarded
    progress(1, 2)
    store_frame(house, plan, found.assembled)
    data: dict[str, str | int | float | bool] = {"sha256": frozen.digest, "size": frozen.size, "discarded": discarded}
    happened = Event("FrameFrozen", now, campaign=plan.name, actor="staff", data=data)

    def put(connection: Connection) -> None:
        _still_draft(connection, plan.name)
        if draws.find(connection, plan.name) != before:
            raise Refused([frozen_meanwhile(plan.name, message("Freeze it again."))])
        draws.put(connection, plan.name, frame=found.frame.id, design=design_text(plan), frozen=frozen)
        events.record(connection, [happened])

    house.database.write(put)
    progress(2, 2)
    return {"name": plan.name, "sha256": frozen.digest, "size": frozen.size, "discarded": discarded, "at": stamp(now)}


def enter_randomness(house: House, order: EnterRandomness, progress: Progress) -> dict[str, Any]:
    """Keep the numbers that witnesses saw, once; the seed follows from them. Refused before the frame is frozen."""
    campaign = _draft(house, order.name)
    plan, now = campaign.plan, house.now()
    witnesses = read_witnesses(order.witnesses)
    sources = read_sources(order.sources, order.digits)
    with house.database.read() as connection:
        stored = draws.find(connection, plan.name)
    freeze = message("Freeze it: pingyi draw freeze {name}", name=plan.name)
    if stored is None:
        what = message("The frame is not frozen: its hash must stand before the numbers are known.")
        raise _refused("not_frozen", what, freeze)
    if stored.design != design_text(plan):
        raise Refused([plan_changed(plan.name)])
    refuse_known(sources, stored.frozen.given_up)
    if plan.sample.seed:
        what = message("The plan has a seed of its own: {seed}.", seed=plan.sample.seed)
        raise _refused("seed_given", what, message("Take sample.seed out of the plan, then freeze the frame anew."))
    key = canonical(sources)
    randomness = Randomness(WITNESSES, seed_of(key), sources, witnesses, now)
    data: dict[str, str | int | float | bool] = {"canonical": key, "seed": randomness.seed, "witnesses": len(witnesses)}
    happened = Event("RandomnessEntered", now, campaign=plan.name, actor="staff", data=data)

    def put(connection: Connection) -> None:
        _still_draft(connection, plan.name)
        if not draws.put_randomness(connection, plan.name, randomness):
            known = message("The randomness has been entered already; it is entered once.")
            raise _refused("randomness_known", known, message("Launch: pingyi campaign launch {name}", name=plan.name))
        events.record(connection, [happened])

    house.database.write(put)
    progress(1, 1)
    return {
        "name": plan.name,
        "sha256": stored.frozen.digest,
        **data,
        "witnesses": list(witnesses),
        "at": stamp(now),
        "problems": [problem.as_json(house.language) for problem in few_witnesses(witnesses)],
    }


def make_certificate(house: House, order: MakeCertificate, progress: Progress) -> dict[str, Any]:
    """Return the certificate, and the files written. Refused for a campaign that draws nobody or has none."""
    record = _certificate(house, order.name)
    files: list[str] = []
    if order.folder is not None:
        from bot.reports.certificate import write_certificate

        files = [str(path) for path in write_certificate(record, order.folder)]
    progress(1, 1)
    return {"certificate": record, "files": files}


def export_frame(house: House, order: ExportFrame, progress: Progress) -> dict[str, Any]:
    """Write the frozen frame for the public, once the campaign is closed; refused before, and over another file."""
    from bot.reports.bundle import write_whole
    from bot.reports.private import refuse_existing

    campaign = find_campaign(house, order.name)
    if campaign.state is not CampaignState.CLOSED:
        when = f"{campaign.plan.closes_at.astimezone(ZoneInfo(campaign.plan.zone)):%Y-%m-%d %H:%M}"
        what = message(
            "The frame may be published only after the close of {name}: {when}.", name=campaign.id, when=when
        )
        raise _refused("not_closed", what, message("Until then it would tell who may still be asked."))
    refuse_existing(order.path)
    with house.database.read() as connection:
        stored = draws.find(connection, campaign.id)
        if stored is None or stored.certificate is None:
            raise Refused([_no_certificate(campaign.id)])
        frame = draws.frozen_frame(connection, campaign.id)
    write_whole(order.path, "".join(frame.as_csv()))
    progress(1, 1)
    return {"name": campaign.id, "file": str(order.path), "rows": len(frame), "sha256": stored.frozen.digest}


def show_packets(house: House, order: ShowPackets, progress: Progress) -> dict[str, Any]:
    """Return the packets in turn, each with its units. Refused if the campaign gives out none, or before the launch."""
    record = _certificate(house, order.name)
    progress(1, 1)
    if record["preview"]:
        what = message("The packets follow from the seed: they are there once {name} is launched.", name=order.name)
        raise _refused("not_launched", what, message("Launch: pingyi campaign launch {name}", name=order.name))
    asked = record["units"]
    if asked is None or not asked["packets"]:
        what = message("The campaign {name} gives out no packets of units.", name=order.name)
        raise _refused("no_packets", what, message("Set units.packets in the plan of the next one."))
    names = {unit["id"]: unit for unit in asked["evaluated"]}
    return {
        "name": order.name,
        "packets": [
            {"packet": number, "units": [names[unit] for unit in packet]}
            for number, packet in enumerate(asked["packets"], 1)
        ],
    }


def _certificate(house: House, name: str) -> dict[str, Any]:
    campaign = _survey(find_campaign(house, name))
    plan = campaign.plan
    with house.database.read() as connection:
        stored = draws.find(connection, name)
        if stored is not None and stored.certificate is not None:
            return stored.certificate
        if campaign.state is not CampaignState.DRAFT:
            raise Refused([_no_certificate(name)])
        found = gather(connection, house, plan, house.now())
        known = units.listed(connection)
        form = forms.load(connection, plan.form) if plan.form and forms.exists(connection, plan.form) else None
    if found is None:
        raise Refused([_no_frame()])
    draw = with_seed(found, plan, house.now(), dry_run=True)
    if problems := (*draw.problems, *draw.selection.problems):
        raise Refused(problems)
    # Whatever is known of the seed: before the launch nobody is drawn, so nobody is told who would be.
    unknown = replace(draw, randomness=replace(draw.randomness, by="open"))
    return certified(unknown, plan, asked_units(form, plan, known))


def _draft(house: House, name: str) -> StoredCampaign:
    campaign = _survey(find_campaign(house, name))
    if campaign.state is not CampaignState.DRAFT:
        raise Refused([_launched(name)])
    return campaign


def _still_draft(connection: Connection, name: str) -> None:
    if campaigns.state_of(connection, name) is not CampaignState.DRAFT:
        raise Refused([_launched(name)])


def _survey(campaign: StoredCampaign) -> StoredCampaign:
    if campaign.plan.kind is not CampaignKind.SURVEY:
        what = message("Nobody is drawn for {name}: it is publicity.", name=campaign.id)
        raise _refused("no_draw", what, message("Name a survey: pingyi campaign list"))
    return campaign


def _launched(name: str) -> Problem:
    return Problem(
        "already_drawn",
        message("The sample of {name} has been drawn.", name=name),
        message("Its certificate: pingyi draw certificate {name}", name=name),
    )


def _no_frame() -> Problem:
    return Problem(
        "no_frame",
        message("There is no sampling frame."),
        message("Import the residents first: pingyi residents import FILE"),
    )


def _no_certificate(name: str) -> Problem:
    return Problem(
        "no_certificate",
        message("The sample of {name} was drawn before there were certificates.", name=name),
        message("Campaigns launched from now on have one."),
    )


def _refused(code: str, what: Message, fix: Message) -> Refused:
    return Refused([Problem(code, what, fix)])
