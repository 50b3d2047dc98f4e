"""Whether answers may be entered for a drawn resident: what they have said already, and what they want."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from surveys.consent.consent import Consent
from surveys.dialogue.interview import Stage
from surveys.language import Message, message


class Standing(StrEnum):
    """Where a drawn resident stands towards answers by another way."""

    OPEN = "open"  # nothing was answered yet, in the chat or elsewhere
    ENTERED = "entered"  # by an import that stands
    ANSWERED = "answered"  # in the chat, or in a call that was taken down there
    DECLINED = "declined"  # this survey
    STOPPED = "stopped"  # everything
    NOT_RELEASED = "not_released"  # a reserve that is not part of the field


def standing_of(*, released: bool, consent: str, stage: str, answered: int, entered: bool) -> Standing:
    """Return where a resident stands.

    `consent` is a Consent value; `stage` and `answered` are those of the survey interview, '' and 0 where there is
    none; `entered` says that its answers come from an import that has not been taken back. An opt-out comes first.
    """
    if consent != Consent.GIVEN.value:
        return Standing.STOPPED
    if not released:
        return Standing.NOT_RELEASED
    if entered:
        return Standing.ENTERED
    if answered or stage == Stage.COMPLETE.value:
        return Standing.ANSWERED
    if stage == Stage.DECLINED.value:
        return Standing.DECLINED
    return Standing.OPEN


#: Why nothing is entered, and what can be done about it.
WHY: Mapping[Standing, tuple[Message, Message]] = {
    Standing.ENTERED: (
        message("Other answers of this resident have been entered."),
        message("Take the earlier import back first (`pingyi answers list`), or delete the row."),
    ),
    Standing.ANSWERED: (
        message("The resident has answered in the chat already."),
        message("Delete the row: what somebody said themselves is never written over."),
    ),
    Standing.DECLINED: (
        message("The resident has declined this survey in the chat."),
        message("Delete the row."),
    ),
    Standing.STOPPED: (
        message("The resident has opted out."),
        message("Delete the row: an opt-out holds for paper, phone and doorstep too."),
    ),
    Standing.NOT_RELEASED: (
        message("The resident is in reserve and not part of the field."),
        message("Release the replicate first, whole, or delete the row."),
    ),
}
