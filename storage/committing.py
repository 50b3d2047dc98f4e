"""The one place where turns become rows: everything of a group, table by table, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, update

from storage.attachments import write_attachments
from storage.caserecord import case_row
from storage.codec import NamedCodec
from storage.erasure import erase
from storage.events import record
from storage.invitations import write_invitations
from storage.offers import offers_text
from storage.prepared import Insert, Update
from storage.saying import NO_LIMIT, cancel_unsent, write_says
from storage.tables.cases import cases, staff_calls
from storage.tables.residents import consents, resident_addresses, residents
from storage.tables.talks import answers, conversations, interviews
from storage.vault import Vault
from storage.wakes import write_wakes
from surveys.cases.case import Case
from surveys.consent.consent import Consent, ConsentEntry
from surveys.consent.invitation import Invitation
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.interview import Interview
from surveys.dialogue.turn import Answer, Event, LinkChange, Say, StaffCall, Turn, Wake
from surveys.questionnaire.keys import is_more


class Commit:
    """Collects turns, then writes them; conversations are written once, as the last turn left them."""

    def __init__(
        self, vault: Vault, codec: NamedCodec, now: datetime, *, longest: Mapping[str, int] = NO_LIMIT
    ) -> None:
        self._vault, self._codec, self._now, self._longest = vault, codec, now, longest
        self._loaded: dict[int, Conversation] = {}
        self._after: dict[int, Conversation] = {}
        self._channels: dict[int, str] = {}
        self._attached: list[tuple[Turn, str]] = []
        self._says: list[tuple[Say, int, str]] = []
        self._wakes: list[Wake] = []
        self._answers: dict[tuple[str, str], Answer | None] = {}
        self._cases: dict[str, Case] = {}
        self._known_cases: set[str] = set()
        self._consents: list[ConsentEntry] = []
        self._links: list[tuple[int, LinkChange]] = []
        self._calls: list[StaffCall] = []
        self._invitations: list[Invitation] = []
        self._erased: list[int] = []
        self._events: list[Event] = []

    def add(self, loaded: Conversation, turn: Turn, *, channel: str, known_cases: Sequence[str]) -> None:
        """Add a turn; `loaded` is the conversation as it was read, `channel` what its messages go out by."""
        address = turn.conversation.address
        self._loaded.setdefault(address, loaded)
        self._after[address] = turn.conversation
        self._channels[address] = channel or self._channels.get(address, "")
        if turn.attachments or turn.attachment_changes:
            self._attached.append((turn, channel))
        for consent in turn.consents:
            # What was still to be said to somebody who opts out is not said, in this group either.
            if consent.consent is not Consent.GIVEN:
                self._says = [said for said in self._says if said[0].resident != consent.resident]
        for say in turn.says:
            self._says.append((say, address, channel))
        for answer in turn.answers:
            self._answers[answer.interview, answer.question] = answer
        for erased in turn.erased:
            self._answers[erased] = None
        for case in turn.cases:
            self._cases[case.id] = case
        for link in turn.links:
            self._links.append((address, link))
        self._known_cases.update(known_cases)
        self._wakes += turn.wakes
        self._consents += turn.consents
        self._calls += turn.calls
        self._invitations += turn.invitations
        self._erased += turn.erased_residents
        self._events += turn.events

    def write(self, connection: Connection) -> None:
        """Write everything collected."""
        if not self._after:
            return
        self._write_conversations(connection)
        self._write_interviews(connection)
        self._write_answers(connection)
        self._write_consents(connection)
        self._write_links(connection)
        self._write_cases(connection)
        if self._attached:
            write_attachments(connection, self._vault, self._attached, self._now)
        write_invitations(connection, self._vault, self._invitations, self._now)
        for resident in self._erased:  # before the last message to them is written: it must still go out
            erase(connection, self._vault, resident, self._now)
        self._write_says(connection)
        write_wakes(connection, self._wakes)
        if self._calls:
            connection.execute(insert(staff_calls), [_call_row(call) for call in self._calls])
        record(connection, self._events)

    def _write_conversations(self, connection: Connection) -> None:
        _CONVERSATION.many(
            connection,
            [
                {
                    "address_id": address,
                    "turn": after.turn,
                    "language": after.language,
                    "keep_offered": offers_text(after),
                    "channel": after.channel,
                    "heard_at": after.heard_at,
                    "burst": after.burst.packed(),
                    "burst_since": after.burst.since,
                }
                for address, after in self._after.items()
            ],
        )

    def _write_interviews(self, connection: Connection) -> None:
        fresh: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        unheard: list[dict[str, Any]] = []
        moved: list[dict[str, Any]] = []
        before = {i.id: (i, address) for address, talk in self._loaded.items() for i in talk.interviews}
        for address, after in self._after.items():
            channel = self._channels[address]
            for interview in after.interviews:
                known, was_at = before.get(interview.id, (None, address))
                if was_at != address:
                    moved.append({"of": interview.id, "to": address})
                if known is None:
                    row = self._interview_row(interview, address)
                    fresh.append(row | {"channel": channel, "started_at": self._now})
                elif known is not interview:
                    row = {"id": interview.id, "channel": channel, **self._interview_state(interview)}
                    (changed if channel else unheard).append(row)
        if fresh:
            connection.execute(insert(interviews), fresh)
        _INTERVIEW.many(connection, changed)
        _INTERVIEW_UNHEARD.many(connection, unheard)
        if moved:
            connection.execute(_MOVE, moved)

    def _interview_row(self, interview: Interview, address: int) -> dict[str, Any]:
        return {
            "id": interview.id,
            "address_id": address,
            "resident_id": interview.resident,
            "campaign_id": interview.campaign,
            "case_id": interview.case,
            "purpose": interview.purpose.value,
            **self._interview_state(interview),
        }

    def _interview_state(self, interview: Interview) -> dict[str, Any]:
        return {
            "stage": interview.stage.value,
            "turn": interview.turn,
            "mode": interview.mode.value,
            "answered": sum(not is_more(name) for name in interview.trail)
            - sum(not is_more(name) for name in interview.skipped),
            "state": self._codec.seal_interview(interview),
            "changed_at": self._now,
        }

    def _write_answers(self, connection: Connection) -> None:
        gone = [{"i": i, "q": q} for (i, q), answer in self._answers.items() if answer is None]
        if gone:
            connection.execute(_ERASE, gone)
        _ANSWER.many(
            connection,
            [
                {
                    "interview_id": answer.interview,
                    "question": answer.question,
                    "body": self._codec.seal_answer(answer),
                    "rule": answer.rule,
                    "confidence": answer.confidence,
                    "mode": answer.mode.value,
                    "late": int(answer.late),
                    "at": answer.at,
                }
                for answer in self._answers.values()
                if answer is not None
            ],
        )

    def _write_consents(self, connection: Connection) -> None:
        if not self._consents:
            return
        connection.execute(
            insert(consents),
            [
                {
                    "resident_id": entry.resident,
                    "consent": entry.consent.value,
                    "source": entry.source,
                    "channel": entry.channel,
                    "at": entry.at,
                }
                for entry in self._consents
            ],
        )
        standing = [{"of": entry.resident, "consent": entry.consent.value} for entry in self._consents]
        connection.execute(_STANDING, standing)
        for entry in self._consents:
            if entry.consent is not Consent.GIVEN:
                cancel_unsent(connection, entry.resident, keep_cases=entry.consent is Consent.CASE_ONLY)

    def _write_links(self, connection: Connection) -> None:
        for address, link in self._links:
            connection.execute(
                update(resident_addresses)
                .where(
                    resident_addresses.c.address_id == address,
                    resident_addresses.c.resident_id == link.resident,
                )
                .values(
                    confirmed_at=self._now if link.confirmed else None,
                    ended_at=self._now if link.ended else None,
                )
            )

    def _write_cases(self, connection: Connection) -> None:
        fresh = [case_row(self._vault, c) for c in self._cases.values() if c.id not in self._known_cases]
        changed = [case_row(self._vault, c) for c in self._cases.values() if c.id in self._known_cases]
        if fresh:
            connection.execute(insert(cases), fresh)
        for row in changed:
            connection.execute(update(cases).where(cases.c.id == row.pop("id")).values(row))

    def _write_says(self, connection: Connection) -> None:
        write_says(connection, self._vault, self._says, self._now, longest=self._longest)


def _call_row(call: StaffCall) -> dict[str, Any]:
    return {
        "resident_id": call.resident,
        "interview_id": call.interview,
        "reason": call.reason,
        "state": "waiting",
        "at": call.at,
    }


_CONVERSATION = Update(
    conversations,
    "address_id",
    ("turn", "language", "keep_offered", "channel", "heard_at", "burst", "burst_since"),
)
_STATE = ("stage", "turn", "mode", "answered", "state", "changed_at")
_INTERVIEW = Update(interviews, "id", (*_STATE, "channel"))
_INTERVIEW_UNHEARD = Update(interviews, "id", _STATE)  # nothing came in or goes out: its channel stays what it was
_ANSWER = Insert(answers, answers.c.keys(), unique=("interview_id", "question"), replaces=True)
_MOVE = update(interviews).where(interviews.c.id == bindparam("of")).values(address_id=bindparam("to"))
_STANDING = update(residents).where(residents.c.id == bindparam("of")).values(consent=bindparam("consent"))
_ERASE = delete(answers).where(answers.c.interview_id == bindparam("i"), answers.c.question == bindparam("q"))
