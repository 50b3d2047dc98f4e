"""Texts that ask for a particular answer, and neutral texts that use the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.wording import check_wording, leading_phrases

LEADING = """
请打满分
请打满分!
请您打满分,谢谢支持
请 打 满 分
请·打·满·分
请。打。满。分
请打滿分
请打“满分”
请给我们打满分
给我们满分
争取满分
接到电话请给社区满分评价
满分好评
投满分票
不要忘了打满分
请打10分
打10分
请打１０分
打 十 分
请给我们打十分
请打１００分
请给100分
打一百分
给五分
打5分哦
请评9分以上
10分,谢谢您!
请给高分
请打最高分
点赞
请为我们点赞
请为社区点个赞
点一个大赞
求赞
点 赞
好评
给个好评
请给好评哦
求好评
五星好评
五星
请打五星
5星
给我们五颗星
请给5颗星支持
请答满意
请答“满意”
请回答"满意"
请回答非常满意
请选满意
请选择“很满意”
请您选择【非常满意】
请都选满意
务必回答满意
一律填满意
全部选非常满意
接到12345电话请说满意
接到调查电话时,请回答“满意”
调查员来电请您回答很满意
请在满意栏打√
请在“满意”后面打勾
投满意票
请投我们一票
请投出您宝贵的满意票
满意有奖
请答满意,不要答不满意
不要选不满意
别说不好
千万别选一般
请勿给差评
不要打低分
别扣分
给我们加分
选A
请选A
全选A
都选1
一律回复1
每题都选第一个
请选第一项
选最好的
请评优秀
请评为优秀等次
请多说好话
请多美言几句
往好里填
请高抬贵手
请回答安全
电话调查时请说知道
请统一口径
有人问起请回答没有
请给予充分肯定
请给我们满意的评价
请竖起大拇指
Please give us full marks
give us full marks!
f u l l m a r k s
Full Marks, please
Please answer satisfied
please say you are very satisfied
Please choose "very satisfied"
Select 'Satisfied' for every question
tick the satisfied box, please tick satisfied
reply satisfied
tell them you are satisfied
rate us 10
Rate us 10 out of 10
rate our service ten please
give us a 10
give us 10/10
give us 5 stars
5 stars
five stars please
Please rate us five stars!
like us
Please like us on the page
like our page
give us a thumbs up
thumbs up
leave us a like
vote for us
please give us a good review
leave a positive rating
give us a high score
please choose the highest rating
give the top score
say good things
speak well of us
put in a good word
only positive answers, please
don't give us a low score
do not choose dissatisfied
choose option A
pick the first option
answer yes to all questions
answer 1 to every question
We hope for your positive feedback, please send positive feedback
100% satisfied
""".strip().splitlines()

NEUTRAL = """
您对服务满意吗
您对服务满意吗?请回复数字
您对社区服务是否满意?
满意度调查
满意度测评今天开始
请您如实回答
请您如实评价,满意就说满意,不满意就说不满意
请您如实回答,满意、一般、不满意都可以
请选择:1满意 2一般 3不满意
1很满意2满意3一般4不满意5很不满意
请选择1非常满意2满意3基本满意4不满意
请回答您满意还是不满意
请评价您对办事态度是否满意
请回复数字:1满意,2不满意
请在满意、一般、不满意中选一项
如满意请回1,不满意请回2
只有您说满意才算办结
让群众满意是我们的目标
您的意见对我们十分重要
十分感谢
耽误您10分钟
10分钟
共10分钟
只需10分钟
大约10分钟,共4题
请给我们5分钟
请打分:1到10分
请打1-10分
请给1—10分
请按1至10分打分
采用10分制
10分制打分
10分表示非常满意,1分表示很不满意
满分为10分
满分100分的计分办法
满分10分
总分满分100
每项满分5分
每题10分
共10分
占10分
扣10分
第10分局
9点10分开始
17:10分发放
五星社区
五星级酒店旁边的路口
五星红旗
1至5星
1-5星
最高5星
好评率
好差评
好评、中评、差评
广受好评
不好评价
优秀办件评选
评选优秀办件
请投票评选优秀办件
赞助单位
请赞成或反对
选A或B
请选A、B或C
A类单位
A栋居民
回复1继续
同意请回复1,不同意请回复2
回复T退订
回复退订不再打扰
先选第一题
请从第一题开始
请注意安全
请回答安全问题
您觉得安全吗
请回答是否安全
反映问题请回复 反映
还有别的要说吗?没有请回复“没有”。
有什么事想请我们转给有关单位办理吗?没有请回复“没有”。
请支持我们的工作
感谢您的支持
如有人要求您打满分,请告诉我们
任何人不得要求您回答满意
严禁任何单位授意群众打满分
自愿参加,仅用于统计
怎样回答由您自己决定
河长制是什么?请看公示牌
垃圾分类从我做起
请把电话号码留给我们
选择满意与否由您决定
请您选择满意程度
请给河道巡查员打电话
点击链接查看
请说说您的看法
请问您最近一次办事是哪天
Are you satisfied with the service?
How satisfied are you?
Please say how satisfied you are
Choose satisfied or dissatisfied
Please choose: 1 satisfied 2 average 3 dissatisfied
Rate us from 1 to 10
Rate the service on a scale of 1 to 10
Please rate our service from 1 to 5 stars
1 star to 5 stars
up to 5 stars
10 minutes
It takes 10 minutes
Please give us 10 minutes
Please give us 5 minutes of your time
Give your answer within 10 days
Please rate the 10 units
The maximum score is 10
Full marks are 100
a five star hotel
thumbs up or thumbs down
Would you like us to call you back?
people like us
offices like ours
Reply 1 to continue
Reply STOP to end
Reply HELP for help
Positive or negative, every answer counts
your feedback is welcome
Give feedback
Tell us what you think
Nobody may ask you to give full marks
If anyone asks you to answer satisfied, tell us
Please select a date
vote on the best-handled case
Say yes or no
""".strip().splitlines()


@pytest.mark.parametrize("text", LEADING)
def test_a_text_that_asks_for_an_answer_is_found_out(text: str) -> None:
    assert leading_phrases(text)


@pytest.mark.parametrize("text", NEUTRAL)
def test_a_neutral_text_with_the_same_words_passes(text: str) -> None:
    assert leading_phrases(text) == ()


def test_the_truth_table_is_as_long_as_it_claims() -> None:
    assert len(set(LEADING)) >= 80
    assert len(set(NEUTRAL)) >= 60


def test_the_phrase_is_named_as_it_stands_in_the_text() -> None:
    assert leading_phrases("【街道办】下周测评,请·打·满·分,谢谢") == ("请·打·满·分",)
    assert leading_phrases("Dear all, please GIVE US Full Marks today") == ("GIVE US Full Marks",)
    assert leading_phrases("请点赞。请点赞。") == ("点赞",)


def test_the_problem_names_place_words_and_fix_in_both_languages() -> None:
    (problem,) = check_wording("请打满分", file="plan.toml", field="messages.zh")
    assert problem.code == "leading_wording"
    assert problem.text("zh").startswith("plan.toml, messages.zh: 文字要求作出特定回答:“请打满分”。")
    assert problem.text("en").startswith("plan.toml, messages.zh: The text asks for a particular answer: “请打满分”.")
    assert check_wording("您对服务满意吗?") == ()


#: What is put between the characters of a request to slip it past a list.
FILLING = st.sampled_from(("", " ", "·", ".", "。", "*", "\u200b", "_", "~", "、", "|", "\u3000", "👍"))


@given(
    st.sampled_from(("请打满分", "请答满意", "请给好评", "请点赞", "给我们打十分", "五星好评", "请选非常满意")),
    st.data(),
)
def test_whatever_is_put_between_the_characters_the_request_is_found(request: str, data: st.DataObject) -> None:
    text = "".join(c + data.draw(FILLING) for c in request)
    assert leading_phrases("您好," + text)


@given(st.text(max_size=200) | st.lists(st.sampled_from([*LEADING, *NEUTRAL]), max_size=6).map(",".join))
def test_every_phrase_named_stands_in_the_text(text: str) -> None:
    from surveys.dialogue.spelling import legible

    for phrase in leading_phrases(text):
        assert phrase in legible(text)
