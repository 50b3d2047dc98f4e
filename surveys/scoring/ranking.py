"""Rank sets: which ranks a unit may have, given how well its score is known; never a bare rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, inf
from typing import TYPE_CHECKING

from surveys.language import Message, message
from surveys.scoring.intervals import agreed, student

if TYPE_CHECKING:
    from surveys.scoring.cells import Floats

#: All sets of a class hold the true ranks together with at least this confidence.
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class RankSet:
    """The ranks `first` to `last` of `of` units that one unit may have.

    `better` and `worse` are the ids of units that differ significantly, `tied` of those that do not.
    """

    unit: str
    first: int
    last: int
    of: int
    better: tuple[str, ...]
    worse: tuple[str, ...]
    tied: tuple[str, ...]

    @property
    def words(self) -> Message:
        """The set in words."""
        if self.of == 1:
            return message("the only unit ranked in its class")
        if self.first == self.last:
            return message("rank {rank} of {of}", rank=self.first, of=self.of)
        return message("tied: ranks {first} to {last} of {of}", first=self.first, last=self.last, of=self.of)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A unit of the class that is not ranked, and why."""

    unit: str
    why: Message


@dataclass(frozen=True, slots=True)
class ClassRanks:
    """The ranking of one class: `of` units by score, the best first; `pairs` contrasts shared the error of 5 %."""

    unit_class: str
    of: int
    pairs: int
    ranks: tuple[RankSet, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def words(self) -> Message:
        """How the ranks were made."""
        if self.pairs == 1:
            return message(
                "Ranks within the class only, of N = {of} units. One comparison tells the two apart, wrong in at most "
                "5 % of surveys; where ranks overlap, units are tied.",
                of=self.of,
            )
        return message(
            "Ranks within the class only, of N = {of} units. Units are told apart by {pairs} comparisons in pairs, "
            "together wrong in at most 5 % of surveys (Bonferroni); where ranks overlap, units are tied.",
            of=self.of,
            pairs=self.pairs,
        )


@dataclass(frozen=True, slots=True)
class Contestant:
    """A unit to be ranked: score, degrees of freedom, what its raters are worth, whether any two answers differ.

    `low` and `high` are the ends of the scale, None if it has none. Without degrees of freedom nothing is shown to
    differ from it.
    """

    unit: str
    value: float
    df: int
    effective: float
    varies: bool
    low: float | None = None
    high: float | None = None

    def reach(self, tail: float) -> tuple[float, float] | None:
        """Return how far below and above a score that shows no spread may lie; None where a standard error says it."""
        if self.varies or self.low is None or self.high is None or not self.low < self.high:
            return None
        if self.df < 1:
            return inf, inf
        width = self.high - self.low
        share = min(max((self.value - self.low) / width, 0.0), 1.0)
        low, high = agreed(share, self.effective, self.df, tail)
        return (share - low) * width, (high - share) * width


def rank_sets(
    unit_class: str, found: Sequence[Contestant], covariances: Floats, left_out: Sequence[LeftOut] = ()
) -> ClassRanks:
    """Return the rank sets of one class: [1 + number significantly better, K − number significantly worse].

    `covariances` is the K × K matrix of the scores. Each of the K(K − 1)/2 pairs is tested with Student's t at
    0.05 ÷ pairs, with the smaller df of the two (Klein, Wright, Wieczorek 2020, A joint confidence region for an
    overall ranking of populations). A unit of whom everybody said the same shows no spread of its own: it is compared
    by the ends of its interval, at the same 0.05 ÷ pairs (put together as in Zou and Donner 2008). Where its scale has
    no ends it is given the mean spread of its class for its number of raters.
    """
    import numpy as np

    many = len(found)
    pairs = comb(many, 2)
    values = np.array([one.value for one in found], np.float64)
    own = np.diag(covariances).copy() if many else np.zeros(0)
    worth = np.array([max(one.effective, 1.0) for one in found], np.float64)
    varies = np.array([one.varies for one in found], bool)
    # Where nothing in the class shows any spread, a unit without ends of its scale is told apart from nobody.
    own[~varies] = (own * worth)[varies].mean() / worth[~varies] if varies.any() else np.inf
    variance = own[:, None] + own[None, :] - 2 * covariances * (varies[:, None] & varies[None, :])
    df = np.array([one.df for one in found], np.int64)
    smaller = np.minimum(df[:, None], df[None, :])
    some = {degrees for degrees in smaller.ravel().tolist() if degrees > 0 and pairs}
    limits = {degrees: student(1 - (1 - CONFIDENCE) / 2 / pairs, degrees) for degrees in some}
    limit = np.array([limits.get(degrees, np.inf) for degrees in smaller.ravel().tolist()]).reshape(many, many)
    # Scores are compared beyond what rounding may have moved them; the covariance too is known to that many digits.
    scale = float(np.abs(values).max(initial=0.0)) * 1e-12
    with np.errstate(invalid="ignore"):
        reach = np.where(np.isfinite(limit), limit * np.sqrt(np.maximum(variance, 0.0)), np.inf)
        down = np.where(np.isfinite(limit), limit * np.sqrt(own)[:, None], np.inf)
        up = np.where(np.isfinite(limit), limit * np.sqrt(own)[None, :], np.inf)
    alike = np.zeros(many, bool)
    for place, one in enumerate(found):
        ends = one.reach((1 - CONFIDENCE) / 2 / pairs) if pairs else None
        if ends is not None:
            alike[place] = True
            down[place, :], up[:, place] = ends
    reach = np.where(alike[:, None] | alike[None, :], np.hypot(down, up), reach)
    ahead = values[:, None] - values[None, :] > reach + scale
    tied = ~(ahead | ahead.T | np.eye(many, dtype=bool))
    ids = [one.unit for one in found]
    ranks = [
        RankSet(
            unit=ids[here],
            first=1 + int(ahead[:, here].sum()),
            last=many - int(ahead[here].sum()),
            of=many,
            better=tuple(ids[other] for other in np.flatnonzero(ahead[:, here])),
            worse=tuple(ids[other] for other in np.flatnonzero(ahead[here])),
            tied=tuple(ids[other] for other in np.flatnonzero(tied[here])),
        )
        for here in np.argsort(-values, kind="stable").tolist()
    ]
    return ClassRanks(unit_class, many, pairs, tuple(ranks), tuple(left_out))
