"""The directory of units: a table read row by row, with what is wrong and how to put it right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from unicodedata import normalize

from surveys.language import Message, message
from surveys.problem import Problem, Severity
from surveys.questionnaire.workbook import Table, TableRow

#: What each field may be called. Blanks, _, - and case do not count.
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "unit id", "code", "编号", "单位编号", "代码"),
    "name": ("name", "unit", "名称", "单位名称", "单位"),
    "name_en": ("name en", "english name", "name (en)", "英文名称", "英文名"),
    "class": ("class", "unit class", "类别", "评议类别", "单位类别"),
    "parent": ("parent", "parent id", "上级", "上级单位", "上级单位编号"),
    "duties": ("duties", "duty", "职责", "职能", "职责目录"),
    "hotline": ("hotline", "phone", "热线", "电话", "联系电话", "服务热线"),
    "exempt": ("exempt", "免评", "免评单位", "是否免评", "豁免", "豁免单位", "是否豁免"),
}
_IGNORED = re.compile(r"[\s_\-()（）]+")
_YES = frozenset({"yes", "y", "1", "true", "是", "免评", "豁免", "√", "✓"})
_NO = frozenset({"", "no", "n", "0", "false", "否", "不免评", "不豁免", "-"})
#: Longest texts the table of units takes.
LONGEST = {"id": 64, "name": 255, "name_en": 255, "class": 128, "parent": 64, "hotline": 64}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit; `parent` is another unit's id or empty, `unit_class` what it is compared within."""

    id: str
    name: str
    name_en: str = ""
    unit_class: str = ""
    parent: str = ""
    duties: str = ""
    hotline: str = ""
    exempt: bool = False

    def called(self, text: str) -> bool:
        """Whether `text` means this unit: its id or one of its names."""
        wanted = plain(text)
        return bool(wanted) and wanted in {plain(self.id), plain(self.name), plain(self.name_en)}


@dataclass(frozen=True, slots=True)
class Directory:
    """The units of a file and every finding."""

    units: tuple[Unit, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The findings that keep the file from being taken."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


def plain(text: str) -> str:
    """Return `text` without what does not count when names are compared."""
    return _IGNORED.sub("", text).casefold()


_FIELDS = {plain(name): field for field, names in NAMES.items() for name in names}


def read_units(table: Table, *, known: Sequence[str] = (), file: str = "") -> Directory:
    """Read `table`; a parent may be a row of the file or one of the ids in `known`. Never raises."""
    columns, problems = _columns(table, file)

    def tell(row: int, field: str, code: str, what: Message, fix: Message) -> None:
        problems.append(Problem(code, what, fix, file, table.sheet, row, columns.get(field, field)))

    for field in ("id", "name"):
        if field not in columns:
            tell(
                table.header_row,
                field,
                "missing_column",
                message("There is no column {name}.", name=field),
                message("Add it to the header row; 编号 and 名称 are read too."),
            )
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Directory((), tuple(problems))
    rows: dict[str, int] = {}
    units: list[Unit] = []
    for line in table.rows:
        unit = _unit(line, columns)
        for field in ("id", "name"):
            if not line.cells[columns[field]]:
                tell(
                    line.row,
                    field,
                    "missing",
                    message("{name} is empty.", name=columns[field]),
                    message("Fill it in, or delete the row."),
                )
        for field, longest in LONGEST.items():
            if field in columns and len(line.cells[columns[field]]) > longest:
                tell(
                    line.row,
                    field,
                    "too_long",
                    message("The text is longer than {longest} characters.", longest=longest),
                    message("Shorten it."),
                )
        if "exempt" in columns and _said(line.cells[columns["exempt"]]) not in _YES | _NO:
            tell(
                line.row,
                "exempt",
                "not_yes_or_no",
                message("{text} is neither yes nor no.", text=line.cells[columns["exempt"]][:40]),
                message("Write yes (是) or no (否)."),
            )
        if unit.id in rows:
            tell(
                line.row,
                "id",
                "duplicate_id",
                message("The unit {id} is in row {first} already.", id=unit.id, first=str(rows[unit.id])),
                message("Delete one of the two rows, or give it another id."),
            )
        elif unit.id:
            rows[unit.id] = line.row
            units.append(unit)
    parents = {unit.id: unit.parent for unit in units}
    for unit in units:
        if unit.parent and unit.parent not in parents and unit.parent not in known:
            tell(
                rows[unit.id],
                "parent",
                "unknown_parent",
                message("There is no unit {id}.", id=unit.parent),
                message("Write the id of a unit of this file, or leave the cell empty."),
            )
        elif _circles(unit.id, parents):
            tell(
                rows[unit.id],
                "parent",
                "cycle",
                message("The unit {id} would be above itself.", id=unit.id),
                message("Correct the parent in one of the rows of the circle."),
            )
    return Directory(tuple(units), tuple(sorted(problems, key=lambda problem: problem.row)))


def _columns(table: Table, file: str) -> tuple[dict[str, str], list[Problem]]:
    """Return the header of each field, and a finding for every other header: what is not read is named.

    A field that two columns mean is an error: whichever were taken, the other's entries would be lost.
    """
    columns: dict[str, str] = {}
    problems: list[Problem] = []
    for header in table.headers:
        field = _FIELDS.get(plain(header))
        if field is None:
            near = get_close_matches(plain(header), _FIELDS, n=1, cutoff=0.75)
            names = NAMES[_FIELDS[near[0]]] if near else ()
            meant = next((name for name in names if plain(name) == near[0]), "")
            fix = message("Did you mean {name}?", name=meant) if meant else message("Delete it if it is not needed.")
            what = message("The column {name} is not read.", name=header)
            severity = Severity.WARNING
            problems.append(Problem("unknown_column", what, fix, file, table.sheet, table.header_row, header, severity))
        elif field in columns:
            what = message(
                "Two columns mean {name}: {first} and {second}.", name=field, first=columns[field], second=header
            )
            fix = message("Keep one of them.")
            problems.append(Problem("column_twice", what, fix, file, table.sheet, table.header_row, header))
        else:
            columns[field] = header
    return columns, problems


def _unit(line: TableRow, columns: Mapping[str, str]) -> Unit:
    cells = {field: line.cells[header] for field, header in columns.items()}
    return Unit(
        id=cells["id"],
        name=cells["name"],
        name_en=cells.get("name_en", ""),
        unit_class=cells.get("class", ""),
        parent=cells.get("parent", ""),
        duties=cells.get("duties", ""),
        hotline=cells.get("hotline", ""),
        exempt=_said(cells.get("exempt", "")) in _YES,
    )


def _said(text: str) -> str:
    """Return a yes or no without case, and without the width a Chinese keyboard gives letters and figures."""
    return normalize("NFKC", text).strip().casefold()


def _circles(start: str, parents: Mapping[str, str]) -> bool:
    """Whether going up from `start` leads back to it."""
    seen = set()
    at = parents.get(start, "")
    while at and at not in seen:
        if at == start:
            return True
        seen.add(at)
        at = parents.get(at, "")
    return False
