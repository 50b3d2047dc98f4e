"""Any table is estimated from as its columns say, and what is wrong with it is said with its row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from surveys.problem import Refused
from surveys.statistics.dataset import read_dataset
from surveys.statistics.estimating import Answer, estimate
from surveys.statistics.raking import read_totals
from surveys.statistics.wanted import Quantity, Wanted

TOTALS = "variable,level,total\ng,a,10\ng,b,20\n"


def asked(text: str, wanted: Wanted, totals: str = "") -> Answer:
    known = read_totals("totals.csv", totals.encode()) if totals else None
    return estimate(read_dataset("x.csv", text.encode()), wanted, known)


def figures(text: str, wanted: Wanted, totals: str = "") -> list[dict[str, Any]]:
    """Return the rows as the command prints them; never NaN."""
    rows = [row.as_json() for row in asked(text, wanted, totals).rows]
    json.dumps(rows, allow_nan=False)
    return rows


@pytest.mark.parametrize(
    ("text", "wanted", "totals", "line"),
    [
        ("y,w\n1,2\n2,-1\n", Wanted("y", weight="w"), "", "x.csv, row 3, w: -1 does not fit here."),
        ("y,w\n1,0\n2,0\n", Wanted("y", weight="w"), "", "x.csv, row 2, w: All weights are zero."),
        ("y,w\n1,0\nNA,1\n", Wanted("y", weight="w"), "", "x.csv, row 2, y: There is no value in any row."),
        ("y,w\n1,2\n2,NaN\n", Wanted("y", weight="w"), "", "x.csv, row 3, w: There is no value."),
        ("y,w\n1,2\n2,inf\n", Wanted("y", weight="w"), "", "x.csv, row 3, w: “inf” is no number"),
        ("y,w\n1,2\n2,1e999\n", Wanted("y", weight="w"), "", "x.csv, row 3, w: “1e999” is no number"),
        ("y\n1\nsome\n", Wanted("y"), "", "x.csv, row 3, y: “some” is no number"),
        ("value\n1\n", Wanted("vale"), "", "x.csv, row 1, vale: There is no column vale. Did you mean value?"),
        ("y\n1\n", Wanted("y", by="zzz"), "", "x.csv, row 1, zzz: There is no column zzz. The columns are: y."),
        ("y,z\nNA,1\n,1\n", Wanted("y"), "", "x.csv, row 2, y: There is no value in any row."),
        ("y,N\n1,0\n2,0\n", Wanted("y", fpc="N"), "", "x.csv, row 2, N: 0 does not fit here."),
        ("y,N\n1,1\n2,1\n", Wanted("y", fpc="N"), "", "x.csv, row 2, N: The population is 1, but 2 were drawn."),
        ("y,N\n1,10\n2,20\n", Wanted("y", fpc="N"), "", "x.csv, row 3, N: The population is 20 here and 10 above."),
        ("y,s\n1,a\n2,\n", Wanted("y", stratum="s"), "", "x.csv, row 3, s: There is no value."),
        ("y,p\n1,a\n2,\n", Wanted("y", psu="p"), "", "x.csv, row 3, p: There is no value."),
        ("y\n", Wanted("y"), "", "x.csv, row 1: There is a header and no row of data."),
        ("", Wanted("y"), "", "x.csv: The file is empty"),
        ("y,g\n1,a,9\n", Wanted("y"), "", "x.csv, row 2: The row has more cells than the header."),
        ("y,x\n1,0\n2,0\n", Wanted("y", Quantity.RATIO, "x"), "", "x.csv, row 2, x: The denominator adds up to zero."),
        ("y,x\n1,0\n", Wanted("y", Quantity.RATIO), "", "A ratio needs a denominator."),
        ("y,g\n1,a\n2,b\n", Wanted("y", by="g", difference=("a", "c")), "", "x.csv, g: No row belongs to the group c."),
        ("y\n1\n2\n", Wanted("y", difference=("a", "c")), "", "A difference is between two groups"),
        ("y,g\n1,a\n2,b\n3,c\n", Wanted("y"), TOTALS, "x.csv, row 4, g: totals.csv has no total for c of g."),
        ("y,g\n1,a\n2,a\n", Wanted("y"), TOTALS, "totals.csv, row 3, level: No row of the data has b of g."),
        ("y,g,w\n1,a,0\n2,b,1\n", Wanted("y", weight="w"), TOTALS, "x.csv, w: All rows of a of g have the weight 0."),
        ("y,h\n1,a\n2,a\n", Wanted("y"), TOTALS, "x.csv, row 1, g: There is no column g."),
        (
            "y,g,h\n1,a,x\n2,b,x\n",
            Wanted("y"),
            TOTALS + "h,x,40\n",
            "totals.csv, row 4, total: The totals of h add up to 40, those of g to 30.",
        ),
        ("y,g\n1,a\n", Wanted("y"), "variable,level,total\ng,a,0\n", "totals.csv, row 2, total: 0 does not fit here."),
        (
            "y,g\n1,a\n",
            Wanted("y"),
            "variable,level,total\ng,a,5\ng,a,6\n",
            "totals.csv, row 3, level: a of g has a total already.",
        ),
        (
            "y,g,h\n1,a,x\n2,a,x\n3,b,z\n",
            Wanted("y"),
            TOTALS + "h,x,15\nh,z,15\n",
            "totals.csv: No weights meet all these totals at once.",
        ),
    ],
)
def test_what_cannot_be_used_is_one_line_with_its_place(text: str, wanted: Wanted, totals: str, line: str) -> None:
    with pytest.raises(Refused) as refused:
        asked(text, wanted, totals)
    [problem] = refused.value.problems
    assert problem.text().startswith(line)


def test_a_column_of_texts_gives_a_row_for_each_level() -> None:
    rows = figures("y\nyes\nno\nyes\nNA\nyes\n", Wanted("y", Quantity.PROPORTION))
    assert [(row["level"], row["estimate"], row["n"]) for row in rows] == [("no", 0.25, 4), ("yes", 0.75, 4)]


def test_a_column_of_zeros_and_ones_gives_both_levels_in_every_group() -> None:
    rows = figures("y,g\n0,a\n1,a\n1,b\n1,b\n", Wanted("y", Quantity.PROPORTION, by="g"))
    found = [(row["by"], row["level"], row["estimate"]) for row in rows]
    assert found == [("a", "0", 0.5), ("a", "1", 0.5), ("b", "0", 0.0), ("b", "1", 1.0)]


def test_groups_and_levels_that_are_numbers_stand_by_size() -> None:
    rows = figures("y,g\n1,10\n2,9\n3,100\n", Wanted("y", by="g"))
    assert [row["by"] for row in rows] == ["9", "10", "100"]


def test_a_stratum_of_one_is_joined_with_another_and_it_is_said() -> None:
    answer = asked("y,s,w\n1,a,2\n2,a,3\n3,b,3\n", Wanted("y", weight="w", stratum="s"))
    [note] = answer.notes
    assert note.text().startswith("x.csv, row 4, s: Stratum b has a single row, which shows no spread.")
    [row] = answer.rows
    assert row.estimate.se is not None
    assert row.estimate.df == 2


def test_a_stratum_that_was_asked_in_full_by_asking_its_one_member_adds_no_error() -> None:
    alone = Wanted("y", stratum="s", fpc="N")
    answer = asked("y,s,N\n1,a,10\n2,a,10\n4,a,10\n9,b,1\n", alone)
    assert answer.notes == ()
    without = asked("y,s,N\n1,a,10\n2,a,10\n4,a,10\n", alone)
    [with_it], [alone_row] = answer.rows, without.rows
    assert with_it.estimate.se is not None
    assert alone_row.estimate.se is not None
    assert with_it.estimate.se == pytest.approx(alone_row.estimate.se * 10 / 11)


def test_without_weights_everybody_in_a_stratum_stands_for_as_many_as_were_not_asked() -> None:
    [row] = figures("y,s,N\n1,a,10\n3,a,10\n5,b,6\n7,b,6\n", Wanted("y", Quantity.TOTAL, stratum="s", fpc="N"))
    assert row["estimate"] == pytest.approx(2 * 10 + 6 * 6)


def test_a_single_row_has_an_estimate_and_no_error() -> None:
    answer = asked("y\n5\n", Wanted("y"))
    assert answer.rows[0].as_json() == {
        "estimate": 5.0, "se": None, "ci_low": None, "ci_high": None, "deff": None, "n": 1, "df": 0, "interval": "",
    }  # fmt: skip
    assert [note.code for note in answer.notes] == ["no_error"]


def test_missing_values_leave_the_figures_and_are_counted() -> None:
    answer = asked("y,g\n1,a\nNA,a\n3,b\n.,b\n", Wanted("y"))
    assert answer.rows[0].estimate.n == 2
    assert answer.notes[0].text().startswith("x.csv, row 3, y: 2 rows have no value here")


def test_a_table_in_gb18030_is_read_with_its_chinese_names() -> None:
    data = read_dataset("x.csv", "评分,街道\n1,东街\n3,东街\n".encode("gb18030"))
    [row] = estimate(data, Wanted("评分", by="街道")).rows
    assert (row.by, row.estimate.value) == ("东街", 2.0)


def test_quantiles_are_as_many_as_are_asked_for() -> None:
    rows = figures("y\n1\n2\n3\n4\n5\n", Wanted("y", Quantity.QUANTILE, quantiles=(0.25, 0.5)))
    assert [(row["quantile"], row["estimate"]) for row in rows] == [(0.25, 2.0), (0.5, 3.0)]


def test_rounded_totals_are_brought_to_one_sum() -> None:
    text = "y,g,h\n1,a,x\n2,a,z\n3,b,x\n4,b,z\n"
    [row] = figures(text, Wanted("y", Quantity.TOTAL), TOTALS + "h,x,10\nh,z,20.01\n")
    assert row["estimate"] == pytest.approx(10 * 1 / 3 + 2 * 10 * 2 / 3 + 3 * 20 / 3 + 4 * 20 * 2 / 3, rel=1e-3)


def test_a_ratio_of_a_group_without_a_denominator_is_none_and_not_nan() -> None:
    rows = figures("y,x,g\n1,0,a\n1,0,a\n1,1,b\n2,3,b\n", Wanted("y", Quantity.RATIO, "x", by="g"))
    assert [row["estimate"] for row in rows] == [None, 0.75]


def test_a_row_of_weight_zero_stays_in_the_design_and_counts_for_no_figure() -> None:
    # R: svymean(~y, svydesign(~1, strata = ~s, weights = ~w)), the variance spelled out as Taylor's.
    rows = [(3, "a", 2), (7, "a", 0), (5, "a", 4), (1, "b", 3), (2, "b", 1), (9, "b", 0), (4, "b", 2)]
    text = "y,s,w\n" + "".join(f"{y},{s},{w}\n" for y, s, w in rows)
    answer = asked(text, Wanted("y", weight="w", stratum="s"))
    whole = sum(w for *_, w in rows)
    mean = sum(y * w for y, _, w in rows) / whole
    variance = 0.0
    for stratum in "ab":
        parts = [w * (y - mean) / whole for y, s, w in rows if s == stratum]
        size, middle = len(parts), sum(parts) / len(parts)
        variance += size / (size - 1) * sum((part - middle) ** 2 for part in parts)
    [row] = answer.rows
    assert row.estimate.value == pytest.approx(mean)
    assert row.estimate.se == pytest.approx(variance**0.5)
    assert (row.estimate.n, row.estimate.df) == (5, 3)
    [note] = answer.notes
    assert note.text().startswith("x.csv, row 3, w: 2 rows have the weight 0: they stay in the design")


def test_an_answer_of_weight_zero_does_not_make_answers_differ() -> None:
    [row] = asked("y,w\n4,1\n4,2\n9,0\n", Wanted("y", weight="w")).rows
    assert (row.estimate.value, row.estimate.low, row.estimate.n) == (4.0, None, 2)


def test_thousands_of_strata_of_one_are_one_line_with_a_few_of_their_names() -> None:
    rows = "".join(f"{n % 7},s{n},50\n" for n in range(3000)) + "1,big,9\n3,big,9\n"
    answer = asked("y,s,N\n" + rows, Wanted("y", stratum="s", fpc="N"))
    [note] = answer.notes
    said = note.text()
    assert said.startswith(
        "x.csv, row 2, s: 3000 strata have a single row, which shows no spread: s0, s1, s2, s3, s4, …"
    )
    assert len(said) < 250
    [row] = answer.rows
    assert row.estimate.df == 3002 - 2


def test_a_few_strata_of_one_are_all_named() -> None:
    answer = asked("y,s\n1,a\n2,b\n3,c\n4,c\n", Wanted("y", stratum="s"))
    [note] = answer.notes
    assert "2 strata have a single row, which shows no spread: a, b. Their error" in note.text()
