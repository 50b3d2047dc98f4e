"""Factual answers to what people ask first: is it a fraud, who asks, whence the number, who sees it, what it costs."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview
from surveys.dialogue.suspicion import Doubt
from surveys.language import Message, message

#: In the order in which they are answered when several are asked at once.
ANSWERS: dict[Doubt, Message] = {
    Doubt.SCAM: message(
        "This is not a fraud. We never ask for money, bank cards or codes. You can check by calling {verify}."
    ),
    Doubt.WHO: message("We are {organiser}, asking residents what they think of public services."),
    Doubt.NUMBER: message("Your number comes from the register of residents, used for this purpose alone."),
    Doubt.WHY: message("You were drawn at random by computer; every resident had a fair chance."),
    Doubt.SEES: message("Only the survey staff see replies; the units rated never see who answered or how."),
    Doubt.COST: message("It is free; your carrier charges an ordinary text message at most."),
}
#: Where no number is set that could be called.
_NO_FRAUD = message("This is not a fraud. We never ask for money, bank cards or codes.")


def answer_doubts(draft: Draft, doubts: AbstractSet[Doubt], floor: Interview | None) -> None:
    """Answer each doubt with facts; the open question is put again by the caller."""
    plan = draft.plan(floor) if floor else None
    organiser = plan.organiser if plan else draft.world.office.name(draft.language)
    verify = (plan.verify_by if plan else "") or draft.world.office.hotline
    answers = ANSWERS if verify else {**ANSWERS, Doubt.SCAM: _NO_FRAUD}
    for doubt, answer in answers.items():
        if doubt in doubts:
            said = draft.words(answer, organiser=organiser, verify=verify)
            draft.say(said, about=floor)
    draft.event("DoubtAnswered", floor, doubts=",".join(sorted(doubt.value for doubt in doubts)))
