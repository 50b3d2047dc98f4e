"""Invariant 7: the time and patience of residents are bounded, whatever campaigns ask for."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from town import OFFICE, START, Town, invited

from storage import migrate
from storage.database import Database
from storage.tables.campaigns import campaigns, reach, sample
from storage.tables.cases import cases, events
from storage.tables.messages import outbox
from storage.tables.talks import interviews
from storage.vault import Keys, Vault
from storage.wakes import write_wakes
from surveys.campaign.contact import Allowed, NotYet, Withheld, may_contact, next_opening
from surveys.campaign.plan import CampaignKind
from surveys.consent.consent import Consent
from surveys.dialogue.turn import Wake

BULK = 1
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC")
days = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda naive: naive.replace(tzinfo=UTC))  # noqa: DTZ001 - given its zone at once
hours = st.integers(0, 22).flatmap(lambda opens: st.tuples(st.just(opens), st.integers(opens + 1, 23)))


@contextmanager
def town_of_its_own(size: int = 3, **about: Any) -> Iterator[Town]:
    """Open a town on a database of its own, for laws that live many times."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'pingyi.db'}", Vault(Keys.from_seed("test")))
        database.write(migrate.upgrade)
        try:
            yield Town(database, size, **about)
        finally:
            database.close()


@settings(deadline=None, max_examples=200)
@given(days, st.sampled_from(ZONES), hours)
def test_the_next_opening_is_the_first_decent_moment(now: datetime, zone: str, day: tuple[int, int]) -> None:
    """Not earlier than now, within the hours, and nothing decent lies before it; daylight saving included."""
    opens, closes = time(day[0]), time(day[1])
    found = next_opening(now, zone, opens, closes)
    assert found >= now
    assert opens <= found.astimezone(ZoneInfo(zone)).time() < closes
    assert next_opening(found, zone, opens, closes) == found
    before = now
    while before < found:
        assert not opens <= before.astimezone(ZoneInfo(zone)).time() < closes
        before += timedelta(minutes=17)


OPEN, SHUT = START, START + timedelta(hours=10)


@pytest.mark.parametrize(
    ("consent", "about_case", "contacts", "opening", "verdict"),
    [
        pytest.param("given", False, 0, OPEN, Allowed(), id="nothing stands against it"),
        pytest.param("given", False, 1, OPEN, Allowed(), id="one contact is bearable"),
        pytest.param("given", False, 2, OPEN, Withheld("capped"), id="two were enough"),
        pytest.param("given", True, 9, OPEN, Allowed(), id="one's own case is not capped"),
        pytest.param("given", False, 0, SHUT, NotYet(SHUT), id="quiet hours"),
        pytest.param("given", True, 0, SHUT, NotYet(SHUT), id="quiet hours are for cases too"),
        pytest.param("given", False, 2, SHUT, Withheld("capped"), id="no use waiting for the morning"),
        pytest.param("case_only", False, 0, OPEN, Withheld("stopped"), id="kept the case's messages alone"),
        pytest.param("case_only", True, 0, OPEN, Allowed(), id="and this is one"),
        pytest.param("stopped", True, 0, OPEN, Withheld("stopped"), id="opted out of all"),
        pytest.param("stopped", False, 0, SHUT, Withheld("stopped"), id="opted out, by night as well"),
    ],
)
def test_invariant_7_one_message_that_nobody_asked_for(
    consent: str,
    about_case: bool,  # noqa: FBT001 - a parameter
    contacts: int,
    opening: datetime,
    verdict: object,
) -> None:
    assert (
        may_contact(
            consent=Consent(consent), about_case=about_case, contacts=contacts, cap=2, now=OPEN, opening=opening
        )
        == verdict
    )


