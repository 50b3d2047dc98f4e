"""Sending: messages claimed, attempted, handed to a sender that answers at once, and settled."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert

from scheduler.dispatch import Dispatch
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.gates import Limits
from storage.saying import say_row
from storage.tables.messages import outbox
from surveys.dialogue.turn import Say, Urgency
from tests.bench.figures import Contender, Section, interleave
from tests.bench.service import opened, sqlite_url
from tests.town import OFFICE, START, Town

OURS = "Pingyi: claim → attempt committed → send → settled"
LOOP = "asyncio: 64 calls of the same sender at once, nothing kept"
MESSAGES = 1024
IN_FLIGHT = 64


class Stub:
    """A provider that accepts everything at once."""

    name = "simulator"
    limits = Limits()

    def __init__(self) -> None:
        self.sent = 0

    async def send(self, message: Outgoing) -> Accepted | NotSent | Unknown:
        """Accept."""
        self.sent += 1
        await asyncio.sleep(0)
        return Accepted(message.attempt)

    async def evidence(self, message: Outgoing, since: datetime, known: frozenset[str]) -> Accepted | NotSent | Unknown:
        """Know nothing."""
        del since, known
        return Unknown(message.attempt)


def measure(folder: Path, rounds: int) -> Section:
    """Return the section."""
    section = Section("Dispatch, SQLite (synchronous=FULL)", "messages/s")
    stub, plain = Stub(), Stub()
    with opened(sqlite_url(folder)) as database:
        town = Town(database, MESSAGES)
        dispatch = Dispatch(database, {"simulator": stub}, town.clock, OFFICE)
        queued = 0

        def queue() -> None:
            nonlocal queued
            rows = []
            for resident in range(1, MESSAGES + 1):
                key = f"bench|{queued}"
                queued += 1
                say = Say("您对河水水质满意吗?\n1 满意\n2 一般\n3 不满意", Urgency.REPLY, key, resident=resident)
                row = say_row(database.vault, say, resident, "simulator", START)
                fixed = {"state": "due", "attempt": "", "attempts": 0, "provider_id": "", "error": ""}
                rows.append({**row, **fixed})
            database.write(lambda connection: connection.execute(insert(outbox), rows).close())

        interleave(
            section,
            {
                OURS: Contender(lambda: asyncio.run(dispatch.run_once()), queue),
                LOOP: Contender(lambda: asyncio.run(_plainly(plain))),
            },
            rounds,
        )
        accepted = len(town.rows(outbox, state="accepted"))
        if (accepted, stub.sent) != (queued, queued):
            raise AssertionError((accepted, stub.sent, queued))
    section.lines.append(f"verified: {queued:,} queued = {stub.sent:,} handed over once = {accepted:,} accepted")
    section.lines.append("the facts name bare aiohttp 6,200–9,200/s and python-telegram-bot's own transport 350–980/s")
    return section


async def _plainly(stub: Stub) -> int:
    message = Outgoing("attempt", "+8613900000001", "text", ())
    for _ in range(MESSAGES // IN_FLIGHT):
        await asyncio.gather(*(stub.send(message) for _ in range(IN_FLIGHT)))
    return MESSAGES
