"""Messages are spread over the hours of day in which that is decent."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.schedule import spread

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shown(instants: tuple[datetime, ...], zone: str = "Asia/Shanghai") -> list[str]:
    return [f"{instant.astimezone(ZoneInfo(zone)):%d %H:%M}" for instant in instants]


def day(count: int, starts: datetime, hours: float, zone: str = "Asia/Shanghai") -> list[str]:
    return shown(spread(count, starts, timedelta(hours=hours), opens=time(9), closes=time(20), zone=zone), zone)


def test_instants_lie_evenly_over_the_span() -> None:
    assert day(3, datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI), 6) == ["02 09:00", "02 11:00", "02 13:00"]


def test_what_does_not_fit_today_goes_on_tomorrow() -> None:
    starts = datetime(2026, 11, 2, 18, 0, tzinfo=SHANGHAI)
    assert day(4, starts, 4) == ["02 18:00", "02 19:00", "03 09:00", "03 10:00"]


def test_a_start_in_quiet_hours_waits_for_the_morning() -> None:
    assert day(1, datetime(2026, 11, 2, 22, 0, tzinfo=SHANGHAI), 1) == ["03 09:00"]
    assert day(1, datetime(2026, 11, 2, 3, 0, tzinfo=SHANGHAI), 1) == ["02 09:00"]
    assert day(1, datetime(2026, 11, 2, 9, 0, 1, tzinfo=SHANGHAI), 1) == ["02 09:01"]


def test_local_hours_hold_on_the_day_the_clocks_change() -> None:
    starts = datetime(2026, 3, 28, 19, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert day(4, starts, 4, "Europe/Berlin") == ["28 19:00", "29 09:00", "29 10:00", "29 11:00"]


def test_a_day_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="open before it closes"):
        spread(1, datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=1), opens=time(20), closes=time(9), zone="UTC")


@given(
    st.integers(0, 300),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - given a zone
    st.integers(0, 60),
    st.integers(0, 23 * 60),
    st.integers(1, 24 * 60 - 1),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"]),
)
def test_invariant_7_no_instant_lies_in_quiet_hours(  # noqa: PLR0917 - one argument per drawn value
    count: int,
    starts: datetime,
    hours: int,
    opens_at: int,
    length: int,
    zone: str,
) -> None:
    opens = time(opens_at // 60, opens_at % 60)
    ends = min(opens_at + length, 24 * 60 - 1)
    closes = time(ends // 60, ends % 60)
    instants = spread(count, starts, timedelta(hours=hours), opens=opens, closes=closes, zone=zone)
    assert len(instants) == count
    assert list(instants) == sorted(instants)
    for instant in instants:
        assert instant >= starts
        assert instant.second == instant.microsecond == 0
        assert opens <= instant.astimezone(ZoneInfo(zone)).time() < closes
