"""The directory of units: its rows, and their keeping on both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.actions.progress import silent
from bot.actions.units import ImportUnits, ListUnits, import_units, list_units
from bot.house import House
from storage import units
from surveys.problem import Refused

HEADER = "id,name,name_en,class,parent,duties,hotline,exempt"


def test_units_are_added_changed_and_found_by_any_name(house: House, table: Callable[..., Path]) -> None:
    first = table(HEADER, "w,区水务局,Water Bureau,部门,,管水,0838-1,否", "t,东街街道,,街道,w,,,免评")
    counts = import_units(house, ImportUnits(path=first), silent)
    assert (counts["new"], counts["updated"], counts["unchanged"]) == (2, 0, 0)
    second = table(HEADER, "w,区水务局,Water Bureau,部门,,管水,0838-2,否")
    assert import_units(house, ImportUnits(path=second, dry_run=True), silent)["updated"] == 1
    assert import_units(house, ImportUnits(path=second), silent)["updated"] == 1
    assert import_units(house, ImportUnits(path=second), silent)["unchanged"] == 1
    with house.database.read() as connection:
        found = units.find(connection, "water bureau")
        exempt = units.find(connection, "t")
        assert units.find(connection, "x") is None
    assert found is not None
    assert (found.id, found.hotline, found.exempt) == ("w", "0838-2", False)
    assert exempt is not None
    assert (exempt.parent, exempt.exempt) == ("w", True)
    assert [unit["id"] for unit in list_units(house, ListUnits(), silent)["units"]] == ["t", "w"]


@pytest.mark.parametrize(
    ("lines", "code", "row"),
    [
        ((",水务局,,,,,,",), "missing", 2),
        (("w,,,,,,,",), "missing", 2),
        (("w,水务局,,,,,,", "w,水务局,,,,,,"), "duplicate_id", 3),
        (("w,水务局,,,x,,,",), "unknown_parent", 2),
        (("w,水务局,,,w,,,",), "cycle", 2),
        (("w,水务局,,,,,,maybe",), "not_yes_or_no", 2),
        (("w,水务局,,,,,,豁",), "not_yes_or_no", 2),
        ((f"{'w' * 65},水务局,,,,,,",), "too_long", 2),
    ],
)
def test_a_bad_row_refuses_the_file(
    house: House,
    table: Callable[..., Path],
    lines: tuple[str, ...],
    code: str,
    row: int,
) -> None:
    with pytest.raises(Refused) as refused:
        import_units(house, ImportUnits(path=table(HEADER, *lines)), silent)
    assert [(problem.code, problem.row) for problem in refused.value.problems] == [(code, row)]


@pytest.mark.parametrize("header", ["exempt", "Exempt", "免评", "免评单位", "是否免评", "豁免", "豁免单位", "是否豁免"])
def test_a_unit_is_exempt_whatever_the_column_is_called(house: House, table: Callable[..., Path], header: str) -> None:
    rows = (f"编号,名称,{header}", "w,水务局,是", "x,交通局,豁免", "y,教育局,ＹＥＳ", "z,民政局,否", "v,司法局,")
    result = import_units(house, ImportUnits(path=table(*rows)), silent)
    assert result["problems"] == []
    found = {unit["id"]: unit["exempt"] for unit in list_units(house, ListUnits(), silent)["units"]}
    assert found == {"w": True, "x": True, "y": True, "z": False, "v": False}
    with pytest.raises(Refused) as refused:
        import_units(house, ImportUnits(path=table(f"编号,名称,{header}", "w,水务局,也许")), silent)
    assert [(problem.code, problem.field) for problem in refused.value.problems] == [("not_yes_or_no", header)]


@pytest.mark.parametrize("dry_run", [True, False])
def test_columns_that_are_not_read_are_named_with_what_was_probably_meant(
    house: House, table: Callable[..., Path], *, dry_run: bool
) -> None:
    path = table("编号,名称,dutiez,exemptt,备注", "w,水务局,管水,是,新")
    problems = import_units(house, ImportUnits(path=path, dry_run=dry_run), silent)["problems"]
    assert [(problem["field"], problem["severity"], problem["what"], problem["fix"]) for problem in problems] == [
        ("dutiez", "warning", "The column dutiez is not read.", "Did you mean duties?"),
        ("exemptt", "warning", "The column exemptt is not read.", "Did you mean exempt?"),
        ("备注", "warning", "The column 备注 is not read.", "Delete it if it is not needed."),
    ]


@pytest.mark.parametrize(
    ("headers", "code"),
    [("编号,名称,豁免,免评", "column_twice"), ("编号,名称,豁免,豁免", "duplicate_header")],
    ids=["two names", "one name"],
)
def test_two_columns_for_one_field_are_refused(
    house: House, table: Callable[..., Path], headers: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        import_units(house, ImportUnits(path=table(headers, "w,水务局,,是")), silent)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_circle_of_parents_names_each_of_its_rows(house: House, table: Callable[..., Path]) -> None:
    with pytest.raises(Refused) as refused:
        import_units(house, ImportUnits(path=table(HEADER, "a,A,,,b,,,", "b,B,,,a,,,", "c,C,,,a,,,")), silent)
    assert [(problem.code, problem.row) for problem in refused.value.problems] == [("cycle", 2), ("cycle", 3)]
