"""Opening an .xlsx that a stranger made: what is refused before it is unpacked, and its cells as texts."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from surveys.language import Message, message
from surveys.problem import Problem, Refused

#: What an .xlsx may unpack to, and how many times its parts may be packed: sheets of real people pack 5 to 40 times.
MAX_UNPACKED_BYTES = 600_000_000
MAX_RATIO = 150
SMALL_PART_BYTES = 2_000_000
MAX_PARTS = 2_000
MAX_COLUMNS = 1_000
PROGRESS_EVERY = 1_000

SAVE_AS = message("Save it as .xlsx or as .csv and hand that in.")

#: Rows of a sheet that are not blank, as (row number from 1, stripped cells).
NumberedRows = list[tuple[int, list[str]]]
Progress = Callable[[int], None]


def read_sheets(
    filename: str, data: bytes, *, max_rows: int, first_only: bool = False, progress: Progress | None = None
) -> list[tuple[str, NumberedRows]]:
    """Return (name, rows) of every sheet in order, or of the first sheet that holds anything.

    Raises Refused: damaged, packed like a bomb, with macros, encrypted, no Excel workbook, too many rows or columns.
    """
    from openpyxl import load_workbook

    _check_archive(filename, data)
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # remarks of the library on styles and extensions, of no use to the person
        try:
            book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                rows = _rows(filename, sheet, max_rows, progress)
                found.append((str(sheet.title), rows))
                if first_only and rows:
                    break
        except Refused:
            raise
        except Exception as error:  # noqa: BLE001 - a damaged workbook breaks the library in dozens of ways
            raise damaged(filename, error) from None
    return found


def refused(code: str, what: Message, fix: Message, *, file: str, sheet: str = "", row: int = 0) -> Refused:
    """Return the refusal of a whole file for one reason."""
    return Refused([Problem(code, what, fix, file, sheet, row)])


def too_many_rows(file: str, sheet: str, limit: int) -> Refused:
    """Return the refusal of a sheet that is too long."""
    what = message("There are more than {limit} rows.", limit=limit)
    return refused("too_many_rows", what, message("Split the file."), file=file, sheet=sheet, row=limit + 1)


def too_many_columns(file: str, sheet: str, row: int) -> Refused:
    """Return the refusal of a row that is too wide."""
    what = message("There are more than {limit} columns.", limit=MAX_COLUMNS)
    fix = message("Delete the columns that are not needed.")
    return refused("too_many_columns", what, fix, file=file, sheet=sheet, row=row)


def _rows(filename: str, sheet: Any, max_rows: int, progress: Progress | None) -> NumberedRows:
    found: NumberedRows = []
    # What a sheet says of its own size pads every row to it, and hides what lies outside.
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if progress and number % PROGRESS_EVERY == 0:
            progress(number)
        if values.count(None) == len(values):
            continue
        cells = [value.strip() if type(value) is str else cell_text(value) for value in values]
        if not any(cells):
            continue
        if number > max_rows:
            raise too_many_rows(filename, sheet.title, max_rows)
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            raise too_many_columns(filename, sheet.title, number)
        found.append((number, cells[:MAX_COLUMNS]))
    return found


def cell_text(value: object) -> str:
    """Return a cell as a person would read it: 5 not 5.0, ISO dates, TRUE and FALSE."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value).strip()


def _check_archive(filename: str, data: bytes) -> None:
    """Refuse bombs, macros and other archives from the directory of the archive, before anything is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except Exception as error:  # noqa: BLE001 - a damaged directory raises more than BadZipFile
        raise damaged(filename, error) from None
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise macros(filename)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES or any(map(_bomb, parts)):
        raise refused(
            "bomb",
            message("The workbook unpacks to far more than a table of people or questions needs."),
            message("Copy the cells into a new workbook and hand that in."),
            file=filename,
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise encrypted(filename)
    if "xl/workbook.bin" in names:
        what = message("The file is a binary Excel workbook (.xlsb).")
        raise refused("old_excel", what, SAVE_AS, file=filename)
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        what = message("The file is an archive, but not an Excel workbook.")
        raise refused("not_a_table", what, SAVE_AS, file=filename)


def macros(filename: str) -> Refused:
    """Return the refusal of a file that holds programs."""
    return refused(
        "macros",
        message("The workbook contains macros (programs)."),
        message("Save it as an .xlsx workbook without macros and hand that in."),
        file=filename,
    )


def encrypted(filename: str) -> Refused:
    """Return the refusal of a file that only a password opens."""
    return refused(
        "encrypted",
        message("The workbook is protected by a password."),
        message("Save a copy without a password and hand that in."),
        file=filename,
    )


def _bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SMALL_PART_BYTES and part.file_size > MAX_RATIO * max(part.compress_size, 1)


def damaged(filename: str, error: Exception) -> Refused:
    """Return the refusal of a file that the library cannot make sense of."""
    return refused(
        "damaged",
        message("The workbook is damaged ({reason}).", reason=type(error).__name__),
        message("Open it in a spreadsheet program, save it again as .xlsx and hand that in."),
        file=filename,
    )
