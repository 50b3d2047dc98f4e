"""Variances of scores by Taylor linearisation, respondents being the primary units of a stratified sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from surveys.scoring.ratings import Rater
from surveys.statistics.weights import variance_strata

if TYPE_CHECKING:
    from surveys.scoring.cells import Flags, Floats, Whole


@dataclass(frozen=True, slots=True)
class Strata:
    """Each rater's variance stratum, and per stratum n_h, N_h and the factor (1 − n_h/N_h) · n_h/(n_h − 1).

    `whole` says of which strata everybody is a rater. Strata of one rater are collapsed as for every other estimate,
    unless this one is all the stratum has: it stands by itself and adds no error. One rater alone has the factor 0.
    """

    of: Whole
    sizes: Floats
    populations: Floats
    factors: Floats
    whole: Flags


def strata_of(raters: Sequence[Rater]) -> Strata:
    """Return the variance strata of raters."""
    import numpy as np

    people = {rater.stratum: rater.population for rater in raters}
    certain = frozenset(stratum for stratum, population in people.items() if population == 1)
    joined = variance_strata(Counter(rater.stratum for rater in raters), certain)
    index = {name: number for number, name in enumerate(dict.fromkeys(joined.values()))}
    populations = np.zeros(len(index))
    for stratum, population in people.items():
        populations[index[joined[stratum]]] += population
    of = np.array([index[joined[rater.stratum]] for rater in raters], np.int64)
    sizes = np.bincount(of, minlength=len(index)).astype(np.float64)
    factors = np.where(sizes > 1, (1 - sizes / populations) * sizes / np.maximum(sizes - 1, 1), 0.0)
    return Strata(of, sizes, populations, factors, sizes >= populations)


@dataclass(frozen=True, slots=True)
class Linearised:
    """What each rating form moves its unit's score by: the influence values of one score per unit.

    `values[b]` belongs to form b, of rater `who[b]` and unit `unit[b]`; forms that are not there move nothing, their
    raters stay in the design. Source: Särndal, Swensson, Wretman, Model Assisted Survey Sampling, 5.5–5.7.
    """

    strata: Strata
    who: Whole
    unit: Whole
    values: Floats
    units: int

    def variances(self) -> Floats:
        """Return the variance of each unit's score."""
        import numpy as np

        many = len(self.strata.sizes)
        cell = self.unit * many + self.strata.of[self.who]
        sums = np.bincount(cell, self.values, self.units * many).reshape(self.units, many)
        mean = (sums / self.strata.sizes).ravel()
        inside = np.bincount(cell, (self.values - mean[cell]) ** 2, self.units * many)
        # Raters of the stratum who did not rate the unit have the value 0, that is −mean from the mean.
        outside = np.tile(self.strata.sizes, self.units) - np.bincount(cell, minlength=self.units * many)
        squares = (inside + outside * mean**2).reshape(self.units, many)
        found: Floats = squares @ self.strata.factors
        return found

    def covariances(self, units: Sequence[int]) -> Floats:
        """Return the covariance matrix of the scores of `units`, in their order; one person rates several of them."""
        import numpy as np

        place = np.full(self.units, -1, np.int64)
        place[list(units)] = np.arange(len(units))
        found = np.zeros((len(units), len(units)))
        used = place[self.unit] >= 0
        stratum = self.strata.of[self.who]
        order = np.argsort(stratum[used], kind="stable")
        who, column = self.who[used][order], place[self.unit[used]][order]
        values, edges = (
            self.values[used][order],
            np.searchsorted(stratum[used][order], np.arange(len(self.strata.sizes) + 1)),
        )
        for number, (first, last) in enumerate(pairwise(edges.tolist())):
            if first == last:
                continue
            people, row = np.unique(who[first:last], return_inverse=True)
            block = np.zeros((len(people), len(units)))
            block[row, column[first:last]] = values[first:last]
            size = self.strata.sizes[number]
            mean = block.sum(axis=0) / size
            block -= mean
            spread = block.T @ block + (size - len(people)) * np.outer(mean, mean)
            found += self.strata.factors[number] * spread
        return found

    def degrees(self) -> Whole:
        """Return the design degrees of freedom of each unit's score: its raters less their strata."""
        import numpy as np

        many = len(self.strata.sizes)
        raters = np.bincount(self.unit, minlength=self.units)
        cells = np.unique(self.unit * many + self.strata.of[self.who])
        found: Whole = raters - np.bincount(cells // many, minlength=self.units)
        return found

    def counted(self) -> Flags:
        """Return of which units everybody of the strata that rated them did: such a score has no sampling error."""
        import numpy as np

        many = len(self.strata.sizes)
        cells = np.bincount(self.unit * many + self.strata.of[self.who], minlength=self.units * many)
        raters = cells.reshape(self.units, many)
        found: Flags = ((raters == 0) | ((raters == self.strata.sizes) & self.strata.whole)).all(axis=1)
        return found
