"""Attachments in the database: written with their turn, fetched later, found by the case, dropped on a no."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from town import Town, run_async

from scheduler.fetching import LARGEST, Fetching
from storage.attachments import RETRY, body_of, of_case
from storage.database import Database
from storage.hearing import Settled
from storage.tables.cases import cases
from storage.tables.messages import attachments, inbox
from surveys.dialogue.attachment import Attachment, AttachmentKind

CANARY = b"OggS canary of a voice"
REFERENCE = "https://provider.example/canary/voice"


class Gone(Exception):  # noqa: D101 - what a channel raises
    final = True


@dataclass
class Carrier:
    """A channel as far as fetching goes; `trouble` is raised as long as there is any."""

    body: bytes = CANARY
    trouble: list[Exception] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, reference: str) -> tuple[str, bytes]:
        self.asked.append(reference)
        if self.trouble:
            raise self.trouble.pop(0)
        return "audio/ogg", self.body


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def send(
    town: Town, kind: AttachmentKind, text: str = "", *, resident: int = 1, size: int = 0, reference: str = REFERENCE
) -> Settled:
    place = "31.12783,104.39865" if kind is AttachmentKind.LOCATION else ""
    came = (Attachment(kind, reference, "audio/ogg", size, place),)
    return town.talk.hear(replace(town.inbound(resident, text), attachments=came)).result()


def fetch(town: Town, carrier: Carrier) -> int:
    return run_async(Fetching(town.database, {"simulator": carrier}, town.clock).run_once())


def report(town: Town, kind: AttachmentKind = AttachmentKind.VOICE) -> None:
    town.hear(1, "反映")
    assert send(town, kind).state == "done"
    town.hear(1, "同意")


def test_a_voice_message_reaches_the_case_sealed(town: Town) -> None:
    report(town)
    carrier = Carrier()
    assert fetch(town, carrier) == 1
    assert carrier.asked == [REFERENCE]
    (case,) = town.rows(cases)
    with town.database.read() as connection:
        (found,) = of_case(connection, case.id)
        assert (found.kind, found.media_type, found.size, found.state) == ("voice", "audio/ogg", len(CANARY), "kept")
        assert body_of(connection, town.database.vault, found) == CANARY
    (row,) = town.rows(attachments)
    assert (row.resident_id, row.question, row.channel) == (1, "what", "simulator")
    assert all(CANARY not in value and REFERENCE.encode() not in value for value in row if isinstance(value, bytes))


def test_the_providers_name_for_it_is_sealed_while_it_waits_and_gone_afterwards(town: Town) -> None:
    report(town)
    (row,) = town.rows(attachments)
    assert row.state == "waiting"
    assert REFERENCE.encode() not in row.reference
    fetch(town, Carrier())
    (row,) = town.rows(attachments)
    assert row.reference == b""
    assert fetch(town, Carrier()) == 0


def test_a_place_is_kept_without_asking_anybody(town: Town) -> None:
    report(town, AttachmentKind.LOCATION)
    carrier = Carrier()
    assert fetch(town, carrier) == 0
    assert carrier.asked == []
    (case,) = town.rows(cases)
    with town.database.read() as connection:
        (found,) = of_case(connection, case.id)
        assert body_of(connection, town.database.vault, found) == b"31.12783,104.39865"


@pytest.mark.parametrize("reply", ["不用转", "上一题"])
def test_what_came_with_a_matter_that_is_not_passed_on_is_deleted(town: Town, reply: str) -> None:
    """Also when only the answer is taken back."""
    town.hear(1, "反映")
    send(town, AttachmentKind.VOICE)
    assert len(town.rows(attachments)) == 1
    town.hear(1, reply)
    assert town.rows(attachments) == []
    assert fetch(town, Carrier()) == 0


def test_a_message_delivered_twice_keeps_its_attachment_once(town: Town) -> None:
    town.hear(1, "反映")
    message = replace(town.inbound(1, "", "same"), attachments=(Attachment(AttachmentKind.VOICE, REFERENCE),))
    states = [future.result().state for future in [town.talk.hear(message), town.talk.hear(message)]]
    assert states == ["done", "duplicate"]
    assert len(town.rows(attachments)) == 1


def test_what_comes_where_a_number_is_asked_for_is_not_kept(town: Town) -> None:
    town.launch()
    town.wakes()
    assert send(town, AttachmentKind.PHOTO).state == "done"
    assert town.rows(attachments) == []
    assert any("没有保存" in text for text in town.send())


def test_a_failure_is_tried_again_later_and_later_and_given_up_at_last(town: Town) -> None:
    report(town)
    carrier = Carrier(trouble=[OSError("away")] * 99)
    assert fetch(town, carrier) == fetch(town, carrier) == 0
    assert len(carrier.asked) == 1  # not again at once
    for _ in range(40):
        town.clock.advance(timedelta(minutes=30))
        fetch(town, carrier)
    (row,) = town.rows(attachments)
    assert (row.state, row.attempts, row.error) == ("failed", len(RETRY), "OSError")
    assert len(carrier.asked) == len(RETRY)


def test_a_failure_that_passes_costs_nothing_but_time(town: Town) -> None:
    report(town)
    carrier = Carrier(trouble=[TimeoutError()])
    fetch(town, carrier)
    town.clock.advance(timedelta(minutes=5))
    assert fetch(town, carrier) == 1


@pytest.mark.parametrize("why", ["gone for good", "said to be too large", "found to be too large"])
def test_what_never_can_be_had_is_not_asked_for_again(town: Town, why: str) -> None:
    town.hear(1, "反映")
    send(town, AttachmentKind.VIDEO, size=LARGEST + 1 if why == "said to be too large" else 0)
    carrier = Carrier(
        trouble=[Gone()] if why == "gone for good" else [],
        body=b"x" * (LARGEST + 1) if why == "found to be too large" else b"x",
    )
    for _ in range(3):
        assert fetch(town, carrier) == 0
        town.clock.advance(timedelta(hours=1))
    assert [row.state for row in town.rows(attachments)] == ["failed"]
    assert len(carrier.asked) == (0 if why == "said to be too large" else 1)


def test_one_that_cannot_be_had_does_not_hold_up_the_next(town: Town) -> None:
    town.hear(1, "反映")
    town.hear(2, "反映")
    send(town, AttachmentKind.VOICE)
    send(town, AttachmentKind.VOICE, resident=2)
    assert fetch(town, Carrier(trouble=[Gone()])) == 1
    assert sorted(row.state for row in town.rows(attachments)) == ["failed", "kept"]


def test_a_channel_that_is_off_costs_no_tries(town: Town) -> None:
    report(town)
    assert run_async(Fetching(town.database, {}, town.clock).run_once()) == 0
    assert [(row.state, row.attempts) for row in town.rows(attachments)] == [("waiting", 0)]


def test_a_message_for_staff_keeps_what_came_with_it_sealed_until_it_is_settled(town: Town) -> None:
    town.numbers.append("+8613800000000")
    assert send(town, AttachmentKind.VOICE, resident=4).reason == "unknown_number"
    (row,) = town.rows(inbox)
    assert row.extra is not None
    assert REFERENCE.encode() not in row.extra
