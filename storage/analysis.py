"""Reading one campaign as statistics need it: no key in what is returned leads to a resident."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from storage import forms
from storage.campaigns import StoredCampaign, load
from storage.casework import case_facts
from storage.codec import NamedCodec
from storage.tables.campaigns import reach, sample
from storage.tables.cases import events, settings
from storage.tables.messages import outbox
from storage.tables.residents import resident_addresses
from storage.tables.talks import answers, interviews
from storage.vault import Vault
from surveys.campaign.plan import CampaignKind, Plan
from surveys.dialogue.interview import Purpose, Stage
from surveys.questionnaire.form import Form
from surveys.questionnaire.keys import count_key
from surveys.questionnaire.progress import applicable
from surveys.questionnaire.repeats import UNIT
from surveys.statistics.analysis import (
    AnalysisSet,
    CampaignFacts,
    ChannelReach,
    ReachFacts,
    Respondent,
    StratumFrame,
)
from surveys.statistics.dispositions import Disposition

SENT = ("accepted", "delivered", "failed")
#: What may have become of a message, from the worst to the best.
DELIVERIES = ("cancelled", "due", "attempting", "unknown", "dead", "failed", "accepted", "delivered")


def read_analysis(connection: Connection, vault: Vault, campaign_id: str) -> AnalysisSet:
    """Return everything results of a campaign are made of; CampaignMissing if there is none of this name.

    They are as of the last thing that happened in the house: read twice with nothing between, they are equal.
    """
    campaign = load(connection, campaign_id)
    plan = campaign.plan
    survey = plan.kind is CampaignKind.SURVEY
    people, released = _respondents(connection, vault, plan, forms.load(connection, plan.form)) if survey else ((), 0)
    return AnalysisSet(
        campaign=_facts(connection, campaign),
        form=forms.load(connection, plan.form) if survey else None,
        strata=_strata(connection, campaign_id) if survey else (),
        respondents=people,
        cases=case_facts(connection, campaign_id, plan),
        reach=_reach(connection, campaign_id, released, survey=survey),
        truth=_truth(connection, campaign_id),
    )


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
    )


def _strata(connection: Connection, campaign: str) -> tuple[StratumFrame, ...]:
    rows = connection.execute(
        select(sample.c.stratum, func.max(sample.c.population), func.count(), func.count(sample.c.released_at))
        .where(sample.c.campaign_id == campaign)
        .group_by(sample.c.stratum)
    )
    found = [StratumFrame(name, population, drawn, released) for name, population, drawn, released in rows]
    return tuple(sorted(found, key=lambda stratum: stratum.name))


def _respondents(connection: Connection, vault: Vault, plan: Plan, form: Form) -> tuple[tuple[Respondent, ...], int]:
    members = connection.execute(
        select(sample).where(sample.c.campaign_id == plan.name, sample.c.released_at.is_not(None))
    ).all()
    released = Counter(member.stratum for member in members)
    talks = {
        row.resident_id: row
        for row in connection.execute(
            select(interviews).where(
                interviews.c.campaign_id == plan.name, interviews.c.purpose == Purpose.SURVEY.value
            )
        )
    }
    given = _answers(connection, vault, plan.name)
    delivered = _delivery(connection, plan.name)
    confirmed = _confirmed(connection, plan.name)
    people = []
    # In the order of the pseudonyms, which says nothing and is the same on every database.
    for number, member in enumerate(sorted(members, key=lambda m: m.pseudonym), 1):
        talk = talks.get(member.resident_id)
        values, late = given.get(talk.id, ({}, frozenset())) if talk else ({}, frozenset())
        code = disposition(
            talk,
            plan,
            applicable=applicable(form, values | _assigned(member.units), plan.closes_at),
            delivery=delivered.get(member.resident_id, ""),
            confirmed=member.resident_id in confirmed,
            late=len(late),
        )
        people.append(
            Respondent(
                key=f"r{number:06d}",
                stratum=member.stratum,
                area=member.area,
                disposition=code.value,
                mode=talk.mode if talk and values else "",
                weight=member.population / released[member.stratum],
                values=values,
                late=late,
            )
        )
    return tuple(people), len(members)


def _assigned(units: str) -> dict[str, str]:
    """Return how many units a resident was to evaluate, as the form knows it: those not reached apply too."""
    return {count_key(UNIT, ()): str(len(json.loads(units)))} if units else {}


def disposition(talk: Any, plan: Plan, *, applicable: int, delivery: str, confirmed: bool, late: int) -> Disposition:
    """Return the AAPOR code of one released resident; answers after the close do not count towards completion.

    `talk` is a row of interviews or None; `applicable` how many questions apply to the resident as far as the
    answers tell, reached or not (AAPOR counts all of them); `delivery` the best state of what was sent ('' for
    nothing); `confirmed` whether the resident is known to be reached at the number.
    """
    if talk is None:
        return Disposition.NOTHING_BACK
    share = (talk.answered - late) / applicable if applicable else 0.0
    if share >= plan.complete_share and (talk.stage == Stage.COMPLETE.value or share >= 1):
        return Disposition.COMPLETE
    if talk.stage == Stage.COMPLETE.value and share >= plan.partial_share:
        return Disposition.PARTIAL
    if share >= plan.partial_share and talk.answered > 1:
        return Disposition.PARTIAL
    if talk.stage == Stage.DECLINED.value:
        return Disposition.REFUSED
    if talk.stage == Stage.WRONG_PERSON.value:
        return Disposition.UNDELIVERED
    if talk.answered:
        return Disposition.BREAK_OFF
    if delivery == "failed":
        return Disposition.UNDELIVERED
    return Disposition.NO_REPLY if confirmed and delivery == "delivered" else Disposition.NOTHING_BACK


def _answers(
    connection: Connection, vault: Vault, campaign: str
) -> Mapping[str, tuple[dict[str, str], frozenset[str]]]:
    codec = NamedCodec(vault)
    rows = connection.execute(
        select(answers.c.interview_id, answers.c.question, answers.c.body, answers.c.late)
        .join(interviews, interviews.c.id == answers.c.interview_id)
        .where(interviews.c.campaign_id == campaign, interviews.c.purpose == Purpose.SURVEY.value)
    )
    values: dict[str, dict[str, str]] = defaultdict(dict)
    late: dict[str, set[str]] = defaultdict(set)
    for interview, question, body, is_late in rows:
        values[interview][question] = codec.open_answer(interview, question, body)["value"]
        if is_late:
            late[interview].add(question)
    return {interview: (found, frozenset(late[interview])) for interview, found in values.items()}


def _delivery(connection: Connection, campaign: str) -> Mapping[int, str]:
    """Return the best that became of a campaign's messages, by resident."""
    rows = connection.execute(
        select(outbox.c.resident_id, outbox.c.state).where(outbox.c.campaign_id == campaign).distinct()
    )
    best: dict[int, str] = {}
    for resident, state in rows:
        if resident not in best or DELIVERIES.index(state) > DELIVERIES.index(best[resident]):
            best[resident] = state
    return best


def _confirmed(connection: Connection, campaign: str) -> frozenset[int]:
    rows = connection.execute(
        select(resident_addresses.c.resident_id)
        .join(sample, sample.c.resident_id == resident_addresses.c.resident_id)
        .where(sample.c.campaign_id == campaign, resident_addresses.c.confirmed_at.is_not(None))
    )
    return frozenset(rows.scalars())


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
