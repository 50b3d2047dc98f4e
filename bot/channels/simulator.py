"""The channel to the phone simulator: a real HTTP provider with signed requests, receipts and evidence."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, ConnectionTimeoutError, TCPConnector
from aiohttp.client_exceptions import ClientConnectorError
from yarl import URL

from bot.channels.channel import (
    LARGEST_BODY,
    Capabilities,
    Examination,
    RawRequest,
    Rejected,
    Take,
    Unfetchable,
)
from bot.simulator.signature import HEADER, genuine, sign
from scheduler.clock import Clock
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.failure import Failure
from storage.gates import Limits
from storage.inbox import Inbound
from storage.receipts import Delivery, Receipt

NAME = "simulator"
#: Seconds of real time to reach the carrier, and to wait for its answer.
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
#: Requests to the carrier under way at once.
CONNECTIONS = 64
_NUMBER = re.compile(r"\+\d{6,15}", re.ASCII)
_NAME = re.compile(r"[\x21-\x7e]{1,128}")


class SimulatorChannel:
    """Sends through the carrier at `carrier` (its URL) and reads what it posts."""

    name = NAME
    kind = "phone"
    capabilities = Capabilities(buttons=True, longest=1000)
    limits = Limits()
    thanks = ("", "")

    def __init__(
        self,
        *,
        carrier: str,
        secret: str,
        clock: Clock,
        answer_seconds: float = ANSWER_SECONDS,
        real_time: Callable[[], float] = time.time,
    ) -> None:
        self._messages = URL(f"{carrier}/carrier/messages")
        self._secret, self._clock, self._real_time = secret, clock, real_time
        self._timeout = ClientTimeout(
            total=None,
            connect=CONNECT_SECONDS,
            sock_connect=CONNECT_SECONDS,
            sock_read=answer_seconds,
        )
        self._session: ClientSession | None = None

    async def open(self) -> None:
        """Open the one session all requests share."""
        self._session = ClientSession(timeout=self._timeout, connector=TCPConnector(limit=CONNECTIONS))

    async def close(self) -> None:
        """Close it."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, message: Outgoing) -> Accepted | NotSent | Unknown:
        """Hand the message to the carrier once."""
        body = json.dumps(
            {
                "attempt": message.attempt,
                "to": message.address,
                "text": message.text,
                "options": list(message.options),
            },
        ).encode()
        return await self._ask("POST", self._messages, body)

    async def evidence(
        self,
        message: Outgoing,
        since: datetime,  # noqa: ARG002 - other carriers list by address and time
        known: frozenset[str],  # noqa: ARG002 - see above
    ) -> Accepted | NotSent | Unknown:
        """Ask the carrier for the message of the attempt."""
        return await self._ask("GET", self._messages.with_query(attempt=message.attempt), b"")

    async def listen(self, take: Take) -> None:
        """Return at once: the carrier posts its messages."""

    async def heard(self, inbound: Inbound, *, stale: bool) -> None:
        """Do nothing: a simulated phone shows no sign of a tap."""

    async def fetch(self, reference: str) -> tuple[str, bytes]:  # noqa: ARG002 - there are none
        """Refuse: a simulated phone sends words only."""
        raise Unfetchable("the simulator carries no attachments", final=True)

    async def examine(self) -> Examination:
        """Say where the carrier is; it knows no accounts."""
        return Examination({"url": str(self._messages.parent.parent)})

    def parse(self, request: RawRequest) -> tuple[Inbound, ...]:
        """Return the messages of a post `{"messages": [{"id", "from", "text"}]}`."""
        now = self._clock.now()
        return tuple(
            Inbound(
                channel=NAME,
                provider_id=_field(item, "id", _NAME),
                kind=self.kind,
                sender=_field(item, "from", _NUMBER),
                text=_text(item, "text", longest=4 * self.capabilities.longest),
                at=now,
            )
            for item in self._items(request, "messages")
        )

    def parse_receipt(self, request: RawRequest) -> tuple[Receipt, ...]:
        """Return the reports of a post `{"receipts": [{"id", "attempt", "delivery", "error"}]}`."""
        now = self._clock.now()
        found = []
        for item in self._items(request, "receipts"):
            try:
                delivery = Delivery(_text(item, "delivery", longest=16))
            except ValueError as error:
                raise Rejected(HTTPStatus.BAD_REQUEST, "a delivery state nobody knows") from error
            found.append(
                Receipt(
                    channel=NAME,
                    attempt=_field(item, "attempt", _NAME),
                    provider_id=_field(item, "id", _NAME),
                    delivery=delivery,
                    at=now,
                    error=_text({"error": "", **item}, "error", longest=200),
                ),
            )
        return tuple(found)

    def _items(self, request: RawRequest, name: str) -> list[dict[str, Any]]:
        """Check size and signature, then return the list called `name`."""
        if len(request.body) > LARGEST_BODY:
            raise Rejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")
        signed = request.headers.get(HEADER.lower())
        now = self._real_time()
        if not genuine(self._secret, signed, request.method, request.target, request.body, now=now):
            raise Rejected(HTTPStatus.FORBIDDEN, "the signature is missing, wrong or too old")
        try:
            items = json.loads(request.body)[name]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Rejected(HTTPStatus.BAD_REQUEST, f"the body is no JSON object with {name}") from error
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise Rejected(HTTPStatus.BAD_REQUEST, f"{name} is no list of objects")
        return items

    async def _ask(self, method: str, url: URL, body: bytes) -> Accepted | NotSent | Unknown:
        if self._session is None:
            return NotSent("the channel is closed", Failure.DOWN)
        signature = sign(self._secret, int(self._real_time()), method, url.raw_path_qs, body)
        headers = {HEADER: signature, "Content-Type": "application/json"}
        try:
            async with self._session.request(
                method,
                url,
                data=body or None,
                headers=headers,
                allow_redirects=False,
            ) as answer:
                return await _outcome(answer, asking=method == "GET")
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            # No connection was made, so nothing can have been sent over it.
            reason = f"the carrier cannot be reached: {type(error).__name__}"
            return Unknown(reason) if method == "GET" else NotSent(reason)
        except (ClientError, OSError, ValueError) as error:
            return Unknown(f"no answer: {type(error).__name__}")


