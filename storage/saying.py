"""What is to be said, as rows of the outbox: long texts in parts, and called off when nobody wants it any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, update

from storage.codec import compact
from storage.prepared import Insert
from storage.tables.messages import outbox
from storage.vault import Vault
from surveys.dialogue.turn import Say, Urgency

#: Outbox rows that no call has been made for yet.
UNSENT = ("due",)
PRIORITY = {Urgency.REPLY: 0, Urgency.BULK: 1}
#: No channel has a longest message.
NO_LIMIT: Mapping[str, int] = MappingProxyType({})


def cancel_unsent_at(connection: Connection, address: int, why: str) -> None:
    """Cancel what has not been sent to an address that is not reached any more."""
    unsent = update(outbox).where(outbox.c.address_id == address, outbox.c.state.in_(UNSENT))
    connection.execute(unsent.values(state="cancelled", error=why))


def cancel_unsent(connection: Connection, resident: int, *, keep_cases: bool) -> None:
    """Cancel what has not been sent to a resident who opted out, on every channel."""
    statement = update(outbox).where(outbox.c.resident_id == resident, outbox.c.state.in_(UNSENT))
    if keep_cases:
        statement = statement.where(outbox.c.case_id == "")
    connection.execute(statement.values(state="cancelled", error="stopped"))


def write_says(
    connection: Connection,
    vault: Vault,
    said: Iterable[tuple[Say, int, str]],
    now: datetime,
    *,
    longest: Mapping[str, int] = NO_LIMIT,
) -> None:
    """Queue messages, each with its address and channel; `longest` is how many characters a channel's may have."""
    rows = [
        say_row(vault, part, address, channel, now)
        for say, address, channel in said
        for part in parts(say, longest.get(channel, 0))
    ]
    _SAY.many(connection, rows)


def parts(say: Say, longest: int) -> tuple[Say, ...]:
    """Return `say` in parts a channel can carry (0: any length); only the last asks, and so keeps key and buttons."""
    if not longest or len(say.text) <= longest:
        return (say,)
    from surveys.campaign.splitting import split

    *before, last = split(say.text, longest)
    return (
        *(
            replace(say, text=text, key=f"{say.key}|{place}", options=(), guard="", opens=False)
            for place, text in enumerate(before, 1)
        ),
        replace(say, text=last),
    )


def say_row(vault: Vault, say: Say, address: int, channel: str, now: datetime) -> dict[str, Any]:
    """Return the outbox row of a message."""
    said: dict[str, Any] = {"text": say.text, "options": say.options}
    if say.opens:
        said["opens"] = True
    if say.guard:
        said["guard"] = say.guard
    if say.discreet:
        said["discreet"] = True
    body = compact(said)
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
