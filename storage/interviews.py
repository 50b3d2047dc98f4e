"""Reading interviews beside the write path."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from storage.tables.talks import interviews


def interviews_held(connection: Connection, ids: Collection[str]) -> Mapping[str, tuple[int, str]]:
    """Return at which address, and by which channel, each of these interviews is held."""
    rows = connection.execute(
        select(interviews.c.id, interviews.c.address_id, interviews.c.channel).where(
            interviews.c.id.in_(sorted(set(ids)))
        )
    )
    return {row.id: (row.address_id, row.channel) for row in rows}
