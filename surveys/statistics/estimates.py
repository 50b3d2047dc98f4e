"""The one place that asks `svy` for estimates: shares, means, totals and ratios with their uncertainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, isfinite
from typing import Any

from surveys.statistics.weights import variance_strata

#: The group that stands for everybody.
OVERALL = ""

LOGIT = "logit"
EXACT = "korn-graubard"
STUDENT = "t"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the sample: stratum, weight, and the stratum's population for the finite population correction."""

    stratum: str
    weight: float
    population: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate from `n` units, its standard error and 95 % interval; None stands where it cannot be had.

    `df` are design degrees of freedom. `deff` is the design effect against simple random sampling without
    replacement. `interval` names how `low` and `high` were made: logit, korn-graubard, t, or nothing.
    """

    n: int
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    df: int = 0
    deff: float | None = None
    interval: str = ""

    def covers(self, truth: float) -> bool | None:
        """Whether the interval contains `truth`; None without an interval."""
        if self.low is None or self.high is None:
            return None
        # The library's bounds carry rounding errors of about 1e-16; a bound is part of its interval.
        return self.low - 1e-12 <= truth <= self.high + 1e-12


NOTHING = Estimate(n=0)


class Survey:
    """Units with their answers, ready for estimates.

    `columns` maps a name to one number per unit, None where the unit has no answer: it then stays in the design and
    leaves the estimate (a domain). A share's numbers are 0 and 1. Every result maps column → group → Estimate, the
    groups being OVERALL and, by stratum, the strata with an answer.
    """

    def __init__(self, units: Sequence[Unit], columns: Mapping[str, Sequence[float | None]]) -> None:
        self._columns = columns
        self._units = units
        # Our own column names: a questionnaire may call a question "w", or anything else.
        self._code = {name: f"c{number}" for number, name in enumerate(columns)}
        self._sample = self._declare() if units else None

    def _declare(self) -> Any:
        import polars as pl
        import svy

        collapsed = variance_strata(Counter(unit.stratum for unit in self._units))
        sizes = {unit.stratum: unit.population for unit in self._units}
        population: Counter[str] = Counter()
        for stratum, size in sizes.items():
            population[collapsed[stratum]] += size  # type: ignore[assignment] # a Counter of floats adds as well
        data = {
            "domain": pl.Series([unit.stratum for unit in self._units], dtype=pl.String),
            "stratum": pl.Series([collapsed[unit.stratum] for unit in self._units], dtype=pl.String),
            "weight": pl.Series([unit.weight for unit in self._units], dtype=pl.Float64),
            "population": pl.Series(
                [float(population[collapsed[unit.stratum]]) for unit in self._units],
                dtype=pl.Float64,
            ),
        }
        for name, values in self._columns.items():
            data[self._code[name]] = pl.Series(values, dtype=pl.Float64)
        # A sample of one unit in all is the only case left for the rule on lonely strata; its error is not shown.
        design = svy.Design(stratum="stratum", wgt="weight", pop_size="population", singleton="center")
        return svy.Sample(pl.DataFrame(data), design)

    def shares(self, names: Iterable[str], *, by_stratum: bool = False) -> dict[str, dict[str, Estimate]]:
        """Return shares of ones with logit intervals, Korn-Graubard's where the logit is undefined (p = 0 or 1)."""
        found = self._ask("prop", names, by_stratum=by_stratum, kind=LOGIT, options={"ci_method": LOGIT})
        edges = {
            name: [group for group, estimate in groups.items() if self._is_edge(name, group, estimate)]
            for name, groups in found.items()
        }
        names = [name for name, groups in edges.items() if groups]
        exact = self._ask("prop", names, by_stratum=by_stratum, kind=EXACT, options={"ci_method": EXACT})
        for name in names:
            found[name].update({group: exact[name][group] for group in edges[name]})
        return found

    def means(self, names: Iterable[str], *, by_stratum: bool = False) -> dict[str, dict[str, Estimate]]:
        """Return means with t intervals; no interval where all answers are the same, since nothing shows the spread."""
        found = self._ask("mean", names, by_stratum=by_stratum, kind=STUDENT)
        for name, groups in found.items():
            for group, estimate in groups.items():
                if not self._varies(name, group):
                    groups[group] = replace(estimate, low=None, high=None, interval="")
        return found

    def total(self, name: str) -> Estimate:
        """Return the population total of a column."""
        return self._ask("total", [name], by_stratum=False, kind=STUDENT).get(name, {}).get(OVERALL, NOTHING)

    def ratio(self, name: str, per: str) -> Estimate:
        """Return the total of `name` ÷ the total of `per`."""
        options = {"x": [self._code[per]]}
        found = self._ask("ratio", [name], by_stratum=False, kind=STUDENT, options=options)
        return found.get(name, {}).get(OVERALL, NOTHING)

    def _ask(
        self,
        method: str,
        names: Iterable[str],
        *,
        by_stratum: bool,
        kind: str,
        options: Mapping[str, object] | None = None,
    ) -> dict[str, dict[str, Estimate]]:
        """Ask svy once for all columns that hold at least one answer."""
        asked = [name for name in names if any(value is not None for value in self._columns[name])]
        found: dict[str, dict[str, Estimate]] = {}
        if self._sample is None:
            return found
        call: Callable[..., Any] = getattr(self._sample.estimation, method)
        # svy refuses a whole call for one variable without any design effect, so these are asked for apart.
        spread = {name for name in asked if self._has_deff(name, by_stratum=by_stratum)}
        for deff, some in (("wor", [n for n in asked if n in spread]), (None, [n for n in asked if n not in spread])):
            if some:
                codes = [self._code[name] for name in some]
                by = "domain" if by_stratum else None
                answers = call(codes, by=by, deff=deff, drop_nulls=True, **(options or {}))
                found |= self._read(
                    zip(some, answers, strict=True), kind, by_stratum=by_stratum, levels=method == "prop"
                )
        return found

    def _read(
        self,
        answers: Iterable[tuple[str, Any]],
        kind: str,
        *,
        by_stratum: bool,
        levels: bool,
    ) -> dict[str, dict[str, Estimate]]:
        """Read svy's answers; with `levels` a row belongs to a value of the column, of which the ones are wanted."""
        found: dict[str, dict[str, Estimate]] = {}
        for name, answer in answers:
            groups: dict[str, Estimate] = {}
            for row in answer.to_polars().iter_rows(named=True):
                group = row["domain"] if by_stratum else OVERALL
                if not levels or row[self._code[name]] == 1:
                    groups[group] = read(row, kind)
                elif group not in groups:
                    # Where nobody said yes there is no row for it, only its complement; a later row replaces it.
                    groups[group] = complement(read(row, kind))
            found[name] = groups
        return found

    def _is_edge(self, name: str, group: str, estimate: Estimate) -> bool:
        """Whether an interval can be had (df ≥ 1) but not by the logit: p is 0 or 1, or it failed."""
        return estimate.df >= 1 and (estimate.low is None or not self._varies(name, group))

    def _varies(self, name: str, group: str) -> bool:
        """Whether the answers of a group differ; compared as given, since weighted sums carry rounding errors."""
        answers = zip(self._units, self._columns[name], strict=True)
        return len({value for unit, value in answers if value is not None and group in (OVERALL, unit.stratum)}) > 1

    def _has_deff(self, name: str, *, by_stratum: bool) -> bool:
        """Whether some group has a design effect: its answers differ, and its weights exceed its units.

        Differences whose squares vanish in floating point are none.
        """
        groups: dict[str, tuple[set[float], list[float]]] = {}
        for unit, value in zip(self._units, self._columns[name], strict=True):
            if value is not None:
                values, spare = groups.setdefault(unit.stratum if by_stratum else OVERALL, (set(), []))
                values.add(value)
                spare.append(unit.weight - 1)
        return any(
            (max(values) - min(values)) ** 2 > 1e-200 and fsum(spare) > 1e-6 * len(spare)
            for values, spare in groups.values()
        )


def read(row: Mapping[str, Any], kind: str) -> Estimate:
    """Turn one row of svy into an Estimate without NaN; one unit, or one a stratum, has no standard error."""
    low, high, se = number(row["lci"]), number(row["uci"]), number(row["se"])
    if row["df"] < 1:
        return Estimate(n=row["n"], value=number(row["est"]), df=0)
    bounded = low is not None and high is not None
    return Estimate(
        n=row["n"],
        value=number(row["est"]),
        se=se,
        low=low if bounded else None,
        high=high if bounded else None,
        df=row["df"],
        deff=number(row.get("deff")),
        interval=kind if bounded else "",
    )


def complement(estimate: Estimate) -> Estimate:
    """Return the estimate of one minus the share."""

    def rest(value: float | None) -> float | None:
        return None if value is None else 1 - value

    return replace(estimate, value=rest(estimate.value), low=rest(estimate.high), high=rest(estimate.low))


def number(value: float | None) -> float | None:
    """Return a finite number, or None."""
    return value if value is not None and isfinite(value) else None
