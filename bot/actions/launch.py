"""Launching a campaign: every finding first, then the draw, then inert rows, then one small transaction."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from bot.actions.approval import gateway_findings
from bot.actions.collector import collector_resting
from bot.actions.drawing import (
    Draw,
    asked_units,
    certified,
    certify,
    frame_facts,
    gather,
    given_of,
    plan_year,
    store_frame,
    with_seed,
)
from bot.actions.planning import find_campaign, stamp
from bot.actions.progress import Progress
from bot.channels.registry import enabled
from bot.house import House
from storage import campaigns, campaignunits, forms, frames, reach, sample, units
from storage.frames import StoredFrame
from storage.ratings import read_earlier
from storage.reach import Reached
from surveys.campaign.check import check_plan
from surveys.campaign.facts import Facts
from surveys.campaign.plan import CampaignKind, CampaignState, Plan
from surveys.campaign.publicity import Recipients, recipients
from surveys.campaign.schedule import local
from surveys.campaign.scoringcheck import with_rule
from surveys.campaign.unitcheck import units_assignable
from surveys.dialogue.turn import Wake
from surveys.language import message
from surveys.problem import Problem, Refused, Severity
from surveys.questionnaire.form import Form
from surveys.sampling.draw import Drawn
from surveys.sampling.release import invitations, release_wake, spread_over

T = TypeVar("T")

#: Reasons that a reach row may have for somebody who is left out from the start.
REACH_REASONS = frozenset({"drawn", "stopped", "no_address"})


class LaunchCampaign(BaseModel):
    """Launch the draft `name`; `dry_run` only says what would happen."""

    model_config = ConfigDict(frozen=True)

    name: str
    dry_run: bool = False


def launch_campaign(house: House, order: LaunchCampaign, progress: Progress) -> dict[str, Any]:
    """Launch a draft. Refused with every finding if one of them is an error; a dry run returns them instead."""
    campaign = find_campaign(house, order.name)
    if campaign.state is not CampaignState.DRAFT:
        raise Refused([_not_draft(order.name)])
    prepared = _prepare(house, campaign.plan, dry_run=order.dry_run)
    plan = prepared.plan
    problems = (
        *prepared.problems,
        *check_plan(plan, prepared.facts),
        *gateway_findings(plan, prepared.facts, house.office, house.settings),
    )
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors and not order.dry_run:
        raise Refused(problems)
    if not order.dry_run:
        _launch(house, prepared, progress)
    return {
        "name": plan.name,
        "kind": plan.kind.value,
        "dry_run": order.dry_run,
        "launched": not order.dry_run,
        "ready": not errors,
        "seed": plan.sample.seed,
        "frame": None if prepared.frame is None else {"id": prepared.frame.id, "digest": prepared.frame.digest},
        "certificate": prepared.certificate,
        "zone": plan.zone,
        "starts_at": stamp(plan.starts_at),
        "closes_at": stamp(plan.closes_at),
        **prepared.numbers(),
        "problems": [problem.as_json(house.language) for problem in problems],
    }


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What a launch is made of, all decided, nothing written yet."""

    plan: Plan
    now: datetime
    facts: Facts
    frame: StoredFrame | None
    form: Form | None
    drawn: Drawn | None
    audience: Recipients
    draw: Draw | None = None
    given: Mapping[str, Sequence[str]] | None = None  # the units each drawn resident evaluates
    certificate: dict[str, Any] | None = None  # without `draw.randomness` a preview
    problems: tuple[Problem, ...] = ()

    def numbers(self) -> dict[str, Any]:
        """Return the allocation of a survey, or the recipients of an awareness message."""
        if self.drawn is None:
            return {
                "recipients": len(self.audience.chosen),
                "sendings": max(1, len(self.plan.send_on)),
                "left_out": {reason: len(who) for reason, who in self.audience.left_out.items()},
            }
        sizes = Counter(member.replicate for member in self.drawn.members)
        return {
            "drawn": len(self.drawn.members),
            "replicates": [sizes[number] for number in sorted(sizes)],
            "exclusions": dict(self.drawn.exclusions),
            "allocation": {
                name: {
                    "population": places.population,
                    "available": places.available,
                    "main": places.main,
                    "reserve": places.reserve,
                }
                for name, places in self.drawn.allocation.items()
            },
        }


@collector_resting()
def _prepare(house: House, plan: Plan, *, dry_run: bool) -> _Prepared:
    """Read what the plan is checked against, and make the draw."""
    if plan.kind is CampaignKind.SURVEY:
        return _prepare_survey(house, plan, dry_run=dry_run)
    if not plan.sample.seed and not dry_run:
        plan = replace(plan, sample=replace(plan.sample, seed=secrets.token_hex(16)))
    now = house.now()
    year = plan_year(plan, now)
    with house.database.read() as connection:
        frame = frames.newest(connection)
        standing = list(frames.standing(connection, frame.id)) if frame else []
        known_units = units.listed(connection)
        form = forms.load(connection, plan.form) if plan.form and forms.exists(connection, plan.form) else None
        in_field = sample.drawn_addresses(connection)
    audience = recipients(
        [member.candidate() for member in standing],
        audience=plan.audience,
        year=year,
        campaign=plan.name,
        seed=plan.sample.seed,
        drawn=in_field,
    )
    language = {member.resident: member.language for member in standing}
    facts = Facts(
        now=now,
        channels=frozenset(enabled(house.settings)),
        units=known_units,
        frame=frame_facts(plan, standing, year) if frame else None,
        form=form,
        recipients=Counter(language[candidate.resident] for candidate in audience.chosen),
    )
    return _Prepared(plan, now, facts, frame, form, None, audience)


