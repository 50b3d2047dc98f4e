"""Answers from paper, phone and doorstep: checked as in the chat, written whole, taken back whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from office import house_over
from sqlalchemy import select, update
from town import START, Town

from bot.actions.answers import (
    ImportAnswers,
    ListImports,
    UndoImport,
    import_answers,
    list_imports,
    undo_import,
)
from bot.actions.progress import silent
from bot.house import House
from storage.analysis import read_analysis
from storage.database import Database
from storage.erasure import erase
from storage.invitations import write_invitations
from storage.tables.campaigns import sample
from storage.tables.cases import events
from storage.tables.messages import outbox
from storage.tables.modes import entered
from storage.tables.residents import residents
from storage.tables.talks import answers, interviews, wakes
from surveys.consent.consent import Consent
from surveys.consent.invitation import Invitation
from surveys.problem import Refused

Table = Callable[..., Path]
HEADER = "pseudonym,mode,assisted,entered_by,at,q1,q2,q3,q4,q5,q6,q7"
GOOD = "p0001,paper,,李四,,较好,better,是,no,,支持,比较满意"
ALL_SIX = ("1", "2", "否", "没有", "1", "1")


def imported(house: House, path: Path, **options: Any) -> dict[str, Any]:
    return import_answers(house, ImportAnswers(campaign="water", path=path, **options), silent)


def refused(house: House, path: Path, **options: Any) -> list[tuple[str, int, str]]:
    with pytest.raises(Refused) as found:
        imported(house, path, **options)
    return [(problem.code, problem.row, problem.field) for problem in found.value.problems]


def people(town: Town) -> list[Any]:
    with town.database.read() as connection:
        return list(read_analysis(connection, town.database.vault, "water").respondents)


def everything(town: Town) -> list[Any]:
    """Return all rows an import could touch."""
    return [sorted(map(str, town.rows(of))) for of in (interviews, answers, wakes, outbox, entered, events)]


def test_a_row_of_labels_names_and_numbers_is_read_as_in_the_chat(house: House, town: Town, table: Table) -> None:
    path = table(HEADER, GOOD, "p0002,电话,是,李四,2026-11-02 10:00,2,5,1,参与过,节约用水、巡河护河,,非常不满意")
    result = imported(house, path)
    assert (result["entered"], result["modes"], result["assisted"]) == (2, {"paper": 1, "phone": 1}, 1)
    first, second = people(town)[:2]
    assert dict(first.values) == {
        "q1": "fairly_good", "q2": "better", "q3": "yes", "q4": "no", "q6": "support", "q7": "fairly",
    }  # fmt: skip
    assert dict(second.values) == {
        "q1": "fairly_good", "q2": "much_worse", "q3": "yes", "q4": "yes", "q5": "saving patrol", "q7": "not",
    }  # fmt: skip
    assert [(person.mode, person.disposition) for person in (first, second)] == [("paper", "1.1"), ("phone", "1.1")]
    assert [(person.assisted, person.helped) for person in (first, second)] == [(False, False), (True, True)]


def test_mode_operator_and_help_are_kept_and_the_record_holds_no_answer(house: House, town: Town, table: Table) -> None:
    imported(house, table(HEADER, GOOD.replace("paper,,", "doorstep,yes,")))
    (row,) = town.rows(entered)
    assert (row.mode, row.assisted, row.entered_by) == ("doorstep", True, "李四")
    assert {answer.mode for answer in town.rows(answers)} == {"doorstep"}
    assert [talk.mode for talk in town.rows(interviews, resident_id=1)] == ["doorstep"]
    (event,) = town.rows(events, kind="AnswersEntered")
    assert event.actor == "李四"
    assert json.loads(event.data) == {"answers": 6, "assisted": 1, "mode": "doorstep", "number": 1}
    assert town.rows(events, kind="InterviewCompleted", resident_id=1)


def test_an_open_chat_ends_with_it_and_reminders_stop(house: House, town: Town, table: Table) -> None:
    """The resident was invited and had said nothing; nobody asks them again."""
    imported(house, table(HEADER, GOOD))
    assert [row.stage for row in town.rows(interviews, resident_id=1)] == ["complete"]
    said = town.pass_time(timedelta(days=7))
    assert said, "the others are reminded"
    assert all(message.resident_id != 1 for message in town.rows(outbox) if message.created_at > START)


def test_an_invitation_that_is_still_to_go_out_does_not(house: House, town: Town, table: Table) -> None:
    town.database.write(
        lambda c: c.execute(update(wakes).where(wakes.c.resident_id == 1, wakes.c.kind == "invite").values(state="due"))
    )
    imported(house, table(HEADER, GOOD))
    assert town.rows(wakes, resident_id=1, kind="invite")[0].state == "stale"
    town.wakes()
    assert len(town.rows(interviews, resident_id=1)) == 1


def test_whoever_answered_in_the_chat_is_refused_and_their_answers_stay(house: House, town: Town, table: Table) -> None:
    for text in ALL_SIX:
        town.hear(1, text)
    town.hear(2, "2")  # one answer is one too many to write over
    before = everything(town)
    path = table(HEADER, GOOD, GOOD.replace("p0001", "p0002"), GOOD.replace("p0001", "p0003"))
    assert refused(house, path) == [("answered", 2, "pseudonym"), ("answered", 3, "pseudonym")]
    assert everything(town) == before, "not even the good row was taken"


def test_with_valid_only_the_good_rows_are_taken_and_the_rest_reported(house: House, town: Town, table: Table) -> None:
    town.hear(1, "2")
    result = imported(house, table(HEADER, GOOD, GOOD.replace("p0001", "p0003")), valid_only=True)
    assert (result["entered"], result["left_out"]) == (1, 1)
    assert [problem["code"] for problem in result["problems"]] == ["answered"]
    assert [row.stage for row in town.rows(interviews, resident_id=3)] == ["complete"]


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        pytest.param(lambda town: town.hear(1, "退订"), "stopped", id="opted out: holds for paper too"),
        pytest.param(lambda town: town.hear(1, "我不想参加"), "declined", id="said no to this survey"),
        pytest.param(
            lambda town: town.database.write(
                lambda c: c.execute(update(sample).where(sample.c.resident_id == 1).values(released_at=None))
            ),
            "not_released",
            id="a reserve is released whole or not at all",
        ),
        pytest.param(
            lambda town: town.database.write(
                lambda c: c.execute(update(residents).where(residents.c.id == 1).values(consent="case_only"))
            ),
            "stopped",
            id="wants to hear of the case alone",
        ),
    ],
)
def test_nothing_is_entered_for_whom_it_must_not(
    house: House, town: Town, table: Table, prepare: Callable[[Town], Any], code: str
) -> None:
    prepare(town)
    before = town.rows(answers)
    assert refused(house, table(HEADER, GOOD)) == [(code, 2, "pseudonym")]
    assert town.rows(answers) == before


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ("p0001,letter,,李四,,好,better,是,no,,支持,满意", "unknown_mode", "mode"),
        ("p0001,paper,maybe,李四,,好,better,是,no,,支持,满意", "not_yes_or_no", "assisted"),
        ("p0001,paper,,,,好,better,是,no,,支持,满意", "no_operator", "entered_by"),
        ("p0001,paper,,李四,2026-12-24,好,better,是,no,,支持,满意", "bad_time", "at"),
        ("p0001,paper,,李四,2026-10-01,好,better,是,no,,支持,满意", "bad_time", "at"),
        ("p0001,paper,,李四,yesterday,好,better,是,no,,支持,满意", "bad_time", "at"),
        ("p0001,paper,,李四,,紫色,better,是,no,,支持,满意", "unreadable_answer", "q1"),
        ("p0001,paper,,李四,,9,better,是,no,,支持,满意", "unreadable_answer", "q1"),
        ("p0001,paper,,李四,,,better,是,no,,支持,满意", "required_answer", "q1"),
        ("p0001,paper,,李四,,好,better,是,no,节约用水,支持,满意", "not_asked", "q5"),
        ("p0009,paper,,李四,,好,better,是,no,,支持,满意", "not_drawn", "pseudonym"),
        (",paper,,李四,,好,better,是,no,,支持,满意", "nobody", "pseudonym"),
        ("p0001,paper,,李四,,,,,,,,", "required_answer", "q1"),
    ],
)
def test_a_bad_cell_is_named_with_row_and_column(house: House, table: Table, line: str, code: str, field: str) -> None:
    assert (code, 2, field) in refused(house, table(HEADER, line))


@pytest.mark.parametrize(
    ("header", "code", "field"),
    [
        ("mode,entered_by,q1", "missing_column", "pseudonym"),
        ("pseudonym,entered_by,q1", "missing_column", "mode"),
        ("pseudonym,mode,q1", "missing_column", "entered_by"),
        ("pseudonym,mode,entered_by,q11", "unknown_column", "q11"),
        ("pseudonym,mode,entered_by,q1[2]", "which_instance", "q1[2]"),
        ("pseudonym,mode,方式,entered_by,q1", "duplicate_header", "方式"),
        ("pseudonym,mode,entered_by,q1,Q1", "duplicate_header", "q1"),
    ],
)
def test_a_wrong_header_is_named(house: House, table: Table, header: str, code: str, field: str) -> None:
    assert (code, 1, field) in refused(house, table(header, "p0001,paper,x,1,1,1"))


def test_columns_of_the_office_are_left_alone(house: House, table: Table) -> None:
    path = table(f"#备注,{HEADER}", f"hello,{GOOD}")
    assert imported(house, path)["entered"] == 1


def test_imported_twice_changes_nothing(house: House, town: Town, table: Table) -> None:
    path = table(HEADER, GOOD)
    imported(house, path)
    before = everything(town)
    again = imported(house, path)
    assert (again["entered"], again["unchanged"], again["import"]) == (0, 1, None)
    assert everything(town) == before
    assert refused(house, table(HEADER, GOOD.replace("比较满意", "不满意"))) == [("entered", 2, "pseudonym")]


def test_a_resident_in_two_rows_is_refused(house: House, table: Table) -> None:
    assert refused(house, table(HEADER, GOOD, GOOD)) == [("twice", 3, "pseudonym")]


def test_a_dry_run_writes_nothing(house: House, town: Town, table: Table) -> None:
    before = everything(town)
    result = imported(house, table(HEADER, GOOD), dry_run=True)
    assert (result["entered"], result["import"]) == (1, None)
    assert everything(town) == before


def test_an_import_taken_back_leaves_the_chat_as_it_was(house: House, town: Town, table: Table) -> None:
    before = [town.rows(of) for of in (interviews, answers)]
    number = imported(house, table(HEADER, GOOD))["import"]
    assert undo_import(house, UndoImport(number=number), silent) == {"import": number, "taken_back": 1}
    after = [town.rows(of) for of in (interviews, answers)]
    as_it_was = [{row.id: dict(row._mapping) | {"changed_at": 0} for row in rows[0]} for rows in (before, after)]
    assert as_it_was[0] == as_it_was[1]
    assert after[1] == []
    for text in ALL_SIX:
        town.hear(1, text)
    assert people(town)[0].mode == "self"
    assert town.rows(events, kind="AnswersTakenBack", resident_id=1)
    (listed,) = list_imports(house, ListImports(campaign="water"), silent)["imports"]
    assert listed["taken_back_at"]
    with pytest.raises(Refused):
        undo_import(house, UndoImport(number=number), silent)


def test_an_import_taken_back_lets_the_invitation_go_out(house: House, database: Database, table: Table) -> None:
    database.write(
        lambda c: c.execute(update(wakes).where(wakes.c.resident_id == 6, wakes.c.kind == "invite").values(state="due"))
    )
    database.write(lambda c: c.execute(interviews.delete().where(interviews.c.resident_id == 6)))
    number = imported(house, table(HEADER, GOOD.replace("p0001", "p0006")))["import"]
    undo_import(house, UndoImport(number=number), silent)
    with database.read() as connection:
        states = connection.execute(
            select(wakes.c.state).where(wakes.c.resident_id == 6, wakes.c.kind == "invite")
        ).scalars()
        assert list(states) == ["due"]
        assert connection.execute(select(interviews).where(interviews.c.resident_id == 6)).all() == []


def test_who_opted_out_since_is_not_asked_again_after_an_import_is_taken_back(
    house: House, town: Town, table: Table
) -> None:
    number = imported(house, table(HEADER, GOOD))["import"]
    town.hear(1, "退订")
    undo_import(house, UndoImport(number=number), silent)
    assert [row.stage for row in town.rows(interviews, resident_id=1)] == ["declined"]
    town.send()  # that the opt-out was heard
    before = len(town.rows(outbox, resident_id=1))
    town.pass_time(timedelta(days=5))
    assert len(town.rows(outbox, resident_id=1)) == before


def test_answers_of_before_the_close_count_though_they_are_entered_after_it(
    house: House, town: Town, table: Table
) -> None:
    """A reminder to the office: the time on the paper decides, not that of the typing."""
    town.clock.advance(timedelta(days=25))
    town.wakes()
    result = imported(house, table(HEADER, GOOD.replace("李四,,", "李四,2026-11-10,"), GOOD.replace("p0001", "p0002")))
    assert result["late"] == 1
    first, second = people(town)[:2]
    assert (first.late, len(second.late)) == (frozenset(), 6)
    assert first.disposition == "1.1"


def test_silence_until_the_end_does_not_close_the_door(house: House, town: Town, table: Table) -> None:
    """Interviewers go to those who did not reply: an interview that has run out is completed."""
    town.clock.advance(timedelta(days=40))
    town.wakes()
    assert town.rows(interviews, resident_id=1)[0].stage == "expired"
    number = imported(house, table(HEADER, GOOD.replace("paper,,李四,,", "入户,,李四,2026-11-12 15:30,")))["import"]
    assert people(town)[0].disposition == "1.1"
    undo_import(house, UndoImport(number=number), silent)
    assert town.rows(interviews, resident_id=1)[0].stage == "expired"


def test_codes_and_office_ids_lead_to_the_same_resident(house: House, town: Town, table: Table) -> None:
    code = Invitation("abcd", 2, "sheet", confirmed=False, expires_at=START + timedelta(days=3))
    old = Invitation("wxyz", 3, "sheet", confirmed=False, expires_at=START - timedelta(days=3))
    town.database.write(lambda c: write_invitations(c, town.database.vault, [code, old], START))
    header = HEADER.replace("pseudonym", "邀请码,居民编号")
    rest = GOOD.removeprefix("p0001")
    assert refused(house, table(header, f"wxyz,{rest}")) == [("not_drawn", 2, "邀请码")]
    assert refused(house, table(header, f"abcd,R3{rest}")) == [("two_people", 2, "邀请码")]
    assert imported(house, table(header, f"abcd,R2{rest}", f",R4{rest}"))["entered"] == 2
    assert {row.resident_id for row in town.rows(interviews, stage="complete")} == {2, 4}


def test_two_residents_of_one_number_are_both_entered(database: Database, tmp_path: Path, table: Table) -> None:
    """Whose phone it is had been asked; that question is not open any more either."""
    town = Town(database, numbers=["+8613900000001", "+8613900000001"])
    town.launch()
    town.wakes()
    house = house_over(database, town.clock, tmp_path)
    assert imported(house, table(HEADER, GOOD, GOOD.replace("p0001", "p0002")))["entered"] == 2
    stages = {(row.purpose, row.stage) for row in town.rows(interviews)}
    assert stages == {("survey", "complete"), ("identity", "expired")}


def test_a_deleted_resident_keeps_nothing_and_nothing_is_put_back(house: House, town: Town, table: Table) -> None:
    number = imported(house, table(HEADER, GOOD))["import"]
    town.database.write(lambda c: erase(c, town.database.vault, 1, town.clock.now()))
    assert [row.state for row in town.rows(entered)] == [b""]
    assert undo_import(house, UndoImport(number=number), silent)["taken_back"] == 0
    assert [row.stage for row in town.rows(interviews, resident_id=1)] == ["declined"]
    assert town.rows(residents, id=1)[0].consent == Consent.STOPPED.value


@pytest.mark.parametrize(("limit", "code"), [("MOST_ROWS", "too_many_rows"), ("MOST_ANSWERS", "too_many_answers")])
def test_a_file_that_would_hold_up_replies_is_to_be_split(
    house: House, table: Table, monkeypatch: pytest.MonkeyPatch, limit: str, code: str
) -> None:
    monkeypatch.setattr(f"bot.actions.answers.{limit}", 1)
    found = refused(house, table(HEADER, GOOD, GOOD.replace("p0001", "p0002")))
    assert [problem for problem, _, _ in found] == [code]
