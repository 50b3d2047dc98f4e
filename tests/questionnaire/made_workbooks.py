"""Workbooks made for the tests, as other people's spreadsheet programs would save them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook

from surveys.problem import Problem, Refused, Severity
from surveys.questionnaire.form import Form
from surveys.questionnaire.xlsform import inspect_form, read_form

Sheets = Mapping[str, Sequence[Sequence[object]]]


def xlsx(sheets: Sheets) -> bytes:
    """Return the sheets as an Excel workbook."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def one_csv(sheets: Sheets) -> bytes:
    """Return the sheets as an XLSForm in one CSV."""
    out = StringIO()
    writer = csv.writer(out)
    for name, rows in sheets.items():
        writer.writerow([name])
        writer.writerows(["", *("" if cell is None else cell for cell in row)] for row in rows)
    return out.getvalue().encode()


def sheets(survey: str, choices: str = "", settings: str = "") -> dict[str, list[list[str]]]:
    """Return sheets written as text: one row a line, cells parted by `|`, the first line the header."""
    given = {"survey": survey, "choices": choices, "settings": settings}
    return {name: rows(text) for name, text in given.items() if text}


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def form(survey: str, choices: str = "", settings: str = "") -> Form:
    """Return the form that the sheets make; raises Refused."""
    return read_form("form.xlsx", xlsx(sheets(survey, choices, settings)))


def refusals(survey: str, choices: str = "", settings: str = "") -> list[tuple[str, str, int, str]]:
    """Return (code, sheet, row, column) of every error in the sheets; [] if they are taken."""
    try:
        form(survey, choices, settings)
    except Refused as refused:
        return [place(problem) for problem in refused.problems if problem.severity is Severity.ERROR]
    return []


def remarks(survey: str, choices: str = "", settings: str = "") -> list[tuple[str, str, int, str]]:
    """Return (code, sheet, row, column) of every warning about sheets that are taken."""
    _, problems = inspect_form("form.xlsx", xlsx(sheets(survey, choices, settings)))
    return [place(problem) for problem in problems]


def place(problem: Problem) -> tuple[str, str, int, str]:
    return problem.code, problem.sheet, problem.row, problem.field
