"""Opening a house makes what is missing, guards what is there, and lets one process in at a time."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.actions.doctor import State, diagnose
from bot.house import open_house
from bot.settings import Settings
from bot.settingssources import read_settings
from storage import migrate
from storage.entry import Entry
from storage.lock import FolderBusy
from storage.residents import put
from storage.vault import KEY_FILES, KeyFault, make_keys


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(data=tmp_path / "data")


def test_the_first_run_makes_folder_keys_and_database_for_their_owner_alone(settings: Settings) -> None:
    house = open_house(settings)
    assert house.migrated == (None, migrate.head())
    house.close()
    assert stat.S_IMODE(settings.folder.stat().st_mode) == 0o700
    for name in KEY_FILES:
        assert stat.S_IMODE((settings.folder / "keys" / name).stat().st_mode) == 0o400
    assert stat.S_IMODE((settings.folder / "pingyi.db").stat().st_mode) == 0o600


def test_a_second_process_is_turned_away_until_the_first_is_done(settings: Settings) -> None:
    house = open_house(settings)
    with pytest.raises(FolderBusy):
        open_house(settings)
    house.close()
    again = open_house(settings)
    assert again.migrated == (migrate.head(), migrate.head())
    again.close()


def test_lost_keys_are_never_replaced_by_new_ones(settings: Settings) -> None:
    """New keys would open nothing that is there; the old ones can still come back from their backup."""
    open_house(settings).close()
    kept = (settings.folder / "keys" / "data.key").read_bytes()
    (settings.folder / "keys" / "data.key").unlink()
    with pytest.raises(KeyFault, match="restore"):
        open_house(settings)
    assert not (settings.folder / "keys" / "data.key").exists()
    (settings.folder / "keys" / "data.key").write_bytes(kept)
    open_house(settings).close()


def test_the_keys_of_another_installation_are_noticed_at_once(settings: Settings, tmp_path: Path) -> None:
    """By whoever opens the house, and by the doctor."""
    house = open_house(settings)
    entry = Entry("R1", "王秀英", "zh", 1956, telegram=False, phones=("+8613900000001",))
    house.database.write(lambda connection: put(connection, house.database.vault, [entry], (), house.now()))
    house.close()
    assert [check.state for check in diagnose(settings, datetime.now(UTC)) if check.name == "database"] == [State.OK]
    make_keys(tmp_path / "others")
    for name in KEY_FILES:
        (tmp_path / "others" / name).replace(settings.folder / "keys" / name)
    with pytest.raises(KeyFault):
        open_house(settings)
    assert [c.state for c in diagnose(settings, datetime.now(UTC)) if c.name == "database"] == [State.FAILED]


def test_a_house_that_cannot_be_opened_gives_the_folder_back(settings: Settings) -> None:
    open_house(settings).close()
    (settings.folder / "keys" / "name.key").chmod(0o600)
    (settings.folder / "keys" / "name.key").write_bytes(b"short")
    for _ in range(2):
        with pytest.raises(KeyFault):
            open_house(settings)


def test_a_database_that_holds_data_is_copied_before_it_is_migrated(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_house(settings).close()
    monkeypatch.setattr(migrate, "head", lambda: "9999")  # as a later version of the program sees this database
    open_house(settings).close()
    copy = settings.folder / "pingyi-before-9999.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    connection.close()
