"""Answers are read as what they say; don't-know is told apart; scales have their middle."""

import pytest

from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.statistics.analysis import Respondent
from surveys.statistics.dont_know import dont_know, is_dont_know
from surveys.statistics.estimates import Estimate
from surveys.statistics.figures import OptionFigures
from surveys.statistics.scale import scale_of
from surveys.statistics.tabulation import read_answer, tabulate


def question(kind: Kind, *names: str) -> Question:
    return Question("q", kind, "q", choices=tuple(Choice(name, {}) for name in names))


@pytest.mark.parametrize(
    ("asked", "value", "answer", "reason"),
    [
        (question(Kind.SELECT_ONE, "a", "b"), "a", ("a",), "an option"),
        (question(Kind.SELECT_ONE, "a", "b"), "c", None, "no option of this form"),
        (question(Kind.SELECT_ONE, "a", "b"), "a b", None, "one question, one option"),
        (question(Kind.SELECT_MULTIPLE, "a", "b"), "b a", ("b", "a"), "several options"),
        (question(Kind.SELECT_MULTIPLE, "a", "b"), "a a x", ("a",), "each once, strangers dropped"),
        (question(Kind.SELECT_MULTIPLE, "a", "b"), "x", None, "strangers alone say nothing"),
        (question(Kind.INTEGER), "35", ("35",), "a number"),
        (question(Kind.DECIMAL), "-1.5", ("-1.5",), "a negative number"),
        (question(Kind.INTEGER), "many", None, "no number"),
        (question(Kind.DECIMAL), "nan", None, "not a number at all"),
        (question(Kind.DECIMAL), "inf", None, "no finite number"),
        (question(Kind.TEXT), "=1+1", ("=1+1",), "a text is a text"),
    ],
)
def test_an_answer_says(asked: Question, value: str, answer: tuple[str, ...] | None, reason: str) -> None:
    assert read_answer(asked, value) == answer, reason


@pytest.mark.parametrize(
    ("name", "labels", "told"),
    [
        ("dk", {}, True),
        ("x9", {"zh": "不清楚"}, True),
        ("x9", {"zh": "不清楚(不读出)"}, True),
        ("x9", {"zh": "说不清楚。"}, True),
        ("x9", {"en": "Don't know"}, True),
        ("x9", {"en": "I don’t know"}, True),
        ("not_sure", {}, True),
        ("x9", {"zh": "不愿评价"}, True),
        ("bad", {"zh": "不好"}, False),
        ("no", {"zh": "没有"}, False),
        ("x9", {"zh": "一般", "en": "neutral"}, False),
        ("unknown_source", {"zh": "不明来源"}, False),
    ],
)
def test_an_option_that_is_no_opinion_is_told_by_its_name_or_label(
    name: str, labels: dict[str, str], *, told: bool
) -> None:
    assert is_dont_know(Choice(name, labels)) is told


def test_a_form_is_laid_out_with_every_denominator_explicit() -> None:
    asked = question(Kind.SELECT_ONE, "good", "bad", "dk")
    form = Form("d", "f", {}, ("en",), "en", (asked,), satisfied={"q": ("good", "gone")})
    answers = ["good", "bad", "dk", "", "later", "good"]
    people = [
        Respondent(str(i), "a", "", "1.1", "self", 1.0, {"q": answer}, frozenset({"q"} if i == 5 else ()))
        for i, answer in enumerate(answers)
    ]
    [table] = tabulate(form, people)
    assert dont_know(asked) == {"dk"}
    assert table.satisfied == ("good",)
    assert (table.late, table.unusable) == (1, 1)
    laid_out = {name: (share.hits.tolist(), share.among.tolist()) for name, share in table.shares().items()}
    assert laid_out == {
        "q/option/good": ([0], [0, 1, 2]),
        "q/option/bad": ([1], [0, 1, 2]),
        "q/option/dk": ([2], [0, 1, 2]),
        "q/satisfied/opinions": ([0], [0, 1]),
        "q/satisfied/answers": ([0], [0, 1, 2]),
    }


@pytest.mark.parametrize(
    ("options", "split", "reason"),
    [
        ("S S n n n d", ("01", "2", "34", "5"), "five levels have a middle"),
        ("S S n n", ("01", "", "23", ""), "four levels have none"),
        ("S S n n d", ("01", "", "23", "4"), "don't know is not a level"),
        ("S S S n n", ("012", "", "34", ""), "with more satisfied than not, none"),
        ("S n", ("0", "", "1", ""), "satisfied or not"),
        ("S n n", ("0", "1", "2", ""), "three levels have a middle"),
    ],
)
def test_the_middle_of_a_scale(options: str, split: tuple[str, str, str, str], reason: str) -> None:
    figures = [
        OptionFigures(str(i), {}, dont_know=mark == "d", satisfied=mark == "S", count=0, share=Estimate(0))
        for i, mark in enumerate(options.split())
    ]
    scale = scale_of(figures)
    parts = (scale.positive, scale.neutral, scale.negative, scale.dont_know)
    assert tuple("".join(option.name for option in part) for part in parts) == split, reason
