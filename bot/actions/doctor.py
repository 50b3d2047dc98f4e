"""Whether this machine and these settings can run the service, each finding with its fix."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from bot.actions.database import ShowSchema
from bot.actions.progress import silent
from bot.channels.registry import enabled
from bot.control import FailedThere, NobodyListens, RefusedThere, request
from bot.house import make_clock, sqlite_file
from bot.settings import Settings
from storage import migrate
from storage.engine import open_reader
from storage.lock import FolderBusy, FolderLock
from storage.residents import check_keys
from storage.vault import KEY_FILES, KeyFault, Vault, read_keys
from surveys.language import Message, message

PYTHON = (3, 11)
#: The first SQLite that can say what an UPDATE changed (RETURNING).
SQLITE = (3, 35, 0)
ALL_WELL = message("Nothing to do.")


class State(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: a stable name, how it is to be taken, what was found, what to do."""

    name: str
    state: State
    found: Message
    fix: Message = ALL_WELL

    def as_json(self, language: str) -> dict[str, str]:
        """Return the finding with stable keys."""
        return {
            "name": self.name,
            "state": self.state.value,
            "found": self.found.text(language),
            "fix": self.fix.text(language),
        }


def diagnose(settings: Settings, now: datetime) -> tuple[Check, ...]:
    """Return every finding; nothing is made or changed, and a running service is asked rather than disturbed."""
    return (
        _python(),
        _sqlite(),
        _folder(settings),
        _keys(settings),
        _database(settings),
        _port(settings),
        _clock(settings, now),
        _calendar(settings, now),
        *_office(settings),
        _address(settings),
        _channels(settings),
        _fonts(),
    )


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= PYTHON:
        return Check("python", State.OK, message("Python {version}.", version=version))
    return Check(
        "python", State.FAILED, message("Python {version}.", version=version), message("Install Python 3.11 or newer.")
    )


def _sqlite() -> Check:
    found = message("SQLite {version}.", version=sqlite3.sqlite_version)
    if sqlite3.sqlite_version_info >= SQLITE:
        return Check("sqlite", State.OK, found)
    return Check("sqlite", State.FAILED, found, message("Use a Python with SQLite 3.35 or newer, or PostgreSQL."))


def _folder(settings: Settings) -> Check:
    folder = settings.folder
    if folder.is_dir():
        try:
            probe = folder / ".doctor"
            probe.touch()
            probe.unlink()
        except OSError as error:
            found = message("{folder} cannot be written: {error}.", folder=folder, error=error.strerror)
            return Check("data", State.FAILED, found, message("Give the folder to the user the service runs as."))
        return Check("data", State.OK, message("{folder} can be written.", folder=folder))
    if folder.exists():
        found = message("{folder} is no folder.", folder=folder)
        return Check("data", State.FAILED, found, message("Set PINGYI_DATA to a folder."))
    return Check("data", State.OK, message("{folder} will be made on the first run.", folder=folder))


def _keys(settings: Settings) -> Check:
    folder = settings.folder / "keys"
    if not any((folder / name).exists() for name in KEY_FILES):
        if settings.embedded and sqlite_file(settings.database_url).exists():
            found = message("The database is there, its keys are not.")
            return Check("keys", State.FAILED, found, message("Restore {folder} from its backup.", folder=folder))
        return Check("keys", State.OK, message("The keys will be made on the first run."))
    try:
        Vault(read_keys(folder)).check()
    except KeyFault as fault:
        found = message("The keys do not work: {error}.", error=fault)
        return Check("keys", State.FAILED, found, message("Restore {folder} from its backup.", folder=folder))
    open_ones = [name for name in KEY_FILES if (folder / name).stat().st_mode & 0o077]
    if open_ones:
        found = message("Others can read {files}.", files=", ".join(open_ones))
        return Check("keys", State.FAILED, found, message("Run `chmod 0400 {folder}/*.key`.", folder=folder))
    found = message("The keys seal and open, and only their owner reads them.")
    return Check("keys", State.OK, found, message("Keep a copy of {folder} apart from the database.", folder=folder))


def _database(settings: Settings) -> Check:
    try:
        revision = _revision(settings)
    except KeyFault as fault:
        found = message("The keys do not work: {error}.", error=fault)
        fix = message("Restore {folder} from its backup.", folder=settings.folder / "keys")
        return Check("database", State.FAILED, found, fix)
    except Exception as error:  # noqa: BLE001 - whatever a driver raises, the finding is the same
        found = message("The database cannot be opened: {error}.", error=type(error).__name__)
        return Check("database", State.FAILED, found, message("Check PINGYI_DATABASE and that the server runs."))
    if revision is None:
        return Check("database", State.OK, message("The database is empty; the first run sets it up."))
    if revision == migrate.head():
        return Check("database", State.OK, message("The schema is the newest one, {revision}.", revision=revision))
    found = message("The schema is {revision}, the program knows {newest}.", revision=revision, newest=migrate.head())
    return Check("database", State.WARNING, found, message("Run `pingyi db upgrade`; the next start does it too."))


def _revision(settings: Settings) -> str | None:
    """Return the schema's revision, asked from the running service when it holds the data folder."""
    if settings.embedded:
        if not sqlite_file(settings.database_url).exists():
            return None
        try:
            with FolderLock(settings.folder):
                return _read_revision(settings)
        except FolderBusy:
            try:
                return str(request(settings.folder, "database.status", ShowSchema(), "en", silent)["now"])
            except (NobodyListens, RefusedThere, FailedThere):
                raise FolderBusy(str(settings.folder)) from None
    return _read_revision(settings)


