"""Ratings of units entered from paper: each in its place, and by nobody who has a part in the unit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from office import house_over
from openpyxl import load_workbook
from sqlalchemy import insert, update
from town import START, Town

from bot.actions.answers import AnswerSheet, ImportAnswers, import_answers, make_sheet
from bot.actions.progress import silent
from bot.house import House
from storage import forms
from storage.analysis import read_analysis
from storage.database import Database
from storage.tables.campaigns import sample
from storage.tables.residents import units
from surveys.modes.operators import conflict
from surveys.problem import Refused
from surveys.questionnaire.templates import template, template_form
from surveys.units.directory import Unit

Table = Callable[..., Path]
DIMENSIONS = ("development", "service", "efficiency", "law", "integrity", "self")
#: City hall over two bureaus, a station below one of them, and an office apart.
DIRECTORY = (("hall", "市政府", ""), ("w", "水务局", "hall"), ("p", "公安局", "hall"), ("p1", "东街派出所", "p"))


@pytest.fixture
def town(database: Database) -> Town:
    """Three residents; the first two evaluate the water bureau, then the police."""
    made = Town(database, 3)
    form = template_form("six_dimensions")

    def furnish(connection: Any) -> None:
        forms.add(connection, form, "six_dimensions.csv", template("six_dimensions"), START)
        connection.execute(
            insert(units),
            [
                {
                    "id": unit, "name": name, "name_en": "", "unit_class": "A", "parent": parent or None,
                    "duties": "", "hotline": "", "exempt": False, "updated_at": START,
                }
                for unit, name, parent in DIRECTORY
            ],
        )  # fmt: skip

    database.write(furnish)
    made.launch(made.plan("offices", form=form.digest))
    assigned = json.dumps(["w", "p"])
    database.write(lambda c: c.execute(update(sample).values(units=assigned)))
    return made


@pytest.fixture
def house(town: Town, tmp_path: Path) -> House:
    return house_over(town.database, town.clock, tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Write one row of cells by their headers."""

    def to_file(cells: Mapping[str, str]) -> Path:
        path = tmp_path / "answers.csv"
        known = {"pseudonym": "p0001", "mode": "paper", "entered_by": "E7", "entered_by_unit": "none"}
        row = {**known, **cells}
        path.write_text(f"{','.join(row)}\n{','.join(row.values())}\n", encoding="utf-8")
        return path

    return to_file


def imported(house: House, path: Path) -> dict[str, Any]:
    return import_answers(house, ImportAnswers(campaign="offices", path=path), silent)


def codes(house: House, path: Path) -> set[tuple[str, str]]:
    with pytest.raises(Refused) as found:
        imported(house, path)
    return {(problem.code, problem.field) for problem in found.value.problems}


def values(town: Town) -> Mapping[str, str]:
    with town.database.read() as connection:
        people = read_analysis(connection, town.database.vault, "offices").respondents
    return {name: value for name, value in people[0].values.items() if not name.startswith("unit")}


def rated(first: str, second: str) -> dict[str, str]:
    """Return what is stored if the first unit is rated so throughout, and the second so."""
    return {f"{name}@{n}": value for n, value in ((1, first), (2, second)) for name in DIMENSIONS}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(("[1]", "[2]"), id="by place"),
        pytest.param(("@1", "@2"), id="by key"),
        pytest.param(("[w]", "[p]"), id="by id"),
        pytest.param(("[水务局]", "[公安局]"), id="by name"),
    ],
)
def test_a_unit_is_named_by_place_id_or_name(
    house: House, town: Town, write: Callable[..., Path], headers: tuple[str, str]
) -> None:
    cells = {f"{name}{headers[0]}": "满意" for name in DIMENSIONS} | {f"{n}{headers[1]}": "5" for n in DIMENSIONS}
    imported(house, write(cells))
    assert values(town) == rated("satisfied", "unknown")


