"""Every question's figures, overall and by stratum, estimated in few calls for the whole questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.questionnaire.form import Form
from surveys.statistics.analysis import Respondent
from surveys.statistics.disclosure import SMALLEST_CELL, Withheld, withheld_cells
from surveys.statistics.estimates import NOTHING, OVERALL, Estimate, Survey, Unit
from surveys.statistics.figures import CellFigures, OptionFigures, QuestionFigures, SatisfiedFigures, TruthCheck
from surveys.statistics.tabulation import (
    Tabulated,
    answers_column,
    mean_column,
    opinions_column,
    option_column,
    tabulate,
)
from surveys.statistics.weights import effective_size


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
) -> tuple[QuestionFigures, ...]:
    """Return the figures of every question a resident may be asked, in the form's order.

    `people` are the complete and partial respondents, `strata` the names in the frame's order.
    """
    tables = tabulate(form, [person.respondent for person in people])
    estimates = Estimates(tables, [person.unit for person in people])
    return tuple(
        figures_of(table, people, strata, estimates, (truth or {}).get(table.question.name)) for table in tables
    )


class Estimates:
    """All estimates of a questionnaire, asked for at once: a call of the library costs more than a column."""

    def __init__(self, tables: Sequence[Tabulated], units: Sequence[Unit]) -> None:
        columns = {name: column for table in tables for name, column in table.columns().items()}
        numbers = [mean_column(table.question.name) for table in tables if table.has_numbers]
        shares = [name for name in columns if name not in numbers]
        survey = Survey(units, columns)
        self._overall = survey.shares(shares) | survey.means(numbers)
        self._strata = survey.shares(shares, by_stratum=True) | survey.means(numbers, by_stratum=True)

    def of(self, column: str, stratum: str) -> Estimate:
        """Return the estimate of a column in a stratum, or OVERALL."""
        found = self._overall if stratum == OVERALL else self._strata
        return found.get(column, {}).get(stratum, NOTHING)


def figures_of(
    table: Tabulated,
    people: Sequence[Weighted],
    strata: Sequence[str],
    estimates: Estimates,
    truth: Mapping[str, float] | None,
) -> QuestionFigures:
    """Return one question's figures; small cells of the breakdown are withheld."""
    said = [(person, answer) for person, answer in zip(people, table.answers, strict=True) if answer is not None]
    by_stratum: dict[str, list[tuple[str, ...]]] = {name: [] for name in strata}
    for person, answer in said:
        by_stratum[person.unit.stratum].append(answer)
    hidden = withheld_cells({name: len(answers) for name, answers in by_stratum.items()})
    return QuestionFigures(
        name=table.question.name,
        kind=table.question.kind,
        labels=table.question.labels,
        late=table.late,
        unusable=table.unusable,
        n_effective=effective_size([person.unit.weight for person, _ in said]),
        overall=cell(table, OVERALL, [answer for _, answer in said], estimates, truth),
        strata=tuple(
            CellFigures(stratum=name, n=len(answers), withheld=hidden[name])
            if name in hidden
            else cell(table, name, answers, estimates, None)
            for name, answers in by_stratum.items()
        ),
    )


def cell(
    table: Tabulated,
    stratum: str,
    answers: Sequence[tuple[str, ...]],
    estimates: Estimates,
    truth: Mapping[str, float] | None,
) -> CellFigures:
    """Return one question's figures in one stratum, or overall."""
    question = table.question.name
    if not answers:
        return CellFigures(stratum=stratum, n=0, withheld=Withheld.NOBODY)
    if stratum == OVERALL and len(answers) < SMALLEST_CELL:
        return CellFigures(stratum=stratum, n=len(answers), withheld=Withheld.SMALL)
    if not table.has_options:
        mean = estimates.of(mean_column(question), stratum) if table.has_numbers else None
        return CellFigures(stratum=stratum, n=len(answers), mean=mean)
    return CellFigures(
        stratum=stratum,
        n=len(answers),
        dont_know=sum(table.no_opinion(answer) for answer in answers),
        options=tuple(
            OptionFigures(
                name=choice.name,
                labels=choice.labels,
                dont_know=choice.name in table.dont_know,
                satisfied=choice.name in table.satisfied,
                count=sum(choice.name in answer for answer in answers),
                share=(share := estimates.of(option_column(question, choice.name), stratum)),
                truth=None if truth is None else check(share, truth.get(choice.name, 0.0)),
            )
            for choice in table.question.choices
        ),
        satisfied=satisfied(table, stratum, answers, estimates, truth),
    )


def satisfied(
    table: Tabulated,
    stratum: str,
    answers: Sequence[tuple[str, ...]],
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
        count=sum(not set(table.satisfied).isdisjoint(answer) for answer in answers),
        of_opinions=of_opinions,
        of_answers=estimates.of(answers_column(question), stratum),
        truth=check(of_opinions, satisfied_truth / opinions) if opinions else None,
    )


def check(estimate: Estimate, truth: float) -> TruthCheck:
    """Put the simulated truth beside its estimate."""
    return TruthCheck(value=truth, covered=estimate.covers(truth))
