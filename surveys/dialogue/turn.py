"""What one stimulus leads to: a value that storage commits as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from surveys.cases.case import Case
from surveys.consent.consent import ConsentEntry
from surveys.consent.invitation import Invitation
from surveys.dialogue.attachment import AttachmentChange, KeptAttachment
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.interview import Mode


class Urgency(StrEnum):
    """Replies to a resident go before bulk, and are not held by quiet hours."""

    REPLY = "reply"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Say:
    """One message to the address of the conversation; `options` are the labels a channel may show as buttons."""

    text: str
    urgency: Urgency
    key: str  # unique for ever: what makes saying it twice impossible
    resident: int = 0
    interview: str = ""
    campaign: str = ""
    case: str = ""
    options: tuple[str, ...] = ()
    expires_at: datetime | None = None  # after this it is no longer worth sending
    opens: bool = False  # carries a question: an answer is awaited
    guard: str = ""  # names that question: a button tapped later tells by it whether it is still open
    discreet: bool = False  # the choice must not be shown in the chat after the tap


@dataclass(frozen=True, slots=True)
class Wake:
    """A row the clock will start; it does nothing once `subject` has moved on from turn `guard`.

    `guard` -1 means it is not guarded by a turn.
    """

    kind: str
    due_at: datetime
    subject: str
    key: str
    guard: int = -1
    resident: int = 0
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it goes to the erasable store; never into events or logs."""

    interview: str
    question: str
    value: str
    raw: str
    rule: str
    confidence: float
    at: datetime
    mode: Mode
    comment: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in the past tense, without any answer or message text."""

    kind: str
    at: datetime
    resident: int = 0
    interview: str = ""
    campaign: str = ""
    case: str = ""
    actor: str = "resident"
    data: Mapping[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StaffCall:
    """A resident asked for a call by a person."""

    resident: int
    interview: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class LinkChange:
    """What was learnt of the tie between a resident and this address."""

    resident: int
    confirmed: bool
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """The whole effect of one stimulus on one address."""

    conversation: Conversation
    events: tuple[Event, ...] = ()
    says: tuple[Say, ...] = ()
    wakes: tuple[Wake, ...] = ()
    answers: tuple[Answer, ...] = ()
    erased: tuple[tuple[str, str], ...] = ()  # (interview, question) taken back
    cases: tuple[Case, ...] = ()
    consents: tuple[ConsentEntry, ...] = ()
    links: tuple[LinkChange, ...] = ()
    calls: tuple[StaffCall, ...] = ()
    attachments: tuple[KeptAttachment, ...] = ()
    attachment_changes: tuple[AttachmentChange, ...] = ()  # done after `attachments` are kept
    invitations: tuple[Invitation, ...] = ()
    erased_residents: tuple[int, ...] = ()  # asked that everything about them be deleted
    stale: bool = False  # a button of a question that is no longer open: nothing was decided
    for_staff: str = ""  # a message nobody's machine can settle is kept and shown to a person, with this reason
