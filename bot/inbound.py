"""What came in from a provider is handed to the conversation it belongs to; done means committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Any, Protocol

from bot.channels.channel import Channel
from storage.hearing import Settled
from storage.inbox import Inbound
from storage.receipts import Receipt


class Ears(Protocol):
    """Whoever decides and commits what one stimulus leads to; the future resolves after the commit.

    A decision that fails is committed too, as a message a person must look at. Only an error of the database
    itself comes out of the future: then nothing was kept and the provider must repeat.
    """

    def hear(self, inbound: Inbound) -> Future[Settled]:
        """Take one message of a resident."""

    def receipt(self, receipt: Receipt) -> Future[None]:
        """Take one report of what became of a message of ours."""


class Reception:
    """Takes what channels bring, posted or looked for, and tells whoever sends that there may be replies."""

    def __init__(self, ears: Ears, nudge: Callable[[], None]) -> None:
        self._ears, self._nudge = ears, nudge
        self._shown: set[asyncio.Task[None]] = set()

    async def take(self, channel: Channel, inbounds: Sequence[Inbound], receipts: Sequence[Receipt]) -> None:
        """Return once everything is committed; raise the first error if something is not."""
        heard = [self._ears.hear(inbound) for inbound in inbounds]
        reported = [self._ears.receipt(receipt) for receipt in receipts]
        settled: list[Settled] = (await _committed([*heard, *reported]))[: len(heard)]
        if inbounds or receipts:
            self._nudge()
        for inbound, outcome in zip(inbounds, settled, strict=True):
            if inbound.tap:  # shown when there is time: a resident who sees no sign taps again, which is harmless
                stale = outcome.reason == "stale" or outcome.state == "duplicate"
                task = asyncio.create_task(channel.heard(inbound, stale=stale))
                self._shown.add(task)
                task.add_done_callback(self._shown.discard)


async def _committed(futures: Iterable[Future[Any]]) -> list[Any]:
    """Wait for all of them, also after one has failed; a request that is given up does not recall what it asked."""
    waited = (asyncio.shield(asyncio.wrap_future(future)) for future in futures)
    outcomes = await asyncio.gather(*waited, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return outcomes