def test_a_form_filled_in_in_another_order_says_which_unit_each_column_is(
    house: House, town: Town, write: Callable[..., Path]
) -> None:
    cells = {"unit[1]": "公安局", **{f"{name}[1]": "不满意" for name in DIMENSIONS}}
    cells |= {"unit[2]": "w", **{f"{name}[2]": "一般" for name in DIMENSIONS}}
    imported(house, write(cells))
    assert values(town) == rated("fair", "not")


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"law[hall]": "满意"}, "not_assigned", "law[hall]"),
        ({"law[3]": "满意"}, "not_assigned", "law[3]"),
        ({"unit[1]": "市政府", "law[1]": "满意"}, "not_assigned", "unit[1]"),
        ({"unit[2]": "w", "law[1]": "满意", "law[2]": "满意"}, "unit_twice", "unit[2]"),
        ({"law[1]": "满意", "law[w]": "一般"}, "answered_twice", "law[w]"),
        ({"law": "满意"}, "which_instance", "law"),
        ({"law[1.2]": "满意"}, "which_instance", "law[1.2]"),
    ],
)
def test_a_rating_that_has_no_place_is_refused(
    house: House, write: Callable[..., Path], cells: Mapping[str, str], code: str, field: str
) -> None:
    assert (code, field) in codes(house, write(cells))


def findings(house: House, path: Path) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as found:
        imported(house, path)
    return [(problem.code, problem.field) for problem in found.value.problems]


@pytest.mark.parametrize(
    ("named", "one"),
    [
        pytest.param({"unit[1]": "市政府"}, ("not_assigned", "unit[1]"), id="a unit that was not given"),
        pytest.param({"unit[1]": "水务菊"}, ("not_assigned", "unit[1]"), id="a slip of the pen"),
        pytest.param({"unit[2]": "水务局"}, ("unit_twice", "unit[2]"), id="one unit in two places"),
    ],
)
def test_a_wrong_unit_is_one_finding_whatever_hangs_on_it(
    house: House, write: Callable[..., Path], named: Mapping[str, str], one: tuple[str, str]
) -> None:
    assert findings(house, write({**named, **all_cells()})) == [one]


def test_each_wrong_unit_is_a_finding_of_its_own(house: House, write: Callable[..., Path]) -> None:
    cells = {"unit[1]": "hall", "unit[2]": "p1", **all_cells()}
    assert findings(house, write(cells)) == [("not_assigned", "unit[1]"), ("not_assigned", "unit[2]")]
    by_name = {f"{name}[hall]": "满意" for name in DIMENSIONS}
    assert findings(house, write(by_name)) == [("not_assigned", "development[hall]")]
    beyond = {**all_cells(), **{f"{name}[3]": "满意" for name in DIMENSIONS}}
    assert findings(house, write(beyond)) == [("not_assigned", "development[3]")]


def test_a_mistake_beside_a_wrong_unit_is_told_with_it(house: House, write: Callable[..., Path]) -> None:
    cells = {"unit[1]": "hall", **all_cells(), "law[2]": "紫色"}
    assert findings(house, write(cells)) == [("not_assigned", "unit[1]"), ("unreadable_answer", "law[2]")]


@pytest.mark.parametrize(
    ("named", "field"),
    [({}, "law[2]"), ({"unit[1]": "p", "unit[2]": "w"}, "law[1]")],
    ids=["in the order given", "in the order of the paper"],
)
def test_an_answer_without_a_column_is_named_as_the_file_would_write_it(
    house: House, write: Callable[..., Path], named: Mapping[str, str], field: str
) -> None:
    cells = all_cells()
    del cells[field]
    assert findings(house, write({**named, **cells})) == [("required_answer", field)]


def all_cells() -> dict[str, str]:
    return {f"{name}[{n}]": "满意" for name in DIMENSIONS for n in (1, 2)}


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("", "no_operator_unit"),
        ("水务局", "own_unit"),
        ("hall", "own_unit"),
        ("东街派出所", "own_unit"),
        ("财政局", "unknown_unit"),
    ],
)
def test_nobody_enters_a_rating_of_their_own_unit(
    house: House, write: Callable[..., Path], unit: str, code: str
) -> None:
    """Nor of what is above or below it; and who does not say where they belong enters none."""
    assert codes(house, write({**all_cells(), "entered_by_unit": unit})) == {(code, "entered_by_unit")}


