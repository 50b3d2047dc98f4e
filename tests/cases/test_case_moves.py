"""Moving a case: which step is allowed where, and whose word closes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.campaign.office import Office
from surveys.cases.case import Case, CaseState, Outcome
from surveys.cases.progress import (
    CLOSED,
    SAID,
    Moved,
    Refusal,
    assign,
    call_back,
    contacted,
    open_case,
    overdue,
    resolve,
    settle,
    state_name,
)
from surveys.dialogue.interview import Mode
from surveys.language import translate
from surveys.questionnaire.templates import template_form

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)  # a Monday, ten in the morning in Shanghai
OFFICE = Office(names={"zh": "测评办"}, hotline="12345")
S = CaseState


def case(state: CaseState = S.RECEIVED, **changes: object) -> Case:
    opened = open_case(
        case_id="c1", number="261102000001", resident=1, address=1, campaign="water", text="路灯", named=True, now=NOW
    )
    return replace(opened, state=state, **changes)  # type: ignore[arg-type]  # fields of Case by name


def moved(step: Moved | Refusal) -> Moved:
    assert isinstance(step, Moved), step
    return step


STEPS = {
    "assign": lambda c: assign(c, unit="chengguan", handler="周工", now=NOW, office=OFFICE),
    "contacted": contacted,
    "resolve": lambda c: resolve(c, what="修好了", by="周工", now=NOW),
}


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        pytest.param("assign", S.RECEIVED, S.ASSIGNED, id="to its first unit"),
        pytest.param("assign", S.ASSIGNED, S.ASSIGNED, id="to another unit"),
        pytest.param("assign", S.CONTACTED, S.CONTACTED, id="to another unit, the contact stays noted"),
        pytest.param("assign", S.REOPENED, S.REOPENED, id="to another unit, reopened it stays"),
        pytest.param("assign", S.STAFF_RESOLVED, None, id="the resident is about to be asked"),
        pytest.param("assign", S.CALLBACK, None, id="the resident is being asked"),
        pytest.param("assign", S.CONFIRMED, None, id="closed by the resident"),
        pytest.param("assign", S.UNREACHABLE, None, id="closed, not reached"),
        pytest.param("assign", S.DECLINED, None, id="closed, did not wish to rate"),
        pytest.param("contacted", S.ASSIGNED, S.CONTACTED, id="the unit called"),
        pytest.param("contacted", S.REOPENED, S.CONTACTED, id="the unit called again"),
        pytest.param("contacted", S.RECEIVED, None, id="no unit yet that could have called"),
        pytest.param("contacted", S.CONTACTED, None, id="noted already"),
        pytest.param("contacted", S.STAFF_RESOLVED, None, id="too late to note"),
        pytest.param("contacted", S.CALLBACK, None, id="too late to note"),
        pytest.param("contacted", S.CONFIRMED, None, id="closed"),
        pytest.param("resolve", S.ASSIGNED, S.STAFF_RESOLVED, id="the unit's claim"),
        pytest.param("resolve", S.CONTACTED, S.STAFF_RESOLVED, id="the unit's claim after a call"),
        pytest.param("resolve", S.REOPENED, S.STAFF_RESOLVED, id="the unit's second claim"),
        pytest.param("resolve", S.STAFF_RESOLVED, None, id="claimed already"),
        pytest.param("resolve", S.CALLBACK, None, id="the resident is being asked"),
        pytest.param("resolve", S.CONFIRMED, None, id="closed"),
        pytest.param("resolve", S.UNREACHABLE, None, id="closed"),
        pytest.param("resolve", S.DECLINED, None, id="closed"),
    ],
)
def test_steps_of_staff(step: str, before: CaseState, after: CaseState | None) -> None:
    result = STEPS[step](case(before, unit="" if before is S.RECEIVED else "shuiwu"))
    assert (result.case.state if isinstance(result, Moved) else None) is after
    if isinstance(result, Refusal):
        assert result.why.fields["number"] == "261102000001"


def test_a_case_without_a_unit_cannot_be_reported_as_done() -> None:
    step = resolve(case(S.RECEIVED), what="修好了", by="周工", now=NOW)
    assert isinstance(step, Refusal)
    assert "assign it first" in translate("en", step.why.template, **step.why.fields)


def test_assigning_starts_a_working_time_clock_and_a_claim_stops_it() -> None:
    assigned = moved(assign(case(), unit="chengguan", handler="周工", now=NOW, office=OFFICE)).case
    assert assigned.due_at == NOW + timedelta(days=7)  # 35 hours: five days of seven hours and a weekend
    claimed = moved(resolve(assigned, what="修好了", by="周工", now=NOW)).case
    assert (claimed.due_at, claimed.round, claimed.resolution, claimed.resolved_by) == (None, 1, "修好了", "周工")


@pytest.mark.parametrize(
    ("said", "mode", "state", "outcome"),
    [
        pytest.param("solved", Mode.SELF, S.CONFIRMED, Outcome.CONFIRMED, id="the resident's own word"),
        pytest.param("solved", Mode.PHONE, S.CONFIRMED, Outcome.CONFIRMED, id="their word, on the phone to the office"),
        pytest.param(
            "solved", Mode.ASSISTED, S.UNREACHABLE, Outcome.UNREACHABLE, id="a relative's word closes nothing"
        ),
        pytest.param("partly", Mode.SELF, S.REOPENED, Outcome.PARTLY, id="half done is not done"),
        pytest.param("not", Mode.SELF, S.REOPENED, Outcome.NOT_RESOLVED, id="not done"),
        pytest.param("declined", Mode.SELF, S.DECLINED, Outcome.DECLINED, id="would rather not say"),
        pytest.param("", Mode.SELF, S.UNREACHABLE, Outcome.UNREACHABLE, id="silence is never a yes"),
        pytest.param("yes", Mode.SELF, S.UNREACHABLE, Outcome.UNREACHABLE, id="a word the questionnaire has not"),
    ],
)
def test_invariant_6_what_a_callback_brings(said: str, mode: Mode, state: CaseState, outcome: Outcome) -> None:
    asked = call_back(case(S.STAFF_RESOLVED, unit="chengguan", handler="周工", round=1)).case
    after = settle(asked, said=said, why="还是不亮", mode=mode, now=NOW, office=OFFICE).case
    assert (after.state, after.outcome) == (state, outcome)
    assert (after.closed_at is None) == (after.state not in CLOSED)
    assert (after.due_at is not None) == (after.state is S.REOPENED)


def test_every_choice_of_the_callback_questionnaire_leads_to_an_outcome() -> None:
    question = template_form("callback").question("solved")
    assert {choice.name for choice in question.choices} == set(SAID)


def test_a_reopened_case_leaves_its_handler_and_keeps_the_residents_reason() -> None:
    asked = call_back(case(S.STAFF_RESOLVED, unit="chengguan", handler="周工", round=1)).case
    result = settle(asked, said="not", why="还是不亮", mode=Mode.SELF, now=NOW, office=OFFICE)
    assert (result.case.unit, result.case.handler, result.case.reason) == ("chengguan", "", "还是不亮")
    assert result.events == ("CaseReopened",)


@pytest.mark.parametrize("mode", Mode)
def test_only_the_residents_own_voice_closes_a_case_as_solved(mode: Mode) -> None:
    asked = call_back(case(S.STAFF_RESOLVED, unit="chengguan", round=1)).case
    state = settle(asked, said="solved", why="", mode=mode, now=NOW, office=OFFICE).case.state
    assert state is (S.CONFIRMED if mode in {Mode.SELF, Mode.PHONE} else S.UNREACHABLE)


def test_the_second_reopening_escalates() -> None:
    again = case(S.CALLBACK, unit="chengguan", round=2, reopened=1)
    result = settle(again, said="partly", why="", mode=Mode.SELF, now=NOW, office=OFFICE)
    assert (result.case.reopened, result.case.escalation) == (2, 1)
    assert result.events == ("CaseReopened", "CaseEscalated")


@pytest.mark.parametrize(
    ("state", "due", "escalates"),
    [
        pytest.param(S.ASSIGNED, -1, True, id="its clock has run out"),
        pytest.param(S.CONTACTED, -1, True, id="a call does not stop the clock"),
        pytest.param(S.REOPENED, -1, True, id="the second clock has run out"),
        pytest.param(S.ASSIGNED, 0, True, id="this very moment"),
        pytest.param(S.ASSIGNED, 1, False, id="it still has time"),
        pytest.param(S.ASSIGNED, None, False, id="escalated already: no clock runs"),
        pytest.param(S.STAFF_RESOLVED, -1, False, id="the unit has answered"),
        pytest.param(S.CALLBACK, -1, False, id="the resident is being asked"),
        pytest.param(S.CONFIRMED, -1, False, id="closed"),
    ],
)
def test_a_clock_that_has_run_out_escalates_once(state: CaseState, due: int | None, escalates: bool) -> None:  # noqa: FBT001 - a parameter
    late = case(state, unit="chengguan", due_at=None if due is None else NOW + timedelta(hours=due))
    result = overdue(late, NOW)
    assert (result is not None) is escalates
    if result is not None:
        assert (result.case.escalation, result.case.state) == (1, state)
        assert overdue(result.case, NOW + timedelta(days=30)) is None


def test_no_state_is_told_to_staff_as_closed_when_it_is_the_units_claim() -> None:
    for language in ("en", "zh"):
        shown = translate(language, state_name(S.STAFF_RESOLVED).template)
        assert "confirmed)" in shown or "待确认" in shown
        assert shown != translate(language, state_name(S.CONFIRMED).template)


moves = st.lists(
    st.one_of(
        st.sampled_from(["assign", "contacted", "resolve", "overdue", "call back"]),
        st.tuples(st.sampled_from(["solved", "partly", "not", "declined", "", "yes"]), st.sampled_from(Mode)),
    ),
    max_size=30,
)


@settings(deadline=None, max_examples=200)
@given(moves)
def test_invariant_6_only_the_residents_own_word_confirms(walk: list[str | tuple[str, Mode]]) -> None:
    """Whatever staff and the clock do, CONFIRMED is reached in one way: "solved", not said by a relative."""
    now, subject, round_before = NOW, case(), 0
    for move in walk:
        before = subject
        now += timedelta(days=3)
        if isinstance(move, tuple):
            if subject.state is S.CALLBACK:
                said, mode = move
                subject = settle(subject, said=said, why="", mode=mode, now=now, office=OFFICE).case
        elif move == "call back":
            if subject.state is S.STAFF_RESOLVED:
                subject = call_back(subject).case
        elif move == "overdue":
            late = overdue(subject, now)
            subject = late.case if late else subject
        else:
            step = STEPS[move](subject)
            subject = step.case if isinstance(step, Moved) else subject
        if subject.state is S.CONFIRMED and before.state is not S.CONFIRMED:
            assert move in {("solved", Mode.SELF), ("solved", Mode.PHONE)}
        if before.state in CLOSED:
            assert subject == before
        assert subject.round >= round_before  # a callback is of the newest claim
        assert (subject.closed_at is not None) == (subject.state in CLOSED)
        assert subject.round >= subject.reopened
        round_before = subject.round
