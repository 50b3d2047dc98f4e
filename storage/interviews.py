"""Reading interviews beside the write path."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from storage.tables.talks import interviews


def addresses_of_interviews(connection: Connection, ids: Collection[str]) -> Mapping[str, int]:
    """Return at which address each of these interviews is held."""
    rows = connection.execute(
        select(interviews.c.id, interviews.c.address_id).where(interviews.c.id.in_(sorted(set(ids))))
    )
    return dict(rows.all())
