"""A provider as the channel contract sees it, and the phone simulator's carrier as one."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from aiohttp import web

from bot.channels.channel import Channel, RawRequest
from bot.channels.simulator import SimulatorChannel
from bot.simulator.app import make_standalone
from bot.simulator.carrier import Carrier
from bot.simulator.faults import Fault, Faults
from bot.simulator.mailbox import Mailbox
from bot.simulator.signature import HEADER, sign
from scheduler.clock import SteppedClock
from storage.receipts import Delivery

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Provider(Protocol):
    """A provider as the contract sees it: it signs what it posts, and can be made to fail.

    `malformed`: bodies it could sign, which are rejected with 400 all the same.
    """

    address: str
    malformed: tuple[bytes, ...]

    def channel(self) -> Channel:
        """Return a channel to this provider; whoever sends opens it."""

    def running(self) -> Any:
        """Return an async context manager in which the provider answers."""

    def fault(self, fault: str) -> None:
        """Let the next request for sending fail so."""

    def count(self, attempt: str) -> int:
        """How many messages of `attempt` the provider has."""

    def id(self, name: str) -> str:
        """Return a message id such as the provider makes, from a short name."""

    def message(self, name: str, text: str) -> RawRequest:
        """Return the signed post of a message from `address`."""

    def receipt(self, attempt: str, name: str, delivery: Delivery) -> RawRequest:
        """Return the signed post of a delivery report."""

    def signed(self, request: RawRequest, body: bytes) -> RawRequest:
        """Return the request with another body, signed by the provider itself."""


class SimulatorProvider:
    """The phone simulator's carrier."""

    address = "+8613900000001"
    secret = "one secret between both ends"  # noqa: S105 - of this test alone
    malformed = (
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"messages": 1}',
        b'{"messages": [1]}',
        b'{"messages": [{}]}',
        b"\xff\xfe",
        b"[" * 9000,
    )

    def __init__(self) -> None:
        self.faults = Faults()
        self.mailbox = Mailbox()
        self.url = "http://127.0.0.1:9"  # nobody answers there

    def channel(self) -> Channel:
        """Return a channel to the carrier."""
        return SimulatorChannel(
            carrier=self.url,
            secret=self.secret,
            clock=SteppedClock(NOW),
            answer_seconds=0.3,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the carrier on a free port of this machine."""
        carrier = Carrier(service="http://127.0.0.1:9", secret=self.secret, mailbox=self.mailbox, faults=self.faults)
        runner = web.AppRunner(make_standalone(carrier), shutdown_timeout=0.01)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/simulator"
        try:
            yield
        finally:
            await runner.cleanup()

    def fault(self, fault: str) -> None:
        """Let the next request for sending fail so."""
        self.faults.set(Fault(fault), 1)

    def count(self, attempt: str) -> int:
        """Count the messages of `attempt` in all phones."""
        return len(self.mailbox.by_attempt(attempt))

    def id(self, name: str) -> str:
        """Return the name: the carrier's ids are plain words."""
        return name

    def message(self, name: str, text: str) -> RawRequest:
        """Return a signed post of one message."""
        body = json.dumps({"messages": [{"id": self.id(name), "from": self.address, "text": text}]}).encode()
        return self.signed(RawRequest("POST", "/channels/simulator/messages"), body)

    def receipt(self, attempt: str, name: str, delivery: Delivery) -> RawRequest:
        """Return a signed post of one report."""
        item = {"id": self.id(name), "attempt": attempt, "delivery": delivery.value}
        body = json.dumps({"receipts": [item]}).encode()
        return self.signed(RawRequest("POST", "/channels/simulator/receipts"), body)

    def signed(self, request: RawRequest, body: bytes) -> RawRequest:
        """Sign `body` as the carrier does."""
        header = sign(self.secret, int(time.time()), request.method, request.target, body)
        return replace(request, body=body, headers={HEADER.lower(): header})
