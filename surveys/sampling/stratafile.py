"""A table of strata and how many residents each has: what planning needs where there is no frame yet."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.questionnaire.workbook import Table, TableRow
from surveys.units.directory import plain

#: What the two columns may be called. Blanks, _, - and case do not count.
NAMES: Mapping[str, tuple[str, ...]] = {
    "stratum": ("stratum", "strata", "层", "层面"),
    "population": ("population", "residents", "人口", "人数"),
}
_FIELDS = {plain(name): field for field, names in NAMES.items() for name in names}


def read_strata(table: Table, file: str = "") -> dict[str, int]:
    """Return the residents of each stratum; Refused with every finding."""
    columns = {field: header for header in reversed(table.headers) if (field := _FIELDS.get(plain(header)))}
    problems: list[Problem] = []

    def tell(row: int, field: str, code: str, what: Message, fix: Message) -> None:
        problems.append(Problem(code, what, fix, file, table.sheet, row, columns.get(field, field)))

    for field in NAMES:
        if field not in columns:
            tell(
                table.header_row,
                field,
                "missing_column",
                message("There is no column {name}.", name=field),
                message("Write one column stratum (层) and one population (人口)."),
            )
    if problems:
        raise Refused(problems)
    found: dict[str, int] = {}
    for line in table.rows:
        name, count = line.cells[columns["stratum"]], _count(line, columns["population"])
        if not name or name in found:
            tell(
                line.row,
                "stratum",
                "bad_stratum",
                message("The stratum {stratum} has no name of its own.", stratum=name or "''"),
                message("Write each stratum once."),
            )
        elif count is None:
            tell(
                line.row,
                "population",
                "bad_population",
                message("{text} is not a number of residents.", text=line.cells[columns["population"]][:40] or "''"),
                message("Write a whole number from 1 on."),
            )
        else:
            found[name] = count
    if not found and not problems:
        tell(
            table.header_row,
            "stratum",
            "no_strata",
            message("The file names no stratum."),
            message("Write one row a stratum."),
        )
    if problems:
        raise Refused(problems)
    return found


def _count(line: TableRow, header: str) -> int | None:
    text = line.cells[header].replace(",", "").replace(" ", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10**10 else None
