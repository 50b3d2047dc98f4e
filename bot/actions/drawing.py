"""What a survey is drawn from: the frame as it stands or as it was frozen, its plan, its randomness."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.actions.collector import collector_resting
from bot.house import House
from storage import campaigns, draws, frames, sample
from storage.campaigns import CampaignMissing
from storage.draws import StoredDraw
from storage.frames import Standing, StoredFrame
from surveys.campaign.facts import FrameFacts
from surveys.campaign.plan import Audience, CampaignKind, Plan, SampleDesign
from surveys.campaign.record import plan_record
from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.questionnaire.form import Form
from surveys.questionnaire.repeats import UNIT
from surveys.sampling.assignment import evaluated
from surveys.sampling.certificate import MACHINE, OPEN, PLANNED, Frozen, Randomness, certificate, given_units
from surveys.sampling.draw import (
    Assembled,
    Drawn,
    Selection,
    assemble_rows,
    members_of,
    select,
)
from surveys.sampling.eligibility import age_reason, included, status_of
from surveys.sampling.frame import DRAWABLE, DrawFrame
from surveys.units.directory import Unit


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everybody of a frame as a plan sees them, and the draw the campaign has already, if its frame is frozen."""

    frame: StoredFrame
    assembled: Assembled
    facts: FrameFacts
    frozen: Frozen
    stored: StoredDraw | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw that has been made, or with `randomness` still open been tried."""

    plan: Plan  # with the seed
    frame: StoredFrame
    assembled: Assembled
    facts: FrameFacts
    frozen: Frozen
    randomness: Randomness
    selection: Selection
    stored: bool  # the frame had been frozen before
    at: datetime
    problems: tuple[Problem, ...] = ()

    @property
    def drawn(self) -> Drawn:
        """The sample as a plan is checked by it."""
        found = self.selection
        members = members_of(self.assembled, found)
        return Drawn(members, found.exclusions, found.allocation, found.problems, found.kept)


def plan_year(plan: Plan, now: datetime) -> int:
    """Return the year in which a plan's residents must be of age."""
    return max(now, plan.starts_at).astimezone(ZoneInfo(plan.zone)).year


def design_text(plan: Plan) -> str:
    """Return what of a plan must not change once its frame is frozen: who is meant, and how they are drawn."""
    record = plan_record(plan)
    return json.dumps(
        {"name": plan.name, "audience": record["audience"], "sample": record["sample"]},
        ensure_ascii=False,
        sort_keys=True,
    )


@collector_resting()
def gather(connection: Connection, house: House, plan: Plan, now: datetime, *, anew: bool = False) -> Gathered | None:
    """Read the frame: the frozen one, else (or with `anew`) the newest as it stands; None if there is no frame."""
    stored = None if anew else draws.find(connection, plan.name)
    frame = frames.by_id(connection, stored.frame) if stored else frames.newest(connection)
    if frame is None:
        return None
    assembled, facts, problems = _assembled(connection, house, plan, frame, now)
    if stored is None:
        office = house.office
        digest = assembled.frame.digest()
        frozen = Frozen(digest, len(assembled.frame), now, frame.digest, office.contact_cap, office.cap_days)
        return Gathered(frame, assembled, facts, frozen, None, problems)
    # Who has opted out or lost a number since stays in the sample and is not written to: the frame is what it was.
    kept = draws.frozen_frame(connection, plan.name)
    if list(kept.pseudonyms) != list(assembled.frame.pseudonyms):
        raise AssertionError(plan.name)  # an import never changes, nor do the keys of a house
    if stored.design != design_text(plan):
        problems = (plan_changed(plan.name),)
    return Gathered(frame, replace(assembled, frame=kept), facts, stored.frozen, stored, problems)


