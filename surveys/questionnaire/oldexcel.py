"""Opening an old Excel workbook (.xls), which offices still hand in, sometimes under the name of a new one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any

from surveys.language import message
from surveys.problem import Refused
from surveys.questionnaire import excel
from surveys.questionnaire.excel import MAX_COLUMNS, SAVE_AS, NumberedRows, refused

#: The format holds 65,536 rows; a larger file is pictures.
MAX_BYTES = 24_000_000
_MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "VBA"))
_WORKBOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))


def read_old_sheets(
    filename: str, data: bytes, *, max_rows: int, first_only: bool = False
) -> list[tuple[str, NumberedRows]]:
    """Return (name, rows) of every sheet in order, or of the first that holds anything; raises Refused."""
    import xlrd

    _check(filename, data)
    found: list[tuple[str, NumberedRows]] = []
    try:
        # Whatever the library has to say of a damaged file goes nowhere: it writes to the screen by itself.
        with contextlib.redirect_stdout(StringIO()):
            book = xlrd.open_workbook(file_contents=data, on_demand=True, ragged_rows=True, logfile=StringIO())
            for number in range(book.nsheets):
                sheet = book.sheet_by_index(number)
                _check_size(filename, sheet, max_rows)
                rows = list(_rows(sheet, book.datemode))
                book.unload_sheet(number)
                found.append((sheet.name, rows))
                if first_only and rows:
                    break
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged workbook breaks the library in dozens of ways
        if "encrypted" in str(error).lower() or "password" in str(error).lower():
            raise excel.encrypted(filename) from None
        raise excel.damaged(filename, error) from None
    return found


def _check(filename: str, data: bytes) -> None:
    """Refuse what is no workbook, holds programs or is too large, from the directory of the file."""
    names = set(_directory(data))
    if not any(name.startswith(_WORKBOOKS) for name in names):
        what = message("The file is a document of an office program, but not a workbook.")
        raise refused("not_a_table", what, SAVE_AS, file=filename)
    if any(name.startswith(_MACROS) for name in names):
        raise excel.macros(filename)
    if len(data) > MAX_BYTES:
        what = message("The file is larger than {limit} MB.", limit=MAX_BYTES // 1_000_000)
        raise refused("too_large", what, message("Split it, or delete what is not needed."), file=filename)


def _check_size(filename: str, sheet: Any, max_rows: int) -> None:
    if sheet.nrows > max_rows:
        raise excel.too_many_rows(filename, sheet.name, max_rows)
    if sheet.ncols > MAX_COLUMNS:
        raise excel.too_many_columns(filename, sheet.name, 1)


def _directory(data: bytes) -> Iterator[bytes]:
    """Return the names in the directory of a compound file, wherever its sectors lie (MS-CFB §2.6.1)."""
    for at in range(512, len(data) - 127, 128):
        length = int.from_bytes(data[at + 64 : at + 66], "little")
        if data[at + 66] in {1, 2, 5} and 2 <= length <= 64:  # a storage, a stream or the root
            yield data[at : at + length - 2]


def _rows(sheet: Any, datemode: int) -> Iterator[tuple[int, list[str]]]:
    for number in range(sheet.nrows):
        kinds, values = sheet.row_types(number), sheet.row_values(number)
        cells = [_text(kind, value, datemode) for kind, value in zip(kinds, values, strict=True)]
        if any(cells):
            yield number + 1, cells


def _text(kind: int, value: Any, datemode: int) -> str:
    """Return a cell as a person would read it."""
    import xlrd

    match kind:
        case xlrd.XL_CELL_DATE:
            try:
                moment: datetime = xlrd.xldate_as_datetime(value, datemode)
            except (ValueError, OverflowError, xlrd.xldate.XLDateError):
                return excel.cell_text(value)
            return excel.cell_text(moment.time() if 0 <= value < 1 else moment)
        case xlrd.XL_CELL_BOOLEAN:
            return excel.cell_text(bool(value))
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK | xlrd.XL_CELL_ERROR:
            return ""
        case _:
            return excel.cell_text(value)
