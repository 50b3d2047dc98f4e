"""One message from outside, named by its provider so that it is heard once, whatever is delivered twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from surveys.dialogue.attachment import Attachment
from surveys.dialogue.interview import Mode


class Act(StrEnum):
    """What the resident did."""

    SAID = "said"
    EDITED = "edited"  # changed a message sent before; `text` is the new wording
    LEFT = "left"  # blocked the bot or deleted the chat


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from outside, signature already checked. `kind` and `sender` name the address (E.164 or chat id).

    `tap`: a button was tapped, and this is the guard of the question it belongs to; `text` is then its number.
    `handle` is what the channel needs to answer the tap itself, of no meaning to anybody else.
    """

    channel: str
    provider_id: str
    kind: str
    sender: str
    text: str
    at: datetime
    mode: Mode = Mode.SELF
    act: Act = Act.SAID
    tap: str = ""
    handle: str = ""
    attachments: tuple[Attachment, ...] = ()
