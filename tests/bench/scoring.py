"""Scores and rank sets: how long they take, and whether the sets hold the true ranks as often as they say."""

from __future__ import annotations

import random
from dataclasses import dataclass

from surveys.scoring.presets import preset
from surveys.scoring.ratings import RatedQuestion, RatedUnit, Rater, Ratings
from surveys.scoring.rule import Part, ScoringRule
from surveys.scoring.scores import score
from tests.bench.figures import Contender, Section, interleave

PEOPLE, UNITS, DIMENSIONS = 1_000, 12, 6
#: Seconds all scores and rank sets of that campaign may take, and what sets and intervals must cover.
LIMIT = 2.0
CAMPAIGNS, COVERED = 500, 0.95
LABELS = {name: {"en": name} for name in ("satisfied", "fairly", "fair", "not", "unknown")}
POINTS: dict[str, float | None] = {"satisfied": 100, "fairly": 80, "fair": 50, "not": 0, "unknown": None}


def measure(rounds: int) -> Section:
    """Time scores, intervals and rank sets of 1,000 respondents × 12 units × 6 dimensions."""
    section = Section("Scores and rank sets: 1,000 respondents × 12 units × 6 dimensions, 4 classes", "campaigns/s")
    ratings = _campaign(random.Random(3))
    rule = preset("six_dimensions")

    def once() -> int:
        score(ratings, rule)
        return 1

    name = "Pingyi: score(), intervals, covariances and rank sets"
    interleave(section, {name: Contender(once)}, rounds)
    seconds = 1 / section.series[name].rate
    section.lines.append(f"{seconds:.2f} s a campaign; limit {LIMIT:g} s {'held' if seconds < LIMIT else 'MISSED'}")
    return section


def _campaign(chance: random.Random) -> Ratings:
    raters = tuple(Rater(f"r{n}", f"s{n % 10}", "", 1 + chance.random() * 9, 5_000 + n % 10) for n in range(PEOPLE))
    units = tuple(RatedUnit(f"u{n}", f"Unit {n}", f"class {n % 4}") for n in range(UNITS))
    dimensions = [part.name for part in preset("six_dimensions").dimensions]
    asked = tuple(RatedQuestion(f"q{n}", dimensions[n], {}, {}, LABELS) for n in range(DIMENSIONS))
    places = [(n, unit, at) for n in range(PEOPLE) for unit in range(UNITS) for at in range(DIMENSIONS)]
    who, unit, at = ([place[part] for place in places] for part in range(3))
    return Ratings(raters, units, asked, who, unit, at, chance.choices([*LABELS], k=len(places)))


@dataclass(frozen=True)
class Setting:
    """A population to draw from: shares of the four answers by unit, people of each stratum, units each of them rates.

    With `weights` every stratum is an evaluator group of that weight. `group` people live in a stratum.
    """

    name: str
    answers: tuple[tuple[float, float, float, float], ...]
    people: tuple[int, ...]
    rated: int
    weights: tuple[float, ...] = ()
    group: int = 2_000


def _graded(best: float, worst: float, units: int) -> tuple[tuple[float, float, float, float], ...]:
    """Return shares of answers from the best unit to the worst in even steps."""
    found = []
    for n in range(units):
        top = best + (worst - best) * n / (units - 1)
        rest = 1 - top
        found.append((top, rest * 0.5, rest * 0.3, rest * 0.2))
    return tuple(found)


SETTINGS = (
    Setting("12 units from 90 to 40 % satisfied, 100 raters a unit", _graded(0.9, 0.4, 12), (100, 100, 100), 4),
    Setting("12 units all alike, 30 raters a unit", _graded(0.7, 0.7, 12), (30, 30, 30), 4),
    Setting("8 units from 99 to 93 % satisfied, 30 raters a unit", _graded(0.99, 0.93, 8), (20, 20, 20), 4),
    Setting("6 units from 95 to 60 % satisfied, 15 raters a unit", _graded(0.95, 0.6, 6), (10, 10, 10), 3),
    Setting("6 units, half of 400 residents, 3 units each", _graded(0.9, 0.6, 6), (100, 100), 3, group=200),
    Setting("6 units, 360 of 400 residents, 3 units each", _graded(0.9, 0.6, 6), (180, 180), 3, group=200),
    Setting("6 units, all 400 residents, 3 units each", _graded(0.9, 0.6, 6), (200, 200), 3, group=200),
    Setting(
        "6 units, groups 50/25/25, 5, 10 and 20 raters a unit", _graded(0.9, 0.6, 6), (10, 20, 40), 3, (50, 25, 25)
    ),
)


