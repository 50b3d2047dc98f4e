"""The units of a campaign as they were when it was launched, whatever the directory says of them since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from storage.tables.campaigns import campaigns
from storage.tables.scores import campaign_units
from storage.units import listed
from surveys.units.directory import Unit

#: Rows removed in one transaction, so that nobody's answer waits.
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class CampaignUnits:
    """The directory of units that holds for a campaign, by id.

    `frozen` says whether it is that of the launch; of a draft, and of a campaign launched before units were kept, it
    is today's.
    """

    units: tuple[Unit, ...]
    frozen: bool


def of_campaign(connection: Connection, campaign: str) -> CampaignUnits:
    """Return the units that hold for a campaign."""
    kept_at = connection.execute(select(campaigns.c.units_at).where(campaigns.c.id == campaign)).scalar()
    if kept_at is None:
        return CampaignUnits(listed(connection), frozen=False)
    fields = [campaign_units.c[name] for name in Unit.__dataclass_fields__]
    rows = connection.execute(
        select(*fields).where(campaign_units.c.campaign_id == campaign).order_by(campaign_units.c.id)
    )
    return CampaignUnits(tuple(Unit(**row) for row in rows.mappings()), frozen=True)


def add(connection: Connection, campaign: str, units: Sequence[Unit]) -> None:
    """Prepare units of a draft; they hold from `freeze` on."""
    if units:
        connection.execute(insert(campaign_units), [{"campaign_id": campaign, **asdict(unit)} for unit in units])


def freeze(connection: Connection, campaign: str, now: datetime) -> None:
    """Let the prepared units hold for the campaign from now on; an empty directory holds as well."""
    connection.execute(update(campaigns).where(campaigns.c.id == campaign).values(units_at=now))


def clear(connection: Connection, campaign: str) -> bool:
    """Remove some units that an interrupted launch prepared for a draft; False once none is left."""
    some = select(campaign_units.c.id).where(campaign_units.c.campaign_id == campaign).limit(AT_ONCE)
    gone = connection.execute(
        delete(campaign_units).where(campaign_units.c.campaign_id == campaign, campaign_units.c.id.in_(some))
    )
    return bool(gone.rowcount)
