"""`pingyi form add|check|try FILE --with TABLE` take a questionnaire with the lists it chooses from."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from office import work_in

from bot.cli import main

FORM = "type,name,label\nselect_one_from_file towns.csv,town,Which town?\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, in English, with no setting in the environment."""
    work_in(tmp_path, monkeypatch, language="en")
    (tmp_path / "form.csv").write_text(FORM, encoding="utf-8")
    (tmp_path / "towns.csv").write_text("name,label\na,Antun\nb,Beitang\n", encoding="utf-8")
    return tmp_path


def test_a_form_is_stored_with_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "add", "form.csv", "--with", "towns.csv", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["questions"], first["added"]) == (1, True)
    Path("towns.csv").write_text("name,label\na,Antun\nc,Caidian\n", encoding="utf-8")
    assert main(["form", "add", "form.csv", "--with", "towns.csv", "--json"]) == 0
    second = json.loads(capsys.readouterr().out)
    assert second["added"]
    assert second["digest"] != first["digest"], "another table makes another version"


def test_a_form_without_its_table_says_that_it_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("towns.csv").unlink()
    assert main(["form", "add", "form.csv"]) == 1
    said = capsys.readouterr().err
    assert "There is no table “towns.csv” with this form." in said
    assert "row 2, type" in said


def test_a_form_is_checked_with_its_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """Every table is named by its own --with, as for `form add`."""
    Path("form.csv").write_text(FORM + "select_one_from_file lakes.csv,lake,Which lake?\n", encoding="utf-8")
    Path("lakes.csv").write_text("name,label\nx,Xihu\ny,Yuehu\n", encoding="utf-8")
    assert main(["form", "check", "form.csv", "--with", "towns.csv", "--with", "lakes.csv", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["ok"], report["questions"]) == (True, 2)
    assert main(["form", "check", "form.csv", "--json"]) == 0, "tables in the folder of the form are found there"
    capsys.readouterr()
    Path("lakes.csv").unlink()
    assert main(["form", "check", "form.csv", "--with", "towns.csv", "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(problem["code"], problem["row"]) for problem in problems] == [("missing_list", 3)]


def test_a_form_is_tried_with_its_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Beitang\n")))
    assert main(["form", "try", "form.csv", "--with", "towns.csv", "--language", "en", "--json"]) == 0
    tried = json.loads(capsys.readouterr().out)
    assert tried["answers"] == {"town": "b"}
    assert "1 Antun" in tried["transcript"][0]["text"]
    Path("towns.csv").unlink()
    assert main(["form", "try", "form.csv", "--language", "en"]) == 1
    assert "There is no table “towns.csv” with this form." in capsys.readouterr().err


@pytest.mark.parametrize("command", ["add", "check", "try"])
def test_a_table_that_is_not_there_is_named(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", command, "form.csv", "--with", "villages.csv"]) == 1
    assert "villages.csv: The file cannot be read: there is no such file." in capsys.readouterr().err
