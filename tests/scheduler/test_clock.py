"""Clocks: one scale for all processes, and no way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.clock import RealClock, ScaledClock, SteppedClock

START = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def test_processes_given_the_same_three_values_agree_on_the_time() -> None:
    origin = datetime.now(UTC)
    one, two = (ScaledClock(start=START, origin=origin, speed=1000) for _ in range(2))
    first, second, third = one.now(), two.now(), one.now()
    assert START <= first <= second <= third


def test_scaled_time_is_the_machines_time_since_the_origin_times_the_speed() -> None:
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    shown = ScaledClock(start=START, origin=hour_ago, speed=24).now()
    assert shown >= START + timedelta(days=1)
    assert shown - START == pytest.approx((RealClock().now() - hour_ago) * 24, abs=timedelta(hours=1))


def test_a_stepped_clock_stands_still_and_never_goes_back() -> None:
    clock = SteppedClock(START)
    assert clock.now() == clock.now() == START
    clock.advance(timedelta(hours=1))
    clock.move(START + timedelta(hours=1))
    with pytest.raises(ValueError, match="cannot go back"):
        clock.move(START)
    assert clock.now() == START + timedelta(hours=1)
