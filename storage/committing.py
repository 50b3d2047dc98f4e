"""The one place where turns become rows: everything of a group, table by table, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, update

from storage.caserecord import case_row
from storage.codec import NamedCodec, compact
from storage.events import record
from storage.prepared import Insert, Update
from storage.tables.cases import cases, staff_calls
from storage.tables.messages import outbox
from storage.tables.residents import consents, resident_addresses, residents
from storage.tables.talks import answers, conversations, interviews, wakes
from storage.vault import Vault
from surveys.cases.case import Case
from surveys.consent.consent import Consent, ConsentEntry
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.interview import Interview
from surveys.dialogue.turn import Answer, Event, LinkChange, Say, StaffCall, Turn, Urgency, Wake

#: Outbox rows that no call has been made for yet.
UNSENT = ("due", "held")
PRIORITY = {Urgency.REPLY: 0, Urgency.BULK: 1}


class Commit:
    """Collects turns, then writes them; conversations are written once, as the last turn left them."""

    def __init__(self, vault: Vault, codec: NamedCodec, now: datetime) -> None:
        self._vault, self._codec, self._now = vault, codec, now
        self._loaded: dict[int, Conversation] = {}
        self._after: dict[int, Conversation] = {}
        self._says: list[tuple[Say, int, str]] = []
        self._wakes: list[Wake] = []
        self._answers: dict[tuple[str, str], Answer | None] = {}
        self._cases: dict[str, Case] = {}
        self._known_cases: set[str] = set()
        self._consents: list[ConsentEntry] = []
        self._links: list[tuple[int, LinkChange]] = []
        self._calls: list[StaffCall] = []
        self._events: list[Event] = []

    def add(self, loaded: Conversation, turn: Turn, *, channel: str, known_cases: Sequence[str]) -> None:
        """Add a turn; `loaded` is the conversation as it was read, `channel` what its messages go out by."""
        address = turn.conversation.address
        self._loaded.setdefault(address, loaded)
        self._after[address] = turn.conversation
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
                    "keep_offered": ",".join(map(str, after.keep_offered)),
                }
                for address, after in self._after.items()
            ],
        )

    def _write_interviews(self, connection: Connection) -> None:
        fresh: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for address, after in self._after.items():
            before = {i.id: i for i in self._loaded[address].interviews}
            for interview in after.interviews:
                known = before.get(interview.id)
                if known is None:
                    fresh.append(self._interview_row(interview, address) | {"started_at": self._now})
                elif known is not interview:
                    changed.append({"id": interview.id, **self._interview_state(interview)})
        if fresh:
            connection.execute(insert(interviews), fresh)
        _INTERVIEW.many(connection, changed)

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
            "answered": len(interview.trail) - len(interview.skipped),
            "asked": len(interview.trail) + bool(interview.position),
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
        _SAY.many(
            connection,
            [say_row(self._vault, say, address, channel, self._now) for say, address, channel in self._says],
        )


def cancel_unsent(connection: Connection, resident: int, *, keep_cases: bool) -> None:
    """Cancel what has not been sent to a resident who opted out, on every channel."""
    statement = update(outbox).where(outbox.c.resident_id == resident, outbox.c.state.in_(UNSENT))
    if keep_cases:
        statement = statement.where(outbox.c.case_id == "")
    connection.execute(statement.values(state="cancelled", error="stopped"))


def say_row(vault: Vault, say: Say, address: int, channel: str, now: datetime) -> dict[str, Any]:
    """Return the outbox row of a message."""
    body = compact({"text": say.text, "options": say.options})
    return {
        "key": say.key,
        "address_id": address,
        "resident_id": say.resident,
        "interview_id": say.interview,
        "campaign_id": say.campaign,
        "case_id": say.case,
        "channel": channel,
        "priority": PRIORITY[say.urgency],
        "body": vault.seal("outbox.body", say.key, body),
        "due_at": now,
        "expires_at": say.expires_at,
        "created_at": now,
    }


def write_wakes(connection: Connection, wanted: Sequence[Wake], *, state: str = "due") -> None:
    """Insert wakes; one with a key that exists already is the same wake and changes nothing."""
    _WAKE.many(
        connection,
        [
            {
                "kind": wake.kind,
                "key": wake.key,
                "due_at": wake.due_at,
                "subject": wake.subject,
                "guard": wake.guard,
                "resident_id": wake.resident,
                "campaign_id": wake.campaign,
                "state": state,
            }
            for wake in wanted
        ],
    )


def _call_row(call: StaffCall) -> dict[str, Any]:
    return {
        "resident_id": call.resident,
        "interview_id": call.interview,
        "reason": call.reason,
        "state": "waiting",
        "at": call.at,
    }


_CONVERSATION = Update(conversations, "address_id", ("turn", "language", "keep_offered"))
_INTERVIEW = Update(interviews, "id", ("stage", "turn", "mode", "answered", "asked", "state", "changed_at"))
_ANSWER = Insert(answers, answers.c.keys(), unique=("interview_id", "question"), replaces=True)
_SAY = Insert(
    outbox,
    (
        "key",
        "address_id",
        "resident_id",
        "interview_id",
        "campaign_id",
        "case_id",
        "channel",
        "priority",
        "body",
        "due_at",
        "expires_at",
        "created_at",
    ),
    fixed={"state": "'due'", "attempt": "''", "attempts": "0", "provider_id": "''", "error": "''"},
)
_WAKE = Insert(
    wakes,
    ("kind", "key", "due_at", "subject", "guard", "resident_id", "campaign_id", "state"),
    fixed={"attempts": "0", "error": "''"},
    unique=("key",),
)
_STANDING = update(residents).where(residents.c.id == bindparam("of")).values(consent=bindparam("consent"))
_ERASE = delete(answers).where(answers.c.interview_id == bindparam("i"), answers.c.question == bindparam("q"))
