"""Reading one campaign as statistics need it: no key in what is returned leads to a resident."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage import forms
from storage.answers import NOTHING_GIVEN, assigned, assisted_interviews, given_answers, survey_talks
from storage.campaigns import StoredCampaign, load
from storage.casework import case_facts
from storage.dispositions import confirmed_since, deliveries, disposition, stopped_before, told
from storage.paradata import read_paradata
from storage.tables.campaigns import reach, sample
from storage.tables.cases import events, settings
from storage.tables.messages import outbox
from storage.vault import Vault
from surveys.campaign.plan import CampaignKind, Plan
from surveys.questionnaire.form import Form
from surveys.questionnaire.progress import applicable
from surveys.statistics.analysis import (
    AnalysisSet,
    CampaignFacts,
    ChannelReach,
    Paradata,
    ReachFacts,
    Respondent,
    StratumFrame,
)
from surveys.statistics.told import with_told

SENT = ("accepted", "delivered", "failed")


@dataclass(frozen=True, slots=True)
class _People:
    """The released sample of a survey, and how its answers came."""

    respondents: tuple[Respondent, ...] = ()
    paradata: Mapping[str, Paradata] = field(default_factory=dict)
    released: int = 0


def read_analysis(connection: Connection, vault: Vault, campaign_id: str) -> AnalysisSet:
    """Return everything results of a campaign are made of; CampaignMissing if there is none of this name.

    They are as of the last thing that happened in the house: read twice with nothing between, they are equal.
    """
    campaign = load(connection, campaign_id)
    plan = campaign.plan
    survey = plan.kind is CampaignKind.SURVEY
    form = forms.load(connection, plan.form) if survey else None
    people = _respondents(connection, vault, plan, form) if form else _People()
    return AnalysisSet(
        campaign=_facts(connection, campaign),
        form=form,
        strata=_strata(connection, campaign_id) if survey else (),
        respondents=people.respondents,
        paradata=people.paradata,
        cases=case_facts(connection, campaign_id, plan),
        reach=_reach(connection, campaign_id, people.released, survey=survey),
        truth=_truth(connection, campaign_id),
        weighting=plan.weights,
    )


def running_keys(connection: Connection, campaign_id: str) -> dict[int, str]:
    """Return the running key of every released member of a campaign's sample, by resident.

    In the order of the pseudonyms, which says nothing and is the same on every database.
    """
    members = connection.execute(
        select(sample.c.resident_id, sample.c.pseudonym).where(
            sample.c.campaign_id == campaign_id, sample.c.released_at.is_not(None)
        )
    )
    residents = [resident for resident, _ in sorted(members, key=lambda member: member.pseudonym)]
    return {resident: f"r{number:06d}" for number, resident in enumerate(residents, 1)}


def put_setting(connection: Connection, name: str, value: str) -> None:
    """Remember a fact about the whole database, such as that its residents are made up."""
    connection.execute(settings.delete().where(settings.c.name == name))
    connection.execute(settings.insert().values(name=name, value=value))


def setting(connection: Connection, name: str) -> str:
    """Return a remembered fact, '' if there is none."""
    return connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar() or ""


def _facts(connection: Connection, campaign: StoredCampaign) -> CampaignFacts:
    plan = campaign.plan
    last: datetime | None = connection.execute(select(func.max(events.c.at))).scalar()
    return CampaignFacts(
        name=campaign.id,
        titles=plan.titles,
        organiser=plan.organiser,
        legal_basis=plan.legal_basis,
        kind=plan.kind,
        starts_at=plan.starts_at,
        closes_at=campaign.closed_at or plan.closes_at,
        as_of=last or campaign.created_at,
        zone=plan.zone,
        simulated=setting(connection, "simulated") == "yes",
        seed=plan.sample.seed,
        channels=plan.channels,
        minimum_age=plan.audience.minimum_age,
        complete_share=plan.complete_share,
        partial_share=plan.partial_share,
        key_question=plan.key_question,
        mode_randomised=plan.sample.mode_randomised,
    )


def _strata(connection: Connection, campaign: str) -> tuple[StratumFrame, ...]:
    rows = connection.execute(
        select(sample.c.stratum, func.max(sample.c.population), func.count(), func.count(sample.c.released_at))
        .where(sample.c.campaign_id == campaign)
        .group_by(sample.c.stratum)
    )
    found = [StratumFrame(name, population, drawn, released) for name, population, drawn, released in rows]
    return tuple(sorted(found, key=lambda stratum: stratum.name))


def _respondents(connection: Connection, vault: Vault, plan: Plan, form: Form) -> _People:
    members = connection.execute(
        select(sample).where(sample.c.campaign_id == plan.name, sample.c.released_at.is_not(None))
    ).all()
    released = Counter(member.stratum for member in members)
    talks = survey_talks(connection, plan.name)
    given = given_answers(connection, vault, plan.name)
    assisted = assisted_interviews(connection, plan.name)
    delivered = deliveries(connection, plan.name)
    confirmed = confirmed_since(connection, plan.name)
    stopped = stopped_before(connection, plan.name)
    staff_told = told(connection, plan.name)
    people = []
    keys = running_keys(connection, plan.name)
    for member in sorted(members, key=lambda m: m.pseudonym):
        talk = talks.get(member.resident_id)
        answered = given.get(talk.id, NOTHING_GIVEN) if talk else NOTHING_GIVEN
        shown = disposition(
            talk,
            plan,
            applicable=applicable(form, answered.values | assigned(member.units), plan.closes_at),
            delivery=delivered.get(member.resident_id, ""),
            confirmed=member.resident_id in confirmed,
            late=len(answered.late),
            stopped=member.resident_id in stopped,
        )
        people.append(
            Respondent(
                key=keys[member.resident_id],
                stratum=member.stratum,
                area=member.area,
                disposition=with_told(shown, staff_told.get(member.resident_id, "")),
                mode=talk.mode if talk and answered.values else "",
                weight=member.population / released[member.stratum],
                values=answered.values,
                late=frozenset(answered.late),
                assisted=talk is not None and talk.id in assisted,
            )
        )
    units = {member.resident_id: tuple(json.loads(member.units)) for member in members if member.units}
    return _People(
        respondents=tuple(people),
        paradata=read_paradata(connection, vault, plan.name, form, keys, talks, given, units),
        released=len(members),
    )


def _reach(connection: Connection, campaign: str, released: int, *, survey: bool) -> ReachFacts:
    rows = connection.execute(
        select(outbox.c.channel, outbox.c.state, func.count())
        .where(outbox.c.campaign_id == campaign, outbox.c.state.in_(SENT))
        .group_by(outbox.c.channel, outbox.c.state)
    )
    by_channel: dict[str, Counter[str]] = defaultdict(Counter)
    for channel, state, count in rows:
        by_channel[channel][state] += count
    channels = tuple(
        ChannelReach(name, sent=states.total(), delivered=states["delivered"], failed=states["failed"])
        for name, states in sorted(by_channel.items())
    )
    reached = connection.execute(
        select(func.count(func.distinct(outbox.c.resident_id))).where(
            outbox.c.campaign_id == campaign, outbox.c.state == "delivered"
        )
    ).scalar_one()
    if survey:
        skipped, audience = _withheld(connection, campaign), released
    else:
        skipped, audience = _publicity(connection, campaign)
    return ReachFacts(
        audience=audience,
        people_reached=reached,
        sent=sum(channel.sent for channel in channels),
        delivered=sum(channel.delivered for channel in channels),
        by_channel=channels,
        skipped=skipped,
        moved=_moved(connection, campaign),
    )


def _withheld(connection: Connection, campaign: str) -> dict[str, int]:
    rows = connection.execute(
        select(events.c.data).where(events.c.campaign_id == campaign, events.c.kind == "InvitationWithheld")
    )
    return dict(sorted(Counter(json.loads(data)["reason"] for data in rows.scalars()).items()))


def _moved(connection: Connection, campaign: str) -> dict[str, int]:
    """Return for how many people one channel took over from another that failed."""
    rows = connection.execute(
        select(events.c.resident_id, events.c.data)
        .where(events.c.campaign_id == campaign, events.c.kind == "ChannelFailedOver")
        .distinct()
    )
    ways = {(resident, f"{said['left']} > {said['by']}") for resident, data in rows if (said := json.loads(data))}
    return dict(sorted(Counter(way for _, way in ways).items()))


def _publicity(connection: Connection, campaign: str) -> tuple[dict[str, int], int]:
    skipped = connection.execute(
        select(reach.c.outcome, func.count(func.distinct(reach.c.resident_id)))
        .where(reach.c.campaign_id == campaign, reach.c.outcome != "sent")
        .group_by(reach.c.outcome)
    )
    audience = connection.execute(
        # Drawn residents are not meant to hear of it: they are counted apart, not as missed.
        select(func.count(func.distinct(reach.c.resident_id))).where(
            reach.c.campaign_id == campaign, reach.c.outcome != "drawn"
        )
    ).scalar_one()
    return dict(sorted(skipped.all())), audience


def _truth(connection: Connection, campaign: str) -> Mapping[str, Mapping[str, float]] | None:
    known = setting(connection, f"truth.{campaign}")
    return json.loads(known) if known else None
