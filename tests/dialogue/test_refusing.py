"""Who would rather not answer one question is asked the next; who would rather not take part is left alone."""

from __future__ import annotations

import pytest
from player import Stage, set_scene

from surveys.dialogue.declining import Refusal, refused
from surveys.dialogue.interview import Interview

REFUSED = [
    ("不想说", Refusal.TELL),
    ("不答", Refusal.TELL),
    ("不回答", Refusal.TELL),
    ("不方便透露", Refusal.TELL),
    ("不想告诉你们", Refusal.TELL),
    ("无可奉告", Refusal.TELL),
    ("I'd rather not say", Refusal.TELL),
    ("prefer not to say", Refusal.TELL),
    ("none of your business", Refusal.TELL),
    ("不想参加", Refusal.PART),
    ("没兴趣", Refusal.PART),
    ("不想回答这个问卷", Refusal.PART),
    ("not interested", Refusal.PART),
    ("I don't want to take part", Refusal.PART),
    ("拒绝", Refusal.EITHER),
    ("no thanks", Refusal.EITHER),
    ("no thank you", Refusal.EITHER),
    ("不愿评价", Refusal.EITHER),
    ("不", None),
    ("拒绝满意", None),
    ("他们拒绝修", None),
]


@pytest.mark.parametrize(("text", "what"), REFUSED)
def test_a_refusal_is_of_telling_of_taking_part_or_of_either(text: str, what: Refusal | None) -> None:
    assert refused(text) is what


@pytest.fixture
def stage() -> Stage:
    """Somebody who is asked for a day that need not be told."""
    stage = set_scene("resident: 王秀英\nform: canteen\nask complaint: no")
    stage.invite()
    for reply in ("吃过", "10"):
        stage.hear(reply)
    return stage


def open_here(stage: Stage) -> Interview:
    floor = stage.conversation.floor
    assert floor is not None
    return floor


@pytest.mark.parametrize(
    "text",
    [
        "不想说",
        "不答",
        "不回答",
        "拒绝",
        "不用",
        "不用了",
        "不需要",
        "no",
        "no thanks",
        "no thank you",
        "prefer not to say",
        "I'd rather not say",
        "none of your business",
        "这个保密",
    ],
)
def test_a_polite_no_leaves_one_optional_question_out_and_ends_nothing(stage: Stage, text: str) -> None:
    stage.hear(text)
    floor = open_here(stage)
    assert (floor.position, floor.skipped) == ("table", ("last",))


def test_who_would_not_take_part_any_more_is_done(stage: Stage) -> None:
    assert stage.hear("不想参加") == ["没关系，谢谢您告诉我们。"]
    assert stage.conversation.floor is None


def test_words_that_refuse_are_no_answer_to_an_optional_question_for_words(stage: Stage) -> None:
    stage.hear("昨天")
    stage.hear("不想说")
    assert open_here(stage).skipped == ("table",)


def test_why_somebody_stays_away_is_an_answer_in_words(stage: Stage) -> None:
    """Words that refuse a survey may be what they have to say when asked in words."""
    stage.hear("昨天")
    stage.hear("没兴趣")
    assert open_here(stage).values["table"] == "没兴趣"


def test_where_an_answer_is_needed_it_takes_two_refusals(stage: Stage) -> None:
    stage.hear("上一题")
    said = stage.hear("不想说")
    assert said[:2] == ["不记得的话说个大概就行。", "如果不想继续答了，请回复 不想参加。"]
    assert stage.hear("不想说") == ["没关系，谢谢您告诉我们。"]


def test_the_first_no_thanks_of_all_is_for_the_survey() -> None:
    stage = set_scene("resident: 王秀英\nlanguage: en")
    stage.invite()
    stage.hear("no thanks")
    assert stage.conversation.floor is None


def test_a_required_question_that_would_be_skipped_is_answered_by_its_own_words(stage: Stage) -> None:
    stage.hear("上一题")
    assert stage.hear("跳过")[0] == "不记得的话说个大概就行。"


@pytest.mark.parametrize("asking", ["什么意思?", "啥？", "what?", "huh?"])
def test_who_asks_back_is_told_what_is_wanted_and_nothing_that_will_be_refused(stage: Stage, asking: str) -> None:
    stage.hear("上一题")
    said = stage.hear(asking)
    assert said[0] == "回复一个数字就行，大概的数也可以。"
    assert not any("跳过" in line for line in said)


def test_help_offers_to_skip_only_where_that_is_possible(stage: Stage) -> None:
    assert "跳过、" in stage.hear("帮助")[0]
    stage.hear("上一题")
    assert "跳过" not in stage.hear("帮助")[0]


def test_what_is_no_answer_in_words_either(stage: Stage) -> None:
    stage.hear("昨天")
    stage.hear("什么?")
    assert open_here(stage).position == "table"


def test_a_lone_digit_in_words_is_taken_when_it_is_said_again(stage: Stage) -> None:
    stage.hear("昨天")
    assert stage.hear("3")[0] == "如果“3”就是您对这一题的回答，请再发一次。"
    assert stage.hear("1")[0] == "如果“1”就是您对这一题的回答，请再发一次。"
    stage.hear("1")
    assert open_here(stage).values["table"] == "1"


@pytest.mark.parametrize("text", ["第9题改成1", "第0题改成1", "Change question 9 to 1", "第九题选错了"])
def test_a_correction_of_no_question_is_never_an_answer_in_words(stage: Stage, text: str) -> None:
    stage.hear("昨天")
    stage.hear(text)
    floor = open_here(stage)
    assert (floor.position, "table" in floor.values) == ("table", False)


def test_a_trouble_said_to_a_question_is_met_with_the_word_to_report_it_and_not_with_a_rebuke() -> None:
    stage = set_scene("resident: 王秀英")
    stage.invite()
    said = stage.hear("食堂门口路灯坏了三个月没人管")
    assert said[0] == "如果您是想请我们办理一件事，请回复 反映。"
    assert said[1].startswith("1/6")


@pytest.mark.parametrize("text", ["上个星期一左右吧", "两三次的样子", "something in between them"])
def test_a_long_reply_that_cannot_be_read_is_not_taken_for_a_matter(text: str) -> None:
    stage = set_scene("resident: 王秀英")
    stage.invite()
    assert not any("反映" in line for line in stage.hear(text))


def test_a_complaint_in_the_middle_is_offered_to_be_passed_on_and_the_question_comes_back() -> None:
    stage = set_scene("resident: 王秀英")
    stage.invite()
    assert "1 同意转办" in stage.hear("我要投诉,食堂门口路灯坏了三个月没人管")
    said = stage.hear("2")
    assert said[0].startswith("已登记")
    assert said[1].startswith("1/6")
