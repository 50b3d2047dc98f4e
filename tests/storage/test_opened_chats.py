"""Opened chats: an invitation ties one chat to one resident, once; strangers get one answer a day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from town import CHANNELS, OFFICE, Town

from scheduler.talk import Talk
from storage.database import Database
from storage.entry import Entry
from storage.hearing import Settled
from storage.inbox import Inbound
from storage.invitations import counts, write_invitations
from storage.links import known_links
from storage.residents import put
from storage.tables.cases import events
from storage.tables.messages import inbox, outbox
from storage.tables.residents import addresses, invitations, resident_addresses
from storage.tables.talks import interviews
from surveys.consent.invitation import Invitation

TOKEN = "abcdefghijklmnop" * 2


class ChatTown(Town):
    """A town whose office has a bot."""

    def __init__(self, database: Database, size: int = 3, *, numbers: tuple[str, ...] = ()) -> None:
        super().__init__(database, size, numbers=numbers)
        office = replace(OFFICE, telegram="qingjiang_bot")
        self.talk = Talk(database, office, self.clock, {"telegram": "telegram", **CHANNELS})

    def invite(self, resident: int, token: str = TOKEN, *, confirmed: bool = True, days: int = 1) -> str:
        one = Invitation(token, resident, "sheet", confirmed, self.clock.now() + timedelta(days=days))
        self.database.write(lambda c: write_invitations(c, self.database.vault, [one], self.clock.now()))
        return token

    def chat(self, chat: str, text: str, provider_id: str = "") -> Settled:
        return self.talk.hear(self.written(chat, text, provider_id)).result()

    def written(self, chat: str, text: str, provider_id: str = "") -> Inbound:
        self.count += 1
        return Inbound("telegram", provider_id or f"u{self.count}", "telegram", chat, text, self.clock.now())

    def said(self) -> list[str]:
        """Return every message ever written for sending, in order."""
        vault = self.database.vault
        return [
            json.loads(vault.open("outbox.body", row.key, row.body))["text"]
            for row in sorted(self.rows(outbox), key=lambda row: row.id)
        ]

    def ties(self, resident: int) -> list[tuple[str, int, bool]]:
        """Return kind, rank and whether confirmed of each living link, the first tried first."""
        with self.database.read() as connection:
            rows = connection.execute(
                select(addresses.c.kind, resident_addresses.c.rank, resident_addresses.c.confirmed_at)
                .join(addresses, addresses.c.id == resident_addresses.c.address_id)
                .where(resident_addresses.c.resident_id == resident, resident_addresses.c.ended_at.is_(None))
                .order_by(resident_addresses.c.rank)
            )
            return [(kind, rank, at is not None) for kind, rank, at in rows]


@pytest.fixture
def town(database: Database) -> ChatTown:
    return ChatTown(database)


def test_an_invitation_ties_the_chat_to_its_resident_before_every_number(town: ChatTown) -> None:
    result = town.chat("1001", f"/start {town.invite(1)}")
    assert result.state == "done"
    assert town.ties(1) == [("telegram", -1, True), ("phone", 0, True)]
    (said,) = town.said()
    assert "清江市测评办" in said
    assert "退订" in said
    assert "王" not in said  # whoever opened it has not said who they are


def test_a_token_and_a_chat_id_are_nowhere_to_be_read(town: ChatTown) -> None:
    town.chat("100187654", f"/start {town.invite(1)}")
    town.chat("200187654", "/start")
    for table in (addresses, invitations, inbox, outbox, events):
        for row in town.rows(table):
            for value in row:
                held = value if isinstance(value, bytes) else str(value).encode()
                assert TOKEN.encode() not in held
                assert b"00187654" not in held


@pytest.mark.parametrize("second", ["1002", "1001"])
def test_an_invitation_is_used_once_whoever_opens_it_again(town: ChatTown, second: str) -> None:
    token = town.invite(1)
    town.chat("1001", f"/start {token}")
    town.chat(second, f"/start {token}")
    assert len(town.ties(1)) == 2
    with town.database.read() as connection:
        counted = counts(connection, town.clock.now())["sheet"]
    assert (counted.made, counted.used, counted.open, counted.expired) == (1, 1, 0, 0)


def test_two_chats_that_open_one_invitation_in_the_same_group_do_not_both_get_in(town: ChatTown) -> None:
    token = town.invite(1)
    futures = [town.talk.hear(town.written(chat, f"/start {token}")) for chat in ("1001", "1002", "1003")]
    assert [future.result().reason for future in futures] == ["", "stranger", "stranger"]
    assert len(town.ties(1)) == 2


def test_the_same_message_delivered_twice_links_once_and_is_welcomed_once(town: ChatTown) -> None:
    token = town.invite(1)
    first = town.chat("1001", f"/start {token}", "same")
    again = town.chat("1001", f"/start {token}", "same")
    assert (first.state, again.state) == ("done", "duplicate")
    assert len(town.said()) == 1


def test_an_invitation_that_has_run_out_links_nobody(town: ChatTown) -> None:
    token = town.invite(1)
    town.clock.move(town.clock.now() + timedelta(days=1))
    assert town.chat("1001", f"/start {token}").reason == "stranger"
    assert town.ties(1) == [("phone", 0, True)]


@pytest.mark.parametrize("text", ["/start", "/start nonsense", f"/start {'z' * 32}", f"/start {TOKEN} {TOKEN}"])
def test_a_stranger_is_told_in_both_languages_whom_to_ask(town: ChatTown, text: str) -> None:
    town.invite(1)
    assert town.chat("9", text) == Settled("done", "stranger")
    (said,) = town.said()
    assert said.count("0838-12345") == 2
    assert "测评办" in said
    assert "Qingjiang Survey Office" in said
    assert town.rows(outbox)[0].resident_id == 0


def test_a_stranger_is_answered_once_a_day_so_that_two_machines_do_not_talk(town: ChatTown) -> None:
    for _ in range(30):
        town.chat("9", "/start")
    assert len(town.said()) == 1
    town.clock.move(town.clock.now() + timedelta(days=1))
    town.chat("9", "/start")
    assert len(town.said()) == 2
    assert {row.state for row in town.rows(inbox)} == {"done"}  # staff are not buried in them


def test_what_else_a_stranger_writes_waits_for_a_person_and_is_not_answered(town: ChatTown) -> None:
    town.chat("9", "/start")
    assert town.chat("9", "喂?").reason == "unknown_number"
    assert town.chat("9", "/starting").reason == "unknown_number"
    assert len(town.said()) == 1


def test_an_unconfirmed_invitation_leaves_the_chat_unconfirmed(town: ChatTown) -> None:
    town.chat("1001", f"/start {town.invite(1, confirmed=False)}")
    assert town.ties(1)[0] == ("telegram", -1, False)


def test_one_resident_may_have_two_chats_and_the_newest_is_tried_first(town: ChatTown) -> None:
    town.chat("1001", f"/start {town.invite(1, 'a' * 32)}")
    town.chat("1002", f"/start {town.invite(1, 'b' * 32)}")
    assert [(kind, rank) for kind, rank, _ in town.ties(1)] == [("telegram", -2), ("telegram", -1), ("phone", 0)]


def test_a_chat_opened_again_by_its_resident_is_welcomed_and_stays_as_sure_as_it_was(town: ChatTown) -> None:
    town.chat("1001", f"/start {town.invite(1, 'a' * 32)}")
    town.chat("1001", f"/start {town.invite(1, 'b' * 32, confirmed=False)}")
    assert town.chat("1001", "/start").state == "done"
    assert town.ties(1)[0][2]
    assert len(town.said()) == 3


def test_a_chat_that_was_left_and_is_opened_again_lives_again(town: ChatTown) -> None:
    town.chat("1001", f"/start {town.invite(1, 'a' * 32)}")
    left = update(resident_addresses).where(resident_addresses.c.rank < 0).values(ended_at=town.clock.now())
    town.database.write(lambda c: c.execute(left))
    assert town.chat("1001", "/start").reason == ""
    kind, _, confirmed = town.ties(1)[0]
    assert (kind, confirmed) == ("telegram", True)  # the account is the same, so is the person


def test_who_asks_by_sms_gets_a_link_of_their_own_and_the_survey_stays_where_it_is(town: ChatTown) -> None:
    town.launch()
    town.wakes()
    town.hear(1, "1")
    town.hear(1, "用电报")
    said = town.said()[-1]
    link = next(word for word in said.split() if "t.me" in word).partition("https://t.me/qingjiang_bot?start=")[2]
    assert len(link) == 32
    town.chat("1001", f"/start {link}")
    assert town.ties(1) == [("telegram", -1, True), ("phone", 0, True)]
    places = {row.address_id for row in town.rows(interviews, resident_id=1)}
    town.hear(1, "2")
    assert {row.address_id for row in town.rows(interviews, resident_id=1)} == places
    assert "3/6" in town.said()[-1]


def test_a_link_asked_for_on_a_shared_number_proves_nobody(database: Database) -> None:
    town = ChatTown(database, numbers=("+8613900000001", "+8613900000001"))
    town.hear(1, "TELEGRAM")
    (row,) = town.rows(invitations)
    assert not row.confirmed
    assert row.expires_at - row.made_at == timedelta(hours=24)


def test_an_import_ends_numbers_it_no_longer_lists_and_never_a_chat(town: ChatTown) -> None:
    town.chat("1001", f"/start {town.invite(1)}")
    entry = Entry("R1", "王1", "zh", 1970, telegram=False, phones=("+8613900099999",))
    town.database.write(lambda c: put(c, town.database.vault, [entry], set(), town.clock.now()))
    assert town.ties(1) == [("telegram", -1, True), ("phone", 0, False)]
    with town.database.read() as connection:
        assert len(known_links(connection, [1], []).by_resident[1]) == 2
