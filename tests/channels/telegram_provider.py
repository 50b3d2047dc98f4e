"""Telegram's Bot API as a provider in the channel contract, played by its emulator."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.channel import RawRequest
from bot.channels.telegram import Account, TelegramChannel
from bot.simulator.faults import Fault
from scheduler.clock import SteppedClock
from storage.gates import Limits
from storage.receipts import Delivery
from tests.emulators.telegram import TOKEN, TelegramEmulator

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class TelegramProvider:
    """One bot and a resident who has opened a chat with it."""

    address = "1001"
    secret = "a-secret-Telegram-was-told"  # noqa: S105 - of this test alone
    #: Rightly signed, and not what Telegram posts.
    malformed = (
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 9000,
        b"{}",
        b'{"update_id": "1"}',
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 1, "message": 1}',
        b'{"update_id": 1, "message": {}}',
        b'{"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": "x", "type": "private"}}}',
        b'{"update_id": 1, "callback_query": {"id": "1"}}',
    )

    def __init__(self) -> None:
        self.emulator = TelegramEmulator()

    def channel(self, **changes: Any) -> TelegramChannel:
        """Return a channel to the emulator; `changes` are of the account."""
        account = Account(TOKEN, self.secret, name=self.emulator.name, url=self.emulator.url)
        limits = Limits(per_second=30, gap=1, evidence=False)
        return TelegramChannel(replace(account, **changes), SteppedClock(NOW), limits, answer_seconds=0.3)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the Bot API on a free port of this machine."""
        async with self.emulator.running():
            yield

    def fault(self, fault: str) -> None:
        """Let the next request for sending fail so."""
        self.emulator.faults.set(Fault(fault), 1)

    def count(self, attempt: str) -> int:  # noqa: ARG002 - Telegram knows no attempts
        """Count the messages Telegram has taken."""
        return len(self.emulator.sent)

    def id(self, name: str) -> str:
        """Return an update's number made from a name."""
        return str(zlib.crc32(name.encode()))

    def message(self, name: str, text: str) -> RawRequest:
        """Return the post of one message."""
        return self.update(
            name,
            message={
                "message_id": 7,
                "date": 1_772_413_200,
                "chat": {"id": int(self.address), "type": "private", "first_name": "王"},
                "from": {"id": int(self.address), "is_bot": False, "first_name": "王", "language_code": "zh-hans"},
                "text": text,
            },
        )

    def update(self, name: str, **content: Any) -> RawRequest:
        """Return the post of an update of any kind."""
        body = json.dumps({"update_id": int(self.id(name)), **content}).encode()
        return self.signed(RawRequest("POST", "/channels/telegram/messages"), body)

    def receipt(self, attempt: str, name: str, delivery: Delivery) -> RawRequest:
        """Return the post of a report, which Telegram never makes."""
        body = json.dumps({"attempt": attempt, "id": name, "delivery": delivery.value}).encode()
        return self.signed(RawRequest("POST", "/channels/telegram/receipts"), body)

    def signed(self, request: RawRequest, body: bytes) -> RawRequest:
        """Put the secret on it: Telegram signs nothing else."""
        headers = {"x-telegram-bot-api-secret-token": self.secret, "content-type": "application/json"}
        return replace(request, body=body, headers=headers)
