"""Something one resident wants handled, and how it really goes with the unit: known to the simulation alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random

from bot.demo.units import ENGLISH_TEXTS, TOPICS, Topic
from surveys.language import CHINESE

#: How likely the unit's first, second and third word holds: wholly, in part (else not at all).
HOLDS = ((0.45, 0.2), (0.5, 0.22), (0.6, 0.2))
#: Shares of matters a unit never reports done, and reports done long after the deadline.
NEVER, LATE = 0.1, 0.08


class Fix(StrEnum):
    """What the unit's work was worth; the values are choices of the callback's question."""

    DONE = "solved"
    PARTLY = "partly"
    NOTHING = "not"


@dataclass(frozen=True, slots=True)
class Matter:
    """What is wrong and what will be done about it.

    `fixes` says what each report of the unit is worth in turn, the last one for all that follow; `resolve_after` is
    None if the unit never reports anything. Both spans count from the assignment.
    """

    topic: Topic
    text: str
    fixes: tuple[Fix, ...]
    contact_after: timedelta
    resolve_after: timedelta | None

    def fix(self, round_: int) -> Fix:
        """Return what the unit's report number `round_` (from 1) is worth."""
        return self.fixes[min(round_, len(self.fixes)) - 1]

    def report(self, round_: int) -> str:
        """Return what the unit says it did, in its report number `round_`."""
        return self.topic.done[min(round_, len(self.topic.done)) - 1]


def make_matter(rng: Random, language: str, pace: float) -> Matter:
    """Return something to be handled; `pace` shortens the unit's days in a short simulation."""
    topic = rng.choice(TOPICS) if language == CHINESE else TOPICS[0]
    text = rng.choice(topic.texts) if language == CHINESE else ENGLISH_TEXTS[topic.word]
    fate = rng.random()
    days = rng.uniform(9, 13) if fate < NEVER + LATE else rng.uniform(1.5, 8)
    return Matter(
        topic=topic,
        text=text,
        fixes=(*(_fix(rng, *odds) for odds in HOLDS), Fix.DONE),
        contact_after=timedelta(hours=rng.uniform(2, 20)),
        resolve_after=None if fate < NEVER else timedelta(days=days * pace),
    )


def _fix(rng: Random, wholly: float, partly: float) -> Fix:
    number = rng.random()
    return Fix.DONE if number < wholly else Fix.PARTLY if number < wholly + partly else Fix.NOTHING
