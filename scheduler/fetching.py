"""Fetching what residents sent: voice messages and pictures are taken over from the provider and sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

import structlog

from scheduler.clock import Clock
from storage import attachments
from storage.attachments import Waiting
from storage.database import Database

log = structlog.get_logger()

#: Bytes; Telegram hands out no more, and a longer recording is not an answer.
LARGEST = 20 * 1024 * 1024
#: Attachments fetched in one go, one after the other.
GROUP = 20
#: Seconds of the machine's clock for one of them.
PATIENCE = 60.0


class Fetcher(Protocol):
    """A channel as far as fetching needs it."""

    async def fetch(self, reference: str) -> tuple[str, bytes]:
        """Return media type and content; an error whose attribute `final` is true says that it never can be had."""


class Fetching:
    """Fetches what waits, later and later after a failure; `fetchers` are the channels by name."""

    def __init__(self, database: Database, fetchers: Mapping[str, Fetcher], clock: Clock) -> None:
        self._database, self._fetchers, self._clock = database, fetchers, clock

    async def run_once(self) -> int:
        """Fetch what is due; return how many were taken over. To be called again and again; twice is harmless."""
        due = await asyncio.to_thread(self._due)
        return sum([await self._fetch(one) for one in due])

    def _due(self) -> list[Waiting]:
        with self._database.read() as connection:
            return attachments.waiting(
                connection, self._database.vault, tuple(self._fetchers), self._clock.now(), GROUP
            )

    async def _fetch(self, one: Waiting) -> bool:
        if one.size > LARGEST:
            return await self._failed(one, "too large", final=True)
        try:
            async with asyncio.timeout(PATIENCE):
                media_type, body = await self._fetchers[one.channel].fetch(one.reference)
        except Exception as error:  # noqa: BLE001 - what a provider answers to one must not hold up the others
            final = getattr(error, "final", False) is True
            return await self._failed(one, type(error).__name__, final=final)
        if len(body) > LARGEST:
            return await self._failed(one, "too large", final=True)
        vault, size = self._database.vault, len(body)
        sealed = await asyncio.to_thread(attachments.seal_body, vault, one.key, body)
        kept = self._database.later(
            lambda connection: attachments.keep(connection, one.id, media_type or one.media_type, size, sealed)
        )
        return await asyncio.wrap_future(kept)

    async def _failed(self, one: Waiting, error: str, *, final: bool) -> bool:
        log.warning("attachment_not_fetched", attachment=one.id, channel=one.channel, error=error, final=final)
        noted = self._database.later(lambda connection: attachments.failed(connection, one.id, error, final=final))
        await asyncio.wrap_future(noted)
        return False
