"""Sending: what the channel answers, what becomes of the message, and how often the channel was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from town import OFFICE, Town, run_async

from scheduler.dispatch import IN_FLIGHT, Dispatch
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage import outbox
from storage.campaigns import close_campaign, pause_campaign, resume_campaign
from storage.database import Database
from storage.failure import Failure
from storage.tables.messages import outbox as table

Answer = Accepted | NotSent | Unknown


@pytest.fixture
def town(database: Database) -> Town:
    """Three invitations are queued, none is sent."""
    made = Town(database)
    made.launch()
    made.wakes()
    return made


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence is asked for without the usual wait, so that a test need not wait either."""
    monkeypatch.setattr(outbox, "EVIDENCE_AFTER", timedelta(seconds=-1))


def answers(*results: Answer) -> Any:
    """Return a channel's answer that gives `results` one after the other, then accepts."""
    left: Iterator[Answer] = iter(results)
    return lambda message: next(left, Accepted(f"p-{message.attempt}"))


def error_of(town: Town, state: str) -> str:
    (row,) = town.rows(table, state=state)
    return str(row.error)


def test_what_is_accepted_is_sent_once_and_keeps_the_providers_id(town: Town) -> None:
    assert len(town.send()) == 3
    assert town.send() == []
    for row in town.rows(table):
        assert (row.state, row.sent_at, row.attempts) == ("accepted", town.clock.now(), 1)
        assert row.provider_id.startswith("p")


def test_what_was_not_sent_goes_later_and_with_a_new_attempt(town: Town) -> None:
    town.pigeon.answer = answers(NotSent("busy"))
    assert len(town.send()) == 2
    assert town.send() == []
    town.clock.advance(timedelta(seconds=15))
    assert len(town.send()) == 1
    assert len({message.attempt for message in town.pigeon.sent}) == 3
    assert town.states() == ["accepted"] * 3


def test_six_failures_in_a_row_put_it_aside_with_the_reason(town: Town) -> None:
    bad = town.numbers[0]
    town.pigeon.answer = lambda m: NotSent("busy") if m.address == bad else Accepted("p")
    town.pass_time(timedelta(hours=6))
    assert town.states() == ["accepted", "accepted", "dead"]
    assert error_of(town, "dead") == "down: busy"
    assert len(town.rows(table, state="dead", attempts=6)) == 1


def test_a_final_refusal_is_not_tried_again(town: Town) -> None:
    town.pigeon.answer = answers(NotSent("no such number", Failure.REFUSED))
    assert len(town.send()) == 2
    town.clock.advance(timedelta(hours=1))
    assert town.send() == []
    assert town.states() == ["accepted", "accepted", "failed"]
    assert error_of(town, "failed") == "refused: no such number"


def test_messages_of_a_channel_that_is_switched_off_wait_until_it_is_on_again(town: Town) -> None:
    dispatch = Dispatch(town.database, {}, town.clock, OFFICE)
    assert run_async(dispatch.run_once()) == 0
    assert town.states() == ["due"] * 3
    assert len(town.send()) == 3


@pytest.mark.parametrize(
    ("evidence", "state", "calls"),
    [
        pytest.param("has it", "accepted", 1, id="the provider has it: not sent again"),
        pytest.param("has it not", "accepted", 2, id="the provider never got it: sent again"),
        pytest.param("cannot say", "unknown", 1, id="nobody knows: neither sent again nor forgotten"),
    ],
)
def test_invariant_2_an_unclear_outcome_is_settled_by_evidence(
    town: Town, at_once: None, evidence: str, state: str, calls: int
) -> None:
    del at_once
    unclear = town.numbers[0]
    tried: list[Outgoing] = []

    def answer(message: Outgoing) -> Answer:
        if message.address != unclear:
            return Accepted("p")
        tried.append(message)
        return Unknown("the connection broke") if len(tried) == 1 else Accepted("p2")

    async def look(message: Outgoing, since: datetime, known: frozenset[str]) -> Answer:
        del since
        assert (message.attempt, message.address, message.text) == (tried[0].attempt, unclear, tried[0].text)
        assert known == frozenset()
        return {
            "has it": Accepted("p9"),
            "has it not": NotSent("never seen"),
            "cannot say": Unknown("the list is not to be had"),
        }[evidence]

    town.pigeon.answer, town.pigeon.evidence = answer, look  # type: ignore[method-assign]  # this provider's own view
    town.send()
    assert run_async(town.dispatch().settle_unclear()) == 1
    town.clock.advance(timedelta(minutes=1))
    town.send()
    assert town.states() == ["accepted", "accepted", state]
    assert len(tried) == calls


