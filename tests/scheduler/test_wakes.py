"""Due wakes: what each kind does, what makes one stale, and what becomes of one that fails."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from town import CHANNELS, OFFICE, START, Town, invited

from scheduler import wakes as handlers
from scheduler.talk import Talk
from storage.campaigns import close_campaign, pause_campaign, resume_campaign
from storage.database import Database
from storage.tables.campaigns import campaigns
from storage.tables.cases import cases, events
from storage.tables.residents import resident_addresses, residents
from storage.tables.talks import interviews, wakes
from storage.wakes import TRIES, write_wakes
from surveys.dialogue.turn import Wake


@pytest.fixture
def town(database: Database) -> Town:
    """Three residents whose survey has begun."""
    return invited(database)


def add(town: Town, *wanted: Wake) -> None:
    town.database.write(lambda c: write_wakes(c, wanted))


def state(town: Town, key: str) -> str:
    (row,) = town.rows(wakes, key=key)
    return str(row.state)


def interview(town: Town, resident: int) -> Any:
    (row,) = town.rows(interviews, resident_id=resident, purpose="survey")
    return row


def happened(town: Town, kind: str) -> int:
    return len(town.rows(events, kind=kind))


@pytest.mark.parametrize("kind", ["remind", "resume"])
def test_a_wake_whose_turn_has_passed_does_nothing(town: Town, kind: str) -> None:
    now = town.clock.now()
    add(town, Wake(kind, now, interview(town, 1).id, "old", guard=0, resident=1))
    town.hear(1, "1")
    town.send()
    town.wakes()
    assert state(town, "old") == "stale"
    assert town.send() == []


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        pytest.param("remind", "gone", id="no such interview"),
        pytest.param("callback", "gone", id="no such case"),
        pytest.param("case_due", "gone", id="no such case"),
        pytest.param("invite", "1", id="no such campaign"),
        pytest.param("awareness", "0", id="no such campaign"),
        pytest.param("close", "gone", id="no such campaign"),
    ],
)
def test_a_wake_about_what_is_not_there_is_stale(town: Town, kind: str, subject: str) -> None:
    add(town, Wake(kind, town.clock.now(), subject, "lost", resident=1, campaign="gone"))
    town.wakes()
    assert state(town, "lost") == "stale"


def test_a_wake_of_an_unknown_kind_is_tried_then_shown_to_staff(town: Town) -> None:
    """A process of an older version on the same database must not swallow what it does not know."""
    add(town, Wake("dance", town.clock.now(), "x", "odd"))
    tried = 0
    while state(town, "odd") == "due":
        tried += town.talk.run_wakes().result()
        (row,) = town.rows(wakes, key="odd")
        town.clock.move(max(row.due_at, town.clock.now()))
    assert (state(town, "odd"), tried, row.error) == ("failed", TRIES, "KeyError in dance")


def test_a_handler_that_fails_is_tried_later_and_harms_no_neighbour(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [True]

    def fail(run: handlers.Run, wake: handlers.DueWake) -> handlers.WakeEnd:
        del run
        if broken[0]:
            raise RuntimeError("boom")
        return handlers.WakeEnd(wake.id, "done")

    monkeypatch.setattr(handlers, "HANDLERS", {**handlers.HANDLERS, "dance": fail})
    now = town.clock.now()
    add(town, Wake("dance", now, "x", "odd"), Wake("resume", now, interview(town, 2).id, "good"))
    town.wakes()
    assert (state(town, "odd"), state(town, "good")) == ("due", "done")
    (row,) = town.rows(wakes, key="odd")
    assert (row.due_at, row.attempts) == (now + timedelta(minutes=4), 1)
    broken[0] = False
    town.clock.move(row.due_at)
    town.wakes()
    assert state(town, "odd") == "done"


def test_a_row_the_database_refuses_does_not_block_the_rest(town: Town) -> None:
    """Two wakes would begin the same interview: the second insert fails, alone, and is given up in the end."""
    again = Wake("invite", town.clock.now(), "1", "again", resident=1, campaign="water")
    good = Wake("resume", town.clock.now(), interview(town, 2).id, "good")
    town.hear(1, "我不想参加")  # ended: it is no longer loaded, and its id is taken
    add(town, again, good)
    for _ in range(TRIES):
        with pytest.raises(DBAPIError):
            town.talk.run_wakes().result()
        town.talk.run_wakes_apart()
        (row,) = town.rows(wakes, key="again")
        town.clock.move(max(row.due_at, town.clock.now()))
    assert (state(town, "again"), state(town, "good")) == ("failed", "done")


def test_a_paused_campaign_rests_and_goes_on_where_it_was(database: Database) -> None:
    town = Town(database)
    town.launch()
    town.database.write(lambda c: pause_campaign(c, "water", START))
    assert town.wakes() == 0
    town.database.write(lambda c: resume_campaign(c, "water", START))
    assert town.wakes() == 3


def test_the_close_wake_closes_running_and_paused_campaigns(town: Town) -> None:
    town.database.write(lambda c: pause_campaign(c, "water", START))
    town.clock.move(START + timedelta(days=21))
    town.wakes()
    (row,) = town.rows(campaigns)
    assert (row.state, row.closed_at) == ("closed", town.clock.now())
    assert {r.state for r in town.rows(wakes, kind="remind")} == {"stale"}
    assert town.pass_time(timedelta(days=1)) == []


def test_an_invitation_at_night_waits_for_the_morning(database: Database) -> None:
    town = Town(database, 1)
    town.clock.move(START + timedelta(hours=12))
    town.launch()
    town.wakes()
    (row,) = town.rows(wakes, kind="invite")
    assert (row.state, row.due_at) == ("due", START + timedelta(hours=23))
    assert town.rows(interviews) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda c: c.execute(update(residents).values(consent="stopped")), "stopped", id="opted out"),
        pytest.param(lambda c: c.execute(update(residents).values(consent="case_only")), "stopped", id="case only"),
        pytest.param(
            lambda c: c.execute(update(resident_addresses).values(ended_at=START)), "no_address", id="no number"
        ),
    ],
)
def test_who_must_not_or_cannot_be_written_to_is_not_invited_and_counted(
    database: Database, change: Any, reason: str
) -> None:
    town = Town(database, 1)
    town.launch()
    town.database.write(change)
    town.wakes()
    assert town.send() == []
    (event,) = town.rows(events, kind="InvitationWithheld")
    assert event.data == f'{{"reason": "{reason}"}}'


def test_a_number_taken_from_a_resident_in_the_middle_ends_their_interview_quietly(town: Town) -> None:
    """An import moved the number to somebody else: reminders are stale, and the end comes without an error."""
    town.database.write(lambda c: c.execute(update(resident_addresses).values(ended_at=START)))
    assert town.pass_time(timedelta(days=40)) == []
    assert {row.state for row in town.rows(wakes)} == {"done", "stale"}
    assert {row.stage for row in town.rows(interviews)} == {"expired"}


def complain(town: Town, resident: int) -> Any:
    for text in ("反映", "路口的路灯坏了", "同意"):
        town.hear(resident, text)
    town.send()
    (case,) = town.rows(cases, resident_id=resident)
    return case


def claim_done(town: Town, case: str, **changes: Any) -> None:
    """Let the unit say that it is done, with the callback due at once."""
    at = town.clock.now()
    told = {"state": "staff_resolved", "unit_id": "chengguan", "round": 1, "resolved_at": at, **changes}
    town.database.write(lambda c: c.execute(update(cases).where(cases.c.id == case).values(told)))
    add(town, Wake("callback", at, case, f"callback|{case}|1", guard=1))


def test_a_callback_tells_what_was_done_and_outranks_the_survey_which_resumes(town: Town) -> None:
    case = complain(town, 1)
    claim_done(town, case.id)
    town.wakes()
    (told,) = town.send()
    assert case.number in told
    assert "城管局" in told
    for text in ("1", "1", "1", "1"):
        town.hear(1, text)
        said = town.send()
    assert "1/5" not in said[0]
    town.hear(1, "没有")
    (last,) = town.send()
    assert "1/6" in last  # the survey's question again
    assert [row.state for row in town.rows(cases)] == ["confirmed"]


def test_a_callback_goes_on_when_its_campaign_rests_or_has_closed(town: Town) -> None:
    """What a resident wants handled does not depend on whether the survey goes on."""
    case = complain(town, 1)
    town.database.write(lambda c: c.execute(update(cases).values(campaign_id="water")))  # told in the survey
    claim_done(town, case.id)
    town.wakes()
    town.database.write(lambda c: pause_campaign(c, "water", START))
    assert len(town.send()) == 1
    assert len(town.pass_time(timedelta(days=2))) == 1  # its first reminder
    town.clock.move(START + timedelta(days=2, hours=1))
    town.database.write(lambda c: c.execute(update(campaigns).values(state="running")))
    town.database.write(lambda c: close_campaign(c, "water", town.clock.now()))
    assert len(town.pass_time(timedelta(days=3))) == 1  # its second


@pytest.mark.parametrize("consent", ["given", "case_only"])
def test_on_a_number_not_confirmed_a_callback_first_asks_who_it_is_even_after_close(
    database: Database, consent: str
) -> None:
    """The question whose phone it is may go wherever the matter behind it may."""
    town = Town(database, 1, confirmed=False)
    town.launch()
    town.wakes()
    town.hear(1, "本人")
    case = complain(town, 1)
    town.database.write(lambda c: c.execute(update(cases).values(campaign_id="water")))
    town.database.write(lambda c: c.execute(update(resident_addresses).values(confirmed_at=None)))
    town.database.write(lambda c: c.execute(update(residents).values(consent=consent)))
    town.clock.move(START + timedelta(days=21))
    town.wakes()
    town.send()
    claim_done(town, case.id)
    town.wakes()
    (asked,) = town.send()
    assert "王" in asked
    assert case.number not in asked  # not even that there is a case is for other eyes
    town.hear(1, "本人")
    (told,) = town.send()
    assert case.number in told


@pytest.mark.parametrize(
    ("consent", "state_after"),
    [
        pytest.param("given", "callback", id="asked"),
        pytest.param("case_only", "callback", id="asked: kept the messages of the case"),
        pytest.param("stopped", "declined", id="opted out: not asked, counted as declined"),
    ],
)
def test_a_callback_looks_at_consent(town: Town, consent: str, state_after: str) -> None:
    case = complain(town, 1)
    town.database.write(lambda c: c.execute(update(residents).values(consent=consent)))
    claim_done(town, case.id)
    town.wakes()
    assert [row.state for row in town.rows(cases)] == [state_after]
    assert len(town.send()) == (consent != "stopped")


def test_a_callback_to_a_resident_without_a_number_ends_as_not_reached(town: Town) -> None:
    case = complain(town, 1)
    town.database.write(lambda c: c.execute(update(resident_addresses).values(ended_at=START)))
    claim_done(town, case.id)
    town.wakes()
    assert [(row.state, row.outcome) for row in town.rows(cases)] == [("unreachable", "unreachable")]


def test_a_callback_for_a_former_round_is_stale(town: Town) -> None:
    case = complain(town, 1)
    claim_done(town, case.id, round=2)
    town.wakes()
    assert state(town, f"callback|{case.id}|1") == "stale"


def test_a_case_whose_clock_ran_out_is_escalated_once(town: Town) -> None:
    case = complain(town, 1)
    due = town.clock.now() + timedelta(hours=1)
    change = {"state": "assigned", "unit_id": "chengguan", "due_at": due}
    town.database.write(lambda c: c.execute(update(cases).values(change)))
    for key in ("one", "two"):
        add(town, Wake("case_due", due, case.id, key, resident=1))
    town.clock.move(due)
    town.wakes()
    assert [row.escalation for row in town.rows(cases)] == [1]
    assert sorted([state(town, "one"), state(town, "two")]) == ["done", "stale"]
    assert town.send() == []  # the resident hears nothing of it


def test_two_processes_never_run_the_same_wake_twice(database: Database) -> None:
    """On PostgreSQL they claim side by side; on SQLite one waits for the other's transaction."""
    town = Town(database, 150)
    town.launch()
    second = Database(database.url, database.vault)
    try:
        other = Talk(second, OFFICE, town.clock, CHANNELS)
        begun = threading.Barrier(2)
        ran: list[int] = []

        def work(talk: Talk) -> None:
            begun.wait(10)
            while count := talk.run_wakes().result(30):
                ran.append(count)

        threads = [threading.Thread(target=work, args=(talk,)) for talk in (town.talk, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        second.close()
    assert sum(ran) == 150
    assert happened(town, "ResidentInvited") == 150
    assert {row.state for row in town.rows(wakes, kind="invite")} == {"done"}
    assert len(town.send()) == 150


def test_wakes_due_at_once_run_by_time_then_resident(database: Database) -> None:
    """So that runs repeat exactly on either database, whatever order the rows were written in."""
    town = Town(database, 5)
    town.launch(drawn=[4, 2, 5, 1, 3])
    town.wakes()
    assert [row.resident_id for row in town.rows(events, kind="ResidentInvited")] == [1, 2, 3, 4, 5]


def test_a_wake_of_the_same_key_is_the_same_wake(town: Town) -> None:
    for due in (START, START + timedelta(days=1)):
        add(town, Wake("close", due, "water", "only once", campaign="water"))
    (row,) = town.rows(wakes, key="only once")
    assert row.due_at == START
