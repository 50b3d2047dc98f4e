"""The command line: quick help in two languages, one line for whatever goes wrong, JSON when asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from office import work_in

from bot.actions.database import ShowSchema
from bot.actions.table import ACTIONS, Action
from bot.cli import main
from bot.cli.commands import NOUNS, SINGLE
from bot.cli.phone import bubble
from bot.cli.words import staff_language
from storage.lock import FolderLock
from surveys.language import message
from surveys.problem import Problem, Refused

#: Libraries that take long to import; help is printed without them.
SLOW = {"sqlalchemy", "alembic", "aiohttp", "pydantic_settings", "phonenumbers", "openpyxl", "svy", "polars", "pyxform"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, in English, with no setting in the environment."""
    return work_in(tmp_path, monkeypatch, language="en")


def alone(*arguments: str, then: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own; `then` is code run after it."""
    code = f"import sys; from bot.cli import main; status = main(); {then or 'sys.exit(status)'}"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_lists_every_command() -> None:
    listed = alone("--help")
    assert listed.returncode == 0
    single = [command.name for app in SINGLE for command in app.registered_commands]
    assert {"run", "web", "worker", "simulator", "phone", "doctor"} <= set(single)
    for name in [*single, *NOUNS]:
        assert f" {name} " in listed.stdout


def test_every_command_has_help_in_words() -> None:
    for app in (*SINGLE, *NOUNS.values()):
        for command in app.registered_commands:
            assert command.help, command.name


def test_help_answers_at_once_because_nothing_slow_is_imported() -> None:
    listed = alone("--help", then=f"print(sorted({SLOW!r} & set(sys.modules)))")
    assert listed.stdout.splitlines()[-1] == "[]"


def test_help_is_chinese_in_a_chinese_terminal_and_by_the_flag() -> None:
    by_locale = alone("--help", PINGYI_LANGUAGE="", LANG="zh_CN.UTF-8", LC_ALL="")
    by_flag = alone("--language", "zh", "--help")
    for listed in (by_locale, by_flag):
        assert "在一个进程中运行全部服务" in listed.stdout
    assert "Run the whole service" in alone("--help").stdout


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),  # LC_ALL is asked first
        ({"LANG": "en_US.UTF-8", "PINGYI_LANGUAGE": "zh"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "PINGYI_LANGUAGE": "en"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "PINGYI_LANGUAGE": "fr"}, "zh"),  # one we do not have
    ],
)
def test_the_staff_language_follows_the_setting_and_then_the_locale(environment: dict[str, str], language: str) -> None:
    assert staff_language(environment) == language


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["run", "--prot", "1"], ["run", "--port", "x"], ["phone"], ["--nonsense"], ["db", "nonsense"]],
)
def test_a_wrong_call_is_one_line_and_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "--help" in err


def test_no_command_and_the_version_are_answered_not_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "doctor" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("pingyi 0.")


def test_an_action_prints_its_data_on_stdout_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade", "--json"]) == 0
    out, err = capsys.readouterr()
    assert set(json.loads(out)) == {"engine", "before", "now", "newest"}
    assert err == ""
    assert main(["db", "status"]) == 0
    assert capsys.readouterr().out.startswith("The schema is ")


def test_the_data_folder_is_where_the_flag_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", "elsewhere", "db", "status", "--json"]) == 0
    assert (folder / "elsewhere" / "pingyi.db").exists()
    capsys.readouterr()


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        place = {"file": "people.csv", "row": 7, "field": "phone"}
        what, fix = message("{number} is no phone number.", number="12"), message("Nothing to do.")
        raise Refused([Problem("bad_phone", what, fix, **place), Problem("no", what, fix)])

    monkeypatch.setitem(ACTIONS, "database.status", Action(ShowSchema, refuse))


@pytest.mark.usefixtures("refusing")
def test_every_problem_is_a_line_on_stderr_in_the_language_of_the_staff(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main(["db", "status"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "people.csv, row 7, phone: 12 is no phone number. Nothing to do.",
        "12 is no phone number. Nothing to do.",
    ]
    monkeypatch.setenv("PINGYI_LANGUAGE", "zh")
    assert main(["db", "status"]) == 1
    assert capsys.readouterr().err.splitlines()[0] == "people.csv, 第 7 行, phone: 12 不是有效的电话号码。 无需处理。"


@pytest.mark.usefixtures("refusing")
def test_every_problem_is_json_on_stdout_when_json_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "status", "--json"]) == 1
    out, err = capsys.readouterr()
    problems = json.loads(out)["problems"]
    assert [problem["code"] for problem in problems] == ["bad_phone", "no"]
    assert (problems[0]["row"], problems[0]["field"]) == (7, "phone")
    assert err == ""


def test_a_wrong_setting_is_refused_in_the_same_way(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "pingyi.toml").write_text('hotlin = "1"')
    assert main(["db", "status"]) == 1
    assert "did you mean hotline?" in capsys.readouterr().err
    assert main(["run", "--json-nonsense"]) == 2
    capsys.readouterr()


def test_what_nobody_foresaw_is_one_line_that_names_the_log_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("call 13800138000")

    monkeypatch.setitem(ACTIONS, "database.status", Action(ShowSchema, fail))
    assert main(["db", "status"]) == 1
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    log = folder / "pingyi-data" / "pingyi.log"
    assert str(log) in err
    assert json.loads(log.read_text(encoding="utf-8"))["error"] == "RuntimeError"
    assert "13800138000" not in err + log.read_text(encoding="utf-8")
    monkeypatch.setenv("PINGYI_DEBUG", "1")
    with pytest.raises(RuntimeError):
        main(["db", "status"])


def test_a_folder_that_stays_busy_is_named(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
) -> None:
    """Neither a service that answers nor a command that ends soon: somebody must look."""
    monkeypatch.setattr("bot.cli.perform.PATIENCE", 0.2)
    with FolderLock(folder / "pingyi-data"):
        assert main(["db", "status"]) == 1
    assert "pingyi-data is held by another process" in capsys.readouterr().err


def test_lost_keys_are_named(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["db", "status"]) == 0
    (folder / "pingyi-data" / "keys" / "blind.key").unlink()
    capsys.readouterr()
    assert main(["db", "status"]) == 1
    assert "blind.key is missing" in capsys.readouterr().err


def test_colour_is_left_out_when_nobody_wants_it() -> None:
    assert "\x1b[" in alone("--help", FORCE_COLOR="1").stdout
    coloured = alone("--help", FORCE_COLOR="1", NO_COLOR="1").stdout
    assert not any(f"\x1b[{code}" in coloured for code in (*range(30, 38), "1;3", "38"))


def test_a_phone_without_a_simulator_says_how_to_start_one(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
) -> None:
    (folder / "replies.txt").write_text("1\n")
    monkeypatch.setenv("PINGYI_PORT", "9")
    assert main(["phone", "13900000001", "--replies", "replies.txt"]) == 1
    assert "pingyi run --simulator" in capsys.readouterr().err
    assert main(["phone", "none", "--replies", "replies.txt"]) == 2
    assert "none is no phone number." in capsys.readouterr().err


def test_a_bubble_shows_text_and_numbered_options_and_who_wrote() -> None:
    asked = {"way": "received", "text": "您满意吗?\n(请回复数字)", "options": ["满意", "不满意"]}
    assert bubble(asked).splitlines() == ["╭─", "│ 您满意吗?", "│ (请回复数字)", "│ [1] 满意", "│ [2] 不满意", "╰─"]
    listed = {"way": "received", "text": "1 是\n2 否", "options": ["是", "否"]}
    assert bubble(listed).splitlines() == ["╭─", "│ 1 是", "│ 2 否", "╰─"]
    assert bubble({"way": "sent", "text": "1", "options": []}).strip() == "» 1"
