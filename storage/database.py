"""An open database: one writer, readers beside it, and the vault for what is sealed in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection

from storage.engine import is_sqlite, open_reader, open_writer
from storage.vault import Vault
from storage.writer import Writer

T = TypeVar("T")


class Database:
    """Everything of a database a process holds open; close it when done."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.url = url
        self.vault = vault
        self.sqlite = is_sqlite(url)
        self._write_engine = open_writer(url)
        self._read_engine = open_reader(url)
        self.writer = Writer(self._write_engine)

    def write(self, function: Callable[[Connection], T]) -> T:
        """Run `function(connection)` in one transaction on the writer thread and wait for its result."""
        return self.later(function).result()

    def later(self, function: Callable[[Connection], T]) -> Future[T]:
        """Like `write`, without waiting: for callers that await the future."""
        return self.writer.run(function)

    def bulk(self, function: Callable[[Connection], T]) -> Future[T]:
        """Like `later`, for a chunk of inert rows: it is on disk with the `write` that makes them visible."""
        return self.writer.run(function, bulk=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for queries; it sees what was committed when it began."""
        with self._read_engine.connect() as connection:
            yield connection

    def checkpoint(self) -> None:
        """Fold SQLite's write-ahead log back without holding up the writer."""
        if self.sqlite:
            with self._read_engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")  # the pragma works outside a transaction only
                connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
                connection.exec_driver_sql("BEGIN")

    def close(self) -> None:
        """Finish what is queued and close every connection."""
        self.writer.close()
        self._read_engine.dispose()
        self._write_engine.dispose()
