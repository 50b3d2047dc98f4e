"""`pingyi form teach`: what a resident's words mean, said by staff on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from office import work_in

from bot.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """Work in an empty folder, in English, with one questionnaire stored."""
    work_in(tmp_path, monkeypatch, language="en")
    assert main(["form", "add", "five_waters_2018"]) == 0
    capsys.readouterr()
    return tmp_path


def test_words_are_taught_listed_and_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "teach", "five_waters_2018", "q1", "呱呱叫", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["option"], told["taught"], told["reread"]) == ("good", True, [])
    assert main(["form", "taught", "five_waters_2018"]) == 0
    assert capsys.readouterr().out == "q1\t呱呱叫\tGood\n"
    assert main(["form", "teach", "five_waters_2018", "q1", "呱呱叫", "--forget"]) == 0
    assert capsys.readouterr().out == '"呱呱叫" means nothing to question q1 any more.\n'
    assert main(["form", "taught", "five_waters_2018", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["taught"] == []


def test_forgetting_says_that_the_answers_stay_and_how_they_are_changed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count is the storage's business (tests/storage/test_teaching.py); what is said of it is shown here."""
    main(["form", "teach", "five_waters_2018", "q1", "呱呱叫", "1"])
    monkeypatch.setattr("storage.teaching.read_so", lambda *_: iter([None, None, None]))
    capsys.readouterr()
    assert main(["form", "teach", "five_waters_2018", "q1", "呱呱叫", "--forget"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1] == (
        "3 answers had been read by these words and stay as they are. "
        "Teach the words for the right option, and those of open interviews are changed to it."
    )


def test_a_dry_run_teaches_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "teach", "five_waters_2018", "q1", "呱呱叫", "good", "--dry-run"]) == 0
    assert "nothing has been changed" in capsys.readouterr().out
    main(["form", "taught", "five_waters_2018"])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nosuch", "q1", "呱呱叫", "1"), "unknown_form"),
        (("five_waters_2018", "q99", "呱呱叫", "1"), "unknown_question"),
        (("five_waters_2018", "q1", "呱呱叫", "nosuch"), "unknown_option"),
        (("five_waters_2018", "q1", "退订", "1"), "words_not_teachable"),
        (("five_waters_2018", "q1", "不好", "1"), "words_not_teachable"),
        (("five_waters_2018", "q1", "很好", "1"), "words_not_teachable"),
        (("five_waters_2018", "q1", "2", "1"), "words_not_teachable"),
        (("five_waters_2018", "q1", "!!", "1"), "words_not_teachable"),
        (("five_waters_2018", "q1", "呱呱叫", "--forget"), "words_not_taught"),
    ],
)
def test_what_cannot_be_taught_is_refused_with_the_reason(
    arguments: tuple[str, ...], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["form", "teach", *arguments, "--json"]) == 1
    assert code in capsys.readouterr().out
