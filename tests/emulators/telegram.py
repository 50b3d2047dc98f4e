"""Telegram's Bot API on this machine: enough of it that the real client library notices no difference.

Field names and error texts are the Bot API's own (https://core.telegram.org/bots/api).
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from bot.simulator.faults import Fault
from tests.emulators.chances import Chances
from tests.emulators.telegramanswers import Refusal, chat, drop, inner, ok, read_parameters, refused, rows, user
from tests.emulators.telegramposts import PATIENCE, Hook, Posts

TOKEN = "1000:emulated-bot-token-of-no-value"  # noqa: S105 - opens nothing
LONGEST_TEXT = 4096
LONGEST_DATA = 64


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was accepted; `answered` is False if the answer did not leave.

    `at` by the monotonic clock, `wall` by the machine's (Unix seconds).
    """

    number: int
    id: str
    address: str
    text: str
    options: tuple[str, ...]
    data: tuple[str, ...]
    at: float
    wall: float
    answered: bool = False
    segments: int = 1


@dataclass(frozen=True, slots=True)
class Call:
    """A request for sending and what came of it: accepted, slow, dropped_before, dropped_after, 429, 503, 400, ..."""

    address: str
    outcome: str
    at: float


@dataclass(slots=True)
class Shown:
    """A message as the resident sees it now."""

    text: str
    keyboard: list[list[dict[str, Any]]]


Listener = Callable[[Sent], Awaitable[None] | None]


