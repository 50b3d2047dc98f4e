"""Moving a case: what the unit may claim, and what only the resident's word does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from surveys.campaign.office import Office
from surveys.cases.case import Case, CaseState, Outcome
from surveys.cases.clock import add_working_hours
from surveys.dialogue.interview import Mode
from surveys.language import Message, message

#: States in which the unit is to act.
WITH_UNIT = frozenset({CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.CONTACTED, CaseState.REOPENED})
#: States that nothing but a recurrence reopens.
CLOSED = frozenset({CaseState.CONFIRMED, CaseState.UNREACHABLE, CaseState.DECLINED})
#: What the resident says to "is it solved?" (choice names of the callback questionnaire).
SAID = {
    "solved": Outcome.CONFIRMED,
    "partly": Outcome.PARTLY,
    "not": Outcome.NOT_RESOLVED,
    "declined": Outcome.DECLINED,
}


@dataclass(frozen=True, slots=True)
class Moved:
    """The case after a step; `events` are the kinds to record, in order."""

    case: Case
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The step is not allowed in this state; `why` says so in words."""

    why: Message


def open_case(
    *, case_id: str, number: str, resident: int, address: int, campaign: str, text: str, named: bool, now: datetime
) -> Case:
    """Return a new case with the resident's own words; nobody owns it yet."""
    return Case(
        id=case_id,
        number=number,
        resident=resident,
        address=address,
        state=CaseState.RECEIVED,
        text=text,
        opened_at=now,
        named=named,
        campaign=campaign,
    )


def assign(case: Case, *, unit: str, handler: str, now: datetime, office: Office) -> Moved | Refusal:
    """Give the case to a unit: its working-time clock starts anew."""
    if case.state not in WITH_UNIT:
        return _refused(case, "assigned")
    due = add_working_hours(now, office.case_hours, office)
    state = CaseState.ASSIGNED if case.state is CaseState.RECEIVED else case.state
    moved = replace(case, state=state, unit=unit, handler=handler, due_at=due)
    return Moved(moved, ("CaseAssigned",))


def contacted(case: Case) -> Moved | Refusal:
    """Note that the unit has spoken with the resident."""
    if case.state not in {CaseState.ASSIGNED, CaseState.REOPENED}:
        return _refused(case, "contacted")
    return Moved(replace(case, state=CaseState.CONTACTED), ("CaseContacted",))


def resolve(case: Case, *, what: str, by: str, now: datetime) -> Moved | Refusal:
    """Take the unit's claim that it is done: the resident will be asked, and the clock stops."""
    if not case.unit or case.state not in WITH_UNIT:
        return _refused(case, "reported as done")
    moved = replace(
        case,
        state=CaseState.STAFF_RESOLVED,
        resolution=what,
        resolved_by=by,
        resolved_at=now,
        round=case.round + 1,
        due_at=None,
    )
    return Moved(moved, ("CaseStaffResolved",))


#: How a resident says themselves that their matter is solved: on their own phone, or to the office that calls them.
OWN_WORD = frozenset({Mode.SELF, Mode.PHONE})


def call_back(case: Case) -> Moved:
    """Note that the resident is being asked."""
    return Moved(replace(case, state=CaseState.CALLBACK), ("CallbackBegun",))


def settle(case: Case, *, said: str, why: str, mode: Mode, now: datetime, office: Office) -> Moved:
    """Do what the resident's own word says: close as confirmed, close as declined, or reopen with a new clock.

    `said` is a choice name of the callback's question "solved"; "" stands for silence, which is never a yes. Nor is
    what came in any way but those of OWN_WORD, a relative's word for one.
    """
    outcome = SAID.get(said, Outcome.UNREACHABLE)
    if mode not in OWN_WORD:
        outcome = Outcome.UNREACHABLE
    case = replace(case, outcome=outcome, due_at=None)
    if outcome is Outcome.CONFIRMED:
        return Moved(replace(case, state=CaseState.CONFIRMED, closed_at=now), ("CaseConfirmed",))
    if outcome is Outcome.DECLINED:
        return Moved(replace(case, state=CaseState.DECLINED, closed_at=now), ("CallbackDeclined",))
    if outcome is Outcome.UNREACHABLE:
        return Moved(replace(case, state=CaseState.UNREACHABLE, closed_at=now), ("CallbackUnreachable",))
    reopened = replace(
        case,
        state=CaseState.REOPENED,
        reopened=case.reopened + 1,
        handler="",  # somebody else than the one whose word did not hold
        reason=why,
        due_at=add_working_hours(now, office.case_hours, office),
    )
    events: tuple[str, ...] = ("CaseReopened",)
    if reopened.reopened >= office.escalate_after_reopens:
        reopened = replace(reopened, escalation=reopened.escalation + 1)
        events = (*events, "CaseEscalated")
    return Moved(reopened, events)


def withdraw(case: Case, *, now: datetime) -> Moved:
    """End a case whose resident has had everything about themselves deleted: nobody is left to be asked.

    It counts among the declined; it has no outcome, because no callback brought one.
    """
    ended = replace(case, state=CaseState.DECLINED, outcome=None, due_at=None, closed_at=now)
    return Moved(ended, ("CaseWithdrawn",))


def overdue(case: Case, now: datetime) -> Moved | None:
    """Escalate a case whose clock has run out with the unit; None if it has not."""
    if case.state not in WITH_UNIT or case.due_at is None or case.due_at > now:
        return None
    return Moved(replace(case, escalation=case.escalation + 1, due_at=None), ("CaseOverdue", "CaseEscalated"))


def _refused(case: Case, step: str) -> Refusal:
    names = {
        "assigned": message("assigned"),
        "contacted": message("contacted"),
        "reported as done": message("reported as done"),
    }
    if step == "reported as done" and not case.unit:
        why = message("case {number} has no unit yet; assign it first", number=case.number)
    else:
        why = message(
            "case {number} cannot be {step} now: it is {state}",
            number=case.number,
            step=names[step],
            state=state_name(case.state),
        )
    return Refusal(why)


def state_name(state: CaseState) -> Message:
    """Return the words for a state; STAFF_RESOLVED always says that it waits for the resident."""
    return {
        CaseState.RECEIVED: message("waiting to be assigned"),
        CaseState.ASSIGNED: message("assigned to a unit"),
        CaseState.CONTACTED: message("the unit has contacted the resident"),
        CaseState.STAFF_RESOLVED: message("reported done by the unit (to be confirmed)"),
        CaseState.CALLBACK: message("resident being asked"),
        CaseState.CONFIRMED: message("confirmed by the resident"),
        CaseState.REOPENED: message("reopened"),
        CaseState.UNREACHABLE: message("not reached"),
        CaseState.DECLINED: message("did not wish to rate"),
    }[state]
