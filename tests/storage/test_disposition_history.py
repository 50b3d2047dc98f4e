"""What became of everybody sampled: its history agrees with what is counted, and staff may tell what no chat shows."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import update
from town import START, Town, invited

from storage import erasure
from storage.analysis import read_analysis
from storage.database import Database
from storage.dispositions import tell
from storage.histories import History, histories, unreleased
from storage.persondata import person_data
from storage.receipts import Delivery, Receipt, take_receipts
from storage.tables.campaigns import sample
from storage.tables.cases import events
from storage.tables.dispositions import told_dispositions
from storage.tables.messages import outbox
from storage.tables.talks import wakes
from surveys.statistics.analysis import AnalysisSet

ALL_SIX = ("1", "2", "否", "没有", "1", "1")


def analysed(town: Town) -> AnalysisSet:
    with town.database.read() as connection:
        return read_analysis(connection, town.database.vault, "water")


def codes(town: Town) -> dict[int, str]:
    people = sorted(analysed(town).respondents, key=lambda person: person.key)
    return {number: person.disposition for number, person in enumerate(people, 1)}


def history(town: Town, resident: int) -> History:
    with town.database.read() as connection:
        (found,) = histories(connection, town.database.vault, "water", resident)
    return found


def steps(town: Town, resident: int) -> list[tuple[str, str]]:
    return [(step.code, step.by) for step in history(town, resident).steps]


def told(town: Town, resident: int, code: str, reason: str = "女儿来电") -> bool:
    now = town.clock.now()
    return town.database.write(lambda c: tell(c, town.database.vault, "water", resident, code, reason, "staff", now))


def delivered(town: Town, resident: int, delivery: Delivery = Delivery.DELIVERED) -> None:
    receipts = [
        Receipt("simulator", row.attempt, f"p{row.id}", delivery, town.clock.now())
        for row in town.rows(outbox, resident_id=resident)
    ]
    town.database.write(lambda c: take_receipts(c, receipts))


@pytest.fixture
def town(database: Database) -> Town:
    """Eight residents drawn, an hour after their invitations: each does something else."""
    made = invited(database, 8)
    made.clock.advance(timedelta(hours=1))
    for text in ALL_SIX:
        made.clock.advance(timedelta(minutes=1))
        made.hear(1, text)
    made.hear(2, "2")
    made.hear(3, "我不想参加")
    delivered(made, 4)
    delivered(made, 5, Delivery.FAILED)
    for text in ALL_SIX[:5]:
        made.clock.advance(timedelta(minutes=1))
        made.hear(6, text)
    made.clock.advance(timedelta(hours=1))
    return made


def test_the_last_step_of_every_history_is_the_code_that_is_counted(town: Town) -> None:
    with town.database.read() as connection:
        found = histories(connection, town.database.vault, "water")
    assert {one.resident: one.code for one in found} == codes(town)
    assert [one.pseudonym for one in found] == sorted(one.pseudonym for one in found)
    for one in found:
        assert [step.at for step in one.steps] == sorted(step.at for step in one.steps)
        assert all(a.code != b.code for a, b in zip(one.steps, one.steps[1:], strict=False))


def test_an_interview_goes_from_nothing_over_a_break_off_to_complete(town: Town) -> None:
    assert steps(town, 1) == [
        ("3.10", "Released"), ("2.12", "AnswerTaken"), ("1.2", "AnswerTaken"), ("1.1", "InterviewCompleted"),
    ]  # fmt: skip
    first = history(town, 1).steps
    assert first[0].at == START
    assert first[1].at == START + timedelta(minutes=61)


def test_refusal_delivery_and_failure_each_leave_their_step(town: Town) -> None:
    assert steps(town, 3) == [("3.10", "Released"), ("2.11", "InterviewDeclined")]
    assert steps(town, 4) == [("3.10", "Released"), ("2.20", "MessageDelivered")]
    assert steps(town, 5) == [("3.10", "Released"), ("3.30", "DeliveryFailed")]
    assert steps(town, 6)[-1] == ("1.2", "AnswerTaken")
    assert steps(town, 7) == [("3.10", "Released")]


def test_what_staff_are_told_is_a_step_and_so_is_taking_it_back(town: Town) -> None:
    assert told(town, 7, "4.10")
    town.clock.advance(timedelta(hours=1))
    assert codes(town)[7] == "4.10"
    assert told(town, 7, "", "弄错了人")
    assert codes(town)[7] == "3.10"
    assert steps(town, 7) == [("3.10", "Released"), ("4.10", "DispositionTold"), ("3.10", "DispositionTold")]


def test_an_interview_is_an_interview_unless_the_person_was_never_eligible(town: Town) -> None:
    told(town, 1, "2.32")
    assert codes(town)[1] == "1.1"
    told(town, 1, "4.70")
    assert codes(town)[1] == "4.70"
    told(town, 2, "2.31")
    assert codes(town)[2] == "2.31"


def test_whoever_has_died_is_not_reminded(town: Town) -> None:
    told(town, 8, "2.31")
    sent = len(town.pigeon.sent)
    town.pass_time(timedelta(days=5))
    assert [m for m in town.pigeon.sent[sent:] if m.address == town.numbers[7]] == []
    assert {row.state for row in town.rows(wakes, resident_id=8, kind="remind")} <= {"stale", "done"}
    assert any(m.address == town.numbers[6] for m in town.pigeon.sent[sent:])


def test_a_reserve_that_was_not_released_has_no_disposition_and_none_can_be_told(town: Town) -> None:
    town.database.write(lambda c: c.execute(update(sample).where(sample.c.resident_id == 8).values(released_at=None)))
    assert not told(town, 8, "4.10")
    assert town.rows(told_dispositions) == []
    with town.database.read() as connection:
        assert unreleased(connection, "water") == 1
        assert len(histories(connection, town.database.vault, "water")) == 7


def test_the_reason_is_sealed_and_the_event_holds_the_code_alone(town: Town) -> None:
    told(town, 8, "4.10", "女儿说搬去了上海")
    (row,) = town.rows(told_dispositions)
    assert "上海".encode() not in row.reason
    (event,) = town.rows(events, kind="DispositionTold")
    assert json.loads(event.data) == {"code": "4.10"}


def test_the_reason_is_handed_out_to_the_resident_and_lost_when_they_are_erased(town: Town) -> None:
    told(town, 8, "4.10", "女儿说搬去了上海")
    with town.database.read() as connection:
        data = person_data(connection, town.database.vault, "R8")
    assert data is not None
    assert [(one["code"], one["reason"]) for one in data["dispositions"]] == [("4.10", "女儿说搬去了上海")]
    town.database.write(lambda c: erasure.erase(c, town.database.vault, 8, town.clock.now()))
    (row,) = town.rows(told_dispositions)
    assert (row.code, row.reason) == ("4.10", b"")
    assert codes(town)[8] == "4.10"


def test_a_history_outlives_the_answers_it_came_from(town: Town) -> None:
    """Who has everything deleted counts as having refused; when that was is the last step."""
    town.clock.advance(timedelta(days=1))
    town.database.write(lambda c: erasure.erase(c, town.database.vault, 1, town.clock.now()))
    assert codes(town)[1] == "2.11"
    last = history(town, 1).steps[-1]
    assert (last.code, last.at) == ("2.11", town.clock.now())


def test_whoever_opts_out_before_the_invitation_has_refused(database: Database) -> None:
    town = Town(database, 2)
    town.hear(1, "退订")
    town.launch()
    town.wakes()
    assert codes(town)[1] == "2.11"
    assert steps(town, 1)[-1] == ("2.11", "InvitationWithheld")


def test_times_language_and_omissions_come_with_the_answers(town: Town) -> None:
    town.hear(7, "1")
    town.clock.advance(timedelta(minutes=2))
    for text in ("什么", "什么啊", "不知所云"):
        town.hear(7, text)
    found = analysed(town)
    key = sorted(found.respondents, key=lambda person: person.key)[6].key
    mine = found.paradata[key]
    assert set(mine.at) == {"q1"}
    assert mine.language == "zh"
    assert (mine.skipped, mine.unread) == (frozenset(), frozenset({"q2"}))
    addresses = [one.address for one in found.paradata.values()]
    assert len(set(addresses)) == len(addresses)
    assert not any(number[-8:] in repr(found.paradata) for number in town.numbers)


@pytest.mark.parametrize(
    ("said", "direction"),
    [
        pytest.param(("4", "1", "第1题改成1"), "up", id="corrected by number"),
        pytest.param(("4", "上一题", "1"), "up", id="taken back, then given anew"),
        pytest.param(("1", "上一题", "4"), "down", id="for the worse"),
        pytest.param(("1", "上一题", "1"), "same", id="the same again"),
    ],
)
def test_a_change_leaves_its_direction_and_its_silence_and_neither_answer(
    town: Town, said: tuple[str, ...], direction: str
) -> None:
    *before, last = said
    for text in before:
        town.hear(8, text)
    town.clock.advance(timedelta(hours=2))
    town.hear(8, last)
    (event,) = town.rows(events, kind="AnswerCorrected")
    data = json.loads(event.data)
    # Going back is heard before the silence; what counts is how long ago the answer before it came.
    assert (data["question"], data["direction"], data["after"]) == ("q1", direction, 7200)
    changes = next((p.changes for p in analysed(town).paradata.values() if p.changes), ())
    assert [one.raised for one in changes] == ([] if direction == "same" else [direction == "up"])
