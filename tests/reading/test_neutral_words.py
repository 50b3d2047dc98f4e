"""A neutral word never counts as praise: not by a synonym of a template, not by the reader's own words."""

from __future__ import annotations

from datetime import date

import pytest

from surveys.dialogue.polarity import felt, middle, negative
from surveys.dialogue.reading import read_reply
from surveys.questionnaire.form import Question
from surveys.questionnaire.templates import names, template_form

TODAY = date(2026, 11, 2)
NEUTRAL = (
    "一般", "一般般", "还行", "还可以", "凑合", "马马虎虎", "过得去", "普通", "中等", "就那样", "不好不坏", "无所谓",
    "so so", "average", "okay", "ok", "neutral", "neither", "mediocre", "all right", "fair",
)  # fmt: skip
RATINGS = [
    pytest.param(question, id=f"{name}-{question.name}")
    for name in names()
    for question in template_form(name).asked
    if felt(question)
]


@pytest.mark.parametrize("question", RATINGS)
def test_no_neutral_word_is_a_synonym_of_an_option_that_is_not_the_middle(question: Question) -> None:
    for choice in question.choices:
        if not middle(choice):
            assert [word for word in choice.synonyms if word.casefold() in NEUTRAL] == [], choice.name


@pytest.mark.parametrize("question", RATINGS)
@pytest.mark.parametrize("word", NEUTRAL)
def test_a_neutral_word_is_the_middle_or_is_asked_again(question: Question, word: str) -> None:
    reading = read_reply(question, word, "en" if word.isascii() else "zh", TODAY)
    if reading is not None:
        choice = question.choice(reading.value)
        assert choice is not None
        assert middle(choice)
        assert not negative(choice)
