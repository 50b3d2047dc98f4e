"""Whether a resident may be written to now, and when the next allowed moment is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from surveys.consent.consent import Consent


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go ahead."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Do not write, for a `reason` of a closed list: stopped, capped, closed, paused, no_address, in_survey."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """Do not write before `until` (quiet hours, or a campaign that has not begun)."""

    until: datetime


def next_opening(now: datetime, zone: str, opens: time, closes: time) -> datetime:
    """Return `now` if it lies within `opens`–`closes` local time in `zone`, else the next opening (aware UTC).

    >>> from datetime import UTC
    >>> next_opening(datetime(2026, 11, 2, 13, 0, tzinfo=UTC), "Asia/Shanghai", time(9), time(20)).isoformat()
    '2026-11-03T01:00:00+00:00'
    """
    local = now.astimezone(ZoneInfo(zone))
    if opens <= local.time() < closes:
        return now
    day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return datetime.combine(day, opens, ZoneInfo(zone)).astimezone(now.tzinfo)


def closing(now: datetime, zone: str, closes: time) -> datetime:
    """Return the next moment at which the day ends for unasked messages: `closes` local time in `zone` (aware UTC).

    >>> from datetime import UTC
    >>> closing(datetime(2026, 11, 2, 2, 0, tzinfo=UTC), "Asia/Shanghai", time(20)).isoformat()
    '2026-11-02T12:00:00+00:00'
    """
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() < closes else local.date() + timedelta(days=1)
    return datetime.combine(day, closes, ZoneInfo(zone)).astimezone(now.tzinfo)


def may_contact(
    *, consent: Consent, about_case: bool, contacts: int, cap: int, now: datetime, opening: datetime
) -> Allowed | Withheld | NotYet:
    """Decide on one message that the resident did not ask for.

    `contacts` counts such messages of the last days over all campaigns, `cap` is how many are bearable (messages
    about the resident's own case are not counted and not capped); `opening` is the next moment outside quiet hours.
    """
    if not consent.allows(about_case=about_case):
        return Withheld("stopped")
    if not about_case and contacts >= cap:
        return Withheld("capped")
    if opening > now:
        return NotYet(opening)
    return Allowed()
