"""One questionnaire being talked through with one resident, for one purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any


class Purpose(StrEnum):
    """Why a resident is being asked; the order is who has the floor at an address."""

    IDENTITY = "identity"
    COMPLAINT = "complaint"
    CALLBACK = "callback"
    SURVEY = "survey"


#: Lower speaks first; an outranked interview resumes afterwards.
RANK: Mapping[Purpose, int] = {purpose: rank for rank, purpose in enumerate(Purpose)}


class Stage(StrEnum):
    """Where an interview stands."""

    WAITING = "waiting"  # not yet begun at this address: something outranks it
    OPEN = "open"  # its question is out, or will be once it has the floor
    COMPLETE = "complete"
    DECLINED = "declined"  # the resident said no, or STOP
    EXPIRED = "expired"  # silence until its end
    WRONG_PERSON = "wrong_person"  # the number has changed hands


class Mode(StrEnum):
    """How the answer reached us."""

    SELF = "self"
    ASSISTED = "assisted"  # a relative reads or types
    PHONE = "phone"  # a member of the office's staff called and entered it
    PAPER = "paper"  # written on a paper form and entered from it
    DOORSTEP = "doorstep"  # told to an interviewer at the door


@dataclass(frozen=True, slots=True)
class Interview:
    """The state between two messages. `turn` counts what was heard; wakes name the turn they guard.

    `values` holds the answers so far as XForms text (several choices: names separated by blanks); `given` holds
    what hidden questions are filled with. `trail` lists the questions answered or skipped, in order, for "back".
    `asked` counts how often a question has been opened: with it a question asked anew is told from its former self.
    """

    id: str
    purpose: Purpose
    resident: int
    form: str
    campaign: str = ""
    case: str = ""
    stage: Stage = Stage.OPEN
    turn: int = 0
    language: str = "zh"
    position: str = ""
    tries: int = 0
    reminders: int = 0
    begun: bool = False
    cleared: bool = False  # on a shared number: the resident has said 本人 for this interview
    mode: Mode = Mode.SELF
    heard_at: datetime | None = None
    late_after: datetime | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    trail: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    unread: str = ""  # the last reply that could not be read, should it turn out to be something to handle
    asked: int = 0
    nudged: int = 0  # the value of `asked` at which a sticker was met with the question again: once is enough
    hinted_at: datetime | None = None  # when it was last said that changing a message changes no answer
    attached: tuple[tuple[str, str], ...] = ()  # interview and question of answers that came with attachments
    sought: str = ""  # the words by which choices of a long list were found: those are on offer
    was: Mapping[str, str] = field(default_factory=dict)  # answers taken back, until their questions are answered anew
    covered: bool = False  # another question was put since, and has run out: a reply may be meant for that

    def changed(self, **changes: Any) -> Interview:
        """Return the interview with `changes`; what every turn does several times, so quicker than `replace`."""
        state = list(_state(self))
        for name, value in changes.items():
            state[_PLACES[name]] = value
        return Interview(*state)


_PLACES = {field.name: place for place, field in enumerate(fields(Interview))}
_state = attrgetter(*_PLACES)
