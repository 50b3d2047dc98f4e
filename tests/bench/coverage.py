"""How often a 95 % interval contains the truth: campaigns drawn again and again from populations that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import comb
from typing import NamedTuple

import numpy as np

from surveys.campaign.plan import CampaignKind
from surveys.campaign.weighting import WeightsDesign
from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.statistics.analysis import AnalysisSet, CampaignFacts, Respondent, StratumFrame
from surveys.statistics.answers import question_figures
from surveys.statistics.chain import chain_of
from surveys.statistics.estimates import NOTHING, Estimate
from surveys.statistics.results import weighted
from surveys.statistics.weights import weigh
from tests.bench.figures import Section

SEED = 20261122
#: What coverage must lie between; 2,000 campaigns tell it to about half a percent, 500 to one.
BOUNDS = (0.93, 0.97)
NOMINAL = 0.95
YES_NO = (Choice("yes", {}), Choice("no", {}))
SHARE = Question("share", Kind.SELECT_ONE, "share", choices=YES_NO)
POINTS = Question("points", Kind.INTEGER, "points")
CLASS = Question("class", Kind.SELECT_ONE, "class", choices=YES_NO)
FACTS = CampaignFacts(
    name="coverage",
    titles={},
    organiser="o",
    legal_basis="l",
    kind=CampaignKind.SURVEY,
    starts_at=datetime(2026, 9, 1, tzinfo=UTC),
    closes_at=datetime(2026, 9, 30, tzinfo=UTC),
    as_of=datetime(2026, 10, 1, tzinfo=UTC),
    zone="UTC",
)
TEN = (3200, 9800, 5400, 12600, 8800, 6100, 2300, 1500, 180, 900)
#: How far the strata's shares lie from the overall one, in its standard deviations.
LEANS = (0.1, 0.2, -0.2, 0.05, -0.1, 0.1, -0.3, 0.0, 0.4, -0.2)


@dataclass(frozen=True)
class World:
    """A population by stratum, how many are asked of each, what share of them answer, how many would say yes.

    With `points` a mean is estimated in place of the share; with `raked` weights meet the totals of a known class.
    """

    name: str
    sizes: Sequence[int]
    asked: Sequence[int]
    share: float
    answering: float = 1.0
    campaigns: int = 2_000
    points: bool = False
    raked: bool = False

    @property
    def form(self) -> Form:
        """What is asked."""
        return Form("d", "coverage", {}, ("en",), "en", (POINTS if self.points else SHARE, CLASS))


#: As a campaign of 1,000 spreads over them.
THOUSAND = (63, 193, 106, 249, 174, 120, 45, 30, 4, 18)
WORLDS = (
    *(World(f"30 of one stratum, p = {p}", (10_000,), (30,), p) for p in (0.5, 0.9, 0.98)),
    *(World(f"30 of three strata, p = {p}", (5_000, 3_000, 2_000), (10, 10, 10), p) for p in (0.5, 0.9, 0.98)),
    *(World(f"30 of ten strata, p = {p}", TEN, (3,) * 10, p) for p in (0.5, 0.9, 0.98)),
    *(World(f"300 of ten strata, p = {p}", TEN, (30,) * 10, p) for p in (0.5, 0.9, 0.98)),
    *(World(f"1,000 of ten strata, half answer, p = {p}", TEN, THOUSAND, p, 0.5, 500) for p in (0.5, 0.9, 0.98)),
    World("300 of ten strata, raked to a known class, p = 0.5", TEN, (30,) * 10, 0.5, 1.0, 500, raked=True),
    World("mean of 30 of one stratum", (10_000,), (30,), 0.5, 1.0, 500, points=True),
    World("mean of 300 of ten strata", TEN, (30,) * 10, 0.5, 1.0, 500, points=True),
    World("mean of 300 of ten strata, raked to a known class", TEN, (30,) * 10, 0.5, 1.0, 500, points=True, raked=True),
)


def measure() -> Section:
    """Return the section: for each world, how often intervals contained what is true."""
    section = Section("Coverage of 95 % intervals", "campaigns/s")
    for number, world in enumerate(WORLDS):
        covered = coverage(world, np.random.default_rng([SEED, number]))
        section.extra[world.name] = {"campaigns": world.campaigns, "covered": covered}
        section.lines.append(
            f"{world.name}: {100 * covered:.1f} % of {world.campaigns:,} campaigns; {verdict(covered, world)}"
        )
    return section


def coverage(world: World, rng: np.random.Generator) -> float:
    """Return how often the interval contained what is true of the population."""
    sizes = np.array(world.sizes)
    leans = np.array(LEANS[: len(sizes)])
    leans -= (leans * sizes).sum() / sizes.sum()  # so that the overall share is the one asked for
    people = [population(size, world.share, lean, rng) for size, lean in zip(world.sizes, leans.tolist(), strict=True)]
    everybody = np.concatenate(people)
    truth = float(everybody[:, 1 if world.points else 0].mean())
    known = {"yes": float(everybody[:, 2].sum()), "no": float((1 - everybody[:, 2]).sum())}
    found = [campaign(world, people, known, rng).covers(truth) for _ in range(world.campaigns)]
    return sum(bool(covers) for covers in found) / world.campaigns


def population(size: int, share: float, lean: float, rng: np.random.Generator) -> np.ndarray:
    """Return a stratum: who says yes, points from 1 to 5 that go with it, and a known class that goes with it."""
    part = min(max(share + lean * (share * (1 - share)) ** 0.5 / 2, 0.0), 1.0)
    yes = rng.permutation(np.arange(size) < round(part * size)).astype(np.int64)
    points = np.clip(np.rint(3 + yes - 0.5 + rng.normal(0, 1.1, size)), 1, 5).astype(np.int64)
    known = (rng.random(size) < np.where(yes == 1, 0.7, 0.3)).astype(np.int64)
    return np.column_stack([yes, points, known])


def campaign(
    world: World, people: Sequence[np.ndarray], known: Mapping[str, float], rng: np.random.Generator
) -> Estimate:
    """Draw, ask, weight and estimate once, as a campaign does."""
    respondents, strata = [], []
    for number, (stratum, asked) in enumerate(zip(people, world.asked, strict=True)):
        name = f"s{number}"
        strata.append(StratumFrame(name, len(stratum), asked, asked))
        for at, (yes, points, kind) in enumerate(rng.choice(stratum, asked, replace=False).tolist()):
            values = {"share": "yes" if yes else "no", "points": str(points), "class": "yes" if kind else "no"}
            answers = rng.random() < world.answering
            code, weight = "1.1" if answers else "2.20", len(stratum) / asked
            respondents.append(Respondent(f"{name}-{at}", name, "", code, "self", weight, values if answers else {}))
    design = WeightsDesign({"class": known}) if world.raked else WeightsDesign()
    analysis = AnalysisSet(FACTS, world.form, tuple(strata), tuple(respondents), weighting=design)
    chain = chain_of(analysis)
    answered = weighted(analysis, weigh(analysis), chain)
    asked_about = question_figures(world.form, answered, [frame.name for frame in strata], None, chain.margins)[0]
    options = asked_about.overall.options
    return options[0].share if options else asked_about.overall.mean or NOTHING


def verdict(covered: float, world: World) -> str:
    """Say whether coverage lies within the bounds, and of one stratum what can be had where it does not."""
    low, high = BOUNDS
    if low <= covered <= high:
        return "held"
    said = f"{100 * (covered - high):.1f} more than need be" if covered > high else "MISSED"
    if len(world.sizes) > 1 or world.points:
        return said
    possible = attainable(world.asked[0], world.share)
    enough = min(found for found in possible if found.covered >= low)
    if enough.covered > high and abs(covered - enough.covered) < 0.01:
        said = "no interval can do better"
    near = [min(some, key=lambda found: abs(found.covered - NOMINAL)) for some in (possible, filter(is_even, possible))]
    return f"{said}; nearest 95 % of {world.asked[0]} are {near[0]}, on even sides {near[1]}"


class Attainable(NamedTuple):
    """What an interval may cover, and how often it then lies below the truth and above it."""

    covered: float
    below: float
    above: float

    def __str__(self) -> str:
        return f"{100 * self.covered:.1f} % (missing {100 * self.below:.1f} below, {100 * self.above:.1f} above)"


def is_even(found: Attainable) -> bool:
    """Whether neither side misses more often than half of what the bounds leave."""
    return max(found.below, found.above) <= (1 - BOUNDS[0]) / 2


def attainable(n: int, share: float) -> list[Attainable]:
    """Return what an interval may cover of a simple sample: it depends on the count of yeses, and there are few."""
    chances = [comb(n, count) * share**count * (1 - share) ** (n - count) for count in range(n + 1)]
    return [
        Attainable(sum(chances[first:last]), sum(chances[:first]), sum(chances[last:]))
        for first in range(n + 1)
        for last in range(first + 1, n + 2)
    ]
