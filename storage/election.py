"""Which of several processes on PostgreSQL does what only one may do at a time: whoever holds an advisory lock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from storage.database import Database
from storage.engine import postgres_url


@contextmanager
def elected(database: Database, task: str) -> Iterator[bool]:
    """Say whether this process may do `task` while the context lasts; on SQLite the one process always may."""
    if database.sqlite:
        yield True
        return
    engine = create_engine(postgres_url(database.url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    key = int.from_bytes(hashlib.sha256(f"pingyi {task}".encode()).digest()[:8], signed=True)
    try:
        with engine.connect() as connection:
            # Held as long as the connection: a process that dies lets go of it.
            yield bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar())
    finally:
        engine.dispose()
