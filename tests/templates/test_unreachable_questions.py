"""Questions nobody can be asked: found where that is certain, and claimed nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from surveys.questionnaire.reachable import unreachable
from surveys.questionnaire.templates import names, template_form
from surveys.questionnaire.xlsform import read_form

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
HEAD = """survey,,,,,,
,type,name,label,relevant,constraint,calculation
,select_one yes_no,a,A?,,,
,select_multiple kind,b,B?,${a} = 'yes',,
,integer,n,N?,,. >= 18 and . <= 60,
,text,t,T?,,,
,calculate,c,,,,${n} * 2
"""
TAIL = """choices,,,,,,
,list_name,name,label
,yes_no,yes,Yes
,yes_no,no,No
,kind,x,X
,kind,y,Y
"""


def found(*rows: str) -> list[str]:
    text = HEAD + "".join(f",{row}\n" for row in rows) + TAIL
    return [str(problem.what.fields["name"]) for problem in unreachable(read_form("f.csv", text.encode()), NOW)]


@pytest.mark.parametrize(
    ("relevant", "why"),
    [
        ("${a} = 'yes' and ${a} = 'no'", "one option at a time"),
        ("${a} = 'perhaps'", "there is no such option"),
        ("${a} = 'no' and selected(${b}, 'x')", "b is asked only after yes"),
        ("selected(${b}, 'z')", "nor such a choice"),
        ("${n} < 18 and ${n} != ''", "the constraint refuses it"),
        ("${n} > 60", "nor above"),
        ("${n} > 30 and ${n} < 20", "no number is both"),
        ("${n} > 30 and ${n} < 31", "no whole number lies between"),
        ("${t} = 'm' and ${t} = 'k'", "one text at a time"),
        ("not(${a} = 'yes') and not(${a} = 'no') and ${a} != ''", "there is no third"),
        ("false()", "never"),
    ],
)
def test_a_condition_that_can_never_hold_is_found(relevant: str, why: str) -> None:
    assert found(f'text,z,Z?,"{relevant}",,') == ["z"], why


@pytest.mark.parametrize(
    ("relevant", "why"),
    [
        ("${a} = 'yes'", ""),
        ("${a} = ''", "a may be skipped"),
        ("selected(${b}, 'x') and selected(${b}, 'y')", "both may be chosen"),
        ("${n} >= 18 and ${n} < 19", "18 itself"),
        ("${n} = 60", "the edge"),
        ("${t} != ''", ""),
        ("${t} = 'm'", ""),
        ("${c} = 7", "what is calculated is not looked through"),
        ("count-selected(${b}) = 9", "nor what other functions return"),
        ("string-length(${t}) > 100", ""),
        ("${n} + 1 = 500", "nor sums"),
        ("today() < '2020-01-01'", "nor the day"),
    ],
)
def test_nothing_is_claimed_of_a_condition_that_holds_or_cannot_be_settled(relevant: str, why: str) -> None:
    assert found(f'text,z,Z?,"{relevant}",,') == [], why


def test_a_question_in_a_group_that_is_never_entered_is_found() -> None:
    rows = ("begin group,g,,\"${a} = 'yes' and ${a} = 'no'\",,", "text,z,Z?,,,", "end group,,,,,")
    assert found(*rows) == ["z"]


def test_a_question_behind_one_that_is_never_asked_is_never_asked_either() -> None:
    rows = ("text,y,Y?,${a} = 'perhaps',,", "text,z,Z?,${y} = 'm',,")
    assert found(*rows) == ["y", "z"]


@pytest.mark.parametrize("name", names())
def test_every_question_of_a_template_can_be_reached(name: str) -> None:
    assert unreachable(template_form(name), NOW) == ()
