"""What came in from a provider is handed to the conversation it belongs to; done means committed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any, Protocol

from storage.inbox import Inbound
from storage.receipts import Receipt


class Ears(Protocol):
    """Whoever decides and commits what one stimulus leads to; the future resolves after the commit.

    A decision that fails is committed too, as a message a person must look at. Only an error of the database
    itself comes out of the future: then nothing was kept and the provider must repeat.
    """

    def hear(self, inbound: Inbound) -> Future[Any]:
        """Take one message of a resident."""

    def receipt(self, receipt: Receipt) -> Future[Any]:
        """Take one report of what became of a message of ours."""


async def receive(ears: Ears, inbounds: Iterable[Inbound]) -> None:
    """Return once every message is committed; raise the first error if one is not."""
    await _committed([ears.hear(inbound) for inbound in inbounds])


async def report(ears: Ears, receipts: Iterable[Receipt]) -> None:
    """Return once every receipt is committed; raise the first error if one is not."""
    await _committed([ears.receipt(receipt) for receipt in receipts])


async def _committed(futures: list[Future[Any]]) -> None:
    """Wait for all of them, also after one has failed; a request that is given up does not recall what it asked."""
    waited = (asyncio.shield(asyncio.wrap_future(future)) for future in futures)
    outcomes = await asyncio.gather(*waited, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