def test_leaving_ones_own_unit_blank_does_not_help(house: House, write: Callable[..., Path]) -> None:
    """A bad rating that is not typed is as good as a good one."""
    cells = {f"{name}[2]": "满意" for name in DIMENSIONS}
    assert ("own_unit", "entered_by_unit") in codes(house, write({**cells, "entered_by_unit": "w"}))


def test_staff_of_an_office_apart_enter_ratings(house: House, write: Callable[..., Path]) -> None:
    assert imported(house, write({**all_cells(), "entered_by_unit": "chengguan"}))["entered"] == 1


def test_the_column_of_the_operators_unit_must_be_there(house: House, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("pseudonym,mode,entered_by,law[1]\np0001,paper,E7,满意\n", encoding="utf-8")
    assert codes(house, path) == {("missing_column", "entered_by_unit")}


KNOWN = {unit: Unit(unit, name, parent=parent) for unit, name, parent in DIRECTORY}


@pytest.mark.parametrize(
    ("operator", "rated_unit", "refused"),
    [
        pytest.param("p", "p", True, id="the unit itself"),
        pytest.param("hall", "p", True, id="its parent"),
        pytest.param("hall", "p1", True, id="what is above its parent"),
        pytest.param("p1", "p", True, id="a part of it"),
        pytest.param("w", "p", False, id="a sister under the same roof"),
        pytest.param("w", "p1", False, id="a part of a sister"),
        pytest.param("gone", "p", False, id="a unit no longer in the directory"),
        pytest.param("gone", "gone", True, id="itself, though no longer in the directory"),
    ],
)
def test_who_has_a_part_in_a_unit(operator: str, rated_unit: str, refused: bool) -> None:  # noqa: FBT001 - a parameter
    assert (conflict(operator, [rated_unit], KNOWN) is not None) is refused


def test_the_sheet_holds_a_row_for_everybody_open_and_comes_back_as_answers(house: House, tmp_path: Path) -> None:
    """What the house writes the house reads: only the answers have to be filled in."""
    from base64 import b64decode

    made = make_sheet(house, AnswerSheet(campaign="offices", people=True), silent)
    assert made["people"] == 3
    book = load_workbook(BytesIO(b64decode(made["xlsx"])))
    sheet = book["answers"]
    headers = {str(cell.value): cell.column for cell in sheet[1]}
    assert sheet.cell(2, headers["unit[2]"]).value == "公安局"
    assert book["codelist"]["A2"].value == "pseudonym"
    for row in (2, 3, 4):
        filled = {"mode": "入户", "entered_by": "E7", "entered_by_unit": "无", **all_cells()}
        for header, text in filled.items():
            sheet.cell(row, headers[header]).value = text
    path = tmp_path / "filled.xlsx"
    book.save(path)
    assert imported(house, path)["modes"] == {"doorstep": 3}
    assert make_sheet(house, AnswerSheet(campaign="offices", people=True), silent)["people"] == 0


def test_the_codelist_offers_only_units_that_are_evaluated(house: House) -> None:
    from base64 import b64decode

    def offered() -> list[str]:
        made = make_sheet(house, AnswerSheet(campaign="offices"), silent)
        rows = load_workbook(BytesIO(b64decode(made["xlsx"])))["codelist"].iter_rows(values_only=True)
        return [str(row[4]) for row in rows if row[0] == "unit[n]"]

    assert offered() == ["chengguan", "hall", "p", "p1", "w"]
    exempt = update(units).where(units.c.id == "hall").values(exempt=True)
    house.database.write(lambda connection: connection.execute(exempt))
    assert offered() == ["chengguan", "p", "p1", "w"]
