"""Spreadsheets as people hand them in are read cell by cell, or refused with the reason."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO

import pytest
from made_workbooks import xlsx
from openpyxl import Workbook

from surveys.problem import Problem, Refused
from surveys.questionnaire import excel, workbook
from surveys.questionnaire.workbook import read_table, read_workbook

PEOPLE = "office_id,name,phone\nR1, 张三 ,13800000001\n\nR2,李四,13800000002\n"


def refusal(read: Callable[[str, bytes], object], data: bytes, name: str = "people.xlsx") -> Problem:
    with pytest.raises(Refused) as caught:
        read(name, data)
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


def repacked(data: bytes, extra: dict[str, bytes]) -> bytes:
    """Return the archive with further parts."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part, old.read(part))
        for name, content in extra.items():
            new.writestr(name, content)
    return out.getvalue()


def test_rows_keep_the_numbers_a_spreadsheet_program_shows() -> None:
    table = read_table("people.csv", PEOPLE.encode())
    assert table.headers == ("office_id", "name", "phone")
    assert [(row.row, row.cells["name"]) for row in table.rows] == [(2, "张三"), (4, "李四")]


def test_a_quoted_cell_with_line_breaks_counts_as_one_row() -> None:
    table = read_table("a.csv", b'id,note\n1,"two\nlines"\n2,x\n')
    assert [(row.row, row.cells["note"]) for row in table.rows] == [(2, "two\nlines"), (3, "x")]


@pytest.mark.parametrize(
    ("encoded", "why"),
    [
        (PEOPLE.encode("utf-8"), "plain UTF-8"),
        (PEOPLE.encode("utf-8-sig"), "Excel's CSV UTF-8 begins with a mark"),
        (PEOPLE.encode("gb18030"), "Excel on a Chinese Windows saves GB18030"),
        (PEOPLE.encode("utf-16"), "Excel's Unicode text"),
        (PEOPLE.replace(",", ";").encode(), "Excel in countries with a decimal comma"),
        (PEOPLE.replace(",", "\t").encode(), "copied out of a sheet"),
        (PEOPLE.replace("\n", "\r\n").encode(), "Windows line ends"),
    ],
)
def test_a_csv_is_read_whatever_program_saved_it(encoded: bytes, why: str) -> None:
    assert [row.cells["name"] for row in read_table("people.csv", encoded).rows] == ["张三", "李四"], why


@pytest.mark.parametrize(
    ("words", "encoding", "why"),
    [
        ("为什么", "gb18030", "the bytes of the UTF-8 word Ϊʲô"),
        ("Ελληνικά, Қазақ, Français: où, déjà-vu; עברית", "utf-8", "each word keeps to its script"),
        ("Köln, Łódź, São Paulo", "utf-8", "letters with marks"),
        ("很好 Ϊʲô", "utf-8", "Chinese beside it shows that it is UTF-8"),
    ],
)
def test_a_text_that_is_utf_8_by_chance_is_read_as_chinese(words: str, encoding: str, why: str) -> None:
    table = read_table("a.csv", f'id,word\n1,"{words}"\n'.encode(encoding))
    assert table.rows[0].cells["word"] == words, why


def test_cells_of_excel_become_texts_as_a_person_reads_them() -> None:
    cells = [13800000001, 5.0, 0.5, True, date(2026, 10, 3), datetime(2026, 10, 3, 8, 30), time(8, 30), " x ", None]  # noqa: DTZ001 - Excel's times have no zone
    table = read_table("a.xlsx", xlsx({"s": [list("abcdefghi"), cells]}))
    assert list(table.rows[0].cells.values()) == [
        "13800000001", "5", "0.5", "TRUE", "2026-10-03", "2026-10-03T08:30:00", "08:30:00", "x", "",
    ]  # fmt: skip


def test_the_first_sheet_that_holds_anything_is_the_table() -> None:
    table = read_table("a.xlsx", xlsx({"empty": [], "people": [[None], ["id"], ["R1"]]}))
    assert (table.sheet, table.header_row, table.rows[0].row) == ("people", 2, 3)


def test_a_cell_right_of_the_header_is_kept_apart() -> None:
    table = read_table("a.csv", b"id,area\n1,Main Street, 5\n2,x\n3\n")
    assert [row.surplus for row in table.rows] == [("5",), (), ()]
    assert table.rows[2].cells == {"id": "3", "area": ""}


def test_columns_without_a_header_are_dropped() -> None:
    table = read_table("a.csv", b"id,,area,\n1,note,x,\n")
    assert table.headers == ("id", "area")
    assert table.rows[0].cells == {"id": "1", "area": "x"}