def _prepare_survey(house: House, plan: Plan, *, dry_run: bool) -> _Prepared:
    now = house.now()
    with house.database.read() as connection:
        known_units = units.listed(connection)
        form = forms.load(connection, plan.form) if plan.form and forms.exists(connection, plan.form) else None
        found = gather(connection, house, plan, now)
        earlier = read_earlier(connection, plan.scoring.compare_with)
    plan = with_rule(plan, form)
    draw = with_seed(found, plan, now, dry_run=dry_run) if found else None
    plan = draw.plan if draw else plan
    drawn = draw.drawn if draw else Drawn((), {}, {})
    facts = Facts(
        now=now,
        channels=frozenset(enabled(house.settings)),
        units=known_units,
        frame=draw.facts if draw else None,
        form=form,
        drawn=drawn,
        earlier=earlier,
    )
    prepared = _Prepared(plan, now, facts, draw.frame if draw else None, form, drawn, Recipients(), draw)
    if draw is None or drawn.problems:
        return replace(prepared, problems=draw.problems if draw else ())
    asked = asked_units(form, plan, known_units)
    if asked is not None and any(p.severity is Severity.ERROR for p in units_assignable(plan.units, asked)):
        asked = None  # the check says why they cannot be given out
    return replace(
        prepared,
        given=given_of(draw, plan, asked),
        certificate=certified(draw, plan, asked),
        problems=draw.problems,
    )


def _launch(house: House, prepared: _Prepared, progress: Progress) -> None:
    """Write inert rows in chunks, then make them live at once. What an interrupted launch left is removed first."""
    plan, now, frame = prepared.plan, prepared.now, prepared.frame
    if frame is None:  # a plan without a frame has been refused
        raise AssertionError(plan.name)
    write = house.database.write
    for clear in (sample.clear_draft, campaignunits.clear):
        while write(partial(clear, campaign=plan.name)):
            pass
    members = prepared.drawn.members if prepared.drawn else ()
    wakes = [*_wakes(prepared), _close_wake(plan)]
    if looks := release_wake(plan, max(plan.starts_at, now)):
        wakes.append(looks)
    left_out = list(_left_out(prepared))
    given, known = prepared.given, prepared.facts.units
    total, done = len(known) + len(members) + len(wakes) + len(left_out), 0
    steps: list[tuple[Sequence[Any], Callable[[Connection, Sequence[Any]], None]]] = [
        (known, lambda connection, rows: campaignunits.add(connection, plan.name, rows)),
        (members, lambda connection, rows: sample.add_members(connection, plan.name, rows, now, given)),
        (left_out, lambda connection, rows: reach.write_reach(connection, rows, now)),
        (wakes, sample.add_held_wakes),
    ]
    for rows, add in steps:
        for chunk in chunks(rows):
            write(partial(_call, function=add, rows=chunk))
            done += len(chunk)
            progress(done, total)
    if prepared.draw is not None and not prepared.draw.stored:
        store_frame(house, plan, prepared.draw.assembled)
    facts = {"drawn": len(members), "wakes": len(wakes)}
    write(lambda connection: _start(connection, prepared, frame.id, facts))


def _call(connection: Connection, function: Callable[[Connection, Sequence[Any]], None], rows: Sequence[Any]) -> None:
    function(connection, rows)


def _start(connection: Connection, prepared: _Prepared, frame: int, facts: dict[str, int]) -> None:
    plan, draw = prepared.plan, prepared.draw
    if campaigns.state_of(connection, plan.name) is not CampaignState.DRAFT:
        raise Refused([_not_draft(plan.name)])
    if draw is not None:
        certify(connection, plan.name, draw, json.dumps(prepared.certificate, ensure_ascii=False))
    campaignunits.freeze(connection, plan.name, prepared.now)
    campaigns.start_campaign(connection, plan, frame, prepared.now, facts)


def chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield `rows` in parts that are written in one transaction each."""
    for start in range(0, len(rows), sample.CHUNK):
        yield rows[start : start + sample.CHUNK]


def _wakes(prepared: _Prepared) -> Iterator[Wake]:
    plan = prepared.plan
    if prepared.drawn is not None:
        main = [member.resident for member in prepared.drawn.members if member.replicate == 0]
        yield from invitations(plan, main, max(plan.starts_at, prepared.now))
        return
    for sending, starts_at in enumerate(_sendings(plan, prepared.now)):
        instants = spread_over(plan, len(prepared.audience.chosen), starts_at)
        for candidate, due_at in zip(prepared.audience.chosen, instants, strict=True):
            yield Wake(
                kind="awareness",
                due_at=due_at,
                subject=str(sending),
                key=f"awareness|{plan.name}|{sending}|{candidate.resident}",
                resident=candidate.resident,
                campaign=plan.name,
            )


def _sendings(plan: Plan, now: datetime) -> list[datetime]:
    if not plan.send_on:
        return [max(plan.starts_at, now)]
    zone = ZoneInfo(plan.zone)
    return [max(local(day, time(0), zone), plan.starts_at, now) for day in sorted(plan.send_on)]


def _close_wake(plan: Plan) -> Wake:
    return Wake("close", plan.closes_at, plan.name, f"close|{plan.name}", campaign=plan.name)


def _left_out(prepared: _Prepared) -> Iterator[Reached]:
    """Yield the record of whom publicity leaves out: reasons that are counted, for every sending."""
    sendings = max(1, len(prepared.plan.send_on))
    for reason, residents in prepared.audience.left_out.items():
        if reason in REACH_REASONS:
            for resident in residents:
                for sending in range(sendings):
                    yield Reached(prepared.plan.name, resident, sending, reason)


def _not_draft(name: str) -> Problem:
    return Problem(
        "not_draft",
        message("The campaign {name} has been launched already.", name=name),
        message("See how it stands: pingyi campaign status {name}", name=name),
    )
