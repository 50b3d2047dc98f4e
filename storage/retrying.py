"""Messages whose decision failed: heard again a few times, then left for a person to look at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.committing import Commit
from storage.desk import Desk
from storage.extra import open_extra
from storage.hearing import decide
from storage.inbox import Act
from storage.loading import load
from storage.saying import cancel_unsent_at
from storage.tables.messages import inbox

#: After this many failures a message waits for staff.
TRIES = 5


def failed_messages(connection: Connection, limit: int = 50) -> list[int]:
    """Return the inbox ids that are to be heard again, oldest first."""
    return list(
        connection.execute(
            select(inbox.c.id).where(inbox.c.state == "failed").order_by(inbox.c.id).limit(limit)
        ).scalars()
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
