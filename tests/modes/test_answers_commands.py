"""`pingyi answers` as staff type it, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from office import work_in
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.actions.launch import LaunchCampaign, launch_campaign
from bot.actions.planning import CreateCampaign, create_campaign
from bot.actions.progress import silent
from bot.actions.residents import ImportResidents, import_residents
from bot.cli.commands import app
from bot.house import open_house
from bot.settingssources import read_settings

Run = Callable[..., Any]
FIELDS = {
    "name": "water",
    "organiser": "区测评办",
    "legal_basis": "区政办〔2026〕14号",
    "delete_on": "2198-06-30",
    "starts": "2026-11-02T10:00",
    "closes": "2197-12-01",
    "form": "five_waters_2018",
    "title": {"zh": "五水共治群众评议", "en": "Five Waters survey"},
    "verify_by": "0838-12345",
    "sample": {"size": 10, "seed": "7"},
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command over a folder with a launched campaign of ten; the first argument is the language."""
    work_in(tmp_path, monkeypatch, simulator="true", hotline="12345")
    roster = tmp_path / "people.csv"
    lines = [f"R{n:02},王{n},139{n:08},镇" for n in range(20)]
    roster.write_text("\n".join(["编号,姓名,手机,层", *lines]) + "\n", encoding="utf-8")
    house = open_house(read_settings(None, data=tmp_path / "data"))
    import_residents(house, ImportResidents(path=roster), silent)
    create_campaign(house, CreateCampaign(fields=FIELDS), silent)
    launch_campaign(house, LaunchCampaign(name="water"), silent)
    house.close()

    def invoke(language: str, *arguments: str) -> Any:
        monkeypatch.setenv("PINGYI_LANGUAGE", language)
        return CliRunner().invoke(app, ["--data", str(tmp_path / "data"), *arguments])

    return invoke


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> Path:
    """The sheet of the house with the first two rows filled in and the others deleted."""
    made = run("en", "answers", "sheet", "water", "sheet.xlsx", "--people")
    assert made.exit_code == 0, made.output
    path = tmp_path / "sheet.xlsx"
    assert path.stat().st_mode & 0o077 == 0
    book = load_workbook(path)
    sheet = book["answers"]
    assert sheet.max_row == 11
    sheet.delete_rows(4, 20)
    columns = {str(cell.value): cell.column for cell in sheet[1]}
    cells = {
        "mode": "纸质",
        "entered_by": "E7",
        "q1": "好",
        "q2": "same",
        "q3": "是",
        "q4": "no",
        "q6": "1",
        "q7": "满意",
    }
    for row in (2, 3):
        for name, text in cells.items():
            sheet.cell(row, columns[name]).value = text
    book.save(path)
    return path


def test_a_sheet_is_filled_in_imported_listed_and_taken_back(run: Run, filled: Path) -> None:
    checked = run("en", "answers", "import", "water", str(filled), "--dry-run")
    assert "nothing was written" in checked.output
    taken = run("zh", "answers", "import", "water", str(filled))
    assert taken.exit_code == 0, taken.output
    assert "录入 2 行" in taken.output
    told = json.loads(run("en", "campaign", "precision", "water", "--json").output)
    assert told["overall"]["completes"] == 2
    assert "Precision so far: 2 answers" in run("en", "campaign", "status", "water").output
    assert "目前精度：2 份答案" in run("zh", "campaign", "status", "water").output
    listed = json.loads(run("en", "answers", "list", "--json").output)["imports"]
    assert [(made["import"], made["entered"]) for made in listed] == [(1, 2)]
    # As clocks in the office show it, like every other list.
    told_at = datetime.fromisoformat(listed[0]["made_at"])
    assert told_at.utcoffset() == timedelta(hours=8)
    assert f"{told_at:%Y-%m-%d %H:%M}" in run("en", "answers", "list").output
    assert "2 interviews" in run("en", "answers", "undo", "1").output
    assert "已撤回" in run("zh", "answers", "list").output
    assert run("en", "answers", "undo", "1").exit_code == 1


def test_a_finding_is_one_line_with_file_row_column_and_what_to_write(run: Run, filled: Path) -> None:
    book = load_workbook(filled)
    columns = {str(cell.value): cell.column for cell in book["answers"][1]}
    book["answers"].cell(3, columns["q1"]).value = "紫色"
    book.save(filled)
    refused = run("zh", "answers", "import", "water", str(filled))
    assert refused.exit_code == 1
    (line,) = refused.stderr.splitlines()
    assert line.startswith("sheet.xlsx")
    assert "3" in line
    assert "q1" in line
    assert "“紫色”不能识别为答案。 请填其中一项：好 / 较好" in line
    told = json.loads(run("en", "answers", "import", "water", str(filled), "--valid-only", "--json").output)
    assert (told["entered"], told["left_out"]) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("answers", "import", "nothing", "a.csv"), "There is no campaign nothing."),
        (("answers", "import", "water", "a.csv"), "cannot be read"),
        (("answers", "undo", "7"), "There is no import 7"),
        (("answers", "list", "nothing"), "There is no campaign nothing."),
        (("campaign", "precision", "nothing"), "There is no campaign nothing."),
    ],
)
def test_what_is_not_there_is_said(run: Run, arguments: tuple[str, ...], said: str) -> None:
    refused = run("en", *arguments)
    assert refused.exit_code == 1
    assert said in refused.stderr


def test_a_sheet_is_never_written_over_another_file(run: Run, filled: Path) -> None:
    refused = run("en", "answers", "sheet", "water", str(filled))
    assert refused.exit_code == 1
    assert "exists already" in refused.stderr


def test_a_draft_has_nobody_to_enter_answers_of(run: Run, tmp_path: Path) -> None:
    house = open_house(read_settings(None, data=tmp_path / "data"))
    create_campaign(house, CreateCampaign(fields={**FIELDS, "name": "later"}), silent)
    house.close()
    refused = run("en", "answers", "sheet", "later", "later.xlsx")
    assert refused.exit_code == 1
    assert "has not been launched" in refused.stderr
