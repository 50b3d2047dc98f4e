"""What must be known of residents before something they did not ask for is sent: addresses, contacts, drawn or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage.tables.campaigns import campaigns, sample
from storage.tables.messages import outbox
from storage.tables.residents import addresses, resident_addresses
from surveys.campaign.plan import CampaignState

#: From the draw to the close: publicity must not reach who is drawn.
IN_FIELD = (CampaignState.RUNNING.value, CampaignState.PAUSED.value)


@dataclass(frozen=True, slots=True)
class Reachable:
    """One address of a resident."""

    address: int
    kind: str


def addresses_of(connection: Connection, residents: Collection[int]) -> Mapping[int, tuple[Reachable, ...]]:
    """Return each resident's living addresses, the one to try first in front."""
    rows = connection.execute(
        select(resident_addresses.c.resident_id, addresses.c.id, addresses.c.kind)
        .join(addresses, addresses.c.id == resident_addresses.c.address_id)
        .where(resident_addresses.c.resident_id.in_(sorted(set(residents))), resident_addresses.c.ended_at.is_(None))
        .order_by(resident_addresses.c.resident_id, resident_addresses.c.rank, addresses.c.id)
    )
    found: dict[int, list[Reachable]] = defaultdict(list)
    for resident, address, kind in rows:
        found[resident].append(Reachable(address, kind))
    return {resident: tuple(reachable) for resident, reachable in found.items()}


def contacts_since(connection: Connection, residents: Collection[int], since: datetime) -> Mapping[int, frozenset[str]]:
    """Return the campaigns that have written to each resident since then, replies and cases not counted."""
    rows = connection.execute(
        select(outbox.c.resident_id, outbox.c.campaign_id)
        .where(
            outbox.c.resident_id.in_(sorted(set(residents))),
            outbox.c.priority == 1,
            outbox.c.case_id == "",
            outbox.c.state != "cancelled",
            outbox.c.created_at >= since,
        )
        .distinct()
    )
    found: dict[int, set[str]] = defaultdict(set)
    for resident, campaign in rows:
        found[resident].add(campaign)
    return {resident: frozenset(names) for resident, names in found.items()}


def drawn_at(connection: Connection, address_ids: Collection[int]) -> frozenset[int]:
    """Return the addresses at which somebody is drawn for a campaign that is in the field."""
    rows = connection.execute(
        select(resident_addresses.c.address_id)
        .join(sample, sample.c.resident_id == resident_addresses.c.resident_id)
        .join(campaigns, campaigns.c.id == sample.c.campaign_id)
        .where(
            resident_addresses.c.address_id.in_(sorted(set(address_ids))),
            resident_addresses.c.ended_at.is_(None),
            campaigns.c.state.in_(IN_FIELD),
        )
        .distinct()
    )
    return frozenset(rows.scalars())
