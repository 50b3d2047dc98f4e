"""What units say of themselves: read row by row, every fault with its row, and the gap to what residents say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire.workbook import read_table
from surveys.scoring.selfscore import Handed, SelfScore, gap, read_self_scores
from surveys.statistics.estimates import Estimate
from surveys.units.directory import Unit

UNITS = (Unit("U1", "水务局", "Water Office"), Unit("U2", "城管局"))


def read(text: str, *, encoding: str = "utf-8") -> Handed:
    table = read_table("own.csv", text.encode(encoding))
    return read_self_scores(table, UNITS, lowest=0, highest=100, file="own.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_unit_is_told_by_its_id_or_one_of_its_names(encoding: str) -> None:
    handed = read("单位,自评分\nU1,98\n城管局,95.5\n", encoding=encoding)
    assert handed.problems == ()
    assert handed.scores == (SelfScore("U1", 98.0), SelfScore("U2", 95.5))


@pytest.mark.parametrize(
    ("text", "row", "code"),
    [
        pytest.param("unit,mark\nU1,90\n", 1, "missing_column", id="no column of scores"),
        pytest.param("unit,score\n", 1, "no_rows", id="nothing below the header"),
        pytest.param("unit,score\nU1,90\nU9,80\n", 3, "unknown_unit", id="a unit nobody rates"),
        pytest.param("unit,score\nU1,90\n水务局,80\n", 3, "duplicate_unit", id="one unit by id and by name"),
        pytest.param("unit,score\nU1,\n", 2, "not_a_score", id="an empty cell is not zero"),
        pytest.param("unit,score\nU1,优秀\n", 2, "not_a_score", id="a word"),
        pytest.param("unit,score\nU1,101\n", 2, "not_a_score", id="above the scale"),
        pytest.param("unit,score\nU1,-1\n", 2, "not_a_score", id="below the scale"),
        pytest.param("unit,score\nU1,nan\n", 2, "not_a_score", id="not a number"),
        pytest.param("unit,score\nU1,1e400\n", 2, "not_a_score", id="infinite"),
    ],
)
def test_what_cannot_be_taken_is_one_line_with_its_row(text: str, row: int, code: str) -> None:
    (problem,) = read(text).problems
    assert (problem.code, problem.row) == (code, row)
    assert "\n" not in problem.text("zh") + problem.text("en")
    assert problem.text("zh") != problem.text("en")


@pytest.mark.parametrize(
    ("low", "high", "own", "overrated"),
    [
        pytest.param(70.0, 80.0, 95.0, True, id="the whole interval lies below its own score"),
        pytest.param(70.0, 80.0, 75.0, None, id="the interval holds its own score: nothing is claimed"),
        pytest.param(70.0, 80.0, 60.0, False, id="residents think better of it"),
        pytest.param(None, None, 60.0, None, id="no interval, no claim"),
    ],
)
def test_a_gap_is_claimed_only_beyond_chance(
    low: float | None,
    high: float | None,
    own: float,
    overrated: bool | None,  # noqa: FBT001 - a parameter
) -> None:
    found = gap(Estimate(50, 75.0, 2.5, low, high, 40), own)
    assert found is not None
    assert found.overrated is overrated
    assert found.gap.value == 75.0 - own


def test_without_a_public_score_there_is_no_gap() -> None:
    assert gap(Estimate(3), 90.0) is None


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 10))
def test_a_gap_has_the_error_of_the_public_score_alone(value: float, own: float, reach: float) -> None:
    public = Estimate(50, value, reach / 2, value - reach, value + reach, 40)
    found = gap(public, own)
    assert found is not None
    assert found.gap.se == public.se
    assert found.gap.low is not None
    assert found.gap.high is not None
    assert found.gap.high - found.gap.low == pytest.approx(2 * reach, abs=1e-9)
