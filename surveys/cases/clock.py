"""The working-time clock of cases: hours count only while the office works."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from surveys.campaign.office import Office

SATURDAY = 5
#: A clock that finds no working hour in this many days has a calendar that is wrong.
LONGEST_PAUSE = 60


def works_on(day: date, office: Office) -> bool:
    """Whether the office works on `day`: make-up days count, holidays and weekends do not."""
    if day in office.workdays:
        return True
    return day.weekday() < SATURDAY and day not in office.holidays


def add_working_hours(start: datetime, hours: float, office: Office) -> datetime:
    """Return the instant (aware, UTC like `start`) at which `hours` working hours have passed since `start`."""
    zone = ZoneInfo(office.zone)
    left = timedelta(hours=hours)
    moment = start.astimezone(zone)
    idle = 0
    while idle < LONGEST_PAUSE:
        day = moment.date()
        idle += 1
        if works_on(day, office):
            for opens, closes in office.shifts:
                begin = max(moment, datetime.combine(day, opens, zone))
                end = datetime.combine(day, closes, zone)
                if begin >= end:
                    continue
                idle = 0
                if begin + left <= end:
                    return (begin + left).astimezone(start.tzinfo)
                left -= end - begin
        moment = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
    raise ValueError(f"the calendar has no working hour in the {LONGEST_PAUSE} days before {moment.date()}")
