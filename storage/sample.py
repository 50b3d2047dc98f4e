"""Samples and the wakes that reach them: written as inert rows in small transactions, made live in one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, distinct, func, insert, select, update

from storage.campaignunits import of_campaign
from storage.standing import IN_FIELD
from storage.tables.campaigns import campaigns, reach, sample
from storage.tables.messages import outbox
from storage.tables.residents import resident_addresses
from storage.tables.talks import interviews, wakes
from surveys.campaign.plan import CampaignKind
from surveys.dialogue.interview import Purpose, Stage
from surveys.dialogue.turn import Wake
from surveys.sampling.draw import Member
from surveys.units.directory import Unit

#: Rows written or removed in one transaction, so that nobody's answer waits more than about 20 ms.
CHUNK = 1000
HELD, DUE = "held", "due"


@dataclass(frozen=True, slots=True)
class Replicate:
    """One part of a sample: 0 is the main one, the others are reserves, released whole."""

    number: int
    size: int
    released_at: datetime | None


def add_members(
    connection: Connection,
    campaign: str,
    members: Sequence[Member],
    released_at: datetime,
    units: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Add drawn residents; those of the main sample count as released with the launch.

    `units` are the ids of the units that each evaluates, by pseudonym.
    """
    if members:
        connection.execute(
            insert(sample),
            [
                {
                    "campaign_id": campaign,
                    "pseudonym": member.pseudonym,
                    "resident_id": member.resident,
                    "stratum": member.stratum,
                    "area": member.area,
                    "replicate": member.replicate,
                    "population": member.population,
                    "probability": member.probability,
                    "released_at": None if member.replicate else released_at,
                    "units": json.dumps(units[member.pseudonym]) if units else "",
                }
                for member in members
            ],
        )


def assigned_units(connection: Connection, campaign: str, resident: int) -> tuple[Unit, ...]:
    """Return the units that a drawn resident evaluates, in the order they are asked about, as they were at launch."""
    written = connection.execute(
        select(sample.c.units).where(sample.c.campaign_id == campaign, sample.c.resident_id == resident)
    ).scalar()
    ids = json.loads(written) if written else []
    known = {unit.id: unit for unit in of_campaign(connection, campaign).units} if ids else {}
    return tuple(known[unit] for unit in ids if unit in known)


def add_held_wakes(connection: Connection, planned: Sequence[Wake]) -> None:
    """Add wakes the clock does not see until their campaign is started or their replicate released."""
    if planned:
        connection.execute(
            insert(wakes),
            [
                {
                    "kind": wake.kind,
                    "key": wake.key,
                    "due_at": wake.due_at,
                    "subject": wake.subject,
                    "guard": wake.guard,
                    "resident_id": wake.resident,
                    "campaign_id": wake.campaign,
                    "state": HELD,
                    "attempts": 0,
                    "error": "",
                }
                for wake in planned
            ],
        )


def held(connection: Connection, campaign: str) -> int:
    """Return how many wakes of a campaign are prepared and not yet seen by the clock."""
    count = select(func.count()).where(wakes.c.campaign_id == campaign, wakes.c.state == HELD)
    return int(connection.execute(count).scalar_one())


def clear_held(connection: Connection, campaign: str) -> bool:
    """Remove some wakes that an interrupted launch or release left behind; False once none is left."""
    ids = select(wakes.c.id).where(wakes.c.campaign_id == campaign, wakes.c.state == HELD).limit(CHUNK)
    return bool(connection.execute(delete(wakes).where(wakes.c.id.in_(ids))).rowcount)


def clear_draft(connection: Connection, campaign: str) -> bool:
    """Remove some of what an interrupted launch prepared for a draft; False once nothing is left."""
    if clear_held(connection, campaign):
        return True
    drawn = select(sample.c.pseudonym).where(sample.c.campaign_id == campaign).limit(CHUNK)
    gone = connection.execute(
        delete(sample).where(sample.c.campaign_id == campaign, sample.c.pseudonym.in_(drawn)),
    ).rowcount
    reached = select(reach.c.resident_id).where(reach.c.campaign_id == campaign).limit(CHUNK)
    gone += connection.execute(
        delete(reach).where(reach.c.campaign_id == campaign, reach.c.resident_id.in_(reached)),
    ).rowcount
    return bool(gone)


