"""The HTTP edge: a signed webhook until its 200, which follows the commit, beside a handler that does nothing."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from typing import Any, Self

from aiohttp import web

from bot.channels.simulator import SimulatorChannel
from bot.service import settle_in
from bot.simulator.signature import HEADER, sign
from bot.web import Edge, make_app
from tests.bench.figures import Contender, Section, interleave
from tests.bench.replies import TURNS, reply
from tests.bench.service import Survey, opened, sqlite_url
from tests.town import Town

OURS = "Pingyi: signed POST → commit → 200, SQLite FULL"
EMPTY = "aiohttp: POST handler that answers 200"
PATH = "/channels/simulator/messages"
SECRET = "one secret between both ends"  # noqa: S105 - of this bench alone
CONNECTIONS = 64
#: Residents each connection speaks for in a round, one after the other.
EACH = 4


def measure(folder: Path, rounds: int) -> Section:
    """Return the section: 64 connections from another process, each waiting for its answer."""
    section = Section("HTTP edge over loopback, 64 connections", "requests/s")
    residents = CONNECTIONS * EACH * (rounds + 1)
    start = multiprocessing.get_context("spawn")
    with _Server(start, _serve_ours, folder, residents) as ours, _Server(start, _serve_nothing) as empty:
        posts = {OURS: _Posts(ours.port), EMPTY: _Posts(empty.port)}
        interleave(section, {name: Contender(p.once, p.prepare) for name, p in posts.items()}, rounds)
        section.lines.append(ours.stop())
        empty.stop()
    for name, sent in posts.items():
        percent = quantiles(sent.seconds, n=100)
        p50, p99 = percent[49] * 1000, percent[98] * 1000
        section.extra[f"milliseconds of {name}"] = {"p50": p50, "p99": p99}
        section.lines.append(f"{name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    section.against(OURS, EMPTY, aim=0.25)
    section.lines.append("the client shares the machine's cores with the server in both cases")
    return section


class _Posts:
    """Signed requests over 64 kept connections."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._talked = 0
        self._next: list[list[bytes]] = []
        self.seconds: list[float] = []

    def prepare(self) -> None:
        """Sign what the next residents say."""
        self._next = []
        for connection in range(CONNECTIONS):
            residents = [self._talked + 1 + connection + CONNECTIONS * n for n in range(EACH)]
            self._next.append([_request(r, turn) for r in residents for turn in range(TURNS)])
        self._talked += CONNECTIONS * EACH

    def once(self) -> int:
        """Post everything; return how many were answered 200."""
        return asyncio.run(self._all())

    async def _all(self) -> int:
        return sum(await asyncio.gather(*(self._one(requests) for requests in self._next)))

    async def _one(self, requests: Sequence[bytes]) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        for request in requests:
            begun = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise AssertionError(head)
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
            if length:
                await reader.readexactly(length)
            self.seconds.append(time.perf_counter() - begun)
        writer.close()
        return len(requests)


def _request(resident: int, turn: int) -> bytes:
    message = {"id": f"m{resident}-{turn}", "from": f"+86139000{resident:05d}", "text": reply(resident, turn)}
    body = json.dumps({"messages": [message]}, ensure_ascii=False).encode()
    signature = sign(SECRET, int(time.time()), "POST", PATH, body)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"{HEADER}: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Server:
    """A server in a process of its own: it tells its port, and on "stop" what it has to say."""

    def __init__(self, start: Any, serve: Callable[..., None], *arguments: Any) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = start.Process(target=serve, args=(theirs, *arguments), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        self.port = int(self._pipe.recv())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.join(20)

    def stop(self) -> str:
        """Stop serving and return what it reports."""
        self._pipe.send("stop")
        return str(self._pipe.recv())


def _serve_ours(pipe: Connection, folder: Path, residents: int) -> None:
    settle_in()  # as the service does
    with opened(sqlite_url(folder)) as database:
        survey = Survey(database, residents, 0)
        town: Town = survey.town
        channel = SimulatorChannel(carrier="http://127.0.0.1:9", secret=SECRET, clock=town.clock)
        asyncio.run(_serve(pipe, make_app(Edge(database, town.talk, {"simulator": channel}))))
        survey.talked, survey.answered = residents, residents * TURNS
        pipe.send(survey.verify())


def _serve_nothing(pipe: Connection) -> None:
    async def nothing(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    app = web.Application()
    app.add_routes([web.post(PATH, nothing)])
    asyncio.run(_serve(pipe, app))
    pipe.send("")


async def _serve(pipe: Connection, app: web.Application) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    pipe.send(runner.addresses[0][1])
    await asyncio.to_thread(pipe.recv)
    await runner.cleanup()