class TelegramEmulator:
    """One bot and all chats with it.

    Updates go to the webhook that was set, at `service` if that is given (the base URL of the service: a webhook
    behind https is then reached on this machine), and wait for getUpdates otherwise. Without setWebhook they are
    posted to `service` with `secret`. `per_second` and `per_chat_gap`, if not 0, are enforced with 429.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        name: str = "pingyi_emulated_bot",
        secret: str = "",
        service: str = "",
        faults: Chances | None = None,
        per_second: float = 0.0,
        per_chat_gap: float = 0.0,
        patience: float = PATIENCE,
    ) -> None:
        self.token, self.name = token, name
        self.faults = faults or Chances()
        self.posts = Posts(self.faults, service, secret, patience)
        self.per_second, self.per_chat_gap = per_second, per_chat_gap
        self.url = "http://127.0.0.1:9"  # nobody answers there
        self.sent: list[Sent] = []
        self.calls: list[Call] = []
        self.listeners: list[Listener] = []
        self.violations = 0  # requests above `per_second` or `per_chat_gap`
        self.toasts: dict[str, str] = {}  # callback id → what the resident was shown
        self.shown: dict[int, Shown] = {}  # message id → as it stands
        self.blocked: set[str] = set()
        self.strangers: set[str] = set()  # who never wrote to the bot: it cannot write to them
        self.methods: list[str] = []  # every method called, in order, except sendMessage
        self._files: dict[str, tuple[str, str, bytes]] = {}  # file id → path, media type, content
        self._next_errors: deque[Refusal] = deque()
        self.newest = 0  # number of the message a resident wrote last
        self._messages_made, self._callbacks = itertools.count(1_000_001), itertools.count(1)
        self._recent: deque[float] = deque()
        self._last: dict[str, float] = {}

    @property
    def service(self) -> str:
        """The base URL of the service that updates are posted to."""
        return self.posts.service

    @service.setter
    def service(self, url: str) -> None:
        self.posts.service = url

    @property
    def hook(self) -> Hook:
        """The webhook as it was set."""
        return self.posts.hook

    # -- what a test or a developer does -----------------------------------------------------------------------------

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[TelegramEmulator]:
        """Answer on 127.0.0.1, on a free port if none is given."""
        runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.05)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        await self.posts.start()
        try:
            yield self
        finally:
            await self.posts.stop()
            await runner.cleanup()

    async def write(self, address: str, text: str, **more: Any) -> bool:
        """Let the resident write `text` (`more` fields of the message); whether the service takes or will fetch it."""
        return await self.posts.happened("message", self._message(address, {"text": text, **more} if text else more))

    async def edit(self, address: str, message: int, text: str) -> bool:
        """Let the resident change a message of theirs."""
        changed = {**self._message(address, {"text": text}), "message_id": message, "edit_date": int(time.time())}
        return await self.posts.happened("edited_message", changed)

    async def tap(self, address: str, sent: Sent, index: int, *, language: str = "zh-hans") -> bool:
        """Let the resident tap the button of option `index`, counted from 0, of a message as it was sent."""
        shown = self.shown[int(sent.id)]
        message: dict[str, Any] = {
            "message_id": int(sent.id),
            "date": int(sent.wall),
            "chat": chat(address),
            "from": self._me(),
            "text": shown.text,
        }
        if shown.keyboard:
            message["reply_markup"] = {"inline_keyboard": shown.keyboard}
        query = {
            "id": f"{next(self._callbacks)}",
            "from": {**user(address), "language_code": language},
            "message": message,
            "chat_instance": "1",
            "data": sent.data[index],
        }
        return await self.posts.happened("callback_query", query)

    async def block(self, address: str) -> bool:
        """Let the resident block the bot."""
        self.blocked.add(address)
        return await self.posts.happened("my_chat_member", self._membership(address, "member", "kicked"))

    async def unblock(self, address: str) -> bool:
        """Let the resident open the chat again."""
        self.blocked.discard(address)
        return await self.posts.happened("my_chat_member", self._membership(address, "kicked", "member"))

    def upload(self, content: bytes, media_type: str, path: str) -> str:
        """Keep a file a resident attaches, and return its file id."""
        name = f"file-{len(self._files) + 1}"
        self._files[name] = (path, media_type, content)
        return name

    def next_error(self, code: int, description: str = "", **parameters: int) -> None:
        """Let the next sendMessage fail so (`parameters`: retry_after, migrate_to_chat_id)."""
        self._next_errors.append(Refusal(code, description, **parameters))

    # -- the Bot API --------------------------------------------------------------------------------------------------

    def app(self) -> web.Application:
        """Return the application that answers as the Bot API does."""
        app = web.Application(client_max_size=1 << 20)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        return app

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            if request.match_info["token"] != self.token:
                return refused(Refusal(401))
            data = read_parameters(await request.read())
            if method == "sendMessage":
                return await self._send(request, data)
            self.methods.append(method)
            handler = getattr(self, f"_do_{method}", None)
            return refused(Refusal(404)) if handler is None else ok(await handler(data))
        except Refusal as refusal:
            return refused(refusal)

    async def _send(self, request: web.Request, data: dict[str, Any]) -> web.StreamResponse:
        now, address = time.monotonic(), str(data.get("chat_id", ""))
        take = self.faults.take
        if take(Fault.DROP_BEFORE):
            self.calls.append(Call(address, "dropped_before", now))
            return drop(request)
        try:
            self._refuse(address, now, data)
        except Refusal as refusal:
            self.calls.append(Call(address, str(refusal.code), now))
            raise
        sent = self._accept(address, now, data)
        outcome = "dropped_after" if take(Fault.DROP_AFTER) else "slow" if take(Fault.SLOW) else "accepted"
        self.calls.append(Call(address, outcome, now))
        for listener in self.listeners:
            told = listener(sent)
            if told is not None:
                self.posts.background(told)
        if outcome == "dropped_after":
            return drop(request)
        if outcome == "slow":
            await asyncio.sleep(self.faults.seconds)
        response = ok(
            {
                "message_id": sent.number,
                "from": self._me(),
                "chat": chat(address),
                "date": int(sent.wall),
                "text": sent.text,
            }
        )
        with suppress(ConnectionError):  # nobody waits for the answer any more
            await response.prepare(request)
            await response.write_eof()
            if request.transport is not None and not request.transport.is_closing():
                self.sent[sent.number - 1] = replace(sent, answered=True)
        return response

    def _refuse(self, address: str, now: float, data: dict[str, Any]) -> None:
        """Raise the error the Bot API would answer with, if it would."""
        if self._next_errors:
            raise self._next_errors.popleft()
        for fault, code in _ANSWERS.items():
            if self.faults.take(fault):
                raise Refusal(code, retry_after=1) if code == 429 else Refusal(code)
        if not address.lstrip("-").isdigit() or address in self.strangers:
            raise Refusal(400, "Bad Request: chat not found")
        if address in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        text = data.get("text")
        if not isinstance(text, str) or not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if len(text) > LONGEST_TEXT:
            raise Refusal(400, "Bad Request: message is too long")
        if any(len(button["callback_data"].encode()) > LONGEST_DATA for row in rows(data) for button in row):
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        self._limit(address, now)

    def _limit(self, address: str, now: float) -> None:
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        fast = self.per_second and len(self._recent) >= self.per_second
        close = self.per_chat_gap and now - self._last.get(address, -1e9) < self.per_chat_gap
        if fast or close:
            self.violations += 1
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        self._recent.append(now)
        self._last[address] = now

    def _accept(self, address: str, now: float, data: dict[str, Any]) -> Sent:
        number, keyboard = len(self.sent) + 1, rows(data)
        sent = Sent(
            number=number,
            id=str(number),
            address=address,
            text=data["text"],
            options=tuple(button["text"] for row in keyboard for button in row),
            data=tuple(button["callback_data"] for row in keyboard for button in row),
            at=now,
            wall=time.time(),
        )
        self.sent.append(sent)
        self.shown[number] = Shown(sent.text, keyboard)
        return sent

    async def _do_getMe(self, _data: dict[str, Any]) -> Any:  # noqa: N802 - a method of the Bot API
        return self._me()

    async def _do_setWebhook(self, data: dict[str, Any]) -> Any:  # noqa: N802 - a method of the Bot API
        kinds = tuple(inner(data, "allowed_updates", []))
        self.posts.set_hook(Hook(data.get("url", ""), data.get("secret_token", ""), kinds))
        return True

    async def _do_deleteWebhook(self, data: dict[str, Any]) -> Any:  # noqa: N802 - a method of the Bot API
        self.posts.set_hook(Hook())
        if inner(data, "drop_pending_updates", None):
            self.posts.waiting.clear()
        return True

    async def _do_getWebhookInfo(self, _data: dict[str, Any]) -> Any:  # noqa: N802 - a method of the Bot API
        hook, waiting = self.hook, len(self.posts.waiting)
        info = {"url": hook.url, "has_custom_certificate": False, "pending_update_count": waiting}
        error = {"last_error_date": hook.error_at, "last_error_message": hook.error} if hook.error else {}
        return {**info, **error}

    async def _do_getUpdates(self, data: dict[str, Any]) -> Any:  # noqa: N802 - a method of the Bot API
        return await self.posts.fetch(
            int(data.get("offset", 0)), int(data.get("limit", 100)), float(data.get("timeout", 0))
        )

    async def _do_answerCallbackQuery(self, data: dict[str, Any]) -> Any:  # noqa: N802 - a method of the Bot API
        name = str(data.get("callback_query_id", ""))
        if name in self.toasts:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.toasts[name] = str(data.get("text", ""))
        return True

    async def _do_editMessageText(self, data: dict[str, Any]) -> Any:  # noqa: N802 - a method of the Bot API
        return self._change(data, str(data["text"]))

    async def _do_editMessageReplyMarkup(self, data: dict[str, Any]) -> Any:  # noqa: N802 - a method of the Bot API
        return self._change(data, None)

    def _change(self, data: dict[str, Any], text: str | None) -> dict[str, Any]:
        number = int(data.get("message_id", 0))
        shown = self.shown.get(number)
        if shown is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        changed = Shown(shown.text if text is None else text, rows(data))
        if changed == shown:
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message",
            )
        self.shown[number] = changed
        return {
            "message_id": number,
            "date": int(time.time()),
            "chat": chat(str(data.get("chat_id", 0))),
            "text": changed.text,
        }

    async def _do_getFile(self, data: dict[str, Any]) -> Any:  # noqa: N802 - a method of the Bot API
        name = str(data.get("file_id", ""))
        if name not in self._files:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        path, _, content = self._files[name]
        return {"file_id": name, "file_unique_id": name, "file_size": len(content), "file_path": path}

    async def _file(self, request: web.Request) -> web.StreamResponse:
        for path, media_type, content in self._files.values():
            if path == request.match_info["path"] and request.match_info["token"] == self.token:
                return web.Response(body=content, content_type=media_type)
        return refused(Refusal(404, "Not Found"))

    # -- what the service hears ---------------------------------------------------------------------------------------

    def _me(self) -> dict[str, Any]:
        return {"id": int(self.token.partition(":")[0]), "is_bot": True, "first_name": "Pingyi", "username": self.name}

    def _number(self) -> int:
        self.newest = next(self._messages_made)
        return self.newest

    def _message(self, address: str, content: dict[str, Any]) -> dict[str, Any]:
        return {
            "message_id": self._number(),
            "date": int(time.time()),
            "chat": chat(address),
            "from": user(address),
            **content,
        }

    def _membership(self, address: str, old: str, new: str) -> dict[str, Any]:
        ended = {"until_date": 0}
        return {
            "chat": chat(address),
            "from": user(address),
            "date": int(time.time()),
            "old_chat_member": {"user": self._me(), "status": old, **(ended if old == "kicked" else {})},
            "new_chat_member": {"user": self._me(), "status": new, **(ended if new == "kicked" else {})},
        }


_ANSWERS = {Fault.THROTTLE: 429, Fault.BREAK: 503, Fault.REFUSE: 400}