def replicates(connection: Connection, campaign: str) -> tuple[Replicate, ...]:
    """Return the parts of a sample in order."""
    rows = connection.execute(
        select(sample.c.replicate, func.count().label("size"), func.max(sample.c.released_at).label("released_at"))
        .where(sample.c.campaign_id == campaign)
        .group_by(sample.c.replicate)
        .order_by(sample.c.replicate),
    )
    return tuple(Replicate(row.replicate, int(row.size), row.released_at) for row in rows)


def members_of(connection: Connection, campaign: str, replicate: int) -> tuple[tuple[str, int, str], ...]:
    """Return pseudonym, resident and stratum of everybody in one replicate, by pseudonym."""
    rows = connection.execute(
        select(sample.c.pseudonym, sample.c.resident_id, sample.c.stratum)
        .where(sample.c.campaign_id == campaign, sample.c.replicate == replicate)
        .order_by(sample.c.pseudonym),
    )
    return tuple((row.pseudonym, int(row.resident_id), row.stratum) for row in rows)


def release_replicate(connection: Connection, campaign: str, replicate: int, now: datetime) -> int:
    """Make a prepared replicate part of the field: mark it released, its held wakes due. Return its size."""
    size = connection.execute(
        update(sample)
        .where(
            sample.c.campaign_id == campaign,
            sample.c.replicate == replicate,
            sample.c.released_at.is_(None),
        )
        .values(released_at=now),
    ).rowcount
    connection.execute(update(wakes).where(wakes.c.campaign_id == campaign, wakes.c.state == HELD).values(state=DUE))
    return int(size)


def asked(connection: Connection, campaign: str) -> frozenset[int]:
    """Return the residents who were drawn for `campaign` and released: the panel it leaves."""
    return frozenset(
        connection.execute(
            select(sample.c.resident_id).where(sample.c.campaign_id == campaign, sample.c.released_at.is_not(None))
        ).scalars()
    )


def asked_lately(connection: Connection, waves: int, *, but: str) -> frozenset[int]:
    """Return the residents asked in the last `waves` surveys that were launched, not counting `but`."""
    names = connection.execute(
        select(campaigns.c.id)
        .where(
            campaigns.c.id != but,
            campaigns.c.kind == CampaignKind.SURVEY.value,
            campaigns.c.launched_at.is_not(None),
        )
        .order_by(campaigns.c.launched_at.desc(), campaigns.c.id)
        .limit(waves)
    ).scalars()
    return frozenset().union(*(asked(connection, name) for name in names.all()))


def often_written_to(connection: Connection, since: datetime, cap: int, *, but: str) -> frozenset[int]:
    """Return the residents to whom `cap` campaigns or more have written since then, replies and cases not counted."""
    return frozenset(
        connection.execute(
            select(outbox.c.resident_id)
            .where(
                outbox.c.priority == 1,
                outbox.c.case_id == "",
                outbox.c.campaign_id != but,
                outbox.c.state != "cancelled",
                outbox.c.created_at >= since,
            )
            .group_by(outbox.c.resident_id)
            .having(func.count(distinct(outbox.c.campaign_id)) >= cap)
        ).scalars()
    )


def completes(connection: Connection, campaign: str) -> dict[str, int]:
    """Return how many interviews of released residents have been brought to their end, by stratum."""
    rows = connection.execute(
        select(sample.c.stratum, func.count())
        .join(interviews, interviews.c.resident_id == sample.c.resident_id)
        .where(
            sample.c.campaign_id == campaign,
            interviews.c.campaign_id == campaign,
            interviews.c.purpose == Purpose.SURVEY.value,
            interviews.c.stage == Stage.COMPLETE.value,
        )
        .group_by(sample.c.stratum)
    )
    return {stratum: int(count) for stratum, count in rows}


def drawn_addresses(connection: Connection) -> frozenset[int]:
    """Return every address of anybody drawn for a campaign between draw and close, reserves included."""
    rows = connection.execute(
        select(resident_addresses.c.address_id)
        .join(sample, sample.c.resident_id == resident_addresses.c.resident_id)
        .join(campaigns, campaigns.c.id == sample.c.campaign_id)
        .where(resident_addresses.c.ended_at.is_(None), campaigns.c.state.in_(IN_FIELD))
        .distinct(),
    )
    return frozenset(rows.scalars())
