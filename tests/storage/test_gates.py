"""The gate of a channel: one rate over all processes, a rest for a channel that fails, one probe before it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from town import OFFICE, START, Town

from storage.claiming import Claiming, Claims, claim
from storage.database import Database
from storage.failure import Failure
from storage.gates import (
    BULK_AHEAD,
    FIRST_REST,
    MARGIN,
    PROBE,
    REPLY_AHEAD,
    THRESHOLD,
    Gate,
    Limits,
    Result,
    learn,
    open_gates,
)
from storage.tables.messages import gates
from storage.tables.messages import outbox as table

WALL = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def take(town: Town, limits: Limits, wall: datetime = WALL, *, limit: int = 64, bulk: int = 64) -> Claims:
    order = Claiming(
        town.database.vault,
        OFFICE,
        {"simulator": limits},
        now=town.clock.now(),
        wall=wall,
        limit=limit,
        bulk=bulk,
    )
    return town.database.write(lambda c: claim(c, order))


@pytest.fixture
def town(database: Database) -> Town:
    """Twelve invitations are due."""
    made = Town(database, 12)
    made.launch()
    made.wakes()
    database.write(lambda c: open_gates(c, {"simulator": Limits()}, WALL))
    return made


def fail(town: Town, failure: Failure | None, times: int = 1, *, wall: datetime = WALL, retry_after: float = 0) -> None:
    results = [Result("simulator", f"a{n}", failure, retry_after, "because") for n in range(times)]
    town.database.write(lambda c: learn(c, results, wall))


@given(
    rate=st.floats(0.5, 200),
    steps=st.lists(st.tuples(st.floats(0, 2), st.integers(1, 6)), min_size=1, max_size=60),
)
def test_no_window_of_time_holds_more_than_the_rate_and_one_message(
    rate: float, steps: list[tuple[float, int]]
) -> None:
    """Claims of any size at any moments: units that leave within a window are at most rate x window, plus the last."""
    gate = Gate("sms", Limits(per_second=rate), WALL, None, 0)
    now, left = WALL, []
    for pause, units in steps:
        now += timedelta(seconds=pause)
        slot = gate.slot(units, wall=now, ahead=REPLY_AHEAD)
        if slot is not None:
            assert now <= slot <= now + REPLY_AHEAD
            left.append((slot, units))
    for first, (begins, _) in enumerate(left):
        total = 0
        for ends, units in left[first:]:
            assert total <= rate * MARGIN * (ends - begins).total_seconds() + 1e-3
            total += units


def test_what_has_to_wait_for_its_turn_says_for_how_long(town: Town) -> None:
    claims = take(town, Limits(per_second=10))
    assert len(claims.messages) == 1
    assert claims.messages[0].leaves_at == WALL
    assert claims.again == pytest.approx(1 / (10 * MARGIN) - BULK_AHEAD.total_seconds(), abs=1e-3)
    assert take(town, Limits(per_second=10)).messages == []
    assert len(take(town, Limits(per_second=10), WALL + SECOND / 9).messages) == 1


def test_a_second_process_gets_the_turns_the_first_left(town: Town) -> None:
    """Two claims at the same instant share one rate, because the gate is a row of the database."""
    limits = Limits(per_second=300)
    turns = [m.leaves_at for _ in range(3) for m in take(town, limits).messages]
    assert turns == sorted(set(turns))
    assert len(turns) == 2  # as many as begin within the time bulk messages are claimed ahead


def test_a_long_text_takes_as_many_turns_as_it_has_segments(town: Town) -> None:
    (first,) = take(town, Limits(per_second=10, segmented=True)).messages
    parts = 1 + len(first.text) // 67
    assert parts > 1
    assert take(town, Limits(per_second=10, segmented=True), WALL + SECOND / 10).messages == []
    later = WALL + timedelta(seconds=parts / (10 * MARGIN))
    assert len(take(town, Limits(per_second=10, segmented=True), later).messages) == 1


def test_one_chat_gets_no_two_messages_within_its_gap(town: Town) -> None:
    limits = Limits(gap=1.0)
    assert len(take(town, limits).messages) == 12
    town.database.write(lambda c: c.execute(table.update().values(state="accepted")))
    town.hear(1, "1")
    assert take(town, limits, WALL + SECOND / 2).messages == []
    assert len(take(town, limits, WALL + SECOND / MARGIN).messages) == 1


def test_replies_go_when_there_is_no_room_left_for_bulk(town: Town) -> None:
    assert take(town, Limits(), bulk=0).messages == []
    town.hear(1, "帮助")
    (reply,) = take(town, Limits(), bulk=0).messages
    assert not reply.bulk
    assert len(take(town, Limits(), bulk=5).messages) == 5


def test_a_channel_that_fails_again_and_again_rests_then_one_message_tries_it(town: Town) -> None:
    fail(town, Failure.DOWN, THRESHOLD - 1)
    assert len(take(town, Limits(), limit=2).messages) == 2
    fail(town, Failure.DOWN)
    assert take(town, Limits()).messages == []
    rested = WALL + FIRST_REST
    assert len(take(town, Limits(), rested).messages) == 1
    assert take(town, Limits(), rested + SECOND).messages == []  # until the probe is settled
    fail(town, Failure.DOWN, wall=rested + SECOND)
    assert take(town, Limits(), rested + SECOND * 3).messages == []  # longer than the first time
    fail(town, None, wall=rested + SECOND * 30)
    assert len(take(town, Limits(), rested + SECOND * 30).messages) == 9


def test_a_probe_whose_process_died_is_followed_by_another(town: Town) -> None:
    fail(town, Failure.DOWN, THRESHOLD)
    assert len(take(town, Limits(), WALL + FIRST_REST).messages) == 1
    assert len(take(town, Limits(), WALL + FIRST_REST + PROBE).messages) == 1


def test_one_throttled_message_waits_alone_and_only_when_all_are_throttled_does_the_channel(town: Town) -> None:
    fail(town, Failure.BUSY, retry_after=40)
    assert len(take(town, Limits(), limit=1).messages) == 1
    fail(town, Failure.BUSY, THRESHOLD, retry_after=40)
    assert take(town, Limits(), WALL + SECOND * 39).messages == []
    assert len(take(town, Limits(), WALL + SECOND * 40).messages) == 1


def test_wrong_credentials_close_the_channel_at_once(town: Town) -> None:
    fail(town, Failure.MISCONFIGURED)
    assert take(town, Limits(), WALL + timedelta(minutes=4)).messages == []
    (row,) = town.rows(gates)
    assert row.reason == "because"


@pytest.mark.parametrize("failure", [Failure.REFUSED, Failure.UNREACHABLE, Failure.BLOCKED, Failure.AWAY])
def test_what_concerns_one_resident_says_nothing_of_the_channel(town: Town, failure: Failure) -> None:
    fail(town, failure, THRESHOLD * 3)
    assert len(take(town, Limits()).messages) == 12


def test_channels_have_gates_of_their_own(town: Town) -> None:
    limits: Mapping[str, Limits] = {"sms": Limits(per_second=1), "simulator": Limits()}
    town.database.write(lambda c: open_gates(c, limits, WALL))
    town.database.write(lambda c: learn(c, [Result("sms", "a", Failure.MISCONFIGURED)], WALL))
    assert [gate.channel for gate in town.database.write(lambda c: open_gates(c, limits, WALL))] == ["simulator"]


def test_outside_the_window_a_message_is_skipped_and_says_so(town: Town) -> None:
    """WhatsApp takes free text only after the resident's own: what was not asked for fails over."""
    assert take(town, Limits(window=timedelta(hours=24))).messages == []
    assert {row.state for row in town.rows(table)} == {"failed"}
    assert {row.error for row in town.rows(table)} == {"unreachable: outside the window for free messages"}


def test_within_the_window_it_goes(town: Town) -> None:
    town.hear(1, "你好")
    town.clock.advance(timedelta(hours=10))
    (message,) = take(town, Limits(window=timedelta(hours=24)), limit=1).messages
    assert message.address == town.numbers[0]


def test_bulk_is_worth_delivering_until_the_day_ends_only(town: Town) -> None:
    message = take(town, Limits()).messages[0]
    assert message.valid_until == WALL + timedelta(hours=10)  # from ten in the morning to eight in the evening
    assert town.clock.now() == START
