"""A wrong call is answered in the language of the staff; what means nothing is not taken silently."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main

PLACE = "type,name,label\ngeopoint,spot,Where is it?\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["form", "chek"], "没有“chek”这个命令。 是否应为 check？"),
        (["form", "check"], "缺少“FILE|TEMPLATE”。"),
        (["form", "check", "a", "b"], "“b”是多余的。"),
        (["form", "check", "--nonsense"], "没有“--nonsense”这个选项。"),
        (["form", "check", "starter", "--price", "x"], "--price：应填数字。"),
        (["form", "try", "starter", "--channel", "fax"], "“fax”不在可选值"),
    ],
)
def test_a_wrong_call_is_answered_in_chinese(
    arguments: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PINGYI_LANGUAGE", "zh")
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_the_language_of_the_staff_may_stand_behind_the_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")  # `--language` sets the variable: it is put back after the test
    assert main(["form", "check", "nowhere.xlsx", "--language", "zh"]) == 1
    assert "没有这个文件" in capsys.readouterr().err


def test_a_language_nobody_has_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "fr", "form", "templates"]) == 2
    assert "write zh or en" in capsys.readouterr().err


def test_what_is_given_to_no_hidden_question_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("replies.txt").write_text("1\n")
    assert main(["form", "try", "starter", "--replies", "replies.txt", "--given", "nope=1"]) == 1
    assert "no hidden question called “nope”" in capsys.readouterr().err


def test_a_location_is_the_one_that_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    Path("form.csv").write_text(PLACE, encoding="utf-8")
    Path("replies.txt").write_text("<location> 31.1,104.3\n")
    assert main(["form", "try", "form.csv", "--channel", "telegram", "--replies", "replies.txt", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["answers"]["spot"].split()[:2] == ["31.1", "104.3"]


def test_one_error_is_counted_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "check", "nowhere.xlsx"]) == 1
    assert capsys.readouterr().out == "1 error, 0 warnings.\n"
