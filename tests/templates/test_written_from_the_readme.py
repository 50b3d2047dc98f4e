"""The half page "Write your own questionnaire": a workbook made of its tables alone works at the first try."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pytest

from bot.cli import main

ROOT = Path(__file__).parents[2]
PAGES = {
    "README.md": ("### Write your own questionnaire", "en"),
    "README.zh-CN.md": ("### 自己写一份问卷", "zh"),
}
SETTING = re.compile(r"`(form_\w+|default_language)` (.+?)(?=[,，.。]\s*`|[.。]$)")


def tables(name: str) -> tuple[list[list[list[str]]], str]:
    """Return the tables of the half page as rows of cells, and its text."""
    text = ROOT.joinpath(name).read_text(encoding="utf-8").partition(PAGES[name][0])[2].partition("```console")[0]
    found: list[list[list[str]]] = []
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|\n").split("|")]
                for line in block.splitlines()]  # fmt: skip
        found.append([rows[0], *rows[2:]])
    return found, text


@pytest.mark.parametrize("name", PAGES)
def test_the_form_of_the_half_page_talks_at_the_first_try(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")
    (survey, choices), text = tables(name)
    settings = dict(SETTING.findall(next(line for line in text.splitlines() if "`form_title`" in line)))
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet, rows in (("survey", survey), ("choices", choices), ("settings", [[*settings], [*settings.values()]])):
        page = book.create_sheet(sheet)
        for row in rows:
            page.append(row)
    book.save("service.xlsx")

    assert main(["form", "check", "service.xlsx", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["form"], report["questions"], report["problems"]) == ("service", 6, [])

    # The skip: who has not been there is asked the last question only. The constraint: 70 visits are asked again.
    for replies, asked, answers in (
        ("2\nskip\n", ["used", "wish"], {"used": "no"}),
        (
            "1\n70\n3\n1 2\n3\n太慢\nskip\n",
            ["used", "visits", "matters", "satisfied", "why", "wish"],
            {"used": "yes", "visits": "3", "matters": "papers insurance", "satisfied": "not", "why": "太慢"},
        ),
    ):
        Path("replies.txt").write_text(replies, encoding="utf-8")
        language = PAGES[name][1]
        assert main(["form", "try", "service.xlsx", "--language", language, "--replies", "replies.txt", "--json"]) == 0
        talk = json.loads(capsys.readouterr().out)
        assert (talk["asked"], talk["answers"], talk["complete"]) == (asked, answers, True)
