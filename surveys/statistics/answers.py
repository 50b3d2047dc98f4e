"""Every question's figures, overall and by stratum, estimated in few calls for the whole questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from surveys.questionnaire.form import Form
from surveys.statistics.analysis import Respondent
from surveys.statistics.design import Design, Margin, Unit
from surveys.statistics.disclosure import SMALLEST_CELL, Withheld, withheld_cells
from surveys.statistics.estimates import NOTHING, OVERALL, Estimate, Found, Survey
from surveys.statistics.figures import CellFigures, OptionFigures, QuestionFigures, SatisfiedFigures, TruthCheck
from surveys.statistics.shares import Share, shares_of
from surveys.statistics.tabulation import (
    Tabulated,
    answers_column,
    mean_column,
    opinions_column,
    option_column,
    tabulate,
)
from surveys.statistics.weights import effective_size

if TYPE_CHECKING:
    from surveys.statistics.shares import Positions


@dataclass(frozen=True, slots=True)
class Weighted:
    """A respondent with the unit it is in the design."""

    respondent: Respondent
    unit: Unit


def question_figures(
    form: Form,
    people: Sequence[Weighted],
    strata: Sequence[str],
    truth: Mapping[str, Mapping[str, float]] | None,
    margins: tuple[Margin, ...] = (),
) -> tuple[QuestionFigures, ...]:
    """Return the figures of every question a resident may be asked, in the form's order.

    `people` are the complete and partial respondents, `strata` the names in the frame's order. With `margins` their
    weights are raked to these totals, and errors are those of calibrated weights.
    """
    tables = tabulate(form, [person.respondent for person in people])
    design = replace(Design.of([person.unit for person in people]), margins=margins)
    estimates = Estimates(tables, design)
    groups = Groups(design, strata, estimates.weights)
    return tuple(figures_of(table, groups, estimates, (truth or {}).get(table.question.name)) for table in tables)


class Estimates:
    """All estimates of a questionnaire, asked for at once.

    Shares come from sums of weights, hundreds at a time; with margins, and for numbers, svy is asked, once for all
    columns.
    """

    def __init__(self, tables: Sequence[Tabulated], design: Design) -> None:
        shares = {name: share for table in tables for name, share in table.shares().items()}
        columns = {mean_column(table.question.name): table.numbers() for table in tables if table.has_numbers}
        means = list(columns)
        if design.margins:
            columns |= {name: zeros_and_ones(share, len(design)) for name, share in shares.items()}
        survey = Survey(design, columns)
        self._overall = survey.means(means)
        self._strata = survey.means(means, grouped=True)
        self._both: Found = {}
        if design.margins:
            self._overall |= survey.shares(shares)
            self._strata |= survey.shares(shares, grouped=True)
        else:
            self._both = shares_of(design, shares)
        self.weights = survey.weights if design.margins else design.weights

    def of(self, column: str, stratum: str) -> Estimate:
        """Return the estimate of a column in a stratum, or OVERALL."""
        found = self._both if column in self._both else self._overall if stratum == OVERALL else self._strata
        return found.get(column, {}).get(stratum, NOTHING)


class Groups:
    """Who belongs to which stratum, for counting answers by it."""

    def __init__(self, design: Design, strata: Sequence[str], weights: Sequence[float]) -> None:
        import numpy as np

        self.names = list(strata)
        position = {name: number for number, name in enumerate(self.names)}
        named = design.strata or ()
        self._where = np.fromiter((position[name] for name in named), dtype=np.intp, count=len(design))
        self._weights = np.asarray(weights, dtype=np.float64)

    def count(self, positions: Positions) -> dict[str, int]:
        """Return how many of `positions` there are in every stratum, and OVERALL."""
        import numpy as np

        counts = np.bincount(self._where[positions], minlength=len(self.names)).tolist()
        return {OVERALL: len(positions), **dict(zip(self.names, counts, strict=True))}

    def effective(self, positions: Positions) -> float:
        """Return Kish's effective size of these people."""
        return effective_size(self._weights[positions].tolist())


@dataclass(frozen=True, slots=True)
class Counts:
    """One question's answers by stratum (and OVERALL): usable ones, don't-know, satisfied, and by option."""

    answered: Mapping[str, int]
    dont_know: Mapping[str, int]
    satisfied: Mapping[str, int]
    options: Mapping[str, Mapping[str, int]]


