"""How requests reach Twilio: its own client library over one aiohttp session with limits of ours."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession, ClientTimeout, TCPConnector, encode_basic_auth
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

#: Seconds of real time to reach Twilio (with the wait for a free connection), and to wait for its answer.
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
#: Requests under way at once.
CONNECTIONS = 64


class Transport(AsyncHttpClient):  # type: ignore[misc]  # twilio ships no types
    """What the library sends its requests through; made within the running event loop.

    The library's own ignores its timeouts, cannot tell a connection that failed from an answer that was lost, logs
    addresses and keeps the last request. This one does none of it, and never repeats a request.
    """

    def __init__(self, answer_seconds: float = ANSWER_SECONDS) -> None:
        super().__init__(logging.getLogger("twilio"), is_async=True)
        self.session = ClientSession(
            connector=TCPConnector(limit=CONNECTIONS),
            timeout=ClientTimeout(
                total=CONNECT_SECONDS + 2 * answer_seconds,
                connect=CONNECT_SECONDS,
                sock_connect=CONNECT_SECONDS,
                sock_read=answer_seconds,
            ),
        )

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_: Any,  # the library's timeout and redirects: the session has limits, and Twilio's API redirects nowhere
    ) -> Response:
        """Make one request; raises what aiohttp raises."""
        sent = dict(headers or {})
        if auth is not None:
            sent["Authorization"] = encode_basic_auth(*auth)
        async with self.session.request(
            method,
            url,
            params=dict(params) if params else None,
            data=urlencode(data, doseq=True).encode() if data else None,
            headers=sent,
            allow_redirects=False,
        ) as answer:
            return Response(answer.status, await answer.text(errors="replace"), answer.headers)

    async def close(self) -> None:
        """Let go of the connections."""
        await self.session.close()


def make_client(transport: Transport, account: str, token: str, url: str = "") -> Client:
    """Return the library's client; `url` is where both APIs of Twilio answer, empty for Twilio's own."""
    # Region and edge come from the machine's environment unless one is handed over, and an empty one is none.
    client = Client(account, token, http_client=transport, environment={"": ""})
    if url:
        client.api.base_url = client.messaging.base_url = url
    return client
