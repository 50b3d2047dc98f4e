"""The simulator's HTTP interface: one side for the service, one for the phones; every request is signed."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.channels.channel import LARGEST_BODY
from bot.simulator.carrier import Carrier
from bot.simulator.faults import Fault
from bot.simulator.mailbox import Letter
from bot.simulator.signature import HEADER, genuine

#: Where the application is mounted, in the service as well as on its own.
MOUNT = "/simulator"
#: How long one look for new messages may wait (seconds).
LONGEST_WAIT = 30.0
_NUMBER = re.compile(r"\+\d{6,15}", re.ASCII)


def make_app(carrier: Carrier) -> web.Application:
    """Return the application of `carrier`; it starts and stops with the application it is mounted in."""
    desk = _Desk(carrier)
    app = web.Application(middlewares=[_signed(carrier.secret)], client_max_size=LARGEST_BODY)
    app.add_routes(
        [
            web.post("/carrier/messages", desk.accept),
            web.get("/carrier/messages", desk.evidence),
            web.post("/phones/{number}/messages", desk.send),
            web.get("/phones/{number}/messages", desk.look),
            web.put("/faults", desk.trouble),
        ],
    )
    app.on_startup.append(lambda _: carrier.start())
    app.on_cleanup.append(lambda _: carrier.stop())
    return app


def make_standalone(carrier: Carrier) -> web.Application:
    """Return an application that holds nothing but the simulator, at the same path as in the service."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_subapp(MOUNT, make_app(carrier))
    return app


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _signed(secret: str) -> Any:
    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await request.read()
        target = request.rel_url.raw_path_qs
        if not genuine(secret, request.headers.get(HEADER), request.method, target, body, now=time.time()):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        return await handler(request)

    return check


class _Desk:
    """The handlers."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Take `{"attempt", "to", "text", "options"}` from the service; 201 with the carrier's id."""
        faults = self._carrier.faults
        if faults.take(Fault.DROP_BEFORE):
            return _drop(request)
        for fault, status in _ANSWERS.items():
            if faults.take(fault):
                return web.Response(status=status)
        said = await _object(request)
        try:
            phone, text, attempt = str(said["to"]), str(said["text"]), str(said["attempt"])
            options = tuple(map(str, said["options"]))
        except (KeyError, TypeError):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        if not _NUMBER.fullmatch(phone):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        letter = self._carrier.accept(phone, text, options, attempt)
        if faults.take(Fault.DROP_AFTER):
            return _drop(request)
        if faults.take(Fault.SLOW):
            await asyncio.sleep(faults.seconds)
        return web.json_response({"id": letter.id}, status=HTTPStatus.CREATED)

    async def evidence(self, request: web.Request) -> web.StreamResponse:
        """Say which messages came under `?attempt=`, 404 if none; without it, how many came per attempt."""
        if "attempt" not in request.query:
            return web.json_response({"attempts": self._carrier.mailbox.attempts()})
        if self._carrier.faults.take(Fault.BREAK):
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        letters = self._carrier.mailbox.by_attempt(request.query["attempt"])
        status = HTTPStatus.OK if letters else HTTPStatus.NOT_FOUND
        return web.json_response({"messages": [_plain(letter) for letter in letters]}, status=status)

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Let the phone send `{"text"}`."""
        number, said = request.match_info["number"], await _object(request)
        if not _NUMBER.fullmatch(number) or not isinstance(said.get("text"), str):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        letter = self._carrier.text(number, said["text"])
        return web.json_response(_plain(letter), status=HTTPStatus.CREATED)

    async def look(self, request: web.Request) -> web.StreamResponse:
        """Return the phone's messages after number `?after=`, waiting up to `?wait=` seconds for one."""
        try:
            after, wait = int(request.query.get("after", "0")), float(request.query.get("wait", "0"))
        except ValueError:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        letters = await self._carrier.letters(request.match_info["number"], after, min(wait, LONGEST_WAIT))
        return web.json_response({"messages": [_plain(letter) for letter in letters]})

    async def trouble(self, request: web.Request) -> web.StreamResponse:
        """Switch faults on: `{"drop_after": 1}`."""
        said = await _object(request)
        try:
            faults = {Fault(name): int(times) for name, times in said.items()}
        except (TypeError, ValueError):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        for fault, times in faults.items():
            self._carrier.faults.set(fault, times)
        return web.Response(status=HTTPStatus.NO_CONTENT)


_ANSWERS = {
    Fault.THROTTLE: HTTPStatus.TOO_MANY_REQUESTS,
    Fault.BREAK: HTTPStatus.SERVICE_UNAVAILABLE,
    Fault.REFUSE: HTTPStatus.BAD_REQUEST,
}


def _drop(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        said = json.loads(await request.read())
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _plain(letter: Letter) -> dict[str, Any]:
    return {
        "number": letter.number,
        "id": letter.id,
        "way": letter.way.value,
        "text": letter.text,
        "options": list(letter.options),
    }
