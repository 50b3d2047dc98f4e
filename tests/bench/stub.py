"""A provider as small as one can be, in a process of its own: it takes every message and counts."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from multiprocessing.connection import Connection

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
#: What Telegram answers to getMe and to sendMessage, in one object that serves as both.
TELEGRAM = {
    "ok": True,
    "result": {
        "message_id": 1,
        "date": 1_700_000_000,
        "chat": {"id": 1, "type": "private", "first_name": "王"},
        "id": 1,
        "is_bot": True,
        "first_name": "bench",
        "username": "bench_bot",
        "text": "您对河水水质满意吗?",
    },
}
TWILIO = {
    "account_sid": "AC" + "0a" * 16, "api_version": "2010-04-01", "body": "您对河水水质满意吗?",
    "date_created": "Mon, 02 Nov 2026 02:00:00 +0000", "date_sent": None,
    "date_updated": "Mon, 02 Nov 2026 02:00:00 +0000", "direction": "outbound-api", "error_code": None,
    "error_message": None, "from": "+15005550006", "messaging_service_sid": None, "num_media": "0",
    "num_segments": "1", "price": None, "price_unit": None, "sid": "SM" + "0b" * 16, "status": "queued",
    "subresource_uris": {}, "to": "+8613900000001", "uri": "/2010-04-01/Accounts/AC/Messages/SM.json",
}  # fmt: skip


class Provider(asyncio.Protocol):
    """One connection; `taken` is told the path and body of every request."""

    def __init__(self, answer: bytes, taken: Callable[[bytes, bytes], None]) -> None:
        self._answer, self._taken = answer, taken
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self._buffer += data
        while True:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            named = _LENGTH.search(head)
            length = int(named[1]) if named else 0
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            self._taken(head[: head.index(b"\r\n")], rest[:length])
            assert self._transport is not None
            self._transport.write(self._answer)


def answer(status: str, said: object) -> bytes:
    """Return a whole HTTP answer."""
    body = json.dumps(said).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def serve_telegram(pipe: Connection) -> None:
    """Be Telegram until told to stop; then say how many messages were sent."""
    asyncio.run(_serve(pipe, answer("200 OK", TELEGRAM), b"/sendMessage"))


def serve_twilio(pipe: Connection) -> None:
    """Be Twilio until told to stop; then say how many messages were sent."""
    asyncio.run(_serve(pipe, answer("201 Created", TWILIO), b"/Messages.json"))


async def _serve(pipe: Connection, said: bytes, counted: bytes) -> None:
    messages = 0

    def taken(request: bytes, _body: bytes) -> None:
        nonlocal messages
        messages += counted in request

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Provider(said, taken), "127.0.0.1", 0, backlog=1024)
    pipe.send(server.sockets[0].getsockname()[1])
    await asyncio.to_thread(pipe.recv)
    server.close()
    pipe.send(str(messages))
