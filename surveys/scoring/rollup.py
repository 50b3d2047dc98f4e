"""Scores of areas from the units below them: village, town, county, city, each level ranked within itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING

from surveys.language import Message, message
from surveys.scoring.design import ScoringDesign
from surveys.scoring.intervals import Spread, interval
from surveys.scoring.linearised import Linearised
from surveys.scoring.overlap import Moved
from surveys.scoring.ranking import ClassRanks, Contestant, LeftOut, RankSet, rank_sets
from surveys.scoring.ratings import RatedUnit, Ratings
from surveys.scoring.scores import score, why_not
from surveys.scoring.unitscore import Score, Scores
from surveys.statistics.disclosure import SMALLEST_CELL
from surveys.statistics.estimates import Estimate
from surveys.statistics.weights import effective_size
from surveys.units.directory import Unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class AreaScore:
    """One area: its score, the rated units below it with their shares of it, and those that are left out.

    The shares add up to 1. `left_out` units show no score of their own, and none of theirs is in this one.
    """

    unit: RatedUnit
    score: Score
    shares: Mapping[str, float]
    left_out: tuple[str, ...]
    rank: RankSet | None


@dataclass(frozen=True, slots=True)
class Level:
    """The areas of one class, ranked among themselves: by rank set, those tied by id, those without a rank last.

    `depth` is how many areas may lie above one of them (0 is the top); areas without a class, and those of a class that
    lies within itself, form a level a depth. `weighting` says what counts how. `moved` is what raters move the areas'
    scores by; it is not published.
    """

    name: str
    depth: int
    areas: tuple[AreaScore, ...]
    ranks: ClassRanks
    weighting: Message
    moved: Moved = field(compare=False, repr=False)


def roll_up(scores: Scores, ratings: Ratings, directory: Sequence[Unit], design: ScoringDesign) -> tuple[Level, ...]:
    """Return the levels above the rated units, upwards from the lowest; none where no unit has a parent.

    By people, where everybody rates one unit only, an area's answers are scored as one, so that villages too small to
    be shown still count in their town. Otherwise an area is the weighted mean of the scores below it that are shown,
    its variance that of the combination: the same people rate several units.
    """
    parents = {unit.id: unit for unit in directory}
    above = {found.unit.id: _above(found.unit, parents) for found in scores.units}
    depths = _depths(list(above.values()))
    levels: dict[tuple[int, str], dict[str, list[str]]] = {}
    for unit, over in above.items():
        for area in over:
            levels.setdefault((depths[area.id], area.unit_class), {}).setdefault(area.id, []).append(unit)
    pooled = design.rollup == "people" and not design.unit_weights and _one_each(ratings)
    made = []
    for depth, name in sorted(levels, key=lambda key: (-key[0], key[1])):
        members = levels[depth, name]
        areas = {area: _rated(parents[area]) for area in members}
        if pooled:
            found, ranks, moved = _scored_as_one(scores, ratings, members, areas)
        else:
            found, ranks, moved = _combined(scores, ratings, members, areas, design)
        made.append(Level(name, depth, _by_rank(found), ranks, weighting(design), moved))
    return tuple(made)


def weighting(design: ScoringDesign) -> Message:
    """Return by what units count in the area above them."""
    if design.unit_weights:
        return message("Units count in their area by the weights of the plan.")
    if design.rollup == "people":
        return message("Units count in their area by the residents their raters stand for.")
    return message("Every unit counts alike in its area.")


def _above(unit: RatedUnit, directory: Mapping[str, Unit]) -> list[Unit]:
    """Return the areas above a unit, the nearest first."""
    found: list[Unit] = []
    at = directory.get(unit.parent)
    while at is not None and at not in found and at.id != unit.id:
        found.append(at)
        at = directory.get(at.parent)
    return found


def _depths(chains: Sequence[Sequence[Unit]]) -> dict[str, int]:
    """Return the depth of every area on its way up, the same for all of a class unless one lies within another."""
    depths = {area.id: len(chain) - place - 1 for chain in chains for place, area in enumerate(chain)}
    class_of = {area.id: area.unit_class for chain in chains for area in chain}
    within = {
        area.unit_class
        for chain in chains
        for place, area in enumerate(chain)
        if area.unit_class in {other.unit_class for other in chain[place + 1 :]}
    }
    deepest: dict[str, int] = {}
    for area, depth in depths.items():
        deepest[class_of[area]] = max(depth, deepest.get(class_of[area], 0))
    return {
        area: depth if class_of[area] in within | {""} else deepest[class_of[area]] for area, depth in depths.items()
    }


def _by_rank(areas: Sequence[AreaScore]) -> tuple[AreaScore, ...]:
    """Return areas as units stand: those tied by id, so that their order says nothing."""
    last = len(areas) + 1
    return tuple(
        sorted(
            areas, key=lambda one: (one.rank.first, one.rank.last, one.unit.id) if one.rank else (last, 0, one.unit.id)
        )
    )


def _one_each(ratings: Ratings) -> bool:
    """Whether nobody rates two units."""
    return len(set(zip(ratings.who, ratings.unit, strict=True))) == len(set(ratings.who))


def _rated(unit: Unit) -> RatedUnit:
    return RatedUnit(unit.id, unit.name, unit.unit_class, unit.parent, unit.name_en)


def _scored_as_one(
    scores: Scores, ratings: Ratings, members: Mapping[str, Sequence[str]], areas: Mapping[str, RatedUnit]
) -> tuple[tuple[AreaScore, ...], ClassRanks, Moved]:
    """Score the answers about the units of an area as if they were about the area."""
    place = {unit.id: number for number, unit in enumerate(ratings.units)}
    order = {area: number for number, area in enumerate(areas)}
    left_out: dict[str, tuple[str, ...]] = {}
    target: dict[int, int] = {}
    for area, units in members.items():
        hidden = [unit for unit in units if scores.unit(unit).total.value is None]
        # The few left over could be worked out from the area and its other units.
        few = 0 < sum(scores.unit(unit).total.estimate.n for unit in hidden) < SMALLEST_CELL
        left_out[area] = tuple(hidden) if few else ()
        target |= {place[unit]: order[area] for unit in units if unit not in left_out[area]}
    kept = [row for row, unit in enumerate(ratings.unit) if unit in target]
    people = sorted({ratings.who[row] for row in kept})
    renumbered = {who: number for number, who in enumerate(people)}
    raters = [ratings.raters[who] for who in people]
    if not scores.linearised.strata.full[people].all():
        # Who rates some of an area's units stands for nobody about the others: no finite population correction.
        raters = [replace(rater, population=inf) for rater in raters]
    joined = replace(
        ratings,
        raters=tuple(raters),
        units=tuple(areas.values()),
        who=[renumbered[ratings.who[row]] for row in kept],
        unit=[target[ratings.unit[row]] for row in kept],
        question=[ratings.question[row] for row in kept],
        value=[ratings.value[row] for row in kept],
    )
    found = score(joined, scores.rule)
    weights: dict[int, float] = {}
    for who, unit in {(ratings.who[row], ratings.unit[row]) for row in kept}:
        weights[unit] = weights.get(unit, 0.0) + ratings.raters[who].weight
    shown = tuple(
        AreaScore(
            unit=one.unit,
            score=one.total,
            shares=_shares({unit: weights.get(place[unit], 0.0) for unit in members[one.unit.id]}),
            left_out=left_out[one.unit.id],
            rank=one.rank,
        )
        for one in found.units
    )
    return shown, found.classes[0], Moved(tuple(rater.key for rater in joined.raters), found.linearised, order)


def _combined(
    scores: Scores,
    ratings: Ratings,
    members: Mapping[str, Sequence[str]],
    areas: Mapping[str, RatedUnit],
    design: ScoringDesign,
) -> tuple[tuple[AreaScore, ...], ClassRanks, Moved]:
    """Average the scores that are shown."""
    import numpy as np

    linear = scores.linearised
    shown = [number for number, one in enumerate(scores.units) if one.total.value is not None]
    column = {scores.units[number].unit.id: at for at, number in enumerate(shown)}
    weights = _weights(scores, ratings, design)
    shares = {
        area: _shares({unit: weights.get(unit, 0.0) for unit in units if unit in column})
        for area, units in members.items()
    }
    matrix = np.zeros((len(areas), len(shown)))
    for row, area in enumerate(areas):
        for unit, share in shares[area].items():
            matrix[row, column[unit]] = share
    covariances = matrix @ linear.covariances(shown) @ matrix.T
    values = matrix @ np.array([scores.units[number].total.value for number in shown], np.float64)
    made: dict[str, Score] = {}
    contestants: list[Contestant] = []
    ranked: list[int] = []
    missing: list[LeftOut] = []
    for row, area in enumerate(areas):
        if not shares[area]:
            why = message("no unit below it shows a score")
            made[area] = Score(Estimate(0), why_not=why)
            missing.append(LeftOut(area, why))
            continue
        below = {shown[column[unit]]: share for unit, share in shares[area].items()}
        spread, effective = _spread(scores, ratings, below, float(covariances[row, row]))
        estimate = interval(float(values[row]), spread)
        made[area] = Score(estimate, effective, why_not(estimate))
        contestants.append(
            Contestant(area, float(values[row]), spread.df, spread.effective, spread.varies, spread.low, spread.high)
        )
        ranked.append(row)
    name = next(iter(areas.values())).unit_class
    ranks = rank_sets(name, contestants, covariances[np.ix_(ranked, ranked)], missing)
    sets = {found.unit: found for found in ranks.ranks}
    found = tuple(
        AreaScore(
            unit=areas[area],
            score=made[area],
            shares=shares[area],
            left_out=tuple(unit for unit in members[area] if unit not in shares[area]),
            rank=sets.get(area),
        )
        for area in areas
    )
    return found, ranks, _moved(scores, ratings, shares)


def _moved(scores: Scores, ratings: Ratings, shares: Mapping[str, Mapping[str, float]]) -> Moved:
    """Return what raters move the means of areas by; a unit lies in one area of a level."""
    import numpy as np

    linear = scores.linearised
    place = {one.unit.id: number for number, one in enumerate(scores.units)}
    order = {area: number for number, area in enumerate(shares)}
    area_of, share_of = np.zeros(linear.units, np.int64), np.zeros(linear.units)
    for area, parts in shares.items():
        for unit, share in parts.items():
            area_of[place[unit]], share_of[place[unit]] = order[area], share
    moved = Linearised(
        linear.strata, linear.who, area_of[linear.unit], linear.values * share_of[linear.unit], len(order), several=True
    )
    return Moved(tuple(rater.key for rater in ratings.raters), moved, order)


def _weights(scores: Scores, ratings: Ratings, design: ScoringDesign) -> Mapping[str, float]:
    """Return how much each unit counts, before shares are taken."""
    import numpy as np

    ids = [one.unit.id for one in scores.units]
    if design.unit_weights:
        return {unit: design.unit_weights.get(unit, 0.0) for unit in ids}
    if design.rollup != "people":
        return dict.fromkeys(ids, 1.0)
    linear = scores.linearised
    people: NDArray[np.float64] = np.array([rater.weight for rater in ratings.raters], np.float64)
    sums = np.bincount(linear.unit, people[linear.who], len(ids))
    return dict(zip(ids, sums.tolist(), strict=True))


def _spread(scores: Scores, ratings: Ratings, shares: Mapping[int, float], variance: float) -> tuple[Spread, float]:
    """Return what the interval of a mean of units is made of, and the worth of its raters, each counted once.

    Where no spread is seen, units with few raters make the mean worth less than all their raters together. With a unit
    whose error cannot be told there are no degrees of freedom: nor can that of the mean.
    """
    import numpy as np

    linear = scores.linearised
    who = np.unique(linear.who[np.isin(linear.unit, sorted(shares))])
    strata = len(np.unique(linear.strata.of[who]))
    effective = effective_size([ratings.raters[one].weight for one in who.tolist()])
    squares = sum(share**2 / max(scores.units[unit].total.effective, 1.0) for unit, share in shares.items())
    spread = Spread(
        variance=variance,
        df=max(len(who) - strata, 0) if all(scores.units[unit].total.estimate.df > 0 for unit in shares) else 0,
        n=len(who),
        effective=min(effective, 1 / squares),
        varies=variance > 0,
        counted=bool(linear.counted()[sorted(shares)].all()),
        low=scores.lowest,
        high=scores.highest,
    )
    return spread, effective


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Return weights as shares of their sum; units that count nothing have none."""
    whole = sum(weights.values())
    return {unit: weight / whole for unit, weight in weights.items() if weight > 0}
