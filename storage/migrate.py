"""Bringing a database to the newest schema, and saying which one it has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

SCRIPTS = Path(__file__).parent / "migrations"
#: Any number; two processes that start together on PostgreSQL migrate one after the other.
ADVISORY_LOCK = 7_201_104


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> tuple[str | None, str | None]:
    """Apply what is missing, within the caller's transaction; return the revisions before and after."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    before = current(connection)
    if before != head():
        command.upgrade(configuration(connection), "head")
    return before, current(connection)


def current(connection: Connection) -> str | None:
    """Return the revision the database is at, None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """Return the newest revision this version of the program knows."""
    return ScriptDirectory.from_config(configuration()).get_current_head()
