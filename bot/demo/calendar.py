"""When what happens in the simulated month: the same days for everybody, squeezed together in a shorter one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
#: A Monday.
FIRST_DAY = date(2026, 11, 2)
OPENS = time(9, 0)
#: When staff see to cases, Monday to Friday.
DESK_HOURS = (time(9, 30), time(15, 0))
#: Everybody acts on these minutes of the hour, so that those who act at once are decided together.
GRID = timedelta(minutes=5)
#: Who takes their time looks at the phone less often.
WIDE_GRID = timedelta(minutes=15)
FEWEST_DAYS, MOST_DAYS = 10, 90


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one simulation."""

    days: int

    @property
    def starts_at(self) -> datetime:
        """When it begins, aware UTC."""
        return local(FIRST_DAY, OPENS)

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return local(self._day(self.days - 1), time(20, 0))

    @property
    def closes_at(self) -> datetime:
        """When the survey closes: two thirds through, so that callbacks and late answers have time."""
        return local(self._day(2 * self.days // 3), time(18, 0))

    @property
    def publicity_at(self) -> datetime:
        """When the awareness messages go out."""
        return local(self._day(1), time(10, 0))

    @property
    def release_at(self) -> datetime:
        """When the first reserve replicate is released."""
        return local(self._day(max(2, self.days // 4)), time(9, 30))

    @property
    def pace(self) -> float:
        """By what the slow things of life are shortened so that they fit; 1 from three weeks on."""
        return min(1.0, self.days / 21)

    @property
    def callback_expires_days(self) -> int:
        """Days after which a callback ends as not reached."""
        return 7 if self.days >= 21 else 3

    def desk_hours(self) -> Iterator[datetime]:
        """Yield the moments at which staff see to cases."""
        for ahead in range(self.days):
            day = self._day(ahead)
            if day.weekday() < 5:
                yield from (local(day, hour) for hour in DESK_HOURS)

    @staticmethod
    def _day(ahead: int) -> date:
        return FIRST_DAY + timedelta(days=ahead)


def local(day: date, clock: time) -> datetime:
    """Return an instant of the town's time as aware UTC."""
    return datetime.combine(day, clock, ZONE).astimezone(UTC)


def on_grid(moment: datetime, grid: timedelta = GRID) -> datetime:
    """Return `moment` or the next one on which people act."""
    over = (moment - datetime(1970, 1, 1, tzinfo=UTC)) % grid
    return moment + (grid - over) if over else moment
