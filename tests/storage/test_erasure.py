"""DELETE MY DATA: after it nothing that is stored opens to the resident's name, number, or words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import LargeBinary, insert, select, update
from town import START, Town

from storage import migrate, persondata
from storage.analysis import read_analysis
from storage.channels import channels_of, consent_log, prefer
from storage.database import Database
from storage.entry import Entry, pseudonym_of
from storage.erasure import erase, finish
from storage.invitations import write_invitations
from storage.residents import SUPPRESSED, compare, find, put
from storage.suppressed import suppressed_blind
from storage.tables.campaigns import sample
from storage.tables.cases import cases, events, staff_calls
from storage.tables.messages import attachments, inbox, outbox
from storage.tables.registry import metadata
from storage.tables.residents import (
    addresses,
    consents,
    frame_members,
    invitations,
    resident_addresses,
    residents,
    suppressions,
)
from storage.tables.talks import answers, conversations, interviews, wakes
from storage.vault import Keys, Vault
from surveys.consent.invitation import Invitation
from surveys.statistics.dispositions import Disposition

CANARY = "金丝雀"
NUMBER = "+8613900000001"
KEPT = "simulator|kept"  # a message that waits for a person


class Witness(Vault):
    """A vault that remembers everything it has sealed, by the sealed bytes: whatever is stored can be opened."""

    def __init__(self) -> None:
        super().__init__(Keys.from_seed("test"))
        self.sealed: dict[bytes, str] = {}

    def _made(self, nonce: bytes, place: str, body: bytes) -> bytes:
        made = super()._made(nonce, place, body)
        self.sealed[made] = body.decode(errors="replace")
        return made


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
def town(database_url: str, witness: Witness) -> Iterator[Town]:
    opened = Database(database_url, witness)
    opened.write(migrate.upgrade)
    town = Town(opened)
    canary = Entry("R1", CANARY, "zh", 1931, telegram=False, phones=(NUMBER,), agreed_at=START, confirms=True)
    opened.write(lambda c: put(c, witness, [canary], set(), START))
    yield town
    opened.close()


def traces(town: Town, witness: Witness, *wanted: str) -> list[str]:
    """Return every column in which one of `wanted` stands, plainly or sealed: all rows of all tables are opened."""
    found = []
    with town.database.read() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)).all():
                for column in table.columns:
                    value = row._mapping[column.name]
                    plain = witness.sealed.get(bytes(value), "") if isinstance(value, bytes) else str(value)
                    if isinstance(column.type, LargeBinary) and value:
                        plain += bytes(value).decode("latin-1")
                    if any(word in plain for word in wanted):
                        found.append(f"{table.name}.{column.name}")
    return found


def live(town: Town) -> None:
    """Let resident 1 leave a trace everywhere: answers, a comment, a case, a call, a message nobody could read."""
    town.launch()
    town.wakes()
    town.send()
    for text in ("1", f"2 {CANARY}", "人工", "反映", f"{CANARY}路灯坏了", "同意"):
        town.hear(1, text)
    town.send()
    vault, now = town.database.vault, town.clock.now()

    def more(connection: Any) -> None:
        connection.execute(
            insert(frame_members).values(
                frame_id=_frame(connection), pseudonym=pseudonym_of(vault, "R1"), resident_id=1, stratum="town",
                area="东街", language="en", birth_year=1931, address_id=1, attributes='{"职业": "金丝雀饲养员"}',
            )
        )  # fmt: skip
        write_invitations(connection, vault, [Invitation("t" * 32, 1, "sheet", False, now + timedelta(days=9))], now)
        connection.execute(
            insert(attachments).values(
                key="a1", channel="simulator", resident_id=1, interview_id="", question="", case_id="", kind="voice",
                media_type="audio/ogg", size=9, reference=vault.seal("attachments.reference", "a1", CANARY),
                body=vault.seal("attachments.body", "a1", CANARY), state="kept", attempts=0, error="", at=now,
            )
        )  # fmt: skip
        connection.execute(
            insert(inbox).values(
                channel="simulator", provider_id="kept", address_id=1, sender=vault.seal("inbox.sender", KEPT, NUMBER),
                body=vault.seal("inbox.body", KEPT, CANARY), extra=vault.seal("inbox.extra", KEPT, CANARY),
                state="staff", reason="unreadable", attempts=1, received_at=now,
            )
        )  # fmt: skip

    town.database.write(more)


def _frame(connection: Any) -> int:
    from storage.frames import close_frame, open_frame

    frame = open_frame(connection, "people.csv", START)
    close_frame(connection, frame, "0" * 64, 1)
    return frame


def delete_by_sms(town: Town) -> None:
    town.hear(1, "删除我的数据")
    town.hear(1, "确认删除")


def test_before_it_is_deleted_the_scan_finds_the_canary_wherever_it_is(town: Town, witness: Witness) -> None:
    """A scan that finds nothing would prove nothing."""
    live(town)
    found = set(traces(town, witness, CANARY, NUMBER))
    assert {
        "residents.name", "addresses.value", "answers.body", "interviews.state", "cases.text", "inbox.body",
        "inbox.sender", "inbox.extra", "attachments.body", "frame_members.attributes",
    } <= found  # fmt: skip


def test_no_sealed_and_no_plain_trace_opens_after_erasure(town: Town, witness: Witness) -> None:
    live(town)
    delete_by_sms(town)
    assert set(traces(town, witness, CANARY)) == set()
    said = town.send()
    assert len(said) == 1
    assert "全部删除" in said[0]
    assert town.pigeon.sent[-1].address == NUMBER  # the last message still had somewhere to go
    assert town.pass_time(timedelta(hours=2)) == []
    assert traces(town, witness, CANARY, NUMBER, "全部删除") == []
    blinds = {bytes(row.blind) for row in town.rows(addresses)}
    assert witness.blind("phone", NUMBER) not in blinds
    assert {suppressed_blind(witness, NUMBER)} <= {bytes(row.blind) for row in town.rows(suppressions)}


def test_the_number_stays_until_the_last_message_is_settled_but_not_for_ever(town: Town, witness: Witness) -> None:
    live(town)
    delete_by_sms(town)
    for _ in range(47):
        town.clock.move(town.clock.now() + timedelta(hours=1))
        town.wakes()  # nothing is sent: the provider is away
    assert traces(town, witness, NUMBER) != []
    for _ in range(3):
        town.clock.move(town.clock.now() + timedelta(hours=1))
        town.wakes()
    assert traces(town, witness, CANARY, NUMBER) == []
    assert "due" not in {row.state for row in town.rows(outbox, resident_id=1)}


def test_others_keep_everything(town: Town, witness: Witness) -> None:
    live(town)
    town.hear(2, f"1 {CANARY}")
    before = [
        row for row in town.rows(answers) if row.interview_id in {i.id for i in town.rows(interviews, resident_id=2)}
    ]
    delete_by_sms(town)
    town.pass_time(timedelta(hours=2))
    after = town.rows(answers)
    assert after == before
    assert set(traces(town, witness, CANARY)) == {"answers.body"}
    assert town.hear(2, "1").state == "done"


def test_the_sample_keeps_its_size_and_counts_a_refusal(town: Town) -> None:
    """Design weights need the denominator; who had their answers deleted counts as having refused."""
    live(town)
    delete_by_sms(town)
    assert len(town.rows(sample)) == 3
    with town.database.read() as connection:
        found = read_analysis(connection, town.database.vault, "water")
    people = found.respondents
    assert len(people) == 3
    assert [p.disposition for p in people].count(Disposition.REFUSED.value) == 1
    assert all(not p.values for p in people)
    (member,) = town.rows(frame_members)
    assert (member.stratum, member.area, member.birth_year, member.attributes) == ("town", "东街", None, "{}")


def test_open_cases_end_as_withdrawn_and_lose_their_words(town: Town) -> None:
    live(town)
    (before,) = town.rows(cases)
    delete_by_sms(town)
    (after,) = town.rows(cases)
    assert before.state == "received"
    assert (after.state, after.outcome, after.number) == ("declined", "", before.number)
    assert after.closed_at is not None
    assert "CaseWithdrawn" in {row.kind for row in town.rows(events, case_id=after.id)}


def test_nothing_is_left_to_be_done_about_somebody_who_is_gone(town: Town) -> None:
    live(town)
    delete_by_sms(town)
    assert {row.state for row in town.rows(staff_calls)} == {"done"}
    assert {row.kind for row in town.rows(wakes, resident_id=1, state="due")} == {"erase"}
    assert town.rows(invitations) == []
    assert {row.stage for row in town.rows(interviews, resident_id=1)} == {"declined"}
    assert [row.source for row in town.rows(consents, resident_id=1)][-1] == "erased"
    (person,) = [row for row in town.rows(residents) if row.id == 1]
    assert person.consent == "stopped"
    assert person.erased_at is not None
    assert person.office_id.startswith("erased-")
    assert [row.ended_at is None for row in town.rows(resident_addresses, resident_id=1)] == [False]
    later = [message for message in town.pigeon.sent if message.address == NUMBER]
    town.pass_time(timedelta(days=30))
    since = [message for message in town.pigeon.sent if message.address == NUMBER][len(later) :]
    assert ["全部删除" in message.text for message in since] == [True]  # the confirmation, and no more


@pytest.mark.parametrize("hours", [0, 3])
def test_who_writes_again_is_a_stranger_for_a_person_to_look_at(town: Town, hours: int) -> None:
    live(town)
    delete_by_sms(town)
    if hours:
        town.pass_time(timedelta(hours=hours))
    else:
        town.send()
    for text in ("START", "确认删除", "1"):
        assert town.hear(1, text).reason == "unknown_number"
    assert town.send() == []
    assert len(town.rows(inbox, state="staff")) == 3


def test_no_import_brings_them_back_by_their_id_or_by_their_number(town: Town) -> None:
    live(town)
    delete_by_sms(town)
    town.pass_time(timedelta(hours=2))
    vault = town.database.vault
    again = [
        Entry("R1", CANARY, "zh", 1931, telegram=False, phones=(NUMBER, "+8613900077777"), confirms=True),
        Entry("R9", "李", "zh", 1980, telegram=False, phones=(NUMBER, "+8613900088888"), confirms=True),
    ]
    with town.database.read() as connection:
        counted = compare(connection, vault, again, set(), town.clock.now())
    written = town.database.write(lambda c: put(c, vault, again, set(), town.clock.now()))
    assert counted[SUPPRESSED] == sum(entry.suppressed for entry in written) == 2
    assert (written[0].resident, written[0].address, written[0].erased) == (1, None, True)
    with town.database.read() as connection:
        assert find(connection, vault, "R1") is None
        other = find(connection, vault, "R9")
    assert other is not None
    assert [number for number, _, _ in other.phones] == ["+8613900088888"]


def test_a_number_others_share_stays_theirs(town: Town) -> None:
    """What is deleted from a chat of one's own must not cut off the family's telephone."""
    vault = town.database.vault
    shared = [Entry("R2", "王2", "zh", 1970, telegram=False, phones=("+8613900000002", NUMBER))]
    town.database.write(lambda c: put(c, vault, shared, {NUMBER}, START))
    town.database.write(lambda c: erase(c, vault, 1, START))
    assert town.database.write(lambda c: finish(c, vault, 1, START + timedelta(hours=1)))
    with town.database.read() as connection:
        family = find(connection, vault, "R2")
    assert family is not None
    assert [(number, ended) for number, _, ended in family.phones] == [("+8613900000002", False), (NUMBER, False)]
    assert suppressed_blind(vault, NUMBER) not in {bytes(row.blind) for row in town.rows(suppressions)}


def test_a_number_that_went_to_somebody_else_is_not_deleted_with_its_former_holder(town: Town) -> None:
    vault = town.database.vault
    ended = update(resident_addresses).where(resident_addresses.c.resident_id == 1).values(ended_at=START)
    town.database.write(lambda c: c.execute(ended))
    taken = [Entry("R2", "王2", "zh", 1970, telegram=False, phones=(NUMBER,))]
    town.database.write(lambda c: put(c, vault, taken, set(), START))
    later = START + timedelta(days=1)
    town.database.write(lambda c: erase(c, vault, 1, later))
    town.database.write(lambda c: finish(c, vault, 1, later + timedelta(hours=1)))
    with town.database.read() as connection:
        assert [n for n, _, gone in find(connection, vault, "R2").phones if not gone] == [NUMBER]  # type: ignore[union-attr]  # they were put in above


def test_deleting_twice_changes_nothing_more(town: Town) -> None:
    live(town)
    delete_by_sms(town)
    before = town.rows(residents), town.rows(events)
    assert not town.database.write(lambda c: erase(c, town.database.vault, 1, town.clock.now()))
    assert (town.rows(residents), town.rows(events)) == before


def test_the_offer_ends_after_a_day_and_survives_a_restart(town: Town) -> None:
    town.hear(1, "删除我的数据")
    (row,) = [row for row in town.rows(conversations) if row.keep_offered]
    assert row.keep_offered.startswith("erase@")
    town.clock.move(town.clock.now() + timedelta(hours=24, seconds=1))
    town.hear(1, "确认删除")
    assert all(person.erased_at is None for person in town.rows(residents))
    town.hear(1, "DELETE ALL")  # the offer has been made anew by the phrase itself
    assert [person.id for person in town.rows(residents) if person.erased_at] == [1]


def test_my_data_counts_what_there_is(town: Town) -> None:
    live(town)
    town.hear(1, "我的数据")
    said = town.send()[-1]
    assert "手机号码 1 个" in said
    assert "问卷 1 份、回答 4 条" in said  # two to the survey, two to what was passed on
    assert "反映事项 1 件，其中办理中 1 件" in said
    assert "2027-11-01" in said
    assert CANARY not in said


def test_the_full_copy_holds_everything_opened(town: Town) -> None:
    live(town)
    with town.database.read() as connection:
        data = persondata.person_data(connection, town.database.vault, "R1")
        assert persondata.person_data(connection, town.database.vault, "nobody") is None
    assert data is not None
    assert data["resident"]["name"] == CANARY
    assert data["addresses"][0]["value"] == NUMBER
    assert any(answer["comment"] == CANARY for talk in data["interviews"] for answer in talk["answers"])
    assert data["messages_from_unsettled"][0]["text"] == CANARY
    assert data["cases"][0]["text"] == f"{CANARY}路灯坏了"
    assert any("1/6" in message["text"] for message in data["messages_to"])
    assert data["consents"]
    assert data["events"]
    assert data["frames"][0]["attributes"] == {"职业": "金丝雀饲养员"}
    assert "token" not in data["invitations"][0]


def test_a_chat_can_be_put_after_the_numbers_and_back(town: Town) -> None:
    vault = town.database.vault

    def link(connection: Any) -> None:
        blind = vault.blind("telegram", "77")
        value = vault.seal("addresses.value", blind.hex(), "77")
        connection.execute(insert(addresses).values(id=90, kind="telegram", blind=blind, value=value))
        connection.execute(insert(resident_addresses).values(resident_id=1, address_id=90, rank=-1))

    town.database.write(link)

    def order() -> list[tuple[str, bool]]:
        with town.database.read() as connection:
            return [(channel.kind, channel.preferred) for channel in channels_of(connection, vault, 1)]

    assert order() == [("telegram", True), ("phone", False)]
    assert town.database.write(lambda c: prefer(c, 1, "phone"))
    assert order() == [("phone", True), ("telegram", False)]
    assert town.database.write(lambda c: prefer(c, 1, "telegram"))
    assert order() == [("telegram", True), ("phone", False)]
    assert not town.database.write(lambda c: prefer(c, 2, "telegram"))
    with town.database.read() as connection:
        assert [entry.source for entry in consent_log(connection, 2)] == ["window"]
