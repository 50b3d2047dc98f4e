"""An invitation into a chat: a single-use link that ties whoever opens it to one resident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """`token` is told to the resident alone and stored as a hash. `confirmed`: it went to a number of their own.

    `source` is "asked" (by the resident, in a conversation) or "sheet" (printed by the office).
    """

    token: str
    resident: int
    source: str
    confirmed: bool
    expires_at: datetime
