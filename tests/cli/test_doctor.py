"""The doctor finds what keeps a service from running, says the fix, and touches nothing."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from office import work_in

from bot.actions.doctor import Check, State, diagnose
from bot.cli import main
from bot.house import open_house
from bot.settings import Settings
from bot.settingssources import read_settings
from storage import migrate

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with no setting in the environment."""
    return work_in(tmp_path, monkeypatch)


@pytest.fixture
def settings() -> Settings:
    """Make a first run; the port is any free one."""
    made = read_settings(port=0)
    open_house(made).close()
    return made


def found(settings: Settings, name: str, now: datetime = NOW) -> Check:
    [check] = [check for check in diagnose(settings, now) if check.name == name]
    return check


def test_before_the_first_run_nothing_fails_and_nothing_is_made(folder: Path) -> None:
    assert all(check.state is not State.FAILED for check in diagnose(read_settings(port=0), NOW))
    assert list(folder.iterdir()) == []


def test_after_the_first_run_keys_and_schema_are_well(settings: Settings) -> None:
    for name in ("python", "sqlite", "data", "keys", "database", "port", "clock"):
        assert found(settings, name).state is State.OK, found(settings, name).found.text("en")


def test_every_finding_that_is_not_well_says_what_to_do(settings: Settings) -> None:
    for check in diagnose(settings, NOW):
        assert (check.fix.text("en") != "Nothing to do.") or check.state is State.OK
        assert check.found.text("zh") != check.found.text("en") or check.name in {"office", "python", "sqlite"}


@pytest.mark.parametrize(
    ("harm", "check"),
    [
        (lambda keys: (keys / "data.key").unlink(), "keys"),  # one is missing
        (lambda keys: [path.unlink() for path in keys.glob("*.key")], "keys"),  # all are missing, the data is there
        (lambda keys: (keys / "blind.key").chmod(0o444), "keys"),  # others can read one
    ],
)
def test_keys_that_are_lost_or_open_to_others_fail(settings: Settings, harm: object, check: str) -> None:
    harm(settings.folder / "keys")  # type: ignore[operator]  # a function of the table above
    assert found(settings, check).state is State.FAILED


def test_a_port_in_use_by_another_program_fails() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0)
        assert found(read_settings(port=other.getsockname()[1]), "port").state is State.FAILED


def test_an_address_that_is_not_of_this_machine_fails() -> None:
    assert found(read_settings(host="192.0.2.1", port=0), "port").state is State.FAILED


def test_a_data_folder_that_is_a_file_fails(folder: Path) -> None:
    (folder / "pingyi-data").write_text("")
    assert found(read_settings(port=0), "data").state is State.FAILED


def test_an_older_schema_is_named_with_the_command_that_renews_it(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(migrate, "head", lambda: "9999")
    check = found(settings, "database")
    assert check.state is State.WARNING
    assert "pingyi db upgrade" in check.fix.text("en")


def test_a_database_server_that_does_not_answer_fails() -> None:
    settings = read_settings(port=0, database="postgresql://nobody@127.0.0.1:9/none")
    assert found(settings, "database").state is State.FAILED


def test_the_calendar_must_know_this_year_and_the_next() -> None:
    now = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # already 2027 in Shanghai
    assert found(read_settings(port=0, holidays="2026-10-01,2027-01-01"), "calendar", now).state is State.WARNING
    assert found(read_settings(port=0, holidays="2027-01-01,2028-01-01"), "calendar", now).state is State.OK


def test_a_clock_that_is_behind_fails_and_one_that_is_scaled_is_told() -> None:
    assert found(read_settings(port=0), "clock", datetime(2001, 1, 1, tzinfo=UTC)).state is State.FAILED
    assert found(read_settings(port=0, clock_speed=60), "clock").state is State.WARNING


def test_the_command_prints_json_with_stable_keys_and_fails_when_something_does(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
) -> None:
    monkeypatch.setenv("PINGYI_PORT", "0")
    assert main(["doctor", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is True
    assert {frozenset(check) for check in said["checks"]} == {frozenset({"name", "state", "found", "fix"})}
    (folder / "pingyi-data").write_text("")
    assert main(["doctor"]) == 1
    assert "✗" in capsys.readouterr().out
