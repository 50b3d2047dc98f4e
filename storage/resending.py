"""Sending again where nobody can be asked what became of an attempt (Telegram): what, and what not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text, update

from storage.events import record
from storage.tables.messages import outbox
from storage.tables.registry import Instant
from storage.tables.talks import conversations
from storage.vault import Vault
from surveys.dialogue.turn import Event
from surveys.language import CHINESE, translate


def settle_unaskable(
    connection: Connection, vault: Vault, channels: Sequence[str], *, now: datetime, wall: datetime
) -> None:
    """Settle attempts of `channels` that have been unclear long enough.

    What belongs to a conversation is sent again, anything else is put aside. A question that has been overtaken is
    not sent again: the later message carries what is open, and an answer to the old one would be taken for an answer
    to that. If the resident has written by the channel since, it was read.
    """
    rows = connection.execute(_UNCLEAR, {"channels": channels, "wall": wall}).all() if channels else []
    if not rows:
        return
    passed = [row for row in rows if row.overtaken and opens(json.loads(vault.open("outbox.body", row.key, row.body)))]
    read = [row for row in passed if _written_since(row, now, wall)]
    again = [row for row in rows if row.interview_id and row not in passed]
    for statement, which in (
        (_READ, read),
        (OVERTAKEN, [row for row in passed if row not in read]),
        (_AGAIN, again),
        (_PARKED, [row for row in rows if not row.interview_id]),
    ):
        if which:
            connection.execute(statement, [{"of": row.id, "now": now} for row in which])
    record(
        connection,
        [
            Event(
                "SentAgainAfterUnknown",
                now,
                resident=row.resident_id,
                interview=row.interview_id,
                campaign=row.campaign_id,
                case=row.case_id,
                actor="system",
                data={"channel": row.channel, "attempt": row.attempt},
            )
            for row in again
        ],
    )


def sent_again(language: str | None) -> str:
    """Return what stands above a message that is sent once more: who has answered the first copy need not again."""
    return translate(
        language or CHINESE,
        "(Sent once more: we do not know whether it reached you. If you have answered already, please ignore it.)",
    )


def opens(body: dict[str, Any]) -> bool:
    """Whether the message carries a question."""
    return bool(body.get("opens"))


def _written_since(row: Any, now: datetime, wall: datetime) -> bool:
    """Whether the resident has written by this channel since the attempt: two clocks, so durations are compared."""
    return row.heard_by == row.channel and row.heard_at is not None and now - row.heard_at < wall - row.attempted_at


_later = outbox.alias("later")
#: Whether a later message of the conversation has been queued or sent.
LATER_MESSAGE = (
    select(_later.c.id)
    .where(
        _later.c.resident_id == outbox.c.resident_id,
        _later.c.address_id == outbox.c.address_id,
        _later.c.interview_id != "",
        _later.c.id > outbox.c.id,
        _later.c.state.in_(("due", "attempting", "unknown", "accepted", "delivered")),
    )
    .correlate(outbox)
    .exists()
)
_UNCLEAR = (
    select(
        outbox.c.id,
        outbox.c.key,
        outbox.c.body,
        LATER_MESSAGE.label("overtaken"),
        outbox.c.channel,
        outbox.c.attempt,
        outbox.c.attempted_at,
        outbox.c.resident_id,
        outbox.c.interview_id,
        outbox.c.campaign_id,
        outbox.c.case_id,
        conversations.c.channel.label("heard_by"),
        conversations.c.heard_at,
    )
    .outerjoin(conversations, conversations.c.address_id == outbox.c.address_id)
    .where(
        text("outbox.state = 'unknown'"),
        outbox.c.channel.in_(bindparam("channels", expanding=True)),
        outbox.c.lease_until <= bindparam("wall"),
    )
    .with_for_update(skip_locked=True, of=outbox)
)
_OF = outbox.c.id == bindparam("of")
_AGAIN = update(outbox).where(_OF).values(state="due", due_at=bindparam("now"))
_READ = (
    update(outbox)
    .where(_OF)
    .values(state="accepted", sent_at=func.coalesce(outbox.c.sent_at, bindparam("now", type_=Instant())), error="")
)
OVERTAKEN = update(outbox).where(_OF).values(state="cancelled", error="overtaken")
_PARKED = (
    update(outbox)
    .where(_OF)
    .values(state="dead", error="nobody can say whether it was sent, and it is not worth sending twice")
)
