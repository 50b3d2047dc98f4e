"""What scoring reads of a questionnaire: dimension and points, kept in the form and in its record."""

from __future__ import annotations

import json

import pytest

from surveys.problem import Refused
from surveys.questionnaire.record import form_text, read_form_text
from surveys.questionnaire.templates import template_form
from surveys.questionnaire.xlsform import read_form

HEAD = "survey,,,,\n,type,name,label,dimension\n,select_one s,q,How is it?,服务态度\nchoices,,,,\n"


def form(points: str, more: str = "") -> bytes:
    return (f"{HEAD},list_name,name,label,points\n,s,good,Good,{points}\n,s,unknown,Not sure,\n{more}").encode()


@pytest.mark.parametrize(("cell", "points"), [("100", 100), ("1.5", 1.5), ("-3", -3), ("０", 0), (" 7 ", 7)])
def test_points_and_dimension_are_read_and_an_empty_cell_is_no_valid_vote(cell: str, points: float) -> None:
    question = read_form("f.csv", form(cell)).question("q")
    assert question.dimension == "服务态度"
    assert [choice.points for choice in question.choices] == [points, None]


@pytest.mark.parametrize("cell", ["ten", "nan", "inf", "1e999", "3 points"])
def test_points_that_are_no_number_are_refused_with_row_and_fix(cell: str) -> None:
    with pytest.raises(Refused) as caught:
        read_form("f.csv", form(cell))
    (problem,) = caught.value.problems
    assert (problem.code, problem.row, problem.field) == ("not_a_number", 6, "points")
    assert "no valid vote" in str(problem.fix)


def test_a_filter_may_still_ask_for_the_points_of_a_choice() -> None:
    text = form("100").decode().replace(",dimension\n", ",dimension,choice_filter\n")
    text = text.replace("服务态度\n", "服务态度,points > 50\n")
    (question,) = read_form("f.csv", text.encode()).questions
    assert question.choices[0].columns == {"points": "100"}


def test_a_form_keeps_points_and_dimension_in_its_record_and_an_older_record_still_loads() -> None:
    stored = template_form("conduct_a")
    assert read_form_text(form_text(stored)) == stored
    older = json.loads(form_text(stored))
    for question in older["questions"]:
        del question["dimension"]
        for choice in question["choices"]:
            del choice["points"]
    loaded = read_form_text(json.dumps(older))
    assert loaded.question("duty@1").dimension == ""
    assert loaded.question("duty@1").choices[0].points is None
