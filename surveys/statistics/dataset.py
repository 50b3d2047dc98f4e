"""A data set somebody hands in: columns of text with their real rows, and the checks every column passes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf

from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.questionnaire.workbook import read_table

#: What statistical programs write where there is no value.
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "."})
#: Squares of what is added up stay finite.
LARGEST = 1e100
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table: `rows` are the row numbers as a spreadsheet program shows them, `columns` the cells under a header."""

    file: str
    rows: Sequence[int]
    columns: dict[str, Sequence[str]]

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
        return [None if is_missing(cell) else cell for cell in self.cells(column)]

    def full(self, column: str) -> list[str]:
        """Return a column that has a value in every row; Refused with the first row that has none."""
        cells = self.texts(column)
        for at, cell in enumerate(cells):
            if cell is None:
                raise self.empty(at, column)
        return [cell for cell in cells if cell is not None]

    def numbers(self, column: str) -> list[float | None]:
        """Return a column of numbers with None where there is no value; Refused with the row of what is no number."""
        cells = self.cells(column)
        known: dict[str, float | None] = {}
        for at, cell in enumerate(cells):
            if cell not in known:
                number = None if is_missing(cell) else float(cell) if _NUMBER.fullmatch(cell) else inf
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

    def quantities(self, column: str, fits: Callable[[float], bool], fix: Message) -> list[float]:
        """Return a column with a number in every row that `fits`; Refused with the first row that does not."""
        found: list[float] = []
        cells = self.cells(column)
        for at, number in enumerate(self.numbers(column)):
            if number is None:
                raise self.empty(at, column)
            if not fits(number):
                raise self.wrong(
                    at, column, "wrong_number", message("{number} does not fit here.", number=cells[at]), fix
                )
            found.append(number)
        return found

    def empty(self, at: int, column: str) -> Refused:
        """Return the refusal of a cell without a value."""
        what, fix = message("There is no value."), message("Fill it in, or take the row out.")
        return self.wrong(at, column, "no_value", what, fix)


def is_missing(cell: str) -> bool:
    """Whether a cell holds nothing, or what programs write for nothing."""
    return len(cell) <= 4 and cell.casefold() in MISSING


def read_dataset(file: str, data: bytes) -> Dataset:
    """Read a CSV (UTF-8, UTF-16, GB18030) or the first sheet of a workbook; Refused if it is none or has no row."""
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
