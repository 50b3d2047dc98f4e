"""One process's house: its settings, database, clock and office, opened together and closed together."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import Settings
from scheduler.clock import Clock, RealClock, ScaledClock
from storage import migrate
from storage.database import Database
from storage.engine import open_reader
from storage.keyfile import write_once
from storage.lock import FolderLock
from storage.residents import check_keys
from storage.vault import KEY_FILES, KeyFault, Keys, Vault, make_keys, read_keys
from surveys.campaign.office import Office


@dataclass(frozen=True, slots=True)
class House:
    """What every action is given. `migrated` holds the schema revisions before and after opening."""

    settings: Settings
    database: Database
    clock: Clock
    office: Office
    migrated: tuple[str | None, str | None]
    lock: FolderLock | None = None

    @property
    def language(self) -> str:
        """The language of the staff, `zh` or `en`."""
        return self.settings.staff_language

    def speaking(self, language: str) -> House:
        """Return this house as somebody of the staff sees it who reads `language`: all it tells them is in it."""
        return replace(self, settings=self.settings.model_copy(update={"language": language}))

    def now(self) -> datetime:
        """Return the present instant of the house's clock, aware UTC."""
        return self.clock.now()

    def close(self) -> None:
        """Finish what is queued, close the database, give the data folder back."""
        self.database.close()
        if self.lock is not None:
            self.lock.release()


def open_house(settings: Settings, *, clock: Clock | None = None, keys: Keys | None = None) -> House:
    """Open the house of `settings`: data folder and keys are made on the first run, migrations applied.

    Raises FolderBusy when another process holds an embedded database, KeyFault when the keys of a database
    that exists are missing or wrong. `clock` and `keys` replace those that follow from the settings.
    """
    folder = settings.folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FolderLock(folder) if settings.embedded else None
    if lock is not None:
        lock.take()
    try:
        if settings.embedded:
            # SQLite gives its other files the mode of the first: whoever else is on this machine reads none.
            sqlite_file(settings.database_url).touch(0o600)
        vault = Vault(keys or open_keys(settings))
        vault.check()
        database = Database(settings.database_url, vault)
        try:
            migrated = _migrate(database, folder)
            with database.read() as connection:
                check_keys(connection, vault)
        except BaseException:
            database.close()
            raise
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    return House(
        settings=settings,
        database=database,
        clock=clock or make_clock(settings),
        office=settings.office(),
        migrated=migrated,
        lock=lock,
    )


def make_clock(settings: Settings) -> Clock:
    """Return the machine's clock, or the scaled one the settings ask for."""
    if settings.clock_start is None and settings.clock_speed == 1:
        return RealClock()
    origin = settings.clock_origin or clock_origin(settings.folder, datetime.now(UTC))
    return ScaledClock(start=settings.clock_start or origin, origin=origin, speed=settings.clock_speed)


def clock_origin(folder: Path, now: datetime) -> datetime:
    """Return the real instant at which the data folder's scaled clock began: written once, read ever after."""
    path = folder / "clock"
    write_once(path, now.isoformat().encode() + b"\n")
    return datetime.fromisoformat(path.read_text(encoding="ascii").strip())


def open_keys(settings: Settings) -> Keys:
    """Read the key files, made first when the database is still empty.

    A database that holds data never gets new keys: what the lost ones sealed would not open again.
    """
    folder = settings.folder / "keys"
    if _missing(folder):
        begun = _revision(settings) is not None
        # Looked at once more: another part of the service may have made keys and database in between.
        if begun and (missing := _missing(folder)):
            raise KeyFault(
                f"{folder / missing[0]} is missing and the database exists: restore the keys from their backup"
            )
        make_keys(folder)
    return read_keys(folder)


def _missing(folder: Path) -> list[str]:
    return [name for name in KEY_FILES if not (folder / name).exists()]


def _revision(settings: Settings) -> str | None:
    engine = open_reader(settings.database_url)
    try:
        with engine.connect() as connection:
            return migrate.current(connection)
    finally:
        engine.dispose()


def sqlite_file(url: str) -> Path:
    """Return the file a SQLite URL names."""
    return Path(url.partition(":///")[2].partition("?")[0])


def _migrate(database: Database, folder: Path) -> tuple[str | None, str | None]:
    """Bring the database to the newest schema; an embedded one that holds data is copied beforehand."""
    with database.read() as connection:
        before = migrate.current(connection)
    if before == migrate.head():
        return before, before
    if before is not None and database.sqlite:
        copy = folder / f"pingyi-before-{migrate.head()}.db"
        copy.unlink(missing_ok=True)
        source = sqlite3.connect(sqlite_file(database.url))
        source.execute("VACUUM INTO ?", (str(copy),))
        source.close()
        copy.chmod(0o600)
    return database.write(migrate.upgrade)
