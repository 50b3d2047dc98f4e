"""One row of entered answers: whose, how they came, who typed them, and every finding on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from surveys.dialogue.interview import Mode
from surveys.language import Message, message
from surveys.modes.columns import WHO, Layout, rates_units
from surveys.modes.filling import Filled, fill_in
from surveys.modes.operators import NO_UNIT, conflict, find_unit
from surveys.modes.placing import place_cells
from surveys.modes.standing import WHY, Standing
from surveys.problem import Problem
from surveys.questionnaire.form import Form
from surveys.questionnaire.workbook import TableRow
from surveys.units.directory import Unit
from surveys.units.given import units_given

#: What the column of the mode may say.
MODES: Mapping[str, Mode] = {
    **dict.fromkeys(("paper", "form", "纸质", "纸质问卷", "纸质表", "书面"), Mode.PAPER),
    **dict.fromkeys(("phone", "call", "telephone", "电话", "电话访问"), Mode.PHONE),
    **dict.fromkeys(("doorstep", "door", "visit", "入户", "上门", "入户访问"), Mode.DOORSTEP),
}
MODE_NAMES = tuple(mode.value for mode in dict.fromkeys(MODES.values()))
_YES = frozenset({"yes", "y", "1", "true", "是", "√", "✓"})
_NO = frozenset({"", "no", "n", "0", "false", "否", "-"})
#: Longest name of who typed, and of a unit's id.
LONGEST_NAME = 128


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn resident as rows are checked against: the units to evaluate in their order, and how they stand."""

    pseudonym: str
    resident: int
    standing: Standing
    interview: str = ""  # the id of the survey interview, if there is one
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """The answers of one row, checked. `entered_by_unit` is '' for somebody of no unit; `at` is aware."""

    row: int
    drawn: Drawn
    mode: Mode
    assisted: bool
    entered_by: str
    entered_by_unit: str
    at: datetime
    given: Mapping[str, str]
    filled: Filled


@dataclass(frozen=True, slots=True)
class Desk:
    """What rows are checked against: the form, the columns, the directory of units, the times of the campaign."""

    form: Form
    layout: Layout
    units: Mapping[str, Unit]
    starts_at: datetime
    now: datetime
    zone: ZoneInfo
    language: str
    file: str = ""
    sheet: str = ""


@dataclass(slots=True)
class Row:
    """One row being read; `problems` grows as it is."""

    desk: Desk
    line: TableRow
    problems: list[Problem] = field(default_factory=list)

    def cell(self, name: str) -> str:
        """Return what stands in the column of a field."""
        return self.line.cells.get(self.desk.layout.fields.get(name, ""), "")

    def tell(self, header: str, code: str, what: Message, fix: Message) -> None:
        """Note a finding in a column."""
        self.problems.append(Problem(code, what, fix, self.desk.file, self.desk.sheet, self.line.row, header))

    def header(self, name: str) -> str:
        """Return what the column of a field is called in this file."""
        return self.desk.layout.fields.get(name, name)


def read_row(desk: Desk, line: TableRow, drawn: Drawn) -> tuple[Entry | None, tuple[Problem, ...]]:
    """Return the entry of a row whose resident is known, or every reason why there is none."""
    row = Row(desk, line)
    mode = MODES.get(row.cell("mode").casefold())
    if mode is None:
        row.tell(
            row.header("mode"),
            "unknown_mode",
            message("{text} is no way in which answers come.", text=row.cell("mode")[:40] or "''"),
            message("Write paper, phone or doorstep (纸质, 电话, 入户)."),
        )
    assisted = row.cell("assisted").casefold()
    if assisted not in _YES | _NO:
        row.tell(
            row.header("assisted"),
            "not_yes_or_no",
            message("{text} is neither yes nor no.", text=assisted[:40]),
            message("Write yes (是) or no (否)."),
        )
    at = _when(row)
    typed_by = row.cell("entered_by")
    if not typed_by or len(typed_by) > LONGEST_NAME:
        row.tell(
            row.header("entered_by"),
            "no_operator",
            message("It is not said who entered the answers."),
            message("Write the name or staff number, at most {longest} characters.", longest=LONGEST_NAME),
        )
    unit = _operator(row, drawn)
    placed = place_cells(desk.form, desk.layout, line.cells, drawn.units)
    for wrong in placed.misplaced:
        row.tell(wrong.header, wrong.code, wrong.what, wrong.fix)
    if drawn.standing not in {Standing.OPEN, Standing.ENTERED}:
        row.tell(_who(row), drawn.standing.value, *WHY[drawn.standing])
    given = units_given(drawn.units) if rates_units(desk.form) else {}
    filled, findings = fill_in(desk.form, placed.cells, given, at.astimezone(desk.zone), desk.language)
    for finding in findings:
        if not placed.follows(finding.question):
            row.tell(placed.column(finding.question), finding.code, finding.what, finding.fix)
    if not filled.read and not row.problems:
        row.tell(
            _who(row), "no_answers", message("The row holds no answer."), message("Fill it in, or delete the row.")
        )
    if row.problems or mode is None:
        return None, tuple(row.problems)
    return Entry(line.row, drawn, mode, assisted in _YES, typed_by, unit, at, given, filled), ()


def _who(row: Row) -> str:
    return next((row.header(name) for name in WHO if row.cell(name)), WHO[0])


def _when(row: Row) -> datetime:
    """Return when it was answered: what the row says, in the campaign's zone, else now."""
    desk, text = row.desk, row.cell("at")
    if not text:
        return desk.now
    try:
        said = date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        said = None
    if said is not None and not isinstance(said, datetime):
        said = datetime.combine(said, time(12), desk.zone)
    if said is not None:
        said = said if said.tzinfo else said.replace(tzinfo=desk.zone)
        # A mere date stands for its noon, which may still be to come.
        if len(text) <= 10 and said > desk.now and said.date() == desk.now.astimezone(desk.zone).date():
            said = desk.now
        if desk.starts_at.astimezone(desk.zone).date() <= said.astimezone(desk.zone).date() and said <= desk.now:
            return said
    row.tell(
        row.header("at"),
        "bad_time",
        message("{text} is not a time between the start of the campaign and now.", text=text[:40]),
        message("Write it as 2026-11-02 or 2026-11-02 14:30, or leave it empty."),
    )
    return desk.now


def _operator(row: Row, drawn: Drawn) -> str:
    """Return the unit of whoever typed, '' for none; a finding where they have a part in a rated unit."""
    text, rated = row.cell("entered_by_unit"), rates_units(row.desk.form)
    header = row.header("entered_by_unit")
    if text.casefold() in NO_UNIT:
        return ""
    if not text:
        if rated:
            row.tell(
                header,
                "no_operator_unit",
                message("It is not said which unit the person belongs to who entered the ratings."),
                message("Write the unit's id or name, or none (无) for somebody of no unit."),
            )
        return ""
    unit = find_unit(text, row.desk.units.values())
    if unit is None:
        row.tell(
            header,
            "unknown_unit",
            message("There is no unit {id}.", id=text[:40]),
            message("Write an id or name as `pingyi units list` shows it, or none (无)."),
        )
        return ""
    concerned = conflict(unit.id, [assigned.id for assigned in drawn.units], row.desk.units) if rated else None
    if concerned is not None:
        row.tell(
            header,
            "own_unit",
            message("Staff of {unit} do not enter ratings of {rated}.", unit=unit.name, rated=concerned.name),
            message("Let somebody of neither, nor of what is above or below them, enter this form."),
        )
    return unit.id
