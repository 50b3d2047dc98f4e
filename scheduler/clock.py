"""The one clock of a service: real, or scaled so that a month passes in a minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where a process gets `now` from; aware UTC."""

    def now(self) -> datetime:
        """Return the present instant."""


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)


class ScaledClock:
    """Runs `speed` times as fast as the machine's clock since `origin`, when it showed `start`.

    All processes of a service are given the same three values and so agree on the time.
    """

    def __init__(self, *, start: datetime, origin: datetime, speed: float) -> None:
        self._start, self._origin, self._speed = start, origin, speed

    def now(self) -> datetime:
        """Return the scaled instant."""
        return self._start + (datetime.now(UTC) - self._origin) * self._speed


class SteppedClock:
    """Stands still until it is moved: whoever owns it moves it once nothing due is left to do."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the instant it was moved to."""
        return self._now

    def move(self, to: datetime) -> None:
        """Move on to `to`; time never goes back."""
        if to < self._now:
            raise ValueError(f"the clock stands at {self._now} and cannot go back to {to}")
        self._now = to

    def advance(self, by: timedelta) -> None:
        """Move on by `by`."""
        self.move(self._now + by)
