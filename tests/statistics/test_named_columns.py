"""Columns are found by any of their names, and what is wrong with them is told with row and header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.columns import NamedTable, find_columns, plain
from surveys.language import message
from surveys.problem import Refused
from surveys.questionnaire.workbook import Table, TableRow, read_table
from surveys.sampling.stratafile import read_strata
from surveys.scoring.selfscore import SelfScore, read_self_scores
from surveys.units.directory import Unit

NAMES = {"unit": ("unit", "unit id", "单位"), "score": ("score", "得分(分)")}


@pytest.mark.parametrize("header", ["Unit ID", "unit_id", " UNIT-id ", "单位", "单 位"])
def test_blanks_dashes_and_case_do_not_count(header: str) -> None:
    assert find_columns([header], NAMES).headers == {"unit": header}


def test_the_first_column_that_means_a_field_is_taken_and_the_others_are_named() -> None:
    found = find_columns(["单位", "unit", "notes", "Score", "得分（分）"], NAMES)
    assert found.headers == {"unit": "单位", "score": "Score"}
    assert found.again == (("unit", "unit"), ("score", "得分（分）"))
    assert found.unread == ("notes",)


@given(st.lists(st.sampled_from(["unit", "单位", "score", "得分(分)", "x", "y"]), unique=True))
def test_every_header_is_taken_again_or_unread(headers: list[str]) -> None:
    found = find_columns(headers, NAMES)
    sorted_out = [*found.headers.values(), *(header for _, header in found.again), *found.unread]
    assert sorted(sorted_out) == sorted(headers)
    assert plain("") == ""


def table(*headers: str) -> Table:
    return Table("sheet", headers, [TableRow(5, dict.fromkeys(headers, "v"))], header_row=4)


def test_findings_name_file_sheet_row_and_header() -> None:
    named = NamedTable(table("单位"), NAMES, "own.csv")
    assert not named.require(NAMES, message("Keep one of them."))
    named.tell(5, "unit", "wrong", message("The file has no rows."), message("Write one row per unit."))
    assert [(p.file, p.sheet, p.row, p.field) for p in named.problems] == [
        ("own.csv", "sheet", 4, "score"), ("own.csv", "sheet", 5, "单位"),
    ]  # fmt: skip
    assert (named.cell(TableRow(5, {"单位": "v"}), "unit"), named.cell(TableRow(5, {}), "score")) == ("v", "")


def test_two_columns_of_residents_are_refused_whichever_were_meant() -> None:
    with pytest.raises(Refused) as refused:
        read_strata(read_table("s.csv", "层,人口,人数\n城区,100,90\n".encode()), "s.csv")
    [problem] = refused.value.problems
    assert (problem.code, problem.row, problem.field) == ("column_twice", 1, "人数")


def test_a_table_of_self_scores_may_hold_id_and_name_of_a_unit() -> None:
    units = (Unit("U1", "水务局"),)
    both = read_table("own.csv", "编号,单位名称,自评分\nU1,水务局,90\n".encode())
    assert read_self_scores(both, units, lowest=0, highest=100).scores == (SelfScore("U1", 90.0),)
    twice = read_table("own.csv", "编号,自评分,得分\nU1,90,80\n".encode())
    [problem] = read_self_scores(twice, units, lowest=0, highest=100).problems
    assert (problem.code, problem.field) == ("column_twice", "得分")
