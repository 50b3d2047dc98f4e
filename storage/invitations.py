"""Invitations into a chat: made, told once, used once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from storage.tables.residents import invitations
from storage.vault import Vault
from surveys.consent.invitation import Invitation


@dataclass(frozen=True, slots=True)
class InvitationCounts:
    """How many invitations of one source were made, and how many of them are used, open, or run out unused."""

    made: int
    used: int
    open: int
    expired: int


def write_invitations(connection: Connection, vault: Vault, made: Sequence[Invitation], now: datetime) -> None:
    """Store invitations; of the token only a keyed hash is kept."""
    if made:
        connection.execute(
            insert(invitations),
            [
                {
                    "token": token_blind(vault, one.token),
                    "resident_id": one.resident,
                    "source": one.source,
                    "confirmed": one.confirmed,
                    "made_at": now,
                    "expires_at": one.expires_at,
                }
                for one in made
            ],
        )


def token_blind(vault: Vault, token: str) -> bytes:
    """Return the keyed hash under which a token is found."""
    return vault.blind("invitation", token)


def end_unused(connection: Connection, residents: Collection[int] | None, now: datetime, *, source: str) -> int:
    """Let unused invitations of `source` run out now, of all residents if None is given; return how many."""
    statement = update(invitations).where(
        invitations.c.used_at.is_(None), invitations.c.expires_at > now, invitations.c.source == source
    )
    if residents is not None:
        statement = statement.where(invitations.c.resident_id.in_(sorted(residents)))
    return connection.execute(statement.values(expires_at=now)).rowcount


def counts(connection: Connection, now: datetime) -> dict[str, InvitationCounts]:
    """Return what became of the invitations, by source."""
    used = func.count(invitations.c.used_at)
    rows = connection.execute(
        select(
            invitations.c.source,
            func.count().label("made"),
            used.label("used"),
            func.count().filter(invitations.c.used_at.is_(None), invitations.c.expires_at > now).label("open"),
        )
        .group_by(invitations.c.source)
        .order_by(invitations.c.source)
    )
    return {row.source: InvitationCounts(row.made, row.used, row.open, row.made - row.used - row.open) for row in rows}
