"""What Twilio posts to a service: signed by its library, repeated until it is taken, twice or overtaken at times."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession
from twilio.request_validator import RequestValidator

from bot.simulator.faults import Fault
from tests.emulators.chances import Chances

#: Seconds between two tries of a post, growing from the first to the last.
FIRST_PAUSE, LAST_PAUSE = 0.05, 1.0
#: Seconds for which an overtaken post waits for the one that overtakes it.
OVERTAKEN = 0.3


class Posts:
    """Posts forms; `given_up` lists those that were never taken, with the last status (0 if there was no answer)."""

    def __init__(self, token: str, faults: Chances, patience: float) -> None:
        self.given_up: list[tuple[str, Mapping[str, str], int]] = []
        self.taken: set[str] = set()  # SIDs of residents' messages the service has answered for
        self._validator = RequestValidator(token)
        self._faults, self._patience = faults, patience
        self._session: ClientSession | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._passed = asyncio.Event()
        self._sids = itertools.count(1)
        self._run = secrets.token_hex(8)  # SIDs stay unique when the emulator is started anew

    @asynccontextmanager
    async def running(self, session: ClientSession) -> AsyncIterator[None]:
        """Post by `session`; what is under way at the end is cut off."""
        self._session = session
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)
            self._session = None

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way."""
        return not self._tasks

    async def settled(self) -> None:
        """Return once nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def sid(self) -> str:
        """Return a new SID of a message."""
        return f"SM{self._run}{next(self._sids):016x}"

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do `work` besides."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def signature(self, url: str, fields: Mapping[str, str]) -> str:
        """Return the signature of a post, as Twilio's library computes it."""
        return str(self._validator.compute_signature(url, fields))

    async def message(self, url: str, fields: Mapping[str, str]) -> None:
        """Post what a resident wrote; at times another's message comes first."""
        if self._faults.take(Fault.REORDER):
            self._passed.clear()
            try:
                async with asyncio.timeout(OVERTAKEN):
                    await self._passed.wait()
            except TimeoutError:
                pass
        if await self._deliver(url, fields):
            self.taken.add(fields["MessageSid"])
        self._passed.set()

    async def report(self, url: str, fields: Mapping[str, str]) -> None:
        """Post what became of a message."""
        await self._deliver(url, fields)

    async def _deliver(self, url: str, fields: Mapping[str, str]) -> bool:
        loop = asyncio.get_running_loop()
        ends, pause = loop.time() + self._patience, FIRST_PAUSE
        while True:
            status = await self._post(url, fields)
            if 200 <= status < 300:
                break
            if loop.time() > ends:
                self.given_up.append((url, fields, status))
                return False
            await asyncio.sleep(pause)
            pause = min(2 * pause, LAST_PAUSE)
        if self._faults.take(Fault.DUPLICATE):
            await self._post(url, fields)
        return True

    async def _post(self, url: str, fields: Mapping[str, str]) -> int:
        if self._session is None:
            return 0
        headers = {
            "X-Twilio-Signature": self.signature(url, fields),
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
        }
        try:
            async with self._session.post(url, data=urlencode(fields).encode(), headers=headers) as answer:
                await answer.read()
                return answer.status
        except (ClientError, OSError):
            return 0
