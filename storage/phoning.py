"""Calls by a person: which are owed, what is open there, and what the resident said on the phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from storage.committing import Commit
from storage.desk import Desk
from storage.loading import load
from storage.residents import find
from storage.tables.cases import staff_calls
from storage.tables.residents import resident_addresses, residents
from storage.tables.talks import interviews
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.interview import Mode
from surveys.dialogue.waking import open_question_text
from surveys.dialogue.world import World


@dataclass(frozen=True, slots=True)
class OwedCall:
    """A call a resident waits for; `asked` is the question that is open, '' if none is."""

    id: int
    office_id: str
    name: str
    phone: str  # E.164: somebody is to dial it
    reason: str
    at: datetime
    asked: str


def owed_calls(connection: Connection, desk: Desk, now: datetime) -> Sequence[OwedCall]:
    """Return the calls that are waiting, the oldest first."""
    rows = connection.execute(
        select(staff_calls, residents.c.office_id)
        .join(residents, residents.c.id == staff_calls.c.resident_id)
        .where(staff_calls.c.state == "waiting")
        .order_by(staff_calls.c.id)
    ).all()
    owed = []
    for row in rows:
        found = find(connection, desk.vault, row.office_id)
        phone = next((number for number, _confirmed, ended in found.phones if not ended), "") if found else ""
        name = found.name if found else ""
        owed.append(
            OwedCall(row.id, row.office_id, name, phone, row.reason, row.at, _asked(connection, desk, now, row))
        )
    return owed


def answer_call(connection: Connection, desk: Desk, now: datetime, call: int, text: str) -> str | None:
    """Enter what the resident said, mode phone; return the question that is open then, None for no such call.

    Nothing is sent: the member of staff reads the questions out.
    """
    row = connection.execute(
        select(staff_calls).where(staff_calls.c.id == call, staff_calls.c.state == "waiting").with_for_update()
    ).first()
    if row is None:
        return None
    talk, world, cases = _open(connection, desk, now, row)
    if talk is None:
        return None
    turn = hear(talk, Heard(text, "staff", Mode.PHONE), world)
    commit = Commit(desk.vault, desk.codec, now, longest=desk.longest)
    commit.add(talk, replace(turn, says=()), channel="", known_cases=cases)
    commit.write(connection)
    return open_question_text(turn.conversation, world)


def close_call(connection: Connection, now: datetime, call: int) -> bool:
    """Note that a call has been made; False if there is none waiting with this number."""
    changed = connection.execute(
        update(staff_calls)
        .where(staff_calls.c.id == call, staff_calls.c.state == "waiting")
        .values(state="done", done_at=now)
    )
    return changed.rowcount > 0


def _asked(connection: Connection, desk: Desk, now: datetime, row: Any) -> str:
    talk, world, _ = _open(connection, desk, now, row)
    return open_question_text(talk, world) if talk else ""


def _open(
    connection: Connection, desk: Desk, now: datetime, row: Any
) -> tuple[Conversation | None, World, tuple[str, ...]]:
    """Load the conversation at the address of the call's interview, or of the resident's first number."""
    address = connection.execute(select(interviews.c.address_id).where(interviews.c.id == row.interview_id)).scalar()
    if address is None:
        address = connection.execute(
            select(resident_addresses.c.address_id)
            .where(
                resident_addresses.c.resident_id == row.resident_id,
                resident_addresses.c.ended_at.is_(None),
            )
            .order_by(resident_addresses.c.rank)
            .limit(1)
        ).scalar()
    if address is None:
        return None, desk.world(connection, now, (), {}), ()
    loaded = load(connection, desk.vault, desk.codec, desk.surnames, [address])
    talk = loaded.conversations[address]
    world = desk.world(connection, now, {i.campaign for i in talk.interviews}, loaded.cases)
    return talk, world, tuple(loaded.cases)
