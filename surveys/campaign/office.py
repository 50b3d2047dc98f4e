"""The office that runs the house: who it is to residents, and its working calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta


@dataclass(frozen=True, slots=True)
class Office:
    """Settings that decisions depend on. Times of day are local to `zone` (an IANA name).

    `names` and `hotline` are what residents are told. A case's clock counts working hours: `shifts` on Monday to
    Friday, without `holidays` and with `workdays` (make-up days at weekends).
    """

    names: Mapping[str, str]
    hotline: str
    zone: str = "Asia/Shanghai"
    shifts: tuple[tuple[time, time], ...] = ((time(9, 0), time(12, 0)), (time(14, 0), time(18, 0)))
    holidays: frozenset[date] = field(default_factory=frozenset)
    workdays: frozenset[date] = field(default_factory=frozenset)
    day_opens: time = time(9, 0)
    day_closes: time = time(20, 0)
    case_hours: int = 35  # five working days of seven hours
    callback_after: timedelta = timedelta(hours=24)
    callback_reminders: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=72))
    callback_expires: timedelta = timedelta(days=7)
    escalate_after_reopens: int = 2
    contact_cap: int = 2  # invitations and notices a resident gets in `cap_days`, replies not counted
    cap_days: int = 30
    telegram: str = ""  # name of the bot that invitation links lead to; empty if there is none

    def name(self, language: str) -> str:
        """Return the office's name in `language`, or in any it has."""
        return self.names.get(language) or next(iter(self.names.values()), "")
