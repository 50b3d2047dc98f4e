"""A group of messages heard in one transaction: each admitted once, decided on its own, committed together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.chats import KIND as CHAT
from storage.chats import open_chats, reopen
from storage.committing import Commit
from storage.desk import Desk
from storage.extra import seal_extra
from storage.inbox import Act, Inbound
from storage.loading import load
from storage.prepared import Insert, Lookup
from storage.saying import cancel_unsent_at
from storage.tables.messages import inbox
from storage.tables.residents import addresses
from surveys.dialogue.changing import hear_change
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.moving import leave
from surveys.dialogue.turn import Turn
from surveys.dialogue.world import World


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a message: done, duplicate, staff (a person must look), or failed (kept and tried again)."""

    state: str
    reason: str = ""
    turn: Turn | None = None


def hear_group(connection: Connection, desk: Desk, now: datetime, group: Sequence[Inbound]) -> list[Settled]:
    """Hear `group` in order; the result of each is in the same place."""
    strangers = open_chats(connection, desk, group, now)
    blinds = [desk.vault.blind(message.kind, message.sender) for message in group]
    known = {blind: address for address, blind in connection.execute(_ADDRESSES, {"blinds": sorted(set(blinds))})}
    located = [known.get(blind) for blind in blinds]
    loaded = load(
        connection, desk.vault, desk.codec, desk.surnames, [address for address in located if address is not None]
    )
    left_chats = [
        address
        for message, address in zip(group, located, strict=True)
        if address is not None
        and message.kind == CHAT
        and message.act is Act.SAID
        and not loaded.conversations[address].people
    ]
    if left_chats and reopen(connection, left_chats, now):
        loaded = load(connection, desk.vault, desk.codec, desk.surnames, list(loaded.conversations))
    # After the lock: what another process has admitted for these addresses is committed and seen here.
    seen = _seen(connection, group)
    talks = dict(loaded.conversations)
    campaigns = {i.campaign for talk in talks.values() for i in talk.interviews}
    cases = dict(loaded.cases)
    world = desk.world(connection, now, campaigns, cases)
    commit = Commit(desk.vault, desk.codec, now, longest=desk.longest)
    known_cases = tuple(loaded.cases)
    settled: list[Settled] = []
    rows: list[dict[str, Any]] = []
    left: list[int] = []
    for message, address in zip(group, located, strict=True):
        key = (message.channel, message.provider_id)
        if key in seen:
            settled.append(Settled("duplicate"))
            continue
        seen.add(key)
        result = _decide(message, talks.get(address) if address is not None else None, world)
        if key in strangers:
            result = Settled("done", "stranger")  # answered already, and nothing for a person to do
        if result.turn is not None and address is not None:
            turn = result.turn
            commit.add(loaded.conversations[address], turn, channel=message.channel, known_cases=known_cases)
            talks[address] = turn.conversation
            for case in turn.cases:
                cases[case.id] = case
            if message.act is Act.LEFT:
                left.append(address)
        settled.append(result)
        rows.append(inbox_row(desk, message, address, result, now))
    _INBOX.many(connection, rows)
    commit.write(connection)
    for address in left:
        cancel_unsent_at(connection, address, "left")
    return settled


def _seen(connection: Connection, group: Sequence[Inbound]) -> set[tuple[str, str]]:
    """Return which messages of `group` are in the inbox already, by channel and provider id."""
    by_channel: dict[str, list[str]] = defaultdict(list)
    for message in group:
        by_channel[message.channel].append(message.provider_id)
    return {
        (channel, provider_id)
        for channel, ids in by_channel.items()
        for (provider_id,) in _SEEN.rows(connection, ids, channel)
    }


def _decide(message: Inbound, conversation: Conversation | None, world: World) -> Settled:
    if conversation is None or not conversation.people:
        if message.act is not Act.SAID:
            return Settled("done", "stranger")  # nobody of ours has left, or has changed what was never heard
        return Settled("staff", "unknown_number")
    heard = Heard(message.text, message.channel, message.mode, message.tap, message.attachments)
    try:
        turn = decide(message.act, heard, conversation, world)
    except Exception as error:  # noqa: BLE001 - one message that cannot be decided must not harm its neighbours
        return Settled("failed", f"{type(error).__name__} in deciding")
    if turn.for_staff:
        return Settled("staff", turn.for_staff, turn)
    return Settled("done", "stale" if turn.stale else "", turn)


def decide(act: Act, heard: Heard, conversation: Conversation, world: World) -> Turn:
    """Return what a resident's act leads to."""
    if act is Act.EDITED:
        return hear_change(conversation, heard, world)
    if act is Act.LEFT:
        turn = leave(conversation, heard.channel, world)
        # Whoever writes from there again, in this very group too, is a stranger until the chat is opened anew.
        return replace(turn, conversation=replace(turn.conversation, people=()))
    return hear(conversation, heard, world)


def inbox_row(desk: Desk, message: Inbound, address: int | None, result: Settled, now: datetime) -> dict[str, Any]:
    """Return the inbox row of a message; a settled one keeps its place, for duplicates, but not its words."""
    row = f"{message.channel}|{message.provider_id}"
    keep = result.state != "done"
    return {
        "channel": message.channel,
        "provider_id": message.provider_id,
        "address_id": address,
        "sender": desk.vault.seal("inbox.sender", row, message.sender) if keep else b"",
        "body": desk.vault.seal("inbox.body", row, message.text) if keep else b"",
        "extra": seal_extra(desk.vault, row, message) if keep else None,
        "state": result.state,
        "reason": result.reason,
        "received_at": now,
    }


_INBOX = Insert(
    inbox,
    ("channel", "provider_id", "address_id", "sender", "body", "extra", "state", "reason", "received_at"),
    fixed={"attempts": "1"},
)
_ADDRESSES = select(addresses.c.id, addresses.c.blind).where(addresses.c.blind.in_(bindparam("blinds", expanding=True)))
_SEEN = Lookup(select(inbox.c.provider_id).where(inbox.c.channel == bindparam("channel")), inbox.c.provider_id)
