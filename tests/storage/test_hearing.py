"""Way 1: a message comes in, is decided with its neighbours, and committed with everything it leads to."""

from __future__ import annotations

from typing import Any

import pytest
from town import Town, invited

from storage.database import Database
from storage.tables.cases import cases, events, staff_calls
from storage.tables.messages import inbox, outbox
from storage.tables.residents import consents, resident_addresses, residents
from storage.tables.talks import answers, interviews
from surveys.dialogue import hear as hear_module


@pytest.fixture
def town(database: Database) -> Town:
    return invited(database)


def test_an_invitation_opens_an_interview_and_asks_the_first_question(town: Town) -> None:
    assert len(town.rows(interviews)) == 3
    assert all("1/6" in message.text and "退订" in message.text for message in town.pigeon.sent)
    assert {message.address for message in town.pigeon.sent} == set(town.numbers)


def test_invariant_1_a_message_delivered_twice_has_one_effect(town: Town) -> None:
    first = town.hear(1, "1", provider_id="same")
    second = town.hear(1, "1", provider_id="same")
    assert (first.state, second.state) == ("done", "duplicate")
    assert len(town.rows(answers)) == 1
    assert len(town.send()) == 1


def test_invariant_1_holds_inside_one_group(town: Town) -> None:
    """The same webhook twice in one transaction, with another resident's between."""
    messages = [town.inbound(1, "1", "same"), town.inbound(2, "2"), town.inbound(1, "1", "same")]
    results = [future.result().state for future in [town.talk.hear(message) for message in messages]]
    assert results == ["done", "done", "duplicate"]
    assert len(town.rows(answers)) == 2


def test_two_messages_of_one_resident_in_one_group_are_heard_in_order(town: Town) -> None:
    futures = [town.talk.hear(town.inbound(1, text)) for text in ("1", "2", "否")]
    assert [future.result().state for future in futures] == ["done"] * 3
    assert {row.question for row in town.rows(answers)} == {"q1", "q2", "q3"}
    said = town.send()
    assert [text.split(" ")[0] for text in said] == ["2/6", "3/6", "4/6"]


def test_answers_are_sealed_and_neither_events_nor_inbox_hold_them(town: Town) -> None:
    canary = "金丝雀河水绿得发亮"
    town.hear(1, "1")
    town.hear(2, f"1 {canary}")
    (row,) = [r for r in town.rows(answers) if r.question == "q1" and r.interview_id != _interview(town, 1)]
    opened = town.talk.desk.codec.open_answer(row.interview_id, "q1", row.body)
    assert opened == {"value": "good", "raw": f"1 {canary}", "comment": canary}
    for table in (answers, interviews, inbox, outbox, events):
        for found in town.rows(table):
            for value in found:
                assert canary not in str(value)
                assert canary.encode() not in (value if isinstance(value, bytes) else b"")


def test_a_decision_that_fails_is_kept_and_heard_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    broken: list[bool] = [True]
    real = hear_module.answer_question

    def fail(*arguments: Any) -> None:
        if broken[0] and arguments[1].resident == 1:
            raise RuntimeError("boom")
        real(*arguments)

    monkeypatch.setattr(hear_module, "answer_question", fail)
    states = [f.result().state for f in [town.talk.hear(town.inbound(n, "1")) for n in (1, 2, 3)]]
    assert states == ["failed", "done", "done"]  # the neighbours are not harmed
    broken[0] = False
    assert town.talk.retry_failed() == 1
    assert {row.state for row in town.rows(inbox)} == {"done"}
    assert len(town.rows(answers)) == 3


def test_a_decision_that_keeps_failing_is_shown_to_a_person(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(hear_module, "answer_question", fail)
    town.hear(1, "1")
    for _ in range(4):
        town.talk.retry_failed()
    (row,) = town.rows(inbox)
    assert (row.state, row.attempts) == ("staff", 5)
    assert town.talk.desk.vault.open("inbox.body", f"{row.channel}|{row.provider_id}", row.body) == "1"
    assert town.talk.retry_failed() == 0


def test_a_message_from_an_unknown_number_is_shown_to_a_person_and_not_answered(town: Town) -> None:
    town.numbers.append("+8613800000000")
    assert town.hear(4, "喂?").reason == "unknown_number"
    assert town.send() == []


def test_an_error_of_the_database_harms_the_one_message_that_causes_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row the database refuses sends the group through one by one."""
    from storage import hearing

    real = hearing.inbox_row

    def poisoned(desk: Any, message: Any, address: Any, result: Any, now: Any) -> dict[str, Any]:
        row = real(desk, message, address, result, now)
        return row | {"state": None} if message.text == "毒" else row

    monkeypatch.setattr(hearing, "inbox_row", poisoned)
    futures = [town.talk.hear(town.inbound(n, text)) for n, text in ((1, "1"), (2, "毒"), (3, "1"))]
    assert futures[0].result().state == "done"
    assert futures[1].result().state == "failed"  # kept for another try, and then for a person
    assert futures[2].result().state == "done"
    assert len(town.rows(answers)) == 2


def test_invariant_3_an_opt_out_cancels_what_is_queued_and_outlives_later_messages(town: Town) -> None:
    town.hear(1, "1")  # the next question is queued
    town.hear(1, "退订")
    said = town.send()
    assert len(said) == 1
    assert said[0].startswith("已退订")
    town.hear(1, "你好,今天天气不错")
    town.hear(1, "1")
    assert town.send() == []
    assert [row.consent for row in town.rows(residents, id=1)] == ["stopped"]
    assert [row.consent for row in town.rows(consents, resident_id=1)] == ["given", "stopped"]
    assert {row.stage for row in town.rows(interviews, resident_id=1)} == {"declined"}


def test_a_complaint_becomes_a_case_with_the_very_words(town: Town) -> None:
    words = "幸福路12号门口的路灯坏了,\n晚上看不见路"
    town.hear(1, "退订")
    town.hear(1, "恢复")
    town.hear(1, words)
    assert town.rows(cases) == []  # not before consent
    town.hear(1, "同意")
    (case,) = town.rows(cases)
    assert town.talk.desk.vault.open("cases.text", case.id, case.text) == words
    assert case.state == "received"
    assert case.named


def test_a_call_by_a_person_is_queued(town: Town) -> None:
    town.hear(2, "人工")
    (call,) = town.rows(staff_calls)
    assert (call.resident_id, call.state, call.reason) == (2, "waiting", "asked")


def test_a_number_that_changed_hands_is_not_written_to_again(database: Database) -> None:
    town = Town(database, 1, confirmed=False)
    town.launch()
    town.wakes()
    assert "王" in town.send()[0]
    town.hear(1, "号码换人")
    (link,) = town.rows(resident_addresses)
    assert link.ended_at is not None
    assert town.hear(1, "喂").reason == "unknown_number"
    assert len(town.send()) == 1  # the apology


def _interview(town: Town, resident: int) -> str:
    (row,) = town.rows(interviews, resident_id=resident)
    return str(row.id)
