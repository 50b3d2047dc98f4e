"""Whoever asks is answered in their language, in whichever the service was started."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from office import work_in
from openpyxl import load_workbook

from bot.cli import main

PINGYI = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]
HAN = re.compile("[\u4e00-\u9fff]")
PLAN = [
    "--name", "offices", "--kind", "survey", "--title", "Survey", "--title-en", "Survey", "--organiser", "Office",
    "--legal-basis", "Rule 14", "--starts", "2026-11-01", "--closes", "2099-01-01", "--delete-on", "2099-12-31",
    "--form", "six_dimensions", "--size", "15", "--seed", "1", "--channel", "simulator",
    "--set", "units.per_resident=1",
]  # fmt: skip
#: Commands whose words the service makes, findings and tables alike, and how they end.
COMMANDS = (
    (("answers", "import", "offices", "sheet.xlsx"), 1),
    (("answers", "import", "offices", "sheet.xlsx", "--valid-only", "--dry-run"), 0),
    (("quality", "offices"), 0),
    (("campaign", "results", "offices"), 0),
    (("scores", "show", "offices"), 0),
)


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sheet of a launched campaign, filled in; the first row cannot be read."""
    work_in(tmp_path, monkeypatch, data="data", port="0", simulator="true", language="en")
    people = "".join(f"R{n},P{n},1390000{n:04d},town\n" for n in range(20))
    Path("people.csv").write_text("office_id,name,phone,stratum\n" + people, encoding="utf-8")
    Path("units.csv").write_text("id,name,name_en\nw,Water,Water\np,Police,Police\n", encoding="utf-8")
    for arguments in (
        ["residents", "import", "people.csv"],
        ["units", "import", "units.csv"],
        ["form", "add", "six_dimensions"],
        ["campaign", "create", *PLAN],
        ["campaign", "launch", "offices", "--yes"],
        ["answers", "sheet", "offices", "sheet.xlsx", "--people"],
    ):
        assert main(arguments) == 0
    book = load_workbook("sheet.xlsx")
    answers = book["answers"]
    columns = {str(cell.value): cell.column for cell in answers[1]}
    filled = {f"{name}[1]": "1" for name in ("development", "service", "efficiency", "law", "integrity", "self")}
    filled |= {"mode": "paper", "entered_by": "E7", "entered_by_unit": "none"}
    for row in range(2, answers.max_row + 1):
        for name, text in filled.items():
            answers.cell(row, columns[name]).value = "purple" if (row, name) == (2, "law[1]") else text
    book.save("sheet.xlsx")
    return tmp_path / "sheet.xlsx"


@pytest.mark.parametrize(("started_in", "asked_in"), [("en", "zh"), ("zh", "en")])
def test_a_service_answers_as_the_command_would_without_it(
    sheet: Path, started_in: str, asked_in: str, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {**os.environ, "PINGYI_LANGUAGE": started_in}

    def said() -> list[tuple[int, str]]:
        found = []
        for arguments, _ in COMMANDS:
            status = main(["--language", asked_in, *arguments])
            out, err = capsys.readouterr()
            found.append((status, re.sub(r"[0-9]{2}:[0-9]{2}", "", out + err)))
        return found

    capsys.readouterr()
    service = subprocess.Popen(
        [*PINGYI, "run"],
        cwd=sheet.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert service.stdout is not None
        assert "http" in service.stdout.readline()
        beside = said()
    finally:
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=60)
    assert [status for status, _ in beside] == [status for _, status in COMMANDS], beside
    assert beside == said()
    assert asked_in == "en" or all(HAN.search(text) for _, text in beside), beside
