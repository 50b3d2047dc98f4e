"""Days and times in texts, as XForms writes them, and as days since 1970-01-01."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
_CLOCK = re.compile(r"(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall-clock days are counted without a zone
_DAY = timedelta(days=1)
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@lru_cache(maxsize=1024)
def moment_of(value: str) -> datetime | None:
    """Return the date or date with time that the text names, None if it names none."""
    found = _DATE.fullmatch(value.strip())
    if not found:
        return None
    year, month, day, clock, zone = found.groups()
    try:
        moment = datetime.combine(date(int(year), int(month), int(day)), time.fromisoformat(clock or "00:00"))
        return datetime.fromisoformat(moment.isoformat() + ("+00:00" if zone == "Z" else zone)) if zone else moment
    except ValueError:
        return None


def clock_of(value: str) -> datetime | None:
    """Return the time of day that the text names, on the first day that is counted."""
    clock = _CLOCK.fullmatch(value.strip())
    try:
        return datetime.combine(_EPOCH.date(), time.fromisoformat(clock[1])) if clock else None
    except ValueError:
        return None


def of_days(days: float) -> datetime | None:
    """Return the moment so many days after 1970-01-01, None beyond what a calendar holds."""
    try:
        return _EPOCH + timedelta(days=days)
    except (OverflowError, ValueError):
        return None


def days_by_the_wall(moment: datetime) -> float:
    """Return the days since 1970-01-01 by the clock on the wall that the moment names."""
    return (moment.replace(tzinfo=None) - _EPOCH) / _DAY


def days_in_utc(moment: datetime) -> float:
    """Return the days since 1970-01-01; a moment with an offset counts in UTC."""
    return days_by_the_wall(moment.astimezone(UTC) if moment.tzinfo else moment)


def laid_out(moment: datetime, layout: str) -> str:
    """Return the moment as `layout` says, by the marks of the ODK XForms specification; unknown marks stay."""
    parts: Mapping[str, str] = {
        "%Y": f"{moment.year:04}",
        "%y": f"{moment.year % 100:02}",
        "%m": f"{moment.month:02}",
        "%n": str(moment.month),
        "%b": _SHORT_MONTHS[moment.month - 1],
        "%d": f"{moment.day:02}",
        "%e": str(moment.day),
        "%H": f"{moment.hour:02}",
        "%h": str(moment.hour),
        "%M": f"{moment.minute:02}",
        "%S": f"{moment.second:02}",
        "%3": f"{moment.microsecond // 1000:03}",
        "%a": _SHORT_DAYS[moment.weekday()],
    }
    return re.sub(r"%.", lambda mark: parts.get(mark[0], mark[0]), layout)
