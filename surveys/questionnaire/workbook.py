"""Spreadsheets as people hand them in (.xlsx, .csv): every cell a text, every row with its real number."""

from __future__ import annotations

import csv
import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import Literal, NamedTuple

from surveys.language import message
from surveys.problem import Problem, Refused
from surveys.questionnaire import excel
from surveys.questionnaire.excel import MAX_COLUMNS, PROGRESS_EVERY, SAVE_AS, NumberedRows, Progress, refused
from surveys.questionnaire.oldexcel import read_old_sheets

MAX_FILE_BYTES = 64_000_000
MAX_ROWS = 1_048_576
MAX_FORM_ROWS = 20_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_DOCUMENTS = (b"<!doctype html", b"<html", b"<?xml", b"%pdf", b"{\\rtf")
_CONTROL_BYTES = tuple(bytes([byte]) for byte in range(9))
_SHEET_NAMES = frozenset({"survey", "choices", "settings", "external_choices", "entities", "osm"})
_HAN = re.compile("[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")
_FOREIGN_WORD = re.compile("[\u0080-\u07ff]{2,}")
#: Where the scripts of two bytes begin: Latin, phonetic signs, Greek, Cyrillic, Armenian, Hebrew, Arabic and more.
_SCRIPTS = (0x80, 0x250, 0x370, 0x400, 0x530, 0x590, 0x600, 0x700)
_BLANKS = re.compile(r"\s+")


class TableRow(NamedTuple):
    """One row: its number as the spreadsheet program shows it, and a text (perhaps '') for every header.

    `surplus` holds what stands right of the last header: in a CSV the sign of an unquoted comma.
    """

    row: int
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: `headers` in order (columns without a header are dropped), `rows` without the blank ones.

    `twice` are headers that stand there again: only their first column is kept.
    """

    sheet: str
    headers: tuple[str, ...]
    rows: list[TableRow]
    header_row: int = 1
    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets of one file, in order."""

    filename: str
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table | None:
        """Return the sheet called `name` (lower case), whatever case the file writes it in, or None."""
        return next((table for table in self.tables if table.sheet.strip().casefold() == name), None)


def read_workbook(filename: str, data: bytes) -> Workbook:
    """Read a workbook of several sheets: .xlsx, .xls, or an XLSForm in one CSV whose first column names the sheet.

    Raises Refused, saying what is wrong with the file, where, and what to do.
    """
    match _kind(filename, data):
        case "new":
            sheets = excel.read_sheets(filename, data, max_rows=MAX_FORM_ROWS)
        case "old":
            sheets = read_old_sheets(filename, data, max_rows=MAX_FORM_ROWS)
        case _:
            sheets = _split(_records(filename, data, MAX_FORM_ROWS))
    return Workbook(filename, tuple(_table(filename, name, rows, all_at_once=True) for name, rows in sheets))


def read_table(filename: str, data: bytes, progress: Progress | None = None) -> Table:
    """Read one plain table: the first sheet of an .xlsx or .xls that holds anything, or a .csv with one header row.

    `progress` is called with the number of rows read, every thousand rows. Raises Refused as `read_workbook` does.
    """
    match _kind(filename, data):
        case "new":
            sheets = excel.read_sheets(filename, data, max_rows=MAX_ROWS, first_only=True, progress=progress)
        case "old":
            sheets = read_old_sheets(filename, data, max_rows=MAX_ROWS, first_only=True)
        case _:
            sheets = [("", _records(filename, data, MAX_ROWS, progress))]
    for name, rows in sheets:
        if rows:
            return _table(filename, name, rows)
    raise refused(
        "empty", message("The file holds no row."), message("Put in a header row and the data."), file=filename
    )


def _table(filename: str, sheet: str, rows: NumberedRows, *, all_at_once: bool = False) -> Table:
    """Take the first row as the header; `all_at_once`: whoever reads the sheet reports headers that stand twice."""
    if not rows:
        return Table(sheet, (), [])
    header_row, first = rows[0]
    headers = [_BLANKS.sub(" ", cell) for cell in first]
    while not headers[-1]:
        headers.pop()
    if not all_at_once:
        _check_headers(filename, sheet, header_row, headers)
    width = len(headers)
    kept = [at for at, header in enumerate(headers) if header and headers.index(header) == at]
    twice = tuple(dict.fromkeys(header for at, header in enumerate(headers) if header and headers.index(header) < at))
    plain = len(kept) == width
    found: list[TableRow] = []
    for number, cells in islice(rows, 1, None):
        row = cells
        if plain and len(row) == width:  # as nearly every row of a large table is
            if any(row):
                found.append(TableRow(number, dict(zip(headers, row, strict=True))))
            continue
        surplus: tuple[str, ...] = ()
        if len(row) > width:
            surplus = tuple(filter(None, row[width:]))
        elif len(row) < width:
            row = row + [""] * (width - len(row))
        # What is wider than the header is the surplus, so the two are not of one length.
        named = dict(zip(headers, row, strict=False)) if plain else {headers[at]: row[at] for at in kept}
        if surplus or any(named.values()):
            found.append(TableRow(number, named, surplus))
    return Table(sheet, tuple(headers[at] for at in kept), found, header_row, twice)


