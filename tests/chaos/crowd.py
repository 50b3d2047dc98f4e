"""The residents of the chaos run: each replies only to what has arrived, by a script."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.providers import ChaosTelegram, ChaosTwilio
from tests.chaos.script import Script, question_in, sent_once_more
from tests.emulators.telegram import Sent as TelegramSent
from tests.emulators.twilio import Sent as TwilioSent

#: Replies after which nothing more is asked.
LAST = {"what", "pass_on"}


@dataclass
class Resident:
    """One resident while the run goes on: `got` are the questions in the order they arrived ('' for other texts)."""

    script: Script
    got: list[str] = field(default_factory=list)
    replied: list[str] = field(default_factory=list)
    replying: set[str] = field(default_factory=set)  # to these questions they are about to
    waits: bool = False  # until they are told to go on
    held: list[TelegramSent | TwilioSent] = field(default_factory=list)
    done: bool = False


class Crowd:
    """All residents. `think`: seconds within which they reply."""

    def __init__(
        self, scripts: Sequence[Script], telegram: ChaosTelegram, twilio: ChaosTwilio, *, think: float, seed: int
    ) -> None:
        self.residents = [Resident(script) for script in scripts]
        self.telegram, self.twilio, self.think = telegram, twilio, think
        self.untaken = 0  # webhooks the service never took
        self.broken: list[str] = []  # residents whose reply met an error of this harness
        self._chance = random.Random(f"crowd {seed}")
        self._by_address = {r.script.chat or r.script.phone: r for r in self.residents}
        self._tasks: set[asyncio.Task[Any]] = set()
        telegram.listeners.append(self._heard)
        twilio.listeners.append(self._heard)

    @property
    def left(self) -> list[Resident]:
        """Who has not come to the end."""
        return [resident for resident in self.residents if not resident.done]

    @property
    def busy(self) -> bool:
        """Whether anybody is about to reply."""
        return bool(self._tasks)

    async def link(self, tokens: dict[str, str]) -> None:
        """Let everybody with an invitation open their chat; `tokens` by office id."""
        chats = [resident.script for resident in self.residents if resident.script.chat]
        taken = await asyncio.gather(
            *(self.telegram.write(script.chat, f"/start {tokens[script.office_id]}") for script in chats)
        )
        self.untaken += taken.count(False)

    def release(self, resident: Resident) -> None:
        """Let a resident who waits go on."""
        resident.waits = False
        for sent in resident.held:
            self._start(self._reply(resident, question_in(sent.text), sent))
        resident.held.clear()

    async def quiet(self) -> None:
        """Wait for the replies that are under way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _heard(self, sent: TelegramSent | TwilioSent) -> None:
        resident = self._by_address[sent.address]
        name = question_in(sent.text)
        resident.got.append(name)
        if not name:
            resident.done = resident.done or bool(LAST & set(resident.replied))
        elif sent_once_more(sent.text) and (name in resident.replied or name in resident.replying):
            pass  # who has answered the first copy does as the second one says
        elif resident.waits:
            resident.held.append(sent)
        elif name not in resident.replying:  # who sees a question twice before replying replies once, else once more
            resident.replying.add(name)
            self._start(self._reply(resident, name, sent, after=self._chance.uniform(0, self.think)))

    async def _reply(self, resident: Resident, name: str, sent: TelegramSent | TwilioSent, after: float = 0.0) -> None:
        await asyncio.sleep(after)
        resident.replying.discard(name)
        script = resident.script
        reply = script.replies.get(name)
        if reply is None:
            return  # a question that is not theirs: the checks will say so
        resident.replied.append(name)
        if isinstance(sent, TwilioSent):
            await self.twilio.write(script.phone, reply.text)
        elif script.taps and sent.options:
            self.untaken += not await self.telegram.tap(script.chat, sent, reply.index)
        else:
            self.untaken += not await self.telegram.write(script.chat, reply.text)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.broken.append(f"a reply met {error!r}")