def test_invariant_2_what_nobody_can_say_is_put_aside_and_never_repeated(
    town: Town, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del at_once

    async def nobody_knows(message: Outgoing, since: datetime, known: frozenset[str]) -> Answer:
        del message, since, known
        return Unknown("no evidence to be had")

    town.pigeon.answer = lambda _: Unknown("the connection broke")
    town.pigeon.evidence = nobody_knows  # type: ignore[method-assign]  # a provider that keeps no list
    assert len(town.send()) == 3
    run_async(town.dispatch().settle_unclear())
    assert town.states() == ["unknown"] * 3
    monkeypatch.setattr(outbox, "EVIDENCE_FOR", timedelta(seconds=-2))
    run_async(town.dispatch().settle_unclear())
    assert town.states() == ["dead"] * 3
    town.clock.advance(timedelta(days=1))
    assert town.send() == []


def test_a_sender_that_breaks_its_promise_and_raises_leaves_an_attempt_to_evidence(town: Town) -> None:
    def explode(message: Outgoing) -> Answer:
        raise OSError(message.attempt)

    town.pigeon.answer = explode
    town.send()
    assert town.states() == ["attempting"] * 3
    assert town.send() == []


def test_invariant_3_an_opt_out_committed_before_the_attempt_stops_it(town: Town) -> None:
    town.hear(1, "退订")
    sent = town.send()
    assert len(sent) == 3  # the confirmation and the two others' invitations
    assert [text.startswith("已退订") for text in sent].count(True) == 1
    assert len(town.rows(table, state="cancelled", resident_id=1)) == 1


def test_a_paused_campaign_holds_invitations_and_still_answers(town: Town) -> None:
    town.send()
    town.database.write(lambda c: pause_campaign(c, "water", town.clock.now()))
    town.hear(1, "1")
    assert len(town.send()) == 1
    assert town.pass_time(timedelta(hours=30)) == []  # reminders rest too
    town.database.write(lambda c: resume_campaign(c, "water", town.clock.now()))
    assert len(town.pass_time(timedelta(hours=24))) == 2  # of the two who have not answered


def test_a_closed_campaign_sends_no_invitation_and_still_thanks(town: Town) -> None:
    town.database.write(lambda c: close_campaign(c, "water", town.clock.now()))
    assert town.send() == []
    town.hear(1, "1")
    assert "2/6" in town.send()[0]  # a late answer is accepted, and answered


def test_calls_to_different_addresses_are_under_way_together_and_to_one_address_never(database: Database) -> None:
    town = Town(database, 100)
    town.launch()
    town.wakes()
    while town.wakes():
        pass
    now: dict[str, int] = {}
    most = {"together": 0, "at one address": 0}

    async def send(message: Outgoing) -> Answer:
        now[message.address] = now.get(message.address, 0) + 1
        most["together"] = max(most["together"], sum(now.values()))
        most["at one address"] = max(most["at one address"], now[message.address])
        await asyncio.sleep(0.01)
        now[message.address] -= 1
        town.pigeon.sent.append(message)
        return Accepted("p")

    for number in range(1, 41):
        town.hear(number, "1")
    town.pigeon.send = send  # type: ignore[method-assign]  # a provider that takes its time
    run_async(town.dispatch().run_once())
    assert most["at one address"] == 1
    assert 1 < most["together"] <= IN_FLIGHT
    assert len(town.pigeon.sent) == 140
    for number in town.numbers[:40]:
        places = [m.text for m in town.pigeon.sent if m.address == number]
        assert len(places) == 2


def test_running_dispatch_sends_on_a_nudge_and_stops_after_the_calls_under_way(town: Town) -> None:
    async def scene() -> None:
        gate = asyncio.Event()
        begun = asyncio.Event()

        async def send(message: Outgoing) -> Answer:
            begun.set()
            await gate.wait()
            town.pigeon.sent.append(message)
            return Accepted("p")

        town.pigeon.send = send  # type: ignore[method-assign]  # a provider that takes its time
        dispatch = town.dispatch()
        running = asyncio.create_task(dispatch.run())
        await asyncio.wait_for(begun.wait(), 10)
        assert dispatch._flights
        dispatch.stop()
        gate.set()
        await asyncio.wait_for(running, 10)
        assert not dispatch._flights

    run_async(scene())
    assert set(town.states()) <= {"accepted", "due"}  # none is left in the air
    assert town.states().count("accepted") == len(town.pigeon.sent) > 0
