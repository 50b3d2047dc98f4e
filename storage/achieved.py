"""How many interviews a campaign has by now, by stratum and by unit: counts alone, no answer is opened."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select

from storage.tables.campaigns import sample
from storage.tables.talks import answers, interviews
from surveys.dialogue.interview import Purpose, Stage


@dataclass(frozen=True, slots=True)
class Reached:
    """One stratum: its residents, those drawn and released, and the interviews that have come to their end in time."""

    population: int
    drawn: int
    released: int
    completes: int


@dataclass(frozen=True, slots=True)
class Achieved:
    """The strata by name; by unit, how many of those who came to the end were asked about it, by stratum."""

    strata: Mapping[str, Reached]
    raters: Mapping[str, Mapping[str, int]]


def achieved(connection: Connection, campaign: str) -> Achieved:
    """Count what `campaign` has reached. An interview counts once it is at its end with an answer given in time."""
    in_time = exists().where(answers.c.interview_id == interviews.c.id, answers.c.late == 0)
    ended = connection.execute(
        select(sample.c.stratum, sample.c.units, func.count())
        .join(
            interviews,
            (interviews.c.campaign_id == sample.c.campaign_id) & (interviews.c.resident_id == sample.c.resident_id),
        )
        .where(
            sample.c.campaign_id == campaign,
            sample.c.released_at.is_not(None),
            interviews.c.purpose == Purpose.SURVEY.value,
            interviews.c.stage == Stage.COMPLETE.value,
            in_time,
        )
        .group_by(sample.c.stratum, sample.c.units)
    ).all()
    completes: Counter[str] = Counter()
    raters: dict[str, Counter[str]] = {}
    for stratum, units, count in ended:
        completes[stratum] += count
        for unit in json.loads(units) if units else ():
            raters.setdefault(unit, Counter())[stratum] += count
    rows = connection.execute(
        select(sample.c.stratum, func.max(sample.c.population), func.count(), func.count(sample.c.released_at))
        .where(sample.c.campaign_id == campaign)
        .group_by(sample.c.stratum)
        .order_by(sample.c.stratum)
    )
    strata = {name: Reached(population, drawn, released, completes[name]) for name, population, drawn, released in rows}
    return Achieved(dict(sorted(strata.items())), dict(sorted(raters.items())))
