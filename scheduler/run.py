"""One group of due wakes while it is being run, and how a wake of it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from scheduler.subjects import Subjects
from storage.desk import Desk
from storage.reach import Reached
from storage.wakes import DueWake, WakeEnd
from surveys.cases.case import Case
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.turn import Event, Turn
from surveys.dialogue.world import World


@dataclass(slots=True)
class Run:
    """One group of wakes being run: what was found, what has been decided so far."""

    connection: Connection
    desk: Desk
    world: World
    cases: dict[str, Case]  # the very mapping the world shows
    subjects: Subjects
    talks: dict[int, Conversation]
    channels: Mapping[str, str]
    turns: list[tuple[int, Turn, str]] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    written: dict[int, set[str]] = field(default_factory=dict)  # contacts made in this very group

    def contacts(self, wake: DueWake) -> int:
        """Return how many other campaigns have written to the resident lately."""
        before = self.subjects.contacts.get(wake.resident, frozenset())
        return len((before | self.written.get(wake.resident, set())) - {wake.campaign})

    def say(self, address: int, turn: Turn, channel: str) -> None:
        """Keep a turn; what follows in this group sees the conversation as it leaves it."""
        self.turns.append((address, turn, channel))
        self.talks[address] = turn.conversation
        self.cases |= {case.id: case for case in turn.cases}


def done(wake: DueWake) -> WakeEnd:
    """Say that the wake has done what it was for."""
    return WakeEnd(wake.id, "done")


def stale(wake: DueWake) -> WakeEnd:
    """Say that what the wake guarded has moved on: it does nothing."""
    return WakeEnd(wake.id, "stale")


def later(wake: DueWake, until: datetime) -> WakeEnd:
    """Let the wake rest until then."""
    return WakeEnd(wake.id, "later", due_at=until)
