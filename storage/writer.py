"""The one thread of a process that writes: it groups what is waiting and commits it together."""

from __future__ import annotations

import gc
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from storage.engine import synced

#: Larger groups gain little more and make the first of them wait longer (docs/decisions/0001).
GROUP = 64


@dataclass(frozen=True, slots=True)
class _Job:
    """Either one item of a group (`handler` set) or a function that wants a transaction of its own."""

    future: Future[Any]
    handler: Callable[[Connection, Sequence[Any]], Sequence[Any]] | None = None
    item: Any = None
    function: Callable[[Connection], Any] | None = None
    bulk: bool = False


class WriterStopped(RuntimeError):
    """The writer has been closed; nothing more is written by this process."""


class Writer:
    """Runs transactions one after the other on its own thread.

    Items handed to `submit` with the same handler are decided together, up to GROUP at a time, in one
    transaction; no timer waits for more. An error in a group runs it again one by one, so that one bad item
    harms itself alone.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._held: _Job | None = None
        self._closed = threading.Event()
        self._closing = threading.Lock()  # nothing is queued behind the end mark, where nobody would do it
        self._thread = threading.Thread(target=self._work, name="pingyi-writer", daemon=True)
        self._thread.start()

    def submit(self, handler: Callable[[Connection, Sequence[Any]], Sequence[Any]], item: Any) -> Future[Any]:
        """Queue one item for `handler(connection, items) -> results`, grouped with its neighbours."""
        return self._put(_Job(Future(), handler=handler, item=item))

    def run(self, function: Callable[[Connection], Any], *, bulk: bool = False) -> Future[Any]:
        """Queue `function(connection)` for a transaction of its own.

        A `bulk` one is on disk with the next that is not: SQLite's log is synced as a whole.
        """
        return self._put(_Job(Future(), function=function, bulk=bulk))

    @property
    def waiting(self) -> int:
        """How many jobs are queued, about."""
        return self._jobs.qsize() + (self._held is not None)

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._closing:
            if not self._closed.is_set():
                self._closed.set()
                self._jobs.put(None)
        self._thread.join()

    def _put(self, job: _Job) -> Future[Any]:
        with self._closing:
            if self._closed.is_set():
                raise WriterStopped("the writer is closed")
            self._jobs.put(job)
        return job.future

    def _work(self) -> None:
        while True:
            job = self._held or self._jobs.get()
            self._held = None
            if job is None:
                return
            if job.function is not None:
                self._alone(job)
            else:
                group, ended = self._gather(job)
                self._together(group)
                if ended:
                    return

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        group = [first]
        while len(group) < GROUP:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, True
            if job.handler is not first.handler:
                self._held = job
                break
            group.append(job)
        return group, False

    def _alone(self, job: _Job) -> None:
        if not job.future.set_running_or_notify_cancel():
            return
        try:
            with self._engine.connect() as connection, synced(connection, later=job.bulk), connection.begin():
                result = job.function(connection)  # type: ignore[misc]  # _work tells the two kinds apart
        except BaseException as error:  # noqa: BLE001 - whoever waits for the future must hear of it
            job.future.set_exception(error)
        else:
            job.future.set_result(result)

    def _together(self, group: list[_Job]) -> None:
        handler = group[0].handler
        assert handler is not None  # noqa: S101 - _work tells the two kinds apart
        try:
            with _uncollected(), self._engine.begin() as connection:
                results = handler(connection, [job.item for job in group])
        except BaseException as error:  # noqa: BLE001 - whoever waits for the futures must hear of it
            if len(group) > 1:
                for job in group:
                    self._together([job])
            elif group[0].future.set_running_or_notify_cancel():
                group[0].future.set_exception(error)
            return
        for job, result in zip(group, results, strict=True):
            if not job.future.set_running_or_notify_cancel():
                continue  # whoever asked has gone; what was decided is committed all the same
            if isinstance(result, BaseException):
                job.future.set_exception(result)
            else:
                job.future.set_result(result)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the cycle collector from walking over a group while it is in memory: it is gone before there is garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
