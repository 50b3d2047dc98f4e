"""The two providers of the chaos run: the emulators, with a way to kill a service in the middle of its own call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.simulator.faults import Fault
from tests.emulators.chances import Chances
from tests.emulators.telegram import Sent as TelegramSent
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.twilio import Sent as TwilioSent
from tests.emulators.twilio import TwilioEmulator, _drop

#: Shares of what goes wrong: of webhooks the first two, of calls the others; SILENT has no reports at all.
RATES = {
    Fault.DUPLICATE: 0.05,
    Fault.REORDER: 0.05,
    Fault.DROP_AFTER: 0.03,
    Fault.THROTTLE: 0.02,
    Fault.BREAK: 0.02,
    Fault.SLOW: 0.02,
    Fault.SILENT: 0.03,
}
#: Seconds a slow answer takes.
SLOW = 1.5
#: Seconds for which a post to the service is repeated.
PATIENCE = 180.0
#: Seconds a black hole holds a call: longer than the service waits for any answer.
HOLE = 40.0

#: The port of the service's end of the connection that the present call came by.
_PORT: ContextVar[int] = ContextVar("port")
#: And the process that made it: asked for before anything can kill it.
_PID: ContextVar[int] = ContextVar("pid")


@dataclass
class Trigger:
    """Kills a process from within its own call: armed for a channel and a moment, "before" or "after" acceptance.

    `strike` kills the process at that port of the connection and says whether it did.
    """

    strike: Callable[[int, str, str], bool]
    owner: Callable[[int], int]
    armed: tuple[str, str] | None = None

    def reached(self, channel: str, moment: str) -> None:
        """Note that a call has come this far."""
        if self.armed == (channel, moment) and self.strike(_PORT.get(), channel, moment):
            self.armed = None


class ChaosTelegram(TelegramEmulator):
    """Telegram; `senders` says which process (pid) each accepted message came from."""

    def __init__(self, trigger: Trigger, seed: int, **more: Any) -> None:
        faults = Chances(RATES, seed=seed)
        faults.seconds = SLOW
        super().__init__(faults=faults, patience=PATIENCE, **more)
        self.trigger, self.senders = trigger, dict[str, int]()

    async def _send(self, request: web.Request, data: dict[str, Any]) -> web.StreamResponse:
        _PORT.set(_port(request))
        _PID.set(self.trigger.owner(_PORT.get()))
        self.trigger.reached("telegram", "before")
        return await super()._send(request, data)

    def _accept(self, address: str, now: float, data: dict[str, Any]) -> TelegramSent:
        sent = super()._accept(address, now, data)
        self.senders[sent.id] = _PID.get()
        self.trigger.reached("telegram", "after")
        return sent


class ChaosTwilio(TwilioEmulator):
    """Twilio; the first message to an address in `black` is accepted, and nothing is ever heard of it.

    `black` maps an address to "dropped" (the connection breaks at once) or "hole" (no answer at all).
    """

    def __init__(self, trigger: Trigger, seed: int, **more: Any) -> None:
        faults = Chances(RATES, seed=seed)
        faults.seconds = SLOW
        super().__init__(faults=faults, patience=PATIENCE, states=("sent", "delivered"), **more)
        self.trigger = trigger
        self.black: dict[str, str] = {}
        self.swallowed: dict[str, TwilioSent] = {}

    async def _create(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        _PORT.set(_port(request))
        address = form.get("To", "")
        if address in self.black and address not in self.swallowed:
            return await self._swallow(request, form, self.black[address])
        if address in self.black:
            return await self._plainly(request, form)
        self.trigger.reached("sms", "before")
        return await super()._create(request)

    async def _plainly(self, request: web.Request, form: dict[str, str]) -> web.StreamResponse:
        """Take the message after a swallowed one without mishap.

        As long as the address is black nothing is listed, so that a second mishap could not be told from the first.
        """
        sent = self._accept(form, _attempt(form))
        self.posts.start(self._follow(sent, form["StatusCallback"]))
        return await self._answer(request, sent)

    def _accept(self, form: dict[str, str], attempt: str) -> TwilioSent:
        sent = super()._accept(form, attempt)
        self.trigger.reached("sms", "after")
        return sent

    async def _swallow(self, request: web.Request, form: dict[str, str], how: str) -> web.StreamResponse:
        sent = super()._accept(form, _attempt(form))
        self._unanswered(sent)
        self.swallowed[sent.address] = sent
        for listener in self.listeners:
            listener(sent)
        if how == "hole":
            await asyncio.sleep(HOLE)
        return _drop(request)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("To", "") in self.black:
            return web.Response(status=503, text="<html></html>", content_type="text/html")
        return await super()._list(request)


def _attempt(form: dict[str, str]) -> str:
    return form["StatusCallback"].partition("attempt=")[2].partition("#")[0]


def _port(request: web.Request) -> int:
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    return int(peer[1]) if peer else 0
