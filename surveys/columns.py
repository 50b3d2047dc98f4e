"""The columns of a table, found by any of the names their headers may have, and what is wrong in a row of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveys.language import Message, message
from surveys.problem import Problem

if TYPE_CHECKING:
    from surveys.questionnaire.workbook import Table, TableRow

#: What each field may be called, its first name before the others. Blanks, _, - and case do not count.
Names = Mapping[str, tuple[str, ...]]
_IGNORED = re.compile(r"[\s_\-()（）]+")


def plain(text: str) -> str:
    """Return `text` without what does not count when names are compared."""
    return _IGNORED.sub("", text).casefold()


@dataclass(frozen=True, slots=True)
class Columns:
    """The header of every field that is there: the first one that means it.

    `again` are the later headers of a field that has one already, each with its field; `unread` those of no field.
    """

    headers: Mapping[str, str]
    again: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]


def find_columns(headers: Iterable[str], names: Names) -> Columns:
    """Return which header means which field of `names`."""
    known = {plain(name): field for field, called in names.items() for name in called}
    found: dict[str, str] = {}
    again: list[tuple[str, str]] = []
    unread: list[str] = []
    for header in headers:
        field = known.get(plain(header))
        if field is None:
            unread.append(header)
        elif field in found:
            again.append((field, header))
        else:
            found[field] = header
    return Columns(found, tuple(again), tuple(unread))


#: From so many rows on that lack the same, a column that no row fills in is told once.
FEWEST_ROWS = 2


def never_filled(table: Table, headers: Iterable[str]) -> frozenset[str]:
    """Return those of `headers` under which none of several rows says anything."""
    several = len(table.rows) >= FEWEST_ROWS
    return frozenset(header for header in headers if several and not any(line.cells.get(header) for line in table.rows))


def whole_column_empty(count: int) -> Message:
    """Return what is said once of a column that no row fills in, in place of a finding for each."""
    return message("The column is empty; {count} rows need it filled in.", count=count)


class NamedTable:
    """A table read by the fields its columns mean; `problems` are the findings so far, each with row and header."""

    def __init__(self, table: Table, names: Names, file: str = "") -> None:
        self.problems: list[Problem] = []
        self.columns = find_columns(table.headers, names)
        self._table, self._file = table, file

    def tell(self, row: int, field: str, code: str, what: Message, fix: Message) -> None:
        """Note a finding about a field in a row; 0 stands for the header row."""
        header = self.columns.headers.get(field, field)
        place = row or self._table.header_row
        self.problems.append(Problem(code, what, fix, self._file, self._table.sheet, place, header))

    def require(self, fields: Iterable[str], fix: Message) -> bool:
        """Note which of `fields` have no column; return whether nothing has been found wrong so far."""
        for field in fields:
            if field not in self.columns.headers:
                self.tell(0, field, "missing_column", message("There is no column {name}.", name=field), fix)
        return not self.problems

    def refuse_again(self, fields: Collection[str]) -> None:
        """Note every further column of one of `fields`: whichever were taken, the other's entries would be lost."""
        for field, header in self.columns.again:
            if field in fields:
                first = self.columns.headers[field]
                what = message("Two columns mean {name}: {first} and {second}.", name=field, first=first, second=header)
                fix = message("Keep one of them.")
                place = self._table.header_row
                self.problems.append(Problem("column_twice", what, fix, self._file, self._table.sheet, place, header))

    def cell(self, line: TableRow, field: str) -> str:
        """Return what a row says under a field, '' where there is no such column."""
        return line.cells.get(self.columns.headers.get(field, ""), "")
