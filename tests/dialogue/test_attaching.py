"""Voice messages, pictures and places: kept as an answer or with a case, or said to be lost; and changed messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from player import Stage
from street import COMMANDS, CONSENT, Step, Street, heard, people, steps

from surveys.dialogue.attachment import AttachmentKind
from surveys.dialogue.conversation import Person
from surveys.dialogue.interview import Purpose
from surveys.dialogue.turn import Turn
from surveys.dialogue.words import resume_word
from surveys.questionnaire.form import Kind
from surveys.questionnaire.templates import template_form

WHO = Person(1, "王", True, "given")
LOST = "也没有保存"
kinds = st.sampled_from([kind.value for kind in AttachmentKind])
captions = st.one_of(st.just(""), st.just(""), st.sampled_from(["1", "路灯坏了", "谢谢", *COMMANDS, *CONSENT]))


def street(who: tuple[Person, ...]) -> Street:
    here = Street(people=list(who))
    here.invite()
    return here


@settings(deadline=None, max_examples=150)
@given(people, st.lists(steps, max_size=12), st.lists(st.tuples(kinds, captions, heard), min_size=1, max_size=6))
def test_whatever_comes_is_kept_with_an_answer_or_a_matter_or_said_to_be_lost(
    who: tuple[Person, ...], before: list[Step], sent: list[tuple[str, str, Step]]
) -> None:
    """Unless nothing may be said here at all: after an opt-out, or for a sticker."""
    here = street(who)
    here.live(before)
    for kind, caption, step in sent:
        here.hear("English") if "中文" in caption else None
        here.hear("中文") if here.conversation.language == "en" else None
        floor = here.conversation.floor
        said = "\n".join(here.send(kind, caption))
        turn = here.turns[-1]
        if kind == "sticker":
            assert turn.attachments == ()
        elif turn.attachments:
            assert _belongs(turn, floor.id if floor else "")
            assert LOST not in said
        else:
            lost = LOST in said or "not kept it" in said
            assert lost or not said or turn.consents or resume_word(caption) or _silent(turn)
        here.live([step])


def _belongs(turn: Turn, floor: str) -> bool:
    """Whether all that is kept is kept with an open answer given in this turn, or with a matter offered in it."""
    for kept in turn.attachments:
        asked = turn.conversation.interview(kept.interview)
        assert asked is not None
        if kept.question == "said":
            assert asked.purpose is Purpose.COMPLAINT
            continue
        assert kept.interview == floor
        assert template_form(asked.form).question(kept.question).kind is Kind.TEXT
        assert any((a.interview, a.question) == (kept.interview, kept.question) for a in turn.answers)
    return True


def _silent(turn: Turn) -> bool:
    """Whether a person is told of the message: it is kept whole for them, with what came with it."""
    return bool(turn.for_staff)


@pytest.mark.parametrize(
    ("kind", "caption", "value"),
    [
        ("voice", "", "[语音]"),
        ("photo", "", "[图片]"),
        ("video", "", "[视频]"),
        ("file", "", "[文件]"),
        ("photo", "路灯坏了", "路灯坏了"),
        ("location", "", "[位置 31.12783,104.39865]"),
        ("location", "就在这里", "就在这里\n[位置 31.12783,104.39865]"),
    ],
)
def test_where_words_are_asked_for_it_is_the_answer(kind: str, caption: str, value: str) -> None:
    here = Stage(people=[WHO])
    here.hear("反映")
    here.send(kind, caption)
    (answer,) = here.turns[-1].answers
    (kept,) = here.turns[-1].attachments
    assert (answer.question, answer.value) == ("what", value)
    assert (kept.interview, kept.question, kept.resident) == (answer.interview, "what", 1)


@pytest.mark.parametrize(("reply", "case"), [("同意", True), ("不署名", True), ("不用转", False)])
@pytest.mark.parametrize("free", [True, False], ids=["free message", "asked for"])
def test_it_belongs_to_the_case_or_goes_with_the_wish_that_nothing_be_passed_on(
    reply: str, *, case: bool, free: bool
) -> None:
    here = Stage(people=[WHO])
    if not free:
        here.hear("反映")
    here.send("photo", "路灯坏了")
    (kept,) = here.turns[-1].attachments
    here.hear(reply)
    (change,) = here.turns[-1].attachment_changes
    assert (change.interview, change.question) == (kept.interview, kept.question)
    assert change.case == (next(iter(here.cases)) if case else "")


def test_going_back_drops_what_came_with_the_answer() -> None:
    here = Stage(people=[WHO])
    here.hear("反映")
    here.send("voice")
    here.hear("上一题")
    (change,) = here.turns[-1].attachment_changes
    assert (change.question, change.case) == ("what", "")


def test_a_place_too_short_to_be_a_matter_is_not_kept() -> None:
    """Where the answer itself is refused, so is what came with it, and that is said."""
    here = Stage(people=[WHO])
    here.hear("反映")
    assert any(LOST in line for line in here.send("photo", "12"))
    assert here.turns[-1].attachments == ()


def test_a_sticker_is_met_once_for_each_question_and_leaves_reminders_alone() -> None:
    here = Stage(people=[WHO])
    here.invite()
    turns = [interview.turn for interview in here.conversation.interviews]
    assert any("1/6" in line for line in here.send("sticker"))
    assert here.send("sticker") == []
    assert [interview.turn for interview in here.conversation.interviews] == turns
    here.hear("1")
    assert any("2/6" in line for line in here.send("sticker"))


@settings(deadline=None, max_examples=60)
@given(people, st.lists(steps, max_size=12), st.text(max_size=10))
def test_a_changed_message_decides_nothing(who: tuple[Person, ...], before: list[Step], text: str) -> None:
    here = street(who)
    here.live(before)
    was = here.conversation
    here.change(f"改成{text}")
    turn = here.turns[-1]
    assert turn.answers == turn.erased == turn.cases == turn.wakes == turn.events == turn.consents == ()
    assert {i.id: (i.position, i.values, i.turn) for i in here.conversation.interviews} == {
        i.id: (i.position, i.values, i.turn) for i in was.interviews
    }


def test_that_changing_a_message_changes_nothing_is_said_once_an_hour() -> None:
    """Also when another interview has begun meanwhile."""
    here = Stage(people=[WHO], pace=timedelta(minutes=5))
    here.invite()
    assert here.change("2") != []
    assert here.change("3") == []
    here.hear("反映")
    assert here.change("4") == []
    here.now += timedelta(hours=1)
    assert here.change("5") != []


def test_a_message_changed_into_stop_is_an_opt_out() -> None:
    """Opt-outs win over everything, however they are said."""
    here = Stage(people=[WHO])
    here.invite()
    here.change("退订")
    assert here.conversation.people[0].consent == "stopped"
    assert here.change("1") == []


def test_a_late_reply_to_a_callback_is_no_answer_to_the_survey_behind_it() -> None:
    """Nor do skip and back reach it; a reminder puts the survey's question, and then a reply is to that."""
    here = Stage(people=[WHO])
    here.invite()
    (survey,) = here.conversation.interviews
    for text in ("1", "跳过", "上一题", "已解决"):
        here.conversation = here.conversation.with_interview(replace(survey, covered=True))
        here.hear(text)
        assert (here.turns[-1].answers, here.turns[-1].for_staff) == ((), "late_reply")
        assert not any(interview.covered for interview in here.conversation.interviews)
    here.hear("1")
    assert [answer.question for answer in here.turns[-1].answers] == ["q1"]


def test_a_required_question_stays_open_however_often_a_reply_cannot_be_read() -> None:
    here = Stage(people=[WHO])
    here.invite()
    for n in range(3):
        here.hear(f"天气真{'不' * n}错")
    assert here.turns[-1].for_staff == "unreadable"
    (interview,) = here.conversation.interviews
    assert (interview.position, interview.skipped) == ("q1", ())
    here.hear("2")
    assert [answer.value for answer in here.turns[-1].answers] == ["fairly_good"]
