"""What goes out: order per address, attempts, receipts in any order, and what an opt-out, a pause or a close stops."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, update
from town import OFFICE, START, Town

from storage import claiming, migrate, outbox
from storage.campaigns import close_campaign, pause_campaign, resume_campaign
from storage.claiming import Claimed, Claiming
from storage.committing import Commit
from storage.database import Database
from storage.failure import Failure
from storage.gates import Limits
from storage.outbox import Outcome
from storage.receipts import Delivery, Receipt, take_receipts
from storage.tables.messages import outbox as table
from storage.tables.residents import residents
from storage.vault import Keys, Vault
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.turn import Say, Turn, Urgency

WALL = datetime(2026, 1, 1, tzinfo=UTC)
ALL = {"bulk", "case", "reply", "confirmation"}
NIGHT = START + timedelta(hours=12)  # ten in the evening in Shanghai
MORNING = START + timedelta(hours=23)  # nine the next morning


def put(town: Town, key: str, *, address: int = 1, bulk: bool = False, at: datetime = START, **changes: Any) -> None:
    """Queue a message to an address whose resident has the same number."""
    say = Say(
        text=f"text {key}",
        urgency=Urgency.BULK if bulk else Urgency.REPLY,
        key=key,
        **{"resident": address, "campaign": "water", **changes},
    )
    talk = Conversation(address)
    commit = Commit(town.database.vault, town.talk.desk.codec, at)
    commit.add(talk, Turn(talk, says=(say,)), channel="simulator", known_cases=())
    town.database.write(commit.write)


def claim(town: Town, now: datetime = START, wall: datetime = WALL, limit: int = 64) -> list[str]:
    """Claim what is due; return the texts, in order."""
    return [message.text.removeprefix("text ") for message in claimed(town, now, wall, limit)]


def claimed(town: Town, now: datetime = START, wall: datetime = WALL, limit: int = 64) -> list[Claimed]:
    vault = town.database.vault
    order = Claiming(vault, OFFICE, {"simulator": Limits()}, now=now, wall=wall, limit=limit, bulk=limit)
    return town.database.write(lambda c: claiming.claim(c, order)).messages


def settle(town: Town, message: Claimed, state: str, now: datetime = START, wall: datetime = WALL) -> None:
    outcome = outcome_of(message, state)
    town.database.write(lambda c: outbox.settle(c, [outcome], now=now, wall=wall))


def unclear(connection: Connection, town: Town, wall: datetime) -> list[Claimed]:
    vault, now = town.database.vault, town.clock.now()
    return outbox.unclear(connection, vault, blind_channels=(), now=now, wall=wall, limit=9)


def outcome_of(message: Claimed, state: str) -> Outcome:
    """Return the outcome a channel would report; "not_sent" is tried again, "refused" is not."""
    failure = Failure.REFUSED if state == "refused" else Failure.DOWN
    ended = "failed" if state in {"not_sent", "refused"} else state
    return Outcome(message.id, message.attempt, ended, "simulator", "p1", "because", failure)


def states(town: Town) -> dict[str, str]:
    return {row.key: row.state for row in town.rows(table)}


@pytest.fixture
def town(database: Database) -> Town:
    """Four residents drawn, nothing queued yet."""
    made = Town(database, 4)
    made.launch()
    return made


def test_one_message_at_a_time_to_an_address_and_in_order(town: Town) -> None:
    for key in ("a1", "a2"):
        put(town, key)
    put(town, "b1", address=2)
    first = claimed(town)
    assert sorted(m.text for m in first) == ["text a1", "text b1"]
    assert claim(town) == []  # a2 waits for the call under way
    settle(town, next(m for m in first if m.text == "text a1"), "accepted")
    assert claim(town) == ["a2"]


@pytest.mark.parametrize("state", ["unknown", "not_sent"])
def test_what_is_not_settled_holds_up_what_came_after_it(town: Town, state: str) -> None:
    put(town, "a1")
    put(town, "a2")
    settle(town, claimed(town)[0], state)
    assert claim(town) == []


@pytest.mark.parametrize("state", ["accepted", "refused"])
def test_what_is_settled_lets_the_next_go(town: Town, state: str) -> None:
    put(town, "a1")
    put(town, "a2")
    settle(town, claimed(town)[0], state)
    assert claim(town) == ["a2"]


def test_a_reply_overtakes_bulk_that_has_not_been_tried_but_not_a_call_under_way(town: Town) -> None:
    put(town, "bulk", bulk=True)
    put(town, "reply")
    assert claim(town) == ["reply"]
    assert claim(town) == []  # two calls at a time could arrive in either order
    put(town, "bulk2", bulk=True, address=2)
    assert claim(town) == ["bulk2"]
    put(town, "reply2", address=2)
    assert claim(town) == []


def test_invariant_7_bulk_waits_for_the_morning_and_replies_do_not(town: Town) -> None:
    put(town, "bulk", bulk=True, at=NIGHT)
    put(town, "reply", address=2, at=NIGHT)
    assert claim(town, NIGHT) == ["reply"]
    (row,) = town.rows(table, key="bulk")
    assert row.due_at == MORNING
    assert claim(town, MORNING - timedelta(seconds=1)) == []
    assert claim(town, MORNING) == ["bulk"]


def test_a_paused_campaign_holds_bulk_but_neither_replies_nor_a_case(town: Town) -> None:
    put(town, "bulk", bulk=True)
    put(town, "reply", address=2)
    put(town, "case", bulk=True, address=3, case="c1")
    town.database.write(lambda c: pause_campaign(c, "water", START))
    assert sorted(claim(town)) == ["case", "reply"]
    town.database.write(lambda c: resume_campaign(c, "water", START))
    assert claim(town) == ["bulk"]


def test_closing_calls_off_bulk_and_leaves_replies_and_cases(town: Town) -> None:
    put(town, "bulk", bulk=True)
    put(town, "reply", address=2)
    put(town, "case", bulk=True, address=3, case="c1")
    town.database.write(lambda c: close_campaign(c, "water", START))
    put(town, "bulk2", bulk=True)  # said by a turn that was under way when the campaign closed
    assert sorted(claim(town)) == ["case", "reply"]
    assert states(town) == {"bulk": "cancelled", "bulk2": "cancelled", "reply": "attempting", "case": "attempting"}


@pytest.mark.parametrize(
    ("consent", "sent"),
    [
        pytest.param("given", {"bulk", "case", "reply", "confirmation"}, id="may be written to"),
        pytest.param("case_only", {"case", "reply", "confirmation"}, id="kept the messages of a case"),
        pytest.param("stopped", {"confirmation"}, id="nothing but the confirmation"),
    ],
)
def test_invariant_3_consent_is_looked_at_again_before_each_attempt(town: Town, consent: str, sent: set[str]) -> None:
    """Consent changed after these were queued, and by another process; only the confirmation is of no interview."""
    put(town, "bulk", bulk=True, interview="i1", resident=1)
    put(town, "reply", address=2, interview="i1", resident=1)
    put(town, "case", bulk=True, address=3, case="c1", interview="i2", resident=1)
    put(town, "confirmation", address=4, resident=1)
    town.database.write(lambda c: c.execute(update(residents).values(consent=consent)))
    assert set(claim(town)) == sent
    assert {key for key, state in states(town).items() if state == "cancelled"} == ALL - sent


def test_invariant_3_a_reply_that_came_back_unsent_is_not_tried_again_after_an_opt_out(town: Town) -> None:
    """The call is under way when the resident opts out, and fails: that is no reason to write once more."""
    town.wakes()
    town.send()
    town.hear(1, "1")
    (reply,) = claimed(town)
    town.hear(1, "退订")
    settle(town, reply, "not_sent")
    town.clock.advance(timedelta(minutes=5))
    said = town.send()
    assert len(said) == 1
    assert said[0].startswith("已退订")


def test_a_message_nobody_wants_any_more_is_not_sent(town: Town) -> None:
    put(town, "old", expires_at=START)
    put(town, "fresh", address=2, expires_at=START + timedelta(seconds=1))
    assert claim(town) == ["fresh"]
    assert states(town)["old"] == "cancelled"


def test_nothing_is_claimed_before_it_is_due(town: Town) -> None:
    put(town, "later", at=START + timedelta(hours=1))
    assert claim(town, START) == []
    with town.database.read() as connection:
        assert claiming.next_due(connection) == START + timedelta(hours=1)
    assert claim(town, START + timedelta(hours=1)) == ["later"]


def test_invariant_2_each_attempt_has_an_id_of_its_own_that_follows_from_the_message(town: Town) -> None:
    """Committed before the call, so that a receipt that overtakes the response finds its message."""
    put(town, "a1")
    first = claimed(town)[0]
    (row,) = town.rows(table)
    assert (row.state, row.attempt, row.attempts) == ("attempting", first.attempt, 1)
    settle(town, first, "not_sent")
    second = claimed(town, START + timedelta(hours=1))[0]
    assert second.attempt != first.attempt
    settle(town, first, "accepted")  # a late word on the former attempt settles nothing
    assert states(town) == {"a1": "attempting"}


def test_pauses_grow_and_the_sixth_failure_is_put_aside_for_staff(town: Town) -> None:
    put(town, "a1")
    now, pauses = START, []
    for _ in range(outbox.TRIES):
        (message,) = claimed(town, now)
        settle(town, message, "not_sent", now)
        (row,) = town.rows(table)
        pauses.append((row.due_at - now).total_seconds())
        now = row.due_at
    assert row.state == "dead"
    assert all(longest / 2 <= pause <= longest for pause, longest in zip(pauses, [15, 30, 60, 120, 240], strict=False))
    assert claim(town, now + timedelta(days=1)) == []


def test_invariant_2_an_attempt_whose_process_died_is_asked_about_and_never_just_repeated(town: Town) -> None:
    put(town, "a1")
    claimed(town)
    just_before, after = WALL + claiming.LEASE, WALL + claiming.LEASE + timedelta(seconds=1)
    assert town.database.write(lambda c: unclear(c, town, just_before)) == []
    (asked,) = town.database.write(lambda c: unclear(c, town, after))
    assert (asked.address, asked.attempt) == (town.numbers[0], town.rows(table)[0].attempt)
    assert town.database.write(lambda c: unclear(c, town, after)) == []  # not at once again
    assert claim(town, START + timedelta(days=1)) == []


def test_evidence_is_asked_for_in_vain_for_ten_minutes_then_staff_must_look(town: Town) -> None:
    put(town, "a1")
    settle(town, claimed(town)[0], "unknown")
    wall, asked = WALL, 0
    while states(town) == {"a1": "unknown"}:
        wall += timedelta(seconds=5)
        asked += len(town.database.write(lambda c, at=wall: unclear(c, town, at)))
    assert states(town) == {"a1": "dead"}
    assert wall - WALL == outbox.EVIDENCE_FOR + timedelta(seconds=5)
    assert asked == 120


@pytest.mark.parametrize("state", ["attempting", "unknown"])
def test_invariant_2_after_a_long_outage_the_provider_is_still_asked_first(town: Town, state: str) -> None:
    """An hour down must not turn every call that was under way into a dead letter unasked."""
    put(town, "a1")
    message = claimed(town)[0]
    if state == "unknown":
        settle(town, message, "unknown")
    later = WALL + timedelta(hours=1)
    assert town.database.write(lambda c: outbox.lapse(c, later)) == 1
    soon = later + outbox.EVIDENCE_AFTER
    assert len(town.database.write(lambda c: unclear(c, town, soon))) == 1
    assert states(town) == {"a1": "unknown"}


def test_invariant_2_a_lease_found_run_out_long_ago_is_asked_about_too(town: Town) -> None:
    """On PostgreSQL no process is alone: leases run out instead of lapsing at the start."""
    put(town, "a1")
    claimed(town)
    later = WALL + timedelta(hours=1)
    assert len(town.database.write(lambda c: unclear(c, town, later))) == 1


def receipt(attempt: str, delivery: Delivery, minute: int = 1, provider_id: str = "p1") -> Receipt:
    error = "no route" if delivery is Delivery.FAILED else ""
    return Receipt("simulator", attempt, provider_id, delivery, START + timedelta(minutes=minute), error)


REPORTS = (Delivery.ACCEPTED, Delivery.FAILED, Delivery.DELIVERED)


def test_invariant_1_receipts_in_any_order_and_repeated_lead_to_the_same_state(town: Town) -> None:
    """Every permutation of every set of reports, each of them repeated, beside the response before or after them."""
    expected = {frozenset(REPORTS[:n]): state for n, state in ((1, "accepted"), (2, "failed"), (3, "delivered"))}
    expected |= {
        frozenset({Delivery.FAILED}): "failed",
        frozenset({Delivery.DELIVERED}): "delivered",
        frozenset({Delivery.ACCEPTED, Delivery.DELIVERED}): "delivered",
        frozenset({Delivery.FAILED, Delivery.DELIVERED}): "delivered",
    }
    number = 0
    for reports, state in expected.items():
        found = set()
        for order in permutations(reports):
            for response in ("before", "after", "never"):
                number += 1
                put(town, f"m{number}", address=1)
                (message,) = claimed(town)
                if response == "before":
                    settle(town, message, "accepted")
                told = [receipt(message.attempt, report) for report in (*order, order[0], *order)]
                town.database.write(lambda c, told=told: take_receipts(c, told))
                if response == "after":
                    settle(town, message, "accepted")
                (row,) = town.rows(table, key=f"m{number}")
                found.add((row.state, row.error, row.provider_id, row.delivered_at is not None))
        assert found == {(state, "refused: no route" if state == "failed" else "", "p1", state == "delivered")}


@pytest.mark.parametrize("channel_says", ["not_sent", "unknown"])
def test_invariant_2_a_receipt_proves_what_the_response_and_evidence_denied(town: Town, channel_says: str) -> None:
    """It is delivered, so it is neither sent again nor left for staff, however late the report comes."""
    put(town, "a1")
    message = claimed(town)[0]
    settle(town, message, channel_says)
    if channel_says == "unknown":
        later = WALL + timedelta(hours=1)
        town.database.write(lambda c: unclear(c, town, later))
        assert states(town) == {"a1": "dead"}
    town.database.write(lambda c: take_receipts(c, [receipt(message.attempt, Delivery.DELIVERED)]))
    assert states(town) == {"a1": "delivered"}
    assert claim(town, START + timedelta(days=1)) == []


def test_a_receipt_without_the_attempt_finds_its_message_by_the_providers_id(town: Town) -> None:
    put(town, "a1")
    put(town, "b1", address=2)
    for message in claimed(town):
        outcome = Outcome(message.id, message.attempt, "accepted", provider_id=f"p-{message.address}")
        town.database.write(lambda c, o=outcome: outbox.settle(c, [o], now=START, wall=WALL))
    told = [receipt("", Delivery.DELIVERED, provider_id=f"p-{town.numbers[1]}")]
    town.database.write(lambda c: take_receipts(c, told))
    assert states(town) == {"a1": "accepted", "b1": "delivered"}


def test_a_receipt_that_names_nothing_or_another_channel_moves_nothing(town: Town) -> None:
    put(town, "a1")
    (message,) = claimed(town)
    nothing = receipt("", Delivery.DELIVERED, provider_id="")
    foreign = Receipt("telegram", message.attempt, "p1", Delivery.DELIVERED, START)
    town.database.write(lambda c: take_receipts(c, [nothing, foreign]))
    assert states(town) == {"a1": "attempting"}


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_order_per_address_holds_whatever_becomes_of_the_calls(data: st.DataObject, tmp_path_factory: Any) -> None:
    """Replies to one address leave in the order they were said, through failures, pauses and unclear outcomes."""
    folder: Path = tmp_path_factory.mktemp("order")
    database = Database(f"sqlite:///{folder / 'd.db'}", Vault(Keys.from_seed("test")))
    try:
        database.write(migrate.upgrade)
        town = Town(database, 2)
        for number in range(6):
            put(town, f"{number}", address=1 + number % 2)
        now, left = START, []
        for _ in range(120):
            for message in claimed(town, now, wall=WALL + (now - START)):  # a channel that rests opens again
                state = data.draw(st.sampled_from(["accepted", "accepted", "not_sent", "unknown", "refused"]))
                settle(town, message, state, now)
                if state == "unknown":
                    state = data.draw(st.sampled_from(["accepted", "not_sent"]))
                    settle(town, message, state, now)
                if state == "accepted":
                    left.append(int(message.text.removeprefix("text ")))
            now += timedelta(minutes=10)
        for part in (0, 1):
            mine = [number for number in left if number % 2 == part]
            assert mine == sorted(set(mine))
        assert set(states(town).values()) <= {"accepted", "failed", "dead"}
    finally:
        database.close()
