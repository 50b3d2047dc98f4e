"""From answers to scores: question means within a group, dimensions, groups; and what each form moves them by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveys.scoring.rule import Combine, ScoringRule

if TYPE_CHECKING:
    from surveys.scoring.cells import Cells, Flags, Floats, Whole


@dataclass(frozen=True, slots=True)
class Means:
    """Weighted means per unit, group and question (K × G × Q), 0 where nobody voted; `there` says where somebody did.

    `points` are those of the answers that count, `totals` the sums of weights, `varies` whether any two answers differ.
    """

    points: Floats
    place: Whole
    means: Floats
    totals: Floats
    varies: Flags

    @property
    def there(self) -> Flags:
        """Where at least one valid vote was given."""
        return self.totals > 0


@dataclass(frozen=True, slots=True)
class Combination:
    """How much each question's mean counts in a unit's score (K × G × Q), groups and dimensions being weighed.

    `inside` is the same within a group (K × G × Q), `shares` the part of each group (K × G). A unit without any score
    has shares of 0 only.
    """

    inside: Floats
    shares: Floats

    @property
    def coefficients(self) -> Floats:
        """The weight of every mean in the score."""
        return self.inside * self.shares[:, :, None]

    @property
    def scored(self) -> Flags:
        """Per unit, whether it has a score."""
        found: Flags = self.shares.sum(axis=1) > 0
        return found


def means_of(cells: Cells, points: Floats, units: int, questions: int) -> Means:
    """Return the means of `points`, one for each answer of `cells`."""
    import numpy as np

    groups = len(cells.groups)
    who = cells.who[cells.ballot]
    place = (cells.unit[cells.ballot] * groups + cells.group[who]) * questions + cells.question
    size, weight = units * groups * questions, cells.weight[who]
    totals = np.bincount(place, weight, size).astype(np.float64)
    lowest, highest = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(lowest, place, points)
    np.maximum.at(highest, place, points)
    sums = np.bincount(place, weight * points, size).astype(np.float64)
    means = np.divide(sums, totals, out=np.zeros(size), where=totals > 0)
    # Where all say the same the mean is that, without the rounding of a weighted sum.
    means = np.where(lowest == highest, lowest, means)
    shape = (units, groups, questions)
    return Means(points, place, means.reshape(shape), totals.reshape(shape), (lowest < highest).reshape(shape))


def combine(
    means: Means, rule: ScoringRule, dimensions: tuple[str, ...], group_weights: tuple[float, ...]
) -> Combination:
    """Return how questions make a unit's score by the rule; `dimensions` names that of each question.

    By means: the questions of a dimension count alike, dimensions and groups by their weights, scaled up where one has
    no valid vote. By sums: mean points are added up, times the dimension's weight; a group in which a question has no
    valid vote has no score.
    """
    import numpy as np

    there = means.there
    names = list(dict.fromkeys(dimensions))
    member = np.array([[name == own for own in dimensions] for name in names], bool).reshape(
        len(names), len(dimensions)
    )
    weights = np.array([rule.dimension(name).weight for name in names], np.float64)
    if rule.combine is Combine.SUM:
        inside = np.broadcast_to((weights[:, None] * member).sum(axis=0), there.shape) * there
        available = there.all(axis=2)
    else:
        counted = there.astype(np.float64) @ member.T  # K × G × dimensions: questions with a vote
        weighed = np.where(counted > 0, weights, 0.0)
        whole = weighed.sum(axis=2, keepdims=True)
        share = np.divide(weighed, whole * counted, out=np.zeros_like(weighed), where=(whole > 0) & (counted > 0))
        inside = (share @ member) * there
        available = whole[:, :, 0] > 0
    given = np.array(group_weights, np.float64) * available
    total = given.sum(axis=1, keepdims=True)
    return Combination(inside, np.divide(given, total, out=np.zeros_like(given), where=total > 0))


def values_of(means: Means, combination: Combination) -> Floats:
    """Return the score of each unit; 0 where it has none."""
    found: Floats = (combination.coefficients * means.means).sum(axis=(1, 2))
    return found


def influences_of(cells: Cells, means: Means, combination: Combination) -> Floats:
    """Return what each rating form moves its unit's score by, to the first order: Σ c · w · (points − mean) ÷ Σw."""
    import numpy as np

    place = means.place
    rate = np.divide(
        combination.coefficients, means.totals, out=np.zeros_like(means.totals), where=means.totals > 0
    ).ravel()
    weight = cells.weight[cells.who[cells.ballot]]
    moved = rate[place] * weight * (means.points - means.means.ravel()[place])
    return np.bincount(cells.ballot, moved, len(cells.who)).astype(np.float64)


def varying(means: Means, combination: Combination) -> list[bool]:
    """Return per unit whether any two answers differ that count in its score."""
    varies = means.varies & (combination.coefficients > 0)
    return [bool(unit.any()) for unit in varies]
