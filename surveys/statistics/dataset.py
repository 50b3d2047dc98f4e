"""A data set somebody hands in: columns of text with their real rows, and the checks every column passes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf
from typing import TYPE_CHECKING

from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.questionnaire.workbook import read_table
from surveys.statistics.plaincsv import PlainColumns, read_plain

if TYPE_CHECKING:
    import polars as pl

#: What statistical programs write where there is no value.
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "."})
#: Squares of what is added up stay finite.
LARGEST = 1e100
_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_IS_NUMBER = re.compile(_NUMBER)
#: Of so many cells it pays to ask polars: to read the file, to tell numbers.
MANY_BYTES = 1_000_000
MANY_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table: `rows` are the row numbers as a spreadsheet program shows them, `columns` the cells under a header."""

    file: str
    rows: Sequence[int]
    columns: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.rows)

    def wrong(self, at: int, column: str, code: str, what: Message, fix: Message) -> Refused:
        """Return the refusal of the cell at a position (not a row number) of `column`; -1 for the column itself."""
        row = self.rows[at] if at >= 0 else 0
        return Refused([Problem(code, what, fix, self.file, row=row, field=column)])

    def has(self, column: str) -> bool:
        """Whether there is such a column."""
        return column in self.columns

    def cells(self, column: str) -> Sequence[str]:
        """Return a column as it stands; Refused, with the name that was probably meant, if there is none."""
        if column in self.columns:
            return self.columns[column]
        known = list(self.columns)
        near = get_close_matches(column, known, n=1, cutoff=0.5) or [
            name for name in known if name.casefold() == column.casefold()
        ]
        fix = (
            message("Did you mean {name}?", name=near[0])
            if near
            else message("The columns are: {columns}.", columns=", ".join(known[:30]))
        )
        what = message("There is no column {name}.", name=column)
        raise Refused([Problem("missing_column", what, fix, self.file, row=1, field=column)])

    def texts(self, column: str) -> list[str | None]:
        """Return a column with None where there is no value."""
        cells = self.cells(column)
        none = {cell for cell in set(cells) if is_missing(cell)}
        return [None if cell in none else cell for cell in cells] if none else list(cells)

    def full(self, column: str) -> list[str]:
        """Return a column that has a value in every row; Refused with the first row that has none."""
        cells = self.texts(column)
        found = [cell for cell in cells if cell is not None]
        if len(found) < len(cells):
            raise self.empty(cells.index(None), column)
        return found

    def numbers(self, column: str) -> list[float | None]:
        """Return a column of numbers with None where there is no value; Refused with the row of what is no number."""
        if len(self) >= MANY_CELLS and (read := self._many_numbers(column)) is not None:
            return read
        cells = self.cells(column)
        known: dict[str, float | None] = {}
        for at, cell in enumerate(cells):
            if cell not in known:
                number = None if is_missing(cell) else float(cell) if _IS_NUMBER.fullmatch(cell) else inf
                if number is not None and abs(number) > LARGEST:
                    raise self.wrong(
                        at,
                        column,
                        "not_a_number",
                        message("“{text}” is no number that can be used.", text=cell[:60]),
                        message("Write digits with a point for decimals, or leave the cell empty."),
                    )
                known[cell] = number
        return [known[cell] for cell in cells]

    def _many_numbers(self, column: str) -> list[float | None] | None:
        if isinstance(self.columns, PlainColumns) and self.has(column):
            return all_numbers(self.columns.series(column))  # without a text for every cell
        return all_numbers(self.cells(column))

    def quantities(self, column: str, fits: Callable[[float], bool], fix: Message) -> list[float]:
        """Return a column with a number in every row that `fits`; Refused with the first row that does not."""
        numbers = self.numbers(column)
        found = [number for number in numbers if number is not None]
        if len(found) == len(numbers) and all(map(fits, set(found))):
            return found
        at = next(at for at, number in enumerate(numbers) if number is None or not fits(number))
        if numbers[at] is None:
            raise self.empty(at, column)
        what = message("{number} does not fit here.", number=self.cells(column)[at])
        raise self.wrong(at, column, "wrong_number", what, fix)

    def empty(self, at: int, column: str) -> Refused:
        """Return the refusal of a cell without a value."""
        what, fix = message("There is no value."), message("Fill it in, or take the row out.")
        return self.wrong(at, column, "no_value", what, fix)


def is_missing(cell: str) -> bool:
    """Whether a cell holds nothing, or what programs write for nothing."""
    return len(cell) <= 4 and cell.casefold() in MISSING


def all_numbers(cells: Sequence[str] | pl.Series) -> list[float | None] | None:
    """Return a column of numbers with None where there is no value; None for the column if a cell is anything else."""
    import polars as pl

    column = pl.Series(values=cells, dtype=pl.String)
    numeric = column.str.contains(f"^(?:{_NUMBER})$")
    if not all(map(is_missing, column.filter(~numeric).unique().to_list())):
        return None
    # What is missing must not pass as a number: to polars "nan" is one.
    numbers = pl.select(pl.when(numeric).then(column)).to_series().cast(pl.Float64)
    return None if (numbers.abs() > LARGEST).any() else numbers.to_list()


def read_dataset(file: str, data: bytes) -> Dataset:
    """Read a CSV (UTF-8, UTF-16, GB18030) or the first sheet of a workbook; Refused if it is none or has no row."""
    if len(data) >= MANY_BYTES and (plain := read_plain(data)) is not None:
        return Dataset(file, *plain)
    table = read_table(file, data)
    for row in table.rows:
        if row.surplus:
            what = message("The row has more cells than the header.")
            fix = message("Look for a comma inside a cell without quotation marks.")
            raise Refused([Problem("surplus", what, fix, file, table.sheet, row.row)])
    if not table.rows:
        what, fix = message("There is a header and no row of data."), message("Put the data below the header.")
        raise Refused([Problem("empty", what, fix, file, table.sheet, table.header_row)])
    columns: dict[str, Sequence[str]] = {name: [row.cells[name] for row in table.rows] for name in table.headers}
    return Dataset(file, [row.row for row in table.rows], columns)


def first_position(values: Iterable[str | None], wanted: str) -> int:
    """Return where `wanted` first stands; it must be there."""
    return next(at for at, value in enumerate(values) if value == wanted)