def with_seed(found: Gathered, plan: Plan, now: datetime, *, dry_run: bool) -> Draw:
    """Draw: by the witnesses' numbers, else by the plan's seed, else by one of the machine's own (not for a trial)."""
    if found.stored is not None and found.stored.randomness is not None:
        randomness = found.stored.randomness
    elif plan.sample.seed:
        randomness = Randomness(PLANNED, plan.sample.seed)
    elif dry_run:
        randomness = Randomness(OPEN, "")
    else:
        randomness = Randomness(MACHINE, secrets.token_hex(16))
    drawn_by = replace(plan, sample=replace(plan.sample, seed=randomness.seed))
    return Draw(
        plan=drawn_by,
        frame=found.frame,
        assembled=found.assembled,
        facts=found.facts,
        frozen=found.frozen,
        randomness=randomness,
        selection=selected(found.assembled.frame, drawn_by.sample, plan.name),
        stored=found.stored is not None,
        at=now,
        problems=found.problems,
    )


@collector_resting()
def selected(frame: DrawFrame, design: SampleDesign, draw: str) -> Selection:
    """Draw while the collector rests."""
    return select(frame, design, draw)


def asked_units(form: Form | None, plan: Plan, known: Sequence[Unit]) -> Sequence[Unit] | None:
    """Return the units that are evaluated, None where the questionnaire asks about none."""
    if form is None or all(repeat.name != UNIT for repeat in form.repeats):
        return None
    return evaluated(known, plan.units.classes)


def given_of(draw: Draw, plan: Plan, units: Sequence[Unit] | None) -> Mapping[str, Sequence[str]] | None:
    """Return the units that each drawn resident evaluates."""
    if units is None:
        return None
    names = draw.assembled.frame.pseudonyms
    people = [(names[place.line], place.replicate) for place in draw.selection.places]
    return given_units(people, units, plan.units, seed=plan.sample.seed, draw=plan.name)[0]


def certified(draw: Draw, plan: Plan, units: Sequence[Unit] | None) -> dict[str, Any]:
    """Return the certificate of a draw, a preview while its randomness is open."""
    return certificate(
        plan, draw.assembled.frame, draw.frozen, draw.randomness, draw.selection, units=units, at=draw.at
    )


def store_frame(house: House, plan: Plan, assembled: Assembled) -> None:
    """Store the lines of a frame in small transactions; `draws.put` lets them take the place of a former frame's."""
    database = house.database
    database.write(lambda connection: draws.clear_unfinished(connection, plan.name))
    # One part is compressed while another is written.
    stored = [
        database.bulk(partial(draws.add_part, campaign=plan.name, number=number, lines=lines))
        for number, lines in enumerate(draws.packed(assembled.frame))
    ]
    for future in stored:
        future.result()


@dataclass(slots=True)
class _Group:
    """Residents of a frame who are the same to the audience; `meant`: of age, and of a stratum and area it names."""

    stratum: str
    area: str
    language: str
    age: str
    meant: bool
    size: int = 0


def _group(
    stratum: str, area: str, language: str, born: int | None, *, audience: Audience, year: int, names: dict[str, str]
) -> _Group:
    age = age_reason(audience, born, year)
    one, other = names.setdefault(stratum, stratum), names.setdefault(area, area)  # one string for all of them
    return _Group(one, other, language, age, included(audience, stratum, area) and not age)


