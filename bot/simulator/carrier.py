"""The simulated carrier: takes messages for phones, reports what became of them, posts what phones send."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from bot.simulator.faults import Fault, Faults
from bot.simulator.mailbox import Letter, Mailbox
from bot.simulator.signature import HEADER, sign

#: Items one post to the service carries at most, and bytes: webhooks take no more than 64 KiB.
BATCH = 64
BATCH_BYTES = 48 * 1024
#: Seconds between two tries of a post, growing from the first to the last; real time.
FIRST_PAUSE, LAST_PAUSE = 0.05, 5.0
POST_SECONDS = 30.0

#: Called with phone, text, options and attempt of each message a phone gets.
Observer = Callable[[str, str, tuple[str, ...], str], None]

#: An item of a post as JSON, and what to call once the service has taken it.
_Waiting = tuple[bytes, Callable[[], None] | None]


class Carrier:
    """One carrier with its phones.

    `service` is the URL of the service whose webhooks `/channels/simulator/...` are posted to. What phones
    send is posted in order and again until the service has taken it, also after a restart.
    """

    def __init__(
        self,
        *,
        service: str,
        secret: str,
        mailbox: Mailbox,
        faults: Faults | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.secret = secret
        self.mailbox = mailbox
        self.faults = faults or Faults()
        self.observer = observer
        self._messages = _Post(self, URL(f"{service}/channels/simulator/messages"), "messages")
        self._receipts = _Post(self, URL(f"{service}/channels/simulator/receipts"), "receipts")
        self._news: dict[str, asyncio.Event] = {}

    async def start(self) -> None:
        """Begin to post, first what an earlier run left."""
        for letter in self.mailbox.waiting():
            self._post(letter)
        self._messages.start()
        self._receipts.start()

    async def stop(self) -> None:
        """Stop posting; what is left is posted at the next start."""
        await self._messages.stop()
        await self._receipts.stop()
        self.mailbox.close()

    @property
    def quiet(self) -> bool:
        """Whether nothing is waiting for the service or under way to it."""
        return self._messages.quiet and self._receipts.quiet

    async def settled(self) -> None:
        """Return once the service has taken everything there is to post."""
        while not self.quiet:
            await self._messages.empty.wait()
            await self._receipts.empty.wait()

    def accept(self, phone: str, text: str, options: tuple[str, ...], attempt: str) -> Letter:
        """Deliver a message of the service to `phone` and report it."""
        letter = self.mailbox.receive(phone, text, options, attempt)
        if not self.faults.take(Fault.SILENT):
            off = phone in self.faults.unreachable
            receipt = {"id": letter.id, "attempt": attempt, "delivery": "failed" if off else "delivered"}
            self._receipts.put({**receipt, "error": "the phone is switched off"} if off else receipt)
        self._tell(phone)
        if self.observer is not None and phone not in self.faults.unreachable:
            self.observer(phone, text, options, attempt)
        return letter

    def text(self, phone: str, text: str, name: str = "") -> Letter:
        """Let `phone` send `text`; `name` is the carrier's id of it, made when empty."""
        letter = self.mailbox.send(phone, text, name)
        self._post(letter)
        self._tell(phone)
        return letter

    async def letters(self, phone: str, after: int, wait: float) -> list[Letter]:
        """Return the phone's messages after number `after`; if there are none, wait for one up to `wait` seconds."""
        found = self.mailbox.of(phone, after)
        if not found and wait > 0:
            event = self._news.setdefault(phone, asyncio.Event())
            try:
                async with asyncio.timeout(wait):
                    await event.wait()
            except TimeoutError:
                return []
            found = self.mailbox.of(phone, after)
        return found

    def _post(self, letter: Letter) -> None:
        item = {"id": letter.id, "from": letter.phone, "text": letter.text}
        self._messages.put(item, taken=lambda: self.mailbox.passed(letter))

    def _tell(self, phone: str) -> None:
        event = self._news.pop(phone, None)
        if event is not None:
            event.set()


class _Post:
    """Posts items to one webhook, in order, several at once when several wait, until each is taken."""

    def __init__(self, carrier: Carrier, url: URL, name: str) -> None:
        self._carrier, self._url, self._name = carrier, url, name
        self._queue: deque[_Waiting] = deque()
        self._more = asyncio.Event()
        self.empty = asyncio.Event()
        self.empty.set()
        self._task: asyncio.Task[None] | None = None

    @property
    def quiet(self) -> bool:
        return not self._queue

    def put(self, item: dict[str, Any], taken: Callable[[], None] | None = None) -> None:
        self._queue.append((json.dumps(item).encode(), taken))
        self.empty.clear()
        self._more.set()

    def start(self) -> None:
        self._task = asyncio.create_task(self._work(), name=f"simulator-{self._name}")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _work(self) -> None:
        async with ClientSession(timeout=ClientTimeout(total=POST_SECONDS)) as session:
            while True:
                await self._more.wait()
                self._more.clear()
                while self._queue:
                    batch = self._batch()
                    await self._deliver(session, b",".join(item for item, _ in batch))
                    for _, taken in batch:
                        # Only now does it leave the queue: `quiet` must not look true while a post is under way.
                        self._queue.popleft()
                        if taken is not None:
                            taken()
                self.empty.set()

    def _batch(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        for item in self._queue:
            size += len(item[0])
            if batch and (size > BATCH_BYTES or len(batch) == BATCH):
                break
            batch.append(item)
        return batch

    async def _deliver(self, session: ClientSession, items: bytes) -> None:
        body = b'{"%s":[%s]}' % (self._name.encode(), items)
        pause = FIRST_PAUSE
        while not await self._attempt(session, body):
            await asyncio.sleep(pause)
            pause = min(2 * pause, LAST_PAUSE)
        if self._carrier.faults.take(Fault.DUPLICATE):
            await self._attempt(session, body)

    async def _attempt(self, session: ClientSession, body: bytes) -> bool:
        signature = sign(self._carrier.secret, int(time.time()), "POST", self._url.raw_path_qs, body)
        headers = {HEADER: signature, "Content-Type": "application/json"}
        try:
            async with session.post(self._url, data=body, headers=headers) as answer:
                return answer.status == HTTPStatus.OK
        except (ClientError, OSError):
            return False
