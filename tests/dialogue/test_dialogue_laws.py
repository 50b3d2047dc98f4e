"""Laws that every conversation keeps, whatever is written and whatever is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from player import Stage
from street import CONSENT, Step, Street, fitting, heard, people, silence, steps, texts

from surveys.cases.case import CaseState
from surveys.dialogue.conversation import Person
from surveys.dialogue.draft import Draft
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.interview import RANK, Mode
from surveys.dialogue.skipping import go_back
from surveys.dialogue.turn import Turn, Urgency
from surveys.dialogue.words import stop_word

FEW = settings(deadline=None, max_examples=60)
STOPS = ("退订", " 退订。", "ＴＤ", "td", "STOP", "Stop!", "unsubscribe", "不要再发了", "别再发短信了", "/stop")


def street(who: tuple[Person, ...]) -> Street:
    """Return an address whose survey has begun and at which a case is under way."""
    here = Street(people=list(who))
    here.invite()
    here.hear("本人")
    here.hear("反映")
    here.hear("路口的路灯坏了三天了")
    here.hear("同意")
    return here


@settings(deadline=None, max_examples=150)
@given(people, st.lists(steps, max_size=25))
def test_any_text_leaves_a_conversation_waiting_or_finished(who: tuple[Person, ...], history: list[Step]) -> None:
    """The laws of `Street` hold after every turn, and silence ends everything some day."""
    here = street(who)
    here.live(history)
    here.wait(timedelta(days=60))
    assert here.conversation.interviews == ()
    assert CaseState.CALLBACK not in {case.state for case in here.cases.values()}


@FEW
@given(people, st.lists(steps, max_size=12), st.sampled_from(STOPS), st.lists(texts, max_size=6))
def test_invariant_3_stop_wins_whatever_precedes_and_follows(
    who: tuple[Person, ...], before: list[Step], stop: str, after: list[str]
) -> None:
    """One confirmation, then nothing, until the resident's own word undoes it; 30 days of clock included."""
    here = street(who)
    here.live(before)
    was_stopped, anybody = here.stopped, bool(here.conversation.people)
    said = here.hear(stop)
    assert here.stopped
    assert here.turns[-1].answers == ()
    assert bool(said) == (anybody and not was_stopped)
    assert not here.turns[-1].says or not here.turns[-1].says[0].opens
    assert "回复" in said[0] or "reply" in said[0] if said else True
    for text in after:
        if text not in CONSENT or stop_word(text):
            assert here.hear(text) == []
    assert here.wait(timedelta(days=30)) == []
    assert here.stopped


def test_invariant_3_a_callback_that_waits_behind_another_does_not_begin_after_an_opt_out() -> None:
    """Both end as declined, in silence; and 办理 before that brings the first of them back."""
    for keep in (False, True):
        here = street((Person(1, "王", True, "given"),))
        for text in ("反映", "井盖丢了很久了", "同意"):
            here.hear(text)
        for _ in range(2):
            here.unit_says_done()
        here.wait(timedelta(hours=25))
        here.hear("退订")
        if keep:
            assert any("承办人联系过您吗" in line for line in here.hear("办理"))
        else:
            assert here.wait(timedelta(days=30)) == []
            assert {case.state for case in here.cases.values()} == {CaseState.DECLINED}


@settings(deadline=None, max_examples=60)
@given(people, st.lists(st.one_of(fitting, fitting, fitting, silence, heard), min_size=8, max_size=25))
def test_invariant_6_no_way_through_a_callback_confirms_without_the_residents_own_word(
    who: tuple[Person, ...], history: list[Step]
) -> None:
    """Fitting replies, silence and anything at all, on known, new and shared numbers; `Street` looks at each turn."""
    here = street(who)
    here.unit_says_done()
    here.wait(timedelta(hours=25))
    here.live(history)
    here.wait(timedelta(days=30))
    closed = [case.state for case in here.cases.values()]
    assert here.confirmed == closed.count(CaseState.CONFIRMED)


@pytest.mark.parametrize("who", ["known", "new number", "shared number"])
def test_the_residents_own_word_does_confirm(who: str) -> None:
    """So that the law above is not kept by never confirming anything."""
    people_there = [Person(1, "王", who != "new number", "given")]
    if who == "shared number":
        people_there.append(Person(2, "李", True, "given"))
    here = street(tuple(people_there))
    here.unit_says_done()
    here.wait(timedelta(hours=25))
    for text in ("本人", "联系过", "已解决", "满意", "没有", "没有"):
        if text != "本人" or who == "shared number":
            here.hear(text)
    assert here.confirmed == 1


def test_invariant_6_a_relatives_word_closes_nothing() -> None:
    """On a shared number somebody says 家人: the callback is put to the resident alone, or ends as not reached."""
    here = street((Person(1, "王", True, "given"), Person(2, "李", True, "given")))
    here.unit_says_done()
    here.wait(timedelta(hours=25))
    for text in ("家人", "联系过", "已解决", "满意", "没有", "没有"):
        here.hear(text)
    here.wait(timedelta(days=30))
    assert [case.state for case in here.cases.values() if case.unit] == [CaseState.UNREACHABLE]


@FEW
@given(people, st.lists(steps, max_size=12), texts)
def test_hearing_is_a_function_of_its_arguments(who: tuple[Person, ...], history: list[Step], text: str) -> None:
    here = street(who)
    here.live(history)
    heard = Heard(text, "simulator")
    assert hear(here.conversation, heard, here.world) == hear(here.conversation, heard, here.world)


