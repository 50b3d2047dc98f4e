"""How units were drawn and weighted, as columns: what every estimate and its error rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from surveys.statistics.weights import variance_strata


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
        strata = self.strata if self.strata is not None else [""] * len(self)
        found: dict[str, set[str | int]] = {}
        units: Sequence[str | int] = range(len(self)) if self.clusters is None else self.clusters
        for stratum, unit in zip(strata, units, strict=True):
            found.setdefault(stratum, set()).add(unit)
        return {stratum: len(members) for stratum, members in found.items()}

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
            data["stratum"] = pl.Series([collapsed[name] for name in self.strata], dtype=pl.String)
            # One unit or cluster in all is the only case left for the rule on lonely strata; its error is not shown.
            described |= {"stratum": "stratum", "singleton": "center"}
        if self.populations is not None:
            populations = self.variance_populations()
            variance = data.get("stratum", [""] * len(self))
            data["population"] = pl.Series([populations[name] for name in variance], dtype=pl.Float64)
            described["pop_size"] = "population"
        if self.clusters is not None:
            strata = self.strata if self.strata is not None else [""] * len(self)
            codes: dict[tuple[str, str], int] = {}
            keys = zip(strata, self.clusters, strict=True)
            data["cluster"] = pl.Series([codes.setdefault(key, len(codes)) for key in keys], dtype=pl.Int64)
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
