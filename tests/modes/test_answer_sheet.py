"""The sheet for answers explains each of its columns and no other, in one language; what it says to write is read."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.actions.answers import AnswerSheet, ImportAnswers, import_answers, make_sheet
from bot.actions.progress import silent
from bot.house import House
from surveys.dialogue.reading import Reading
from surveys.modes.cells import read_cell
from surveys.modes.columns import NAMES, column_of, field_of, header_of, read_layout
from surveys.modes.sheet import SheetPerson, answer_sheet, columns, explanations, readable
from surveys.problem import Refused
from surveys.questionnaire.form import Choice, Form, Kind, Question, Repeat
from surveys.questionnaire.templates import names, template_form
from surveys.units.directory import Unit

HAN = re.compile("[\u4e00-\u9fff]")
UNITS = (Unit("w", "水务局", "Water Office"), Unit("p", "公安局"), Unit("p2", "分局", "公安局"))


def forms() -> Iterator[Form]:
    return (template_form(name) for name in names())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", names())
def test_what_is_explained_is_a_column_and_every_column_is_explained(name: str, language: str) -> None:
    form = template_form(name)
    headers = [header for header, _ in columns(form, 2, language)]
    assert len(set(headers)) == len(headers)
    explained = [row[0] for row in list(explanations(form, UNITS, language))[1:] if row[0]]
    assert set(explained) == {re.sub("[0-9]+", "n", header) if "[" in header else header for header in headers}
    assert read_layout(headers, form)[1] == [], "the house reads the sheet it makes"


@pytest.mark.parametrize("name", names())
def test_a_chinese_sheet_is_chinese_but_for_the_names_of_questions_and_codes(name: str) -> None:
    form = template_form(name)
    asked = {column_of(question.name) for question in form.questions}
    for header, meaning in columns(form, 2, "zh"):
        assert HAN.search(header) or header.partition("[")[0] in asked
        assert HAN.search(meaning)
    for row in explanations(form, UNITS, "zh"):
        assert all(HAN.search(text) for text in row[1:3] if text and not text.isdigit()), row
        assert "${" not in "".join(row)
        assert "required" not in "".join(row)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", names())
def test_what_the_sheet_says_to_write_is_read_as_that_option(name: str, language: str) -> None:
    form = template_form(name)
    questions = {column_of(question.name): question for question in form.questions}
    question = None
    for column, _, *said in list(explanations(form, UNITS, language))[1:]:
        question = questions.get(column.partition("[")[0], None if column else question)
        if column or question is None:
            continue
        *written, code = said
        for text in filter(None, (*written, code)):
            found = read_cell(question, text, date(2026, 11, 2), language)
            assert isinstance(found, Reading)
            assert found.value == code


def one(kind: Kind, *labels: str, hidden: str = "") -> Question:
    choices = tuple(Choice(f"c{n}", {"en": label}, hidden=label == hidden) for n, label in enumerate(labels, 1))
    return Question(name="q", kind=kind, path="q", labels={"en": "Which?"}, choices=choices)


def small(*questions: Question, repeats: tuple[Repeat, ...] = ()) -> Form:
    return Form("f" * 64, "f", {"en": "F"}, ("en",), "en", questions, repeats=repeats)


@pytest.mark.parametrize(
    ("question", "rows", "why"),
    [
        (one(Kind.SELECT_ONE, "Yes", "No"), [("", "Yes", "1", "c1"), ("", "No", "2", "c2")], "labels are read"),
        (
            one(Kind.SELECT_ONE, "Yes", "No", hidden="No"),
            [("", "Yes", "1", "c1"), ("", "No", "", "c2")],
            "who is not offered an option has no number for it",
        ),
        (
            one(Kind.SELECT_ONE, "2", "1"),
            [("", "2", "", "c1"), ("", "1", "", "c2")],
            "a digit is the label here, so that no option goes by its number",
        ),
        (
            one(Kind.SELECT_ONE, "Same", "Same"),
            [("Same", "c1", "1", "c1"), ("Same", "c2", "2", "c2")],
            "two that are called alike are told apart by their codes",
        ),
        (
            one(Kind.SELECT_ONE, "Like ${q}"),
            [("Like (answer to q)", "c1", "1", "c1")],
            "nobody can write a name that is filled in",
        ),
        (one(Kind.RANK, "Road", "Lamp"), [("", "Road", "1", "c1"), ("", "Lamp", "2", "c2")], "each in its place"),
    ],
)
def test_an_option_is_offered_in_words_only_where_they_come_back_as_it(
    question: Question, rows: list[tuple[str, ...]], why: str
) -> None:
    options = [row[1:] for row in explanations(small(question), (), "en") if not row[0]]
    assert options == rows, why


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("${unit_name}有需要改进的地方吗？", "zh", "该单位有需要改进的地方吗？"),
        ("How well does ${unit_name} see to ${unit_duty}?", "en", "How well does the unit see to its duties?"),
        ("${ q }岁", "zh", "（q 的答案）岁"),
        ("${weather} today?", "en", "… today?"),
        ("No name", "en", "No name"),
    ],
)
def test_a_name_that_is_filled_in_when_asked_is_a_word_on_the_sheet(text: str, language: str, said: str) -> None:
    assert readable(text, small(one(Kind.TEXT)), language) == said


def test_a_question_in_a_repeat_within_a_repeat_has_a_letter_for_each() -> None:
    repeats = (Repeat("home", "home"), Repeat("child", "home/child", parents=("home",)))
    inner = Question(name="age", kind=Kind.INTEGER, path="age", labels={"en": "Age?"}, repeats=("home", "child"))
    assert [row[0] for row in explanations(small(inner, repeats=repeats), (), "en")][-1] == "age[n.n]"


def test_every_header_of_a_sheet_is_known_when_it_comes_back() -> None:
    for field in NAMES:
        for language in ("zh", "en"):
            assert field_of(header_of(field, language)) == field


@pytest.mark.parametrize(("language", "water"), [("en", "Water Office"), ("zh", "水务局")])
def test_a_unit_stands_under_its_name_unless_another_is_called_so(language: str, water: str) -> None:
    """The branch office is called in English what the police is called in Chinese: import takes either name."""
    person = SheetPerson("R1", "abc", UNITS[:2])
    branch = SheetPerson("R2", "def", (UNITS[2], UNITS[1]))
    made = answer_sheet(template_form("six_dimensions"), UNITS, [person, branch], 2, language)
    first, second, third = list(load_workbook(BytesIO(made)).worksheets[0].iter_rows(values_only=True))
    at = [number for number, header in enumerate(first) if header in {"unit[1]", "unit[2]", "单位[1]", "单位[2]"}]
    assert [second[number] for number in at] == [water, "公安局"]
    assert third[at[1]] == "p"


def test_the_pointer_on_a_header_shows_what_is_asked() -> None:
    sheet = load_workbook(BytesIO(answer_sheet(template_form("six_dimensions"), UNITS, [], 1, "zh"))).worksheets[0]
    notes = {str(cell.value): cell.comment.text for cell in sheet[1] if cell.comment}
    assert notes["put_right[1]"].startswith("该单位有需要改进的地方吗")
    assert len(notes) == sheet.max_column


def filled(house: House, path: Path, cells: dict[str, str]) -> Path:
    """Write the sheet of the house with the same cells in every row."""
    made = make_sheet(house, AnswerSheet(campaign="water", people=True), silent)
    book = load_workbook(BytesIO(b64decode(made["xlsx"])))
    sheet = book.worksheets[0]
    places = {str(cell.value): cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        for header, text in cells.items():
            sheet.cell(row, places[header]).value = text
    book.save(path)
    return path


CHINESE = {"填答方式": "纸质", "他人协助": "是", "录入人": "E7", "q1": "好", "q2": "差不多", "q3": "是", "q4": "说不清"}


def test_a_chinese_sheet_filled_in_with_its_own_words_is_taken(house: House, tmp_path: Path) -> None:
    path = filled(house.speaking("zh"), tmp_path / "表.xlsx", {**CHINESE, "q6": "支持", "q7": "满意"})
    taken = import_answers(house, ImportAnswers(campaign="water", path=path), silent)
    assert (taken["entered"], taken["assisted"], taken["modes"]) == (6, 6, {"paper": 6})


def refused(house: House, path: Path) -> list[tuple[str, int, str, str]]:
    with pytest.raises(Refused) as found:
        import_answers(house, ImportAnswers(campaign="water", path=path), silent)
    return [(problem.code, problem.row, problem.field, problem.what.text("en")) for problem in found.value.problems]


def test_a_column_that_is_wholly_empty_is_one_finding_with_the_count_of_rows(house: House, tmp_path: Path) -> None:
    """The sheet as it was made, but for four columns: one line for each column that lacks something, not one a row."""
    cells = {"mode": "paper", "q1": "1", "q2": "1", "q3": "1"}
    found = refused(house, filled(house, tmp_path / "some.xlsx", cells))
    said = "The column is empty; 6 rows need it filled in."
    assert found == [
        ("no_operator", 0, "entered_by", said),
        *(("required_answer", 0, name, said) for name in ("q4", "q6", "q7")),
    ]


def test_a_column_with_anything_in_it_is_told_row_by_row(house: House, tmp_path: Path) -> None:
    path = filled(
        house, tmp_path / "some.xlsx", {"mode": "paper", "q4": "3", **dict.fromkeys(("q1", "q2", "q3", "q6"), "1")}
    )
    book = load_workbook(path)
    sheet = book.worksheets[0]
    columns_at = {str(cell.value): cell.column for cell in sheet[1]}
    sheet.cell(3, columns_at["entered_by"]).value = "E7"
    sheet.cell(3, columns_at["q7"]).value = "1"
    book.save(path)
    found = [(code, row) for code, row, *_ in refused(house, path)]
    assert found == [(code, row) for row in (2, 4, 5, 6, 7) for code in ("no_operator", "required_answer")]


def test_rows_that_name_nobody_are_one_finding_and_other_findings_of_rows_stay(house: House, tmp_path: Path) -> None:
    """A finding that stands under a column that is not in the file is not taken for an empty column."""
    path = tmp_path / "nobody.csv"
    rows = ["office_id,mode,entered_by,q1", *[",paper,E7,1"] * 3]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert refused(house, path) == [("nobody", 0, "pseudonym", "The column is empty; 3 rows need it filled in.")]
    path.write_text("\n".join([rows[0], *[",paper,E7,1,more"] * 2]) + "\n", encoding="utf-8")
    assert [(code, row) for code, row, *_ in refused(house, path)] == [("nobody", 0), ("surplus", 2), ("surplus", 3)]