stimuli = st.lists(
    st.tuples(
        st.integers(1, 3), st.sampled_from(["1", "好", "稍后", "反映", "路灯坏了", "同意", "退订", "办理", "人工"])
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=20)
@given(hours, st.integers(0, 23), st.integers(0, 11), stimuli)
def test_invariant_7_bulk_is_sent_within_the_plans_hours_only(
    day: tuple[int, int], start: int, every: int, said: list[tuple[int, str]]
) -> None:
    """Five days of invitations, reminders and callbacks; each message is looked at by the time it was sent."""
    with town_of_its_own() as town:
        town.clock.advance(timedelta(hours=start))
        opens, closes = time(day[0]), time(day[1])
        plan = town.plan(day_opens=opens, day_closes=closes)
        town.launch(plan)
        town.wakes()
        for number, (resident, text) in enumerate(said):
            town.pass_time(timedelta(hours=1 + every))
            town.hear(resident, text)
            for case in town.rows(cases, state="received"):
                claim_done(town, case.id, number)
        town.pass_time(timedelta(days=4))
        for row in town.rows(outbox, priority=BULK):
            if row.sent_at is None:
                continue
            local = row.sent_at.astimezone(ZoneInfo(plan.zone)).time()
            if row.campaign_id and not row.case_id:
                assert opens <= local < closes
            else:  # a case, or a matter of no campaign: the office's own hours
                assert OFFICE.day_opens <= local < OFFICE.day_closes
        reminded: dict[str, int] = defaultdict(int)
        for event in town.rows(events, kind="ResidentReminded"):
            reminded[event.interview_id] += 1
        assert max(reminded.values(), default=0) <= 2


def claim_done(town: Town, case: str, number: int) -> None:
    at = town.clock.now()
    told = {"state": "staff_resolved", "unit_id": "chengguan", "round": 1, "resolved_at": at}
    town.database.write(lambda c: c.execute(update(cases).where(cases.c.id == case).values(told)))
    wake = Wake("callback", at, case, f"callback|{case}|{number}", guard=1)
    town.database.write(lambda c: write_wakes(c, [wake]))


def test_invariant_7_at_most_two_reminders_and_none_after_an_answer(database: Database) -> None:
    town = invited(database)
    town.hear(2, "1")  # answers once, then falls silent
    town.pass_time(timedelta(hours=30))
    town.hear(3, "好")  # answers after the first reminder
    town.pass_time(timedelta(days=30))
    reminders = town.rows(events, kind="ResidentReminded")
    assert sorted(row.resident_id for row in reminders) == [1, 1, 3]


def awareness(town: Town, name: str) -> Any:
    return town.plan(name, kind=CampaignKind.AWARENESS, form="", messages={"zh": "河长制热线 12345"})


@pytest.mark.parametrize("apart", [0, 1, 48], ids=["at once", "an hour apart", "two days apart"])
def test_invariant_7_no_resident_hears_from_more_than_two_campaigns_in_thirty_days(
    database: Database, apart: int
) -> None:
    """Also when all of them fall due in one and the same transaction."""
    town = Town(database, 2)
    for number in range(5):
        plan = awareness(town, f"tell{number}") if number % 2 else town.plan(f"ask{number}")
        town.launch(plan)
        if apart:
            town.wakes()
            town.send()
            town.clock.advance(timedelta(hours=apart))
            if town.clock.now().astimezone(ZoneInfo("Asia/Shanghai")).hour not in range(9, 20):
                town.clock.advance(timedelta(hours=14))
    town.wakes()
    town.send()
    for resident in (1, 2):
        heard = {row.campaign_id for row in town.rows(outbox, resident_id=resident, priority=BULK)}
        assert len(heard) <= OFFICE.contact_cap
    withheld = town.rows(events, kind="InvitationWithheld")
    capped = [row for row in town.rows(reach) if row.outcome == "capped"]
    assert len(withheld) + len(capped) + len(town.rows(reach, outcome="drawn")) >= 2


def test_invariant_7_notices_that_fall_due_in_one_transaction_count_one_another(database: Database) -> None:
    town = Town(database, 1)
    for number in range(4):
        town.launch(awareness(town, f"tell{number}"))
    town.wakes()
    assert [row.outcome for row in town.rows(reach)] == ["sent", "sent", "capped", "capped"]
    assert len(town.send()) == 2


def test_the_cap_counts_thirty_days_and_no_more(database: Database) -> None:
    town = Town(database, 1)
    for number in range(3):
        town.launch(awareness(town, f"tell{number}"))
        town.wakes()
    assert [row.outcome for row in town.rows(reach)] == ["sent", "sent", "capped"]
    town.clock.advance(timedelta(days=31))
    town.launch(awareness(town, "tell9"))
    town.wakes()
    assert [row.outcome for row in town.rows(reach, campaign_id="tell9")] == ["sent"]


@pytest.mark.parametrize(
    ("state", "outcomes"),
    [
        pytest.param("running", {1: "drawn", 2: "drawn", 3: "sent"}, id="in the field"),
        pytest.param("paused", {1: "drawn", 2: "drawn", 3: "sent"}, id="paused is in the field"),
        pytest.param("closed", {1: "sent", 2: "sent", 3: "sent"}, id="after close"),
    ],
)
def test_publicity_never_reaches_an_address_of_a_drawn_resident_between_draw_and_close(
    database: Database, state: str, outcomes: dict[int, str]
) -> None:
    """Resident 1 is drawn; 2 shares the number and would show the message to 1; 3 lives elsewhere."""
    shared, own = "+8613900000001", "+8613900000003"
    town = Town(database, numbers=[shared, shared, own])
    town.launch(drawn=[1])
    town.database.write(lambda c: c.execute(update(campaigns).where(campaigns.c.id == "water").values(state=state)))
    town.clock.advance(timedelta(hours=1))
    before = len(town.pigeon.sent)
    town.launch(awareness(town, "tell"))
    town.wakes()
    town.send()
    assert {row.resident_id: row.outcome for row in town.rows(reach)} == outcomes
    told = [message.address for message in town.pigeon.sent[before:] if "河长制" in message.text]
    assert told.count(own) == 1
    assert told.count(shared) == (2 if state == "closed" else 0)


def test_reserves_not_released_yet_are_drawn_all_the_same(database: Database) -> None:
    town = Town(database, 2)
    town.launch(drawn=[1])
    town.database.write(lambda c: c.execute(update(sample).values(released_at=None, replicate=1)))
    town.launch(awareness(town, "tell"))
    town.wakes()
    assert {row.resident_id: row.outcome for row in town.rows(reach)} == {1: "drawn", 2: "sent"}


def test_one_question_is_open_at_a_number_that_two_drawn_residents_share(database: Database) -> None:
    """The second survey waits; both first ask whose phone it is, one after the other."""
    number = "+8613900000001"
    town = Town(database, numbers=[number, number])
    town.launch()
    town.wakes()
    (first,) = town.send()
    assert "王" in first
    assert sorted(row.stage for row in town.rows(interviews)) == ["open", "waiting", "waiting"]
