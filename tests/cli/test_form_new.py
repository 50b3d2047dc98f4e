"""`pingyi form templates` and `pingyi form new`: workbooks an office begins from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.cli import main
from surveys.questionnaire.templates import names, template_form
from surveys.questionnaire.xlsform import inspect_form


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_templates_are_listed_with_what_they_are_for(capsys: pytest.CaptureFixture[str]) -> None:
    listed = {entry["name"]: entry for entry in answer(capsys, "form", "templates")["templates"]}
    assert tuple(listed) == names()
    assert listed["conduct_c"]["preset"] == "conduct_c"
    assert listed["five_waters_2018"]["source"] == "qynews.zjol.com.cn 2018-05-14"
    assert all(entry["languages"] == ["zh", "en"] and entry["questions"] for entry in listed.values())


def test_a_new_questionnaire_is_clean_and_can_be_talked_to(capsys: pytest.CaptureFixture[str]) -> None:
    made = answer(capsys, "form", "new", "parks_2027")
    assert made == {"file": "parks_2027.xlsx", "name": "parks_2027", "template": "starter"}
    report = answer(capsys, "form", "check", "parks_2027.xlsx")
    assert (report["form"], report["questions"], report["problems"]) == ("parks_2027", 6, [])
    Path("replies.txt").write_text("yes\n3\n1\nsatisfied\nskip\n")
    assert answer(capsys, "form", "try", "parks_2027.xlsx", "--language", "en", "--replies", "replies.txt")["complete"]


@pytest.mark.parametrize("name", names())
def test_a_template_as_a_workbook_is_the_same_questionnaire(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer(capsys, "form", "new", name, "--out", "made.xlsx")
    form, warnings = inspect_form("made.xlsx", Path("made.xlsx").read_bytes())
    meant = template_form(name)
    assert warnings == ()
    assert (form.name, form.titles, form.languages, form.settings) == (
        meant.name, meant.titles, meant.languages, meant.settings,
    )  # fmt: skip
    # Only rows differ: a CSV counts all its sheets in one.
    plain = [[(q.name, q.kind, q.labels, q.choices, q.relevant, q.constraint, q.required) for q in f.questions]
             for f in (form, meant)]  # fmt: skip
    assert plain[0] == plain[1]


def test_from_takes_the_questions_of_a_template_and_not_its_title(capsys: pytest.CaptureFixture[str]) -> None:
    answer(capsys, "form", "new", "county_water", "--from", "five_waters_2018")
    form, _ = inspect_form("county_water.xlsx", Path("county_water.xlsx").read_bytes())
    assert (form.name, form.titles["zh"], len(form.asked)) == ("county_water", "county_water", 8)


@pytest.mark.parametrize(("language", "sheet"), [("en", "help"), ("zh", "说明")])
def test_the_workbook_explains_itself_in_the_language_of_the_staff(
    language: str, sheet: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINGYI_LANGUAGE", language)
    answer(capsys, "form", "new", "parks")
    book = openpyxl.load_workbook("parks.xlsx")
    assert book.sheetnames == ["survey", "choices", "settings", sheet]
    explained = {str(row[1].value) for row in book[sheet].iter_rows(min_row=2)}
    assert {"type", "relevant", "constraint", "select_one LIST", "pingyi form check FILE"} <= explained
    assert book["survey"].freeze_panes == "A2"
    assert book["survey"]["A1"].font.bold


def test_a_file_that_is_there_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    Path("parks.xlsx").write_text("mine")
    assert main(["form", "new", "parks"]) == 1
    assert "parks.xlsx" in capsys.readouterr().err
    assert Path("parks.xlsx").read_text() == "mine"


def test_a_template_nobody_knows_and_a_name_that_is_none_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "new", "parks", "--from", "nosuch"]) == 1
    assert "nosuch" in capsys.readouterr().err
    assert main(["form", "new", "公园"]) == 2
    assert list(Path().iterdir()) == []
