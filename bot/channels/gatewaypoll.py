"""Fetching messages and reports from a gateway that posts nothing: asked again and again, confirmed once kept."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from bot.channels import gatewayfile as file
from bot.channels import gatewayitems as items
from bot.channels.gatewaycall import Answer, Caller, Unanswered, Unreached
from bot.channels.gatewaytext import word_at
from bot.logs import logger

#: Seconds to the next try after a failure: doubled each time up to the last, and never the same for two processes.
FIRST_PAUSE, LAST_PAUSE = 1.0, 300.0
_CHANCE = random.SystemRandom().random


class Poller:
    """Asks one address. `read` makes a message or report of an item, `give` returns once they are committed.

    Many carriers forget what they have handed out, so what could not be committed is kept and given again before
    anything else is asked for; only then the carrier is told. What is told or given twice is kept once.
    """

    def __init__(
        self,
        caller: Caller,
        part: file.Incoming,
        read: Callable[[Any], Any],
        give: Callable[[list[Any]], Awaitable[None]],
        *,
        name: str,
        chance: Callable[[], float] = _CHANCE,
    ) -> None:
        self._caller, self._part, self._read, self._give = caller, part, read, give
        self._log = logger("bot.channels.gateway").bind(channel=items.NAME, polled=name)
        self._chance = chance
        self._last: list[Any] = []  # what the carrier handed out last
        self._held: list[tuple[Any, str]] = []  # read, with the carrier's id, and not yet committed
        self._kept: list[str] = []  # ids committed, and the carrier not yet told

    async def run(self) -> None:
        """Poll until cancelled."""
        poll = self._part.poll
        failures = 0
        while poll is not None:
            try:
                more = await self._round(poll)
            except Exception as error:  # noqa: BLE001 - whatever it is, polling goes on and nothing held is lost
                pause = backoff(failures, self._chance())
                failures += 1
                reason = str(error) if isinstance(error, Unreached | Unanswered | items.Malformed | _Wrong) else ""
                self._log.warning("polling failed", reason=reason, failures=failures, error=type(error).__name__)
            else:
                failures = 0
                pause = 0.0 if more else poll.seconds
            await asyncio.sleep(pause)

    async def _round(self, poll: file.Poll) -> bool:
        """Give what is held, tell the carrier, and ask for more; return whether there may be more at once."""
        fresh = True
        if not self._held and not self._kept:
            found = items.answered(self._part, _fine(await self._caller.ask(poll, {})).said)
            # A carrier may hand out the same until its list has moved on: no reason to hurry then.
            fresh, self._last = bool(found) and found != self._last, found
            self._held, wrong = self._read_all(found)
            if wrong:
                self._log.error("items that do not fit the gateway's description are left", count=wrong)
        if self._held:
            await self._give([made for made, _ in self._held])
            self._kept = [name for _, name in self._held] if self._part.confirm else []
            self._held = []
        if self._kept and self._part.confirm is not None:
            _fine(await self._caller.ask(self._part.confirm, {"ids": self._kept}))
            self._kept = []
        return fresh

    def _read_all(self, found: list[Any]) -> tuple[list[tuple[Any, str]], int]:
        """Return what can be read of the items, each with the carrier's id, and how many could not."""
        read, wrong = [], 0
        for item in found:
            try:
                read.append((self._read(item), word_at(item, self._part.id) if self._part.id else ""))
            except items.Malformed:
                wrong += 1
        return read, wrong


class _Wrong(Exception):
    """The gateway answered with an error."""


def _fine(answer: Answer) -> Answer:
    if not answer.fine:
        raise _Wrong(f"the gateway answered {answer.status}")
    if answer.said is None:
        raise _Wrong("the gateway's answer is no JSON")
    return answer


def backoff(failures: int, chance: float) -> float:
    """Return the seconds to wait after so many failures in a row; `chance` (0 to 1) spreads processes apart."""
    return min(LAST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures, 16)) * (0.1 + 0.9 * chance)


async def together(runs: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run all until cancelled; returns at once if there are none."""
    async with asyncio.TaskGroup() as group:
        for run in runs:
            group.create_task(run)
