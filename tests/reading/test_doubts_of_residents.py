"""What people ask back first, and what merely sounds like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.dialogue.words import Doubt, suspicion

S, W, N, E, C, Y = Doubt.SCAM, Doubt.WHO, Doubt.NUMBER, Doubt.SEES, Doubt.COST, Doubt.WHY

ASKED = [
    ("骗子", {S}),
    ("骗子?", {S}),
    ("骗子吧", {S}),
    ("骗子吧!!!", {S}),
    ("你是骗子吧?", {S}),
    ("你们是骗子吗", {S}),
    ("是不是骗子啊", {S}),
    ("不会是骗子吧", {S}),
    ("又是骗子", {S}),
    ("骗人的吧", {S}),
    ("是不是骗人的", {S}),
    ("诈骗", {S}),
    ("诈骗短信", {S}),
    ("电信诈骗吧", {S}),
    ("这是诈骗电话吧", {S}),
    ("真的假的", {S}),
    ("这是真的吗?", {S}),
    ("假的吧", {S}),
    ("靠谱吗", {S}),
    ("騙子", {S}),
    ("scam?", {S}),
    ("Is this a scam", {S}),
    ("fraud!", {S}),
    ("is this real?", {S}),
    ("你是谁", {W}),
    ("你是谁啊?", {W}),
    ("你谁", {W}),
    ("您哪位", {W}),
    ("请问您是哪位", {W}),
    ("你们哪个单位的哦", {W}),
    ("你们是什么单位", {W}),
    ("哪个单位的", {W}),
    ("你们是干什么的", {W}),
    ("谁啊", {W}),
    ("你好,请问是哪个部门", {W}),
    ("我不认识你", {W}),
    ("who are you?", {W}),
    ("Who is this", {W}),
    ("which office is this?", {W}),
    ("hello, who are you please", {W}),
    ("怎么有我号码", {N}),
    ("你们怎么有我的号码?", {N}),
    ("怎么会有我电话", {N}),
    ("你怎么知道我的手机号", {N}),
    ("哪来的我号码", {N}),
    ("从哪里得到我的电话的", {N}),
    ("我的号码哪来的", {N}),
    ("谁给你我的号码", {N}),
    ("谁告诉你我的电话的", {N}),
    ("how did you get my number?", {N}),
    ("where did you get my number from", {N}),
    ("who gave you my number", {N}),
    ("谁看得到", {E}),
    ("谁能看到?", {E}),
    ("谁能看到我的回答", {E}),
    ("会不会告诉单位", {E}),
    ("会不会告诉我们领导", {E}),
    ("社区会知道吗", {E}),
    ("是匿名的吗", {E}),
    ("匿名吗", {E}),
    ("保密吗?", {E}),
    ("会保密吗", {E}),
    ("会不会被报复", {E}),
    ("who can see this?", {E}),
    ("who will see my answers", {E}),
    ("is it anonymous?", {E}),
    ("will my boss see it", {E}),
    ("收费吗", {C}),
    ("要钱吗?", {C}),
    ("要不要钱", {C}),
    ("收不收费", {C}),
    ("免费吗", {C}),
    ("免费的吧?", {C}),
    ("回复要钱吗", {C}),
    ("回短信扣话费吗", {C}),
    ("扣不扣钱", {C}),
    ("多少钱一条", {C}),
    ("is it free?", {C}),
    ("does it cost anything", {C}),
    ("how much does it cost?", {C}),
    ("为什么选我", {Y}),
    ("为什么是我?", {Y}),
    ("为啥找我", {Y}),
    ("怎么选到我的", {Y}),
    ("你们怎么抽到我的", {Y}),
    ("怎么选的人", {Y}),
    ("why me?", {Y}),
    ("why did you choose me", {Y}),
    ("how was I selected?", {Y}),
    ("你是谁?怎么有我号码?", {W, N}),
    ("你是谁怎么有我的号码", {W, N}),
    ("骗子吧,要钱吗", {S, C}),
    ("who are you and how did you get my number", {W, N}),
]

NOT_ASKED = [
    "",
    "1",
    "满意",
    "我被骗子骗了两万块钱没人管",
    "他们骗人说修好了",
    "社区里有诈骗电话天天打",
    "1,骗子",
    "很不满意,都是骗子",
    "希望多宣传防诈骗",
    "不知道找谁",
    "谁都不管",
    "不知道是谁修的",
    "停车收费太高",
    "乱收费",
    "收费",
    "免费",
    "free",
    "保密",
    "请为我保密",
    "单位知道了也不管",
    "领导不知道",
    "为什么路灯还不亮",
    "为什么没人管我",
    "怎么还没修好",
    "我的号码换了",
    "我的电话是多少你们记一下",
    "骗",
    "who cares",
    "the scam calls never stop here",
    "nobody knows who is in charge",
    "it was free and quick",
    "真的很好",
    "真的",
]


@pytest.mark.parametrize(("text", "doubts"), ASKED)
def test_a_short_question_back_is_recognised_with_what_it_asks(text: str, doubts: set[Doubt]) -> None:
    assert suspicion(text) == doubts


@pytest.mark.parametrize("text", NOT_ASKED)
def test_an_answer_or_a_complaint_is_no_question_back(text: str) -> None:
    assert not suspicion(text)


@given(st.text(max_size=200))
def test_no_text_makes_the_recognition_fail(text: str) -> None:
    assert suspicion(text) <= set(Doubt)
