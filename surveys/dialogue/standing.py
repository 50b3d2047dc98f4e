"""Opt-out and its way back: it wins over everything, and only the resident's own words undo it."""

from __future__ import annotations

from dataclasses import replace

from surveys.consent.consent import Consent
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Purpose, Stage
from surveys.dialogue.linking import opens_chat
from surveys.dialogue.opening import give_floor
from surveys.dialogue.words import keep_case_word, resume_word, stop_word


def hear_consent(draft: Draft, text: str) -> bool:
    """Act on STOP, 恢复 and 办理; return whether the message was one of them."""
    kind = stop_word(text)
    if kind is not None:
        stop(draft, kind)
        return True
    people = draft.conversation.people
    stopped = [p for p in people if p.consent != Consent.GIVEN.value]
    if stopped and resume_word(text):
        for person in stopped:
            draft.consent(person.resident, Consent.GIVEN, "resumed")
        draft.conversation = replace(draft.conversation, keep_offered=())
        draft.say(draft.words("You will get our messages again. Reply STOP to end them."), to=stopped[0].resident)
        give_floor(draft)
        return True
    if people and not stopped and resume_word(text) and not opens_chat(text):
        draft.say(draft.words("You are getting our messages already. Reply STOP to end them."), to=people[0].resident)
        give_floor(draft)
        return True
    keeping = [p for p in people if p.resident in draft.conversation.keep_offered]
    if keeping and keep_case_word(text):
        for person in keeping:
            draft.consent(person.resident, Consent.CASE_ONLY, "kept_case")
        draft.conversation = replace(draft.conversation, keep_offered=())
        draft.say(
            draft.words("You will get messages about the matter you told us of, and no others."),
            to=keeping[0].resident,
        )
        give_floor(draft)
        return True
    return False


def stop(draft: Draft, source: str) -> None:
    """Opt out everybody reached at this address: who of them typed cannot be known."""
    people = draft.conversation.people
    first = all(p.consent == Consent.STOPPED.value for p in people)
    for person in people:
        if person.consent != Consent.STOPPED.value:
            draft.consent(person.resident, Consent.STOPPED, source)
    for interview in draft.conversation.interviews:
        if interview.stage not in {Stage.OPEN, Stage.WAITING}:
            continue
        if interview.purpose is Purpose.CALLBACK:
            # The question stays, silent: 办理 brings it back, and silence until its end counts as declined.
            draft.put(replace(interview, begun=False, stage=Stage.WAITING))
        else:
            draft.put(replace(interview, stage=Stage.DECLINED))
            draft.event("InterviewDeclined", interview, reason="stopped")
    if first or not people:
        return  # confirmed once, not again
    open_cases = [p for p in people if p.open_cases]
    draft.conversation = replace(draft.conversation, keep_offered=tuple(p.resident for p in open_cases))
    text = draft.words("You will get no more messages from us. To get them again, reply START.")
    if open_cases:
        kept = draft.words(
            "A matter you told us of is still being handled; to get messages about it alone, reply KEEP."
        )
        text = f"{text}\n{kept}"
    draft.say(text, to=people[0].resident)


def hear_stopped(draft: Draft, text: str) -> None:
    """Somebody who opted out writes on: nothing is sent, and a person may look at it."""
    del text
    draft.for_staff("opted_out")
