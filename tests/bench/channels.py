"""Sending by real clients over loopback: the whole path of the house beside the client library alone."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.channels.channel import Channel
from bot.channels.sms import NAME as SMS
from bot.channels.telegram import Account as TelegramAccount
from bot.channels.telegram import TelegramChannel
from bot.channels.twilio import Account as TwilioAccount
from bot.channels.twilio import Line, TwilioChannel
from bot.service import settle_in
from scheduler.clock import SteppedClock
from scheduler.dispatch import Dispatch
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.gates import Limits
from storage.saying import say_row
from storage.tables.messages import outbox
from surveys.dialogue.turn import Say, Urgency
from tests.bench.edge import _Server
from tests.bench.figures import Contender, Section, interleave
from tests.bench.service import opened, sqlite_url
from tests.bench.stub import TWILIO, serve_telegram, serve_twilio
from tests.town import OFFICE, START, Town

OURS = "Pingyi: claim → attempt committed → client → settled"
BARE_TELEGRAM = "python-telegram-bot: Bot, own transport, 32 at once"
BARE_TWILIO = "twilio: async client, own transport, 32 at once"
MESSAGES = 1024
AT_ONCE = 32
TEXT = "您对河水水质满意吗?\n1 满意\n2 一般\n3 不满意"


def measure_telegram(folder: Path, rounds: int) -> Section:
    """Return the section for Telegram."""
    section = Section("Sending by Telegram, SQLite (synchronous=FULL)", "messages/s")
    with _Server(multiprocessing.get_context("spawn"), serve_telegram) as stub:
        url = f"http://127.0.0.1:{stub.port}"
        channel = TelegramChannel(
            TelegramAccount("1:bench", "secret", url=url), SteppedClock(START), Limits(evidence=False)
        )
        _measure(section, folder, rounds, channel, bare=(BARE_TELEGRAM, _BareTelegram(url)), stub=stub)
    section.against(OURS, BARE_TELEGRAM, floor=3)
    return section


def measure_twilio(folder: Path, rounds: int) -> Section:
    """Return the section for SMS by Twilio."""
    section = Section("Sending by Twilio, SQLite (synchronous=FULL)", "messages/s")
    with _Server(multiprocessing.get_context("spawn"), serve_twilio) as stub:
        url = f"http://127.0.0.1:{stub.port}"
        account = TwilioAccount(str(TWILIO["account_sid"]), "token", url)
        line = Line(SMS, Limits(segmented=True), sender="+15005550006")
        channel = TwilioChannel(line, account, service_url="http://127.0.0.1:9", clock=SteppedClock(START))
        _measure(section, folder, rounds, channel, bare=(BARE_TWILIO, _BareTwilio(url)), stub=stub)
    section.against(OURS, BARE_TWILIO, floor=0.5)
    return section


class _BareTelegram:
    """python-telegram-bot's Bot as it comes, nothing kept."""

    def __init__(self, url: str) -> None:
        from telegram import Bot

        self._bot = Bot("1:bench", base_url=f"{url}/bot")

    async def open(self) -> None:
        await self._bot.initialize()

    async def close(self) -> None:
        await self._bot.shutdown()

    async def send(self, number: int) -> None:
        await self._bot.send_message(8_613_900_000_000 + number, TEXT)


class _BareTwilio:
    """Twilio's client on its own asynchronous transport, nothing kept."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: Any = None
        self._transport: Any = None

    async def open(self) -> None:
        from twilio.http.async_http_client import AsyncTwilioHttpClient
        from twilio.rest import Client

        self._transport = AsyncTwilioHttpClient()
        self._client = Client(TWILIO["account_sid"], "token", http_client=self._transport)
        self._client.api.base_url = self._url

    async def close(self) -> None:
        await self._transport.close()

    async def send(self, number: int) -> None:
        await self._client.messages.create_async(
            to=f"+86139{number:08d}",
            body=TEXT,
            from_="+15005550006",
            status_callback="http://127.0.0.1:9/channels/sms/receipts?attempt=0123456789abcdef01234567",
        )


class _Counted:
    """The channel, which lets its dispatch end when the last of `expected` messages has been answered."""

    def __init__(self, channel: Channel, expected: int) -> None:
        self.limits, self._channel, self._expected = channel.limits, channel, expected
        self.dispatch: Dispatch | None = None
        self.sent = 0

    async def send(self, message: Outgoing) -> Accepted | NotSent | Unknown:
        result = await self._channel.send(message)
        self.sent += 1
        if self.sent == self._expected and self.dispatch is not None:
            self.dispatch.stop()
        return result

    async def evidence(self, message: Outgoing, since: datetime, known: frozenset[str]) -> Accepted | NotSent | Unknown:
        return await self._channel.evidence(message, since, known)


def _measure(
    section: Section,
    folder: Path,
    rounds: int,
    channel: Channel,
    *,
    bare: tuple[str, _BareTelegram | _BareTwilio],
    stub: _Server,
) -> None:
    name, other = bare
    settle_in()  # as the service does
    loop = asyncio.new_event_loop()
    sent = 0
    with opened(sqlite_url(folder)) as database:
        town = Town(database, MESSAGES)
        queued = 0

        def ours() -> int:
            """Send as the service does, until everything is settled."""
            sender = _Counted(channel, MESSAGES)
            dispatch = sender.dispatch = Dispatch(database, {channel.name: sender}, town.clock, OFFICE)
            loop.run_until_complete(dispatch.run())
            return sender.sent

        def queue() -> None:
            nonlocal queued
            rows = []
            for resident in range(1, MESSAGES + 1):
                say = Say(TEXT, Urgency.REPLY, f"bench|{queued}", resident=resident)
                fixed = {"state": "due", "attempt": "", "attempts": 0, "provider_id": "", "error": ""}
                rows.append({**say_row(database.vault, say, resident, channel.name, START), **fixed})
                queued += 1
            database.write(lambda connection: connection.execute(insert(outbox), rows).close())

        def plainly() -> int:
            nonlocal sent
            loop.run_until_complete(_at_once(other.send))
            sent += MESSAGES
            return MESSAGES

        loop.run_until_complete(channel.open())
        loop.run_until_complete(other.open())
        interleave(
            section,
            {OURS: Contender(ours, queue), name: Contender(plainly)},
            rounds,
        )
        loop.run_until_complete(channel.close())
        loop.run_until_complete(other.close())
        loop.close()
        accepted = len(town.rows(outbox, state="accepted"))
    taken = int(stub.stop())
    if (accepted, taken) != (queued, queued + sent):
        raise AssertionError((accepted, taken, queued, sent))
    section.lines.append(
        f"verified: {queued:,} queued = {accepted:,} accepted; the provider counted {taken:,} = {queued:,} + {sent:,}"
    )


async def _at_once(send: Callable[[int], Awaitable[None]]) -> None:
    """Send MESSAGES messages, AT_ONCE under way all the time."""
    numbers = iter(range(MESSAGES))

    async def one_after_another() -> None:
        for number in numbers:
            await send(number)

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
