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
    """Each rater's variance stratum, and per stratum n_h, N_h and the factor n_h/(n_h − 1).

    `full` says who answered about every unit that anybody of their stratum did, `complete` counts them per stratum.
    `whole` says of which strata everybody is a rater. Strata of one rater are collapsed as for every other estimate,
    unless this one is all the stratum has: it stands by itself and adds no error. One rater alone has the factor 0.
    """

    of: Whole
    sizes: Floats
    populations: Floats
    full: Flags
    complete: Floats
    factors: Floats
    whole: Flags

    @property
    def corrected(self) -> Floats:
        """The factors with the finite population correction for several units at once: 1 − complete_h/N_h.

        Who is given which units is drawn by lot as well: somebody who rates three of six stands for nobody about the
        others, so that for sums and differences only those count in it who rated all. No correction at all is never
        too small an error: the matrix it takes away, S/N, has no negative direction.
        """
        found: Floats = self.factors * (1 - self.complete / self.populations)
        return found


def strata_of(raters: Sequence[Rater], who: Sequence[int], unit: Sequence[int]) -> Strata:
    """Return the variance strata of raters; `who` of them answered about which `unit`, once or more."""
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
    factors = np.where(sizes > 1, sizes / np.maximum(sizes - 1, 1), 0.0)
    person, units = np.asarray(who, np.int64), np.asarray(unit, np.int64)
    many = int(units.max(initial=-1)) + 1
    rated = np.bincount(np.unique(person * many + units) // max(many, 1), minlength=len(raters))
    there = np.bincount(np.unique(of[person] * many + units) // max(many, 1), minlength=len(sizes))
    full = rated == there[of]
    complete = np.bincount(of, full, len(sizes)).astype(np.float64)
    return Strata(of, sizes, populations, full, complete, factors, sizes >= populations)


@dataclass(frozen=True, slots=True)
class Linearised:
    """What each rating form moves its unit's score by: the influence values of one score per unit.

    `values[b]` belongs to form b, of rater `who[b]` and unit `unit[b]`; forms that are not there move nothing, their
    raters stay in the design. With `several` what is scored is a mean of units, of which one rater has several forms.
    Source: Särndal, Swensson, Wretman, Model Assisted Survey Sampling, 5.5–5.7.
    """

    strata: Strata
    who: Whole
    unit: Whole
    values: Floats
    units: int
    several: bool = False

    def raters(self) -> Floats:
        """Return per unit and stratum who counts in the finite population correction (units × strata).

        The raters of a unit are drawn by lot from those of their stratum, who are drawn from the residents: twice, and
        so m_h of N_h in all. Of a mean of units only those count who answered about all of them.
        """
        import numpy as np

        many = len(self.strata.sizes)
        if self.several:
            return np.tile(self.strata.complete, (self.units, 1))
        cell = self.unit * many + self.strata.of[self.who]
        return np.bincount(cell, minlength=self.units * many).reshape(self.units, many).astype(np.float64)

    def variances(self) -> Floats:
        """Return the variance of each unit's score, one form a rater."""
        import numpy as np

        many = len(self.strata.sizes)
        cell = self.unit * many + self.strata.of[self.who]
        sums = np.bincount(cell, self.values, self.units * many).reshape(self.units, many)
        mean = (sums / self.strata.sizes).ravel()
        inside = np.bincount(cell, (self.values - mean[cell]) ** 2, self.units * many)
        # Raters of the stratum who did not rate the unit have the value 0, that is −mean from the mean.
        raters = self.raters()
        outside = np.tile(self.strata.sizes, self.units) - raters.ravel()
        squares = (inside + outside * mean**2).reshape(self.units, many)
        corrected = 1 - np.minimum(raters / self.strata.populations, 1.0)
        found: Floats = (squares * corrected) @ self.strata.factors
        return found

    def covariances(self, units: Sequence[int]) -> Floats:
        """Return the covariance matrix of the scores of `units`, in their order; one person rates several of them."""
        import numpy as np

        factors = self.strata.corrected

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
            found += factors[number] * spread
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
