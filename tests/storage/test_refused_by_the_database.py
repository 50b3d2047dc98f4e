"""What the database refuses is not asked of it for ever: numbers that meet, rows that cannot be written."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from town import Town, invited

from storage.database import Database
from storage.hearing import hear_group
from storage.tables.cases import cases
from storage.tables.messages import inbox
from storage.vault import Vault


@pytest.fixture
def town(database: Database) -> Town:
    return invited(database, 4)


def report(town: Town, resident: int) -> None:
    """Let a resident report something and want it handled."""
    for text in ("我要反映问题", f"第{resident}盏路灯不亮", "1"):
        town.hear(resident, text)


def test_cases_whose_numbers_would_meet_get_different_ones(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a thousand cases in a day two meet by chance: the second one's message must not be refused for ever."""
    drawn = Vault.digits

    def few(self: Vault, *parts: object, length: int) -> str:
        number = drawn(self, *parts, length=length)
        return f"{int(number) % 2:0{length}d}" if parts[0] == "case" else number

    monkeypatch.setattr(Vault, "digits", few)
    report(town, 1)
    report(town, 2)
    numbers = [row.number for row in town.rows(cases)]
    assert len(set(numbers)) == 2


def test_two_cases_opened_in_one_group_do_not_share_a_number(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for resident in (1, 2):
        for text in ("我要反映问题", "路灯不亮"):
            town.hear(resident, text)
    drawn = Vault.digits

    def few(self: Vault, *parts: object, length: int) -> str:
        number = drawn(self, *parts, length=length)
        return f"{int(number) % 2:0{length}d}" if parts[0] == "case" else number

    monkeypatch.setattr(Vault, "digits", few)
    futures = [town.talk.hear(town.inbound(resident, "1")) for resident in (1, 2)]
    assert [future.result().state for future in futures] == ["done", "done"]
    assert len({row.number for row in town.rows(cases)}) == 2


def test_a_message_whose_effects_are_refused_is_kept_heard_again_and_at_last_shown(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider is answered: it would repeat the message for hours and then give up."""
    refusing = True

    def heard(connection: Any, desk: Any, now: Any, group: Any) -> Any:
        if refusing:
            raise IntegrityError("INSERT", {}, ValueError("two rows with one key"))
        return hear_group(connection, desk, now, group)

    monkeypatch.setattr("scheduler.talk.hear_group", heard)
    town.talk._hear = town.talk._hear_group
    assert town.hear(1, "1", "m1").state == "failed"
    assert town.hear(1, "1", "m1").state == "duplicate"
    (row,) = town.rows(inbox)
    assert (row.state, row.reason) == ("failed", "refused by the database")
    refusing = False
    town.talk.retry_failed()
    (row,) = town.rows(inbox)
    assert (row.state, row.body) == ("done", b"")
    assert "2/6" in town.send()[-1]


def test_what_goes_on_being_refused_waits_for_a_person(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise IntegrityError("INSERT", {}, ValueError("two rows with one key"))

    monkeypatch.setattr("scheduler.talk.hear_group", refuse)
    monkeypatch.setattr("scheduler.talk.hear_again", refuse)
    assert town.hear(1, "1", "m1").state == "failed"
    for _ in range(6):
        town.talk.retry_failed()
    (row,) = town.rows(inbox)
    assert row.state == "staff"
