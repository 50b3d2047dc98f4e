"""A table of residents read row by row: what each row says, and what is wrong with it and how to put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from surveys.columns import never_filled, whole_column_empty
from surveys.language import CHINESE, ENGLISH, message
from surveys.problem import Problem, Severity
from surveys.questionnaire.workbook import Table, TableRow
from surveys.residents.columns import OFFICE_ID, PHONES, sort_columns
from surveys.residents.dates import read_birth_year, read_date
from surveys.residents.findings import Findings
from surveys.residents.phone import e164, numbers

#: Longest texts the tables take.
LONGEST_ID = 64
LONGEST_STRATUM = 128
_LANGUAGES = {
    "": CHINESE, "zh": CHINESE, "zh-cn": CHINESE, "zh_cn": CHINESE, "chinese": CHINESE, "中文": CHINESE,
    "汉语": CHINESE, "普通话": CHINESE, "华语": CHINESE, "en": ENGLISH, "english": ENGLISH, "英语": ENGLISH,
    "英文": ENGLISH,
}  # fmt: skip
#: The fields of one cell each.
_CELLS = (
    OFFICE_ID, "stratum", "name", "area", "language", "birth_year", "telegram", "consent_source", "consent_date",
)  # fmt: skip
_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO = frozenset({"", "no", "n", "0", "false", "否", "无", "没有", "未知", "-", "x", "×"})


class RosterRow(NamedTuple):
    """One resident as the file has them; `phones` are E.164, the first is tried first."""

    row: int
    office_id: str
    stratum: str
    name: str = ""
    phones: tuple[str, ...] = ()
    area: str = ""
    language: str = CHINESE
    birth_year: int | None = None
    telegram: bool = False
    consent_source: str = ""
    consent_on: date | None = None
    attributes: Mapping[str, str] = _NOTHING


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file says: the rows that can be taken, and every finding.

    `shared` are numbers of several rows; `bad` counts rows that cannot be taken, `warnings` findings that stop nothing
    (all of them, also those beyond those listed).
    """

    rows: tuple[RosterRow, ...]
    problems: tuple[Problem, ...]
    shared: frozenset[str] = frozenset()
    bad: int = 0
    warnings: int = 0

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The findings that keep the file from being taken whole."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


def read_roster(table: Table, *, region: str, today: date, file: str = "") -> Roster:
    """Read `table` with numbers of `region`; never raises: what is wrong stands in `problems`."""
    reader = _Reader(table, region, today, file)
    return reader.read()


