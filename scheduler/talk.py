"""The two ways a conversation moves: a message comes in, or the clock strikes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from scheduler.clock import Clock
from scheduler.wakes import GROUP, run_due
from storage.database import Database
from storage.desk import Desk
from storage.hearing import Settled, hear_group
from storage.inbox import Inbound
from storage.receipts import Receipt, take_receipts
from storage.retrying import count_failure, failed_messages, hear_again, keep_refused
from storage.saying import NO_LIMIT
from storage.wakes import give_up_next
from surveys.campaign.office import Office

log = structlog.get_logger()


class Talk:
    """Hands stimuli to the writer; `channels` maps enabled channel names to address kinds, the preferred first.

    `longest` is how many characters a message of a channel may have.
    """

    def __init__(
        self,
        database: Database,
        office: Office,
        clock: Clock,
        channels: Mapping[str, str],
        longest: Mapping[str, int] = NO_LIMIT,
    ) -> None:
        self.database = database
        self.desk = Desk(database.vault, office, longest)
        self.clock = clock
        self.channels = dict(channels)
        # One bound method each, kept: the writer groups neighbours that have the very same handler.
        self._hear: Callable[[Connection, Sequence[Inbound]], Sequence[Settled]] = self._hear_group
        self._receipts: Callable[[Connection, Sequence[Receipt]], Sequence[None]] = self._take_receipts

    def hear(self, message: Inbound) -> Future[Settled]:
        """Queue a message; the future resolves once it is committed, whatever became of it."""
        heard: Future[Settled] = Future()
        self.database.writer.submit(self._hear, message).add_done_callback(partial(self._heard, message, heard))
        return heard

    def _heard(self, message: Inbound, heard: Future[Settled], decided: Future[Settled]) -> None:
        """Hand on what became of a message; one whose effects the database refuses is kept for a person instead."""
        error = decided.exception()
        if isinstance(error, (IntegrityError, DataError)):
            log.error("message_refused_by_database", error=type(error.orig).__name__)
            decided = self.database.later(partial(keep_refused, desk=self.desk, now=self.clock.now(), message=message))
            decided.add_done_callback(partial(_hand_on, heard))
            return
        _hand_on(heard, decided)

    def receipt(self, receipt: Receipt) -> Future[None]:
        """Queue a provider's report; the future resolves once it is committed."""
        return self.database.writer.submit(self._receipts, receipt)

    def run_wakes(self) -> Future[int]:
        """Queue one group of due wakes; the future gives how many there were."""
        return self.database.later(self._run_wakes(GROUP))

    def run_wakes_apart(self) -> int:
        """Run due wakes one by one, after a group met a database error; put aside the one that keeps failing."""
        count = 0
        for _ in range(GROUP):
            try:
                ran = self.database.write(self._run_wakes(1))
            except DBAPIError as error:
                reason = type(error.orig).__name__
                self.database.write(partial(give_up_next, now=self.clock.now(), why=reason))
                ran = 1
            if not ran:
                break
            count += ran
        return count

    def retry_failed(self) -> int:
        """Hear failed messages again, each in a transaction of its own; return how many there were."""
        with self.database.read() as connection:
            waiting = failed_messages(connection)
        for message in waiting:
            try:
                self.database.write(partial(hear_again, desk=self.desk, now=self.clock.now(), message=message))
            except (IntegrityError, DataError) as error:
                reason = type(error.orig).__name__
                self.database.write(partial(count_failure, message=message, reason=reason))
        return len(waiting)

    def _hear_group(self, connection: Connection, group: Sequence[Inbound]) -> Sequence[Settled]:
        return hear_group(connection, self.desk, self.clock.now(), group)

    def _take_receipts(self, connection: Connection, group: Sequence[Receipt]) -> Sequence[None]:
        return take_receipts(connection, group)

    def _run_wakes(self, limit: int) -> Callable[[Connection], int]:
        return lambda connection: run_due(connection, self.desk, self.clock.now(), self.channels, limit)


def _hand_on(heard: Future[Settled], decided: Future[Settled]) -> None:
    error = decided.exception()
    if error is not None:
        heard.set_exception(error)
    else:
        heard.set_result(decided.result())
