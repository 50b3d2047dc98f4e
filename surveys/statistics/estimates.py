"""The one place that asks `svy` for estimates: shares, means, totals, ratios, quantiles and differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from surveys.statistics.design import Design, Unit
from surveys.statistics.intervals import share_interval

#: The group that stands for everybody.
OVERALL = ""

STUDENT = "t"
WOODRUFF = "woodruff"


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate from `n` units, its standard error and 95 % interval; None stands where it cannot be had.

    `df` are design degrees of freedom. `deff` is the design effect against simple random sampling without
    replacement, or with replacement where weights tell no population. `interval` names how `low` and `high` were
    made: logit, wilson, korn-graubard, t, woodruff, or nothing.
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


@dataclass(frozen=True, slots=True)
class Span:
    """The least and greatest answer of a group, and by how much its weights exceed its units on average."""

    least: float
    most: float
    spare: float


#: Column → group → estimate.
Found = dict[str, dict[str, Estimate]]


class Survey:
    """Units with their answers, ready for estimates.

    `columns` maps a name to one number per unit, None where the unit has no answer: it then stays in the design and
    leaves the estimate (a domain). A share's numbers are 0 and 1. `groups` names each unit's group, None for none;
    without it groups are the strata. Every result maps column → group → Estimate, the groups being OVERALL or, with
    `grouped`, those with an answer.
    """

    def __init__(
        self,
        design: Design | Sequence[Unit],
        columns: Mapping[str, Sequence[float | None]],
        groups: Sequence[str | None] | None = None,
    ) -> None:
        self.design = design if isinstance(design, Design) else Design.of(design)
        self._columns = columns
        # Our own names: a questionnaire may call a question "w", or a group "a/b", or anything else.
        self._code = {name: f"c{number}" for number, name in enumerate(columns)}
        named = groups if groups is not None else self.design.strata
        self._group = {name: f"g{number}" for number, name in enumerate(dict.fromkeys(named or ())) if name is not None}
        self._groups = None if named is None else [None if name is None else self._group[name] for name in named]
        self._sample = self._declare() if columns and len(self.design) else None
        self._counted = self._groups_counted()
        self._known: dict[bool, Mapping[str, Mapping[str, Span]]] = {}

    def _declare(self) -> Any:
        import polars as pl

        columns = {self._code[name]: pl.Series(values, dtype=pl.Float64) for name, values in self._columns.items()}
        return self.design.declare(columns, self._groups)

    @property
    def weights(self) -> list[float]:
        """The weights estimates are made with: the design's, raked to its margins if it has any."""
        if self._sample is None:
            return []
        return [float(weight) for weight in self._sample.data[self._sample.design.wgt]]

    def shares(self, names: Iterable[str], *, grouped: bool = False) -> Found:
        """Return shares of ones with the interval that covers best; see surveys.statistics.intervals."""
        found = self._ask("mean", names, grouped=grouped)
        for name, groups in found.items():
            for group, estimate in groups.items():
                counted = group in self._counted
                groups[group] = as_share(estimate, self._span(name, group, grouped=grouped), counted=counted)
        return found

    def _groups_counted(self) -> frozenset[str]:
        """Return the groups, OVERALL among them, of whose strata everybody was asked."""
        strata = self.design.strata if self.design.strata is not None else [""] * len(self.design)
        counted = self.design.counted()
        names = {code: name for name, code in self._group.items()}
        groups = self._groups or [None] * len(self.design)
        sampled = {group for group, stratum in set(zip(groups, strata, strict=True)) if stratum not in counted}
        everybody = {OVERALL} if not sampled else set()
        return frozenset(everybody | {names[code] for code in self._group.values() if code not in sampled})

    def means(self, names: Iterable[str], *, grouped: bool = False) -> Found:
        """Return means with t intervals; no interval where all answers are the same, since nothing shows the spread."""
        found = self._ask("mean", names, grouped=grouped)
        for name, groups in found.items():
            for group, estimate in groups.items():
                span = self._span(name, group, grouped=grouped)
                if span.least == span.most:
                    groups[group] = replace(estimate, low=None, high=None, deff=None, interval="")
        return found

    def totals(self, names: Iterable[str], *, grouped: bool = False) -> Found:
        """Return population totals with t intervals."""
        return self._ask("total", names, grouped=grouped)

    def total(self, name: str) -> Estimate:
        """Return the population total of a column."""
        return self.totals([name]).get(name, {}).get(OVERALL, NOTHING)

    def ratios(self, name: str, per: str, *, grouped: bool = False) -> dict[str, Estimate]:
        """Return the total of `name` ÷ the total of `per`, by group; only units with both are counted."""
        return self._ask("ratio", [name], grouped=grouped, options={"x": [self._code[per]]}).get(name, {})

    def ratio(self, name: str, per: str) -> Estimate:
        """Return the total of `name` ÷ the total of `per`."""
        return self.ratios(name, per).get(OVERALL, NOTHING)

    def quantile(self, name: str, share: float, *, grouped: bool = False) -> dict[str, Estimate]:
        """Return the value `share` of the population do not exceed, by group, with Woodruff's interval."""
        found = self._ask("quantile", [name], grouped=grouped, options={"p": share}, deffs=False, kind=WOODRUFF)
        return found.get(name, {})

    def difference(self, method: str, name: str, first: str, second: str, per: str = "") -> Estimate:
        """Return the estimate of group `second` less that of `first`, with a t interval and the whole design's df.

        `method` is mean, total or ratio (then of `name` per `per`). NOTHING if a group has no answer.
        """
        import svy

        if self._sample is None or not {first, second} <= self._group.keys():
            return NOTHING
        options = {"x": self._code[per]} if per else {}
        call: Callable[..., Any] = getattr(self._sample.estimation, method)
        answer = call(self._code[name], by="group", drop_nulls=True, **options)
        rows = {row["group"]: row for row in answer.to_polars().iter_rows(named=True)}
        codes = [self._group[first], self._group[second]]
        if not all(code in rows and rows[code]["df"] >= 1 for code in codes):
            return NOTHING
        contrast = answer.contrast(svy.estd(codes[1]) - svy.estd(codes[0]))
        row = next(iter(contrast.to_polars().iter_rows(named=True)))
        n = sum(rows[code]["n"] for code in codes)
        return read({**row, "df": int(row["df"]), "n": n}, STUDENT)

    def _ask(
        self,
        method: str,
        names: Iterable[str],
        *,
        grouped: bool,
        options: Mapping[str, object] | None = None,
        deffs: bool = True,
        kind: str = STUDENT,
    ) -> Found:
        """Ask svy once for all columns that hold at least one answer."""
        asked = [name for name in names if self._spans(grouped=grouped).get(name)]
        found: Found = {}
        if self._sample is None:
            return found
        call: Callable[..., Any] = getattr(self._sample.estimation, method)
        # svy refuses a whole call for one variable without any design effect, so these are asked for apart.
        spread = {name for name in asked if deffs and self._has_deff(name, grouped=grouped)}
        effect = {"deff": "wor" if self.design.speaks_for_more else "wr"}
        for extra, some in ((effect, [n for n in asked if n in spread]), ({}, [n for n in asked if n not in spread])):
            if some:
                codes = [self._code[name] for name in some]
                by = "group" if grouped else None
                answers = self._call(call, codes, {"by": by, "drop_nulls": True, **(options or {})}, extra)
                found |= self._read(zip(some, answers, strict=True), kind, grouped=grouped)
        return found

    def _call(
        self, call: Callable[..., Any], codes: Sequence[str], options: Mapping[str, object], effect: Mapping[str, str]
    ) -> Any:
        """Ask for design effects too; where one cannot be had after all (nothing to divide by), without them."""
        from svy.errors import MethodError

        try:
            return call(codes, **options, **effect)
        except MethodError:
            if not effect:
                raise
            return call(codes, **options)

    def _read(self, answers: Iterable[tuple[str, Any]], kind: str, *, grouped: bool) -> Found:
        names = {code: name for name, code in self._group.items()}
        return {
            name: {
                names[row["group"]] if grouped else OVERALL: read(row, kind)
                for row in answer.to_polars().iter_rows(named=True)
            }
            for name, answer in answers
        }

    def _span(self, name: str, group: str, *, grouped: bool) -> Span:
        return self._spans(grouped=grouped)[name][group]

    def _spans(self, *, grouped: bool) -> Mapping[str, Mapping[str, Span]]:
        """Return what spans the answers by column and group; a group without an answer is not there."""
        if self._sample is None:
            return {}
        if grouped not in self._known:
            import polars as pl

            spare = pl.col(self._sample.design.wgt) - 1
            wanted = [
                expression
                for c in self._code.values()
                for expression in (
                    pl.min(c).alias(f"{c}<"),
                    pl.max(c).alias(f"{c}>"),
                    spare.filter(pl.col(c).is_not_null()).mean().alias(f"{c}+"),
                )
            ]
            data = self._sample.data.lazy()
            if grouped:
                rows = data.group_by("group").agg(wanted).filter(pl.col("group").is_not_null()).collect()
            else:
                rows = data.select(wanted).collect()
            names = {code: name for name, code in self._group.items()}
            self._known[grouped] = {
                name: {
                    names[row["group"]] if grouped else OVERALL: Span(row[f"{c}<"], row[f"{c}>"], row[f"{c}+"])
                    for row in rows.iter_rows(named=True)
                    if row[f"{c}<"] is not None
                }
                for name, c in self._code.items()
            }
        return self._known[grouped]

    def _has_deff(self, name: str, *, grouped: bool) -> bool:
        """Whether some group has a design effect: its answers differ, and its weights tell a population.

        Differences whose squares vanish in floating point are none.
        """
        told = self.design.speaks_for_more
        return any(
            (span.most - span.least) ** 2 > 1e-200 and (span.spare > 1e-6 or not told)
            for span in self._spans(grouped=grouped)[name].values()
        )


def as_share(estimate: Estimate, span: Span, *, counted: bool) -> Estimate:
    """Give a mean of zeros and ones the interval of a share; at 0 and 1 as given, sums carry rounding errors."""
    if estimate.value is None or estimate.df < 1:
        return estimate
    if span.least == span.most:
        estimate = replace(estimate, value=span.least, se=0.0, deff=None)
    value, se = estimate.value or 0.0, estimate.se or 0.0
    low, high, kind = share_interval(value, se, estimate.n, estimate.df, counted=counted) or (None, None, "")
    return replace(estimate, low=low, high=high, interval=kind)


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


def number(value: float | None) -> float | None:
    """Return a finite number, or None."""
    return value if value is not None and isfinite(value) else None
