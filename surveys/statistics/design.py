"""How units were drawn and weighted, as columns: what every estimate and its error rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Any, TypeVar

from surveys.statistics.weights import variance_strata

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the sample: stratum, weight, and the stratum's population for the finite population correction."""

    stratum: str
    weight: float
    population: float


@dataclass(frozen=True, slots=True)
class Margin:
    """One variable whose population totals are known: the level of every unit, and the total of every level."""

    name: str
    levels: Sequence[str]
    totals: Mapping[str, float]


class DoesNotMeet(ValueError):
    """Weights cannot be raked to these totals: no weights meet them all."""


@dataclass(frozen=True, slots=True)
class Design:
    """One value per unit in every column; `strata`, `clusters` and `populations` are None where there are none.

    `populations` holds the population of the unit's stratum: units, or clusters where there are `clusters`. Clusters
    are told apart within strata. With `margins` weights are raked to their totals (post-stratified with one) and
    errors are those of calibrated weights, made of residuals.
    """

    weights: Sequence[float]
    strata: Sequence[str] | None = None
    clusters: Sequence[str] | None = None
    populations: Sequence[float] | None = None
    margins: tuple[Margin, ...] = ()
    #: What has been worked out of the columns already: they may be a million rows long, and never change.
    _known: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, units: Sequence[Unit]) -> Design:
        """Return the stratified design of `units`."""
        return cls(
            weights=[unit.weight for unit in units],
            strata=[unit.stratum for unit in units],
            populations=[unit.population for unit in units],
        )

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def speaks_for_more(self) -> bool:
        """Whether the weights stand for more than the units themselves, so that a population can be told from them."""
        return fsum(self.weights) - len(self.weights) > 1e-6 * len(self.weights)

    def sizes(self) -> dict[str, int]:
        """Return the number of clusters of each stratum, or of units where there are no clusters."""
        return self._once("sizes", self._sizes)

    def _sizes(self) -> dict[str, int]:
        strata = self.strata if self.strata is not None else [""] * len(self)
        if self.clusters is None:
            return dict(Counter(strata))
        # In the order of first appearance, as the strata stand in the data.
        return dict(Counter(stratum for stratum, _ in dict.fromkeys(zip(strata, self.clusters, strict=True))))

    def _once(self, what: str, work: Callable[[], dict[str, T]]) -> dict[str, T]:
        if what not in self._known:
            self._known[what] = work()
        known: dict[str, T] = self._known[what]
        return known

    def lonely(self) -> list[str]:
        """Return the strata of a single cluster or unit that is not all the stratum has."""
        populations = self.populations_of()
        return [name for name, size in self.sizes().items() if size == 1 and populations.get(name) != 1]

    def counted(self) -> frozenset[str]:
        """Return the strata of which everybody was asked, and of those they are joined with."""
        collapsed, populations = self.variance_strata(), self.variance_populations()
        asked: dict[str, int] = {}
        for name, size in self.sizes().items():
            asked[collapsed[name]] = asked.get(collapsed[name], 0) + size
        return frozenset(name for name, joined in collapsed.items() if populations.get(joined) == asked[joined])

    def populations_of(self) -> dict[str, float]:
        """Return the population of each stratum, nothing where none is given."""
        return self._once("populations", self._populations_of)

    def _populations_of(self) -> dict[str, float]:
        if self.populations is None:
            return {}
        strata = self.strata if self.strata is not None else [""] * len(self)
        return dict(zip(strata, self.populations, strict=True))

    def variance_strata(self) -> Mapping[str, str]:
        """Return for every stratum the one its variance is computed in; see weights.variance_strata."""
        populations = self.populations_of()
        certain = frozenset(name for name, population in populations.items() if population == 1)
        return variance_strata(self.sizes(), certain)

    def variance_populations(self) -> dict[str, float]:
        """Return the population of each stratum variance is computed in, nothing where none is given."""
        joined: dict[str, list[float]] = {}
        collapsed = self.variance_strata()
        for stratum, population in self.populations_of().items():
            joined.setdefault(collapsed[stratum], []).append(population)
        return {stratum: fsum(populations) for stratum, populations in joined.items()}

    def declare(self, columns: Mapping[str, Any], groups: Sequence[str | None] | None) -> Any:
        """Return svy's sample of this design with `columns` (names svy can take) and "group".

        Raises DoesNotMeet where the totals of the margins cannot be met.
        """
        import polars as pl
        import svy

        data: dict[str, Any] = {"weight": pl.Series(self.weights, dtype=pl.Float64)}
        described: dict[str, Any] = {"wgt": "weight"}
        if self.strata is not None:
            collapsed = self.variance_strata()
            # By number: a stratum joined of thousands is called by all their names.
            codes = {name: str(number) for number, name in enumerate(dict.fromkeys(collapsed.values()))}
            coded = {name: codes[joined] for name, joined in collapsed.items()}
            data["stratum"] = pl.Series([coded[name] for name in self.strata], dtype=pl.String)
            # One unit or cluster in all is the only case left for the rule on lonely strata; its error is not shown.
            described |= {"stratum": "stratum", "singleton": "center"}
        if self.populations is not None:
            populations, joined_in = self.variance_populations(), self.variance_strata()
            joint = {name: populations[joined] for name, joined in joined_in.items()}
            strata = self.strata if self.strata is not None else [""] * len(self)
            data["population"] = pl.Series([joint[name] for name in strata], dtype=pl.Float64)
            described["pop_size"] = "population"
        if self.clusters is not None:
            strata = self.strata if self.strata is not None else [""] * len(self)
            numbers: dict[tuple[str, str], int] = {}
            keys = zip(strata, self.clusters, strict=True)
            data["cluster"] = pl.Series([numbers.setdefault(key, len(numbers)) for key in keys], dtype=pl.Int64)
            described["psu"] = "cluster"
        for number, margin in enumerate(self.margins):
            data[f"margin{number}"] = pl.Series(margin.levels, dtype=pl.String)
        if groups is not None:
            data["group"] = pl.Series(groups, dtype=pl.String)
        sample = svy.Sample(pl.DataFrame({**data, **columns}), svy.Design(**described))
        return self._calibrated(sample)

    def _calibrated(self, sample: Any) -> Any:
        from svy.errors import SvyError

        totals = {f"margin{number}": dict(margin.totals) for number, margin in enumerate(self.margins)}
        try:
            if len(totals) == 1:
                return sample.weighting.poststratify(totals["margin0"], cells="margin0")
            if totals:
                # As close as R's rake(epsilon = 1e-12); a few dozen rounds do where the totals can be met at all.
                return sample.weighting.rake(controls=totals, tol=1e-12, max_iter=2000)
        except SvyError as error:
            raise DoesNotMeet(str(error)) from error
        return sample
