"""Repeats, units and pages as a resident meets them: what is asked, what is kept, going back and skipping inside."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from player import Person, Stage

from surveys.dialogue import waking
from surveys.dialogue.rereading import Misread, reread
from surveys.dialogue.world import World
from surveys.questionnaire.form import Form
from surveys.questionnaire.keys import is_more
from surveys.questionnaire.templates import template_form
from surveys.questionnaire.xlsform import read_form
from surveys.units.directory import Unit
from surveys.units.given import LONGEST, shortened, units_given

UNITS = (
    Unit("a", "城管局", "Urban Management", "一类", duties="市容环卫、户外广告。"),
    Unit("b", "水务局", "Water Bureau", "一类", duties="供水排水。"),
    Unit("c", "交警队", "Traffic Police", "二类"),
)
CHOICES = """
choices
,list_name,name,label::zh,label::en
,s,good,满意,Satisfied
,s,fair,一般,Fair
,s,bad,不满意,Dissatisfied
"""
HOUSE = """survey
,type,name,label::zh,label::en,relevant,required
,begin repeat,household,家里人,Household member,,
,text,name,叫什么？,Name?,,yes
,integer,age,${name}几岁？,How old is ${name}?,,
,select_one s,school,${name}对学校满意吗？,Is ${name} satisfied with school?,${age} < 18,
,end repeat,,,,,
,text,end,还有什么？,Anything else?,,
"""
GRID = """survey
,type,name,label::zh,label::en,required,appearance
,begin repeat,unit,单位,Unit,,
,hidden,unit_name,,,,
,hidden,unit_duty,,,,
,begin group,g,评一评,Please rate,,field-list
,select_one s,service,服务意识,Willingness to serve,yes,
,select_one s,speed,行政效能,Efficiency,yes,
,select_one s,law,依法行政,Keeping to the law,,
,end group,,,,,
,end repeat,,,,,
,text,end,还有什么？,Anything else?,,
"""


def read(survey: str) -> Form:
    return read_form("tried.csv", (survey + CHOICES).encode())


class Street(Stage):
    """One address where `tried` is talked through."""

    tried: Form

    @property
    def world(self) -> World:
        return replace(super().world, form=lambda name: self.tried if name == "tried" else template_form(name))

    def begin(self) -> list[str]:
        campaign = self.world.campaigns["water"]
        return self.take(waking.invite(self.conversation, campaign, 1, self.world, units_given(UNITS)))

    def talk(self, *replies: str) -> list[str]:
        """Reply; return what is said to the last one."""
        said: list[str] = []
        for text in replies:
            said = self.hear(text)
        return said

    @property
    def kept(self) -> dict[str, str]:
        """The answers as storage has them after all turns."""
        answers: dict[str, str] = {}
        for turn in self.turns:
            for _, question in turn.erased:
                answers.pop(question, None)
            answers |= {answer.question: answer.value for answer in turn.answers}
        return answers

    @property
    def position(self) -> str:
        return self.conversation.interviews[0].position if self.conversation.interviews else ""


def street(survey: str, language: str = "en") -> tuple[Street, list[str]]:
    here = Street(form="tried", people=[Person(1, "王", True, "given")], language=language, ask_complaint=False)
    here.tried = read(survey)
    return here, here.begin()


def test_after_each_instance_it_is_asked_whether_there_is_another() -> None:
    here, said = street(HOUSE)
    assert said[-3:] == ["Is there any to tell of: Household member?", "1 Yes, there is", "2 No, that is all"]
    assert here.talk("yes") == ["1/3 Name?"]
    assert here.talk("Ann")[0] == "2/3 How old is Ann?"
    assert here.talk("40")[0] == "Is there another: Household member?"
    assert here.talk("1") == ["3/5 Name?"]
    assert here.talk("Bob")[0] == "4/5 How old is Bob?"
    assert here.talk("7")[0] == "5/6 Is Bob satisfied with school?"
    assert here.talk("1")[0] == "Is there another: Household member?"
    assert here.talk("none")[0] == "6/6 Anything else?"
    assert here.kept == {"name@1": "Ann", "age@1": "40", "name@2": "Bob", "age@2": "7", "school@2": "good"}


def test_the_question_whether_there_is_another_is_asked_in_chinese_too() -> None:
    here, said = street(HOUSE, "zh")
    assert said[-3:] == ["有“家里人”要填写吗？", "1 有", "2 没有了"]
    assert here.talk("没有")[0] == "还有什么？"


def test_a_resident_goes_back_across_instances() -> None:
    here, _ = street(HOUSE)
    here.talk("1", "Ann", "40", "1", "Bob")
    assert [here.talk("back")[0] for _ in range(3)] == [
        "3/5 Name?", "Is there another: Household member?", "2/3 How old is Ann?",
    ]  # fmt: skip
    assert here.kept == {"name@1": "Ann"}
    here.talk("12")
    assert here.position == "school@1", "the changed answer counts in its own instance"


def test_a_question_left_out_in_one_instance_is_asked_in_the_next() -> None:
    here, _ = street(HOUSE)
    here.talk("1", "Ann", "skip", "1", "Bob")
    assert here.position == "age@2"


def test_silence_about_another_instance_is_no_instance() -> None:
    """Whoever skips the question, or is not understood three times, has no more to tell."""
    for replies in (("skip",), ("hm", "hm", "hm")):
        here, _ = street(HOUSE)
        here.talk("1", "Ann", "40", *replies)
        assert here.position == "end"


def test_the_duties_of_a_unit_come_before_its_first_question_and_its_place_above_each() -> None:
    here, said = street(GRID, "zh")
    assert said[1:4] == ["城管局的职责：市容环卫、户外广告。", "第1/3个单位：城管局", "1–3/10"]
    assert here.talk("1 2 1")[:3] == ["水务局的职责：供水排水。", "第2/3个单位：水务局", "4–6/10"]
    assert here.talk("1 2 1")[:2] == ["第3/3个单位：交警队", "7–9/10"], "no duties are known: none are told"


def test_an_english_reader_reads_the_english_name_of_a_unit() -> None:
    here, said = street(GRID)
    assert said[2] == "Unit 1 of 3: Urban Management"
    assert here.talk("英文", "1 1 1")[1] == "Unit 2 of 3: Water Bureau"


def test_a_page_shows_its_questions_by_letter_and_the_scale_once() -> None:
    _, said = street(GRID)
    assert said[3:] == [
        "1–3/10",
        "A. Willingness to serve",
        "B. Efficiency",
        "C. Keeping to the law",
        "1 Satisfied",
        "2 Fair",
        "3 Dissatisfied",
        "(Reply one number for each of A–C, e.g. 1 2 1)",
    ]


@pytest.mark.parametrize(
    "text",
    ["1 2 3", "123", "1,2,3", "1、2、3", "１ ２ ３", "1️⃣2️⃣3️⃣", "A1 B2 C3", "a:1, c:3, b:2", "1 2 3。", "1\n2\n3"],
)
def test_a_page_is_answered_by_one_number_for_each(text: str) -> None:
    here, _ = street(GRID)
    here.talk(text)
    assert here.kept == {"service@1": "good", "speed@1": "fair", "law@1": "bad"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1 2", "one is missing: whose number is which is not known"),
        ("1 2 3 1", "one too many"),
        ("1 2 4", "the scale ends at 3"),
        ("A1 B2", "C is missing"),
        ("A1 A2 C3", "A twice, B not at all"),
        ("2", "one number for three questions"),
        ("满意", "one word for three questions"),
        ("都还行吧", "words"),
    ],
)
def test_a_page_that_is_not_answered_whole_is_gone_through_one_by_one(text: str, why: str) -> None:
    here, _ = street(GRID)
    said = here.talk(text)
    assert here.kept == {}, why
    assert "1/10 Willingness to serve" in said
    assert "2/10 Efficiency" in here.talk("1")
    here.talk("2", "3")
    assert here.kept == {"service@1": "good", "speed@1": "fair", "law@1": "bad"}
    assert here.position == "service@2"


def test_a_whole_page_is_still_taken_after_it_was_not_understood() -> None:
    here, _ = street(GRID)
    here.talk("hm", "1 1 2")
    assert here.kept == {"service@1": "good", "speed@1": "good", "law@1": "fair"}


def test_going_back_into_a_page_puts_its_last_question_alone() -> None:
    here, _ = street(GRID)
    here.talk("1 2 3")
    assert "3/10 Keeping to the law" in here.talk("back")
    here.talk("1")
    assert here.kept == {"service@1": "good", "speed@1": "fair", "law@1": "good"}
    assert here.talk("back", "back", "back")[1] == "1–3/10"
    assert here.kept == {}


def test_skipping_a_required_page_is_refused_and_an_optional_question_of_it_is_left_out() -> None:
    here, _ = street(GRID)
    here.talk("skip")
    assert here.position == "service@1"
    here.talk("1 2 3", "back", "skip")
    assert here.kept == {"service@1": "good", "speed@1": "fair"}
    assert here.position == "service@2"


def test_all_units_are_talked_through_to_the_end() -> None:
    here, _ = street(GRID)
    here.talk("1 2 3", "1 1 1", "321", "fine")
    assert len(here.kept) == 10
    assert here.kept["law@3"] == "good"


def test_without_units_the_repeat_is_passed_over() -> None:
    here, _ = street(GRID)
    fresh = Street(form="tried", people=here.people, language="en", ask_complaint=False)
    fresh.tried = here.tried
    assert fresh.invite()[-2] == "Anything else?"


def test_an_open_conversation_about_six_units_with_long_duties_stays_small() -> None:
    """20 kB stored are the bound; the duties are cut so that they cannot break it."""
    from player import CODEC

    here, _ = street(GRID, "zh")
    many = [replace(UNITS[0], id=str(n), duties="负责很多很多事项，" * 200) for n in range(6)]
    campaign = here.world.campaigns["water"]
    fresh = Street(form="tried", people=here.people, language="zh", ask_complaint=False)
    fresh.tried = here.tried
    fresh.take(waking.invite(fresh.conversation, campaign, 1, fresh.world, units_given(many)))
    fresh.talk("123", "123", "123", "123", "123")
    assert len(CODEC.seal_interview(fresh.conversation.interviews[0])) < 20_000


def test_duties_are_cut_at_the_end_of_a_sentence() -> None:
    whole = "一。" * LONGEST
    assert shortened(whole) == whole[:LONGEST]
    assert shortened("字" * 900) == "字" * (LONGEST - 1) + "…"
    assert shortened("供水。") == "供水。"


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([HOUSE, GRID]),
    st.lists(
        st.sampled_from(
            ["1", "2", "3", "123", "1 2", "back", "skip", "no", "Ann", "8", "A1 B2 C3", "help", "\N{THUMBS UP SIGN}"]
        ),
        max_size=25,
    ),
)
def test_whatever_is_replied_what_is_kept_is_what_the_conversation_holds(survey: str, replies: list[str]) -> None:
    here, _ = street(survey)
    for text in replies:
        if not here.conversation.interviews:
            break
        here.hear(text)
        for interview in here.conversation.interviews:
            named = [name for name in interview.trail if name not in interview.skipped and not is_more(name)]
            assert set(here.kept) == set(named)
            assert all(interview.values[name] == value for name, value in here.kept.items())


@pytest.mark.parametrize(
    "text",
    [
        "满意,一般,不满意",
        "满意 一般 不满意。",
        "A满意 B一般 C不满意",
        "c：不满意；a：满意；b：一般",
        "Satisfied, fair, dissatisfied",
        "a satisfied b fair c dissatisfied",
        "1，一般，3",
    ],
)
def test_a_page_is_answered_by_one_option_for_each(text: str) -> None:
    here, _ = street(GRID)
    here.talk(text)
    assert here.kept == {"service@1": "good", "speed@1": "fair", "law@1": "bad"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("满意，一般", "one is missing"),
        ("满意，一般，满意，满意", "one too many"),
        ("A满意 B一般", "C is missing"),
        ("满意，一般，还不错吧", "the third is no option word for word"),
        ("办事，很慢，不满意", "a sentence of as many parts"),
    ],
)
def test_words_that_are_not_one_option_for_each_answer_no_page(text: str, why: str) -> None:
    here, _ = street(GRID)
    here.talk(text)
    assert here.kept == {}, why


def test_the_buttons_of_a_page_are_for_its_first_question_and_the_others_follow_with_their_own() -> None:
    here, _ = street(GRID, "zh")
    assert here.buttons[-1].options == ("A 满意", "A 一般", "A 不满意")
    assert here.tap(2)[1] == "2/10 行政效能"
    assert here.buttons[-1].options == ("满意", "一般", "不满意")
    here.tap(3, of=1)
    assert here.turns[-1].stale, "a button of the page has had its day once its question is answered"
    here.tap(1)
    here.tap(3)
    assert here.kept == {"service@1": "fair", "speed@1": "good", "law@1": "bad"}
    assert here.buttons[-1].options == ("A 满意", "A 一般", "A 不满意")


def test_a_page_that_was_answered_in_writing_is_answered_by_no_button_any_more() -> None:
    here, _ = street(GRID)
    here.talk("1 1 1")
    here.tap(3, of=1)
    assert here.turns[-1].stale
    assert here.kept == {"service@1": "good", "speed@1": "good", "law@1": "good"}


def test_an_answer_is_corrected_while_a_page_is_open() -> None:
    here, _ = street(GRID, "zh")
    here.talk("1 2 3")
    said = here.talk("第2题改成不满意")
    assert said[0] == "已更正：第2题现在是“不满意”。"
    assert "4–6/10" in said, "the page that was open is put again, whole"
    assert here.kept == {"service@1": "good", "speed@1": "bad", "law@1": "bad"}


def test_a_resident_who_wants_something_handled_is_heard_while_a_page_is_open() -> None:
    here, _ = street(GRID, "zh")
    assert here.talk("我要投诉物业")[0].startswith("您反映的事项要转给有关单位吗？")


THEN_A_PAGE = """survey
,type,name,label::zh,label::en,appearance
,select_one yn,lives,您住在本地吗？,Do you live here?,
,begin group,g,评一评,Please rate,field-list
,select_one s,service,服务意识,Willingness to serve,
,select_one s,speed,行政效能,Efficiency,
,end group,,,,
"""
YES_NO = ",yn,yes,住,Yes\n,yn,no,不住,No\n"


def test_two_answers_of_which_one_is_for_a_page_are_not_said_to_be_noted() -> None:
    """A page is answered whole: what stands for its first question alone is no answer to it."""
    here = Street(form="tried", people=[Person(1, "王", True, "given")], language="en", ask_complaint=False)
    here.tried = read_form("tried.csv", (THEN_A_PAGE + CHOICES + YES_NO).encode())
    here.begin()
    said = here.talk("yes, satisfied")
    assert here.kept == {"lives": "yes"}
    assert said[0] == "2–3/3"


OTHERS = """survey
,type,name,label::zh,label::en,required
,begin repeat,trip,出行,Trip,
,text,to,去哪里？,Where to?,yes
,select_one w or_other,way,怎么去？,By what?,
,end repeat,,,,
,text,end,还有什么？,Anything else?,
"""
WAYS = ",w,foot,走路,On foot\n,w,bus,坐车,By bus\n"


def trips() -> Street:
    here = Street(form="tried", people=[Person(1, "王", True, "given")], language="zh", ask_complaint=False)
    here.tried = read_form("tried.csv", (OTHERS + CHOICES + WAYS).encode())
    here.begin()
    return here


def test_another_answer_of_ones_own_is_kept_and_corrected_in_its_own_instance() -> None:
    """What "other" was stands under `way_other@1`, beside `way@1`: a correction takes it back, and may bring it."""
    here = trips()
    here.talk("有", "学校", "其他：骑车", "有", "医院", "1")
    assert here.kept == {
        "to@1": "学校", "way@1": "other", "way_other@1": "骑车", "to@2": "医院", "way@2": "foot",
    }  # fmt: skip
    here.talk("第2题改成2")
    assert here.kept == {"to@1": "学校", "way@1": "bus", "to@2": "医院", "way@2": "foot"}
    here.talk("第4题改成其他：打车")
    assert here.kept == {
        "to@1": "学校", "way@1": "bus", "to@2": "医院", "way@2": "other", "way_other@2": "打车",
    }  # fmt: skip
    here.talk("上一题")
    assert here.position == "way@2"
    assert here.kept == {"to@1": "学校", "way@1": "bus", "to@2": "医院"}


def test_a_reply_read_again_brings_what_other_was_in_its_own_instance() -> None:
    here = trips()
    here.talk("有", "学校", "跳过", "有", "医院", "1")
    interview = here.conversation.interviews[0]
    assert interview.skipped == ("way@1",)
    read = reread(here.conversation, Misread(interview.id, "way@1", "其他：骑车", here.now), here.world)
    assert read is not None
    value, turn = read
    assert value == "other"
    here.take(turn)
    assert here.kept["way_other@1"] == "骑车"
    assert here.conversation.interviews[0].values["way_other@1"] == "骑车"
    assert "way_other@2" not in here.kept


def test_the_last_answer_is_corrected_by_its_number_while_it_is_asked_whether_there_is_another() -> None:
    """That question has no number: 第2题 is the one before it."""
    here = trips()
    here.talk("有", "学校", "1")
    assert here.position == "trip@1+"
    assert here.talk("第2题改成2")[0] == "已更正：第2题现在是“坐车”。"
    assert here.kept == {"to@1": "学校", "way@1": "bus"}
    assert here.position == "trip@1+"
