"""The few residents whose conduct is fixed: every way a case can end is lived through, and three talks are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.demo.conduct import Conduct, Temper
from bot.demo.habits import Habit
from bot.demo.matter import Fix, Matter
from bot.demo.units import TOPICS, Topic

LAMP = next(topic for topic in TOPICS if topic.word == "路灯")
RIVER = next(topic for topic in TOPICS if topic.word == "河")
NOISE = next(topic for topic in TOPICS if topic.word == "吵")
BUS = next(topic for topic in TOPICS if topic.word == "公交")
LIFT = next(topic for topic in TOPICS if topic.word == "电梯")
WASTE = next(topic for topic in TOPICS if topic.word == "垃圾")


@dataclass(frozen=True, slots=True)
class Role:
    """One part: how its resident behaves, what they want handled, if anything.

    `thinks` holds what the resident must think for the part to make sense: choice names by question.
    """

    conduct: Conduct
    matter: Matter | None = None
    thinks: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def fits(self, opinions: Mapping[str, str]) -> bool:
        """Whether somebody of these opinions can play it."""
        return all(opinions.get(question, "") in names for question, names in self.thinks.items())


def _conduct(
    words: Mapping[str, tuple[str, ...]] | None = None, *, silent: bool = False, declines: bool = False
) -> Conduct:
    return Conduct(
        temper=Temper.FAST,
        habit=Habit.DIGIT,
        first_after=timedelta(minutes=4),
        words=words or {},
        silent_at_callback=silent,
        declines_callback=declines,
        keeps_case=True,
    )


def _matter(topic: Topic, *fixes: Fix, never: bool = False) -> Matter:
    days = None if never else timedelta(hours=20)
    return Matter(topic, topic.texts[0], (*fixes, Fix.DONE), timedelta(hours=3), days)


#: In this order they are given to drawn residents about whom nothing is out of the ordinary.
ROLES: Mapping[str, Role] = {
    "cautious": Role(_conduct({"q1": ("还可以嘛",)}), thinks={"q1": frozenset({"fairly_good", "fair"})}),
    "doubtful": Role(_conduct({"q1": ("骗子吧",)})),
    "lamp": Role(_conduct({"solved": ("没修好", "修好了")}), _matter(LAMP, Fix.NOTHING)),
    "half": Role(_conduct(), _matter(WASTE, Fix.PARTLY)),
    "silent": Role(_conduct(silent=True), _matter(NOISE)),
    "declining": Role(_conduct(declines=True), _matter(BUS)),
    "content": Role(_conduct(), _matter(RIVER)),
    "forgotten": Role(_conduct(), _matter(LIFT, never=True)),
    "undecided": Role(_conduct({"q3": ("上一题",)})),
}
