"""Chats that are opened: by a resident with an invitation, by one who is known, or by a stranger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from storage.addresses import lock_ids, next_address
from storage.desk import Desk
from storage.events import record
from storage.inbox import Act, Inbound
from storage.invitations import end_unused, token_blind
from storage.saying import write_says
from storage.tables.messages import outbox
from storage.tables.residents import addresses, consents, invitations, resident_addresses, residents
from storage.vault import Vault
from surveys.dialogue.linking import opens_chat, stranger_text
from surveys.dialogue.turn import Event, Say, Urgency

KIND = "telegram"
#: What a start parameter may consist of.
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
#: After this long an answer to a stranger is no longer worth sending.
WORTH = timedelta(days=1)


def open_chats(
    connection: Connection, desk: Desk, group: Sequence[Inbound], now: datetime
) -> frozenset[tuple[str, str]]:
    """Use the invitations that come with opened chats; return (channel, provider id) of what strangers wrote.

    To be called before conversations are loaded: a chat that is linked here is heard as its resident's. A stranger
    is answered by a row of the outbox, once a day and chat. A group without opened chats costs no query.
    """
    opened = [m for m in group if m.kind == KIND and m.act is Act.SAID and opens_chat(m.text)]
    return frozenset((m.channel, m.provider_id) for m in opened if not accept(connection, desk, m, now))


def reopen(connection: Connection, chats: Sequence[int], now: datetime) -> bool:
    """Take chats back that were shut and are written from again; return whether there were any.

    The account is the same, so is the person: above all an opt-out said there must hold. A chat where a stranger
    answered, or whose resident had everything deleted, stays ended.
    """
    links = resident_addresses
    strangers = select(consents.c.id).where(
        consents.c.resident_id == links.c.resident_id,
        consents.c.source == "wrong_person",
        consents.c.at == links.c.ended_at,
    )
    erased = select(residents.c.id).where(residents.c.id == links.c.resident_id, residents.c.erased_at.is_not(None))
    rows = connection.execute(
        update(links)
        .where(links.c.address_id.in_(chats), links.c.ended_at.is_not(None), ~strangers.exists(), ~erased.exists())
        .values(ended_at=None)
        .returning(links.c.resident_id, links.c.address_id)
    ).all()
    record(
        connection,
        [Event("ChatReopened", now, resident=row.resident_id, data={"address": row.address_id}) for row in rows],
    )
    return bool(rows)


def accept(connection: Connection, desk: Desk, message: Inbound, now: datetime) -> bool:
    """Tie the chat to the resident whose unused invitation is opened; return whether anybody is reached there."""
    lock_ids(connection)
    blind = desk.vault.blind(KIND, message.sender)
    address = connection.execute(select(addresses.c.id).where(addresses.c.blind == blind)).scalar()
    _, _, token = message.text.partition(" ")
    invitation = _use(connection, desk.vault, token.strip(), now)
    if address is None:
        address = _put_chat(connection, desk.vault, blind, message.sender)
    if invitation is not None:
        _link(connection, invitation[0], address, confirmed=invitation[1], now=now)
        data = {"channel": message.channel, "address": address, "source": invitation[2]}
        # Other sheets with codes of theirs may lie about: whoever finds one is not this resident.
        end_unused(connection, [invitation[0]], now, source="sheet")
        record(connection, [Event("ChatLinked", now, resident=invitation[0], data=data)])
        return True
    if _reaches_anybody(connection, address) or reopen(connection, [address], now):
        return True
    _answer_stranger(connection, desk, message, address, now)
    return False


def _use(connection: Connection, vault: Vault, token: str, now: datetime) -> tuple[int, bool, str] | None:
    """Use up an invitation; None if there is none, or somebody was quicker, or it has run out."""
    if not TOKEN.fullmatch(token):
        return None
    row = connection.execute(
        update(invitations)
        .where(
            invitations.c.token == token_blind(vault, token),
            invitations.c.used_at.is_(None),
            invitations.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(invitations.c.resident_id, invitations.c.confirmed, invitations.c.source)
    ).first()
    return None if row is None else (row.resident_id, row.confirmed, row.source)


def _put_chat(connection: Connection, vault: Vault, blind: bytes, chat: str) -> int:
    address = next_address(connection)
    value = vault.seal("addresses.value", blind.hex(), chat)
    connection.execute(insert(addresses), [{"id": address, "kind": KIND, "blind": blind, "value": value}])
    return address


def _link(connection: Connection, resident: int, address: int, *, confirmed: bool, now: datetime) -> None:
    """Put the chat before every other address of the resident: it is where they chose to talk."""
    links = resident_addresses
    first = connection.execute(select(func.min(links.c.rank)).where(links.c.resident_id == resident)).scalar()
    rank = min(first or 0, 0) - 1
    mine = (links.c.resident_id == resident, links.c.address_id == address)
    known = connection.execute(select(links).where(*mine)).first()
    if known is None:
        connection.execute(
            insert(links).values(
                resident_id=resident, address_id=address, rank=rank, confirmed_at=now if confirmed else None
            )
        )
        return
    # A chat that was left and is opened again is as sure as this invitation, not as the one before.
    kept = known.confirmed_at if known.ended_at is None else None
    connection.execute(
        update(links).where(*mine).values(rank=rank, confirmed_at=kept or (now if confirmed else None), ended_at=None)
    )


def _reaches_anybody(connection: Connection, address: int) -> bool:
    found = connection.execute(
        select(resident_addresses.c.resident_id)
        .where(resident_addresses.c.address_id == address, resident_addresses.c.ended_at.is_(None))
        .limit(1)
    )
    return found.first() is not None


def _answer_stranger(connection: Connection, desk: Desk, message: Inbound, address: int, now: datetime) -> None:
    world = desk.world(connection, now, (), {})
    key = f"stranger|{desk.vault.name('stranger', message.sender)}|{world.today.isoformat()}"
    if connection.execute(select(outbox.c.id).where(outbox.c.key == key)).first() is None:
        say = Say(text=stranger_text(world), urgency=Urgency.REPLY, key=key, expires_at=now + WORTH)
        write_says(connection, desk.vault, [(say, address, message.channel)], now)
