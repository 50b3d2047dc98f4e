"""Sending what the outbox holds: an attempt is committed, the provider called once, the outcome settled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from scheduler.clock import Clock
from scheduler.sender import Accepted, NotSent, Outgoing, Sender, Unknown
from storage import outbox
from storage.database import Database
from storage.outbox import Claimed, Outcome
from surveys.campaign.office import Office

log = structlog.get_logger()

#: Calls under way at once, over all channels of this process.
IN_FLIGHT = 64
#: Seconds between looks at the outbox when nobody has nudged.
PAUSE = 0.5


class Dispatch:
    """Claims, sends and settles until it is stopped."""

    def __init__(self, database: Database, senders: Mapping[str, Sender], clock: Clock, office: Office) -> None:
        self._database, self._senders, self._clock, self._office = database, senders, clock, office
        self._nudged = asyncio.Event()
        self._stopping = False
        self._flights: set[asyncio.Task[None]] = set()
        self._settle: Callable[[Connection, Sequence[Outcome]], Sequence[None]] = self._settle_group

    def nudge(self) -> None:
        """Say that there may be something to send."""
        self._nudged.set()

    @property
    def busy(self) -> bool:
        """Whether calls are under way."""
        return bool(self._flights)

    async def run(self) -> None:
        """Send until `stop`; then wait for the calls under way."""
        while not self._stopping:
            self._nudged.clear()
            try:
                claimed = await self._claim()
            except Exception as error:  # noqa: BLE001 - the database may come back; sending must not end with it
                log.error("claim_failed", error=type(error).__name__)  # noqa: TRY400 - a trace would print SQL values
                claimed = 0
            if claimed and len(self._flights) < IN_FLIGHT:
                continue
            await self._rest()
        while self._flights:
            await asyncio.wait(self._flights)

    def stop(self) -> None:
        """End `run` once the calls under way are settled."""
        self._stopping = True
        self._nudged.set()

    async def run_once(self) -> int:
        """Send everything that is due now, and what becomes due through it; return how many attempts were made."""
        sent = 0
        while claimed := await self._claim():
            sent += claimed
            while self._flights:
                await asyncio.wait(self._flights)
        return sent

    async def settle_unclear(self) -> int:
        """Ask providers about attempts with unclear outcomes; return how many were asked about."""
        wall = datetime.now(UTC)
        rows = await asyncio.wrap_future(
            self._database.later(lambda c: outbox.unclear(c, self._database.vault, wall=wall, limit=IN_FLIGHT))
        )
        await asyncio.gather(*(self._look_up(row) for row in rows))
        return len(rows)

    async def _rest(self) -> None:
        waiters: set[asyncio.Task[object]] = {asyncio.create_task(self._nudged.wait())}
        if len(self._flights) >= IN_FLIGHT:
            done, _ = await asyncio.wait({*waiters, *self._flights}, return_when=asyncio.FIRST_COMPLETED)
        else:
            done, _ = await asyncio.wait(waiters, timeout=PAUSE)
        for waiter in waiters - done:
            waiter.cancel()

    async def _claim(self) -> int:
        room = IN_FLIGHT - len(self._flights)
        if room <= 0:
            return 0
        claimed = await asyncio.wrap_future(self._database.later(lambda c: self._claim_rows(c, room)))
        for message in claimed:
            flight = asyncio.create_task(self._send(message))
            self._flights.add(flight)
            flight.add_done_callback(self._landed)
        return len(claimed)

    def _claim_rows(self, connection: Connection, room: int) -> list[Claimed]:
        return outbox.claim(
            connection,
            self._database.vault,
            self._office,
            now=self._clock.now(),
            wall=datetime.now(UTC),
            limit=room,
        )

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._nudged.set()  # the next message to the same address may go now
        if not flight.cancelled() and (error := flight.exception()) is not None:
            # The attempt stays "attempting": its lease runs out, and evidence settles it.
            log.error("settling_failed", error=type(error).__name__)

    async def _send(self, message: Claimed) -> None:
        sender = self._senders.get(message.channel)
        if sender is None:
            result: Accepted | NotSent | Unknown = NotSent(f"channel {message.channel} is not enabled", final=True)
        else:
            result = await sender.send(
                Outgoing(message.attempt, message.address, message.text, message.options),
            )
        await self._write(message, result)

    async def _look_up(self, message: Claimed) -> None:
        sender = self._senders.get(message.channel)
        if sender is None:
            return
        result = await sender.evidence(message.attempt, message.address)
        if not isinstance(result, Unknown):
            await self._write(message, result)

    async def _write(self, message: Claimed, result: Accepted | NotSent | Unknown) -> None:
        match result:
            case Accepted(provider_id):
                outcome = Outcome(message.id, message.attempt, "accepted", provider_id=provider_id)
            case NotSent(reason, final):
                outcome = Outcome(message.id, message.attempt, "refused" if final else "not_sent", reason=reason)
            case Unknown(reason):
                outcome = Outcome(message.id, message.attempt, "unknown", reason=reason)
        await asyncio.wrap_future(self._database.writer.submit(self._settle, outcome))

    def _settle_group(self, connection: Connection, group: Sequence[Outcome]) -> Sequence[None]:
        outbox.settle(connection, group, now=self._clock.now(), wall=datetime.now(UTC))
        return [None] * len(group)
