"""People who correct themselves, say two things at once, or write in another language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from player import START, Stage

from surveys.dialogue.attachment import Attachment, AttachmentKind
from surveys.dialogue.conversation import Person
from surveys.dialogue.corrections import Correction, correction
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.languages import other_language
from surveys.dialogue.rereading import Misread, reread
from surveys.dialogue.wishes import asks_back, wish
from surveys.dialogue.words import Command
from surveys.questionnaire.form import Choice, Form, Kind, Question

CORRECTIONS = [
    ("第2题改成满意", 2, "满意", "by number"),
    ("第二题改成3", 2, "3", "by numeral"),
    ("把第1题的答案改为不满意", 1, "不满意", "by number"),
    ("第3题应该是否", 3, "否", "by number"),
    ("第2题选错了,是1", 2, "1", "wrong, and what is right"),
    ("第2题选错了", 2, "", "wrong, and nothing more"),
    ("Q2 should be 3", 2, "3", "by number"),
    ("question 2: good", 2, "good", "by number"),
    ("第0题改成3", -1, "3", "no question has the number"),
    ("please change my answer to question 4 to no", 4, "no", "by number"),
    ("刚才那个选错了,是2", 0, "2", "the last one"),
    ("刚才选错了", 0, "", "the last one"),
    ("上一题应该是不满意", 0, "不满意", "the last one"),
    ("对不起,我按错了,应该是3", 0, "3", "the last one"),
    ("my last answer was wrong, I meant 2", 0, "2", "the last one"),
    ("sorry, I pressed the wrong number, it should be 4", 0, "4", "the last one"),
]
NO_CORRECTIONS = [
    "2",
    "满意",
    "第2题",
    "第三条路应该修",
    "应该是2",
    "他们算错了账",
    "问题应该解决",
    "改成步行街就好了",
    "question",
    "the question is why",
    "我错过了",
]


@pytest.mark.parametrize(("text", "number", "said", "why"), CORRECTIONS)
def test_a_correction_names_its_question_and_the_new_answer(text: str, number: int, said: str, why: str) -> None:
    assert correction(text) == Correction(number, said), why


@pytest.mark.parametrize("text", NO_CORRECTIONS)
def test_what_only_looks_like_a_correction_is_none(text: str) -> None:
    assert correction(text) is None


@pytest.fixture
def stage() -> Stage:
    stage = Stage(people=[Person(1, "王", confirmed=True, consent="given")])
    stage.invite()
    return stage


def values(stage: Stage) -> dict[str, str]:
    return dict(stage.conversation.interviews[0].values)


def test_a_corrected_answer_takes_with_it_what_no_longer_applies(stage: Stage) -> None:
    for reply in ("1", "2", "1", "1", "1 2"):
        stage.hear(reply)
    assert values(stage)["q5"] == "saving sorting"
    said = stage.hear("第4题改成没有参与过")
    assert "q5" not in values(stage)
    assert ("q5") in {question for _, question in stage.turns[-1].erased}
    assert said[0] == "已更正：第4题现在是“没有参与过”。"
    assert stage.conversation.interviews[0].position == "q6"  # what applies now is asked


def test_a_correction_of_a_question_not_yet_asked_is_none(stage: Stage) -> None:
    stage.hear("1")
    stage.hear("第5题改成2")
    assert values(stage) == {"q1": "good"}


def test_a_correction_that_names_the_open_question_answers_it(stage: Stage) -> None:
    stage.hear("第1题是不好")
    assert values(stage) == {"q1": "poor"}


def test_two_answers_are_taken_only_where_the_second_is_none_to_the_open_question(stage: Stage) -> None:
    stage.hear("1,2")
    assert values(stage) == {}
    said = stage.hear("不好。变差了")
    assert values(stage) == {"q1": "poor", "q2": "worse"}
    assert said[0] == "您一次回答了两题，已记下：不好；变差了。"
    assert said[1].startswith("3/6")


@pytest.mark.parametrize(
    "text",
    ["1,2", "1、2", "1 2", "1，2", "1和2", "1 和 2", "1跟2", "1或2", "1/2", "1&2", "一、二", "A,B"],
)
def test_two_options_are_never_guessed_at_and_it_is_asked_which_of_them(stage: Stage, text: str) -> None:
    """They may be two answers, or doubt: the next question has a second option too."""
    said = stage.hear(text)
    assert values(stage) == {}
    assert said[:2] == ["这一题请只选一个：好，还是较好？", "如果后一个是答下一题的，下一题马上就问。"]
    assert said[2].startswith("1/6")


def test_of_two_options_at_the_last_question_none_can_be_for_the_next(stage: Stage) -> None:
    for text in ("1", "1", "2", "1", "1"):
        stage.hear(text)
    said = stage.hear("1、2")
    assert said[0] == "这一题请只选一个：满意，还是比较满意？"
    assert said[1].startswith("6/6")


def test_one_option_said_twice_is_that_option(stage: Stage) -> None:
    stage.hear("1,1")
    assert values(stage) == {"q1": "good"}


def test_two_options_named_three_times_are_shown_to_a_person(stage: Stage) -> None:
    """The ladder is the same as for any reply that cannot be read."""
    stage.hear("1,2")
    stage.hear("1和2")
    assert stage.hear("1 2")[0] == "没看明白您的回复，会请工作人员查看。您仍可继续回复，或拨打 0838-12345。"
    assert stage.turns[-1].for_staff == "unreadable"
    assert values(stage) == {}


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("the water is very dirty", "zh", "en"),
        ("ok", "zh", ""),
        ("yes", "zh", ""),
        ("水很脏 very bad", "zh", ""),
        ("1", "zh", ""),
        ("水很脏", "en", "zh"),
        ("good 好", "en", ""),
    ],
)
def test_the_other_language_is_told_by_whole_words_not_by_a_yes(text: str, language: str, other: str) -> None:
    assert other_language(text, language) == other


@pytest.mark.parametrize("channel", ["sms", "gateway"])
def test_a_voice_message_by_sms_is_met_with_the_telephone(stage: Stage, channel: str) -> None:
    """Who speaks instead of typing may not be able to type."""
    voice = (Attachment(AttachmentKind.VOICE, "v", "", 1000, ""),)
    turn = hear(stage.conversation, Heard("", channel, attachments=voice), stage.world)
    assert "人工" in turn.says[0].text
    assert "0838-12345" in turn.says[0].text


WISHES = [
    ("在开车,晚点回你", Command.LATER),
    ("忙得很,二天再说", Command.LATER),
    ("I'm at work, will reply tonight", Command.LATER),
    ("我眼睛看不清,请打电话给我", Command.PERSON),
    ("can somebody call me instead", Command.PERSON),
    ("我要投诉物业", Command.COMPLAIN),
    ("I want to make a complaint", Command.COMPLAIN),
    ("我要投诉,食堂门口路灯坏了三个月没人管", Command.COMPLAIN),
    ("投诉：楼上" + "天天半夜跳舞，" * 20, Command.COMPLAIN),
    ("这题不答了,下一题", Command.SKIP),
    ("不会弄,咋填", Command.HELP),
    ("不满意", None),
    ("他们天天打电话给我", None),
    ("等了三天没人来", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "wanted"), WISHES)
def test_a_wish_in_a_sentence_of_ones_own_is_found(text: str, wanted: Command | None) -> None:
    assert wish(text) is wanted


@pytest.mark.parametrize(
    "text", ["什么意思?", "啥子意思哦", "什么是五水共治?", "what does this mean", "没搞懂", "What is a river chief?"]
)
def test_a_question_asked_back_is_known(text: str) -> None:
    assert asks_back(text)


@pytest.mark.parametrize("text", ["没什么意思", "满意", "什么都没有", "不知道", "水为什么臭", "good"])
def test_a_statement_is_no_question_asked_back(text: str) -> None:
    assert not asks_back(text)


def test_a_reply_taught_later_fills_the_question_that_was_left_out(stage: Stage) -> None:
    """What is open stays open, and nothing is said."""
    rate = Question("rate", Kind.SELECT_ONE, "rate", {"zh": "?"}, choices=(Choice("good", {"zh": "好"}),))
    more = Question("more", Kind.TEXT, "more", {"zh": "还有吗?"})
    form = Form("f", "f", {"zh": "f"}, ("zh",), "zh", (rate, more))
    world = replace(stage.world, form=lambda _: form)
    interview = stage.conversation.interviews[0]
    asked = replace(interview, form="f", position="more", skipped=("rate",), trail=("rate",), values={})
    talk = stage.conversation.with_interview(asked)
    reply = Misread(asked.id, "rate", "呱呱叫", START)
    assert reread(talk, reply, world) is None  # nobody has taught it
    taught = replace(rate, choices=(Choice("good", {"zh": "好"}, ("呱呱叫",)),))
    world = replace(world, form=lambda _: replace(form, questions=(taught, more)))
    found = reread(talk, reply, world)
    assert found is not None
    value, turn = found
    (answer,) = turn.answers
    assert (value, answer.value, answer.raw, answer.at) == ("good", "good", "呱呱叫", START)
    after = turn.conversation.interviews[0]
    assert (after.position, after.skipped, turn.says) == ("more", (), ())
