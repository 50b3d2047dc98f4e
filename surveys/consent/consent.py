"""Consent: an append-only log of what each resident said, and the standing that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Consent(StrEnum):
    """Where a resident stands; `STOPPED` wins over everything and no ordinary message undoes it."""

    GIVEN = "given"
    CASE_ONLY = "case_only"  # opted out, but said 办理: messages about the open case alone
    STOPPED = "stopped"

    def allows(self, *, about_case: bool) -> bool:
        """Whether a message may start or go on; `about_case` for one about the resident's own case."""
        return self is Consent.GIVEN or (about_case and self is Consent.CASE_ONLY)


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One row of the log: who, what, how it was said, when. The exact words stay in the inbox."""

    resident: int
    consent: Consent
    source: str  # "import", "keyword", "soft", "channel", "resumed", "wrong_person"
    channel: str
    at: datetime
