"""Wordings of questions that push: what is warned of, and what looks alike and is fair."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.loaded import Push, pushes, warn_of_pushes
from surveys.problem import Severity
from surveys.questionnaire.templates import names, template_form

PRESUMING, LOADED, DOUBLE = Push.PRESUMING, Push.LOADED, Push.DOUBLE


@pytest.mark.parametrize(
    ("text", "push", "words"),
    [
        ("您也认为社区工作做得好吗？", PRESUMING, "您也认为"),
        ("您是否也觉得环境变好了？", PRESUMING, "您是否也觉得"),
        ("您一定支持垃圾分类，对吧？", PRESUMING, "您一定支持"),
        ("难道您不满意吗？", PRESUMING, "难道"),
        ("治安比以前好了，是不是？", PRESUMING, "是不是"),
        ("大家都说服务好，您怎么看？", PRESUMING, "大家都说"),
        ("众所周知，水质改善了。您觉得呢？", PRESUMING, "众所周知"),
        ("您有多满意我们的工作？", PRESUMING, "您有多满意"),
        ("您同意办事更方便了的说法吗？", PRESUMING, "您同意办事更方便了的说法"),
        ("Don't you think the streets are cleaner?", PRESUMING, "don't you think"),
        ("The park is nicer now, isn't it?", PRESUMING, "isn't it?"),
        ("Surely the office has improved?", PRESUMING, "surely"),
        ("Do you agree that queues are shorter?", PRESUMING, "do you agree that"),
        ("How much do you enjoy the new square?", PRESUMING, "how much do you enjoy"),
        ("对取得显著成效的治水工作怎么看？", LOADED, "取得显著成效"),
        ("您对我们热情周到的服务满意吗？", LOADED, "热情周到的服务"),
        ("您如何评价卓有成效的整治？", LOADED, "卓有成效"),
        ("您怎么看他们恶劣的态度？", LOADED, "恶劣的"),
        ("How do you rate our excellent staff?", LOADED, "our excellent"),
        ("What do you think of the disgraceful delays?", LOADED, "the disgraceful"),
        ("How do you see the remarkable progress?", LOADED, "the remarkable"),
        ("您对服务态度和办事效率满意吗？", DOUBLE, "服务态度和办事效率"),
        ("大厅的环境、秩序怎么样？", DOUBLE, "环境,秩序"),
        ("您了解并且支持吗？", DOUBLE, "了解并且支持"),
        ("Are you satisfied with the speed and quality of the service?", DOUBLE, ""),
        ("Was the clerk friendly and fast?", DOUBLE, ""),
        ("How clean and safe is the park?", DOUBLE, "how clean and safe"),
        ("您也认为　服务Ｏ态度和效率　满意吗", PRESUMING, "您也认为"),
    ],
)
def test_a_question_that_pushes_is_found(text: str, push: Push, words: str) -> None:
    found = {pushed.push: pushed.words for pushed in pushes(text)}
    assert words in found.get(push, "nothing"), found
    (problem, *_) = warn_of_pushes(text)
    assert problem.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("您对社区工作满意吗？", "plain"),
        ("您是否支持垃圾分类？", "whether, both ways open"),
        ("工作人员是否热情周到？", "the quality itself is asked"),
        ("治水是否取得了明显成效？", "whether it has"),
        ("您同意我们给您回电吗？", "a consent, no opinion"),
        ("您同意不署名转办吗？", "a consent"),
        ("服务态度和办事效率中，哪个更需要改进？", "a choice between the two"),
        ("环境卫生怎么样？", "one thing"),
        ("您对法院、检察院的工作满意吗？", "two offices, no two qualities: left to the office"),
        ("您觉得治安变好还是变差了？", "both directions"),
        ("和去年比，水质有变化吗？", "open"),
        ("How satisfied are you with the service?", "plain"),
        ("Was the clerk friendly?", "one quality"),
        ("Do you agree to be called back?", "a consent"),
        ("Have you heard of or seen the river chief system?", "no rating"),
        ("Is it better or worse than a year ago?", "both directions"),
        ("What is the name of the officer?", "office is no adjective"),
    ],
)
def test_a_fair_question_is_left_alone(text: str, why: str) -> None:
    assert pushes(text) == (), why


@pytest.mark.parametrize("name", names())
def test_no_template_pushes(name: str) -> None:
    for question in template_form(name).questions:
        for text in question.labels.values():
            assert pushes(text) == (), (question.name, text)


@given(st.text(max_size=200))
def test_any_text_can_be_looked_through(text: str) -> None:
    assert all(pushed.words for pushed in pushes(text))
