"""Answers to questions in a row that come in one message: all are taken, or none."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from surveys.dialogue.trying import Trial, begin, read_reply, replied
from surveys.questionnaire.form import Choice, Form, Kind, Question

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=timezone(timedelta(hours=8)))


def question(name: str, kind: Kind, zh: str, *choices: tuple[str, str], relevant: str = "") -> Question:
    options = tuple(Choice(key, {"zh": label, "en": key}) for key, label in choices)
    return Question(name, kind, name, {"zh": zh, "en": zh}, choices=options, relevant=relevant)


CANTEEN = Form(
    "canteen",
    "canteen",
    {"zh": "社区食堂", "en": "Canteen"},
    ("zh", "en"),
    "zh",
    (
        question("ate", Kind.SELECT_ONE, "今年您在社区食堂吃过饭吗？", ("yes", "吃过"), ("no", "没吃过")),
        question("times", Kind.INTEGER, "一个月大概吃几次？", relevant="${ate} = 'yes'"),
        question("taste", Kind.SELECT_ONE, "您对饭菜满意吗？", ("good", "满意"), ("fair", "一般"), ("bad", "不满意")),
        question("wish", Kind.TEXT, "您还想说什么？"),
    ),
)


def after(*replies: str) -> Trial:
    trial = begin(CANTEEN, language="zh", channel="sms", now=NOW)
    for reply in replies:
        trial = replied(trial, read_reply(reply))
    return trial


@pytest.mark.parametrize(
    ("text", "kept", "why"),
    [
        ("吃过，一个月10次", {"ate": "yes", "times": "10"}, "the period is that of the question"),
        ("1.吃过 2.10次", {"ate": "yes", "times": "10"}, "each with the number of its question"),
        ("1.吃过 2.10次 3.满意", {"ate": "yes", "times": "10", "taste": "good"}, "three of them"),
        ("1、吃过，2、10次，3、不满意", {"ate": "yes", "times": "10", "taste": "bad"}, "three of them"),
        ("吃过 10 满意", {"ate": "yes", "times": "10", "taste": "good"}, "parted by blanks"),
        ("1 10 2", {"ate": "yes", "times": "10", "taste": "fair"}, "10 is no option of the first question"),
        ("吃过,10次,一般", {"ate": "yes", "times": "10", "taste": "fair"}, "parted by commas"),
    ],
)
def test_answers_in_a_row_are_all_taken(text: str, kept: dict[str, str], why: str) -> None:
    assert after(text).answers() == kept, why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.吃过 2.没吃过", "the options sent back"),
        ("2.吃过 3.10次", "the numbers of other questions"),
        ("吃过，一年10次", "times in another span"),
        ("1 2", "one of two options, or two answers"),
        ("1 10 9", "the third question has no ninth option"),
        ("吃过 10 满意 很好 谢谢", "more than answers"),
    ],
)
def test_what_is_not_an_answer_in_every_part_is_not_cut_up(text: str, why: str) -> None:
    assert "times" not in after(text).answers(), why


def test_three_answers_are_repeated_to_the_resident() -> None:
    said = [line.text for line in after("1.吃过 2.10次 3.满意").lines if line.by == "office"][-1]
    assert said.startswith("您一次回答了几题，已记下：吃过；10；满意。")
    assert "4/4" in said
