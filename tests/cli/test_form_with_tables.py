"""`pingyi form add FILE --with TABLE` stores a questionnaire with the lists it chooses from."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.cli import main

FORM = "type,name,label\nselect_one_from_file towns.csv,town,Which town?\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, in English, with no setting in the environment."""
    for name in [name for name in os.environ if name.startswith("PINGYI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
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
    assert main(["form", "add", "form.csv"]) == 1
    said = capsys.readouterr().err
    assert "There is no table “towns.csv” with this form." in said
    assert "row 2, type" in said
