"""A chat that was shut and is written from again belongs to the same person: above all their STOP holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from town import START, Town

from storage.database import Database
from storage.inbox import Act, Inbound
from storage.invitations import write_invitations
from storage.stuck import Which, replay, stuck_messages
from storage.tables.messages import outbox
from storage.tables.residents import invitations, resident_addresses, residents
from surveys.consent.invitation import Invitation

TOKEN = "abcdefghijklmnopqrstuvwxyz"  # noqa: S105 - of this test alone


@pytest.fixture
def town(database: Database) -> Town:
    made = Town(database, 2)
    made.talk.channels = {"telegram": "telegram", "simulator": "phone"}
    offers = [
        Invitation(token, 1, "sheet", True, START + timedelta(days=30))
        for token in (TOKEN, TOKEN.upper().lower() + "2")
    ]
    database.write(lambda c: write_invitations(c, database.vault, offers, START))
    write(made, f"/start {TOKEN}")
    return made


def write(town: Town, text: str, act: Act = Act.SAID) -> str:
    town.count += 1
    inbound = Inbound("telegram", f"t{town.count}", "telegram", "7001", text, town.clock.now(), act=act)
    return town.talk.hear(inbound).result().state


def test_a_stop_from_a_chat_that_was_shut_and_opened_again_is_an_opt_out(town: Town) -> None:
    write(town, "", Act.LEFT)
    assert write(town, "退订") == "done"
    assert town.rows(residents, id=1)[0].consent == "stopped"


def test_a_chat_where_a_stranger_answered_stays_ended(town: Town) -> None:
    town.launch(drawn=[1])
    town.wakes()
    town.database.write(lambda c: c.execute(resident_addresses.update().values(confirmed_at=None)))
    write(town, "", Act.LEFT)
    ended = [row for row in town.rows(resident_addresses) if row.ended_at is not None]
    assert len(ended) == 1
    assert write(town, "你好") == "done"
    assert all(row.ended_at is None for row in town.rows(resident_addresses))


def test_an_invitation_that_is_used_ends_the_others_on_sheets(town: Town) -> None:
    assert {row.used_at is not None or row.expires_at <= town.clock.now() for row in town.rows(invitations)} == {True}


@pytest.mark.parametrize("how", ["stopped", "erased"])
def test_nothing_is_tried_again_to_who_has_opted_out_or_was_deleted(town: Town, how: str) -> None:
    town.launch(drawn=[1])
    town.wakes()
    town.database.write(lambda c: c.execute(outbox.update().values(state="dead")))
    changed = {"consent": "stopped"} if how == "stopped" else {"erased_at": START}
    town.database.write(lambda c: c.execute(residents.update().values(**changed)))
    with town.database.read() as connection:
        rows = stuck_messages(connection, Which(), 10)
    assert rows
    assert all(row.barred for row in rows)
    assert town.database.write(lambda c: replay(c, Which(), town.clock.now())) == 0
