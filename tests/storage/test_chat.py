"""What chats bring into the transaction: taps, changed messages, chats that are left, and machines."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from town import Town

from storage.codec import compact
from storage.database import Database
from storage.hearing import Settled
from storage.inbox import Act
from storage.loading import load
from storage.tables.cases import events
from storage.tables.messages import inbox, outbox
from storage.tables.residents import consents, resident_addresses
from storage.tables.talks import answers, conversations, interviews, wakes
from surveys.dialogue import hear as hear_module
from surveys.dialogue.attachment import Attachment, AttachmentKind


@pytest.fixture
def town(database: Database) -> Town:
    town = Town(database)
    town.launch()
    town.wakes()
    return town


def guards(town: Town, resident: int) -> list[str]:
    """Return what the buttons of the messages to a resident carry, in order."""
    rows = town.rows(outbox, resident_id=resident)
    bodies = [json.loads(town.database.vault.open("outbox.body", row.key, row.body)) for row in rows]
    return [body.get("guard", "") for body in bodies]


def tap(town: Town, number: int, guard: str, provider_id: str = "") -> Settled:
    return town.talk.hear(replace(town.inbound(1, str(number), provider_id), tap=guard)).result()


def acts(town: Town, act: Act, text: str = "", resident: int = 1) -> Settled:
    return town.talk.hear(replace(town.inbound(resident, text), act=act)).result()


def test_a_tap_is_the_answer_and_a_second_one_is_stale(town: Town) -> None:
    (guard,) = guards(town, 1)
    first, second = tap(town, 2, guard), tap(town, 3, guard)
    assert (first.state, first.reason) == ("done", "")
    assert (second.state, second.reason) == ("done", "stale")
    (row,) = town.rows(answers)
    opened = town.talk.desk.codec.open_answer(row.interview_id, row.question, row.body)
    assert (row.rule, opened["value"], opened["raw"]) == ("tap", "fairly_good", "较好")
    assert len(guards(town, 1)) == 2


def test_a_stale_tap_leaves_pending_reminders_alive_and_adds_nothing(town: Town) -> None:
    before = [town.rows(table) for table in (events, interviews, answers, outbox, wakes)]
    assert tap(town, 1, "of-another-question").reason == "stale"
    assert [town.rows(table) for table in (events, interviews, answers, outbox, wakes)] == before


def test_a_double_tap_in_one_group_is_one_answer(town: Town) -> None:
    (guard,) = guards(town, 1)
    taps = [replace(town.inbound(1, str(number)), tap=guard) for number in (2, 2, 4)]
    settled = [future.result() for future in [town.talk.hear(message) for message in taps]]
    assert [result.reason for result in settled] == ["", "stale", "stale"]
    assert len(town.rows(answers)) == 1


def test_a_tap_that_could_not_be_decided_is_heard_again_as_a_tap(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Meanwhile its number and guard lie sealed in the inbox; afterwards nothing of it is left there."""
    (guard,) = guards(town, 1)
    real = hear_module.answer_by_tap

    def fail(*_: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(hear_module, "answer_by_tap", fail)
    assert tap(town, 2, guard).state == "failed"
    (row,) = town.rows(inbox)
    assert guard.encode() not in row.extra
    monkeypatch.setattr(hear_module, "answer_by_tap", real)
    assert town.talk.retry_failed() == 1
    assert [row.rule for row in town.rows(answers)] == ["tap"]
    (row,) = town.rows(inbox)
    assert (row.state, row.body, row.extra) == ("done", b"", None)


def test_an_attachment_that_could_not_be_decided_on_is_heard_again_with_its_message(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.hear(1, "反映")
    real = hear_module.hear_attachments

    def fail(*_: Any) -> bool:
        raise RuntimeError("boom")

    monkeypatch.setattr(hear_module, "hear_attachments", fail)
    came = (Attachment(AttachmentKind.PHOTO, "f1", "image/jpeg", 9),)
    assert town.talk.hear(replace(town.inbound(1, "路灯"), attachments=came)).result().state == "failed"
    monkeypatch.setattr(hear_module, "hear_attachments", real)
    town.talk.retry_failed()
    assert {row.question for row in town.rows(answers)} == {"what"}


def test_words_alone_leave_nothing_beside_them(town: Town) -> None:
    town.numbers.append("+8613800000000")
    town.hear(4, "喂?")
    assert [row.extra for row in town.rows(inbox)] == [None]


def test_where_and_when_somebody_wrote_is_kept_for_choosing_a_channel(town: Town) -> None:
    (before,) = town.rows(conversations, address_id=_address(town))
    assert (before.channel, before.heard_at) == ("", None)
    town.hear(1, "1")
    (after,) = town.rows(conversations, address_id=_address(town))
    assert (after.channel, after.heard_at) == ("simulator", town.clock.now())
    assert [row.channel for row in town.rows(interviews, resident_id=1)] == ["simulator"]
    town.wakes()  # what the clock does is not hearing
    (later,) = town.rows(conversations, address_id=_address(town))
    assert later.heard_at == after.heard_at


def test_a_loop_is_remembered_from_message_to_message(town: Town) -> None:
    """Five times the same in five transactions: one note for staff, no reply, and no row left open afterwards."""
    states = [town.hear(1, "今天赶集去了").reason for _ in range(7)]
    assert states == ["", "", "unreadable", "", "loop", "", ""]
    assert [row.kind for row in town.rows(events) if row.kind == "LoopBroken"] == ["LoopBroken"]
    (row,) = town.rows(conversations, address_id=_address(town))
    assert row.burst_since > town.clock.now()

    def burst(connection: Any) -> Any:
        desk = town.talk.desk
        loaded = load(connection, desk.vault, desk.codec, desk.surnames, [_address(town)])
        return loaded.conversations[_address(town)].burst

    assert town.database.write(burst).silent(town.clock.now())


def test_a_changed_message_is_settled_and_changes_no_answer(town: Town) -> None:
    town.hear(1, "1")
    before = town.rows(answers)
    turns = [row.turn for row in town.rows(interviews)]
    assert acts(town, Act.EDITED, "5").state == "done"
    assert town.rows(answers) == before
    assert [row.turn for row in town.rows(interviews)] == turns
    assert any("请回复 上一题" in text for text in town.send())


def test_a_chat_that_is_left_ends_the_tie_and_calls_off_what_was_to_be_sent(town: Town) -> None:
    """Consent stays as it is; the interview goes on elsewhere by a wake."""
    town.hear(1, "1")
    assert acts(town, Act.LEFT).state == "done"
    (link,) = town.rows(resident_addresses, resident_id=1)
    assert link.ended_at is not None
    mine = town.rows(outbox, resident_id=1)
    assert {(row.state, row.error) for row in mine} == {("cancelled", "left")}
    assert [row.consent for row in town.rows(consents, resident_id=1)] == ["given"]
    (interview,) = town.rows(interviews, resident_id=1)
    assert interview.stage == "open"
    (wake,) = town.rows(wakes, kind="failover")
    assert (wake.subject, wake.resident_id) == (interview.id, 1)
    assert [row.resident_id for row in town.rows(events, kind="ChannelLeft")] == [1]


def test_whoever_writes_after_leaving_is_a_stranger_even_in_the_same_group(town: Town) -> None:
    messages = [replace(town.inbound(1, ""), act=Act.LEFT), town.inbound(1, "1")]
    settled = [future.result() for future in [town.talk.hear(message) for message in messages]]
    assert [result.reason for result in settled] == ["", "unknown_number"]
    assert town.rows(answers) == []
    assert town.hear(1, "1").reason == "unknown_number"


@pytest.mark.parametrize("act", [Act.LEFT, Act.EDITED])
def test_a_stranger_who_leaves_or_changes_a_message_is_nobodys_business(town: Town, act: Act) -> None:
    town.numbers.append("+8613800000000")
    assert acts(town, act, "喂", resident=4).state == "done"


def test_a_body_without_buttons_says_nothing_of_them(town: Town) -> None:
    """So that messages without options cost what they did."""
    town.hear(1, "人工")
    row = town.rows(outbox, resident_id=1)[-1]
    body = town.database.vault.open("outbox.body", row.key, row.body)
    assert body == compact({"text": json.loads(body)["text"], "options": []})


def _address(town: Town) -> int:
    (row,) = town.rows(resident_addresses, resident_id=1)
    return int(row.address_id)
