"""When many residents are written to: spread over the hours of day in which that is decent, in whole minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count as numbers
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


def spread(
    count: int,
    starts_at: datetime,
    over: timedelta,
    *,
    opens: time,
    closes: time,
    zone: str,
) -> tuple[datetime, ...]:
    """Return `count` instants (UTC, whole minutes, ascending), evenly over `over` of open time from `starts_at` on.

    Only minutes between `opens` and `closes` in `zone` count: what does not fit today goes on tomorrow at `opens`.
    Raises ValueError when a day has no open minute.
    """
    if opens >= closes:
        raise ValueError("the day must open before it closes")
    minutes = max(1, int(over / MINUTE))
    offsets = [at * minutes // count for at in range(count)]
    found: list[datetime] = []
    base = 0  # open minutes of the days before
    if not count:
        return ()
    for begin, end in _open_hours(starts_at, opens, closes, ZoneInfo(zone)):
        length = int((end - begin) / MINUTE)
        while len(found) < count and offsets[len(found)] < base + length:
            found.append(begin + (offsets[len(found)] - base) * MINUTE)
        base += length
        if len(found) == count:
            break
    return tuple(found)


def _open_hours(
    starts_at: datetime,
    opens: time,
    closes: time,
    zone: ZoneInfo,
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open stretches from `starts_at` on, day by day without end, in UTC."""
    first = starts_at.astimezone(UTC).replace(second=0, microsecond=0)
    if first < starts_at:
        first += MINUTE
    day = first.astimezone(zone).date()
    for ahead in numbers():
        today = day + timedelta(days=ahead)
        # Where clocks are turned back an hour comes twice, where forward one is missing: the narrower reading holds.
        begin = max(first, *(local(today, opens.replace(fold=fold), zone) for fold in (0, 1)))
        end = min(local(today, closes.replace(fold=fold), zone) for fold in (0, 1))
        if begin < end:
            yield begin, end


def local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which clocks in `zone` show `clock` on `day`."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
