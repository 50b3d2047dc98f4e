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


def test_a_circle_of_parents_names_each_of_its_rows(house: House, table: Callable[..., Path]) -> None:
    with pytest.raises(Refused) as refused:
        import_units(house, ImportUnits(path=table(HEADER, "a,A,,,b,,,", "b,B,,,a,,,", "c,C,,,a,,,")), silent)
    assert [(problem.code, problem.row) for problem in refused.value.problems] == [("cycle", 2), ("cycle", 3)]