def measure_ranks(campaigns: int = CAMPAIGNS) -> Section:
    """Draw campaigns from known populations; count how often sets hold all true ranks, and intervals true scores."""
    section = Section(f"Coverage of rank sets and score intervals, {campaigns} campaigns each", "")
    for setting in SETTINGS:
        held, covered, asked, told, pairs = _covered(setting, campaigns)
        share = held / campaigns
        section.lines.append(
            f"{setting.name}: all true ranks in their sets {share:.1%} ({'held' if share >= COVERED else 'MISSED'}: "
            f"≥ {COVERED:.0%}); intervals cover {covered / asked:.1%}; {told / pairs:.0%} of pairs told apart"
        )
        section.extra[setting.name] = {"ranks": share, "intervals": covered / asked, "pairs_told": told / pairs}
    return section


def _said(chance: random.Random, shares: tuple[float, ...], group: int) -> list[str]:
    """Return what the people of one stratum say, in these shares exactly."""
    options = ("satisfied", "fairly", "fair", "not")
    found = [option for option, share in zip(options, shares, strict=True) for _ in range(round(share * group))]
    found = (found + ["satisfied"] * group)[:group]
    chance.shuffle(found)
    return found


def _covered(setting: Setting, campaigns: int) -> tuple[int, int, int, int, int]:
    """Return campaigns whose sets held all ranks, intervals that covered, intervals, pairs told apart, pairs."""
    chance = random.Random(f"{setting.name} 2026")
    units = tuple(RatedUnit(f"u{n}", f"Unit {n}") for n in range(len(setting.answers)))
    asked = (RatedQuestion("q", "q", {}, POINTS, LABELS),)
    group = setting.group
    # A finite population: what everybody would say is fixed, so the true scores are known, and equal where shares are.
    said = [[value for _ in setting.people for value in _said(chance, shares, group)] for shares in setting.answers]
    weights = setting.weights or (1,) * len(setting.people)
    true = [
        sum(weights[at // group] * (POINTS[value] or 0) for at, value in enumerate(column)) / group / sum(weights)
        for column in said
    ]
    rule = ScoringRule("points", {}, groups=tuple(Part(f"g{n}", weight) for n, weight in enumerate(setting.weights)))
    held = covered = intervals = told = pairs = 0
    for _ in range(campaigns):
        raters, who, unit, values = [], [], [], []
        for stratum, size in enumerate(setting.people):
            for person in chance.sample(range(stratum * group, (stratum + 1) * group), size):
                for rated in chance.sample(range(len(units)), setting.rated):
                    who.append(len(raters))
                    unit.append(rated)
                    values.append(said[rated][person])
                raters.append(Rater(f"r{person}", f"s{stratum}", f"g{stratum}", group / size, group))
        found = score(Ratings(tuple(raters), units, asked, who, unit, [0] * len(who), values), rule)
        (ranking,) = found.classes
        ranked = {int(one.unit[1:]): one for one in ranking.ranks}
        right = True
        for number, one in ranked.items():
            best = 1 + sum(true[other] > true[number] + 1e-9 for other in ranked)
            last = len(ranked) - sum(true[other] < true[number] - 1e-9 for other in ranked)
            right &= one.first <= best and last <= one.last
            told += len(one.better)
        held += right
        pairs += ranking.pairs
        for number, one in enumerate(found.units):
            estimate = one.total.estimate
            if estimate.low is not None and estimate.high is not None:
                intervals += 1
                covered += estimate.low <= true[number] <= estimate.high
    return held, covered, intervals, told, pairs
