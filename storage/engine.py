"""Opening a database: SQLite (one writer, durable, WAL) or PostgreSQL, with the pragmas that were measured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import QueuePool

#: Pages (120 MB) the write-ahead log may grow before a commit folds it back; a tick does it earlier, off the hot path.
#: An import of a million residents touches the same pages again and again: folded three times as often it takes a tenth
#: longer.
CHECKPOINT_PAGES = 30_000


def is_sqlite(url: str | URL) -> bool:
    """Whether `url` names an embedded database."""
    return make_url(url).get_backend_name() == "sqlite"


def open_writer(url: str) -> Engine:
    """Return the engine of the one writing connection of this process."""
    if is_sqlite(url):
        return _sqlite(url, begin="BEGIN IMMEDIATE", size=1)
    return create_engine(postgres_url(url), pool_size=1, max_overflow=0, pool_pre_ping=True, hide_parameters=True)


def open_reader(url: str) -> Engine:
    """Return an engine for queries beside the writer."""
    if is_sqlite(url):
        return _sqlite(url, begin="BEGIN", size=4)
    return create_engine(postgres_url(url), pool_size=4, max_overflow=2, pool_pre_ping=True, hide_parameters=True)


@contextmanager
def synced(connection: Connection, *, later: bool) -> Iterator[None]:
    """Let the transaction begun within reach the disk with the next one, if `later`; on SQLite alone.

    The write-ahead log is synced as a whole and in order: after a power cut a transaction is there only with all before
    it, and the last, which makes inert rows visible, is synced itself. A chunk of an import takes half its time so.
    """
    if not later or connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA synchronous = NORMAL").close()
    try:
        yield
    finally:
        driver.execute("PRAGMA synchronous = FULL").close()


def postgres_url(url: str) -> URL:
    """Return the URL with the driver this house uses."""
    return make_url(url).set(drivername="postgresql+psycopg")


def _sqlite(url: str, *, begin: str, size: int) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0 if size == 1 else 4,
        hide_parameters=True,  # an error must not carry personal data into a log
        connect_args={"check_same_thread": False, "timeout": 30, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",  # a webhook is answered after the commit: the commit must survive a power cut
            "foreign_keys = ON",
            "secure_delete = ON",
            f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
            "cache_size = -65536",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
