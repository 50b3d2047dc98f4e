"""Twilio's HTTP API and webhooks on loopback, with the troubles real ones make, for its own client library."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientSession, ClientTimeout, web

from bot.simulator.faults import Fault
from surveys.campaign.segments import count
from tests.emulators.chances import Chances
from tests.emulators.twilioconsole import NUMBER, SERVICE, WHATSAPP, Console
from tests.emulators.twilioposts import Posts
from tests.emulators.twilioresources import error, instant, message, page, shown

ACCOUNT = "AC" + "0a" * 16
TOKEN = "a token of this emulator alone"  # noqa: S105 - of this emulator alone
#: Words Twilio itself takes as an opt-out or its end.
STOP_WORDS = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})

_ADDRESS = re.compile(r"(whatsapp:)?\+[1-9]\d{5,14}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was accepted.

    `address` as Twilio writes it (`whatsapp:+86...`); `at` monotonic and `wall` unix seconds; `answered`: whether our
    answer was written; `validity` in seconds, 0 if none was asked for.
    """

    number: int
    id: str
    address: str
    text: str
    at: float
    wall: float
    attempt: str
    segments: int
    sender: str
    validity: int = 0
    answered: bool = True
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A request to send: `outcome` is "accepted", "dropped", or the status and code of the refusal."""

    at: float
    address: str
    attempt: str
    outcome: str


Listener = Callable[[Sent], Awaitable[None] | None]


class TwilioEmulator:
    """Takes messages, reports what became of them, and posts what residents write to `service`, a base URL.

    `per_second` segments a second are allowed, with a burst of `tolerance` seconds; more are accepted and listed in
    `violations`. `patience`: seconds for which a post is repeated.
    """

    def __init__(
        self,
        *,
        account: str = ACCOUNT,
        token: str = TOKEN,
        service: str = "",
        faults: Chances | None = None,
        per_second: float = 0.0,
        tolerance: float = 0.25,
        patience: float = 60.0,
        states: tuple[str, ...] = ("queued", "sent", "delivered"),
    ) -> None:
        self.account, self.token, self.service = account, token, service
        self.faults = faults or Chances()
        self.per_second, self.tolerance, self.states = per_second, tolerance, states
        self.url = ""
        self.sent: list[Sent] = []
        self.calls: list[Call] = []
        self.violations: list[Sent] = []
        self.listeners: list[Listener] = []
        self.opted_out: set[str] = set()
        self.status, self.type = "active", "Full"
        #: Where what residents write is posted, by channel, if it is not the service's own address.
        self.webhooks: dict[str, str] = {}
        self.media: dict[str, tuple[str, bytes]] = {}
        self.media_at = ""  # another base URL to which requests for media are redirected
        self.fetched: list[dict[str, str]] = []  # headers of each request for media
        self.posts = Posts(token, self.faults, patience)
        self._resources: dict[str, dict[str, Any]] = {}
        self._to: dict[str, list[str]] = defaultdict(list)
        self._attempts: dict[str, int] = defaultdict(int)
        self._errors: deque[int] = deque()
        self._failures: deque[int] = deque()
        self._free_at = 0.0

    def app(self) -> web.Application:
        """Return the API as an application."""
        app = web.Application()
        home = f"/2010-04-01/Accounts/{self.account}"
        app.add_routes(
            [
                web.post(f"{home}/Messages.json", self._create),
                web.get(f"{home}/Messages.json", self._list),
                web.get(f"{home}/Messages/{{sid}}.json", self._fetch),
                web.get(f"{home}/Messages/{{sid}}/Media/{{media}}", self._media),
                web.get("/cdn/{media}", self._cdn),
                *Console(self).routes(),
            ],
        )
        return app

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[None]:
        """Serve on 127.0.0.1, at `port` or a free one, and post to the service meanwhile."""
        runner = web.AppRunner(self.app(), shutdown_timeout=0.01, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            async with ClientSession(timeout=ClientTimeout(total=30)) as session, self.posts.running(session):
                yield
        finally:
            await runner.cleanup()

    def next_error(self, code: int) -> None:
        """Let the next message be refused with `code`."""
        self._errors.append(code)

    def next_failure(self, code: int) -> None:
        """Let the next message be accepted and reported as undelivered with `code`."""
        self._failures.append(code)

    def count(self, attempt: str) -> int:
        """Return how many messages of `attempt` were accepted."""
        return self._attempts[attempt]

    def attach(self, content: bytes, media_type: str) -> str:
        """Keep a picture or recording; return its address, for `write`."""
        name = f"ME{len(self.media) + 1:032x}"
        self.media[name] = (media_type, content)
        return f"{self.url}/2010-04-01/Accounts/{self.account}/Messages/MM{1:032x}/Media/{name}"

    async def write(
        self,
        address: str,
        text: str,
        *,
        media: tuple[tuple[str, str], ...] = (),
        place: tuple[float, float] | None = None,
    ) -> str:
        """Let a resident write; returns the message's SID once the service has taken it (or patience is over).

        `media`: addresses with their media types.
        """
        whatsapp = address.startswith("whatsapp:")
        word = text.strip().upper()
        fields = self._inbound(address, text)
        if not whatsapp and word in STOP_WORDS | START_WORDS:
            stops = word in STOP_WORDS
            (self.opted_out.add if stops else self.opted_out.discard)(address)
            fields["OptOutType"] = "STOP" if stops else "START"
        fields["NumMedia"] = str(len(media))
        for number, (url, media_type) in enumerate(media):
            fields |= {f"MediaUrl{number}": url, f"MediaContentType{number}": media_type}
        if place is not None:
            fields |= {"Latitude": str(place[0]), "Longitude": str(place[1])}
        await self.posts.message(self.webhook("whatsapp" if whatsapp else "sms"), fields)
        return fields["MessageSid"]

    async def tap(self, address: str, sent: Sent, index: int) -> str:
        """Let a resident choose the option at `index`: there are no buttons, so they type its number."""
        del sent
        return await self.write(address, str(index + 1))

    async def block(self, address: str) -> str:
        """Let a resident say STOP."""
        return await self.write(address, "STOP")

    def webhook(self, channel: str) -> str:
        """Return where what residents write by `channel` is posted."""
        return self.webhooks.get(channel, f"{self.service}/channels/{channel}/messages")

    def _inbound(self, address: str, text: str) -> dict[str, str]:
        sid = self.posts.sid()
        whatsapp = address.startswith("whatsapp:")
        fields = {
            "ToCountry": "US", "ToState": "", "SmsMessageSid": sid, "NumMedia": "0", "ToCity": "", "FromZip": "",
            "SmsSid": sid, "FromState": "", "SmsStatus": "received", "FromCity": "", "Body": text, "FromCountry": "CN",
            "To": f"whatsapp:{WHATSAPP}" if whatsapp else NUMBER, "ToZip": "", "NumSegments": str(count(text).segments),
            "MessageSid": sid, "AccountSid": self.account, "From": address, "ApiVersion": "2010-04-01",
        }  # fmt: skip
        if whatsapp:
            fields |= {"ProfileName": "居民", "WaId": address.removeprefix("whatsapp:+"), "MessageType": "text"}
        return fields

    async def _create(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        address, callback = form.get("To", ""), form.get("StatusCallback", "")
        attempt = parse_qs(urlsplit(callback).query).get("attempt", [""])[0]

        def said(outcome: str) -> None:
            self.calls.append(Call(time.monotonic(), address, attempt, outcome))

        if self.faults.take(Fault.DROP_BEFORE):
            said("dropped")
            return _drop(request)
        if self.faults.take(Fault.BREAK):
            said("503")
            return web.Response(status=503, text="<html>no healthy upstream</html>", content_type="text/html")
        code = self._refusal(request, form)
        if code:
            answer = error(code)
            said(f"{answer.status} {code}")
            return answer
        said("accepted")
        sent = self._accept(form, attempt)
        self.posts.start(self._follow(sent, callback))
        if self.faults.take(Fault.DROP_AFTER):
            self._unanswered(sent)
            return _drop(request)
        if self.faults.take(Fault.SLOW):
            await asyncio.sleep(self.faults.seconds)
        return await self._answer(request, sent)

    def _refusal(self, request: web.Request, form: dict[str, str]) -> int:
        """Return the code with which the message is refused, 0 if it is not."""
        address, body, sender = form.get("To", ""), form.get("Body", ""), form.get("From", "")
        if self.faults.take(Fault.THROTTLE):
            return 20429
        if self.faults.take(Fault.REFUSE):
            return 21617
        if self._errors:
            return self._errors.popleft()
        services = form.get("MessagingServiceSid", "")
        senders = {f"whatsapp:{WHATSAPP}"} if address.startswith("whatsapp:") else {NUMBER}
        checks = (
            (20003, not self.admitted(request)),
            (20005, self.status != "active"),
            (21211, not _ADDRESS.fullmatch(address)),
            (21602, not body.strip()),
            (21617, len(body) > 1600),
            (21603, not sender and not services),
            (21701, bool(services) and services != SERVICE),
            (21606, bool(sender) and sender not in senders),
            (21609, not re.match(r"https?://[\w.:-]+/", form.get("StatusCallback", "http://none/"))),
            (21610, address in self.opted_out),
        )
        return next((code for code, applies in checks if applies), 0)

    def _accept(self, form: dict[str, str], attempt: str) -> Sent:
        now, sid, parts = time.monotonic(), self.posts.sid(), count(form["Body"]).segments
        sender = form.get("From") or form["MessagingServiceSid"]
        validity = int(form.get("ValidityPeriod", "0"))
        number, address = len(self.sent) + 1, form["To"]
        sent = Sent(number, sid, address, form["Body"], now, time.time(), attempt, parts, sender, validity)
        self.sent.append(sent)
        self._attempts[attempt] += 1
        self._resources[sid] = message(self.account, sid, form, parts)
        self._to[address].append(sid)
        if self.per_second:
            # The generic cell rate algorithm, as carriers count: the next segment is due so long after the last.
            if now < self._free_at - self.tolerance:
                self.violations.append(sent)
            self._free_at = max(self._free_at, now) + parts / self.per_second
        return sent

    async def _answer(self, request: web.Request, sent: Sent) -> web.StreamResponse:
        response = web.json_response(shown(self._resources[sent.id]), status=201)
        try:
            await response.prepare(request)
            await response.write_eof()
            cut = request.transport is None or request.transport.is_closing()
        except ConnectionError:
            cut = True
        if cut:
            self._unanswered(sent)
        return response

    def _unanswered(self, sent: Sent) -> None:
        self.sent[sent.number - 1] = replace(sent, answered=False)

    async def _follow(self, sent: Sent, callback: str) -> None:
        """Report what becomes of a message, and let whoever listens read it."""
        away = sent.address.removeprefix("whatsapp:") in self.faults.unreachable
        code = self._failures.popleft() if self._failures else 30003 if away else 0
        if not code:
            for listener in self.listeners:
                self.posts.start(_told(listener, sent))
        states = [*self.states[:-1], "undelivered"] if code else list(self.states)
        resource = self._resources[sent.id]
        resource |= {"status": states[-1], "error_code": code or None, "date_sent": instant(time.time())}
        if not callback or self.faults.take(Fault.SILENT):
            return
        if len(states) > 1 and self.faults.take(Fault.REORDER):
            states[-2:] = reversed(states[-2:])
        for state in states:
            fields = {
                "ApiVersion": "2010-04-01", "MessageStatus": state, "SmsSid": sent.id, "SmsStatus": state,
                "To": sent.address, "From": str(resource["from"] or NUMBER), "MessageSid": sent.id,
                "AccountSid": self.account, **({"MessagingServiceSid": SERVICE} if sent.sender == SERVICE else {}),
                **({"ErrorCode": str(code)} if state == "undelivered" else {}),
            }  # fmt: skip
            await self.posts.report(callback.partition("#")[0], fields)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        if not self.admitted(request):
            return error(20003)
        if self.faults.take(Fault.BREAK):
            return web.Response(status=503, text="<html></html>", content_type="text/html")
        query = dict(request.query)
        names = self._to.get(query["To"], []) if "To" in query else list(self._resources)
        found = [shown(self._resources[name]) for name in reversed(names)]
        if "From" in query:
            found = [item for item in found if item["from"] == query["From"]]
        return web.json_response(page(request.path, query, "messages", found))

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        resource = self._resources.get(request.match_info["sid"])
        if not self.admitted(request) or resource is None:
            return error(20404 if resource is None else 20003)
        return web.json_response(shown(resource))

    async def _media(self, request: web.Request) -> web.StreamResponse:
        self.fetched.append(dict(request.headers))
        if not self.admitted(request):
            return error(20003)
        base = self.media_at or self.url
        return web.Response(status=307, headers={"Location": f"{base}/cdn/{request.match_info['media']}"})

    async def _cdn(self, request: web.Request) -> web.StreamResponse:
        self.fetched.append(dict(request.headers))
        kept = self.media.get(request.match_info["media"])
        if kept is None:
            return web.Response(status=404)
        return web.Response(body=kept[1], headers={"Content-Type": kept[0]})

    def admitted(self, request: web.Request) -> bool:
        """Whether a request has our account's credentials."""
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        wanted = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        return kind == "Basic" and given == wanted


async def _told(listener: Listener, sent: Sent) -> None:
    answer = listener(sent)
    if answer is not None:
        await answer


def _drop(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
