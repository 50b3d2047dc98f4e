"""A described HTTP gateway as the channel contract sees it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from simulator_provider import NOW

from bot.channels.channel import Channel, RawRequest
from bot.channels.gateway import GatewayChannel
from bot.channels.gatewayfile import GatewayFile
from bot.simulator.faults import Fault
from scheduler.clock import SteppedClock
from storage.receipts import Delivery
from tests.emulators.gateway import GatewayEmulator, description

STATES = {Delivery.ACCEPTED: "ACCEPTD", Delivery.DELIVERED: "DELIVRD", Delivery.FAILED: "REJECTD"}


class GatewayProvider:
    """The emulated carrier with the gateway of the example description."""

    address = "+8613900000001"
    malformed = (
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"messages": 1, "reports": 1}',
        b'{"messages": [1], "reports": [1]}',
        b'{"messages": [{}], "reports": [{}]}',
        b'{"messages": [{"id": "", "from": "13900000001", "text": "1"}], "reports": [{"status": "DELIVRD"}]}',
        b'{"messages": [{"id": "1", "from": "13900000001", "text": 1}], "reports": [{"msgid": "1"}]}',
        b"\xff\xfe",
        b"[" * 9000,
    )

    def __init__(self) -> None:
        self.emulator = GatewayEmulator()

    def channel(self) -> Channel:
        """Return a channel to the carrier."""
        described = GatewayFile.model_validate(tomllib.loads(description(self.emulator.url)))
        return GatewayChannel(
            described,
            secret=self.emulator.secret,
            clock=SteppedClock(NOW),
            public_url="https://pingyi.example.org",
            answer_seconds=0.3,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the carrier on a free port of this machine."""
        async with self.emulator.running():
            yield

    def fault(self, fault: str) -> None:
        """Let the next request for sending fail so."""
        self.emulator.faults.set(Fault(fault), 1)

    def count(self, attempt: str) -> int:
        """Count the messages of `attempt`."""
        return sum(sent.attempt == attempt for sent in self.emulator.sent)

    def id(self, name: str) -> str:
        """Return an id as the carrier makes them."""
        return f"mo-{name}"

    def message(self, name: str, text: str) -> RawRequest:
        """Return a signed post of one message; the carrier writes numbers without their country."""
        item = {"id": self.id(name), "from": self.address.removeprefix("+86"), "text": text}
        return self.signed(RawRequest("POST", "/channels/gateway/messages"), json.dumps({"messages": [item]}).encode())

    def receipt(self, attempt: str, name: str, delivery: Delivery) -> RawRequest:
        """Return a signed post of one report."""
        item = {"msgid": self.id(name), "uid": attempt, "status": STATES[delivery]}
        return self.signed(RawRequest("POST", "/channels/gateway/receipts"), json.dumps({"reports": [item]}).encode())

    def signed(self, request: RawRequest, body: bytes) -> RawRequest:
        """Sign `body` as the carrier does."""
        headers = {name.lower(): value for name, value in self.emulator.signed(request.target, body).items()}
        return replace(request, body=body, headers=headers)
