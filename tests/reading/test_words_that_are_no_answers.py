"""Opt-out, coming back, commands and refusals: what is one, and what only looks like one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from asked_questions import FIVE, RESULT, ladder
from hypothesis import given
from hypothesis import strategies as st

from surveys.dialogue.words import (
    Command,
    collisions,
    command,
    keep_case_word,
    refusal,
    resume_word,
    stop_word,
)
from surveys.problem import Severity
from surveys.questionnaire.form import Choice, Form, Kind, Question

STOPPED = [
    *[
        (word, "keyword")
        for word in ("STOP", "stop", "Stop.", "ＳＴＯＰ", "STOPALL", "stop all", "UNSUBSCRIBE", "END", "QUIT")
    ],
    *[
        (word, "keyword")
        for word in ("REVOKE", "OPTOUT", "opt-out", "Opt out", "CANCEL", "/stop", "“STOP”", "stop!!", "S T O P")
    ],
    *[
        (word, "keyword")
        for word in (
            "退订",
            "退訂",
            "退 订",
            "退订。",
            "【退订】",
            "TD",
            "td",
            "T",
            "ｔ",
            "Ｔ",
            "T。",
            "取消",
            "停止",
            "不要再发",
        )
    ],
    *[
        (word, "soft")
        for word in (
            "别发了",
            "别再发了",
            "别发",
            "不要发了",
            "不要再发了",
            "请不要再发了",
            "不要再发短信了",
            "不要给我发短信了",
        )
    ],
    *[
        (word, "soft")
        for word in (
            "请不要再给我发信息",
            "别老给我发短信了",
            "别再打扰我",
            "不要打扰我了",
            "别烦我",
            "不要骚扰我",
            "请勿打扰",
            "别来烦我了",
        )
    ],
    *[
        (word, "soft")
        for word in (
            "我要退订",
            "帮我退订",
            "怎么退订",
            "退订短信",
            "你们别发了",
            "以后不要发了",
            "停止发送",
            "停止发短信",
            "拒收",
            "退订谢谢",
            "回复退订",
            "STOP退订",
            "退订短信吧",
        )
    ],
    *[
        (word, "soft")
        for word in (
            "不想再收到你们的短信",
            "不想收到短信了",
            "拒绝接收短信",
            "别再给我打电话",
            "不要再联系我",
            "能不能别发了",
            "烦死了别发了",
        )
    ],
    *[
        (word, "soft")
        for word in (
            "stop texting me",
            "Stop texting me!",
            "please stop",
            "stop please",
            "stop sending me messages",
            "don't text me",
        )
    ],
    *[
        (word, "soft")
        for word in (
            "do not contact me again",
            "Don’t message me anymore",
            "no more texts please",
            "unsubscribe me",
            "remove me",
        )
    ],
    *[
        (word, "soft")
        for word in (
            "take me off your list",
            "leave me alone",
            "I want to unsubscribe",
            "how do I opt out",
            "stop this",
            "stop bothering me",
        )
    ],
]
NOT_STOPPED = [
    "停止供水了",
    "停止施工",
    "停电了",
    "取消了公交站",
    "不要再发生这种事",
    "别发传单了浪费纸",
    "不要再发通知了没有用",
    "他们说别发了",
    "不要",
    "不用了",
    "不想评",
    "不退订",
    "退订不了",
    "不想打扰",
    "少发短信",
    "remove",
    "opt",
    "stop it",
    "已退订",
    "stop the music",
    "短信收到了",
    "希望少打扰居民休息",
    "别人都收到短信了",
    "烦死了",
    "请尽快发短信通知",
    "没人给我发短信",
    "门口的广告天天打扰我",
    "stop the noise at night",
    "the bus stop is too far",
    "they never stop",
    "don't stop",
    "end of the road",
    "cancel the fee",
    "no",
    "not satisfied",
    "remove the rubbish",
    "they should leave me alone and fix it",
    "1",
    "TV",
    "",
    "?",
]

COMMANDED = [
    *[
        (word, Command.HELP)
        for word in (
            "帮助",
            "help",
            "HELP!",
            "?",
            "？",
            "??",
            " ？！",
            "什么意思",
            "什么意思啊",
            "啥意思呀",
            "What do you mean?",
            "怎么回复",
            "看不懂",
        )
    ],
    *[
        (word, Command.SKIP)
        for word in ("跳过", "跳过吧", "请跳过", "跳过这题", "下一题", "skip", "Skip please", "skip this question")
    ],
    *[(word, Command.BACK) for word in ("上一题", "返回", "返回上一题", "back", "go back", "previous question")],
    *[
        (word, Command.LATER)
        for word in (
            "稍后",
            "等会儿",
            "等会儿吧",
            "忙",
            "忙着呢",
            "在忙",
            "我在忙",
            "没空",
            "晚点再说",
            "later",
            "not now",
            "I'm busy",
            "busy",
        )
    ],
    *[
        (word, Command.PERSON)
        for word in (
            "人工",
            "转人工",
            "请工作人员来电",
            "人工 请工作人员来电",
            "给我打电话",
            "person",
            "operator",
            "human",
            "call me",
            "Talk to someone",
        )
    ],
    *[
        (word, Command.COMPLAIN)
        for word in (
            "反映",
            "反映问题",
            "我要反映问题",
            "我有问题要反映",
            "投诉",
            "report",
            "complain",
            "I want to report a problem",
        )
    ],
    *[(word, Command.LANGUAGE_ZH) for word in ("中文", "说中文", "Chinese", "in Chinese please")],
    *[(word, Command.LANGUAGE_EN) for word in ("English", "英文", "英语", "In English, please")],
    *[(word, Command.MY_DATA) for word in ("我的数据", "my data", "MY DATA", "我的數據")],
    *[
        (word, Command.DELETE_MY_DATA)
        for word in ("删除我的数据", "delete my data", "Please delete my data.", "请删除我的数据")
    ],
]
NOT_COMMANDED = [
    "1",
    "9",
    "A",
    "h",
    "b",
    "满意",
    "人工湖太脏",
    "反映了没人管",
    "他们很忙",
    "忙了半天没办成",
    "帮助很大",
    "没有帮助",
    "中文标识太少",
    "skip the queue",
    "the way back is dark",
    "they called me later",
    "什么意思都没有",
    "我的数据不对",
    "什么?1",
    "",
]

REFUSED = [
    "不想评",
    "不想评价",
    "不愿评价",
    "不愿意评",
    "我不想参加",
    "不参加",
    "我不参加这个活动",
    "没空不参加",
    "没空,不参加",
    "对不起,不想参加",
    "不想回答",
    "不想回答这个问题",
    "不想填",
    "懒得评",
    "没兴趣",
    "不感兴趣",
    "没有兴趣,谢谢",
    "拒绝评价",
    "拒绝回答",
    "我不方便参加",
    "不想说",
    "不评了",
    "no thanks",
    "No, thank you",
    "not interested",
    "I'm not interested, thanks",
    "I would rather not",
    "I'd rather not say",
    "I don't want to take part",
    "I do not wish to answer",
    "sorry, I won't take part",
    "I refuse",
    "no comment",
]
NOT_REFUSED = [
    "不",
    "不是",
    "没有",
    "不用了",
    "算了",
    "不好评价",
    "不好说",
    "说不清",
    "没法评价",
    "不满意",
    "不参加也行",
    "参加过",
    "没参加过",
    "没有参加",
    "他们不想回答我",
    "物业不配合",
    "1",
    "没空",
    "no",
    "nobody came",
    "not satisfied",
    "they refuse to help",
    "I don't want to pay",
    "",
]


@pytest.mark.parametrize(("text", "kind"), STOPPED)
def test_an_opt_out_is_heard_in_the_carriers_words_and_in_ones_own(text: str, kind: str) -> None:
    assert stop_word(text) == kind


@pytest.mark.parametrize("text", NOT_STOPPED)
def test_an_answer_that_only_contains_such_words_is_no_opt_out(text: str) -> None:
    assert stop_word(text) is None


@pytest.mark.parametrize("text", ["START", "start", "恢复", "恢复接收", "/resume", "恢復接收", "Resume.", "unstop"])
def test_messages_come_back_by_the_whole_word(text: str) -> None:
    assert resume_word(text)


@pytest.mark.parametrize("text", ["start again from 1", "恢复供水了", "路灯恢复了", "yes", "1", ""])
def test_an_ordinary_message_brings_nothing_back(text: str) -> None:
    assert not resume_word(text)


def test_keeping_a_case_takes_its_own_word() -> None:
    assert all(keep_case_word(text) for text in ("办理", "办理。", "请继续办理", "KEEP", "keep my case"))
    assert not any(keep_case_word(text) for text in ("办理得很好", "没有办理", "keep it up", "是", ""))


@pytest.mark.parametrize(("text", "expected"), COMMANDED)
def test_a_command_is_a_word_of_its_own(text: str, expected: Command) -> None:
    assert command(text) is expected


@pytest.mark.parametrize("text", NOT_COMMANDED)
def test_an_answer_is_no_command(text: str) -> None:
    assert command(text) is None


@pytest.mark.parametrize("text", [*"0123456789abcdefghijklmnopqrstuvwxyz", *"一二三四五六七八九十", "10", "12"])
def test_no_digit_and_no_letter_is_ever_a_command(text: str) -> None:
    assert command(text) is None


@pytest.mark.parametrize("text", REFUSED)
def test_declining_is_heard(text: str) -> None:
    assert refusal(text)


@pytest.mark.parametrize("text", NOT_REFUSED)
def test_a_dont_know_or_a_plain_no_is_no_refusal(text: str) -> None:
    assert not refusal(text)


@given(st.text(max_size=300))
def test_no_text_makes_the_words_fail(text: str) -> None:
    assert stop_word(text) in {None, "keyword", "soft"}
    assert command(text) in {None, *Command}
    assert refusal(text) in {True, False}
    assert resume_word(text) in {True, False}
    assert keep_case_word(text) in {True, False}


@given(
    st.sampled_from(("stop", "unsubscribe", "退订", "停止", "取消", "不要再发")),
    st.text("  \u200b️。!！.…,，\n", max_size=4),
    st.text("  \u200b️。!！.…,，\n", max_size=4),
    st.sampled_from((str.upper, str.lower, str.title)),
)
def test_an_opt_out_word_is_heard_whatever_blanks_and_stops_surround_it(
    word: str, front: str, back: str, case: Callable[[str], str]
) -> None:
    assert stop_word(front + case(word) + back) == "keyword"


def form(*questions: Question) -> Form:
    """Return a form of these questions."""
    return Form("d", "f", {"zh": "f"}, ("zh",), "zh", questions)


@pytest.mark.parametrize(
    "choice",
    [
        Choice("a", {"zh": "取消"}),
        Choice("a", {"zh": "退订", "en": "Leave"}),
        Choice("a", {"zh": "其它", "en": "Cancel"}),
        Choice("a", {"zh": "稍后"}),
        Choice("a", {"zh": "英语", "en": "English spoken"}),
        Choice("a", {"zh": "不要了"}, ("不要再发",)),
        Choice("a", {"zh": "忙"}, hidden=True),
        Choice("back", {}),
        Choice("a", {"zh": "人工。"}),
        Choice("a", {"zh": "恢复"}),
    ],
)
def test_an_option_that_would_be_taken_for_a_command_is_refused(choice: Choice) -> None:
    (problem,) = collisions(
        form(Question("q", Kind.SELECT_ONE, "q", choices=(Choice("x", {"zh": "好"}), choice), row=7))
    )
    assert problem.code == "option_is_command"
    assert problem.severity is Severity.ERROR
    assert problem.row == 7
    assert "q" in problem.text("zh")
    assert problem.text("zh") != problem.text("en")


def test_the_letter_t_of_a_long_list_is_warned_of() -> None:
    long = ladder("long", *((f"选项{chr(0x4E00 + 60 * n)}", f"Place {n}") for n in range(20)))
    (problem,) = collisions(form(long))
    assert (problem.code, problem.severity) == ("option_letter_opts_out", Severity.WARNING)
    assert not collisions(form(ladder("l", *((f"选项{chr(0x4E00 + 60 * n)}", f"Place {n}") for n in range(19)))))


def test_numbers_that_mean_two_options_are_warned_of() -> None:
    (problem,) = collisions(form(ladder("often", ("没有", "Never"), ("1次", "1 time"), ("很多", "Often"))))
    assert (problem.code, problem.severity) == ("option_number_unclear", Severity.WARNING)
    assert "1" in problem.text("zh")


def test_ordinary_ladders_collide_with_nothing() -> None:
    stored = Question(
        "s", Kind.SELECT_ONE, "s", choices=(Choice("stop", {"zh": "停一停"}), Choice("end", {"zh": "到头"}))
    )
    assert not collisions(form(RESULT, FIVE, stored, Question("t", Kind.TEXT, "t")))
