"""The working-time clock of cases, row by row with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.campaign.office import Office
from surveys.cases.clock import add_working_hours, works_on

ZONE = ZoneInfo("Asia/Shanghai")
# 2026-11-02 is a Monday. The Thursday is a holiday, the Saturday after it is worked instead.
OFFICE = Office(
    names={"zh": "测评办"},
    hotline="12345",
    holidays=frozenset({date(2026, 11, 5)}),
    workdays=frozenset({date(2026, 11, 7)}),
)


def at(text: str) -> datetime:
    """Return "02 09:00", a day of November 2026 in Shanghai."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        pytest.param("02 09:00", 1, "02 10:00", id="within the morning"),
        pytest.param("02 09:00", 3, "02 12:00", id="due at the very end of a shift, not after the break"),
        pytest.param("02 11:00", 2, "02 15:00", id="over the lunch break"),
        pytest.param("02 12:30", 1, "02 15:00", id="begins in the lunch break"),
        pytest.param("02 07:00", 1, "02 10:00", id="begins before the doors open"),
        pytest.param("02 18:00", 1, "03 10:00", id="begins at closing time"),
        pytest.param("02 23:59", 7, "03 18:00", id="begins at night, a whole day"),
        pytest.param("02 17:00", 2, "03 10:00", id="over the night"),
        pytest.param("04 17:00", 2, "06 10:00", id="over the holiday"),
        pytest.param("05 10:00", 1, "06 10:00", id="begins on the holiday"),
        pytest.param("06 17:00", 2, "07 10:00", id="into the Saturday that is worked"),
        pytest.param("07 17:00", 2, "09 10:00", id="over the Sunday"),
        pytest.param("08 10:00", 1, "09 10:00", id="begins on a Sunday"),
        pytest.param("02 09:00", 35, "07 18:00", id="five working days, a holiday and a make-up day among them"),
        pytest.param("02 09:00", 0, "02 09:00", id="nothing to wait for"),
        pytest.param("02 09:00", 0.5, "02 09:30", id="half an hour"),
    ],
)
def test_hours_count_only_while_the_office_works(start: str, hours: float, due: str) -> None:
    assert add_working_hours(at(start), hours, OFFICE) == at(due)


def test_the_answer_is_in_the_zone_of_the_question() -> None:
    due = add_working_hours(at("02 09:00").astimezone(UTC), 1, OFFICE)
    assert due == at("02 10:00")
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param(2, True, id="a Monday"),
        pytest.param(5, False, id="a holiday on a Thursday"),
        pytest.param(7, True, id="a Saturday worked instead"),
        pytest.param(8, False, id="a Sunday"),
        pytest.param(14, False, id="an ordinary Saturday"),
    ],
)
def test_days_of_work(day: int, works: bool) -> None:  # noqa: FBT001 - a parameter
    assert works_on(date(2026, 11, day), OFFICE) is works


def test_a_make_up_day_wins_over_a_holiday_of_the_same_date() -> None:
    day = date(2026, 11, 7)
    assert works_on(day, Office({"zh": "x"}, "1", holidays=frozenset({day}), workdays=frozenset({day})))


def test_a_calendar_without_working_hours_is_an_error_and_no_endless_search() -> None:
    idle = Office({"zh": "x"}, "1", shifts=())
    with pytest.raises(ValueError, match="no working hour"):
        add_working_hours(at("02 09:00"), 1, idle)


def worked(start: datetime, end: datetime) -> timedelta:
    """Add the working time between two instants up, day by day and shift by shift."""
    total, day = timedelta(), start.astimezone(ZONE).date()
    while day <= end.astimezone(ZONE).date():
        for opens, closes in OFFICE.shifts if works_on(day, OFFICE) else ():
            first = max(start, datetime.combine(day, opens, ZONE))
            last = min(end, datetime.combine(day, closes, ZONE))
            total += max(last - first, timedelta())
        day += timedelta(days=1)
    return total


instants = st.datetimes(datetime(2026, 10, 25), datetime(2026, 11, 20)).map(  # noqa: DTZ001 - given its zone at once
    lambda naive: naive.replace(second=0, microsecond=0, tzinfo=ZONE)
)


@settings(deadline=None, max_examples=100)
@given(instants, st.integers(1, 60 * 60))
def test_exactly_so_much_working_time_lies_between_start_and_end(start: datetime, minutes: int) -> None:
    due = add_working_hours(start, minutes / 60, OFFICE)
    assert abs(worked(start, due) - timedelta(minutes=minutes)) < timedelta(milliseconds=1)
    assert works_on(due.astimezone(ZONE).date(), OFFICE)


@settings(deadline=None, max_examples=50)
@given(instants, st.integers(0, 600), st.integers(1, 600))
def test_waiting_in_two_parts_is_waiting_once(start: datetime, first: int, second: int) -> None:
    """Of no time at all this need not hold: it ends when work begins again, not when it ended."""
    midway = add_working_hours(start, first, OFFICE)
    assert add_working_hours(midway, second, OFFICE) == add_working_hours(start, first + second, OFFICE)


def test_an_office_may_work_in_one_shift_over_noon() -> None:
    through = Office({"zh": "x"}, "1", shifts=((time(8, 30), time(16, 30)),))
    assert add_working_hours(at("02 16:00"), 1, through) == at("03 09:00")
