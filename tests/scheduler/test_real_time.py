"""The real APScheduler at real time: nobody moves a clock here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from town import Town, run_async

from scheduler.clock import ScaledClock
from scheduler.fetching import Fetching
from scheduler.ticks import Ticks
from storage.database import Database
from storage.tables.talks import wakes
from storage.wakes import write_wakes
from surveys.dialogue.turn import Wake

OFTEN = {"wakes": 0.05, "unclear": 0.05, "failed": 0.05, "attachments": 0.05, "checkpoint": 0.05}


async def until(true: Callable[[], bool]) -> None:
    """Wait until something holds; the suite's own time limit is the only one."""
    while not true():  # noqa: ASYNC110 - what is waited for lies in the database
        await asyncio.sleep(0.02)


def test_a_wake_that_falls_due_leads_to_a_sent_message(database: Database) -> None:
    """At real speed from ten in the morning: one invitation is due now, another in a second, a third tomorrow."""
    town = Town(database, 3)
    town.launch(drawn=[1])
    start = town.clock.now()
    town.talk.clock = ScaledClock(start=start, origin=datetime.now(start.tzinfo), speed=1)
    for resident, after in ((2, timedelta(seconds=1)), (3, timedelta(days=1))):
        wake = Wake("invite", start + after, str(resident), f"i{resident}", resident=resident, campaign="water")
        town.database.write(lambda c, wake=wake: write_wakes(c, [wake]))  # type: ignore[misc]  # bound at once

    async def scene() -> None:
        dispatch = town.dispatch()
        dispatch._clock = town.talk.clock
        ticks = Ticks(town.talk, dispatch, Fetching(town.database, {}, town.clock), OFTEN)
        sending = asyncio.create_task(dispatch.run())
        ticks.start()
        await until(lambda: len(town.pigeon.sent) >= 2)
        assert ticks.alive(timedelta(seconds=60))
        ticks.stop()
        dispatch.stop()
        await sending

    run_async(scene())
    assert [message.address for message in town.pigeon.sent] == town.numbers[:2]
    assert town.talk.clock.now() >= start + timedelta(seconds=1)
    assert {row.resident_id: row.state for row in town.rows(wakes, kind="invite")} == {1: "done", 2: "done", 3: "due"}
    assert town.states() == ["accepted", "accepted"]
