"""All that is going on at one address: who may be reached there and which interviews are open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from surveys.dialogue.interview import RANK, Interview, Stage
from surveys.dialogue.loops import NO_BURST, Burst


@dataclass(frozen=True, slots=True)
class Person:
    """A resident who may be reached at this address; `surname` is all of the name a message ever shows."""

    resident: int
    surname: str
    confirmed: bool
    consent: str  # a surveys.consent.Consent value
    open_cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The unit that is locked and committed: one address, its people, its open interviews.

    `turn` counts stimuli. At most one question is open at an address: that of `floor`.
    """

    address: int
    people: tuple[Person, ...] = ()
    interviews: tuple[Interview, ...] = ()
    language: str = "zh"
    turn: int = 0
    keep_offered: tuple[int, ...] = ()  # residents who opted out and may say 办理 to keep a case's messages
    channel: str = ""  # by which the newest message came in
    heard_at: datetime | None = None  # and when
    burst: Burst = NO_BURST
    erasure_until: datetime | None = None  # until then 确认删除 deletes everything about the one person here

    @property
    def floor(self) -> Interview | None:
        """The interview whose question is open: the highest in rank; what has begun is not interrupted by its equal."""
        live = [i for i in self.interviews if i.stage in (Stage.OPEN, Stage.WAITING)]
        if len(live) == 1:
            return live[0]
        return min(live, key=lambda i: (RANK[i.purpose], not i.begun, i.id), default=None)

    @property
    def shared(self) -> bool:
        """Whether several residents are reached at this address."""
        return len(self.people) > 1

    def person(self, resident: int) -> Person:
        """Return the person with this resident id; KeyError if not reached here."""
        for person in self.people:
            if person.resident == resident:
                return person
        raise KeyError(resident)

    def interview(self, interview_id: str) -> Interview | None:
        """Return the interview with this id if it is at this address."""
        return next((i for i in self.interviews if i.id == interview_id), None)

    def with_interview(self, interview: Interview) -> Conversation:
        """Return the conversation with `interview` put in, replacing its former state."""
        others = tuple([i for i in self.interviews if i.id != interview.id])
        # Spelled out: every turn comes by here several times, and `replace` takes three times as long.
        return Conversation(
            self.address,
            self.people,
            (*others, interview),
            self.language,
            self.turn,
            self.keep_offered,
            self.channel,
            self.heard_at,
            self.burst,
            self.erasure_until,
        )

    def with_person(self, person: Person) -> Conversation:
        """Return the conversation with `person` in place of the one with the same resident id."""
        return replace(self, people=tuple(person if p.resident == person.resident else p for p in self.people))
