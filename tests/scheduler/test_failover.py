"""When a channel does not reach a resident: the next one takes over, a shut chat ends, a carrier's STOP counts."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert
from town import OFFICE, START, Pigeon, Town, run_async

from scheduler.dispatch import Dispatch
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from scheduler.talk import Talk
from storage import outbox as outbox_module
from storage.database import Database
from storage.failure import Failure
from storage.gates import THRESHOLD, Limits
from storage.inbox import Inbound
from storage.receipts import Delivery, Receipt, take_receipts
from storage.resending import sent_again
from storage.tables.cases import events
from storage.tables.messages import gates, outbox
from storage.tables.residents import addresses, consents, resident_addresses, residents
from storage.tables.talks import interviews
from surveys.campaign.plan import CampaignKind

CHAT = "1001"
#: A resident's chat has this address id in these tests; far from those of phones.
CHAT_ADDRESS = 9001


class TwoWays:
    """A town whose first resident has a chat before the phone."""

    def __init__(self, database: Database, **changes: Any) -> None:
        self.town = Town(database, 2)
        kinds = {"telegram": "telegram", "whatsapp": "phone", "sms": "phone"}
        self.town.talk = Talk(database, OFFICE, self.town.clock, kinds)
        self.pigeons = {name: Pigeon(name) for name in kinds}
        database.write(self._link)
        self.plan = self.town.plan(channels=("telegram", "sms"), **changes)
        self.town.launch(self.plan, drawn=[1])
        self.town.wakes()

    def _link(self, connection: Connection) -> None:
        vault = self.town.database.vault
        blind = vault.blind("telegram", CHAT)
        value = vault.seal("addresses.value", blind.hex(), CHAT)
        connection.execute(insert(addresses).values(id=CHAT_ADDRESS, kind="telegram", blind=blind, value=value))
        connection.execute(
            insert(resident_addresses).values(
                resident_id=1, address_id=CHAT_ADDRESS, rank=-1, confirmed_at=self.town.clock.now()
            )
        )

    def send(self) -> None:
        """Send and run what follows until nothing is due."""
        dispatch = Dispatch(self.town.database, self.pigeons, self.town.clock, OFFICE)
        for _ in range(4):
            run_async(dispatch.run_once())
            self.town.wakes()

    def said(self, channel: str) -> list[str]:
        return [message.text for message in self.pigeons[channel].sent]

    def fails(self, channel: str, failure: Failure) -> None:
        self.pigeons[channel].answer = lambda _: NotSent("the provider says so", failure)

    def hears(self, channel: str, text: str) -> None:
        self.town.count += 1
        sender = CHAT if channel == "telegram" else self.town.numbers[0]
        kind = self.town.talk.channels[channel]
        inbound = Inbound(channel, f"m{self.town.count}", kind, sender, text, self.town.clock.now())
        self.town.talk.hear(inbound).result()

    def kinds(self) -> list[str]:
        return [row.kind for row in self.town.rows(events)]


@pytest.fixture
def ways(database: Database) -> TwoWays:
    return TwoWays(database)


def test_the_chat_a_resident_chose_is_preferred_to_the_phone(ways: TwoWays) -> None:
    ways.send()
    assert len(ways.said("telegram")) == 1
    assert ways.said("sms") == []


@pytest.mark.parametrize("failure", [Failure.BLOCKED, Failure.UNREACHABLE])
def test_an_invitation_the_chat_does_not_take_goes_by_sms(ways: TwoWays, failure: Failure) -> None:
    ways.fails("telegram", failure)
    ways.send()
    assert ways.said("telegram") == []
    (text,) = ways.said("sms")
    assert "五水共治" in text
    assert "1/6" in text
    (interview,) = ways.town.rows(interviews)
    assert interview.address_id != CHAT_ADDRESS
    assert interview.channel == "sms"
    assert "ChannelFailedOver" in ways.kinds()


def test_an_interview_goes_on_elsewhere_where_it_stood(ways: TwoWays) -> None:
    ways.send()
    ways.hears("telegram", "1")
    ways.fails("telegram", Failure.BLOCKED)
    ways.send()
    (text,) = ways.said("sms")
    assert "2/6" in text
    ways.hears("sms", "1")
    ways.send()
    assert "3/6" in ways.said("sms")[-1]


def test_a_blocked_chat_is_left_for_good(ways: TwoWays) -> None:
    ways.fails("telegram", Failure.BLOCKED)
    ways.send()
    (link,) = ways.town.rows(resident_addresses, address_id=CHAT_ADDRESS)
    assert link.ended_at is not None
    assert "ChannelLeft" in ways.kinds()
    assert {row.consent for row in ways.town.rows(residents)} == {"given"}  # a chat was shut, no opt-out said


def test_when_no_channel_is_left_that_is_recorded_and_nothing_repeats(ways: TwoWays) -> None:
    ways.fails("telegram", Failure.UNREACHABLE)
    ways.fails("sms", Failure.UNREACHABLE)
    ways.send()
    assert ways.kinds().count("ResidentOutOfReach") == 1
    assert [row.state for row in ways.town.rows(outbox)] == ["failed", "failed"]
    ways.town.clock.advance(timedelta(days=1))
    ways.send()
    assert ways.kinds().count("ResidentOutOfReach") <= 2  # the reminder found the same


def test_failover_waits_for_the_day(database: Database) -> None:
    ways = TwoWays(database)
    ways.fails("telegram", Failure.UNREACHABLE)
    dispatch = Dispatch(database, ways.pigeons, ways.town.clock, OFFICE)
    run_async(dispatch.run_once())
    ways.town.clock.advance(timedelta(hours=11))  # nine in the evening
    ways.send()
    assert ways.said("sms") == []
    ways.town.clock.advance(timedelta(hours=12))
    ways.send()
    assert len(ways.said("sms")) >= 1


def test_on_one_number_whatsapp_gives_way_to_sms(database: Database) -> None:
    ways = TwoWays(database)
    ways.town.launch(ways.town.plan("second", channels=("whatsapp", "sms")), drawn=[2])
    ways.fails("whatsapp", Failure.UNREACHABLE)
    ways.town.wakes()
    ways.send()
    assert ways.said("whatsapp") == []
    assert len(ways.said("sms")) == 1


def test_a_carriers_stop_is_an_opt_out_on_all_channels(ways: TwoWays) -> None:
    ways.send()
    ways.hears("telegram", "1")
    ways.fails("telegram", Failure.OPTED_OUT)
    ways.send()
    assert ways.said("sms") == []
    assert ways.town.rows(residents, id=1)[0].consent == "stopped"
    assert [row.source for row in ways.town.rows(consents, consent="stopped")] == ["carrier"]


def test_a_report_that_a_number_is_dead_fails_over_too(ways: TwoWays) -> None:
    ways.send()
    (row,) = ways.town.rows(outbox)
    told = Receipt("telegram", row.attempt, "p0", Delivery.FAILED, ways.town.clock.now(), "30005", Failure.UNREACHABLE)
    ways.town.database.write(lambda c: take_receipts(c, [told, told]))
    ways.send()
    assert len(ways.said("sms")) == 1


def test_a_phone_that_is_off_is_tried_three_times_hours_apart_then_another_channel(ways: TwoWays) -> None:
    ways.fails("telegram", Failure.AWAY)
    tried: list[Outgoing] = []
    ways.pigeons["telegram"].answer = lambda m: (tried.append(m), NotSent("off", Failure.AWAY))[1]
    ways.send()
    for _ in range(40):
        ways.town.clock.advance(timedelta(hours=1))
        ways.send()
    assert len([m for m in tried if "1/6" in m.text]) == 3
    assert len(ways.said("sms")) >= 1


def test_what_a_provider_throttles_uses_up_no_try(ways: TwoWays) -> None:
    answers: list[Accepted | NotSent | Unknown] = [NotSent("429", Failure.BUSY, 30.0)] * 7
    ways.pigeons["telegram"].answer = lambda _: answers.pop() if answers else Accepted("p")
    for _ in range(9):
        ways.send()
        ways.town.clock.advance(timedelta(minutes=1))
    (row,) = ways.town.rows(outbox)
    assert (row.state, row.faults) == ("accepted", 0)
    assert row.attempts == 8


@pytest.mark.parametrize("order", ["opt-out before the attempt", "attempt before the opt-out"])
def test_invariant_3_an_opt_out_stops_what_has_not_been_attempted_on_every_channel(ways: TwoWays, order: str) -> None:
    """Committed before the attempt it stops that message; afterwards no attempt begins, reminder or failover."""
    stopped_during_the_call: list[str] = []

    async def slow(message: Outgoing) -> Accepted | NotSent | Unknown:
        ways.pigeons["telegram"].sent.append(message)
        if not stopped_during_the_call:
            stopped_during_the_call.append(message.text)
            ways.hears("sms", "退订")  # by the phone, while the chat's call is under way
        return NotSent("shut meanwhile", Failure.BLOCKED)

    if order.startswith("opt-out"):
        ways.hears("sms", "退订")
    else:
        ways.pigeons["telegram"].send = slow  # type: ignore[method-assign]  # a provider that takes its time
    ways.send()
    for _ in range(100):
        ways.town.clock.advance(timedelta(hours=1))
        ways.send()
    asked = [text for name in ways.pigeons for text in ways.said(name) if "/6" in text]
    assert asked == stopped_during_the_call
    (confirmation,) = ways.said("sms")
    assert confirmation.startswith("已退订")
    assert {row.state for row in ways.town.rows(outbox)} <= {"accepted", "cancelled", "failed"}


def test_invariant_3_a_claim_and_an_opt_out_at_once_are_one_after_the_other(ways: TwoWays) -> None:
    """Whoever commits second finds what the first has written."""
    for n in range(20):
        ways.town.launch(ways.town.plan(f"w{n}", channels=("sms",)), drawn=[2])
    ways.town.wakes()

    async def both() -> None:
        dispatch = Dispatch(ways.town.database, ways.pigeons, ways.town.clock, OFFICE)
        inbound = Inbound("sms", "stop", "phone", ways.town.numbers[1], "退订", ways.town.clock.now())
        stop = asyncio.wrap_future(ways.town.talk.hear(inbound))
        await asyncio.gather(dispatch.run_once(), stop)
        await dispatch.run_once()

    run_async(both())
    rows = ways.town.rows(outbox, resident_id=2)
    assert {row.state for row in rows} <= {"accepted", "cancelled"}
    sent = {row.attempt for row in rows if row.state == "accepted"}
    assert sent == {m.attempt for m in ways.pigeons["sms"].sent if m.address == ways.town.numbers[1]}


def unclear_then(ways: TwoWays) -> None:
    """Let outcomes become unclear, and settle them by policy at once."""
    ways.pigeons["telegram"].limits = Limits(evidence=False)
    answers: list[Accepted | NotSent | Unknown] = [Unknown("the connection broke")]
    ways.pigeons["telegram"].answer = lambda _: answers.pop() if answers else Accepted("p")
    ways.send()


def settled(ways: TwoWays, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settle what is unclear, without the usual wait."""
    monkeypatch.setattr(outbox_module, "EVIDENCE_AFTER", timedelta(seconds=-1))
    dispatch = Dispatch(ways.town.database, ways.pigeons, ways.town.clock, OFFICE)
    ways.town.database.write(
        lambda c: c.execute(outbox.update().where(outbox.c.state == "unknown").values(lease_until=START))
    )
    run_async(dispatch.settle_unclear())
    ways.send()


