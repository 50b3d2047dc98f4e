"""Estimates from any data set: which column is what, what is wrong with it and where, and the rows of figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from surveys.language import message
from surveys.problem import Problem, Refused
from surveys.statistics.dataset import Dataset
from surveys.statistics.described import design_of
from surveys.statistics.design import DoesNotMeet
from surveys.statistics.estimates import OVERALL, Estimate, Survey
from surveys.statistics.raking import KnownTotals
from surveys.statistics.wanted import Notes, Quantity, Wanted

#: A column of more different texts is no list of answers.
MOST_LEVELS = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """One figure with what it belongs to; None where a part does not apply."""

    estimate: Estimate
    by: str | None = None
    difference: tuple[str, str] | None = None
    level: str | None = None
    quantile: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the row with stable keys; what does not apply is left out, a figure that cannot be had is null."""
        found = self.estimate
        parts = {
            "by": self.by,
            "difference": list(self.difference) if self.difference else None,
            "level": self.level,
            "quantile": self.quantile,
        }
        return {
            **{name: part for name, part in parts.items() if part is not None},
            "estimate": found.value,
            "se": found.se,
            "ci_low": found.low,
            "ci_high": found.high,
            "deff": found.deff,
            "n": found.n,
            "df": found.df,
            "interval": found.interval,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of figures, and what a reader must know of how they were made."""

    rows: tuple[Row, ...]
    notes: tuple[Problem, ...] = ()


def estimate(data: Dataset, wanted: Wanted, totals: KnownTotals | None = None) -> Answer:
    """Return the figures asked for; Refused, with the row, for what cannot be used."""
    notes = Notes(data.file)
    columns, levels = columns_of(data, wanted)
    groups = data.texts(wanted.by) if wanted.by else None
    if groups is not None:
        tell_missing(data, groups, wanted.by, notes)
    design = design_of(data, wanted, totals, notes)
    tell_missing(data, next(iter(columns.values())), wanted.value, notes)
    if not all(design.weights):
        columns = {name: weighing(values, design.weights) for name, values in columns.items()}
        for values in columns.values():
            check_any(data, values, wanted.value)
    try:
        survey = Survey(design, columns, groups)
    except DoesNotMeet:
        what = message("No weights meet all these totals at once.")
        fix = message("Join small levels, or rake to fewer variables.")
        raise Refused([Problem("not_met", what, fix, totals.file if totals else "")]) from None
    rows = list(figures(survey, wanted, levels, None if groups is None else in_order(groups)))
    if wanted.difference is not None:
        rows += differences(data, survey, wanted, levels, groups)
    if all(row.estimate.value is None for row in rows):
        raise nothing_to_divide_by(data, wanted)
    if any(row.estimate.df < 1 for row in rows):
        what = message("Some figures rest on a single unit or cluster: they have no standard error and no interval.")
        notes.add("no_error", what, message("Join groups, or take more rows."), column=wanted.by or wanted.value)
    return Answer(tuple(rows), tuple(notes.problems))


def columns_of(data: Dataset, wanted: Wanted) -> tuple[dict[str, Sequence[float | None]], list[str]]:
    """Return the columns of numbers to estimate from, and the levels of a proportion."""
    if wanted.kind is Quantity.PROPORTION:
        answers = data.texts(wanted.value)
        levels = in_order(answers)
        if len(levels) > MOST_LEVELS:
            what = message("The column has {count} different values.", count=len(levels))
            fix = message("Proportions are of a column with few; choose --kind mean.")
            raise data.wrong(-1, wanted.value, "too_many_levels", what, fix)
        check_any(data, answers, wanted.value)
        return {level: [None if a is None else float(a == level) for a in answers] for level in levels}, levels
    values = data.numbers(wanted.value)
    check_any(data, values, wanted.value)
    if wanted.kind is not Quantity.RATIO:
        return {wanted.value: values}, []
    if not wanted.denominator:
        what, fix = message("A ratio needs a denominator."), message("Add --denominator COLUMN.")
        raise Refused([Problem("no_denominator", what, fix)])
    below = data.numbers(wanted.denominator)
    check_any(data, below, wanted.denominator)
    both = [None if a is None or b is None else (a, b) for a, b in zip(values, below, strict=True)]
    check_any(data, both, wanted.value)
    return {
        "above": [None if pair is None else pair[0] for pair in both],
        "below": [None if pair is None else pair[1] for pair in both],
    }, []


def weighing(values: Sequence[float | None], weights: Sequence[float]) -> list[float | None]:
    """Return the values of the rows that have a weight, None elsewhere."""
    return [value if weight else None for value, weight in zip(values, weights, strict=True)]


def check_any(data: Dataset, values: Sequence[object], column: str) -> None:
    """Refuse a column that has no value in any row."""
    if values.count(None) == len(values):
        what, fix = message("There is no value in any row."), message("Choose another column.")
        raise data.wrong(0, column, "all_missing", what, fix)


def tell_missing(data: Dataset, values: Sequence[object], column: str, notes: Notes) -> None:
    """Say how many rows have no value; they stay in the design and leave the estimate."""
    if count := values.count(None):
        first = values.index(None)
        what = message("{count} rows have no value here and are left out of the figures.", count=count)
        notes.add("missing", what, message("This is the first."), column=column, row=data.rows[first])


def figures(survey: Survey, wanted: Wanted, levels: Sequence[str], groups: Sequence[str] | None) -> list[Row]:
    """Return the rows overall, or by group."""
    grouped = groups is not None
    named: list[tuple[str | None, str]] = [(None, OVERALL)] if groups is None else [(name, name) for name in groups]
    if wanted.kind is Quantity.PROPORTION:
        shares = survey.shares(levels, grouped=grouped)
        return [
            Row(shares[level][key], by, level=level) for by, key in named for level in levels if key in shares[level]
        ]
    if wanted.kind is Quantity.QUANTILE:
        found = {share: survey.quantile(wanted.value, share, grouped=grouped) for share in wanted.quantiles}
        return [Row(found[s][key], by, quantile=s) for by, key in named for s in wanted.quantiles if key in found[s]]
    if wanted.kind is Quantity.RATIO:
        one = survey.ratios("above", "below", grouped=grouped)
    elif wanted.kind is Quantity.TOTAL:
        one = survey.totals([wanted.value], grouped=grouped)[wanted.value]
    else:
        one = survey.means([wanted.value], grouped=grouped)[wanted.value]
    return [Row(one[key], by) for by, key in named if key in one]


def differences(
    data: Dataset, survey: Survey, wanted: Wanted, levels: Sequence[str], groups: Sequence[str | None] | None
) -> list[Row]:
    """Return the second group's figures less the first's."""
    if groups is None or wanted.difference is None or wanted.kind is Quantity.QUANTILE:
        what = message("A difference is between two groups, of anything but quantiles.")
        raise Refused([Problem("no_groups", what, message("Add --by COLUMN."))])
    first, second = wanted.difference
    for name in (first, second):
        if name not in groups:
            what = message("No row belongs to the group {name}.", name=name)
            fix = message("The groups are: {names}.", names=", ".join(in_order(groups)[:30]))
            raise data.wrong(-1, wanted.by, "no_such_group", what, fix)
    if wanted.kind is Quantity.PROPORTION:
        return [Row(survey.difference("mean", v, first, second), None, wanted.difference, v) for v in levels]
    if wanted.kind is Quantity.RATIO:
        return [Row(survey.difference("ratio", "above", first, second, "below"), None, wanted.difference)]
    return [Row(survey.difference(wanted.kind.value, wanted.value, first, second), None, wanted.difference)]


def nothing_to_divide_by(data: Dataset, wanted: Wanted) -> Refused:
    """Return the refusal of a ratio whose denominator adds up to zero."""
    what, fix = message("The denominator adds up to zero."), message("Choose another column.")
    return data.wrong(0, wanted.denominator or wanted.value, "zero_denominator", what, fix)


def in_order(values: Sequence[str | None]) -> list[str]:
    """Return the different values: numbers by size where all are numbers, else as texts."""
    known = {value for value in values if value is not None}
    try:
        return sorted(known, key=lambda text: (float(text), text))
    except ValueError:
        return sorted(known)
