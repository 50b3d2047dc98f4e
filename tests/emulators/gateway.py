"""A carrier's HTTP gateway on this machine: takes signed requests, reports what became of messages, posts or is polled.

It speaks as the example in docs/gateway.md does; `description` writes the TOML file that describes it.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.simulator.faults import Fault
from surveys.campaign.segments import segments
from tests.emulators.chances import Chances

#: Seconds between two tries of a post, and how often it is tried.
PAUSE, TRIES = 0.05, 40
#: Items of one answer to a poll.
BATCH = 50


@dataclass(frozen=True, slots=True)
class Sent:
    """One message the carrier accepted. `answered` is False if our answer to it was cut off."""

    number: int
    id: str
    address: str
    text: str
    options: tuple[str, ...]
    attempt: str
    at: float
    wall: float
    segments: int
    answered: bool = True
    template: str = ""
    variables: Any = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request for sending, with its outcome."""

    outcome: str
    at: float
    address: str


def description(url: str, *, mode: str = "post", templates: str = "", seconds: float = 0.05) -> str:
    """Return the TOML description of the emulator at `url`, its messages and reports posted or polled."""
    polled = (
        """
[{name}.poll]
url = "{url}/v1/{name}/pull"
headers = {{ X-Timestamp = "{{timestamp}}" }}
body = {{ account = "office" }}
seconds = {seconds}
[{name}.confirm]
url = "{url}/v1/{name}/confirm"
headers = {{ X-Timestamp = "{{timestamp}}" }}
body = {{ ids = "{{ids}}" }}
"""
        if mode == "poll"
        else ""
    )
    worded = 'template = "{template}"\nvariables = "{variables}"\n' if templates else 'content = "{text}"\n'
    return f"""
[send]
url = "{url}/v1/send"
id = "data.msgid"
ok = {{ path = "code", is = 0 }}
longest = 1000
[send.headers]
X-Timestamp = "{{timestamp}}"
[send.body]
account = "office"
mobile = "{{to}}"
uid = "{{attempt}}"
{worded}
[send.errors]
1001 = "misconfigured"
1002 = "busy"
1003 = "unreachable"
1004 = "refused"
1005 = "opted_out"
[sign]
header = "X-Signature"
content = "{{timestamp}}\\n{{target}}\\n{{body}}"
[posts]
header = "X-Signature"
timestamp = "X-Timestamp"
answer = "OK"
[inbound]
mode = "{mode}"
items = "messages"
id = "id"
from = "from"
text = "text"
{polled.format(name="inbound", url=url, seconds=seconds)}
[receipts]
mode = "{mode}"
items = "reports"
id = "msgid"
attempt = "uid"
status = "status"
states = {{ ACCEPTD = "accepted", DELIVRD = "delivered", UNDELIV = "away", REJECTD = "refused" }}
{polled.format(name="receipts", url=url, seconds=seconds)}
[evidence]
url = "{url}/v1/query"
method = "GET"
headers = {{ X-Timestamp = "{{timestamp}}" }}
body = {{ uid = "{{attempt}}" }}
items = "data"
attempt = "uid"
id = "msgid"
absent_after = 0
{templates}
"""


