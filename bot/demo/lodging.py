"""Where a simulation lives: a folder that is kept or goes away, seeded keys, settings apart from the machine's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr

from bot.demo.calendar import Calendar
from bot.demo.town import HOTLINE, OFFICE, OFFICE_EN
from bot.house import sqlite_file
from bot.service import listen
from bot.settings import Settings
from storage import migrate
from storage.engine import is_sqlite, open_reader
from storage.vault import KEY_FILES, Keys
from surveys.language import message
from surveys.problem import Problem, Refused

#: Where results go when nothing else is kept; replaced by every run.
RESULTS = Path("demo-results")
CONFIG = "pingyi.toml"


@dataclass(frozen=True, slots=True)
class Lodging:
    """The settings of the simulated service, where results go, and what is kept (None: nothing but results)."""

    settings: Settings
    results: Path
    kept: Path | None

    @property
    def phones(self) -> Path | None:
        """The file of the simulated phones, where `pingyi phone` looks for it."""
        return self.kept / "phones.jsonl" if self.kept else None

    def files(self) -> list[str]:
        """Return what is kept beside the results."""
        if self.kept is None:
            return []
        database = [sqlite_file(self.settings.database_url)] if self.settings.embedded else []
        return [str(path) for path in (*database, self.kept / CONFIG, self.kept / "keys")]


@contextmanager
def lodge(*, keep: Path | None, database: str, seed: int, language: str, days: int) -> Iterator[Lodging]:
    """Make room for one simulation; Refused if the folder or the database is not empty."""
    if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise Refused([_not_empty(keep)])
    with TemporaryDirectory(prefix="pingyi-demo-") as temporary:
        kept = keep.expanduser().absolute() if keep else None
        folder = kept or Path(temporary)
        settings = _settings(folder, database, language, Calendar(days))
        _check_empty(settings)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_keys(folder / "keys", Keys.from_seed(f"{seed}"))
        if kept:
            _write_config(kept / CONFIG, settings, Calendar(days))
        yield Lodging(settings, kept / "results" if kept else RESULTS.absolute(), kept)


def _settings(folder: Path, database: str, language: str, calendar: Calendar) -> Settings:
    """Return settings that take nothing from the environment: every run with one seed must be the same."""
    with closing(listen("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    plain = {name: field.get_default(call_default_factory=True) for name, field in Settings.model_fields.items()}
    return Settings(
        **plain
        | {
            "data": folder,
            "database": SecretStr(database),
            "port": port,
            "language": language,
            "log_level": "ERROR",
            **_town(calendar),
        }
    )


def _town(calendar: Calendar) -> dict[str, Any]:
    return {
        "office_zh": OFFICE,
        "office_en": OFFICE_EN,
        "hotline": HOTLINE,
        "simulator": True,
        "callback_expires_days": calendar.callback_expires_days,
        "callback_reminder_hours": (24, 72) if calendar.callback_expires_days > 3 else (24, 48),
    }


def _check_empty(settings: Settings) -> None:
    url = settings.database_url
    if is_sqlite(url) and not sqlite_file(url).exists():
        return
    engine = open_reader(url)
    try:
        with engine.connect() as connection:
            if migrate.current(connection) is not None:
                raise Refused([_database_in_use()])
    finally:
        engine.dispose()


def _write_keys(folder: Path, keys: Keys) -> None:
    """Write the keys that follow from the seed, so that later commands open what is kept."""
    folder.mkdir(mode=0o700)
    for name, key in zip(KEY_FILES, (keys.data, keys.blind, keys.name), strict=True):
        path = folder / name
        path.touch(0o600)
        path.write_bytes(key)
        path.chmod(0o400)


def _write_config(path: Path, settings: Settings, calendar: Calendar) -> None:
    """Write the settings under which the simulated office goes on where the month ended."""
    kept = {
        "data": str(settings.folder),
        **({} if settings.embedded else {"database": settings.database_url}),
        **_town(calendar),
        "clock_start": calendar.ends_at.isoformat(),
    }
    path.touch(0o600)
    # A TOML value of these kinds is written as JSON writes it.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in kept.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _not_empty(folder: Path) -> Problem:
    return Problem(
        "folder_not_empty",
        message("{folder} is not an empty folder.", folder=folder),
        message("Name one that is empty or does not exist yet."),
        field="--keep",
    )


def _database_in_use() -> Problem:
    return Problem(
        "database_in_use",
        message("The database is in use already: simulated residents must not stand beside real ones."),
        message("Name an empty database."),
        field="--database",
    )
