"""Messages whose decision failed: heard again a few times, then left for a person to look at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.committing import Commit
from storage.desk import Desk
from storage.extra import open_extra
from storage.hearing import Settled, decide, inbox_row
from storage.inbox import Act, Inbound
from storage.loading import load
from storage.saying import cancel_unsent_at
from storage.tables.messages import inbox
from storage.tables.residents import addresses

#: After this many failures a message waits for staff.
TRIES = 5


def failed_messages(connection: Connection, limit: int = 50) -> list[int]:
    """Return the inbox ids that are to be heard again, oldest first."""
    return list(
        connection.execute(
            select(inbox.c.id).where(inbox.c.state == "failed").order_by(inbox.c.id).limit(limit)
        ).scalars()
    )


def keep_refused(connection: Connection, desk: Desk, now: datetime, message: Inbound) -> Settled:
    """Keep a message whose effects the database has refused: heard again later, and at last shown to a person."""
    mine = (inbox.c.channel == message.channel, inbox.c.provider_id == message.provider_id)
    if connection.execute(select(inbox.c.id).where(*mine)).first() is not None:
        return Settled("duplicate")
    blind = desk.vault.blind(message.kind, message.sender)
    address = connection.execute(select(addresses.c.id).where(addresses.c.blind == blind)).scalar()
    result = Settled("failed" if address is not None else "staff", "refused by the database")
    connection.execute(insert(inbox).values(attempts=1, **inbox_row(desk, message, address, result, now)))
    return result


def count_failure(connection: Connection, message: int, reason: str) -> None:
    """Count a failed try to hear a message again whose effects the database refuses."""
    tried = connection.execute(select(inbox.c.attempts).where(inbox.c.id == message)).scalar_one() + 1
    state = "staff" if tried >= TRIES else "failed"
    connection.execute(
        update(inbox).where(inbox.c.id == message).values(state=state, attempts=tried, reason=f"{reason} in writing")
    )


def hear_again(connection: Connection, desk: Desk, now: datetime, message: int) -> str:
    """Hear one failed message once more; return its new state."""
    row = connection.execute(
        select(inbox).where(inbox.c.id == message, inbox.c.state == "failed").with_for_update()
    ).first()
    if row is None:
        return "done"
    key = f"{row.channel}|{row.provider_id}"
    try:
        text = desk.vault.open("inbox.body", key, row.body)
        loaded = load(connection, desk.vault, desk.codec, desk.surnames, [row.address_id])
        talk = loaded.conversations[row.address_id]
        world = desk.world(connection, now, {i.campaign for i in talk.interviews}, loaded.cases)
        act, heard = open_extra(desk.vault, key, row.extra, text, row.channel)
        turn = decide(act, heard, talk, world)
    except Exception as error:  # noqa: BLE001 - what failed before may fail again; the row says how often
        state = "staff" if row.attempts + 1 >= TRIES else "failed"
        reason = f"{type(error).__name__} in deciding"
        changed = {"state": state, "reason": reason, "attempts": row.attempts + 1}
    else:
        commit = Commit(desk.vault, desk.codec, now, longest=desk.longest)
        commit.add(talk, turn, channel=row.channel, known_cases=tuple(loaded.cases))
        commit.write(connection)
        if act is Act.LEFT:
            cancel_unsent_at(connection, row.address_id, "left")
        state = "staff" if turn.for_staff else "done"
        kept = {} if turn.for_staff else {"sender": b"", "body": b"", "extra": None}
        reason = turn.for_staff or ("stale" if turn.stale else "")
        changed = {"state": state, "reason": reason, "attempts": row.attempts + 1, **kept}
    connection.execute(update(inbox).where(inbox.c.id == message).values(changed))
    return state
