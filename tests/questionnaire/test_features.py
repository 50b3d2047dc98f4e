"""The table of XLSForm features says the truth: what it calls supported is tested, what it calls refused is refused."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from made_workbooks import form, place, remarks, sheets, xlsx
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from surveys.problem import Refused
from surveys.questionnaire.features import FEATURES, Feature, Status, table
from surveys.questionnaire.functions import FUNCTIONS, NOT_HERE
from surveys.questionnaire.node import FORM_FUNCTIONS
from surveys.questionnaire.nodesets import NODE_FUNCTIONS
from surveys.questionnaire.rowtype import row_type
from surveys.questionnaire.xlsform import read_form

TESTS = Path(__file__).parents[1]
DOCUMENTED = TESTS.parent / "docs" / "xlsform.md"
LIST = "list_name|name|label\nl|a|A\nl|b|B"


def features(kind: str, status: Status) -> list[Feature]:
    return [feature for feature in FEATURES if (feature.kind, feature.status) == (kind, status)]


def ids(feature: Feature) -> str:
    return f"{feature.kind}-{feature.name}"


@cache
def named_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("feature", [f for f in FEATURES if f.status is Status.SUPPORTED], ids=ids)
def test_each_supported_feature_names_a_test_that_there_is(feature: Feature) -> None:
    file, _, test = feature.test.partition("::")
    assert test in named_in(file)


@pytest.mark.parametrize("feature", [f for f in FEATURES if f.status is not Status.SUPPORTED], ids=ids)
def test_what_is_not_supported_names_no_test(feature: Feature) -> None:
    assert feature.test == ""


def test_no_name_stands_twice_in_the_table() -> None:
    names = [(feature.kind, feature.name) for feature in FEATURES]
    assert len(set(names)) == len(names)


def test_the_documentation_is_the_table() -> None:
    """`make features` writes it anew."""
    assert DOCUMENTED.read_text(encoding="utf-8") == table()


@pytest.mark.parametrize("feature", features("type", Status.REFUSED), ids=ids)
def test_each_refused_type_is_refused_by_row_with_what_to_do(feature: Feature) -> None:
    written = feature.name.replace("_loop", " loop over l")
    rows = f"type|name|label\ntext|a|A?\n{written} l|q|Q?" if "loop" not in written else (
        f"type|name|label\ntext|a|A?\n{written}|q|Q?\ntext|b|B?\nend loop||"
    )  # fmt: skip
    if "select" not in written and "loop" not in written:
        rows = f"type|name|label\ntext|a|A?\n{written}|q|Q?"
    with pytest.raises(Refused) as caught:
        read_form("f.xlsx", xlsx(sheets(rows, LIST)))
    (problem,) = caught.value.problems
    assert place(problem) == ("unsupported_type", "survey", 3, "type")
    assert problem.fix.text("en")
    assert problem.fix.text("zh") != problem.fix.text("en")


@pytest.mark.parametrize("feature", features("function", Status.REFUSED), ids=ids)
def test_each_refused_function_is_refused_by_row_with_what_to_do(feature: Feature) -> None:
    rows = f"type|name|label|calculation\ntext|a|A?|\ncalculate|c||{feature.name}(${{a}})"
    with pytest.raises(Refused) as caught:
        read_form("f.xlsx", xlsx(sheets(rows)))
    (problem,) = caught.value.problems
    assert place(problem) == ("unsupported_function", "survey", 3, "calculation")
    assert problem.fix.text("zh") != problem.fix.text("en")


def test_the_refused_appearance_is_refused_by_row_with_what_to_do() -> None:
    (feature,) = features("appearance", Status.REFUSED)
    with pytest.raises(Refused) as caught:
        form(f"type|name|label|appearance\nselect_one l|q|Q?|{feature.name.replace('…', '1')}", LIST)
    assert [place(problem) for problem in caught.value.problems] == [
        ("unsupported_appearance", "survey", 2, "appearance")
    ]


@pytest.mark.parametrize("feature", features("type", Status.IGNORED), ids=ids)
def test_each_ignored_type_changes_nothing(feature: Feature) -> None:
    name = "audit" if feature.name == "audit" else "m"
    trigger = "${q}" if feature.name == "background-geopoint" else ""
    read = form(f"type|name|label|trigger\ntext|q|Q?|\n{feature.name}|{name}||{trigger}")
    assert [question.name for question in read.questions] == ["q"]


@pytest.mark.parametrize("feature", features("appearance", Status.IGNORED), ids=ids)
def test_each_ignored_appearance_leaves_the_question_as_it_is(feature: Feature) -> None:
    written = feature.name.replace("-n", "-2").replace("ex:… / intent", "ex:org.app(a='1')")
    read = form(f"type|name|label|appearance\nselect_one l|q|Q?|{written}", LIST)
    assert [choice.name for choice in read.question("q").choices] == ["a", "b"]


@pytest.mark.parametrize("setting", [f for f in features("setting", Status.IGNORED) if f.note == "warned of"], ids=ids)
def test_a_setting_somebody_might_count_on_is_warned_of(setting: Feature) -> None:
    assert remarks("type|name|label\ntext|q|Q?", "", f"{setting.name}\nx") == [("ignored", "settings", 2, setting.name)]


@pytest.mark.parametrize("sheet", features("sheet", Status.IGNORED), ids=ids)
def test_a_sheet_that_is_not_used_is_warned_of(sheet: Feature) -> None:
    made = sheets("type|name|label\ntext|q|Q?")
    made[sheet.name] = [["list_name", "name"], ["x", "y"]]
    from surveys.questionnaire.xlsform import inspect_form

    _, problems = inspect_form("f.xlsx", xlsx(made))
    assert [(problem.code, problem.sheet) for problem in problems] == [("ignored", sheet.name)]


def test_every_function_that_is_answered_or_refused_stands_in_the_table() -> None:
    known = {*FUNCTIONS, *NODE_FUNCTIONS, *FORM_FUNCTIONS, "current"}
    assert {feature.name for feature in features("function", Status.SUPPORTED)} == known
    assert {feature.name for feature in features("function", Status.REFUSED)} == set(NOT_HERE)


def test_every_type_of_pyxform_is_known_here() -> None:
    """In every spelling: none is called unknown, and what is asked is asked as pyxform means it."""
    with_list = {name for name in QUESTION_TYPE_DICT if "select" in name or name == "rank"}
    unknown = [
        name
        for name in QUESTION_TYPE_DICT
        if row_type(f"{name} l" if name in with_list else name).code == "unknown_type"
    ]
    assert unknown == []
