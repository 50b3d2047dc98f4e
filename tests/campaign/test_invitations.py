"""Invitations that are printed: for whom, with what, and how they end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from office import house_over
from sqlalchemy import insert, select, update
from stored_rows import rows

from bot.actions.invitations import (
    ListInvitations,
    PrintInvitations,
    RevokeInvitations,
    list_invitations,
    print_invitations,
    revoke_invitations,
)
from bot.actions.persondata import EraseResident, ResidentData, erase_resident, resident_data
from bot.actions.progress import silent
from bot.actions.residents import ImportResidents, import_residents
from bot.actions.roster import ShowResident, show_resident
from bot.house import House
from scheduler.clock import SteppedClock
from storage.database import Database
from storage.tables.cases import events
from storage.tables.residents import addresses, invitations, resident_addresses, residents
from surveys.problem import Refused


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    """Return a house whose office has a bot."""
    account = {"telegram_token": "1:a", "telegram_name": "town_bot"}
    return house_over(database, SteppedClock(datetime(2026, 11, 2, tzinfo=UTC)), tmp_path, **account)


@pytest.fixture
def people(house: House, table: Callable[..., Path]) -> Path:
    path = table(
        "编号,姓名,手机,层,片区,语言,出生年份,同意来源,同意日期",
        "R1,王芳,13900000001,城区,西街,,1950,登记,2026-06-01",
        "R2,李雷,13900000002,城区,东街,,1960,登记,2026-06-01",
        "R3,John Smith,13900000003,乡镇,东街,en,1970,登记,2026-06-01",
    )
    import_residents(house, ImportResidents(path=path), silent)
    return path


def printed(house: House, **order: Any) -> dict[str, Any]:
    return print_invitations(house, PrintInvitations(**order), silent)


def open_ones(house: House) -> int:
    sources = list_invitations(house, ListInvitations(), silent)["sources"]
    return sources["sheet"]["open"] if sources else 0


@pytest.mark.usefixtures("people")
def test_cards_come_by_area_then_name_and_show_the_surname_alone(house: House) -> None:
    found = printed(house, office_ids=("R1", "R2", "R3", "R9"))
    assert sorted((c["area"], c["surname"]) for c in found["cards"]) == [
        ("东街", "Smith"), ("东街", "李"), ("西街", "王"),
    ]  # fmt: skip
    assert [c["area"] for c in found["cards"]] == ["东街", "东街", "西街"]
    assert found["unknown"] == ["R9"]
    assert found["valid_until"] == "2026-12-02"
    assert all(re.fullmatch(r"https://t\.me/town_bot\?start=[a-z2-7]{32}", c["link"]) for c in found["cards"])
    assert len({c["link"] for c in found["cards"]}) == 3


@pytest.mark.usefixtures("people")
def test_a_token_is_kept_as_a_hash_and_proves_nobody(house: House) -> None:
    found = printed(house, area="西街")
    (row,) = rows(house, select(invitations))
    token = found["cards"][0]["link"].rpartition("=")[2]
    assert row.token == house.database.vault.blind("invitation", token)
    assert token.encode() not in bytes(row.token)
    assert not row.confirmed  # the whole family may read a card


@pytest.mark.usefixtures("people")
def test_a_dry_run_makes_nothing(house: House) -> None:
    found = printed(house, area="东街", dry_run=True)
    assert (found["residents"], found["cards"]) == (2, [])
    assert rows(house, select(invitations)) == []


@pytest.mark.usefixtures("people")
def test_older_codes_stay_valid_unless_they_are_renewed(house: House) -> None:
    printed(house, area="东街")
    assert printed(house, area="东街")["ended"] == 0
    assert open_ones(house) == 4
    assert printed(house, area="东街", renew=True)["ended"] == 4
    assert open_ones(house) == 2


@pytest.mark.usefixtures("people")
def test_who_opted_out_gets_no_card_and_who_has_a_chat_only_by_name(house: House) -> None:
    def change(connection: Any) -> None:
        connection.execute(update(residents).where(residents.c.office_id == "R2").values(consent="stopped"))
        connection.execute(insert(addresses).values(id=50, kind="telegram", blind=b"x" * 32, value=b""))
        connection.execute(insert(resident_addresses).values(resident_id=3, address_id=50, rank=-1))

    house.database.write(change)
    found = printed(house, area="东街")
    assert (found["residents"], found["stopped"], found["linked"]) == (0, 1, 1)
    assert [c["office_id"] for c in printed(house, office_ids=("R2", "R3"))["cards"]] == ["R3"]


@pytest.mark.usefixtures("people")
def test_revoking_ends_what_is_open_of_those_named_or_of_everybody(house: House) -> None:
    printed(house, office_ids=("R1", "R2", "R3"))
    assert revoke_invitations(house, RevokeInvitations(area="西街"), silent) == {"revoked": 1}
    assert revoke_invitations(house, RevokeInvitations(everybody=True), silent) == {"revoked": 2}
    assert open_ones(house) == 0


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("order", "code"), [({}, "nobody_named"), ({"campaign": "none"}, "campaign_missing")])
def test_it_must_be_said_for_whom(house: House, order: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        printed(house, **order)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_without_a_bot_there_is_nothing_to_invite_to(house: House, tmp_path: Path) -> None:
    assert isinstance(house.clock, SteppedClock)
    without = house_over(house.database, house.clock, tmp_path)
    with pytest.raises(Refused) as refused:
        printed(without, area="东街")
    assert refused.value.problems[0].code == "no_telegram"


def test_who_is_erased_is_left_alone_by_the_next_import_which_says_so(house: House, people: Path) -> None:
    assert erase_resident(house, EraseResident(office_id="R1"), silent)["state"] == "erased"
    again = import_residents(house, ImportResidents(path=people), silent)
    assert (again.new, again.updated, again.suppressed) == (0, 0, 1)
    for action, order in (
        (show_resident, ShowResident),
        (resident_data, ResidentData),
        (erase_resident, EraseResident),
    ):
        with pytest.raises(Refused) as refused:
            action(house, order(office_id="R1"), silent)
        assert refused.value.problems[0].code == "unknown_resident"


@pytest.mark.usefixtures("people")
def test_show_lists_channels_and_the_consent_log(house: House) -> None:
    shown = show_resident(house, ShowResident(office_id="R3"), silent)
    assert [(c["kind"], c["preferred"], c["confirmed_on"]) for c in shown["channels"]] == [
        ("phone", True, "2026-06-01"),
    ]
    assert [(c["consent"], c["source"], c["at"][:10]) for c in shown["consents"]] == [("given", "登记", "2026-06-01")]
    assert "13900000003" not in str(shown)


@pytest.mark.usefixtures("people")
def test_handing_out_the_full_copy_is_recorded(house: House) -> None:
    data = resident_data(house, ResidentData(office_id="R2"), silent)
    assert data["resident"]["name"] == "李雷"
    assert [row.actor for row in rows(house, select(events).where(events.c.kind == "DataHandedOut"))] == ["staff"]
