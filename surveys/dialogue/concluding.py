"""What the end of an interview leads to: a thank-you, a case, a case closed or reopened, a number confirmed."""

from __future__ import annotations

import itertools
from dataclasses import replace

from surveys.cases.case import Case, CaseState
from surveys.cases.progress import open_case, settle
from surveys.consent.consent import Consent
from surveys.dialogue.attachment import AttachmentChange
from surveys.dialogue.draft import Draft
from surveys.dialogue.hotline import by_phone
from surveys.dialogue.interview import Interview, Mode, Purpose, Stage
from surveys.dialogue.opening import give_floor, open_interview
from surveys.dialogue.turn import LinkChange, Wake
from surveys.language import Message, message

#: Digits of the number on a thank-you, and of a case's number after its date.
RECEIPT_DIGITS = 8
CASE_DIGITS = 6
#: Choices of the complaint questionnaire with which something is passed on.
PASSED_ON = frozenset({"named", "unnamed"})


def conclude(draft: Draft, interview: Interview) -> None:
    """Do what the completed `interview` was for, then give the floor to who has waited."""
    if interview.purpose is Purpose.SURVEY:
        _thank(draft, interview)
    elif interview.purpose is Purpose.COMPLAINT:
        _pass_on(draft, interview)
    elif interview.purpose is Purpose.CALLBACK:
        settle_callback(draft, interview)
    else:
        _learn_identity(draft, interview)
        return
    draft.event("InterviewCompleted", interview, purpose=interview.purpose.value)
    give_floor(draft)


def receipt_number(draft: Draft, interview: Interview) -> str:
    """Return the number that proves that this survey was taken, never how."""
    return draft.world.names.digits("receipt", interview.id, length=RECEIPT_DIGITS)


def _thank(draft: Draft, interview: Interview) -> None:
    plan = draft.plan(interview)
    late = plan is not None and draft.world.now >= plan.closes_at
    thanks = (
        message("Thank you! The survey has closed; your reply is kept and marked late. Receipt {number}.")
        if late
        else message("Thank you! Your receipt number is {number}. Results will be published by {organiser}.")
    )
    organiser = plan.organiser if plan else draft.world.office.name(draft.language)
    draft.say(draft.words(thanks, number=receipt_number(draft, interview), organiser=organiser), about=interview)
    form = draft.world.form(interview.form)
    told = next((q.name for q in form.questions if q.role == "complaint"), None)
    said = interview.values.get(told, "") if told else ""
    if said or (told is None and plan is not None and plan.ask_complaint):
        open_interview(
            draft,
            purpose=Purpose.COMPLAINT,
            resident=interview.resident,
            form=Purpose.COMPLAINT.value,
            about=interview.id,
            campaign=interview.campaign,
            given={"said": said},
            attached=tuple(answer for answer in interview.attached if answer == (interview.id, told)),
        )


def _pass_on(draft: Draft, interview: Interview) -> None:
    wish = interview.values.get("pass_on", "")
    text = interview.values.get("matter", "")
    if wish not in PASSED_ON or not text:
        if interview.trail:
            said = message("All right, nothing will be passed on.") if text else message("Thank you.")
            draft.say(draft.words(said), about=interview)
        for of, question in interview.attached:
            if of == interview.id:  # what came with an answer of the survey stays with that answer
                draft.change_attachments(AttachmentChange(interview.resident, of, question))
        return
    now = draft.world.now
    case = open_case(
        case_id=draft.world.names.name("case", interview.id),
        number=_free_number(draft, interview),
        resident=interview.resident,
        address=draft.conversation.address,
        campaign=interview.campaign,
        text=text,
        named=wish == "named",
        now=now,
    )
    draft.case(case)
    for of, question in interview.attached:
        draft.change_attachments(AttachmentChange(interview.resident, of, question, case.id))
    person = draft.conversation.person(interview.resident)
    draft.put_person(replace(person, open_cases=(*person.open_cases, case.id)))
    draft.event("CaseOpened", interview, case=case.id, named=case.named)
    draft.say(
        draft.words(
            "Noted under no. {number}. Once the unit says it is done we will ask you whether it is.", number=case.number
        ),
        about=interview,
    )


def _free_number(draft: Draft, interview: Interview) -> str:
    """Return a number for a case that no other has: on a day with a thousand cases two would meet by chance."""
    day = f"{draft.world.local:%y%m%d}"
    for again in itertools.count():
        parts = ("case", interview.id, again) if again else ("case", interview.id)
        number = f"{day}{draft.world.names.digits(*parts, length=CASE_DIGITS)}"
        if not draft.world.numbered(number):
            return number
    raise AssertionError("numbers do not end")


