"""A large CSV is read in columns exactly as the careful reader reads it in rows, or left to that reader."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.problem import Refused
from surveys.statistics import dataset
from surveys.statistics.dataset import MANY_CELLS, all_numbers, read_dataset
from surveys.statistics.plaincsv import read_plain

BLANK = ("", " ", "\u3000", "\t")
CELL = st.sampled_from(["1", "2.50", "-3e2", "NA", "nan", "满意", "é", "a b", '"a"', '"a,b"', '""', '"', "x\r", *BLANK])
LINE = st.lists(CELL, min_size=1, max_size=4)


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from(["y", "w", "权数", '"s"', " g ", "a  b", ""]), min_size=1, max_size=4),
    st.lists(LINE, max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.booleans(),
)
def test_what_is_read_in_columns_is_what_is_read_in_rows(  # noqa: PLR0917 - the parts of a file
    headers: list[str],
    lines: list[list[str]],
    separator: str,
    end: str,
    encoding: str,
    last: bool,  # noqa: FBT001 - drawn by Hypothesis
) -> None:
    text = end.join(separator.join(line) for line in [headers, *lines]) + (end if last else "")
    data = text.encode(encoding, errors="replace")
    plain = read_plain(data)
    if plain is None:
        return
    careful = read_dataset("x.csv", data)
    rows, columns = plain
    assert list(rows) == list(careful.rows)
    assert {name: list(cells) for name, cells in columns.items()} == careful.columns


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"y,w\n1,2\n", "as programs write it"),
        (b"y,w\r\n1,2\r\n", "as Excel writes it"),
        ("评分,层\n1,镇\n".encode(), "Chinese in UTF-8"),
        ("\ufeff评分,层\n1,镇\n".encode(), "with the mark Excel puts first"),
        ("评分,层\n1,镇\n".encode("gb18030"), "Chinese as Excel saves it"),
        (b'"y","w"\n"1","a, b"\n', "as R writes it"),
        (b"y;w\n1;2\n", "as Excel writes it in some countries"),
        (b"y,w\n1,2\n,\n3,\n", "with an empty row and an empty cell"),
    ],
)
def test_usual_files_are_read_in_columns(text: bytes, reason: str) -> None:
    plain = read_plain(text)
    assert plain is not None, reason
    careful = read_dataset("x.csv", text)
    assert (list(plain[0]), dict(plain[1])) == (list(careful.rows), careful.columns)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "nothing"),
        (b"y,w\n", "no row"),
        (b"y,w\n1,2,3\n", "more cells than headers"),
        (b"y,y\n1,2\n", "two columns of one name"),
        (b"y,\n1,2\n", "a column without a name"),
        (b"y\n1\n", "nothing parts the cells"),
        (b"\ny,w\n1,2\n", "a blank line before the header"),
        (b"y,w\n\n1,2\n", "a blank line"),
        (b"y,w\r1,2\r", "lines that end in the old way"),
        (b'y,w\n1,a"b\n', "a quotation mark within a cell"),
        (b'y,w\n1,"a\nb"\n', "a line within a cell"),
        (b'y,w\n1,"a\n', "a quotation mark that is never closed"),
        (b"PK\x03\x04,\n1,2\n", "a workbook"),
        (b"<html>,\n1,2\n", "a web page"),
        ("y,w\n1,2\n".encode("utf-16"), "UTF-16"),
        ("Größe,w\n1,2\n".encode(), "an encoding that may be meant differently"),
        (b"y,w\n1,\x1c2\n", "a control character"),
    ],
)
def test_unusual_files_are_left_to_the_careful_reader(text: bytes, reason: str) -> None:
    assert read_plain(text) is None, reason


CHARACTERS = st.text("0123456789+-.eEnaN ∞१x", max_size=6)


@given(st.lists(CHARACTERS, min_size=1, max_size=30))
def test_numbers_told_at_once_are_those_told_one_by_one(cells: list[str]) -> None:
    data = dataset.Dataset("x.csv", range(2, len(cells) + 2), {"y": cells})
    at_once = all_numbers(cells)
    if at_once is None:
        with pytest.raises(Refused):
            data.numbers("y")
    else:
        assert at_once == data.numbers("y")


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30))
def test_every_number_python_writes_is_read_to_its_last_digit(numbers: list[float]) -> None:
    cells = [repr(number) for number in numbers]
    small = all(abs(number) <= dataset.LARGEST for number in numbers)
    assert all_numbers(cells) == (numbers if small else None)


@pytest.fixture
def large() -> Callable[[str], bytes]:
    """Return a table of more cells than are looked at one by one, with one row in it."""

    def made(row: str) -> bytes:
        lines = ["y,w,s,note", *["1.5,2,a," + "x" * 60] * MANY_CELLS]
        lines[MANY_CELLS // 2] = row
        return "\n".join(lines).encode()

    return made


@pytest.mark.parametrize(
    ("row", "column", "line"),
    [
        ("some,2,a,x", "y", "x.csv, row 10001, y: “some” is no number that can be used."),
        ("1e200,2,a,x", "y", "x.csv, row 10001, y: “1e200” is no number that can be used."),
        ("1,,a,x", "w", "x.csv, row 10001, w: There is no value."),
        ("1,-4,a,x", "w", "x.csv, row 10001, w: -4 does not fit here."),
        ("1,2,,x", "s", "x.csv, row 10001, s: There is no value."),
        ("1,2,a,x,9", "y", "x.csv, row 10001: The row has more cells than the header."),
        ("1,2,a,x", "wt", "x.csv, row 1, wt: There is no column wt. Did you mean w?"),
    ],
)
def test_what_is_wrong_in_a_large_file_is_said_with_its_row(
    large: Callable[[str], bytes], row: str, column: str, line: str
) -> None:
    with pytest.raises(Refused) as refused:
        _used(read_dataset("x.csv", large(row)), column)
    [problem] = refused.value.problems
    assert problem.text().startswith(line)


def _used(data: dataset.Dataset, column: str) -> None:
    if column == "s":
        data.full(column)
    elif column == "w":
        data.quantities(column, lambda number: number > 0, dataset.message("A weight is a number above zero."))
    else:
        data.numbers(column)
