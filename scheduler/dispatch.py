"""Sending what the outbox holds: an attempt is committed, the provider called once, the outcome settled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from scheduler.clock import Clock
from scheduler.sender import Accepted, NotSent, Outgoing, Sender, Unknown
from storage import outbox
from storage.claiming import Claimed, Claiming, Claims, claim
from storage.database import Database
from storage.failure import Failure
from storage.outbox import Outcome
from surveys.campaign.office import Office

log = structlog.get_logger()

#: Calls under way at once, over all channels of this process.
IN_FLIGHT = 64
#: Of them for messages nobody waits for. Few, so that a reply finds event loop and writer free within milliseconds; at
#: a provider that takes a quarter of a second for an answer they still make 64 messages a second.
FOR_BULK = 16
#: Seconds between looks at the outbox when nobody has nudged.
PAUSE = 0.5
#: Seconds a message may be behind its turn at the gate; a later one takes a new turn, so that turns never bunch up.
LATE = 0.05


@dataclass(slots=True)
class _Batch:
    """Outcomes that are settled together."""

    outcomes: list[Outcome] = field(default_factory=list)
    written: asyncio.Task[None] | None = None


class Dispatch:
    """Claims, sends and settles until it is stopped."""

    def __init__(self, database: Database, senders: Mapping[str, Sender], clock: Clock, office: Office) -> None:
        self._database, self._senders, self._clock, self._office = database, senders, clock, office
        self._nudged = asyncio.Event()
        self._stopping = False
        self._flights: dict[asyncio.Task[None], bool] = {}  # and whether the message is bulk
        self._limits = {name: sender.limits for name, sender in senders.items()}
        self._blind = tuple(name for name, limits in self._limits.items() if not limits.evidence)
        self._again: float | None = None
        self._batch: _Batch | None = None
        self._settle: Callable[[Connection, Sequence[Sequence[Outcome]]], Sequence[None]] = self._settle_group

    def nudge(self) -> None:
        """Say that there may be something to send."""
        self._nudged.set()

    async def run(self) -> None:
        """Send until `stop`; then wait for the calls under way."""
        while not self._stopping:
            self._nudged.clear()
            try:
                claimed = await self._claim()
            except Exception as error:  # noqa: BLE001 - the database may come back; sending must not end with it
                log.error("claim_failed", error=type(error).__name__)  # noqa: TRY400 - a trace would print SQL values
                claimed = 0
            if not claimed or len(self._flights) >= IN_FLIGHT:
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
        while (claimed := await self._claim()) or self._again is not None:
            sent += claimed
            while self._flights:
                await asyncio.wait(self._flights)
            if not claimed:
                await asyncio.sleep(self._again or 0)
        return sent

    async def settle_unclear(self) -> int:
        """Ask providers about attempts with unclear outcomes; return how many were asked about."""
        wall = datetime.now(UTC)
        rows = await asyncio.wrap_future(
            self._database.later(
                lambda c: outbox.unclear(
                    c,
                    self._database.vault,
                    blind_channels=self._blind,
                    now=self._clock.now(),
                    wall=wall,
                    limit=IN_FLIGHT,
                )
            )
        )
        await asyncio.gather(*(self._look_up(row) for row in rows))
        return len(rows)

    async def _rest(self) -> None:
        waiters: set[asyncio.Task[object]] = {asyncio.create_task(self._nudged.wait())}
        if len(self._flights) >= IN_FLIGHT:
            done, _ = await asyncio.wait({*waiters, *self._flights}, return_when=asyncio.FIRST_COMPLETED)
        else:
            done, _ = await asyncio.wait(waiters, timeout=min(PAUSE, PAUSE if self._again is None else self._again))
        for waiter in waiters - done:
            waiter.cancel()

    async def _claim(self) -> int:
        room = IN_FLIGHT - len(self._flights)
        if room <= 0:
            return 0
        bulk = FOR_BULK - sum(self._flights.values())
        if bulk < FOR_BULK // 4:
            bulk = 0  # a few at a time would cost a transaction each
        claims = await asyncio.wrap_future(self._database.later(lambda c: self._claim_rows(c, room, bulk)))
        self._again = claims.again
        for message in claims.messages:
            flight = asyncio.create_task(self._send(message))
            self._flights[flight] = message.bulk
            flight.add_done_callback(self._landed)
        return len(claims.messages)

    def _claim_rows(self, connection: Connection, room: int, bulk: int) -> Claims:
        order = Claiming(
            vault=self._database.vault,
            office=self._office,
            limits=self._limits,
            now=self._clock.now(),
            wall=datetime.now(UTC),
            limit=room,
            bulk=bulk,
        )
        return claim(connection, order)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.pop(flight, None)
        self._nudged.set()  # the next message to the same address may go now
        if not flight.cancelled() and (error := flight.exception()) is not None:
            # The attempt stays "attempting": its lease runs out, and evidence settles it.
            log.error("settling_failed", error=type(error).__name__)

    async def _send(self, message: Claimed) -> None:
        if message.leaves_at is not None:
            early = (message.leaves_at - datetime.now(UTC)).total_seconds()
            if early > 0:
                await asyncio.sleep(early)
            elif early < -LATE:
                await self._settled(Outcome(message.id, message.attempt, "late", message.channel))
                return
        await self._write(message, await self._senders[message.channel].send(_outgoing(message)))

    async def _look_up(self, message: Claimed) -> None:
        sender = self._senders.get(message.channel)
        if sender is None or message.since is None:
            return
        result = await sender.evidence(_outgoing(message), message.since, message.known)
        if isinstance(result, Accepted):
            await self._write(message, result)
        elif isinstance(result, NotSent):
            await self._settled(Outcome(message.id, message.attempt, "absent", message.channel, reason=result.reason))

    async def _write(self, message: Claimed, result: Accepted | NotSent | Unknown) -> None:
        match result:
            case Accepted(provider_id):
                outcome = Outcome(message.id, message.attempt, "accepted", message.channel, provider_id=provider_id)
            case NotSent(reason, failure, retry_after):
                outcome = Outcome(
                    message.id,
                    message.attempt,
                    "failed",
                    message.channel,
                    reason=reason,
                    failure=failure,
                    retry_after=retry_after,
                )
                if failure is Failure.MISCONFIGURED:
                    log.error("channel_misconfigured", channel=message.channel, reason=reason)
            case Unknown(reason):
                outcome = Outcome(message.id, message.attempt, "unknown", message.channel, reason=reason)
        await self._settled(outcome)

    async def _settled(self, outcome: Outcome) -> None:
        """Return once the outcome is committed."""
        batch = self._batch
        if batch is None:
            batch = self._batch = _Batch()
            batch.written = asyncio.create_task(self._write_batch(batch))
        batch.outcomes.append(outcome)
        assert batch.written is not None  # noqa: S101 - set where the batch is made
        await asyncio.shield(batch.written)

    async def _write_batch(self, batch: _Batch) -> None:
        """Hand over together what lands in one turn of the loop: waking the loop for each costs more than settling."""
        await asyncio.sleep(0)
        self._batch = None
        await asyncio.wrap_future(self._database.writer.submit(self._settle, batch.outcomes))

    def _settle_group(self, connection: Connection, group: Sequence[Sequence[Outcome]]) -> Sequence[None]:
        outcomes = [outcome for batch in group for outcome in batch]
        outbox.settle(connection, outcomes, now=self._clock.now(), wall=datetime.now(UTC))
        return [None] * len(group)


def _outgoing(message: Claimed) -> Outgoing:
    return Outgoing(
        message.attempt,
        message.address,
        message.text,
        message.options,
        guard=message.guard,
        discreet=message.discreet,
        valid_until=message.valid_until,
    )
