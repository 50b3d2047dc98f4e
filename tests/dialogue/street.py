"""One address lived through by chance: texts, silence and units' claims; the laws are looked at after every turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st
from player import OFFICE, Stage

from surveys.cases.case import CaseState
from surveys.cases.progress import WITH_UNIT, Moved, assign, resolve
from surveys.consent.consent import Consent
from surveys.dialogue import waking
from surveys.dialogue.conversation import Person
from surveys.dialogue.interview import Interview, Mode, Purpose
from surveys.dialogue.interview import Stage as Where
from surveys.dialogue.turn import Turn, Wake
from surveys.questionnaire.templates import template_form

ANSWERS = (
    "1", "2", "3", "4", "６", "1 3", "好", "还可以嘛", "一般", "不清楚", "是", "否", "没有", "有", "满意", "不满意",
    "本人", "是我", "家人", "号码换人", "打错了", "同意", "不署名", "不用转", "联系过", "没联系过", "已解决", "未解决",
    "部分解决", "不愿评价", "我不想参加", "不评", "好的谢谢", "99", "yes", "no",
    "路口的路灯坏了三天了", "还是不亮,\n晚上看不见路",
)  # fmt: skip
COMMANDS = (
    "帮助", "跳过", "上一题", "稍后", "人工", "反映", "English", "中文", "我的数据", "删除我的数据",
    "骗子?", "你是谁?", "怎么有我号码?", "谁看得到?", "收费吗?", "?",
)  # fmt: skip
CONSENT = ("退订", "TD", "stop", "不要再发了", "恢复", "START", "办理", "KEEP")

#: Anything at all, replies that mean something, and the two run together.
texts = st.one_of(
    st.sampled_from(ANSWERS),
    st.sampled_from(ANSWERS),
    st.sampled_from(COMMANDS),
    st.sampled_from(CONSENT),
    st.text(max_size=40),
    st.builds("{}{}".format, st.sampled_from(ANSWERS), st.text(max_size=5)),
)
#: What happens next: a message, a reply that fits the open question, hours of silence, or a unit says a case is done.
Step = tuple[str, str]
heard: st.SearchStrategy[Step] = texts.map(lambda text: ("hear", text))
fitting: st.SearchStrategy[Step] = st.integers(0, 5).map(lambda place: ("fit", str(place)))
silence: st.SearchStrategy[Step] = st.sampled_from(["1", "5", "13", "25", "73", "200"]).map(lambda h: ("wait", h))
claims: st.SearchStrategy[Step] = st.sampled_from([("resolve", "1"), ("resolve", "30"), ("resolve", "30")])
steps = st.one_of(heard, fitting, claims, heard, fitting, silence)
people = st.sampled_from(
    [
        (Person(1, "王", True, "given"),),
        (Person(1, "王", False, "given"),),
        (Person(1, "王", True, "given"), Person(2, "李", True, "given")),
    ]
)


@dataclass
class Street(Stage):
    """A stage whose clock looks at consent as the service's does, and whose every turn is checked."""

    ended: set[str] = field(default_factory=set)
    confirmed: int = 0

    def live(self, history: Sequence[Step]) -> None:
        """Let everything in `history` happen, one after the other."""
        for what, text in history:
            if what == "hear":
                self.hear(text)
            elif what == "fit":
                self.hear(self.fitting(int(text)))
            elif what == "wait":
                self.wait(timedelta(hours=int(text)))
            else:
                self.unit_says_done()
                self.wait(timedelta(hours=int(text)))

    def fitting(self, place: int) -> str:
        """Return a reply that answers the open question, a complaint if none is open."""
        floor = self.conversation.floor
        if floor is None or not floor.begun:
            return "反映"
        choices = template_form(floor.form).question(floor.position).choices
        return choices[place % len(choices)].label(self.conversation.language) if choices else "路口的路灯坏了三天了"

    def unit_says_done(self) -> None:
        """Let the unit claim that the newest case it has is done."""
        with_unit = [case for case in self.cases.values() if case.state in WITH_UNIT]
        if not with_unit:
            return
        case = max(with_unit, key=lambda c: (c.opened_at, c.id))
        if not case.unit:
            moved = assign(case, unit="chengguan", handler="周工", now=self.now, office=OFFICE)
            assert isinstance(moved, Moved)
            self.cases[case.id] = moved.case
        self.resolve(case.id)

    def resolve(self, case_id: str) -> None:
        """Let the unit claim that this case is done, and the clock ask for a callback."""
        moved = resolve(self.cases[case_id], what="已更换灯泡", by="周工", now=self.now)
        assert isinstance(moved, Moved)
        self.cases[case_id] = moved.case
        due = self.now + OFFICE.callback_after
        self.wakes.append(Wake("callback", due, case_id, f"callback|{case_id}|{moved.case.round}"))

    def wake(self, wake: Wake) -> list[str]:
        """Do what the service's clock does: stale and unwanted wakes say nothing."""
        if wake.kind == "callback":
            return self._call_back(wake.subject)
        interview = self.conversation.interview(wake.subject)
        if interview is None or wake.kind == "case_due" or wake.guard not in {-1, interview.turn}:
            return []
        if wake.kind != "expire" and not self._allows(interview.resident, about_case=bool(interview.case)):
            return []
        return super().wake(wake)

    def _call_back(self, case_id: str) -> list[str]:
        case = self.cases[case_id]
        here = any(person.resident == case.resident for person in self.conversation.people)
        if here and self._allows(case.resident, about_case=True):
            return self.take(waking.call_back_resident(self.conversation, case_id, self.world))
        return self.take(waking.callback_withheld(self.conversation, case_id, self.world, reached=here))

    def _allows(self, resident: int, *, about_case: bool) -> bool:
        known = [person for person in self.conversation.people if person.resident == resident]
        return bool(known) and Consent(known[0].consent).allows(about_case=about_case)

    @property
    def stopped(self) -> bool:
        """Whether everybody here has opted out of everything."""
        return all(person.consent == Consent.STOPPED.value for person in self.conversation.people)

    def take(self, turn: Turn) -> list[str]:
        """Commit a turn and look at every law."""
        before = {interview.id for interview in self.conversation.interviews}
        said = super().take(turn)
        self._one_message(turn)
        self._every_interview_waits_or_has_ended(turn, before)
        self._no_case_waits_for_nobody()
        self._only_the_residents_word_confirms(turn)
        return said

    def _one_message(self, turn: Turn) -> None:
        assert len(turn.says) <= 1
        for say in turn.says:
            assert say.text.strip()
            assert say.resident or not self.conversation.people  # an opt-out must find it in the outbox
            if say.opens:
                floor = turn.conversation.floor
                assert floor is not None
                assert (say.interview, floor.begun) == (floor.id, True)

    def _every_interview_waits_or_has_ended(self, turn: Turn, before: set[str]) -> None:
        timed = {wake.subject for wake in self.wakes if wake.kind == "expire"}
        for interview in turn.conversation.interviews:
            assert interview.id in before or interview.id not in self.ended  # its row is there already
            if interview.stage not in waking.LIVE:
                self.ended.add(interview.id)
                continue
            if interview.stage is Where.OPEN and interview.begun:
                assert template_form(interview.form).question(interview.position)
            if interview.purpose is Purpose.IDENTITY:
                behind = [i for i in turn.conversation.interviews if i.stage is Where.WAITING]
                assert any(i.resident == interview.resident for i in behind)
            else:
                assert interview.id in timed  # the clock ends it if nobody else does

    def _only_the_residents_word_confirms(self, turn: Turn) -> None:
        """Look for the resident's own "solved" behind every case that this turn confirms."""
        for case in turn.cases:
            if case.state is CaseState.CONFIRMED:
                about = {i.id for i in turn.conversation.interviews if i.case == case.id}
                said = [a for t in self.turns for a in t.answers if a.interview in about and a.question == "solved"]
                assert (said[-1].value, said[-1].mode) == ("solved", Mode.SELF)
                assert any(i.cleared or p.confirmed for i, p in self._who(turn, case.id))
                self.confirmed += 1

    def _who(self, turn: Turn, case_id: str) -> list[tuple[Interview, Person]]:
        talk = turn.conversation
        return [(i, p) for i in talk.interviews if i.case == case_id for p in talk.people if p.resident == i.resident]

    def _no_case_waits_for_nobody(self) -> None:
        asked = {i.case for i in self.conversation.interviews if i.purpose is Purpose.CALLBACK}
        assert {case.id for case in self.cases.values() if case.state is CaseState.CALLBACK} <= asked
