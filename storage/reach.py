"""Whom publicity reached, and whom it left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from storage.tables.campaigns import reach


@dataclass(frozen=True, slots=True)
class Reached:
    """One resident and one sending of an awareness campaign; outcome sent | drawn | stopped | no_address | capped."""

    campaign: str
    resident: int
    sending: int
    outcome: str


def write_reach(connection: Connection, reached: Sequence[Reached], now: datetime) -> None:
    """Add rows to the record of publicity."""
    if reached:
        connection.execute(
            insert(reach),
            [
                {
                    "campaign_id": row.campaign,
                    "resident_id": row.resident,
                    "sending": row.sending,
                    "outcome": row.outcome,
                    "at": now,
                }
                for row in reached
            ],
        )
