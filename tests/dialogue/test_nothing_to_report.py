"""Who wants nothing handled is believed, whatever words they say it in; what nobody asked for begins no case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from player import Stage, set_scene

from surveys.dialogue.conversation import Person
from surveys.dialogue.matters import tells_matter, tells_trouble
from surveys.dialogue.nothing import says_none, says_nothing, says_something

NONE = [
    "没得",
    "莫得",
    "没得啥子",
    "没得了",
    "冇",
    "没麻达",
    "暂时没有",
    "谢谢,没有",
    "没有谢谢",
    "没有什么事",
    "没有别的了",
    "没意见",
    "算了",
    "没有",
    "没有了哈",
    "没啥子",
    "啥子都没得",
    "什么事都没有",
    "没有需要办理的",
    "不存在",
    "不用了，谢谢",
    "目前没有要反映的",
    "no thanks",
    "not really",
    "No, thank you!",
    "nothing really",
    "not at the moment",
    "nope",
    "no problems here",
    "nothing to report, thanks",
]
CONTENT = [
    "都好",
    "挺好的",
    "满意",
    "好的",
    "都挺好的，谢谢你们",
    "很满意，没有意见",
    "👍",
    "🙏",
    "👌🙏",
    "all good",
    "all good thanks",
    "I'm fine",
    "satisfied",
    "everything is fine",
    "thank you, no",
]
SOMETHING = [
    ("没水", "there is no water"),
    ("没路灯", "there is no lamp"),
    ("没有人管垃圾", "nobody looks after it"),
    ("没有自来水", "no tap water"),
    ("没有，就是路灯坏了", "a no, and then a matter"),
    ("都满意，就是路口太黑", "content, but"),
    ("不满意", "discontent"),
    ("不好", "discontent"),
    ("no water", "a matter that begins with no"),
    ("not good", "discontent"),
    ("nobody came", "a matter"),
    ("路灯坏了👍", "a matter, with a sign"),
    ("……", "nothing said at all"),
    ("", "nothing said at all"),
]


@pytest.fixture(params=["zh", "en"])
def asked(request: pytest.FixtureRequest) -> Stage:
    """Somebody who has answered everything, and is asked whether something is to be handled."""
    stage = Stage(people=[Person(1, "王", confirmed=True, consent="given")], language=request.param)
    stage.invite()
    for reply in ("1", "1", "2", "2", "1", "1"):
        stage.hear(reply)
    return stage


@pytest.mark.parametrize("text", [*NONE, *CONTENT])
def test_nothing_in_other_words_ends_the_closing_question(asked: Stage, text: str) -> None:
    assert asked.hear(text)[-1] in {"谢谢您。", "Thank you."}
    assert asked.conversation.floor is None
    assert asked.cases == {}


@pytest.mark.parametrize("text", NONE)
def test_only_a_no_is_one_where_it_is_asked_whether_to_pass_something_on(text: str) -> None:
    assert says_none(text)


@pytest.mark.parametrize("text", CONTENT[:-1])
def test_to_be_content_is_no_answer_to_whether_something_shall_be_passed_on(text: str) -> None:
    assert not says_none(text)


@pytest.mark.parametrize(("text", "reason"), SOMETHING)
def test_a_no_within_something_else_is_not_nothing(text: str, reason: str) -> None:
    assert not says_nothing(text), reason


@pytest.mark.parametrize("text", ["没有", "没了", "没有了", "没得", "算了", "none"])
def test_who_thinks_better_of_it_has_nothing_passed_on(text: str) -> None:
    stage = set_scene("resident: 王秀英")
    stage.hear("路灯坏了三天")
    assert stage.hear(text) == ["好的，不会转给任何单位。"]
    assert stage.cases == {}


@pytest.mark.parametrize("text", ["有", "有的", "是的", "yes", "有事", "不满意", "not happy"])
def test_a_yes_is_asked_what_it_is_about(asked: Stage, text: str) -> None:
    assert says_something(text)
    said = asked.hear(text)
    assert {"请说说是什么事、在哪里。", "Please tell us what it is, and where."} & set(said)
    assert asked.conversation.floor is not None


UNASKED = [
    "去过",
    "没去过",
    "满意",
    "非常满意",
    "不满意",
    "改一下",
    "2020-01-01",
    "done",
    "村",
    "一般",
    "去年去过两次",
    "没意见",
    "satisfied",
    "very good",
    "I have been there twice",
    "今天天气不错",
    "办得很好，谢谢你们",
    "跳过",
    "昨天",
]


@pytest.mark.parametrize("text", UNASKED)
def test_an_answer_to_nothing_is_no_matter(text: str) -> None:
    """Such a message is answered in words; the numbers that may follow it then register no case."""
    stage = set_scene("resident: 王秀英")
    assert stage.hear(text)[0].startswith("现在没有待答的问题。")
    stage.hear("1")
    assert stage.conversation.floor is None
    assert stage.cases == {}


@pytest.mark.parametrize(
    "text",
    [
        "停水了",
        "路灯坏了",
        "物业乱收费",
        "我们小区的电梯经常停在半路",
        "中心小学门口放学的时候车子多",
        "我对物业很不满意",
        "我要投诉,食堂门口路灯坏了三个月没人管",
        "我要投诉物业",
        "the lift stops between floors all the time",
        "no water since monday",
        "去年去过两次，厕所太脏了",
    ],
)
def test_what_is_wrong_is_offered_to_be_passed_on(text: str) -> None:
    stage = set_scene("resident: 王秀英")
    assert "1 同意转办" in stage.hear(text)


@pytest.mark.parametrize(
    "text", ["第1题改成不满意", "Change question 3 to dissatisfied", "刚才选错了，应该是2", "my last answer was wrong"]
)
@pytest.mark.parametrize("before", [True, False])
def test_a_correction_after_the_end_is_told_so_and_is_no_matter(text: str, *, before: bool) -> None:
    stage = Stage(people=[Person(1, "王", confirmed=True, consent="given")])
    stage.invite()
    for reply in ("1", "1", "2", "2", "1", "1", *([] if before else ["没有"])):
        stage.hear(reply)
    assert stage.hear(text)[0] == "那份问卷已经答完，提交的回答不能再改了。"
    stage.hear("没有")
    assert stage.cases == {}


def test_what_only_speaks_of_a_change_is_a_matter() -> None:
    stage = set_scene("resident: 王秀英")
    assert "1 同意转办" in stage.hear("那个路口的红绿灯应该换成新的")


@given(st.text(max_size=300))
def test_no_text_makes_the_judgement_fail(text: str) -> None:
    assert says_none(text) <= says_nothing(text)
    assert says_something(text) in {True, False}
    assert tells_trouble(text) in {True, False}
    assert not (tells_matter(text) and says_nothing(text))