def test_progress_is_told_every_thousand_rows() -> None:
    lines = "id\n" + "\n".join(map(str, range(3500)))
    told: list[int] = []
    read_table("a.csv", lines.encode(), told.append)
    assert told == [1000, 2000, 3000]
    told.clear()
    read_table("a.xlsx", xlsx({"s": [["id"], *([n] for n in range(2100))]}), told.append)
    assert told == [1000, 2000]


def test_an_xlsform_in_one_csv_is_parted_into_its_sheets() -> None:
    book = read_workbook("f.csv", b"survey,,\n,type,name\n,text,q1\nchoices,,\n,list_name,name\n,yn,yes\n")
    survey, choices = book.table("survey"), book.table("choices")
    assert survey is not None
    assert choices is not None
    assert [(row.row, row.cells) for row in survey.rows] == [(3, {"type": "text", "name": "q1"})]
    assert [(row.row, row.cells) for row in choices.rows] == [(6, {"list_name": "yn", "name": "yes"})]


def test_a_csv_that_begins_with_the_header_of_a_survey_sheet_is_that_sheet() -> None:
    book = read_workbook("f.csv", b"type,name,label\ntext,q1,Why?\n")
    assert [table.sheet for table in book.tables] == ["survey"]


def test_a_sheet_is_found_whatever_its_case() -> None:
    assert read_workbook("f.xlsx", xlsx({" Survey ": [["type"]]})).table("survey") is not None


PLAIN = xlsx({"s": [["id"], ["1"]]})
MACRO = repacked(PLAIN, {"xl/vbaProject.bin": b"x"})
BINARY = repacked(PLAIN, {"xl/workbook.bin": b"x"})
BOMB = repacked(PLAIN, {"xl/media/image1.bin": b"\0" * (excel.SMALL_PART_BYTES + 1)})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def archive(names: list[str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code", "row", "why"),
    [
        (b"", "empty", 0, "0 bytes"),
        (b"\n \n,,\n", "empty", 0, "only blank rows"),
        (xlsx({"s": []}), "empty", 0, "a workbook without a row"),
        (OLE, "not_a_table", 0, "an old document that is no workbook"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", 0, "a password"),
        (BINARY, "old_excel", 0, "an .xlsb"),
        (MACRO, "macros", 0, "programs in it"),
        (BOMB, "bomb", 0, "one part unpacks a thousandfold"),
        (archive([f"{n}" for n in range(excel.MAX_PARTS + 1)]), "bomb", 0, "thousands of parts"),
        (archive(["content.xml", "mimetype"]), "not_a_table", 0, "another program's document"),
        (PLAIN[: len(PLAIN) // 2], "damaged", 0, "cut off while copying"),
        (b"PK\x03\x04 and nothing", "damaged", 0, "only looks like a workbook"),
        (repacked(archive(["[Content_Types].xml"]), {"xl/x": b"x"}), "damaged", 0, "its parts make no workbook"),
        (b"\x00\x01\x02binary", "not_a_table", 0, "a picture, say"),
        (b"<!DOCTYPE html><table>", "not_a_table", 0, "a web page saved as .xls"),
        (b"%PDF-1.7", "not_a_table", 0, "a document"),
        (b"id\n\xff\xff\n", "encoding", 2, "neither UTF-8 nor GB18030"),
        (b"id,id\n1,2\n", "duplicate_header", 1, "two columns of one name"),
        (b'id\n"' + b"x" * 140_000, "bad_csv", 2, "a quotation mark never closed"),
        (b"," * excel.MAX_COLUMNS + b"x\n", "too_many_columns", 1, "wider than any list of people"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(data: bytes, code: str, row: int, why: str) -> None:
    problem = refusal(read_table, data)
    assert (problem.code, problem.row, problem.file) == (code, row, "people.xlsx"), why
    assert problem.fix.text("zh") != problem.fix.text("en")


def test_a_form_with_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_FORM_ROWS", 3)
    for data, sheet in ((xlsx({"survey": [["a"]] * 4}), "survey"), (b"survey\n,a\n,a\n,a\n", "")):
        problem = refusal(read_workbook, data)
        assert (problem.code, problem.sheet, problem.row) == ("too_many_rows", sheet, 4)


def test_a_file_larger_than_the_limit_is_refused_before_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_FILE_BYTES", 10)
    assert refusal(read_table, b"id\n12345678").code == "too_large"


def test_a_workbook_named_csv_is_read_by_its_content() -> None:
    assert read_table("people.csv", PLAIN).rows[0].cells == {"id": "1"}


def test_a_wide_sheet_is_refused_by_row() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.cell(1, 1, "id")
    sheet.cell(2, excel.MAX_COLUMNS + 5, "x")
    out = BytesIO()
    book.save(out)
    problem = refusal(read_table, out.getvalue())
    assert (problem.code, problem.row) == ("too_many_columns", 2)
