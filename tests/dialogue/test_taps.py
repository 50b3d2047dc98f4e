"""Buttons: a tap answers the question it was shown with, while that is open, and nothing else ever."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st
from player import Stage
from street import ANSWERS, Street, people

from surveys.dialogue.conversation import Person
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.interview import Mode
from surveys.dialogue.taps import LENGTH, guard
from surveys.dialogue.turn import Say, Turn
from surveys.questionnaire.form import Kind
from surveys.questionnaire.templates import template_form

WHO = Person(1, "王", True, "given")
#: A tap (which message with buttons, which button), or words.
taps = st.tuples(st.integers(0, 40), st.integers(0, 7))
acts = st.lists(
    st.one_of(taps, taps, st.sampled_from(("上一题", "跳过", "反映", "退订", "恢复", "English", *ANSWERS))), max_size=30
)


@dataclass
class Buttons(Street):
    """A street that knows by itself which question each message put, and whether that has been closed since."""

    put: list[tuple[Say, tuple[str, str], int]] = field(default_factory=list)
    closed: dict[str, int] = field(default_factory=dict)  # how often an interview's question was answered or left

    def take(self, turn: Turn) -> list[str]:
        before = {i.id: (i.position, i.trail) for i in self.conversation.interviews}
        answered = {a.interview for a in turn.answers}
        for interview in turn.conversation.interviews:
            now = (interview.position, interview.trail)
            if before.get(interview.id, now) != now or interview.id in answered:
                self.closed[interview.id] = self.closed.get(interview.id, 0) + 1
        for say in turn.says:
            if say.guard:
                asked = turn.conversation.interview(say.interview)
                assert asked is not None
                self.put.append((say, (asked.id, asked.position), self.closed.get(asked.id, 0)))
        return super().take(turn)

    def is_open(self, question: tuple[str, str], closed: int) -> bool:
        floor = self.conversation.floor
        here = floor is not None and floor.begun and (floor.id, floor.position) == question
        return here and self.closed.get(question[0], 0) == closed


def invited(who: tuple[Person, ...] = (WHO,)) -> Buttons:
    here = Buttons(people=list(who))
    here.invite()
    return here


@settings(deadline=None, max_examples=120)
@given(people, acts)
def test_a_tap_answers_its_own_question_while_that_is_open_and_nothing_otherwise(
    who: tuple[Person, ...], history: list[tuple[int, int] | str]
) -> None:
    """Old, new, double, of another interview, of a question asked anew, mixed with typing: whatever comes."""
    here = invited(who)
    for act in history:
        if isinstance(act, str):
            here.hear(act)
            continue
        say, question, closed = here.put[act[0] % len(here.put)]
        valid = here.is_open(question, closed) and 1 <= act[1] <= len(say.options) and not here.stopped
        before = here.conversation
        here.hear(str(act[1]), tap=say.guard)
        turn = here.turns[-1]
        if valid:
            form = template_form(next(i.form for i in before.interviews if i.id == question[0]))
            shown = [choice.name for choice in form.question(question[1]).choices if not choice.hidden]
            said = [(a.interview, a.question, a.value, a.rule) for a in turn.answers if a.question == question[1]]
            assert said == [(*question, shown[act[1] - 1], "tap")]
            assert not turn.stale
        else:
            assert turn.answers == turn.erased == turn.says == turn.events == turn.cases == turn.consents == ()
            if turn.stale:
                assert here.conversation.interviews == before.interviews  # reminders that are due stay so


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 2)), max_size=12))
def test_answers_are_what_the_last_valid_taps_said(history: list[tuple[bool, int]]) -> None:
    """Every tap is tapped twice and followed by one on the very first message; back takes one answer away."""
    here = invited()
    expected: dict[str, str] = {}
    survey = here.conversation.interviews[0].id
    for back, number in history:
        floor = here.conversation.floor
        if floor is None or floor.id != survey:
            break
        if back:
            if floor.trail:
                expected.pop(floor.trail[-1], None)
            here.hear("上一题")
            continue
        question = template_form(floor.form).question(floor.position)
        if question.kind is not Kind.SELECT_ONE:
            here.hear("1")
            expected[floor.position] = question.choices[0].name
            continue
        say = here.buttons[-1]
        for guard_, at in ((say.guard, number), (say.guard, 3 - number), (here.buttons[0].guard, 1)):
            if guard_ != here.buttons[0].guard or here.buttons[0] is say:
                here.hear(str(at), tap=guard_)
        expected[floor.position] = question.choices[number - 1].name
        now = here.conversation.interview(survey)
        if now is not None:
            assert dict(now.values) == {name: expected[name] for name in now.trail}


def test_a_question_put_again_keeps_its_guard_and_one_asked_anew_does_not() -> None:
    here = invited()
    here.hear("帮助")
    here.hear("嗯嗯嗯")
    first, again, once_more = (say.guard for say in here.buttons)
    assert first == again == once_more
    here.hear("1")
    here.hear("上一题")
    assert len({say.guard for say in here.buttons[2:]}) == 3


def test_a_stale_tap_leaves_the_turns_that_reminders_guard() -> None:
    """A tap on an old message says nothing of whether the open question has been read."""
    here = invited()
    here.tap(1)
    turns = [interview.turn for interview in here.conversation.interviews]
    here.tap(1, of=1)
    assert here.turns[-1].stale
    assert [interview.turn for interview in here.conversation.interviews] == turns


def test_a_question_where_several_may_apply_has_no_buttons() -> None:
    """One tap would pass for the whole answer."""
    here = invited()
    for text in ("1", "1", "1", "1"):
        here.hear(text)
    (say,) = here.turns[-1].says
    assert "可多选" in say.text
    assert (say.options, say.guard) == ((), "")


def test_a_tap_in_another_language_than_the_question_was_put_in_is_the_same_answer() -> None:
    here = invited()
    here.hear("English")
    here.tap(2, of=1)
    assert [answer.value for answer in here.turns[-1].answers] == ["fairly_good"]


def test_a_guard_tells_nothing_and_fits_into_a_button() -> None:
    here = invited()
    (interview,) = here.conversation.interviews
    named = guard(here.world.names, interview, template_form(interview.form).question("q1"))
    assert len(named) == LENGTH
    assert "q1" not in named
    assert interview.id not in named


def test_other_options_make_another_guard() -> None:
    """With a choice filter the number of a button may mean another choice than when it was shown."""
    here = invited()
    (interview,) = here.conversation.interviews
    question = replace(template_form(interview.form).question("q1"), choice_filter="true()")
    fewer = replace(question, choices=question.choices[1:])
    assert guard(here.world.names, interview, question) != guard(here.world.names, interview, fewer)


def test_hearing_by_whom_and_when_is_noted_and_what_staff_enter_is_not_hearing() -> None:
    """The channel of the newest message is where the next one may be free of charge."""
    here = Stage(people=[WHO])
    here.invite()
    here.tap(2)
    assert (here.conversation.channel, here.conversation.heard_at) == ("simulator", here.now)
    by_phone = hear(here.conversation, Heard("1", "staff", Mode.PHONE), here.world)
    assert by_phone.conversation.channel == "simulator"
