"""Outcome rates of any table of codes and counts: counted, weighted, by stratum."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.problem import Refused
from surveys.statistics.dataset import read_dataset
from surveys.statistics.outcomes import check_e, outcomes

WORKED = "code,count\n1.1,412\n1.2,38\n2.11,71\n2.20,164\n2.30,12\n3.10,243\n4.10,60\n"


def rates(text: str, e: float | None = None) -> dict[str, Any]:
    return outcomes(read_dataset("x.csv", text.encode()), e).as_json()


@pytest.mark.parametrize(
    ("rate", "value"),
    [
        ("RR1", 0.4383), ("RR2", 0.4787), ("RR3", 0.4475), ("RR4", 0.4887), ("RR5", 0.5911), ("RR6", 0.6456),
        ("COOP1", 0.7730), ("REF1", 0.0755), ("REF2", 0.0771), ("CON1", 0.5670), ("CON2", 0.5789), ("e", 0.92074),
    ],
)  # fmt: skip
def test_the_worked_example_of_a_thousand_drawn(rate: str, value: float) -> None:
    assert rates(WORKED)[rate] == pytest.approx(value, abs=5e-5)


def test_counts_are_told_by_letter() -> None:
    counts = {"I": 412, "P": 38, "R": 71, "NC": 164, "O": 12, "UH": 243, "UO": 0, "NE": 60}
    assert rates(WORKED)["counts"] == counts
    letters = "code,count\n" + "".join(f"{letter},{count}\n" for letter, count in counts.items())
    assert rates(letters) == rates(WORKED)


def test_a_row_without_a_count_is_one_person() -> None:
    assert rates("code\n1.1\n1.1\n2.11\n3.10\n")["RR1"] == 0.5


def test_a_weight_is_that_of_each_person_of_its_row() -> None:
    found = rates("code,count,weight\n1.1,10,3\n2.20,30,1\n")
    assert (found["RR1"], found["weighted"]["RR1"]) == (0.25, 0.5)
    assert found["weighted"]["counts"]["I"] == 30


def test_every_stratum_has_its_own_rates_and_its_own_e() -> None:
    found = rates("code,count,stratum\n1.1,5,a\n3.10,5,a\n1.1,5,b\n4.10,5,b\n3.10,10,b\n")
    assert (found["strata"]["a"]["e"], found["strata"]["b"]["e"]) == (1.0, 0.5)
    assert (found["strata"]["a"]["RR3"], found["strata"]["b"]["RR3"]) == (0.5, 0.5)


def test_e_may_be_given() -> None:
    assert rates(WORKED, 0.0)["RR3"] == rates(WORKED)["RR5"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("code,count\n1.1,1\n9.9,1\n", "x.csv, row 3, code: “9.9” is no AAPOR disposition code."),
        ("code,count\n1.1,-1\n", "x.csv, row 2, count: -1 does not fit here."),
        ("code,count\n1.1,few\n", "x.csv, row 2, count: “few” is no number"),
        ("code,count,weight\n1.1,1,0\n", "x.csv, row 2, weight: 0 does not fit here."),
        ("code,count\n1.1,0\n", "x.csv, row 2, count: All counts are zero."),
        (
            "codes,count\n1.1,1\n",
            "x.csv, row 1, code: There is no column code. If codes holds AAPOR's codes, rename it to",
        ),
        (
            "what,count\n1.1,1\n",
            "x.csv, row 1, code: There is no column code. Name the column that holds AAPOR's codes",
        ),
        ("code,人数,count\n1.1,1,1\n", "x.csv, row 1, count: Two columns mean the same: 人数 and count."),
        ("代码,人数\n1.1,1\n9.9,1\n", "x.csv, row 3, 代码: “9.9” is no AAPOR disposition code."),
        ("code,count,stratum\n1.1,1,\n", "x.csv, row 2, stratum: There is no value."),
    ],
)
def test_what_cannot_be_counted_is_one_line_with_its_row(text: str, line: str) -> None:
    with pytest.raises(Refused) as refused:
        rates(text)
    [problem] = refused.value.problems
    assert problem.text().startswith(line)


def test_e_is_a_share() -> None:
    with pytest.raises(Refused, match="share from 0 to 1"):
        check_e(1.5)


def test_unknown_households_and_other_unknowns_are_counted_apart_and_enter_the_rates_as_one() -> None:
    found = rates("code,count\n1.1,50\n3.10,10\n3.19,5\n3.20,20\n3.30,10\n3.90,5\n")
    assert (found["counts"]["UH"], found["counts"]["UO"]) == (15, 35)
    assert found["RR1"] == 0.5
    letters = rates("code,count\nI,50\nUH,15\nUO,35\n")
    assert letters == found


def test_chinese_headers_are_the_same_columns() -> None:
    english = rates("code,count,weight,stratum\n1.1,10,3,a\n2.20,30,1,b\n")
    for headers in ("代码,人数,权重,层", "代码,件数,权重,层面", "代码,数量,权数,分层", " Code ,COUNT,weight,Stratum"):
        assert rates(f"{headers}\n1.1,10,3,a\n2.20,30,1,b\n") == english


def test_columns_that_mean_nothing_are_named() -> None:
    assert rates("code,remark\n1.1,done\n2.20,silent\n")["unread"] == ["remark"]
    assert rates("code,age\n1.1,31\n1.1,40\n2.20,55\n")["unread"] == ["age"], "a row a person"
    assert "unread" not in rates(WORKED)


@pytest.mark.parametrize("header", ["counts", "人口"])
def test_counts_under_an_unknown_name_are_asked_about_and_not_taken_for_one_each(header: str) -> None:
    with pytest.raises(Refused, match=f"no column count, and {header} holds numbers.*rename it to count or 数量"):
        rates(f"code,{header}\n1.1,100\n3.1,50\n")


def test_e_tells_which_formula_and_which_counts_it_is_from() -> None:
    source = rates(WORKED)["e_from"]
    assert source == {
        "given": False,
        "formula": "(I + P + R + NC + O) / (I + P + R + NC + O + NE)",
        "eligible": 412 + 38 + 71 + 164 + 12,
        "known": 412 + 38 + 71 + 164 + 12 + 60,
    }
    assert rates(WORKED)["e"] == source["eligible"] / source["known"]
    assert rates(WORKED, 0.9)["e_from"] == {"given": True}
