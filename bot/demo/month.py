"""The month itself: a real service on a loopback port, and a clock that moves on once nothing due is left to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial

from aiohttp import ClientSession, web

from bot.channels.channel import Channel
from bot.channels.simulator import NAME
from bot.demo.calendar import Calendar, on_grid
from bot.demo.people import People
from bot.house import House
from bot.service import listen, make_channels
from bot.simulator.app import MOUNT, make_app
from bot.simulator.carrier import Carrier
from bot.simulator.mailbox import Mailbox
from bot.simulator.phone import Phone
from bot.simulator.secret import simulator_secret
from bot.web import Edge
from bot.web import make_app as make_edge
from scheduler.clock import SteppedClock
from scheduler.dispatch import Dispatch
from scheduler.sender import Accepted, NotSent, Outgoing, Sender, Unknown
from scheduler.talk import Talk
from scheduler.wakes import GROUP
from storage import claiming, wakes

#: Something that happens at one instant of the month because staff do it.
Deed = Callable[[datetime], None]
#: Called with the number, "sent" by the phone or "received" by it, and the text.
Listener = Callable[[str, str, str], None]


class Watched:
    """A sender that remembers whether an outcome was unclear, so that it is settled before time moves on."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self.name, self.limits = sender.name, sender.limits
        self.unclear = False

    async def send(self, message: Outgoing) -> Accepted | NotSent | Unknown:
        """Send once."""
        result = await self._sender.send(message)
        self.unclear = self.unclear or isinstance(result, Unknown)
        return result

    async def evidence(self, message: Outgoing, since: datetime, known: frozenset[str]) -> Accepted | NotSent | Unknown:
        """Ask what became of an attempt."""
        return await self._sender.evidence(message, since, known)


class Month:
    """Lives from the calendar's first instant to its last.

    `people` answer the phones; `deeds` what staff do and when, in order; `listener` hears every message
    that a phone sends or gets.
    """

    def __init__(
        self,
        house: House,
        clock: SteppedClock,
        calendar: Calendar,
        people: People,
        listener: Listener,
        *,
        off: frozenset[str] = frozenset(),
        mailbox: Mailbox | None = None,
    ) -> None:
        self._house, self._clock, self._calendar, self._people = house, clock, calendar, people
        self._listener, self._off = listener, off
        self.mailbox = mailbox or Mailbox()
        self._planned: dict[str, datetime] = {}

    async def live(self, deeds: Sequence[tuple[datetime, Deed]], told: Callable[[datetime], None]) -> None:
        """Let the month pass; `told` is called with each instant at which something happens."""
        waiting = sorted(deeds, key=lambda deed: deed[0], reverse=True)
        async with self._service():
            await self._settle()
            while True:
                now = self._clock.now()
                while waiting and waiting[-1][0] <= now:
                    waiting.pop()[1](now)
                # What residents send is heard before the clock acts; nobody answers at the instant they are told.
                await self._speak(now)
                await self._settle()
                told(now)
                following = self._next(waiting[-1][0] if waiting else None)
                if following is None or following > self._calendar.ends_at:
                    break
                self._clock.move(following)
            self._clock.move(self._calendar.ends_at)
            await self._settle()
            told(self._calendar.ends_at)

    def _next(self, deed: datetime | None) -> datetime | None:
        """Return the next instant at which anything happens, on the grid people keep to."""
        with self._house.database.read() as connection:
            found = [wakes.next_due(connection), claiming.next_due(connection)]
        ahead = [moment for moment in (*found, deed, min(self._planned.values(), default=None)) if moment is not None]
        return on_grid(max(min(ahead), self._clock.now())) if ahead else None

    async def _speak(self, now: datetime) -> None:
        """Let everybody whose time has come send what they mean to, all at once, and wait until all are heard."""
        sends = []
        for number in sorted(number for number, at in self._planned.items() if at <= now):
            text = self._people.at(number).due(now)
            self._note(number)
            if text:
                self._listener(number, "sent", text)
                sends.append(self._device(number).send(text))
        await asyncio.gather(*sends)
        await self._carrier.settled()

    async def _settle(self) -> None:
        """Do what is due until nothing is: wakes, sending, receipts."""
        while await asyncio.wrap_future(self._talk.run_wakes()) == GROUP:
            pass
        await self._dispatch.run_once()
        while self._channel.unclear:
            self._channel.unclear = False
            if not await self._dispatch.settle_unclear():
                self._channel.unclear = True
                await asyncio.sleep(0.5)
        await self._carrier.settled()

    def _ring(self, number: str, text: str, _options: tuple[str, ...], _attempt: str) -> None:
        """Let the phone's owner read a message."""
        now = self._clock.now()
        self._listener(number, "received", text)
        self._people.at(number).hear(text, now)
        self._note(number)

    def _note(self, number: str) -> None:
        reply = self._people.at(number).reply
        if reply is None:
            self._planned.pop(number, None)
        else:
            self._planned[number] = reply.at

    @asynccontextmanager
    async def _service(self) -> AsyncIterator[None]:
        """Serve HTTP on the port of the settings, with the carrier mounted as in the real service."""
        house = self._house
        secret = simulator_secret(house.settings)
        listener = listen(house.settings.host, house.settings.port)
        channels: dict[str, Channel] = make_channels(house)
        self._channel = Watched(channels[NAME])
        self._talk = Talk(house.database, house.office, house.clock, {name: c.kind for name, c in channels.items()})
        self._dispatch = Dispatch(house.database, {NAME: self._channel}, house.clock, house.office)
        self._carrier = Carrier(
            service=house.settings.local_url, secret=secret, mailbox=self.mailbox, observer=self._ring
        )
        self._carrier.faults.unreachable = set(self._off)
        async with AsyncExitStack() as stack:
            for channel in channels.values():
                await channel.open()
                stack.push_async_callback(channel.close)
            app = make_edge(Edge(house.database, self._talk, channels), {MOUNT: make_app(self._carrier)})
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.SockSite(runner, listener).start()
            self._device = partial(_phone, await stack.enter_async_context(ClientSession()), house, secret)
            yield


def _phone(session: ClientSession, house: House, secret: str, number: str) -> Phone:
    return Phone(session, house.settings.carrier_url, secret, number)