@FEW
@given(people, st.lists(steps, max_size=12), texts)
def test_a_wake_for_a_former_turn_is_stale_after_any_message(
    who: tuple[Person, ...], history: list[Step], text: str
) -> None:
    here = street(who)
    here.live(history)
    before = {i.id: i.turn for i in here.conversation.interviews}
    here.hear(text)
    assert all(i.turn > before[i.id] for i in here.conversation.interviews if i.id in before)


@FEW
@given(st.lists(steps, max_size=20))
def test_who_is_asked_outranks_who_waits(history: list[Step]) -> None:
    """Identity before complaint before callback before survey; what has begun is not interrupted by its equal."""
    here = street((Person(1, "王", True, "given"),))
    here.live(history)
    floor = here.conversation.floor
    if floor is not None:
        assert all(RANK[floor.purpose] <= RANK[i.purpose] for i in here.conversation.interviews)


def test_a_second_survey_does_not_interrupt_the_first() -> None:
    """Whichever of the two ids sorts first: the one whose question is out keeps the floor."""
    for first, second in (("a", "b"), ("b", "a")):
        here = Stage(people=[Person(1, "王", True, "given")])
        here.invite()
        (begun,) = here.conversation.interviews
        waiting = replace(begun, id=second, begun=False)
        talk = replace(here.conversation, interviews=(replace(begun, id=first), waiting))
        assert talk.floor is not None
        assert talk.floor.id == first


@FEW
@given(st.lists(st.one_of(texts, st.sampled_from(["好", "还可以", "1"])), max_size=12))
def test_every_answer_is_stored_once_and_as_the_interview_holds_it(said: list[str]) -> None:
    """Replaying what turns stored and took back gives the very answers the interview works with."""
    here = Street(people=[Person(1, "王", True, "given")])
    here.invite()
    (interview,) = here.conversation.interviews
    stored: dict[str, str] = {}
    for text in said:
        here.hear(text)
        turn = here.turns[-1]
        for of, question in turn.erased:
            if of == interview.id:
                stored.pop(question, None)
        stored |= {a.question: a.value for a in turn.answers if a.interview == interview.id}
        (now,) = [i for i in turn.conversation.interviews if i.id == interview.id] or (None,)
        if now is None:
            break
        assert stored == {name: now.values[name] for name in stored}
        assert set(stored) == {name for name in now.trail if name not in now.skipped and name in now.values}


def test_a_question_with_another_choice_of_ones_own_is_taken_back_whole() -> None:
    """上一题 takes back what was written beside "other" as well."""
    here = Stage(people=[Person(1, "王", True, "given")])
    here.invite()
    here.hear("1")
    (interview,) = here.conversation.interviews
    told = here.conversation.with_interview(replace(interview, values={**interview.values, "q1_other": "井水"}))
    draft = Draft(told, here.world, urgency=Urgency.REPLY)
    go_back(draft, told.interviews[0])
    assert set(draft.turn().erased) == {(interview.id, "q1"), (interview.id, "q1_other")}


def reminders(here: Stage) -> list[Turn]:
    return [turn for turn in here.turns if any(event.kind == "ResidentReminded" for event in turn.events)]


@pytest.mark.parametrize("confirmed", [True, False], ids=["known", "new number"])
def test_invariant_7_silence_is_met_with_two_reminders_at_most(confirmed: bool) -> None:  # noqa: FBT001 - a parameter
    here = Street(people=[Person(1, "王", confirmed, "given")])
    here.invite()
    here.wait(timedelta(days=60))
    assert len(reminders(here)) == 2
    assert here.conversation.interviews == ()


@FEW
@given(st.integers(0, 100), st.sampled_from(["1", "好", "帮助", "嗯嗯嗯", "稍后", "人工"]))
def test_invariant_7_no_reminder_after_anything_was_heard(hours: int, text: str) -> None:
    """After 稍后 the question comes once more, because the resident asked for it; that is no reminder."""
    here = Street(people=[Person(1, "王", True, "given")])
    here.invite()
    here.wait(timedelta(hours=hours))
    before = len(reminders(here))
    here.hear(text)
    here.wait(timedelta(days=40))
    assert len(reminders(here)) == before


def test_invariant_7_two_interviews_that_wait_do_not_double_the_reminders() -> None:
    """A callback comes while a survey is unanswered: its question is repeated twice, not four times."""
    here = street((Person(1, "王", True, "given"),))
    here.now += timedelta(minutes=1)
    # The survey's question is out and unanswered: its two reminders are to come.
    survey = next(i for i in here.conversation.interviews)
    here.conversation = here.conversation.with_interview(replace(survey, turn=0))
    here.wait(timedelta(hours=1))
    here.unit_says_done()
    said = here.wait(timedelta(days=8))
    assert sum("承办人联系过您吗" in line for line in said) == 3  # asked once, repeated twice


def test_whoever_asks_twice_to_report_something_is_asked_once_what_it_is() -> None:
    here = Stage(people=[Person(1, "王", True, "given")])
    assert here.hear("反映") == here.hear("反映") != []
    assert len(here.conversation.interviews) == 1


def test_staff_who_enter_what_was_said_on_the_phone_are_named_in_the_answer() -> None:
    here = Stage(people=[Person(1, "王", True, "given")])
    here.invite()
    turn = hear(here.conversation, Heard("1", "staff", Mode.PHONE), here.world)
    assert [(a.value, a.mode) for a in turn.answers] == [("good", Mode.PHONE)]
