"""How a resident behaves: whether and when they answer, how they type, what they do besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import accumulate
from random import Random
from typing import TypeVar

from bot.demo.habits import Habit
from bot.demo.town import Resident
from surveys.language import CHINESE

T = TypeVar("T")


class Temper(StrEnum):
    """What somebody is like on the phone."""

    FAST = "fast"
    SLOW = "slow"
    SILENT = "silent"
    LATE = "late"


#: What Chinese readers type like, and how often.
HABITS = {
    Habit.DIGIT: 0.38, Habit.CHATTY: 0.12, Habit.LABEL: 0.14, Habit.ELDER: 0.12, Habit.CLUMSY: 0.08,
    Habit.FULL_WIDTH: 0.08, Habit.KEYCAP: 0.04, Habit.NUMERAL: 0.04,
}  # fmt: skip
OLD = 65
#: What somebody says before their first answer, and how often; English only where it is given.
ASIDES = {
    ("骗子?", "is this a scam?"): 0.05,
    ("你是谁", "who are you?"): 0.03,
    ("怎么有我号码?", "how did you get my number?"): 0.02,
    ("谁看得到?", "who will see this?"): 0.02,
    ("收费吗?", "is this free?"): 0.015,
    ("稍后", "later"): 0.03,
    ("帮助", "help"): 0.02,
    ("人工", "call me"): 0.02,
    ("不感兴趣", "not interested"): 0.02,
    ("退订", "STOP"): 0.035,
}
#: What few people answer to publicity, which asks nothing.
TO_PUBLICITY = {"退订": 0.012, "谢谢": 0.02, "骗子?": 0.006}
#: Of those who answer: how many have something to be handled, and how many of these write of their own accord.
HAS_MATTER, WRITES_LATER = 0.16, 0.2
LEAVES, GOES_BACK, WAITS_FOR_CLOSE = 0.05, 0.03, 0.02
#: Of those who let the invitation lie: whom the first and the second reminder win.
WON = (0.14, 0.08)


@dataclass(frozen=True, slots=True)
class Conduct:
    """One resident's ways. `ignores` is how many messages they let lie before they begin.

    `words` are what they say to a question, by name, each time it is put, before they answer it plainly. They go
    away after `leaves_after` questions. `pass_on` is a choice of the questionnaire about matters.
    """

    temper: Temper
    habit: Habit
    first_after: timedelta
    ignores: int = 0
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leaves_after: int | None = None
    pass_on: str = "named"  # noqa: S105 - a choice of the questionnaire, no password
    writes_later: timedelta | None = None
    silent_at_callback: bool = False
    declines_callback: bool = False
    keeps_case: bool = False
    pressed: bool = False
    on_publicity: str = ""

    def words_for(self, question: str, times: int) -> str | None:
        """Return what they say at the question put for the `times`-th time (from 0) instead of an answer."""
        said = self.words.get(question, ())
        return said[times] if times < len(said) else None

    def pause(self, rng: Random) -> timedelta:
        """Return how long they take over the next question."""
        if self.temper is Temper.FAST:
            return timedelta(minutes=rng.choice((3, 4, 4, 8)))
        return timedelta(minutes=rng.choice((4, 9, 20, 55, 180, 600)))


def make_conduct(rng: Random, resident: Resident, *, pace: float, closes_in: timedelta) -> Conduct:
    """Return a resident's ways; `closes_in` is when the survey closes, which some wait for."""
    chinese = resident.language == CHINESE
    old = 2026 - resident.birth_year >= OLD
    habit = Habit.ELDER if old and rng.random() < 0.35 else pick(rng, HABITS, Habit.DIGIT)
    answering = rng.random() < resident.stratum.answering
    temper = Temper.FAST if rng.random() < 0.6 else Temper.SLOW
    ignores = 0
    if not answering:
        number = rng.random()
        won = [number < top for top in accumulate(WON)]
        temper, ignores = (temper, 1 + won.index(True)) if any(won) else (Temper.SILENT, 0)
    elif rng.random() < WAITS_FOR_CLOSE:
        temper = Temper.LATE
    first = (
        timedelta(minutes=rng.choice((4, 9, 14, 29, 59)))
        if temper is Temper.FAST
        else timedelta(hours=rng.uniform(1, 40) * max(pace, 0.3))
    )
    if temper is Temper.LATE:
        first = closes_in + timedelta(hours=rng.uniform(12, 60) * pace)
    aside = pick(rng, ASIDES, ("", ""))[0 if chinese else 1]
    words: dict[str, tuple[str, ...]] = {"q1": (aside,)} if aside else {}
    if rng.random() < GOES_BACK and chinese and not aside:
        words["q3"] = ("上一题",)
    return Conduct(
        temper=temper,
        habit=habit,
        first_after=first,
        ignores=ignores,
        words=words,
        leaves_after=rng.randrange(1, 6) if rng.random() < LEAVES else None,
        pass_on=rng.choices(("named", "unnamed", "no"), (0.72, 0.2, 0.08))[0],
        writes_later=timedelta(days=rng.uniform(1, 5) * pace) if rng.random() < WRITES_LATER else None,
        silent_at_callback=rng.random() < 0.14,
        declines_callback=rng.random() < 0.06,
        keeps_case=rng.random() < 0.5,
        pressed=rng.random() < 0.03,
        on_publicity=pick(rng, TO_PUBLICITY, "") if chinese else "",
    )


def pick(rng: Random, odds: Mapping[T, float], otherwise: T) -> T:
    """Return one of `odds` by its probability; what they leave goes to `otherwise`."""
    number = rng.random()
    for found, top in zip(odds, accumulate(odds.values()), strict=True):
        if number < top:
            return found
    return otherwise
