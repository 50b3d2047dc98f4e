"""How a data set was drawn, as its columns tell it: strata, clusters, populations, weights; and what contradicts it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from surveys.language import message
from surveys.statistics.dataset import Dataset, first_position
from surveys.statistics.design import Design
from surveys.statistics.raking import KnownTotals, margins_of
from surveys.statistics.wanted import Notes, Wanted

#: Strata named where many are alike.
NAMED = 5


def design_of(data: Dataset, wanted: Wanted, totals: KnownTotals | None, notes: Notes) -> Design:
    """Return the design the columns describe; Refused with the row of what contradicts it."""
    strata = data.full(wanted.stratum) if wanted.stratum else None
    clusters = data.full(wanted.psu) if wanted.psu else None
    populations = populations_of(data, wanted, strata) if wanted.fpc else None
    weights = [1.0] * len(data)
    if wanted.weight:
        weights = weights_of(data, wanted, notes)
    margins = margins_of(data, totals) if totals else ()
    for margin in margins:
        heard = {level for level, weight in zip(margin.levels, weights, strict=True) if weight}
        for level in margin.totals:
            if level not in heard:
                what = message(
                    "All rows of {level} of {variable} have the weight 0.", level=level, variable=margin.name
                )
                fix = message("Join it with another level, in the data and in the totals.")
                raise data.wrong(-1, wanted.weight, "no_weight", what, fix)
    design = Design(weights, strata, clusters, populations, margins)
    if populations is not None:
        check_populations(data, wanted, design)
        if not wanted.weight:  # as drawn: everybody in a stratum had the same chance
            sizes, names = design.sizes(), strata or [""] * len(data)
            weights = [total / sizes[name] for total, name in zip(populations, names, strict=True)]
            design = Design(weights, strata, clusters, populations, margins)
    if strata is not None:
        tell_lonely(data, wanted, design, strata, notes)
    return design


def weights_of(data: Dataset, wanted: Wanted, notes: Notes) -> list[float]:
    """Return the column of weights; Refused with the row of what is none, or where all are zero.

    A row of weight zero stays in the design and counts for no estimate, as in R's survey: so subsets and replicate
    weights are handed on. Its stratum keeps its size, degrees of freedom do not count it.
    """
    fix = message("A weight is a number, zero or more.")
    weights = data.quantities(wanted.weight, lambda number: number >= 0 and isfinite(number), fix)
    if count := weights.count(0.0):
        if count == len(weights):
            what = message("All weights are zero.")
            raise data.wrong(0, wanted.weight, "no_weight", what, message("Choose another column."))
        what = message("{count} rows have the weight 0: they stay in the design and count for no figure.", count=count)
        notes.add(
            "weight_zero", what, message("This is the first."), column=wanted.weight, row=data.rows[weights.index(0.0)]
        )
    return weights


def tell_lonely(data: Dataset, wanted: Wanted, design: Design, strata: Sequence[str], notes: Notes) -> None:
    """Say in one line which strata show no spread, and what their error is worked out with."""
    lonely = design.lonely()
    if not lonely:
        return
    clusters = design.clusters is not None
    if len(lonely) == 1:
        what = (
            message("Stratum {name} has a single cluster, which shows no spread.", name=lonely[0])
            if clusters
            else message("Stratum {name} has a single row, which shows no spread.", name=lonely[0])
        )
        fix = message("Its error is worked out together with: {names}.", names=partner(design, lonely[0]))
    else:
        named = ", ".join(lonely[:NAMED]) + (", …" if len(lonely) > NAMED else "")
        what = (
            message(
                "{count} strata have a single cluster, which shows no spread: {names}.", count=len(lonely), names=named
            )
            if clusters
            else message(
                "{count} strata have a single row, which shows no spread: {names}.", count=len(lonely), names=named
            )
        )
        fix = message("Their error is worked out as if they were one stratum; the intervals are rather too wide.")
    at = first_position(strata, lonely[0])
    notes.add("stratum_of_one", what, fix, column=wanted.stratum, row=data.rows[at])


def partner(design: Design, lonely: str) -> str:
    """Name the stratum that the only lonely one is joined with."""
    joined = design.variance_strata()
    return next((name for name, stratum in joined.items() if stratum == joined[lonely] and name != lonely), "—")


def populations_of(data: Dataset, wanted: Wanted, strata: Sequence[str] | None) -> list[float]:
    """Return the population of every row's stratum; Refused where it is none or changes within a stratum."""
    fix = message("The population of a stratum is a number from 1 on.")
    populations = data.quantities(wanted.fpc, lambda number: number >= 1, fix)
    names = strata or [""] * len(data)
    if len(set(zip(names, populations, strict=True))) == len(set(names)):
        return populations
    known: dict[str, float] = {}
    for at, (name, population) in enumerate(zip(names, populations, strict=True)):
        if known.setdefault(name, population) != population:
            what = message(
                "The population is {now} here and {before} above.", now=f"{population:g}", before=f"{known[name]:g}"
            )
            fix = message("One stratum has one population; name the stratum's column with --stratum.")
            raise data.wrong(at, wanted.fpc, "population_changes", what, fix)
    return populations


def check_populations(data: Dataset, wanted: Wanted, design: Design) -> None:
    """Refuse a stratum with more rows, or clusters, than its population has."""
    populations = design.populations_of()
    for name, size in design.sizes().items():
        if size > populations[name]:
            what = message(
                "The population is {population}, but {size} were drawn.", population=f"{populations[name]:g}", size=size
            )
            fix = (
                message("With --psu the population counts clusters.")
                if wanted.psu
                else message("The population counts everybody in the stratum, drawn or not.")
            )
            at = first_position(design.strata or [""], name)
            raise data.wrong(at, wanted.fpc, "population_too_small", what, fix)
