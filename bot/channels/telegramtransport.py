"""How requests reach Telegram: python-telegram-bot's transport over aiohttp, which tells "not sent" from "unknown".

The library's own transport becomes slower with every request under way; this one does not.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientError, ClientSession, ClientTimeout, ConnectionTimeoutError, DummyCookieJar, TCPConnector
from aiohttp.client_exceptions import ClientConnectorError, ClientHttpProxyError, InvalidURL
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData
from yarl import URL

from storage.failure import Failure

#: Seconds of real time to get a connection, and to wait for an answer on it.
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
#: Requests under way at once.
CONNECTIONS = 64
#: Seconds a connection is kept unused. Telegram closes it after about a minute, and a request that crosses with the
#: closing has an unknown outcome.
KEEP_SECONDS = 20.0

#: Without a connection nothing can have been sent over it.
_NO_CONNECTION = (ClientConnectorError, ConnectionTimeoutError, ClientHttpProxyError, InvalidURL)
#: Answers the library turns into exceptions that say what is wrong.
_SPEAKING = frozenset({400, 401, 403, 404, 409})


class NotTaken(NetworkError):
    """Telegram has certainly not done what was asked of it; `failure` says why."""

    def __init__(self, reason: str, failure: Failure) -> None:
        super().__init__(reason)
        self.failure = failure


class Unanswered(NetworkError):
    """The request left, and nobody knows what became of it."""


class TooLarge(TelegramError):
    """A file is larger than we take."""


class TelegramTransport(BaseRequest):
    """One pool of connections for all requests of a bot. No exception's text holds a URL: it would hold the token."""

    __slots__ = ("_answer_seconds", "_proxy", "_session", "_timeout", "_urls")

    def __init__(self, *, proxy: str | None = None, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._proxy, self._answer_seconds = proxy, answer_seconds
        self._timeout = _timeout(answer_seconds)
        self._session: ClientSession | None = None
        self._urls: dict[str, URL] = {}

    @property
    def read_timeout(self) -> float:
        """Seconds an answer is waited for."""
        return self._answer_seconds

    async def initialize(self) -> None:
        """Open the session; asked twice, once for each of a bot's two uses."""
        if self._session is None:
            self._session = ClientSession(
                timeout=self._timeout,
                connector=TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_SECONDS),
                headers={"User-Agent": "pingyi", "Content-Type": "application/json"},
                cookie_jar=DummyCookieJar(),
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        """Close it."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - nothing large is written
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - one for all requests
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - one for all requests
    ) -> tuple[int, bytes]:
        """Make one request and return status and body; raises NotTaken or Unanswered."""
        if self._session is None:
            raise NotTaken("the channel is closed", Failure.DOWN)
        timeout = _timeout(read_timeout) if isinstance(read_timeout, int | float) else self._timeout
        body = json.dumps(request_data.parameters).encode() if request_data is not None else None
        try:
            async with self._session.request(
                method, self._url(url), data=body, timeout=timeout, allow_redirects=False
            ) as answer:
                status, said = answer.status, await answer.read()
        except (ClientError, OSError, ValueError) as error:
            _explain(error)
        if status != HTTPStatus.OK:
            _weigh(status, said)
        elif b'"result"' not in said:
            raise Unanswered("an answer without a result")
        return status, said

    async def download(self, url: str, largest: int) -> tuple[str, bytes]:
        """Return media type and content of a file of at most `largest` bytes; raises as `do_request`, and TooLarge."""
        if self._session is None:
            raise NotTaken("the channel is closed", Failure.DOWN)
        try:
            async with self._session.get(url, allow_redirects=False) as answer:
                if answer.status != HTTPStatus.OK:
                    _weigh(answer.status, b"")
                content = bytearray()
                async for piece in answer.content.iter_chunked(64 * 1024):
                    content += piece
                    if len(content) > largest:
                        raise TooLarge("the file is too large")
                return answer.content_type, bytes(content)
        except (ClientError, OSError, ValueError) as error:
            _explain(error)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the object in an answer. The library's own would log what it cannot read, texts included."""
        said = _read(payload)
        if said is None:
            raise TelegramError("an answer that cannot be read")
        return said

    def _url(self, url: str) -> URL:
        """Return the URL parsed; a bot has a handful of them."""
        known = self._urls.get(url)
        if known is None:
            known = self._urls[url] = URL(url)
        return known


def proxy_for(url: str) -> str | None:
    """Return the proxy the environment names for `url`; looked up once, aiohttp would do it at every request."""
    parsed = URL(url)
    return None if proxy_bypass(parsed.host or "") else getproxies().get(parsed.scheme)


def _timeout(answer_seconds: float) -> ClientTimeout:
    return ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=answer_seconds)


def _explain(error: Exception) -> NoReturn:
    """Raise what an error of the connection means; without its text and cause, which may quote the URL."""
    name = type(error).__name__
    if isinstance(error, _NO_CONNECTION):
        raise NotTaken(f"Telegram cannot be reached: {name}", Failure.DOWN) from None
    raise Unanswered(f"no answer from Telegram: {name}") from None


def _weigh(status: int, said: bytes) -> None:
    """Raise what an answer other than 200 means, unless it is Telegram's own and the library can tell."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < HTTPStatus.MULTIPLE_CHOICES:
        raise Unanswered(f"Telegram answers {status}")
    answer = _read(said) or {}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        if answer.get("parameters", {}).get("retry_after"):
            return
        raise NotTaken("Telegram asks for patience", Failure.BUSY)
    if status not in _SPEAKING or answer.get("ok") is not False:
        # A firewall or a server of somebody else: its "forbidden" does not mean that a resident has blocked us.
        raise NotTaken(f"the address of the Bot API answers {status}", Failure.MISCONFIGURED)


def _read(payload: bytes) -> dict[str, Any] | None:
    """Return the object in an answer of Telegram, None if it is none."""
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    if not isinstance(said.get("parameters", {}), dict):
        del said["parameters"]
    return said