def _read_revision(settings: Settings) -> str | None:
    """Return the schema's revision; KeyFault when the keys do not open what the database holds."""
    engine = open_reader(settings.database_url)
    try:
        with engine.connect() as connection:
            revision = migrate.current(connection)
            if revision == migrate.head():
                check_keys(connection, Vault(read_keys(settings.folder / "keys")))
            return revision
    finally:
        engine.dispose()


def _port(settings: Settings) -> Check:
    from bot.service import PortBusy, listen

    fields = {"host": settings.host, "port": settings.port}
    try:
        listen(settings.host, settings.port).close()
    except PortBusy:
        if _is_ours(settings.local_url):
            return Check("port", State.OK, message("The service runs on {host}:{port}.", **fields))
        found = message("Another program listens on {host}:{port}.", **fields)
        return Check("port", State.FAILED, found, message("Stop it, or set PINGYI_PORT to a free port."))
    except OSError as error:
        found = message("{host}:{port} cannot be used: {error}.", error=error.strerror, **fields)
        return Check("port", State.FAILED, found, message("Set PINGYI_HOST to an address of this machine."))
    return Check("port", State.OK, message("{host}:{port} is free.", **fields))


def _is_ours(url: str) -> bool:
    try:
        with urlopen(f"{url}/healthz", timeout=3) as answer:  # noqa: S310 - the scheme is ours
            return bool(answer.headers.get("Server") == "pingyi")
    except (URLError, OSError):
        return False


def _clock(settings: Settings, now: datetime) -> Check:
    local = now.astimezone(ZoneInfo(settings.zone)).strftime("%Y-%m-%d %H:%M")
    if settings.clock_start is not None or settings.clock_speed != 1:
        shown = local
        if settings.folder.is_dir():
            shown = make_clock(settings).now().astimezone(ZoneInfo(settings.zone)).strftime("%Y-%m-%d %H:%M")
        found = message("The clock is scaled and shows {time} in {zone}.", time=shown, zone=settings.zone)
        return Check(
            "clock", State.WARNING, found, message("Remove PINGYI_CLOCK_START and PINGYI_CLOCK_SPEED before real use.")
        )
    newest = Path(__file__).stat().st_mtime
    if now.timestamp() < newest - 86_400:
        found = message("The machine's clock shows {time}, before this program was installed.", time=local)
        return Check("clock", State.FAILED, found, message("Set the clock, for example by NTP."))
    return Check("clock", State.OK, message("It is {time} in {zone}.", time=local, zone=settings.zone))


def _calendar(settings: Settings, now: datetime) -> Check:
    this = now.astimezone(ZoneInfo(settings.zone)).year
    known = {day.year for day in settings.holidays}
    missing = [str(year) for year in (this, this + 1) if year not in known]
    if not missing:
        return Check("calendar", State.OK, message("The holidays of {years} are known.", years=f"{this}, {this + 1}"))
    found = message("No holidays are set for {years}: case clocks count every weekday.", years=", ".join(missing))
    return Check(
        "calendar", State.WARNING, found, message("Set PINGYI_HOLIDAYS and PINGYI_WORKDAYS once they are published.")
    )


def _office(settings: Settings) -> Iterator[Check]:
    if settings.hotline:
        yield Check(
            "office", State.OK, message("{name}, {hotline}.", name=settings.office_zh, hotline=settings.hotline)
        )
    else:
        found = message("No hotline is set: residents cannot check that a message is real.")
        yield Check(
            "office", State.WARNING, found, message("Set PINGYI_OFFICE_ZH, PINGYI_OFFICE_EN and PINGYI_HOTLINE.")
        )


def _address(settings: Settings) -> Check:
    if settings.public_url.startswith("https://"):
        return Check("public_url", State.OK, message("Providers reach the service at {url}.", url=settings.public_url))
    found = message("Providers cannot reach the service at {url}.", url=settings.outside_url)
    return Check("public_url", State.WARNING, found, message("Set PINGYI_PUBLIC_URL to its https:// address."))


def _channels(settings: Settings) -> Check:
    on = list(enabled(settings))
    if on == ["simulator"]:
        found = message("Only the phone simulator is switched on.")
        return Check("channels", State.WARNING, found, message("It serves trials; residents get nothing from it."))
    if on:
        found = message("Switched on: {channels}.", channels=", ".join(on))
        return Check("channels", State.OK, found, message("`pingyi channel check` asks their providers."))
    found = message("No channel is switched on: nothing can be sent.")
    return Check("channels", State.WARNING, found, message("Set PINGYI_SIMULATOR=true to try the service out."))


def _fonts() -> Check:
    if _has_chinese_font():
        return Check("fonts", State.OK, message("A Chinese font for printing is there."))
    found = message("No Chinese font for printing was found.")
    return Check("fonts", State.WARNING, found, message("Install one, for example the package fonts-noto-cjk."))


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister:
        listed = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, check=False, timeout=20)  # noqa: S603 - found on the path, fixed arguments
        return bool(listed.stdout.strip())
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"))
    return any(next(folder.rglob("*CJK*"), None) for folder in folders if folder.is_dir())
