"""How the Bot API hands updates to a bot: posted until they are taken, or kept until they are fetched."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from bot.simulator.faults import Fault
from tests.emulators.chances import Chances
from tests.emulators.telegramanswers import Refusal

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
PATH = "/channels/telegram/messages"
#: Seconds an update is posted again and again until the service takes it, and between two tries at most.
PATIENCE = 60.0
LONGEST_PAUSE = 1.0
#: Seconds a post may wait for the next one to overtake it.
OVERTAKEN_WITHIN = 0.5


@dataclass(slots=True)
class Hook:
    """Where updates are posted, as setWebhook was told."""

    url: str = ""
    secret: str = ""
    allowed: tuple[str, ...] = ()
    error: str = ""
    error_at: int = 0


class Posts:
    """The updates of one bot; see TelegramEmulator for `service` and `secret`."""

    def __init__(self, faults: Chances, service: str, secret: str, patience: float) -> None:
        self.taken: set[str] = set()  # ids of updates the service has answered for
        self.faults, self.service, self.secret, self.patience = faults, service, secret, patience
        self.hook = Hook()
        self.waiting: dict[int, dict[str, Any]] = {}
        self._numbers = itertools.count(1)
        self._news, self._overtaking = asyncio.Event(), asyncio.Event()
        self._session: ClientSession | None = None
        self._tasks: set[asyncio.Future[Any]] = set()

    async def start(self) -> None:
        """Open the connections to the service."""
        self._session = ClientSession(timeout=ClientTimeout(total=30), connector=TCPConnector(limit=100))

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def background(self, work: Awaitable[Any]) -> None:
        """Let `work` go on by itself until `stop`."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def happened(self, kind: str, content: dict[str, Any]) -> bool:
        """Post an update and return whether it was taken; keep it to be fetched if nothing is to be posted."""
        update: dict[str, Any] = {"update_id": next(self._numbers), kind: content}
        if self.hook.url or self.service:
            return await self._post(update)
        self.waiting[update["update_id"]] = update
        self._news.set()
        return True

    def set_hook(self, hook: Hook) -> None:
        """Post from now on, also what has been waiting; or keep everything, with an empty one."""
        self.hook = hook
        if hook.url:
            for update in self.waiting.values():
                self.background(self._post(update))
            self.waiting.clear()

    async def fetch(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """Forget what lies before `offset`, and return what is next, waiting for it up to `seconds`."""
        if self.hook.url:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        for number in [number for number in self.waiting if number < offset]:
            del self.waiting[number]
        if not self.waiting:
            self._news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), seconds)
        found = [self.waiting[number] for number in sorted(self.waiting)][:limit]
        return [*found, *found[-1:]] if self.faults.take(Fault.DUPLICATE) else found

    async def _post(self, update: dict[str, Any]) -> bool:
        """Post an update until the service takes it; twice or overtaken by the next one if a fault says so."""
        if self.faults.take(Fault.REORDER):
            self._overtaking.clear()
            with suppress(TimeoutError):  # there was no next one
                await asyncio.wait_for(self._overtaking.wait(), OVERTAKEN_WITHIN)
        times = 2 if self.faults.take(Fault.DUPLICATE) else 1
        taken = await asyncio.gather(*(self._insist(json.dumps(update).encode()) for _ in range(times)))
        self._overtaking.set()
        if any(taken) and "my_chat_member" not in update:
            self.taken.add(str(update["update_id"]))
        return all(taken)

    async def _insist(self, body: bytes) -> bool:
        ends, pause = time.monotonic() + self.patience, 0.05
        while error := await self._attempt(body):
            self.hook.error, self.hook.error_at = error, int(time.time())
            if time.monotonic() + pause > ends:
                return False
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return True

    async def _attempt(self, body: bytes) -> str:
        """Post once and return what went wrong, in the words Telegram has for it."""
        if self._session is None:
            raise RuntimeError("the emulator is not running")
        url = f"{self.service}{PATH}" if self.service else self.hook.url
        headers = {"Content-Type": "application/json", SECRET_HEADER: self.hook.secret or self.secret}
        try:
            async with self._session.post(url, data=body, headers=headers) as answer:
                if answer.ok:
                    return ""
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (ClientError, OSError):
            return "Connection refused"
