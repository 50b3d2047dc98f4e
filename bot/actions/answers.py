"""Answers that came on paper, by phone or on the doorstep: taken from a table, taken back, and a sheet to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from bot.actions.files import read_file
from bot.actions.planning import find_campaign
from bot.actions.progress import Progress
from bot.house import House
from storage import forms, unentering
from storage.campaigns import StoredCampaign
from storage.campaignunits import of_campaign
from storage.desk import Desk
from storage.drawn import drawn_residents
from storage.entering import MovedOn, entered_before, write_entries
from surveys.campaign.plan import CampaignKind, CampaignState
from surveys.language import message
from surveys.modes import entry as entries
from surveys.modes.columns import read_layout
from surveys.modes.entry import Entry
from surveys.modes.sheet import SheetPerson, answer_sheet
from surveys.modes.standing import Standing
from surveys.modes.table import Checked, Lookup, read_entries, standing_problem
from surveys.problem import Problem, Refused
from surveys.questionnaire.form import Form
from surveys.questionnaire.workbook import Table, read_table
from surveys.sampling.assignment import evaluated
from surveys.units.directory import Unit

#: Rows and answers of one file: they are written in one transaction (about 50 µs an answer), for which replies wait.
MOST_ROWS = 2000
MOST_ANSWERS = 20_000


class ImportAnswers(BaseModel):
    """Take a .csv or .xlsx of answers to `campaign`, one row a respondent: all rows or none.

    With `valid_only` rows with findings are left out and reported.
    """

    model_config = ConfigDict(frozen=True)

    campaign: str
    path: Path
    dry_run: bool = False
    valid_only: bool = False


class AnswerSheet(BaseModel):
    """Make an empty sheet for the answers to `campaign`; with `people` a row for everybody who has not answered."""

    model_config = ConfigDict(frozen=True)

    campaign: str
    people: bool = False


class ListImports(BaseModel):
    """Show the imports of a campaign, of all if none is named."""

    model_config = ConfigDict(frozen=True)

    campaign: str = ""


class UndoImport(BaseModel):
    """Take an import back."""

    model_config = ConfigDict(frozen=True)

    number: int


def import_answers(house: House, order: ImportAnswers, progress: Progress) -> dict[str, Any]:
    """Take a table of answers; Refused with every finding, nothing written, unless `valid_only`."""
    campaign, form = _survey(house, order.campaign)
    table = read_table(order.path.name, read_file(order.path))
    if len(table.rows) > MOST_ROWS:
        what = message("There are more than {limit} rows.", limit=MOST_ROWS)
        raise Refused([Problem("too_many_rows", what, message("Split the file."), order.path.name, table.sheet)])
    desk = _desk(house, campaign, form, table, order.path.name)
    checked = _check(house, campaign, desk, table, progress)
    if checked.problems and not order.valid_only:
        raise Refused(checked.problems)
    number, problems, taken = None, list(checked.problems), checked.entries
    if sum(len(entry.filled.read) for entry in taken) > MOST_ANSWERS:
        what = message("There are more than {limit} answers.", limit=MOST_ANSWERS)
        raise Refused([Problem("too_many_answers", what, message("Split the file."), order.path.name, table.sheet)])
    if taken and not order.dry_run:
        number, taken, late = _write(house, order, desk, taken)
        problems += late
    return {
        "campaign": campaign.id,
        "file": order.path.name,
        "dry_run": order.dry_run,
        "import": number,
        "rows": len(table.rows),
        "entered": len(taken),
        "unchanged": len(checked.unchanged),
        "left_out": len(table.rows) - len(taken) - len(checked.unchanged),
        "late": sum(entry.at >= campaign.plan.closes_at for entry in taken),
        "modes": {
            mode: count for mode in entries.MODE_NAMES if (count := sum(entry.mode.value == mode for entry in taken))
        },
        "assisted": sum(entry.assisted for entry in taken),
        "problems": [problem.as_json(house.language) for problem in problems],
    }


def make_sheet(house: House, order: AnswerSheet, progress: Progress) -> dict[str, Any]:
    """Return the rows of an .xlsx as base64, and how many residents stand in it."""
    from base64 import b64encode

    progress(0, 1)
    campaign, form = _survey(house, order.campaign)
    with house.database.read() as connection:
        drawn = drawn_residents(connection, house.database.vault, campaign.id, now=house.now())
        units = evaluated(of_campaign(connection, campaign.id).units, campaign.plan.units.classes)
    waiting = [
        SheetPerson(office_id, person.pseudonym, person.units)
        for office_id, person in sorted(drawn.by_office_id.items())
        if person.standing is Standing.OPEN
    ]
    most = max((len(person.units) for person in drawn.by_pseudonym.values()), default=0)
    made = answer_sheet(
        form, units, waiting if order.people else [], most or campaign.plan.units.per_resident, house.language
    )
    return {"campaign": campaign.id, "people": len(waiting) if order.people else 0, "xlsx": b64encode(made).decode()}


def list_imports(house: House, order: ListImports, progress: Progress) -> dict[str, Any]:
    """Return the imports in the order they were made."""
    progress(0, 1)
    if order.campaign:
        find_campaign(house, order.campaign)
    with house.database.read() as connection:
        found = unentering.listed(connection, order.campaign)
    zone = ZoneInfo(house.office.zone)
    return {
        "imports": [
            {
                "import": made.number,
                "campaign": made.campaign,
                "file": made.file,
                "entered": made.size,
                "made_at": made.made_at.astimezone(zone).isoformat(timespec="minutes"),
                "taken_back_at": made.undone_at and made.undone_at.astimezone(zone).isoformat(timespec="minutes"),
            }
            for made in found
        ]
    }


def undo_import(house: House, order: UndoImport, progress: Progress) -> dict[str, Any]:
    """Take an import back: its answers are deleted, its interviews are what they were before."""
    progress(0, 1)
    desk, now = Desk(house.database.vault, house.office), house.now()
    taken = house.database.write(lambda c: unentering.undo_import(c, desk, now, order.number))
    if taken is None:
        what = message("There is no import {number} that could be taken back.", number=order.number)
        raise Refused([Problem("no_import", what, message("`pingyi answers list` shows the imports."))])
    return {"import": order.number, "taken_back": taken}


def _survey(house: House, name: str) -> tuple[StoredCampaign, Form]:
    campaign = find_campaign(house, name)
    if campaign.plan.kind is not CampaignKind.SURVEY:
        what = message("The campaign {name} asks nothing.", name=name)
        raise Refused([Problem("no_survey", what, message("Name a survey: pingyi campaign list"))])
    if campaign.state is CampaignState.DRAFT:
        what = message("The campaign {name} has not been launched: nobody is drawn yet.", name=name)
        raise Refused([Problem("not_launched", what, message("Launch it first: pingyi campaign launch"))])
    with house.database.read() as connection:
        return campaign, forms.load(connection, campaign.plan.form)


def _desk(house: House, campaign: StoredCampaign, form: Form, table: Table, file: str) -> entries.Desk:
    layout, problems = read_layout(table.headers, form, file, table.sheet)
    if problems:
        raise Refused(problems)
    with house.database.read() as connection:
        units: dict[str, Unit] = {unit.id: unit for unit in of_campaign(connection, campaign.id).units}
    return entries.Desk(
        form=form,
        layout=layout,
        units=units,
        starts_at=min(campaign.plan.starts_at, campaign.launched_at or campaign.plan.starts_at),
        now=house.now(),
        zone=ZoneInfo(campaign.plan.zone),
        language=house.language,
        file=file,
        sheet=table.sheet,
    )


def _check(house: House, campaign: StoredCampaign, desk: entries.Desk, table: Table, progress: Progress) -> Checked:
    header = desk.layout.fields.get("code", "")
    codes = {text for line in table.rows if (text := line.cells.get(header, ""))}
    with house.database.read() as connection:
        drawn = drawn_residents(connection, house.database.vault, campaign.id, codes=codes, now=desk.now)

    def same(again: Sequence[Entry]) -> Sequence[bool]:
        with house.database.read() as connection:
            before = entered_before(
                connection, Desk(house.database.vault, house.office), [entry.drawn.interview for entry in again]
            )
        return [
            (was := before.get(entry.drawn.interview)) is not None
            and (was.mode, was.assisted, was.answers) == (entry.mode.value, entry.assisted, entry.filled.answers)
            for entry in again
        ]

    return read_entries(
        desk,
        table.rows,
        Lookup(drawn.by_pseudonym, drawn.by_code, drawn.by_office_id),
        same,
        lambda done: progress(done, len(table.rows)),
    )


def _write(
    house: House, order: ImportAnswers, desk: entries.Desk, taken: tuple[Entry, ...]
) -> tuple[int | None, tuple[Entry, ...], list[Problem]]:
    """Write the entries; who has answered or opted out since the check is left out with `valid_only`, else refused."""
    keeper = Desk(house.database.vault, house.office)
    late: list[Problem] = []
    while taken:
        try:
            write = partial(write_entries, desk=keeper, now=desk.now, campaign=order.campaign, file=order.path.name)
            number = house.database.write(partial(write, entries=taken))
        except MovedOn as moved:
            late += [standing_problem(desk, entry, standing) for entry, standing in moved.entries]
            if not order.valid_only:
                raise Refused(late) from None
            gone = {entry.row for entry, _ in moved.entries}
            taken = tuple(entry for entry in taken if entry.row not in gone)
        else:
            return number, taken, late
    return None, (), late
