"""MY DATA and DELETE MY DATA: what is kept is told, and deleted, where nobody else can be the one who asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from surveys.consent.consent import Consent
from surveys.dialogue.conversation import Person
from surveys.dialogue.draft import Draft
from surveys.dialogue.hotline import by_phone
from surveys.dialogue.interview import Interview, Stage
from surveys.dialogue.turn import Wake
from surveys.dialogue.words import erase_word
from surveys.language import message

#: How long the phrase that deletes everything is waited for.
CONFIRM_WITHIN = timedelta(hours=24)
#: Numbers stay this long for the last message to go out; then the clock deletes them too.
LAST_WORD = timedelta(hours=1)


def owner(draft: Draft) -> Person | None:
    """Return the one person of a confirmed, unshared address: nobody else's data is told or deleted from here."""
    people = draft.conversation.people
    return people[0] if len(people) == 1 and people[0].confirmed else None


def tell_holdings(draft: Draft, person: Person, floor: Interview | None) -> None:
    """Say what is kept in counts and dates: never an answer, somebody else may look at the phone."""
    kept = draft.world.holdings(person.resident)
    standing = {
        Consent.GIVEN: message("you get our messages"),
        Consent.CASE_ONLY: message("messages about your own matter only"),
        Consent.STOPPED: message("you have opted out"),
    }[Consent(person.consent)]
    lines = [
        draft.words(
            "[{office}] We keep about you: your name ({surname}), phone numbers: {numbers}, chats: {chats}; "
            "questionnaires: {interviews}, answers: {answers}; matters: {cases}, open: {open}.",
            office=draft.world.office.name(draft.language),
            surname=person.surname,
            numbers=kept.numbers,
            chats=kept.chats,
            interviews=kept.interviews,
            answers=kept.answers,
            cases=kept.cases,
            open=len(person.open_cases),
        ),
        draft.words(
            "Consent: {standing}, since {since}.",
            standing=standing,
            since=kept.since.astimezone(draft.world.local.tzinfo).date().isoformat(),
        )
        if kept.since
        else draft.words("Consent: {standing}.", standing=standing),
    ]
    if kept.delete_on:
        lines.append(draft.words("Answers are deleted by {day} at the latest.", day=kept.delete_on.isoformat()))
    lines.append(
        by_phone(
            draft,
            message("For a full copy call {hotline}. To have everything deleted, reply DELETE MY DATA."),
            message("For a full copy reply person. To have everything deleted, reply DELETE MY DATA."),
        )
    )
    draft.say("\n".join(lines), about=floor, to=person.resident)
    draft.event("DataTold", resident=person.resident)


def offer_erasure(draft: Draft, person: Person, floor: Interview | None) -> None:
    """Say what deleting means, and wait for a phrase nobody types by accident."""
    draft.conversation = replace(draft.conversation, erasure_until=draft.world.now + CONFIRM_WITHIN)
    lines = [
        draft.words(
            "This deletes your name, numbers, answers and everything you wrote to us. It cannot be undone, and we "
            "will not write to you again."
        )
    ]
    if person.open_cases:
        lines.append(draft.words("Matters that are still being handled end as withdrawn by you."))
    lines.append(draft.words("To confirm, reply DELETE ALL within 24 hours; otherwise nothing is deleted."))
    draft.say("\n".join(lines), about=floor, to=person.resident)
    draft.event("ErasureOffered", resident=person.resident)


def last_word(resident: int, now: datetime) -> Wake:
    """Return the wake that deletes the numbers of an erased resident, once the last message has gone out."""
    return Wake("erase", now + LAST_WORD, str(resident), f"erase|{resident}", resident=resident)


def hear_erasure(draft: Draft, text: str) -> bool:
    """Delete everything if the message is the phrase that was waited for; return whether it was."""
    until = draft.conversation.erasure_until
    if until is None or draft.world.now > until or not erase_word(text):
        return False
    person = owner(draft)
    if person is None:
        return False
    draft.consent(person.resident, Consent.STOPPED, "erased")
    for interview in draft.conversation.interviews:
        if interview.stage in {Stage.OPEN, Stage.WAITING}:
            draft.put(
                replace(
                    interview, stage=Stage.DECLINED, position="", values={}, given={}, trail=(), skipped=(), unread=""
                )
            )
            draft.event("InterviewDeclined", interview, reason="erased")
    draft.erase_resident(person.resident)
    draft.event("ResidentErased", resident=person.resident)
    draft.wake(last_word(person.resident, draft.world.now))
    # Nobody is reached here any more: what comes from this address from now on is a stranger's.
    draft.conversation = replace(draft.conversation, people=(), keep_offered=(), erasure_until=None)
    draft.say(
        draft.words(
            "Everything we kept about you has been deleted; this number goes too, an hour after this message. We will "
            "not write again."
        ),
        to=person.resident,
    )
    return True
