"""What a cell says: names beside what the chat reads, and never a guess between two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.dialogue.reading import Reading
from surveys.modes.cells import Unread, read_cell
from surveys.modes.filling import fill_in
from surveys.questionnaire.form import Choice, Form, Kind, Question, Repeat
from surveys.questionnaire.templates import template_form

TODAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
#: Names that count the other way round, as many offices number their options.
SCALE = tuple(
    Choice(name, {"zh": label})
    for name, label in (("5", "非常满意"), ("4", "满意"), ("3", "一般"), ("2", "不满意"), ("1", "非常不满意"))
)
COLOURS = (Choice("red", {"zh": "红色"}), Choice("green", {"zh": "绿色"}), Choice("blue", {"zh": "蓝色"}))


def question(kind: Kind, choices: tuple[Choice, ...] = ()) -> Question:
    return Question("q", kind, "q", {"zh": "您觉得怎么样？"}, choices=choices)


@pytest.mark.parametrize(
    ("kind", "choices", "text", "value"),
    [
        (Kind.SELECT_ONE, COLOURS, "green", "green"),
        (Kind.SELECT_ONE, COLOURS, "Green", "green"),
        (Kind.SELECT_ONE, COLOURS, "绿色", "green"),
        (Kind.SELECT_ONE, COLOURS, "2", "green"),
        (Kind.SELECT_ONE, SCALE, "3", "3"),  # the name and the number of the same option
        (Kind.SELECT_ONE, SCALE, "5", None),  # 非常满意 by its name, 非常不满意 by its place
        (Kind.SELECT_ONE, SCALE, "非常满意", "5"),
        (Kind.SELECT_MULTIPLE, COLOURS, "blue, red", "red blue"),
        (Kind.SELECT_MULTIPLE, COLOURS, "blue red red", "red blue"),
        (Kind.SELECT_MULTIPLE, COLOURS, "1、3", "red blue"),
        (Kind.SELECT_MULTIPLE, COLOURS, "red, purple", None),
        (Kind.RANK, COLOURS, "blue, red, green", "blue red green"),
        (Kind.RANK, COLOURS, "blue, red", None),
        (Kind.INTEGER, (), "12", "12"),
        (Kind.INTEGER, (), "1.5", None),
        (Kind.DECIMAL, (), "1.5", "1.5"),
        (Kind.DATE, (), "2026-10-31", "2026-10-31"),
        (Kind.DATE, (), "soon", None),
        (Kind.TEXT, (), "5", "5"),  # typed from a paper, not a stray number in a chat
        (Kind.TEXT, (), " 路灯坏了 ", "路灯坏了"),
    ],
)
def test_a_cell_is_read(kind: Kind, choices: tuple[Choice, ...], text: str, value: str | None) -> None:
    found = read_cell(question(kind, choices), text, TODAY, "en")
    assert (found.value if isinstance(found, Reading) else None) == value


@given(st.sampled_from(list(Kind)), st.text(max_size=30))
def test_any_text_is_an_answer_or_says_what_to_write(kind: Kind, text: str) -> None:
    found = read_cell(question(kind, COLOURS), text, TODAY, "zh")
    assert found.value if isinstance(found, Reading) else found.fix.text("zh")


FORM = template_form("five_waters_2018")
CELLS = st.fixed_dictionaries(
    {},
    optional={
        q.name: st.sampled_from(["", *(choice.name for choice in q.choices), "1", "2", "其他", "？"])
        for q in FORM.asked
    },
)


@given(CELLS)
def test_what_is_filled_in_without_a_finding_is_what_the_chat_would_have_kept(cells: Mapping[str, str]) -> None:
    """Every cell is an answer, every answer fits, and what is left out may be left out."""
    filled, findings = fill_in(FORM, cells, {}, NOW, "en")
    if findings:
        return
    assert set(filled.answers) == {name for name, text in cells.items() if text}
    assert set(filled.answers) <= set(filled.values)
    required = {q.name for q in FORM.asked if q.required}
    assert not required & set(filled.skipped)
    again, found = fill_in(FORM, filled.answers, {}, NOW, "en")
    assert found == ()
    assert again.answers == filled.answers


@given(CELLS)
def test_walking_at_once_is_walking_step_by_step(cells: Mapping[str, str]) -> None:
    """A form that reckons is walked as the chat walks; one that does not, in one go: nothing comes out otherwise."""
    reckoning = replace(FORM, questions=(*FORM.questions, Question("sum", Kind.CALCULATE, "sum", calculation="1 + 1")))
    (once, said), (stepwise, also_said) = (fill_in(form, cells, {}, NOW, "en") for form in (FORM, reckoning))
    assert (once.trail, once.skipped, once.answers, said) == (
        stepwise.trail,
        stepwise.skipped,
        stepwise.answers,
        also_said,
    )


HOUSEHOLD = Form(
    digest="0" * 64,
    name="household",
    titles={},
    languages=("zh",),
    default_language="zh",
    questions=(
        Question("age", Kind.INTEGER, "member/age", {"zh": "年龄"}, constraint=". < 120", repeats=("member",)),
        Question("note", Kind.TEXT, "note", {"zh": "还有吗"}),
    ),
    repeats=(Repeat("member", "member", {"zh": "家人"}),),
)


def test_instances_are_told_by_the_columns_that_are_filled_in() -> None:
    filled, findings = fill_in(HOUSEHOLD, {"age@1": "40", "age@2": "7"}, {}, NOW, "en")
    assert findings == ()
    assert filled.answers == {"age@1": "40", "age@2": "7"}
    assert filled.values["member@1+"] == "yes"
    assert filled.values["member@2+"] == "no"
    assert filled.skipped == ("note",)


def test_an_instance_after_a_gap_and_an_impossible_age_are_findings() -> None:
    _, gap = fill_in(HOUSEHOLD, {"age@1": "40", "age@3": "7"}, {}, NOW, "en")
    assert [(finding.question, finding.code) for finding in gap] == [("age@3", "not_asked")]
    _, old = fill_in(HOUSEHOLD, {"age@1": "400"}, {}, NOW, "en")
    assert [(finding.question, finding.code) for finding in old] == [("age@1", "unreadable_answer")]


def test_a_finding_names_the_options() -> None:
    found = read_cell(question(Kind.SELECT_ONE, COLOURS), "紫色", TODAY, "zh")
    assert isinstance(found, Unread)
    assert "红色 / 绿色 / 蓝色" in found.fix.text("zh")