def _check_headers(filename: str, sheet: str, row: int, headers: Sequence[str]) -> None:
    twice = sorted({header for header in headers if header and headers.count(header) > 1})
    if twice:
        raise Refused(
            Problem(
                "duplicate_header",
                message("Two columns are called “{name}”.", name=header),
                message("Rename or delete one of them."),
                filename,
                sheet,
                row,
                header,
            )
            for header in twice
        )


def _kind(filename: str, data: bytes) -> Literal["new", "old", "text"]:
    """Tell an Excel workbook from text by its content, not by its name; refuse what is neither."""
    if not data:
        what, fix = message("The file is empty (0 bytes)."), message("Save it again and hand it in.")
        raise refused("empty", what, fix, file=filename)
    if len(data) > MAX_FILE_BYTES:
        what = message("The file is larger than {limit} MB.", limit=MAX_FILE_BYTES // 1_000_000)
        raise refused("too_large", what, message("Split it, or delete what is not needed."), file=filename)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise excel.encrypted(filename)
        return "old"
    return "new" if data.startswith(_ZIP) else "text"


def _records(filename: str, data: bytes, max_rows: int, progress: Progress | None = None) -> NumberedRows:
    """Return the records of a CSV; one that spans several lines counts once, as in a spreadsheet program."""
    text = _decoded(filename, data)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    found: NumberedRows = []
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            if progress and number % PROGRESS_EVERY == 0:
                progress(number)
            cells = [cell.strip() for cell in record]
            if any(cells):
                if number > max_rows:
                    break
                found.append((number, cells))
    except csv.Error as error:
        raise refused(
            "bad_csv",
            message("The row cannot be read ({reason}).", reason=str(error)),
            message("Look for a quotation mark that is opened and never closed."),
            file=filename,
            row=number + 1,
        ) from None
    if number > max_rows:
        raise excel.too_many_rows(filename, "", max_rows)
    wide = next((row for row, cells in found if len(cells) > MAX_COLUMNS), 0)
    if wide:
        raise excel.too_many_columns(filename, "", wide)
    return found


def _decoded(filename: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif any(byte in data for byte in _CONTROL_BYTES):
        what = message("The file is neither a workbook nor a table of text.")
        raise refused("not_a_table", what, SAVE_AS, file=filename)
    elif data[:200].lstrip().lower().startswith(_DOCUMENTS):
        what = message("The file is a web page or a document, not a table.")
        raise refused("not_a_table", what, SAVE_AS, file=filename)
    else:
        encodings = ["utf-8-sig", "gb18030"]
    row, by_chance = 0, ""
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            row = data.count(b"\n", 0, error.start) + 1
            continue
        if encoding != "utf-8-sig" or not _by_chance(text):
            return text
        by_chance = text
    if by_chance:
        return by_chance
    raise refused(
        "encoding",
        message("The text is neither UTF-8 nor GB18030."),
        message("In the spreadsheet program choose “CSV UTF-8” when saving."),
        file=filename,
        row=row,
    )


def _by_chance(text: str) -> bool:
    """Whether a text is UTF-8 by chance only: 为什么 in GB18030 has the bytes of the UTF-8 word Ϊʲô.

    Nobody mixes scripts within most of the words; a few characters of GB18030 that happen to be UTF-8 do.
    """
    if text.isascii() or _HAN.search(text):
        return False
    words = _FOREIGN_WORD.findall(text)
    mixed = sum(len({bisect(_SCRIPTS, ord(c)) for c in word}) > 1 for word in words)
    return bool(words) and mixed * 2 > len(words)


def _delimiter(text: str) -> str:
    """Return what separates the cells of the first line that has any: Excel writes ; or a tab in some countries."""
    for line in text[:100_000].splitlines():
        counts = {mark: line.count(mark) for mark in (",", ";", "\t")}
        if any(counts.values()):
            return max(counts, key=lambda mark: counts[mark])
    return ","


def _split(records: NumberedRows) -> list[tuple[str, NumberedRows]]:
    """Part a single-file XLSForm into sheets: a text in the first column opens the sheet of that name.

    A file whose first row is already the header of a survey sheet (`type,name,label`) is that one sheet.
    """
    first = records[0][1] if records else [""]
    if first[0].casefold() not in _SHEET_NAMES and "type" in (cell.casefold() for cell in first):
        return [("survey", records)]
    sheets: dict[str, NumberedRows] = {}
    name = ""
    for number, cells in records:
        name = cells[0] or name
        rows = sheets.setdefault(name, [])
        if any(cells[1:]):
            rows.append((number, cells[1:]))
    return [(name, rows) for name, rows in sheets.items() if name]