def settle_callback(draft: Draft, interview: Interview, *, silent: bool = False) -> None:
    """Close or reopen the case by what was said; `silent` when the callback has run out."""
    case = draft.known_case(interview.case)
    if case.state is not CaseState.CALLBACK:
        return  # it was settled otherwise meanwhile
    said = interview.values.get("solved", "")
    here = [person for person in draft.conversation.people if person.resident == interview.resident]
    stopped = bool(here) and here[0].consent == Consent.STOPPED.value
    if not said and stopped:
        said = "declined"
    moved = settle(
        case,
        said=said,
        why=interview.values.get("why", ""),
        mode=interview.mode,
        now=draft.world.now,
        office=draft.world.office,
    )
    draft.case(moved.case)
    outcome = moved.case.outcome.value if moved.case.outcome else ""
    for kind in moved.events:
        draft.event(kind, interview, case=case.id, round=case.round, outcome=outcome)
    if interview.values.get("pressure") == "yes":
        # Without the case: the unit sees the case's history, and this is for the supervisors alone.
        draft.event("PressureReported", resident=interview.resident, campaign=interview.campaign)
    if moved.case.due_at is not None:
        draft.wake(case_due(moved.case))
    if not silent:
        draft.say(draft.words(_said_after(moved.case), number=case.number), about=interview)


def case_due(case: Case) -> Wake:
    """Return the wake for the end of a case's working-time clock."""
    if case.due_at is None:
        raise ValueError(f"case {case.id} has no clock running")
    key = f"case_due|{case.id}|{case.due_at.timestamp():.0f}"
    return Wake("case_due", case.due_at, case.id, key, resident=case.resident)


def _said_after(case: Case) -> Message:
    return {
        CaseState.CONFIRMED: message("Thank you. No. {number} is closed as you confirmed."),
        CaseState.DECLINED: message("Thank you. We will not ask about no. {number} again."),
        CaseState.REOPENED: message("Thank you. No. {number} has been reopened and will be handled again."),
    }.get(case.state, message("Thank you."))


def _learn_identity(draft: Draft, interview: Interview) -> None:
    who = interview.values.get("who", "")
    resident = interview.resident
    person = draft.conversation.person(resident)
    waiting = [
        i
        for i in draft.conversation.interviews
        if i.resident == resident and i.purpose is not Purpose.IDENTITY and i.stage is Stage.WAITING
    ]
    if who == "changed":
        draft.link(LinkChange(resident, confirmed=False, ended=True))
        # The log says why the tie ended: only a newer agreement of the resident's may bring this number back.
        draft.consent(resident, Consent(person.consent), "wrong_person")
        draft.event("NumberChangedHands", interview)
        for behind in draft.conversation.interviews:
            if behind.resident == resident and behind.stage in {Stage.OPEN, Stage.WAITING}:
                ended = draft.put(replace(behind, stage=Stage.WRONG_PERSON))
                if behind.purpose is Purpose.CALLBACK:
                    settle_callback(draft, ended, silent=True)  # nobody else's word counts: not reached
        others = tuple(p for p in draft.conversation.people if p.resident != resident)
        draft.conversation = replace(draft.conversation, people=others)
        draft.say(draft.words("Sorry to have troubled you. We will not write to this number again."), about=interview)
        return
    if who == "self":
        draft.put_person(replace(person, confirmed=True))
        draft.link(LinkChange(resident, confirmed=True))
        draft.event("NumberConfirmed", interview)
    for behind in waiting:
        if who == "self":
            draft.put(replace(behind, cleared=True))
        elif behind.purpose is Purpose.SURVEY:
            draft.put(replace(behind, cleared=True, mode=Mode.ASSISTED))
        else:
            # What a case is about is for the resident alone: the question whose phone this is stays open.
            draft.put(
                replace(interview, stage=Stage.OPEN, position=interview.trail[-1], values=interview.given, trail=())
            )
            draft.say(
                by_phone(
                    draft,
                    message(
                        "Thank you. When they are there, please let them reply that it is them, or call {hotline}."
                    ),
                    message("Thank you. When they are there, please let them reply that it is them."),
                ),
                about=interview,
            )
            return
    give_floor(draft)


def identity_unclear(draft: Draft, interview: Interview) -> None:
    """End the question whose phone this is, unread for good, and what has waited for it."""
    draft.put(replace(interview, stage=Stage.EXPIRED, position=""))
    for waiting in draft.conversation.interviews:
        if waiting.resident == interview.resident and waiting.stage is Stage.WAITING:
            ended = draft.put(replace(waiting, stage=Stage.EXPIRED))
            draft.event("InterviewExpired", waiting, reason="identity")
            if waiting.purpose is Purpose.CALLBACK:
                settle_callback(draft, ended, silent=True)
    draft.say(
        by_phone(
            draft,
            message("We will not trouble you further. Our hotline: {hotline}."),
            message("We will not trouble you further."),
        )
    )
