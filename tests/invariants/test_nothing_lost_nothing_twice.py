"""Invariants 1 and 2 as a machine of chance: duplicates, reordering, and a kill at every boundary of the way.

The pigeon stands for the provider: what it has accepted is counted on its side, in `delivered`, and never by us.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import Connection
from town import CHANNELS, OFFICE, Town

from scheduler.talk import Talk
from scheduler.wakes import run_due
from storage import migrate, outbox
from storage.claiming import Claimed, Claiming, claim
from storage.database import Database
from storage.failure import Failure
from storage.gates import Limits
from storage.hearing import hear_group
from storage.inbox import Inbound
from storage.outbox import Outcome
from storage.receipts import Delivery, Receipt
from storage.tables.cases import events
from storage.tables.messages import inbox
from storage.tables.messages import outbox as table
from storage.tables.talks import answers, conversations, wakes
from storage.vault import Keys, Vault

RESIDENTS = 3
SAID = ("1", "2", "好", "嗯嗯嗯", "没有", "帮助", "跳过", "上一题", "路灯坏了", "同意", "退订", "恢复")
texts = st.sampled_from(SAID)
residents = st.integers(1, RESIDENTS)
choices = st.integers(0, 10_000)


class Killed(Exception):
    """The process died before its transaction was committed."""


class House(RuleBasedStateMachine):
    """One embedded service, its provider, and the residents."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{Path(self.folder.name) / 'pingyi.db'}"
        database = Database(url, Vault(Keys.from_seed("test")))
        database.write(migrate.upgrade)
        self.town = Town(database, RESIDENTS)
        self.town.launch()
        self.wall = datetime(2026, 1, 1, tzinfo=UTC)
        self.heard: list[Inbound] = []  # what providers were told is committed
        self.flights: list[Claimed] = []  # attempts committed, the call not made yet
        self.answered: list[tuple[Claimed, str]] = []  # calls made, the outcome not settled yet
        self.delivered: list[tuple[int, str, str]] = []  # by the pigeon's own count: row, attempt, address

    # -- messages come in

    @rule(resident=residents, text=texts, times=st.integers(1, 3))
    def a_message_comes_in(self, resident: int, text: str, times: int) -> None:
        """Deliver a message up to three times at once, as webhooks do."""
        message = self.town.inbound(resident, text)
        futures = [self.town.talk.hear(message) for _ in range(times)]
        states = [future.result().state for future in futures]
        assert states[0] != "duplicate"
        assert states[1:] == ["duplicate"] * (times - 1)
        self.heard.append(message)

    @rule(pick=choices)
    def an_old_message_comes_again(self, pick: int) -> None:
        """Deliver what was committed long ago once more."""
        if self.heard:
            assert self.town.talk.hear(self.heard[pick % len(self.heard)]).result().state == "duplicate"

    @rule(resident=residents, text=texts)
    def killed_before_a_message_is_committed(self, resident: int, text: str) -> None:
        """Die before the commit: no 200 was sent, so the provider delivers it again."""
        message = self.town.inbound(resident, text)
        before = len(self.town.rows(inbox))

        def die(connection: Connection) -> None:
            hear_group(connection, self.town.talk.desk, self.town.clock.now(), [message])
            raise Killed

        self._killed(die)
        assert len(self.town.rows(inbox)) == before
        assert self.town.talk.hear(message).result().state != "duplicate"
        self.heard.append(message)

    # -- the clock strikes

    @rule(hours=st.sampled_from([1, 6, 25]))
    def time_passes(self, hours: int) -> None:
        """Run what falls due: invitations, reminders, ends."""
        self.town.clock.advance(timedelta(hours=hours))
        self.town.wakes()

    @rule()
    def killed_before_wakes_are_committed(self) -> None:
        """Die after deciding due wakes: they are due still."""

        def die(connection: Connection) -> None:
            run_due(connection, self.town.talk.desk, self.town.clock.now(), CHANNELS)
            raise Killed

        self._killed(die)

    # -- messages go out

    @rule()
    def killed_before_a_claim_is_committed(self) -> None:
        """Die before the attempt is committed: no call was made, and none is owed."""

        def die(connection: Connection) -> None:
            self._claim(connection)
            raise Killed

        self._killed(die)

    @rule()
    def an_attempt_is_committed(self) -> None:
        """Claim what may go."""
        self.flights += self.town.database.write(self._claim)

    @rule(pick=choices, answer=st.sampled_from(["accepted", "accepted", "lost", "not_sent", "refused"]))
    def the_provider_is_called(self, pick: int, answer: str) -> None:
        """Make a call; with "lost" the message is taken and the response never arrives."""
        if not self.flights:
            return
        message = self.flights.pop(pick % len(self.flights))
        if answer in {"accepted", "lost"}:
            self.delivered.append((message.id, message.attempt, message.address))
        self.answered.append((message, "unknown" if answer == "lost" else answer))

    @rule(pick=choices)
    def an_outcome_is_settled(self, pick: int) -> None:
        """Write how one of the calls ended, in any order."""
        if self.answered:
            message, state = self.answered.pop(pick % len(self.answered))
            self._settle(message, state)

    @rule(pick=choices, delivery=st.sampled_from(Delivery), times=st.integers(1, 2))
    def a_receipt_arrives(self, pick: int, delivery: Delivery, times: int) -> None:
        """Report anything ever taken, in any order, also before the response."""
        if self.delivered:
            _, attempt, _ = self.delivered[pick % len(self.delivered)]
            receipt = Receipt("simulator", attempt, f"p-{attempt}", delivery, self.town.clock.now())
            for _ in range(times):
                self.town.talk.receipt(receipt).result()

    @rule()
    def evidence_is_asked_for(self) -> None:
        """Ask the provider about unclear attempts, but for calls that are still to be made."""
        self.wall += timedelta(seconds=10)
        vault = self.town.database.vault
        now = self.town.clock.now()
        for message in self.town.database.write(
            lambda c: outbox.unclear(c, vault, blind_channels=(), now=now, wall=self.wall, limit=64)
        ):
            if all(message.attempt != flying.attempt for flying in self.flights):
                self._settle(message, "accepted" if self._taken(message) else "not_sent")

    @rule()
    def killed_and_started_again(self) -> None:
        """Die: calls not made yet are never made, responses not settled yet are never read."""
        self.flights.clear()
        self.answered.clear()
        url, vault = self.town.database.url, self.town.database.vault
        self.town.database.close()
        self.town.database = Database(url, vault)
        self.town.talk = Talk(self.town.database, OFFICE, self.town.clock, CHANNELS)
        self.town.database.write(lambda c: outbox.lapse(c, self.wall))

    # -- what must hold all the time

    @invariant()
    def invariant_2_nothing_is_taken_twice(self) -> None:
        """Count on the provider's side."""
        rows = [row for row, _, _ in self.delivered]
        assert len(rows) == len(set(rows))

    @invariant()
    def invariant_1_every_message_has_its_one_row(self) -> None:
        """Compare what providers were told is committed with what is."""
        keys = sorted(message.provider_id for message in self.heard)
        assert sorted(row.provider_id for row in self.town.rows(inbox)) == keys

    @invariant()
    def invariant_1_every_stimulus_moved_its_conversation_once(self) -> None:
        """Count the turns of each conversation: one per message, one per wake that ran."""
        turns = {row.address_id: row.turn for row in self.town.rows(conversations)}
        for address in range(1, RESIDENTS + 1):
            said = len(self.town.rows(inbox, address_id=address))
            struck = [w for w in self.town.rows(wakes, resident_id=address, state="done") if w.kind != "case_due"]
            withheld = self.town.rows(events, resident_id=address, kind="InvitationWithheld")
            assert turns.get(address, 0) == said + len(struck) - len(withheld)

    @invariant()
    def replies_reach_each_address_in_order(self) -> None:
        """Look at replies as the provider took them."""
        replies = {row.id for row in self.town.rows(table, priority=0)}
        for number in self.town.numbers:
            mine = [row for row, _, address in self.delivered if address == number and row in replies]
            assert mine == sorted(mine)

    @invariant()
    def one_call_at_a_time_to_an_address(self) -> None:
        """Count the attempts without an outcome."""
        under_way = [row.address_id for row in self.town.rows(table) if row.state in {"attempting", "unknown"}]
        assert len(under_way) == len(set(under_way))

    def teardown(self) -> None:
        """Let everything settle: nothing is left in the air, and both sides count the same."""
        try:
            for message, state in self.answered:
                self._settle(message, state)
            self.answered = []
            for _ in range(200):
                self.town.clock.advance(timedelta(hours=1))
                for message in self.flights + self.town.database.write(self._claim):
                    self.delivered.append((message.id, message.attempt, message.address))
                    self._settle(message, "accepted")
                self.flights = []
                self.evidence_is_asked_for()
                if set(self.town.states()) <= {"accepted", "delivered", "failed", "cancelled", "dead"}:
                    break
            self.invariant_2_nothing_is_taken_twice()
            rows: dict[int, Any] = {row.id: row for row in self.town.rows(table)}
            taken = {row for row, _, _ in self.delivered}
            assert {row.state for row in rows.values()} <= {"accepted", "delivered", "failed", "cancelled", "dead"}
            assert {n for n, row in rows.items() if row.state in {"accepted", "delivered"}} <= taken
            assert not {n for n, row in rows.items() if row.state in {"cancelled", "dead"}} & taken
            keys = [(row.interview_id, row.question) for row in self.town.rows(answers)]
            assert len(keys) == len(set(keys))
        finally:
            self.town.database.close()
            self.folder.cleanup()

    def _claim(self, connection: Connection) -> list[Claimed]:
        now, vault = self.town.clock.now(), self.town.database.vault
        order = Claiming(vault, OFFICE, {"simulator": Limits()}, now=now, wall=self.wall, limit=64, bulk=64)
        return claim(connection, order).messages

    def _settle(self, message: Claimed, state: str) -> None:
        failure = Failure.REFUSED if state == "refused" else Failure.DOWN
        ended = "failed" if state in {"not_sent", "refused"} else state
        outcome = Outcome(message.id, message.attempt, ended, "simulator", f"p-{message.attempt}", "", failure)
        now = self.town.clock.now()
        self.town.database.write(lambda c: outbox.settle(c, [outcome], now=now, wall=self.wall))

    def _taken(self, message: Claimed) -> bool:
        return any(attempt == message.attempt for _, attempt, _ in self.delivered)

    def _killed(self, die: Any) -> None:
        try:
            self.town.database.write(die)
        except Killed:
            return
        raise AssertionError("it was to be killed")


TestInvariants1And2 = House.TestCase
TestInvariants1And2.settings = settings(deadline=None, max_examples=25, stateful_step_count=30)
