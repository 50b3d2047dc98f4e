"""Mistakes that leave a workbook well formed are told in the same pass as those that do not, each at its cell."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from made_workbooks import form, place, sheets, xlsx

from surveys.campaign.formcheck import CheckedForm, check_form
from surveys.questionnaire.xlsform import examine_form

SURVEY = """
type|name|label::中文 (zh)|label::English (en)|relevant|constraint|default
select_one yes_no|ok|好不好？|All right?|||
text|why|为什么？|Why?|${ok} = 'maybe'||
text|full|请您打满分|Your remarks?|||
integer|often|几次？|How often?|||abc
integer|none|几次？|How many?||. > 5 and . < 3|
select_multiple m|some|选哪些？|Which ones?|||
text|more|还有呢？|What else?|${some} = 'x'||
date|day|哪天？|Which day?|||2026-13-01
text||您好|Hello?|||
text|long|中文|English||. >=|
select_multiple ghost|gone|选哪些？|Which?|||
"""
CHOICES = """
list_name|name|label::中文 (zh)|label::English (en)|synonyms
yes_no|yes|是|Yes|
yes_no|no|否|No|是
yes_no|may be|是|Perhaps|
m|stop|退订|End it|
m|x|第一项|First|
m|y|这是一个长得在按钮上根本放不下的选项名称啊啊啊|Second|
spare|help|帮助|Aid|
"""
SETTINGS = """
form_title|form_id|default_language
错|bad form!|法文 (fr)
"""
ZH = "label::中文 (zh)"
PLANTED = [
    ("unknown_option", "survey", 3, "relevant"),
    ("leading_wording", "survey", 4, ZH),
    ("bad_default", "survey", 5, "default"),
    ("unanswerable", "survey", 6, "constraint"),
    ("whole_selection", "survey", 8, "relevant"),
    ("bad_default", "survey", 9, "default"),
    ("missing_name", "survey", 10, "name"),
    ("syntax", "survey", 11, "constraint"),
    ("missing_list", "survey", 12, "type"),
    ("synonym_taken", "choices", 3, "synonyms"),
    ("blank_in_name", "choices", 4, "name"),
    ("same_label", "choices", 4, ZH),
    ("option_is_command", "choices", 5, ZH),
    ("long_option", "choices", 7, ZH),
    ("option_is_command", "choices", 8, ZH),
    ("bad_form_id", "settings", 2, "form_id"),
    ("unknown_language", "settings", 2, "default_language"),
]


def checked(survey: str, choices: str = "", settings: str = "") -> CheckedForm:
    examined = examine_form("form.xlsx", xlsx(sheets(survey, choices, settings)))
    return check_form(examined, file="form.xlsx", now=datetime(2026, 11, 2, tzinfo=UTC), random=Random(7))


def test_mistakes_of_meaning_are_told_beside_those_of_form_in_the_order_of_the_workbook() -> None:
    assert [place(problem) for problem in checked(SURVEY, CHOICES, SETTINGS).problems] == PLANTED


def test_a_form_that_is_refused_is_not_talked_through() -> None:
    assert checked(SURVEY, CHOICES, SETTINGS).lengths == {}


@pytest.mark.parametrize(
    ("constraint", "possible", "why"),
    [
        (". > 5 and . < 3", False, "nothing is above five and below three"),
        (". > 3 and . < 5", True, "four"),
        (". < 0", True, "a number below zero"),
        (". < -5", True, "minus six"),
        (". = 1 or . = 2", True, "both"),
        (". >= 100 and . <= 100", True, "exactly one"),
    ],
)
def test_a_constraint_is_called_impossible_only_if_no_number_satisfies_it(
    constraint: str,
    *,
    possible: bool,
    why: str,
) -> None:
    found = checked(f"type|name|label|constraint\ninteger|n|How many?|{constraint}").problems
    assert ("unanswerable" not in {problem.code for problem in found}) is possible, why


def test_options_that_a_filter_parts_may_read_the_same() -> None:
    survey = "type|name|label|choice_filter\nselect_one t|town|Which town?|\nselect_one v|place|Where?|of = ${town}"
    choices = "list_name|name|label|of\nt|a|A|\nt|b|B|\nv|c|East|a\nv|d|East|b"
    assert checked(survey, choices).problems == ()


@pytest.mark.parametrize(
    ("kind", "default"),
    [("integer", "5"), ("integer", "-5"), ("decimal", "1.5"), ("date", "2026-01-31"), ("time", "08:30"), ("text", "a")],
)
def test_a_default_that_its_question_takes_is_taken(kind: str, default: str) -> None:
    assert form(f"type|name|label|default\n{kind}|q|Q?|{default}").question("q").default
