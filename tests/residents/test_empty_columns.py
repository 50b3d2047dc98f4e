"""A column that must be filled in and is not, in any row: said once, not once for each resident or unit."""

from __future__ import annotations

from datetime import date

import pytest

from surveys.questionnaire.workbook import read_table
from surveys.residents.roster import read_roster
from surveys.units.directory import read_units


def test_a_column_of_residents_that_no_row_fills_in_is_one_finding_beside_the_others() -> None:
    lines = ["编号,姓名,手机,层", *(f"R{at},王{at},1390000{at:04},{' ' if at % 2 else ''}" for at in range(40))]
    lines.append("R40,王,12,")
    found = read_roster(read_table("people.csv", "\n".join(lines).encode()), region="CN", today=date(2026, 11, 1))
    errors = [(problem.row, problem.field, problem.code) for problem in found.errors]
    assert errors == [(1, "层", "missing"), (42, "手机", "bad_phone")]
    assert "41" in found.errors[0].what.text("en")
    assert (found.rows, found.bad) == ((), 41)


def test_a_column_that_one_row_fills_in_is_told_row_by_row() -> None:
    text = "编号,手机,层\nR1,13900000001,\nR2,13900000002,城区\nR3,13900000003,\n"
    found = read_roster(read_table("people.csv", text.encode()), region="CN", today=date(2026, 11, 1))
    assert [problem.row for problem in found.errors] == [2, 4]


def test_a_column_of_units_that_no_row_fills_in_is_one_finding() -> None:
    found = read_units(read_table("units.csv", "编号,名称\nU1,\nU2,\nU3,\n".encode()))
    assert [(problem.row, problem.field) for problem in found.errors] == [(1, "名称")]


@pytest.mark.parametrize("phones", ["手机", "手机,电话"], ids=["one column", "two columns"])
def test_phone_columns_that_no_row_fills_in_are_one_warning_and_every_row_is_taken(phones: str) -> None:
    columns = phones.count(",") + 1
    lines = [f"编号,层,{phones}", *(f"R{at},城区{',' * columns}" for at in range(400))]
    found = read_roster(read_table("people.csv", "\n".join(lines).encode()), region="CN", today=date(2026, 11, 1))
    told = [(problem.row, problem.field) for problem in found.problems if problem.code == "no_phone"]
    assert told == [(1, "手机")]
    (said,) = [problem.what.text("en") for problem in found.problems if problem.code == "no_phone"]
    assert said == "None of the 400 rows has a phone number."
    assert (len(found.rows), found.errors, found.bad) == (400, (), 0)
    assert {row.phones for row in found.rows} == {()}


def test_where_a_second_column_has_one_number_the_rows_without_are_told_one_by_one() -> None:
    text = "编号,层,手机,电话\nR1,城区,,\nR2,城区,,13900000002\nR3,城区,,\n"
    found = read_roster(read_table("people.csv", text.encode()), region="CN", today=date(2026, 11, 1))
    assert [problem.row for problem in found.problems if problem.code == "no_phone"] == [2, 4]
