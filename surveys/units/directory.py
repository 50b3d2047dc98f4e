"""The directory of units: a table read row by row, with what is wrong and how to put it right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from unicodedata import normalize

from surveys.columns import NamedTable, Names, never_filled, plain, whole_column_empty
from surveys.language import message
from surveys.problem import Problem, Severity
from surveys.questionnaire.workbook import Table, TableRow

#: What each field may be called.
NAMES: Names = {
    "id": ("id", "unit id", "code", "编号", "单位编号", "代码"),
    "name": ("name", "unit", "名称", "单位名称", "单位"),
    "name_en": ("name en", "english name", "name (en)", "英文名称", "英文名"),
    "class": ("class", "unit class", "类别", "评议类别", "单位类别"),
    "parent": ("parent", "parent id", "上级", "上级单位", "上级单位编号"),
    "duties": ("duties", "duty", "职责", "职能", "职责目录"),
    "hotline": ("hotline", "phone", "热线", "电话", "联系电话", "服务热线"),
    "exempt": ("exempt", "免评", "免评单位", "是否免评", "豁免", "豁免单位", "是否豁免"),
}
_YES = frozenset({"yes", "y", "1", "true", "是", "免评", "豁免", "√", "✓"})
_NO = frozenset({"", "no", "n", "0", "false", "否", "不免评", "不豁免", "-"})
#: A name as it is compared → as it is written.
_CALLED = {plain(name): name for names in NAMES.values() for name in names}
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


def read_units(table: Table, *, known: Sequence[str] = (), file: str = "") -> Directory:
    """Read `table`; a parent may be a row of the file or one of the ids in `known`. Never raises."""
    named = NamedTable(table, NAMES, file)
    problems, headers = named.problems, named.columns.headers
    _unread(table, named, file)
    named.refuse_again(NAMES)
    named.require(("id", "name"), message("Add it to the header row; 编号 and 名称 are read too."))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Directory((), tuple(problems))
    empty = never_filled(table, (headers["id"], headers["name"]))
    for field in ("id", "name"):
        if headers[field] in empty:
            named.tell(0, field, "missing", whole_column_empty(len(table.rows)), message("Fill it in."))
    rows: dict[str, int] = {}
    units: list[Unit] = []
    for line in table.rows:
        unit = _unit(line, named)
        for field in ("id", "name"):
            if not named.cell(line, field) and headers[field] not in empty:
                named.tell(
                    line.row,
                    field,
                    "missing",
                    message("{name} is empty.", name=headers[field]),
                    message("Fill it in, or delete the row."),
                )
        for field, longest in LONGEST.items():
            if len(named.cell(line, field)) > longest:
                named.tell(
                    line.row,
                    field,
                    "too_long",
                    message("The text is longer than {longest} characters.", longest=longest),
                    message("Shorten it."),
                )
        if _said(named.cell(line, "exempt")) not in _YES | _NO:
            named.tell(
                line.row,
                "exempt",
                "not_yes_or_no",
                message("{text} is neither yes nor no.", text=named.cell(line, "exempt")[:40]),
                message("Write yes (是) or no (否)."),
            )
        if unit.id in rows:
            named.tell(
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
            named.tell(
                rows[unit.id],
                "parent",
                "unknown_parent",
                message("There is no unit {id}.", id=unit.parent),
                message("Write the id of a unit of this file, or leave the cell empty."),
            )
        elif _circles(unit.id, parents):
            named.tell(
                rows[unit.id],
                "parent",
                "cycle",
                message("The unit {id} would be above itself.", id=unit.id),
                message("Correct the parent in one of the rows of the circle."),
            )
    return Directory(tuple(units), tuple(sorted(problems, key=lambda problem: problem.row)))


def _unread(table: Table, named: NamedTable, file: str) -> None:
    """Note every column that is not read, with the name that was probably meant."""
    for header in named.columns.unread:
        near = get_close_matches(plain(header), _CALLED, n=1, cutoff=0.75)
        fix = (
            message("Did you mean {name}?", name=_CALLED[near[0]])
            if near
            else message("Delete it if it is not needed.")
        )
        what = message("The column {name} is not read.", name=header)
        place = table.header_row, header, Severity.WARNING
        named.problems.append(Problem("unknown_column", what, fix, file, table.sheet, *place))


def _unit(line: TableRow, named: NamedTable) -> Unit:
    return Unit(
        id=named.cell(line, "id"),
        name=named.cell(line, "name"),
        name_en=named.cell(line, "name_en"),
        unit_class=named.cell(line, "class"),
        parent=named.cell(line, "parent"),
        duties=named.cell(line, "duties"),
        hotline=named.cell(line, "hotline"),
        exempt=_said(named.cell(line, "exempt")) in _YES,
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
