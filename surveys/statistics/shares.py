"""Shares of a whole questionnaire at once, from sums of weights: what svy finds unit by unit, much faster.

A share's linearised error (Särndal, Swensson and Wretman 1992, 5.8) needs of each stratum no more than the sums of
w, w² and of both over those who said yes. Where strata are the only groups, the questionnaire's hundreds of shares are
worked out from such sums. tests/statistics/test_shares.py holds them against svy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from surveys.statistics.design import Design
from surveys.statistics.estimates import OVERALL, Estimate
from surveys.statistics.intervals import share_interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Positions = NDArray[np.intp]
    Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """A share by positions in the design: who said yes (`hits`), among whom; every hit is one of them."""

    hits: Positions
    among: Positions


@dataclass(frozen=True, slots=True)
class Sums:
    """Of some units, by stratum: how many, the sum of their weights, the sum of the squares of their weights."""

    count: Numbers
    weight: Numbers
    square: Numbers

    def part(self, which: Any) -> Sums:
        """Return the sums of some strata."""
        return Sums(self.count[which], self.weight[which], self.square[which])


class Shares:
    """The shares of one stratified design, its weights taken as they are; `design` has strata and no clusters."""

    def __init__(self, design: Design) -> None:
        import numpy as np

        names = design.strata or [""] * len(design)
        self.strata = list(dict.fromkeys(names))
        position = {name: number for number, name in enumerate(self.strata)}
        self._where = np.fromiter((position[name] for name in names), dtype=np.intp, count=len(design))
        self._weights = np.asarray(design.weights, dtype=np.float64)
        self._among: dict[int, tuple[Positions, Sums]] = {}
        collapsed, populations = design.variance_strata(), design.variance_populations()
        joined = {name: number for number, name in enumerate(dict.fromkeys(collapsed[name] for name in self.strata))}
        self._variance = np.array([joined[collapsed[name]] for name in self.strata], dtype=np.intp)
        self._sizes = np.bincount(self._variance[self._where], minlength=len(joined)).astype(np.float64)
        # n / (n - 1) and the finite population correction; a stratum of one has no spread to show.
        self._factors = np.array(
            [
                (1 - size / populations.get(name, np.inf)) * size / (size - 1) if size > 1 else 0.0
                for name, size in zip(joined, self._sizes, strict=True)
            ]
        )

    def of(self, share: Share) -> dict[str, Estimate]:
        """Return the share overall and in every stratum with an answer."""
        if not len(share.among):
            return {}
        among, hits = self._sums_among(share.among), self._sums(share.hits)
        found = {OVERALL: self._estimate(hits, among, self._variance)}
        for number, name in enumerate(self.strata):
            if among.count[number]:
                one = slice(number, number + 1)
                found[name] = self._estimate(hits.part(one), among.part(one), self._variance[one])
        return found

    def _sums_among(self, among: Positions) -> Sums:
        """Return the sums of those who answered, worked out once for all options of a question."""
        if id(among) not in self._among:
            self._among[id(among)] = (among, self._sums(among))  # the array is kept, so that its id stays its own
        return self._among[id(among)][1]

    def _sums(self, positions: Positions) -> Sums:
        import numpy as np

        where, weights, strata = self._where[positions], self._weights[positions], len(self.strata)
        return Sums(
            count=np.bincount(where, minlength=strata).astype(np.float64),
            weight=np.bincount(where, weights, strata).astype(np.float64),
            square=np.bincount(where, weights * weights, strata).astype(np.float64),
        )

    def _estimate(self, hits: Sums, among: Sums, variance: Positions) -> Estimate:
        import numpy as np

        n, said_yes, population = int(among.count.sum()), int(hits.count.sum()), float(among.weight.sum())
        share = float(hits.weight.sum()) / population
        if said_yes in (0, n):  # as counted: sums of weights carry rounding errors
            share = float(said_yes > 0)
        df = n - len(np.unique(variance[among.count > 0]))
        if df < 1:
            return Estimate(n=n, value=share)
        strata = len(self._sizes)
        # Of those who said yes and of the others apart: nothing cancels where nearly all weigh on one side.
        scores = (hits.weight * (1 - share) - (among.weight - hits.weight) * share) / population
        squares = (hits.square * (1 - share) ** 2 + (among.square - hits.square) * share**2) / population**2
        spread = (
            np.bincount(variance, squares, strata) - np.bincount(variance, scores, strata) ** 2 / self._sizes
        ) * self._factors
        # What is left of two sums that cancel each other out but for rounding is nothing.
        rounding = 1e-13 * float((np.bincount(variance, squares, strata) * self._factors).sum())
        variance_of_share = float(spread.sum())
        se = sqrt(variance_of_share) if said_yes not in (0, n) and variance_of_share > rounding else 0.0
        simple = share * (1 - share) / (n - 1) * (1 - n / population) if n > 1 else 0.0
        counted = not self._factors[variance].any()
        low, high, kind = share_interval(share, se, n, df, counted=counted) or (None, None, "")
        return Estimate(
            n=n,
            value=share,
            se=se,
            low=low,
            high=high,
            df=df,
            deff=se * se / simple if simple > 1e-15 else None,
            interval=kind,
        )


def shares_of(design: Design, shares: Mapping[str, Share]) -> dict[str, dict[str, Estimate]]:
    """Return every share, overall (OVERALL) and by stratum; nothing of a design without units."""
    if not len(design):
        return {}
    table = Shares(design)
    return {name: table.of(share) for name, share in shares.items()}
