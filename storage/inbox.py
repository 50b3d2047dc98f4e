"""What came in: one row per message of a provider, whatever is delivered twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from surveys.dialogue.interview import Mode


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from outside, signature already checked. `kind` and `sender` name the address (E.164 or chat id)."""

    channel: str
    provider_id: str
    kind: str
    sender: str
    text: str
    at: datetime
    mode: Mode = Mode.SELF
