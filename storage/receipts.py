"""What providers report of a message after taking it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Delivery(StrEnum):
    """Delivery states in the only order they may move."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One report: found by `attempt` (it travelled along) or by the provider's own id."""

    channel: str
    attempt: str
    provider_id: str
    delivery: Delivery
    at: datetime
    error: str = ""
