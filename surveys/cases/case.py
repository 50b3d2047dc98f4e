"""A case: its states, who may move it, and why only the resident's word closes it as solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands. STAFF_RESOLVED is the unit's claim; CONFIRMED is the resident's word."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    CONTACTED = "contacted"
    STAFF_RESOLVED = "staff_resolved"
    CALLBACK = "callback"  # the resident is being asked
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    UNREACHABLE = "unreachable"
    DECLINED = "declined"


class Outcome(StrEnum):
    """What the latest callback brought."""

    CONFIRMED = "confirmed"
    PARTLY = "partly"
    NOT_RESOLVED = "not_resolved"
    UNREACHABLE = "unreachable"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing a resident wants handled; `text` is what was passed on by consent, word for word.

    `number` is what people say on the phone. `due_at` is the end of the unit's working-time clock.
    `round` counts resolutions: each has its own callback. `named` false: forwarded without the name.
    """

    id: str
    number: str
    resident: int
    address: int
    state: CaseState
    text: str
    opened_at: datetime
    named: bool = True
    campaign: str = ""
    unit: str = ""
    handler: str = ""
    due_at: datetime | None = None
    round: int = 0
    reopened: int = 0
    escalation: int = 0
    resolved_at: datetime | None = None
    resolution: str = ""
    resolved_by: str = ""
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    reason: str = ""  # the resident's own words on why it is not solved
