"""Tables beside a form: lists to choose from and to look things up in, handed in as CSV or as further sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath

from surveys.language import message
from surveys.questionnaire.bounds import parameters
from surveys.questionnaire.choicesheet import ChoiceList, filter_columns, read_lists
from surveys.questionnaire.columns import CHOICES, SheetRow, columns, rows
from surveys.questionnaire.expression import compile_expression
from surveys.questionnaire.findings import Findings, Place
from surveys.questionnaire.node import Malformed
from surveys.questionnaire.workbook import Table, Workbook, read_table, read_workbook

#: Sheets that mean something else.
TAKEN = frozenset({"survey", "choices", "settings", "external_choices", "entities", "osm"})
_MENTIONED = re.compile(
    r"select[_ ](?:one|multiple)[_ ]from[_ ]file (\S+)|pulldata\s*\(\s*(?:'([^']+)'|\"([^\"]+)\")", re.IGNORECASE
)
#: A form is kept with its tables, and read for every conversation: a register of a city does not belong there.
MAX_LOOKED_UP = 20_000


def stem(name: str) -> str:
    """Return the name of a table as `pulldata` gives it: without folder and `.csv`, case aside."""
    plain = PurePath(name.replace("\\", "/")).name.strip().casefold()
    return plain.removesuffix(".csv").removesuffix(".xlsx")


def mentioned_tables(filename: str, data: bytes) -> frozenset[str]:
    """Return the tables a form chooses from or looks things up in that are no sheets of it, as their files are called.

    Raises Refused for what is no workbook.
    """
    workbook = read_workbook(filename, data)
    sheets = {stem(table.sheet) for table in workbook.tables}
    cells = (cell for table in workbook.tables for row in table.rows for cell in row.cells.values())
    called = {name for cell in cells for found in _MENTIONED.findall(cell) for name in found if name}
    plain = {PurePath(name.replace("\\", "/")).name.strip() for name in called}
    return frozenset(f"{name.removesuffix('.csv')}.csv" for name in plain if name and stem(name) not in sheets)


def tables_beside(workbook: Workbook, files: Mapping[str, bytes]) -> dict[str, Table]:
    """Return the tables by stem, a file handed in before a sheet; raises Refused for an unreadable one."""
    found = {stem(t.sheet): t for t in workbook.tables if t.headers and t.sheet.strip().casefold() not in TAKEN}
    # A table handed in is named by its file: that is where its problems are.
    return found | {stem(name): replace(read_table(name, data), sheet=name) for name, data in files.items()}


class Lists:
    """Where the choices of a question are found."""

    def __init__(
        self,
        on_sheet: Mapping[str, ChoiceList],
        tables: Mapping[str, Table],
        default_language: str,
        languages: tuple[str, ...],
        findings: Findings,
    ) -> None:
        self.on_sheet, self.tables, self.findings = on_sheet, tables, findings
        self.default_language, self.languages = default_language, languages
        self.columns: set[str] = set()  # of the tables used, for choice filters
        self._read: dict[tuple[str, str, str], ChoiceList] = {}

    def get(self, name: str) -> ChoiceList | None:
        """Return the list of that name on the sheet `choices`."""
        return self.on_sheet.get(name)

    def from_file(self, name: str, row: SheetRow) -> ChoiceList | None:
        """Return the list in the table `name`, by the columns that `value` and `label` of the parameters name."""
        table = self.tables.get(stem(name))
        if table is None:
            return None
        said = parameters(row.get("parameters"))
        value, label = said.get("value", "name"), said.get("label", "label")
        asked = (stem(name), value, label)
        if asked not in self._read:
            self._read[asked] = self._list(table, value, label)
        return self._read[asked]

    def _list(self, table: Table, value: str, label: str) -> ChoiceList:
        meant = columns(table, CHOICES, self.findings)
        names = {column.name for column in meant} | {column.header for column in meant}
        for needed in (value, label):
            if needed not in names:
                self.findings.error(
                    "missing_column",
                    Place(table.sheet, table.header_row, needed),
                    message("The column “{name}” is missing.", name=needed),
                    message("Add it to the header row."),
                )
                return ChoiceList()
        further = filter_columns({column.name: column.header for column in meant})
        self.columns |= set(further)
        found = [
            _as_choice(table.sheet, row, value, label, self.default_language)
            for row in rows(table, meant, self.default_language)
        ]
        lists = read_lists(found, further, self.findings, languages=self.languages, duplicates_allowed=False)
        return lists.get(table.sheet, ChoiceList())


def _as_choice(list_name: str, row: SheetRow, value: str, label: str, language: str) -> SheetRow:
    labels = row.translated("label") if label == "label" else {language: row.get(label)}
    return replace(
        row,
        texts={**row.texts, "list_name": list_name, "name": row.get(value)},
        translations={**row.translations, "label": {code: text for code, text in labels.items() if text}},
    )


def looked_up(
    sources: Iterable[tuple[str, Place, bool]], tables: Mapping[str, Table], findings: Findings
) -> dict[str, tuple[Mapping[str, str], ...]]:
    """Return the tables that expressions look things up in, with the columns asked for only.

    `sources` are (expression, place, whether it is a choice filter). What is not there becomes a finding.
    """
    wanted: dict[str, set[str]] = {}
    for source, place, filters in sources:
        try:
            subjects = compile_expression(source).lookups
        except Malformed:
            continue  # noted where expressions are looked through
        for name, column, key in subjects:
            table = tables.get(stem(name))
            if table is None:
                findings.error(
                    "missing_list",
                    place,
                    message("There is no table “{list}” with this form.", list=name),
                    message("Hand the file in with the workbook, or add a sheet of that name."),
                )
                continue
            absent = next((header for header in (column, key) if header not in table.headers), "")
            if absent:
                what = message("The table “{list}” has no column “{name}”.", list=name, name=absent)
                findings.error("missing_column", place, what, message("Correct the name."))
            elif filters or len(table.rows) > MAX_LOOKED_UP:
                what = message("Nothing can be looked up here in “{list}”.", list=name)
                fix = message("Look it up in a calculate row, in a table of at most {limit} rows.", limit=MAX_LOOKED_UP)
                findings.error("unsupported_lookup", place, what, fix)
            else:
                wanted.setdefault(stem(name), set()).update((column, key))
    return {
        name: tuple({header: row.cells[header] for header in sorted(headers)} for row in tables[name].rows)
        for name, headers in wanted.items()
    }
