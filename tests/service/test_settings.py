"""Settings come from five places in one order, are checked, and are all documented."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from office import work_in

from bot.house import clock_origin, make_clock
from bot.settings import Settings
from bot.settingssources import read_settings
from scheduler.clock import RealClock
from surveys.problem import Refused

DOCUMENTED = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with no setting in the environment."""
    return work_in(tmp_path, monkeypatch)


def test_each_place_wins_over_the_next(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags > environment > .env > TOML > defaults."""
    assert read_settings().port == 8450
    (folder / "pingyi.toml").write_text("port = 1")
    assert read_settings().port == 1
    (folder / ".env").write_text("PINGYI_PORT=2\nUNRELATED=9")
    assert read_settings().port == 2
    monkeypatch.setenv("PINGYI_PORT", "3")
    assert read_settings().port == 3
    assert read_settings(port=4).port == 4
    assert read_settings(port=None).port == 3


def test_a_named_settings_file_must_exist(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "other.toml").write_text('hotline = "12345"')
    assert read_settings(folder / "other.toml").hotline == "12345"
    monkeypatch.setenv("PINGYI_CONFIG", "other.toml")
    assert read_settings().hotline == "12345"
    with pytest.raises(Refused, match="no such file"):
        read_settings(folder / "missing.toml")


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        ({"port": 99_999}, "port"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"public_url": "pingyi.example.org"}, "public_url"),
        ({"database": "mysql://host/db"}, "database"),
        ({"region": "china"}, "region"),
        ({"clock_start": "2026-03-02T08:00:00"}, "clock_start"),  # without its zone it is no instant
        ({"day_opens": "20:00", "day_closes": "09:00"}, "day_opens"),
        ({"shifts": "14:00-18:00, 09:00-12:00"}, "shifts"),
        ({"shifts": "morning"}, "shifts"),
        ({"holidays": "2027-13-01"}, "holidays"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(flags: dict[str, object], named: str) -> None:
    with pytest.raises(Refused) as refused:
        read_settings(**flags)
    assert any(named in problem.text() for problem in refused.value.problems)


def test_all_wrong_settings_are_named_at_once() -> None:
    with pytest.raises(Refused) as refused:
        read_settings(port=-1, zone="Nowhere", region="xx")
    assert {problem.field.split()[0] for problem in refused.value.problems} == {"port", "zone", "region"}


def test_a_wrong_secret_is_refused_without_being_repeated() -> None:
    with pytest.raises(Refused) as refused:
        read_settings(database="mysql://user:canary@host/db")
    assert "canary" not in str(refused.value)
    assert "canary" not in repr(read_settings(database="postgresql://user:canary@host/db"))


def test_an_unknown_key_of_the_file_is_refused_with_the_nearest_name(folder: Path) -> None:
    (folder / "pingyi.toml").write_text('hotlin = "1"')
    with pytest.raises(Refused, match="did you mean hotline"):
        read_settings()
    (folder / "pingyi.toml").write_text("port = = 1")
    with pytest.raises(Refused, match="cannot be read"):
        read_settings()


def test_lists_are_written_as_text_in_the_environment_and_as_lists_in_the_file(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "pingyi.toml").write_text('shifts = ["08:30-11:30"]\nholidays = [2027-01-01]\nworkdays = ["2027-01-02"]')
    office = read_settings().office()
    assert office.shifts == ((time(8, 30), time(11, 30)),)
    assert (office.holidays, office.workdays) == ({date(2027, 1, 1)}, {date(2027, 1, 2)})
    monkeypatch.setenv("PINGYI_SHIFTS", "09:00-12:00, 13:00-17:00")
    monkeypatch.setenv("PINGYI_HOLIDAYS", "2027-10-01,2027-10-02")
    monkeypatch.setenv("PINGYI_CALLBACK_REMINDER_HOURS", "12")
    office = read_settings().office()
    assert office.shifts == ((time(9), time(12)), (time(13), time(17)))
    assert office.holidays == {date(2027, 10, 1), date(2027, 10, 2)}
    assert [reminder.total_seconds() for reminder in office.callback_reminders] == [12 * 3600]


def test_the_office_has_a_name_in_both_languages_from_the_start() -> None:
    office = read_settings().office()
    assert office.name("zh") == "评议办公室"
    assert office.name("en") == "Evaluation Office"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8450"),
        ("0.0.0.0", "http://127.0.0.1:8450"),  # noqa: S104 - every address: reached from here by the loopback one
        ("::1", "http://[::1]:8450"),
        ("pingyi.example.org", "http://pingyi.example.org:8450"),
    ],
)
def test_the_service_is_reached_from_this_machine_whatever_it_listens_on(host: str, url: str) -> None:
    assert read_settings(host=host).local_url == url


def test_a_scaled_clock_goes_on_where_it_was_when_the_service_starts_anew(folder: Path) -> None:
    first = clock_origin(folder, datetime(2026, 11, 1, tzinfo=UTC))
    assert clock_origin(folder, datetime(2026, 11, 2, tzinfo=UTC)) == first
    settings = read_settings(data=folder, clock_start="2026-03-02T08:00:00+08:00", clock_speed=1000)
    shown = make_clock(settings).now()
    assert shown - settings.clock_start > 1000 * (datetime(2026, 11, 2, tzinfo=UTC) - first)
    assert isinstance(make_clock(read_settings()), RealClock)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented_with_its_help(name: str) -> None:
    """docs/settings.md repeats the help of the code word for word."""
    rows = [line for line in DOCUMENTED.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{name}` |")]
    assert len(rows) == 1
    assert Settings.model_fields[name].description
    assert str(Settings.model_fields[name].description) in rows[0]


def test_nothing_is_documented_that_is_no_setting() -> None:
    rows = [line for line in DOCUMENTED.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert {row.split("`")[1] for row in rows} == set(Settings.model_fields)