class _Reader:
    """Holds what one reading needs, so that each check is a short method."""

    def __init__(self, table: Table, region: str, today: date, file: str) -> None:
        self.table, self.region, self.today = table, region, today
        self.columns, self.further = sort_columns(table.headers)
        #: The header of each field that is one cell; where there is no such column '', which no header is.
        self.headers = [self.columns.get(name, [""])[0] for name in _CELLS]
        self.tells_consent = not self.columns.keys().isdisjoint({"consent_source", "consent_date"})
        self.findings = Findings(file, table.sheet, self.columns)
        self._tell = self.findings.tell
        self._empty = never_filled(table, (self.headers[_CELLS.index(name)] for name in (OFFICE_ID, "stratum")))
        phones = self.columns.get(PHONES, ())
        self._no_phones = bool(phones) and never_filled(table, phones) == frozenset(phones)

    def read(self) -> Roster:
        if not self._check_columns():
            return Roster((), self.findings.problems(), bad=len(self.table.rows))
        for header in sorted(self._empty):
            what, fix = whole_column_empty(len(self.table.rows)), message("Fill it in.")
            self._tell(self.table.header_row, header, "missing", what, fix)
        if self._no_phones:
            what = message("None of the {count} rows has a phone number.", count=len(self.table.rows))
            fix = message("The residents stay in the frame and cannot be drawn until one is known.")
            self._tell(self.table.header_row, PHONES, "no_phone", what, fix, severity=Severity.WARNING)
        first_rows: dict[str, int] = {}
        holders: dict[str, RosterRow] = {}
        several: dict[str, list[RosterRow]] = {}
        rows = []
        bad = 0
        for line in self.table.rows:
            self.findings.failed = False
            row = self._row(line)
            if row.office_id in first_rows:
                self._tell(
                    line.row,
                    OFFICE_ID,
                    "duplicate_id",
                    message(
                        "The office id {id} is in row {first} already.",
                        id=row.office_id,
                        first=str(first_rows[row.office_id]),
                    ),
                    message("Give every resident an id of their own, or delete one of the two rows."),
                )
            elif row.office_id:
                first_rows[row.office_id] = line.row
            if self.findings.failed:
                bad += 1
                continue
            rows.append(row)
            for phone in row.phones:
                first = holders.setdefault(phone, row)
                if first is not row:
                    several.setdefault(phone, [first]).append(row)
        shared = self._shared(several)
        return Roster(tuple(rows), self.findings.problems(), shared, bad, self.findings.warnings)

    def _check_columns(self) -> bool:
        for wanted in (OFFICE_ID, "stratum", PHONES):
            if wanted not in self.columns:
                self._tell(
                    1,
                    wanted,
                    "missing_column",
                    message("There is no column {name}.", name=wanted),
                    message("Add it to the header row; Chinese headers such as 编号, 姓名, 手机, 层 are read too."),
                )
        for name, headers in self.columns.items():
            if name != PHONES and len(headers) > 1:
                self._tell(
                    1,
                    headers[1],
                    "duplicate_column",
                    message("The columns {first} and {second} mean the same.", first=headers[0], second=headers[1]),
                    message("Rename or delete one of them."),
                )
        if self.findings.failed:
            return False
        if "consent_source" not in self.columns and "consent_date" not in self.columns:
            self._tell(
                1,
                "consent_source",
                "no_consent_column",
                message("The file does not say when and how the residents agreed to be written to."),
                message("Add the columns consent_source and consent_date; else only the legal basis carries messages."),
                severity=Severity.WARNING,
            )
        return True

    def _row(self, line: TableRow) -> RosterRow:
        """Read a row; of a million only what may be amiss is looked at more closely, by a method of its own."""
        text = line.cells.get
        office_id, stratum, name, area, language, birth_year, telegram, source, day = [
            text(header, "") for header in self.headers
        ]
        if not 0 < len(office_id) <= LONGEST_ID:
            self._required(line, OFFICE_ID, office_id, LONGEST_ID)
        if not 0 < len(stratum) <= LONGEST_STRATUM:
            self._required(line, "stratum", stratum, LONGEST_STRATUM)
        if len(area) > LONGEST_STRATUM:
            self._short(line, "area", area, LONGEST_STRATUM)
        return RosterRow(
            line.row,
            office_id,
            stratum,
            name,
            self._phones(line),
            area,
            _LANGUAGES.get(language) or self._language(line, language),
            self._birth_year(line, birth_year) if birth_year else None,
            bool(telegram) and telegram.casefold() not in _NO,
            source,
            self._consent(line, source, day) if self.tells_consent else None,
            {name: line.cells[name] for name in self.further if line.cells[name]} if self.further else _NOTHING,
        )

    def _required(self, line: TableRow, name: str, text: str, longest: int) -> None:
        if not text and self.columns[name][0] in self._empty:
            self.findings.failed = True  # said once for all rows
        elif not text:
            self._tell(
                line.row,
                name,
                "missing",
                message("{name} is empty.", name=self.columns[name][0]),
                message("Fill it in, or delete the row."),
            )
        self._short(line, name, text, longest)

    def _short(self, line: TableRow, name: str, text: str, longest: int) -> None:
        if len(text) > longest:
            self._tell(
                line.row,
                name,
                "too_long",
                message("The text is longer than {longest} characters.", longest=longest),
                message("Shorten it."),
            )

    def _phones(self, line: TableRow) -> tuple[str, ...]:
        headers = self.columns[PHONES]
        if len(headers) == 1:
            alone = line.cells[headers[0]]
            number = e164(alone, self.region) if alone.isdigit() else None
            if number is not None:
                return (number,)
        found: dict[str, None] = {}
        written = False
        for header in headers:
            for text in numbers(line.cells[header]):
                written = True
                number = e164(text, self.region)
                if number is None:
                    self._bad_phone(line.row, header, text)
                else:
                    found[number] = None
        if not written and not self._no_phones:
            self._tell(
                line.row,
                PHONES,
                "no_phone",
                message("There is no phone number."),
                message("The resident stays in the frame and cannot be drawn until one is known."),
                severity=Severity.WARNING,
            )
        return tuple(found)

    def _bad_phone(self, row: int, header: str, text: str) -> None:
        if "E+" in text.upper() and text.upper()[:1].isdigit():
            fix = message("The spreadsheet has shortened it: format the column as text and enter the number again.")
        else:
            fix = message("Correct it (e.g. 13812345678), or leave the cell empty.")
        self._tell(row, header, "bad_phone", message("{text} is not a phone number.", text=text[:40]), fix)

    def _language(self, line: TableRow, text: str) -> str:
        language = _LANGUAGES.get(text.casefold())
        if language is None:
            self._tell(
                line.row,
                "language",
                "unknown_language",
                message("The language {text} is not known.", text=text[:40]),
                message("Write zh or en, or leave the cell empty for zh."),
            )
        return language or CHINESE

    def _birth_year(self, line: TableRow, text: str) -> int | None:
        year = read_birth_year(text, self.today.year)
        if year is None:
            self._tell(
                line.row,
                "birth_year",
                "bad_birth_year",
                message("Nobody alive is born in {text}.", text=text[:40]),
                message("Write the year with four digits, e.g. 1968, or leave the cell empty."),
            )
        return year

    def _consent(self, line: TableRow, source: str, text: str) -> date | None:
        day = read_date(text) if text else None
        if text and (day is None or day > self.today):
            self._tell(
                line.row,
                "consent_date",
                "bad_date",
                message("{text} is not a date up to today.", text=text[:40]),
                message("Write it as 2026-10-31."),
            )
        elif not source or not text:
            self._tell(
                line.row,
                "consent_source",
                "no_consent",
                message("How or when the resident agreed to be written to is missing."),
                message("Fill in both columns, or rely on the campaign's legal basis."),
                severity=Severity.WARNING,
            )
        return day

    def _shared(self, several: Mapping[str, list[RosterRow]]) -> frozenset[str]:
        shared = dict(sorted(several.items(), key=lambda item: item[1][0].row))
        for rows in shared.values():
            for row in rows[1:]:
                self._tell(
                    row.row,
                    PHONES,
                    "shared_phone",
                    message("The number is also that of row {first}.", first=str(rows[0].row)),
                    message("Several residents may share a number; of these at most one is drawn."),
                    severity=Severity.WARNING,
                )
        return frozenset(shared)
