"""The templates that ship are valid XLSForm, ask what their sources ask, and skip where they skip."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from pyxform.xls2xform import convert

from surveys.questionnaire.form import ASKED
from surveys.questionnaire.templates import names, template, template_form
from surveys.questionnaire.walk import computed, fill, next_question
from surveys.questionnaire.xlsform import inspect_form

NOW = datetime(2026, 10, 3, 9, 30, tzinfo=timezone(timedelta(hours=8)))
#: One SMS in Chinese; two parts of a longer one hold 67 units each.
ONE_SMS, TWO_SMS = 70, 134


def asked(name: str, answers: dict[str, str], given: dict[str, str] | None = None) -> list[str]:
    """Return the questions put to a resident who answers so; one without an answer here is left out."""
    made, values, position, order = template_form(name), dict[str, str](), "", list[str]()
    while True:
        values = computed(made, values, given or {}, NOW)
        _, question = next_question(made, values, position, NOW, order)
        if question is None:
            return order
        position = question.name
        order.append(position)
        if position in answers:
            values[position] = answers[position]


def test_these_templates_ship() -> None:
    assert names() == (
        "callback", "complaint", "conduct_a", "conduct_b", "conduct_c", "five_levels", "five_waters_2018",
        "hotline_rates", "identity", "integrity_jiangxi", "integrity_ten_point", "public_order_100",
        "public_order_nine", "sense_of_safety", "six_dimensions", "starter", "window_rating",
    )  # fmt: skip


def test_an_unknown_template_is_an_error() -> None:
    with pytest.raises(KeyError):
        template("nope")


@pytest.mark.parametrize("name", names())
def test_pyxform_takes_the_template_as_it_is_without_a_warning(name: str) -> None:
    warnings: list[str] = []
    convert(template(name), warnings=warnings, file_type=".csv")
    assert warnings == []
    assert inspect_form(f"{name}.csv", template(name))[1] == ()


@pytest.mark.parametrize("name", names())
def test_every_wording_is_there_in_both_languages(name: str) -> None:
    made = template_form(name)
    assert made.languages == ("zh", "en")
    for question in made.asked:
        for labels in (question.labels, *(choice.labels for choice in question.choices)):
            assert set(labels) == {"zh", "en"}, question.name


@pytest.mark.parametrize("name", names())
def test_no_resident_reads_a_word_of_the_office(name: str) -> None:
    said = template(name).decode()
    assert [word for word in ("投诉", "案件", "选票", "主管", "回收率", "已办结") if word in said] == []


@pytest.mark.parametrize("name", names())
def test_a_question_with_its_options_fits_an_sms_or_two(name: str) -> None:
    for question in template_form(name).asked:
        shown = [choice.label("zh") for choice in question.choices if not choice.hidden]
        text = "\n".join([question.label("zh"), *(f"{place} {label}" for place, label in enumerate(shown, 1))])
        units = len(text.encode("utf-16-le")) // 2
        assert units <= (TWO_SMS if len(shown) > 8 else ONE_SMS), question.name


@pytest.mark.parametrize("name", names())
def test_no_synonym_stands_for_two_choices_of_a_question(name: str) -> None:
    for question in template_form(name).asked:
        said = [
            word
            for choice in question.choices
            for word in {word.casefold() for word in (*choice.synonyms, *choice.labels.values())}
        ]
        assert len(said) == len(set(said)), question.name


def test_satisfied_means_the_top_two() -> None:
    assert template_form("five_waters_2018").satisfied == {
        "q1": ("good", "fairly_good"), "q6": ("support", "fairly"), "q7": ("satisfied", "fairly"),
    }  # fmt: skip
    assert template_form("sense_of_safety").satisfied == {"q7": ("safe", "fairly_safe")}
    assert template_form("callback").satisfied == {"satisfied": ("very", "satisfied")}


@pytest.mark.parametrize("name", [name for name in names() if name != "complaint"])
def test_one_question_stands_for_the_whole(name: str) -> None:
    assert [question.role for question in template_form(name).asked].count("key") == 1


@pytest.mark.parametrize(
    ("answers", "order", "why"),
    [
        ({"q4": "yes", "q5": "sorting"}, "q1 q2 q3 q4 q5 q7", "after Q5 the source goes on with Q7"),
        ({"q4": "yes", "q5": "saving other"}, "q1 q2 q3 q4 q5 q5_other q7", "other is asked which"),
        ({"q4": "no"}, "q1 q2 q3 q4 q6 q7", "who took no part goes on with Q6"),
        ({"q4": "unclear"}, "q1 q2 q3 q4 q6 q7", "and so does who cannot say"),
    ],
)
def test_five_waters_skips_as_its_source(answers: dict[str, str], order: str, why: str) -> None:
    assert asked("five_waters_2018", answers) == order.split(), why


@pytest.mark.parametrize(
    ("answers", "order", "why"),
    [
        ({"resident_year": "no"}, "resident_year", "newcomers are thanked"),
        ({"resident_year": "yes", "age": "15", "older_home": "no"}, "resident_year place age older_home", "too young"),
        (
            {"resident_year": "yes", "age": "15", "older_home": "yes", "q7": "safe"},
            "resident_year place age older_home q7 q9", "somebody older goes on",
        ),
        ({"resident_year": "yes", "age": "16", "q7": "fairly_safe"}, "resident_year place age q7 q9", "safe → Q9"),
        (
            {"resident_year": "yes", "age": "70", "q7": "unsafe", "q8": "theft"},
            "resident_year place age q7 q8 q9", "unsafe → Q8",
        ),
        ({"resident_year": "yes", "age": "70", "q7": "unknown"}, "resident_year place age q7 q9", "don't know → Q9"),
    ],
)  # fmt: skip
def test_the_sense_of_safety_skips_as_its_source(answers: dict[str, str], order: str, why: str) -> None:
    assert asked("sense_of_safety", answers) == order.split(), why


@pytest.mark.parametrize(
    ("age", "band"),
    [("15", ""), ("16", "16-25"), ("26", "26-30"), ("40", "31-40"), ("51", "51-60"), ("70", "61-70"), ("90", "71+")],
)
def test_age_falls_into_seven_bands(age: str, band: str) -> None:
    assert computed(template_form("sense_of_safety"), {"age": age}, {}, NOW).get("age_band", "") == band


def test_the_callback_first_tells_what_was_done() -> None:
    made = template_form("callback")
    given = {"surname": "张", "unit": "城建办", "done_on": "2026-10-01", "what_was_done": "更换路灯"}
    values = computed(made, {}, given, NOW)
    (note,), question = next_question(made, values, "", NOW)
    assert fill(note.label("zh"), made, values, "zh") == "城建办反馈：2026-10-01已办理您反映的事项：更换路灯"
    assert fill(note.label("en"), made, values, "en") == "城建办 reports that on 2026-10-01 it did: 更换路灯"
    assert question is not None
    assert question.name == "contacted"


@pytest.mark.parametrize(
    ("solved", "order"),
    [
        ("solved", "contacted solved satisfied pressure anything_else"),
        ("partly", "contacted solved why satisfied pressure anything_else"),
        ("not", "contacted solved why satisfied pressure anything_else"),
        ("declined", "contacted solved"),
    ],
)
def test_the_callback_asks_why_when_not_all_is_solved_and_nothing_after_a_no(solved: str, order: str) -> None:
    assert asked("callback", {"solved": solved}) == order.split()


def test_declining_is_accepted_but_never_offered() -> None:
    declined = template_form("callback").question("solved").choice("declined")
    assert declined is not None
    assert declined.hidden


@pytest.mark.parametrize(
    ("said", "answers", "order", "why"),
    [
        ("", {"what": "路灯不亮"}, "what pass_on", ""),
        ("", {"what": "没有"}, "what", "nothing to pass on"),
        ("", {"what": "没有。"}, "what", "with a full stop"),
        ("", {"what": "None!"}, "what", ""),
        ("", {"what": "没有路灯"}, "what pass_on", "this is a matter, though it begins with 没有"),
        ("", {"what": "No street light"}, "what pass_on", ""),
        ("路灯不亮", {}, "pass_on", "it was said before"),
        ("没有", {}, "", "nothing was said before"),
    ],
)
def test_what_was_said_is_passed_on_only_after_asking(said: str, answers: dict[str, str], order: str, why: str) -> None:
    assert asked("complaint", answers, {"said": said}) == order.split(), why


def test_the_identity_question_shows_the_surname_and_nothing_else() -> None:
    made = template_form("identity")
    (question,) = (question for question in made.questions if question.kind in ASKED)
    assert fill(question.label("zh"), made, {"surname": "欧阳"}, "zh") == "请问是欧阳先生/女士吗？"
    assert [choice.name for choice in question.choices] == ["self", "family", "changed"]
