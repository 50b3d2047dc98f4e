"""Beginning an interview: who is asked first who they are, what the first message says, and what the clock is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from surveys.consent.consent import Consent
from surveys.dialogue.asking import move_on, put_question
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Purpose, Stage
from surveys.dialogue.turn import Wake
from surveys.language import message
from surveys.questionnaire.progress import most
from surveys.questionnaire.repeats import UNIT
from surveys.questionnaire.walk import computed

#: Seconds a question takes on a phone, for "about a minute" (facts of the pilot templates, rounded up).
SECONDS_A_QUESTION = 15
#: How long an offer to pass something on stands.
OFFER = timedelta(days=3)


def open_interview(
    draft: Draft,
    *,
    purpose: Purpose,
    resident: int,
    form: str,
    about: str,
    campaign: str = "",
    case: str = "",
    given: Mapping[str, str] | None = None,
    late_after: datetime | None = None,
    attached: tuple[tuple[str, str], ...] = (),
) -> Interview:
    """Put a new interview at this address; it speaks when it has the floor and the person is known.

    `about` tells one interview of a purpose and resident from another (a campaign, a case and its round).
    """
    interview = draft.put(
        Interview(
            id=draft.world.names.name("interview", purpose.value, resident, about),
            purpose=purpose,
            resident=resident,
            form=form,
            campaign=campaign,
            case=case,
            stage=Stage.WAITING,
            language=draft.language,
            given=dict(given or {}),
            late_after=late_after,
            hinted_at=max((i.hinted_at for i in draft.conversation.interviews if i.hinted_at), default=None),
            attached=attached,
        )
    )
    plan_silence(draft, interview)
    if draft.conversation.floor == interview:
        begin_at_floor(draft, interview)
    return interview


def give_floor(draft: Draft) -> None:
    """Let whoever has the floor now go on: begin it if it has waited, ask again if it was outranked."""
    interview = draft.conversation.floor
    if interview is None or draft.asked or not _allowed(draft, interview):
        return
    if interview.begun:
        put_question(draft, interview, resuming=bool(interview.trail))
    else:
        begin_at_floor(draft, interview)


def begin_at_floor(draft: Draft, interview: Interview) -> None:
    """Begin an interview that has the floor, or ask first whose phone this is."""
    if interview.purpose in {Purpose.SURVEY, Purpose.CALLBACK} and not _known(draft, interview):
        _ask_identity(draft, interview)
        return
    interview = draft.put(replace(interview, stage=Stage.OPEN, begun=True, heard_at=draft.world.now))
    if interview.purpose is Purpose.SURVEY:
        _introduce(draft, interview)
    elif interview.purpose is Purpose.CALLBACK:
        draft.say(
            draft.words(
                "[{office}] About the matter you told us of (no. {number}):",
                office=_office(draft),
                number=draft.known_case(interview.case).number,
            )
        )
    interview = move_on(draft, interview)
    if interview.stage is Stage.COMPLETE:
        from surveys.dialogue.concluding import conclude  # the two call each other: some interviews end as they begin

        conclude(draft, interview)


def _allowed(draft: Draft, interview: Interview) -> bool:
    """Whether its resident is still reached here and has not opted out of what it is about."""
    people = [person for person in draft.conversation.people if person.resident == interview.resident]
    return bool(people) and Consent(people[0].consent).allows(about_case=bool(interview.case))


def _known(draft: Draft, interview: Interview) -> bool:
    person = draft.conversation.person(interview.resident)
    return interview.cleared or (person.confirmed and not draft.conversation.shared)


def _ask_identity(draft: Draft, behind: Interview) -> None:
    surname = draft.conversation.person(behind.resident).surname
    if behind.purpose is Purpose.SURVEY:
        greeting = draft.words("[{office}] {title}", office=_office(draft), title=_title(draft, behind))
    else:  # not even that there is a case is for other eyes
        greeting = draft.words("[{office}]", office=_office(draft))
    draft.say(greeting, about=behind)
    identity = draft.put(
        Interview(
            # With the turn: whose phone this is may be asked again for the same matter, after 办理 for example.
            id=draft.world.names.name("interview", Purpose.IDENTITY.value, behind.id, draft.conversation.turn),
            purpose=Purpose.IDENTITY,
            resident=behind.resident,
            form=Purpose.IDENTITY.value,
            campaign=behind.campaign,
            case=behind.case,  # so that it may be sent wherever the matter behind it may
            stage=Stage.OPEN,
            language=draft.language,
            begun=True,
            heard_at=draft.world.now,
            given={"surname": surname},
            late_after=behind.late_after,
        )
    )
    move_on(draft, identity)


def _introduce(draft: Draft, interview: Interview) -> None:
    form = draft.world.form(interview.form)
    total = most(form, computed(form, {}, interview.given, draft.world.local))
    minutes = max(1, round(total * SECONDS_A_QUESTION / 60))
    bounded = all(repeat.count or repeat.name == UNIT for repeat in form.repeats)
    announced = message(
        "[{office}] {title}: {n} questions at most, about {minutes} min. Voluntary; used for statistics only. "
        "Reply STOP for no more messages, help to know more."
    )
    open_ended = message(
        "[{office}] {title}: {n} questions or a few more, about {minutes} min. Voluntary; used for statistics only. "
        "Reply STOP for no more messages, help to know more."
    )
    draft.say(
        draft.words(
            announced if bounded else open_ended,
            office=_organiser(draft, interview),
            title=_title(draft, interview),
            n=total,
            minutes=minutes,
        ),
        about=interview,
    )
    draft.event("InterviewBegun", interview)


def plan_silence(draft: Draft, interview: Interview) -> None:
    """Ask the clock to remind, and to end the interview some day, should nothing be heard."""
    plan = draft.plan(interview)
    office = draft.world.office
    reminders: tuple[timedelta, ...] = ()
    expires = interview.late_after
    if interview.purpose is Purpose.CALLBACK:
        reminders, expires = office.callback_reminders, draft.world.now + office.callback_expires
    elif interview.purpose is Purpose.COMPLAINT:
        expires = draft.world.now + OFFER
    elif plan:
        reminders = plan.reminders
    for number, after in enumerate(reminders, 1):
        due = draft.later(after, interview)
        if plan and due >= plan.closes_at:
            continue
        draft.wake(
            Wake(
                "remind",
                due,
                interview.id,
                f"remind|{interview.id}|{number}",
                guard=interview.turn,
                resident=interview.resident,
                # A campaign that rests or has closed does not hold up what concerns a case.
                campaign="" if interview.case else interview.campaign,
            )
        )
    if expires:
        draft.wake(Wake("expire", expires, interview.id, f"expire|{interview.id}", resident=interview.resident))


def _office(draft: Draft) -> str:
    return draft.world.office.name(draft.language)


def _organiser(draft: Draft, interview: Interview) -> str:
    plan = draft.plan(interview)
    return plan.organiser if plan else _office(draft)


def _title(draft: Draft, interview: Interview) -> str:
    plan = draft.plan(interview)
    form = draft.world.form(interview.form)
    if plan and plan.titles:
        return plan.titles.get(draft.language) or next(iter(plan.titles.values()))
    return form.title(draft.language)