async def _outcome(answer: ClientResponse, *, asking: bool) -> Accepted | NotSent | Unknown:
    """Read the carrier's answer to a message, or (`asking`) to the question what became of one.

    Only "created" proves acceptance, and only a refusal proves that the carrier does not have the message.
    """
    status = answer.status
    if status in {HTTPStatus.OK, HTTPStatus.CREATED}:
        said = await answer.json(content_type=None)
        item = said["messages"][0] if asking and isinstance(said, dict) and said.get("messages") else said
        name = item.get("id") if isinstance(item, dict) else None
        return Accepted(name) if isinstance(name, str) and _NAME.fullmatch(name) else Unknown("an answer without an id")
    if asking:
        missing = status == HTTPStatus.NOT_FOUND
        return NotSent("the carrier has no such message") if missing else Unknown(f"the carrier answered {status}")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return NotSent("the carrier asks for patience", Failure.BUSY)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return NotSent(f"the carrier refused with {status}", Failure.REFUSED)
    return Unknown(f"the carrier answered {status}")


def _field(item: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Rejected(HTTPStatus.BAD_REQUEST, f"{name} is missing or malformed")
    return value


def _text(item: dict[str, Any], name: str, *, longest: int) -> str:
    value = item.get(name)
    if not isinstance(value, str):
        raise Rejected(HTTPStatus.BAD_REQUEST, f"{name} is missing or no text")
    # Half of a surrogate pair is no character: it could be neither sealed nor shown.
    return value.encode("utf-8", "replace").decode()[:longest]