class GatewayEmulator:
    """One carrier. `service` is where it posts to; with `polled` it keeps everything until it is asked."""

    def __init__(
        self,
        *,
        secret: str = "the gateway's key",  # noqa: S107 - of tests alone
        service: str = "",
        polled: bool = False,
        faults: Chances | None = None,
    ) -> None:
        self.secret, self.service, self.polled = secret, service, polled
        self.faults = faults or Chances()
        self.url = "http://127.0.0.1:9"  # nobody answers there
        self.sent: list[Sent] = []
        self.calls: list[Call] = []
        self.listeners: list[Callable[[Sent], Awaitable[None] | None]] = []
        self.unreachable: set[str] = set()
        self.waiting: dict[str, dict[str, dict[str, Any]]] = {"inbound": {}, "receipts": {}}
        self.polls = 0
        self._errors: deque[str] = deque()
        self._blocked: set[str] = set()
        self._written = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: ClientSession | None = None

    def app(self) -> web.Application:
        """Return the carrier's HTTP interface."""
        app = web.Application()
        app.add_routes(
            [
                web.post("/v1/send", self._send),
                web.get("/v1/query", self._query),
                web.post("/v1/{name}/pull", self._pull),
                web.post("/v1/{name}/confirm", self._confirm),
            ]
        )
        return app

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[GatewayEmulator]:
        """Serve on `port` of this machine, any free one if 0."""
        runner = web.AppRunner(self.app(), shutdown_timeout=0.01)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._session = ClientSession(timeout=ClientTimeout(total=30))
        try:
            yield self
        finally:
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)
            await self._session.close()
            await runner.cleanup()

    def next_error(self, code: str) -> None:
        """Let the next request for sending fail with this code of the carrier."""
        self._errors.append(code)

    async def write(self, address: str, text: str) -> None:
        """Let a resident write; returns once the service has taken it, at once if it is polled."""
        self._written += 1
        name = f"mo{self._written:08d}"
        await self._hand_over("inbound", name, {"id": name, "from": address.removeprefix("+86"), "text": text})

    async def tap(self, address: str, sent: Sent, index: int) -> None:
        """An SMS has no buttons: the resident types the number."""
        del sent
        await self.write(address, str(index + 1))

    async def block(self, address: str) -> None:
        """Let the carrier know the resident's refusal: it takes nothing for this number any more."""
        self._blocked.add(address)

    async def report(self, sent: Sent, status: str) -> None:
        """Report what became of a message."""
        item = {"msgid": sent.id, "uid": sent.attempt, "status": status}
        await self._hand_over("receipts", f"{sent.id}-{status}", item)

    def signed(self, target: str, body: bytes) -> dict[str, str]:
        """Return the headers of a post to the service."""
        moment = str(int(time.time()))
        content = f"{moment}\nPOST\n{target}\n".encode() + body
        return {"X-Timestamp": moment, "X-Signature": hmac.digest(self.secret.encode(), content, "sha256").hex()}

    async def _send(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        said = json.loads(body)
        address = f"+86{said['mobile']}"
        if not self._genuine(request, body):
            return self._refuse(address, "1001", 403)
        if self.faults.take(Fault.DROP_BEFORE):
            self._note("dropped", address)
            return _drop(request)
        if self.faults.take(Fault.THROTTLE):
            self._note("429", address)
            return web.json_response({"code": 1002}, status=429, headers={"Retry-After": "7"})
        if self.faults.take(Fault.BREAK):
            self._note("503", address)
            return web.Response(status=503, text="<html>bad gateway</html>", content_type="text/html")
        if self._errors:
            return self._refuse(address, self._errors.popleft())
        if self.faults.take(Fault.REFUSE):
            return self._refuse(address, "1004")
        if address in self._blocked:
            return self._refuse(address, "1005")
        return await self._accept(request, address, said)

    async def _accept(self, request: web.Request, address: str, said: dict[str, Any]) -> web.StreamResponse:
        text = said.get("content", "")
        sent = Sent(
            number=len(self.sent) + 1,
            id=f"g{len(self.sent) + 1:08d}",
            address=address,
            text=text,
            options=(),
            attempt=said["uid"],
            at=time.monotonic(),
            wall=time.time(),
            segments=segments(text),
            template=said.get("template", ""),
            variables=said.get("variables"),
        )
        dropped = self.faults.take(Fault.DROP_AFTER)
        sent = replace(sent, answered=not dropped)
        self.sent.append(sent)
        self._note("accepted", address)
        self._later(self._afterwards(sent))
        if dropped:
            return _drop(request)
        if self.faults.take(Fault.SLOW):
            await asyncio.sleep(self.faults.seconds)
        return web.json_response({"code": 0, "msg": "ok", "data": {"msgid": sent.id}})

    async def _afterwards(self, sent: Sent) -> None:
        if not self.faults.take(Fault.SILENT) and (self.service or self.polled):
            await self.report(sent, "UNDELIV" if sent.address in self.unreachable else "DELIVRD")
        for listener in self.listeners:
            outcome = listener(sent)
            if outcome is not None:
                await outcome

    async def _query(self, request: web.Request) -> web.StreamResponse:
        if self.faults.take(Fault.BREAK):
            return web.Response(status=503)
        if not self._genuine(request, b""):
            return web.Response(status=403)
        attempt = request.query["uid"]
        found = [{"uid": sent.attempt, "msgid": sent.id} for sent in self.sent if sent.attempt == attempt]
        return web.json_response({"code": 0, "data": found or None})

    async def _pull(self, request: web.Request) -> web.StreamResponse:
        self.polls += 1
        if self.faults.take(Fault.BREAK):
            return web.Response(status=503)
        if not self._genuine(request, await request.read()):
            return web.Response(status=403)
        name = request.match_info["name"]
        items = list(self.waiting[name].values())[:BATCH]
        return web.json_response({"code": 0, _LIST[name]: items or None})

    async def _confirm(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not self._genuine(request, body):
            return web.Response(status=403)
        name, ids = request.match_info["name"], set(json.loads(body)["ids"])
        key = "id" if name == "inbound" else "msgid"
        kept = {number: item for number, item in self.waiting[name].items() if item[key] not in ids}
        self.waiting[name] = kept
        return web.json_response({"code": 0})

    def _genuine(self, request: web.Request, body: bytes) -> bool:
        moment = request.headers.get("X-Timestamp", "")
        content = f"{moment}\n{request.rel_url.raw_path_qs}\n".encode() + body
        right = hmac.digest(self.secret.encode(), content, "sha256").hex()
        return hmac.compare_digest(right, request.headers.get("X-Signature", ""))

    def _refuse(self, address: str, code: str, status: int = 200) -> web.StreamResponse:
        self._note(code, address)
        return web.json_response({"code": int(code), "msg": "refused"}, status=status)

    def _note(self, outcome: str, address: str) -> None:
        self.calls.append(Call(outcome, time.monotonic(), address))

    async def _hand_over(self, name: str, key: str, item: dict[str, Any]) -> None:
        if self.polled:
            self.waiting[name][key] = item
            return
        if self.faults.take(Fault.REORDER):
            await asyncio.sleep(4 * PAUSE)
        target = "/channels/gateway/messages" if name == "inbound" else "/channels/gateway/receipts"
        body = json.dumps({_LIST[name]: [item]}).encode()
        for _ in range(TRIES):
            if await self._post(target, body):
                if self.faults.take(Fault.DUPLICATE):
                    await self._post(target, body)
                return
            await asyncio.sleep(PAUSE)

    async def _post(self, target: str, body: bytes) -> bool:
        assert self._session is not None
        headers = {**self.signed(target, body), "Content-Type": "application/json"}
        try:
            async with self._session.post(f"{self.service}{target}", data=body, headers=headers) as answer:
                return answer.status == 200
        except (ClientError, OSError):
            return False

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_LIST = {"inbound": "messages", "receipts": "reports"}


def _drop(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