def test_where_nobody_can_be_asked_an_open_question_is_sent_again_and_that_is_recorded(
    ways: TwoWays, monkeypatch: pytest.MonkeyPatch
) -> None:
    unclear_then(ways)
    settled(ways, monkeypatch)
    first, second = ways.said("telegram")
    assert second == f"{sent_again('zh')}\n{first}"  # who has answered the first copy need not again
    assert len({m.attempt for m in ways.pigeons["telegram"].sent}) == 2
    assert ways.kinds().count("SentAgainAfterUnknown") == 1


def test_a_second_copy_says_so_even_if_it_was_throttled_at_first(
    ways: TwoWays, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a try certainly did not arrive says nothing of the one before it."""
    unclear_then(ways)
    busy = [NotSent("429", Failure.BUSY, 1.0)]
    ways.pigeons["telegram"].answer = lambda _: busy.pop() if busy else Accepted("p")
    settled(ways, monkeypatch)
    ways.town.clock.advance(timedelta(minutes=1))
    ways.send()
    assert not busy
    first, second = ways.said("telegram")
    assert second == f"{sent_again('zh')}\n{first}"


def test_a_question_that_was_answered_meanwhile_is_not_sent_again(
    ways: TwoWays, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its second copy would be answered again, and the answer taken for one to the next question."""
    unclear_then(ways)
    ways.hears("telegram", "1")
    settled(ways, monkeypatch)
    asked = [text for text in ways.said("telegram") if "1/6" in text]
    assert len(asked) == 1
    assert "2/6" in ways.said("telegram")[-1]
    assert {row.state for row in ways.town.rows(outbox)} == {"accepted"}  # who answers a question has read it


def test_publicity_nobody_knows_the_outcome_of_is_put_aside(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = TwoWays(database, kind=CampaignKind.AWARENESS, messages={"zh": "请节约用水。"}, form="")
    unclear_then(ways)
    settled(ways, monkeypatch)
    assert len(ways.said("telegram")) == 1
    assert [row.state for row in ways.town.rows(outbox)] == ["dead"]


def test_what_was_to_be_sent_again_is_let_go_when_the_conversation_has_gone_on_meanwhile(
    ways: TwoWays, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the decision to send it again and the next claim the resident may answer the first copy."""
    unclear_then(ways)
    monkeypatch.setattr(outbox_module, "EVIDENCE_AFTER", timedelta(seconds=-1))
    dispatch = Dispatch(ways.town.database, ways.pigeons, ways.town.clock, OFFICE)
    ways.town.database.write(
        lambda c: c.execute(outbox.update().where(outbox.c.state == "unknown").values(lease_until=START))
    )
    run_async(dispatch.settle_unclear())
    ways.hears("telegram", "1")
    ways.send()
    assert len([text for text in ways.said("telegram") if "1/6" in text]) == 1
    assert [row.error for row in ways.town.rows(outbox, state="cancelled")] == ["overtaken"]


def test_evidence_that_a_provider_has_nothing_speaks_well_of_the_channel(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred attempts of a process that died are tried again at once; the channel must not rest for it."""
    monkeypatch.setattr(outbox_module, "EVIDENCE_AFTER", timedelta(seconds=-1))
    town = Town(database, 2 * THRESHOLD)
    town.launch()
    while town.wakes():
        pass
    left = iter(range(2 * THRESHOLD))
    town.pigeon.answer = lambda _: Unknown("the process died") if next(left, None) is not None else Accepted("p")
    town.send()
    town.database.write(lambda c: c.execute(gates.update().values(failures=0, closed_until=None)))
    run_async(town.dispatch().settle_unclear())
    assert len(town.send()) == 2 * THRESHOLD
    assert town.states() == ["accepted"] * 2 * THRESHOLD


def test_a_provider_that_answers_nothing_at_all_lets_the_channel_rest(database: Database) -> None:
    town = Town(database, 3 * THRESHOLD)
    town.launch()
    while town.wakes():
        pass
    calls: list[str] = []

    def silent(message: Outgoing) -> Unknown:
        calls.append(message.attempt)
        return Unknown("no answer")

    town.pigeon.answer = silent
    town.send()
    town.hear(1, "1")
    before = len(calls)
    town.send()
    assert len(calls) == before
    assert town.rows(gates)[0].failures >= THRESHOLD
