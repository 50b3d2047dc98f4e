"""Attachments: kept with the turn they came in, fetched from the provider later, sealed, and found by their case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, or_, select, update

from storage.tables.messages import attachments
from storage.vault import Vault
from surveys.dialogue.attachment import AttachmentKind, KeptAttachment
from surveys.dialogue.turn import Turn

#: After the n-th failure it is tried again this long after it came in; after the last it is given up.
RETRY = (
    timedelta(0),
    timedelta(seconds=30),
    timedelta(minutes=3),
    timedelta(minutes=20),
    timedelta(hours=2),
    timedelta(hours=12),
)
#: Providers call files by names of some length; a column of the database holds so many characters of a media type.
MEDIA_TYPE = 128
LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """An attachment that is still with the provider; `reference` is the provider's name for it."""

    id: int
    key: str
    channel: str
    reference: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Stored:
    """An attachment as staff see it: `state` waiting, kept or failed, `size` in bytes (0: unknown)."""

    id: int
    key: str
    kind: str
    media_type: str
    size: int
    state: str
    at: datetime


def write_attachments(connection: Connection, vault: Vault, turns: Sequence[tuple[Turn, str]], now: datetime) -> None:
    """Write what each turn keeps (with the channel it came by), then what becomes of what was kept before."""
    for turn, channel in turns:
        if turn.attachments:
            of = f"{turn.conversation.address}|{turn.conversation.turn}"  # once, as the turn's message
            rows = [_row(vault, kept, f"{of}|{place}", channel, now) for place, kept in enumerate(turn.attachments)]
            connection.execute(insert(attachments), rows)
        for change in turn.attachment_changes:
            those = {"who": change.resident, "of": change.interview, "asked": change.question}
            if change.case:
                connection.execute(_TO_CASE, {**those, "case": change.case})
            else:
                connection.execute(_DROP, those)


def _row(vault: Vault, kept: KeptAttachment, key: str, channel: str, now: datetime) -> dict[str, Any]:
    came = kept.attachment
    place = came.kind is AttachmentKind.LOCATION  # it is all there: nothing is fetched
    return {
        "key": key,
        "channel": channel,
        "resident_id": kept.resident,
        "interview_id": kept.interview,
        "question": kept.question,
        "case_id": kept.case,
        "kind": came.kind.value,
        "media_type": "text/plain" if place else came.media_type[:MEDIA_TYPE],
        "size": len(came.text.encode(errors="replace")) if place else min(max(came.size, 0), LARGEST),
        "reference": vault.seal("attachments.reference", key, came.reference),
        "body": vault.seal("attachments.body", key, came.text) if place else None,
        "state": "kept" if place else "waiting",
        "attempts": 0,
        "error": "",
        "at": now,
    }


def waiting(connection: Connection, vault: Vault, channels: Sequence[str], now: datetime, limit: int) -> list[Waiting]:
    """Return attachments of `channels` that are to be fetched now, the oldest first."""
    due = or_(*(and_(attachments.c.attempts == n, attachments.c.at <= now - after) for n, after in enumerate(RETRY)))
    rows = connection.execute(
        select(attachments)
        .where(attachments.c.state == "waiting", attachments.c.channel.in_(sorted(channels)), due)
        .order_by(attachments.c.id)
        .limit(limit)
    )
    return [
        Waiting(
            row.id,
            row.key,
            row.channel,
            vault.open("attachments.reference", row.key, row.reference),
            row.media_type,
            row.size,
        )
        for row in rows
    ]


def seal_body(vault: Vault, key: str, body: bytes) -> bytes:
    """Seal what was fetched; apart from `keep`, so that the writer need not do it."""
    return vault.seal_bytes("attachments.body", key, body)


def keep(connection: Connection, attachment: int, media_type: str, size: int, sealed: bytes) -> bool:
    """Keep what was fetched (`size` in bytes before it was sealed); False if it is not wanted any more."""
    changed = connection.execute(
        update(attachments)
        .where(attachments.c.id == attachment, attachments.c.state == "waiting")
        .values(
            state="kept",
            body=sealed,
            size=size,
            media_type=media_type[:MEDIA_TYPE],
            attempts=attachments.c.attempts + 1,
            reference=b"",
            error="",
        )
    )
    return changed.rowcount > 0


def failed(connection: Connection, attachment: int, error: str, *, final: bool) -> None:
    """Note that it could not be fetched; after the last try, or if it never can be, it is given up."""
    row = connection.execute(
        select(attachments.c.attempts).where(attachments.c.id == attachment, attachments.c.state == "waiting")
    ).first()
    if row is None:
        return
    tried = row.attempts + 1
    over = final or tried >= len(RETRY)
    connection.execute(
        update(attachments)
        .where(attachments.c.id == attachment)
        .values(state="failed" if over else "waiting", attempts=tried, error=error[:255])
    )


def of_case(connection: Connection, case: str) -> list[Stored]:
    """Return the attachments of a case in the order they came in."""
    rows = connection.execute(select(*_SHOWN).where(attachments.c.case_id == case).order_by(attachments.c.id))
    return [_stored(row) for row in rows]


def body_of(connection: Connection, vault: Vault, attachment: Stored) -> bytes:
    """Return the content of an attachment that is kept."""
    sealed = connection.execute(select(attachments.c.body).where(attachments.c.id == attachment.id)).scalar_one()
    return vault.open_bytes("attachments.body", attachment.key, sealed)


def _stored(row: Row[Any]) -> Stored:
    return Stored(row.id, row.key, row.kind, row.media_type, row.size, row.state, row.at)


_SHOWN = tuple(attachments.c[name] for name in ("id", "key", "kind", "media_type", "size", "state", "at"))
_THOSE = (
    attachments.c.resident_id == bindparam("who"),
    attachments.c.interview_id == bindparam("of"),
    attachments.c.question == bindparam("asked"),
)
_TO_CASE = update(attachments).where(*_THOSE).values(case_id=bindparam("case"))
_DROP = delete(attachments).where(*_THOSE)
