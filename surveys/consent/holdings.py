"""How much is kept about one resident: counts and dates, never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a resident is told on asking what is kept. `delete_on`: the latest deletion date of their campaigns."""

    numbers: int = 0
    chats: int = 0
    interviews: int = 0
    answers: int = 0
    cases: int = 0
    since: datetime | None = None  # the standing of their consent
    delete_on: date | None = None