def counts_of(table: Tabulated, groups: Groups) -> Counts:
    """Count the answers to one question."""
    name, shares = table.question.name, table.shares()
    return Counts(
        answered=groups.count(table.where()),
        dont_know=groups.count(table.where(table.no_opinion)),
        satisfied=groups.count(table.where(table.is_satisfied)),
        options={
            choice.name: groups.count(shares[option_column(name, choice.name)].hits)
            for choice in (table.question.choices if table.has_options else ())
        },
    )


def figures_of(
    table: Tabulated,
    groups: Groups,
    estimates: Estimates,
    truth: Mapping[str, float] | None,
) -> QuestionFigures:
    """Return one question's figures; small cells of the breakdown are withheld."""
    counts = counts_of(table, groups)
    sizes = {name: counts.answered[name] for name in groups.names}
    hidden = withheld_cells(sizes)
    return QuestionFigures(
        name=table.question.name,
        kind=table.question.kind,
        labels=table.question.labels,
        late=table.late,
        unusable=table.unusable,
        n_effective=groups.effective(table.where()),
        overall=cell(table, OVERALL, counts, estimates, truth),
        strata=tuple(
            CellFigures(stratum=name, n=size, withheld=hidden[name])
            if name in hidden
            else cell(table, name, counts, estimates, None)
            for name, size in sizes.items()
        ),
    )


def cell(
    table: Tabulated,
    stratum: str,
    counts: Counts,
    estimates: Estimates,
    truth: Mapping[str, float] | None,
) -> CellFigures:
    """Return one question's figures in one stratum, or overall."""
    question, n = table.question.name, counts.answered[stratum]
    if not n:
        return CellFigures(stratum=stratum, n=0, withheld=Withheld.NOBODY)
    if stratum == OVERALL and n < SMALLEST_CELL:
        return CellFigures(stratum=stratum, n=n, withheld=Withheld.SMALL)
    if not table.has_options:
        mean = estimates.of(mean_column(question), stratum) if table.has_numbers else None
        return CellFigures(stratum=stratum, n=n, mean=mean)
    return CellFigures(
        stratum=stratum,
        n=n,
        dont_know=counts.dont_know[stratum],
        options=tuple(
            OptionFigures(
                name=choice.name,
                labels=choice.labels,
                dont_know=choice.name in table.dont_know,
                satisfied=choice.name in table.satisfied,
                count=counts.options[choice.name][stratum],
                share=(share := estimates.of(option_column(question, choice.name), stratum)),
                truth=None if truth is None else check(share, truth.get(choice.name, 0.0)),
            )
            for choice in table.question.choices
        ),
        satisfied=satisfied(table, stratum, counts, estimates, truth),
    )


def satisfied(
    table: Tabulated,
    stratum: str,
    counts: Counts,
    estimates: Estimates,
    truth: Mapping[str, float] | None,
) -> SatisfiedFigures | None:
    """Return the share of the satisfied by both denominators; None in a stratum with too few opinions."""
    question = table.question.name
    of_opinions = estimates.of(opinions_column(question), stratum)
    if not table.satisfied or (stratum != OVERALL and of_opinions.n < SMALLEST_CELL):
        return None
    opinions = 0.0 if truth is None else sum(share for name, share in truth.items() if name not in table.dont_know)
    satisfied_truth = 0.0 if truth is None else sum(truth.get(name, 0.0) for name in table.satisfied)
    return SatisfiedFigures(
        options=table.satisfied,
        count=counts.satisfied[stratum],
        of_opinions=of_opinions,
        of_answers=estimates.of(answers_column(question), stratum),
        truth=check(of_opinions, satisfied_truth / opinions) if opinions else None,
    )


def check(estimate: Estimate, truth: float) -> TruthCheck:
    """Put the simulated truth beside its estimate."""
    return TruthCheck(value=truth, covered=estimate.covers(truth))


def zeros_and_ones(share: Share, count: int) -> list[float | None]:
    """Return a share as one number per person: 1 for a hit, 0 for the others among whom it is, else None."""
    import numpy as np

    numbers = np.full(count, np.nan)
    numbers[share.among], numbers[share.hits] = 0.0, 1.0
    return [None if number != number else number for number in numbers.tolist()]  # noqa: PLR0124 - NaN alone differs from itself
