"""An XLSForm workbook an office can edit: the sheets of a template, laid out, with a sheet that explains them."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from surveys.language import Message, message
from surveys.questionnaire.workbook import Table, read_workbook

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: Widths in characters by what a column holds; others get the first.
_WIDTH, _WIDTHS = 14, {"label": 44, "relevant": 34, "constraint": 28, "synonyms": 34, "calculation": 30, "type": 24}
_HEADER, _INK = "1F4E78", "FFFFFF"

_COLUMNS: tuple[tuple[str, str, Message], ...] = (
    ("survey", "type", message("What is asked: see the types below.")),
    ("survey", "name", message("A short name in Latin letters, each once; conditions and results use it.")),
    ("survey", "label", message("The question, one column a language. Short: one SMS holds 70 Chinese characters.")),
    ("survey", "hint", message("Said when a resident asks for help.")),
    ("survey", "relevant", message("When it is asked: ${used} = 'yes'. Empty: always.")),
    ("survey", "constraint", message("What an answer must satisfy; the dot is the answer: . >= 1 and . <= 60")),
    ("survey", "constraint_message", message("What is said when it does not.")),
    ("survey", "required", message("yes: may not be skipped.")),
    ("survey", "role", message("key: the one question that stands for the whole.")),
    ("choices", "list_name", message("Which list the option belongs to: the word behind select_one.")),
    ("choices", "name", message("A short name in Latin letters; conditions and results use it.")),
    ("choices", "label", message("The option as residents read it.")),
    ("choices", "synonyms", message("Other words for it, parted by ;.")),
    ("choices", "satisfied", message("yes: counts as satisfied.")),
    ("choices", "hidden", message("yes: accepted when said, never offered (for don't know).")),
    ("settings", "form_title", message("The title in the default language; form_title_en in English.")),
)
_TYPES: tuple[tuple[str, Message], ...] = (
    ("select_one LIST", message("One option of the list.")),
    ("select_multiple LIST", message("Any number of options of the list.")),
    ("integer", message("A whole number.")),
    ("decimal", message("A number.")),
    ("text", message("Free words.")),
    ("date", message("A date.")),
    ("note", message("Said before the next question; asks nothing.")),
    ("begin group, end group", message("Rows between them share the condition of the first.")),
)
_COMMANDS: tuple[tuple[str, Message], ...] = (
    ("pingyi form check FILE", message("names sheet, row and column of every problem, and counts SMS segments.")),
    ("pingyi form try FILE", message("talks to you as to a resident.")),
    ("pingyi form add FILE", message("stores it for a campaign.")),
)


def new_workbook(filename: str, source: bytes, name: str, language: str, *, own: bool) -> bytes:
    """Return an .xlsx with the sheets of the template `source` and a help sheet in `language`.

    The new form is called `name`. `own`: it is another questionnaire than the template and does not keep its title.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    tables = read_workbook(filename, source).tables
    for table in tables:
        _fill(book.create_sheet(table.sheet), table, _renamed(table, name) if own else {})
    _explain(book.create_sheet("说明" if language == "zh" else "help"), language)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _renamed(table: Table, name: str) -> Mapping[str, str]:
    if table.sheet != "settings":
        return {}
    # Settings that say where a template comes from would claim too much of the new questionnaire.
    titles = {header: name for header in table.headers if header in {"form_title", "form_title_en"}}
    return {**titles, "form_id": name, "version": "1"}


def _fill(sheet: Worksheet, table: Table, instead: Mapping[str, str]) -> None:
    sheet.append(list(table.headers))
    for row in table.rows:
        sheet.append([instead.get(header, row.cells[header]) or None for header in table.headers])
    _lay_out(sheet, table.headers)


def _lay_out(sheet: Worksheet, headers: tuple[str, ...]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for place, header in enumerate(headers, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(header.split("::")[0], _WIDTH)
    for cell in sheet[1]:
        cell.font = Font(bold=True, color=_INK)
        cell.fill = PatternFill("solid", fgColor=_HEADER)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"  # a name such as 1-2 must not become a date
    sheet.freeze_panes = "A2"


def _explain(sheet: Worksheet, language: str) -> None:
    def rows() -> list[tuple[Any, ...]]:
        return [
            *((where, column, says.text(language)) for where, column, says in _COLUMNS),
            *(("type", kind, says.text(language)) for kind, says in _TYPES),
            *(("", command, says.text(language)) for command, says in _COMMANDS),
        ]

    headers = tuple(
        text.text(language) for text in (message("Sheet"), message("Column, type or command"), message("What it means"))
    )
    sheet.append(list(headers))
    for row in rows():
        sheet.append(list(row))
    _lay_out(sheet, headers)
    for letter, width in (("A", 12), ("B", 28), ("C", 80)):
        sheet.column_dimensions[letter].width = width