def _assembled(
    connection: Connection, house: House, plan: Plan, frame: StoredFrame, now: datetime
) -> tuple[Assembled, FrameFacts, tuple[Problem, ...]]:
    design, audience, office = plan.sample, plan.audience, house.office
    year = plan_year(plan, now)
    reached = frames.reached_at(connection)
    silent = frames.not_given(connection)
    since = max(now, plan.starts_at) - timedelta(days=office.cap_days)
    capped = sample.often_written_to(connection, since, office.contact_cap, but=plan.name)
    panel, problems = _panel(connection, plan)
    rested = sample.asked_lately(connection, design.rest_waves, but=plan.name) if design.rest_waves else frozenset()
    name_of = house.database.vault.names("draw", plan.name)
    special = {*silent, *capped, *panel, *rested}
    # What follows from stratum, area, language and year of birth is worked out once for all who share them.
    groups: dict[tuple[str, str, str, int | None], _Group] = {}
    names: dict[str, str] = {}
    rows = []
    for pseudonym, resident, stratum, area, language, born in frames.members(connection, frame.id):
        group = groups.get((stratum, area, language, born))
        if group is None:
            key = stratum, area, language, born
            group = groups[key] = _group(*key, audience=audience, year=year, names=names)
        group.size += 1
        address = reached[resident] or None
        if group.meant and address is not None and resident not in special:
            status = DRAWABLE  # nearly everybody: `status_of` would say the same
        else:
            status = status_of(
                audience,
                group.stratum,
                group.area,
                group.age,
                stopped=resident in silent,
                reached=address is not None,
                capped=resident in capped,
                panel=resident in panel,
                rested=resident in rested,
            )
        rows.append((name_of(pseudonym), group.stratum, status, address, resident, group.area))
    languages: Counter[str] = Counter()
    for group in groups.values():
        if group.meant:
            languages[group.language] += group.size
    strata, areas = ({getattr(group, column) for group in groups.values()} for column in ("stratum", "area"))
    facts = FrameFacts(frozenset(strata), frozenset(areas) - {""}, dict(languages))
    return assemble_rows(rows), facts, problems


def _panel(connection: Connection, plan: Plan) -> tuple[frozenset[int], tuple[Problem, ...]]:
    name = plan.sample.panel
    if not name:
        return frozenset(), ()
    try:
        campaign = campaigns.load(connection, name)
    except CampaignMissing:
        return frozenset(), (_no_panel(message("There is no campaign {name}.", name=name)),)
    if campaign.plan.kind is not CampaignKind.SURVEY or campaign.launched_at is None:
        return frozenset(), (_no_panel(message("Nobody has been drawn for {name}.", name=name)),)
    return sample.asked(connection, name), ()


def frame_facts(plan: Plan, standing: Sequence[Standing], year: int) -> FrameFacts:
    """Return what a plan is checked against of a frame that nobody is drawn from."""
    return FrameFacts(
        strata=frozenset(member.stratum for member in standing),
        areas=frozenset(member.area for member in standing if member.area),
        languages=Counter(_languages(plan, standing, year)),
    )


def _languages(plan: Plan, standing: Sequence[Standing], year: int) -> Iterator[str]:
    for member in standing:
        young = age_reason(plan.audience, member.birth_year, year)
        if not young and included(plan.audience, member.stratum, member.area):
            yield member.language


def _no_panel(what: Message) -> Problem:
    fix = message("Name under sample.panel a survey that has been launched: pingyi campaign list")
    return Problem("no_panel", what, fix, field="sample.panel")


def plan_changed(name: str) -> Problem:
    """Return the finding that a frozen frame no longer belongs to the plan."""
    return Problem(
        "plan_changed",
        message("The plan has changed since the frame was frozen for it."),
        message("Put the plan back, or freeze the frame anew: pingyi draw freeze {name}", name=name),
        field="sample",
    )


def certify(connection: Connection, name: str, draw: Draw, certificate: str) -> None:
    """Keep the certificate with the draw; Refused if frame or randomness have changed since it was read."""
    stored = draws.find(connection, name)
    if not draw.stored:
        if stored is not None:
            raise Refused([frozen_meanwhile(name, message("Launch it again."))])
        text = design_text(replace(draw.plan, sample=replace(draw.plan.sample, seed="")))
        draws.put(connection, name, frame=draw.frame.id, design=text, frozen=draw.frozen, certificate=certificate)
    elif stored is None or stored.frozen != draw.frozen or (stored.randomness or draw.randomness) != draw.randomness:
        raise Refused([frozen_meanwhile(name, message("Launch it again."))])
    else:
        draws.put_certificate(connection, name, certificate)


def frozen_meanwhile(name: str, fix: Message) -> Problem:
    """Return the finding that somebody else has gone on with a draw."""
    return Problem(
        "frozen_meanwhile",
        message("Somebody has frozen the frame of {name} or entered its randomness meanwhile.", name=name),
        fix,
    )
