"""The ticks that look for due work; APScheduler holds nothing but intervals, in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import DBAPIError

from scheduler.dispatch import Dispatch
from scheduler.fetching import Fetching
from scheduler.talk import Talk

log = structlog.get_logger()

#: Seconds of the machine's clock between ticks of each kind.
EVERY: Mapping[str, float] = {"wakes": 1, "unclear": 2, "failed": 30, "attachments": 5, "checkpoint": 20}


class Ticks:
    """Starts due wakes, settles unclear attempts, hears failed messages again, fetches attachments, tidies SQLite.

    A tick that comes late or twice is harmless: what is due is claimed in the database.
    """

    def __init__(self, talk: Talk, dispatch: Dispatch, fetching: Fetching, every: Mapping[str, float] = EVERY) -> None:
        self._talk, self._dispatch, self._fetching = talk, dispatch, fetching
        self.last: datetime | None = None
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._running = asyncio.Lock()
        jobs: dict[str, Callable[[], Awaitable[None]]] = {
            "wakes": self.wakes,
            "unclear": self._unclear,
            "failed": self._failed,
            "attachments": self._attachments,
            "checkpoint": self._checkpoint,
        }
        for name, job in jobs.items():
            self._scheduler.add_job(
                job,
                "interval",
                seconds=every[name],
                id=name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )

    def start(self) -> None:
        """Begin ticking, on the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def alive(self, within: timedelta) -> bool:
        """Whether the wakes tick has finished within this time."""
        return self.last is not None and datetime.now(UTC) - self.last < within

    async def wakes(self) -> None:
        """Run everything that is due."""
        async with self._running:
            try:
                while await asyncio.wrap_future(self._talk.run_wakes()):
                    self._dispatch.nudge()
            except DBAPIError as error:
                log.error("wakes_failed", error=type(error.orig).__name__)  # noqa: TRY400 - a trace would print SQL values
                await asyncio.to_thread(self._talk.run_wakes_apart)
            self.last = datetime.now(UTC)

    async def _unclear(self) -> None:
        if await self._dispatch.settle_unclear():
            self._dispatch.nudge()

    async def _failed(self) -> None:
        if await asyncio.to_thread(self._talk.retry_failed):
            self._dispatch.nudge()

    async def _attachments(self) -> None:
        await self._fetching.run_once()

    async def _checkpoint(self) -> None:
        await asyncio.to_thread(self._talk.database.checkpoint)
