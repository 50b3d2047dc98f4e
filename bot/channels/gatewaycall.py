"""One request to a gateway as its description has it: filled, signed, made once, and its answer read."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, ConnectionTimeoutError, TCPConnector
from aiohttp.client_exceptions import ClientConnectorError
from yarl import URL

from bot.channels.gatewayfile import Call, Sign
from bot.channels.gatewaytext import as_text, fill, fill_url

#: Seconds of real time to reach the gateway, and to wait for its answer.
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
#: Requests under way at once.
CONNECTIONS = 64
#: No answer of a gateway is longer.
LARGEST_ANSWER = 1024 * 1024


class Unreached(Exception):
    """No connection was made, so nothing can have been sent over it."""


class Unanswered(Exception):
    """The request may have arrived."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway said: `said` is its JSON, None if it is none; `retry_after` in seconds, 0 if not given."""

    status: int
    said: Any
    retry_after: float = 0.0

    @property
    def fine(self) -> bool:
        """Whether the HTTP status alone means success."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Caller:
    """Makes requests; `secret` is shared with the carrier, `zone` is where its clocks are."""

    def __init__(
        self,
        *,
        secret: str,
        sign: Sign | None,
        zone: str,
        answer_seconds: float = ANSWER_SECONDS,
        real_time: Callable[[], float] = time.time,
    ) -> None:
        self._secret, self._sign, self._zone, self._real_time = secret, sign, ZoneInfo(zone), real_time
        self._timeout = ClientTimeout(
            total=None, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=answer_seconds
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

    async def ask(self, call: Call, known: Mapping[str, Any]) -> Answer:
        """Make one request; raises Unreached or Unanswered, whose texts hold no address, number or words."""
        url, headers, body = self.request(call, known)
        return await self._make(call.method, url, headers, body)

    async def knock(self, url: str) -> int:
        """Return the HTTP status of a HEAD request to `url`, without its query: it tells that somebody is there."""
        return (await self._make("HEAD", URL(url).with_query(None), {}, b"")).status

    def request(self, call: Call, known: Mapping[str, Any]) -> tuple[URL, dict[str, str], bytes]:
        """Return address, headers and body of a request."""
        known = {**known, **self._always()}
        url = URL(fill_url(call.url, known), encoded=True)
        values: dict[str, Any] = fill(call.body, known)
        headers = {name: as_text(fill(value, known)) for name, value in call.headers.items()}
        sign = self._sign
        if sign is not None and sign.field:
            values[sign.field] = self._signature(sign, call.method, url, b"", known)
        body = b""
        if call.method == "GET":
            fields = urlencode({name: as_text(value) for name, value in values.items()})
            joined = "&".join(filter(None, (url.raw_query_string, fields)))
            url = URL.build(
                scheme=url.scheme, authority=url.raw_authority, path=url.raw_path, query_string=joined, encoded=True
            )
        elif call.format == "form":
            body = urlencode({name: as_text(value) for name, value in values.items()}).encode()
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        else:
            body = json.dumps(values, ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json; charset=utf-8")
        if sign is not None and sign.header:
            headers[sign.header] = self._signature(sign, call.method, url, body, known)
        return url, headers, body

    def _always(self) -> dict[str, Any]:
        now = self._real_time()
        return {
            "secret": self._secret,
            "timestamp": int(now),
            "timestamp_ms": int(now * 1000),
            "time": datetime.fromtimestamp(now, self._zone).strftime("%Y%m%d%H%M%S"),
            "nonce": secrets.token_hex(8),
        }

    def _signature(self, sign: Sign, method: str, url: URL, body: bytes, known: Mapping[str, Any]) -> str:
        parts = {**known, "method": method, "path": url.raw_path, "target": url.raw_path_qs, "body": body.decode()}
        content = as_text(fill(sign.content, parts)).encode()
        if sign.kind == "digest":
            return encoded(hashlib.new(sign.algorithm, content, usedforsecurity=False).digest(), sign.encoding)
        return encoded(hmac.digest(self._secret.encode(), content, sign.algorithm), sign.encoding)

    async def _make(self, method: str, url: URL, headers: Mapping[str, str], body: bytes) -> Answer:
        if self._session is None:
            raise Unreached("the channel is closed")
        try:
            async with self._session.request(
                method, url, data=body or None, headers=headers, allow_redirects=False
            ) as answer:
                return Answer(answer.status, await _said(answer), _patience(answer))
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise Unreached(f"the gateway cannot be reached: {type(error).__name__}") from error
        except (ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            raise Unanswered(f"no answer: {type(error).__name__}") from error


def encoded(digest: bytes, encoding: str) -> str:
    """Return a digest as the description wants it written."""
    if encoding == "base64":
        return base64.b64encode(digest).decode()
    return digest.hex().upper() if encoding == "HEX" else digest.hex()


async def _said(answer: ClientResponse) -> Any:
    held = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        held += chunk
        if len(held) > LARGEST_ANSWER:
            raise ValueError("the answer is too long")
    try:
        return json.loads(bytes(held))
    except (ValueError, RecursionError):
        return None


def _patience(answer: ClientResponse) -> float:
    """Return the seconds of Retry-After; a date there, or nonsense, counts as not given."""
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() and len(value) <= 6 else 0.0
