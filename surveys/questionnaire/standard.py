"""What the reference implementation of the standard says to the cells of a workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from surveys.language import message
from surveys.questionnaire.columns import Column
from surveys.questionnaire.findings import Findings, Place
from surveys.questionnaire.rowtype import OF_SURVEYCTO, row_type
from surveys.questionnaire.workbook import Table

_ROW_OF_PYXFORM = re.compile(r"\[row : (\d+)\]")


def ask_pyxform(  # noqa: PLR0917 - both sheets with their columns
    survey: Table,
    asked_columns: tuple[Column, ...],
    choices: Table,
    choice_columns: tuple[Column, ...],
    settings: Mapping[str, str],
    findings: Findings,
) -> None:
    """Let pyxform read the same cells; what it says against them becomes a finding at the row it names."""
    from pyxform.xls2xform import convert

    book: dict[str, Any] = {"sheet_names": ["survey", "choices", "settings"]}
    for name, table, meant in (("survey", survey, asked_columns), ("choices", choices, choice_columns)):
        if table.headers:
            book[name] = _as_pyxform(table, meant)
            book[f"{name}_header"] = [dict.fromkeys(column.canonical for column in meant)]
    if settings:
        book["settings"], book["settings_header"] = [dict(settings)], [dict.fromkeys(settings)]
    try:
        convert(book, validate=False)
    except Exception as error:  # noqa: BLE001 - a library for trusted files: whatever it stumbles over is a refusal
        said = str(error).strip() or type(error).__name__
        found = _ROW_OF_PYXFORM.search(said)
        row = int(found[1]) + survey.header_row - 1 if found else 0
        findings.error(
            "not_xlsform",
            Place("choices" if "choices sheet" in said else survey.sheet, row),
            message("The form is not valid XLSForm: {reason}", reason=" ".join(said.split())),
            message("Correct it as the message says."),
        )


def _as_pyxform(table: Table, meant: tuple[Column, ...]) -> list[dict[str, str]]:
    """Return the rows as pyxform reads them itself: blank ones kept, so that its row numbers are right."""
    last = table.rows[-1].row if table.rows else table.header_row
    found: list[dict[str, str]] = [{} for _ in range(table.header_row, last)]
    for row in table.rows:
        cells = {column.canonical: row.cells[column.header] for column in meant if row.cells[column.header]}
        if "type" in cells:
            cells["type"] = row_type(cells["type"]).standard or cells["type"]
            if cells["type"] in OF_SURVEYCTO:
                continue
        found[row.row - table.header_row - 1] = cells
    return found
