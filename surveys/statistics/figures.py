"""The figures that are published: each with the number it rests on and the words for what it is a share of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.language import Message
from surveys.questionnaire.form import Kind
from surveys.statistics.analysis import UnitCases
from surveys.statistics.disclosure import Withheld
from surveys.statistics.dispositions import Rates
from surveys.statistics.estimates import Estimate


@dataclass(frozen=True, slots=True)
class TruthCheck:
    """Simulation only: the true value in the whole population, and whether the interval contains it."""

    value: float
    covered: bool | None


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """One option: how many chose it and the weighted share of all who answered, don't-know included."""

    name: str
    labels: Mapping[str, str]
    dont_know: bool
    satisfied: bool
    count: int
    share: Estimate
    truth: TruthCheck | None = None


@dataclass(frozen=True, slots=True)
class SatisfiedFigures:
    """The share of the satisfied options (`options`), by two denominators that are told apart.

    `of_opinions`: among those with an opinion, don't-know left out. `of_answers`: among all who answered.
    """

    options: tuple[str, ...]
    count: int
    of_opinions: Estimate
    of_answers: Estimate
    truth: TruthCheck | None = None  # of `of_opinions`


@dataclass(frozen=True, slots=True)
class CellFigures:
    """One question in one stratum (`stratum` empty: overall). `n` counts usable answers, don't-know included.

    Where `withheld` says why, all figures but `n` are absent. `satisfied` is also absent in a stratum with fewer
    opinions than the smallest cell.
    """

    stratum: str
    n: int
    withheld: Withheld | None = None
    dont_know: int | None = None
    options: tuple[OptionFigures, ...] = ()
    satisfied: SatisfiedFigures | None = None
    mean: Estimate | None = None


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One question: overall and by stratum. `n_effective` is Kish's; `late` and `unusable` answers are left out."""

    name: str
    kind: Kind
    labels: Mapping[str, str]
    late: int
    unusable: int
    n_effective: float
    overall: CellFigures
    strata: tuple[CellFigures, ...]


@dataclass(frozen=True, slots=True)
class DispositionCount:
    """How many released people ended in one disposition."""

    code: str
    words: Message
    count: int


@dataclass(frozen=True, slots=True)
class ResponseFigures:
    """What became of the released sample of one stratum (`stratum` empty: overall).

    `weighted` are the same rates with base weights in place of people. `began` counts all who answered something.
    """

    stratum: str
    population: int
    drawn: int
    released: int
    began: int
    complete: int
    partial: int
    dispositions: tuple[DispositionCount, ...]
    rates: Rates
    weighted: Rates


@dataclass(frozen=True, slots=True)
class CaseRate:
    """A share of cases or callbacks that were all counted, hence without an interval; both parts are named."""

    key: str
    name: Message
    numerator: int
    numerator_words: Message
    denominator: int
    denominator_words: Message
    share: float | None


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """The cases of one unit; the rates are None where the denominator is below the smallest cell."""

    counts: UnitCases
    reported_done: float | None
    confirmed: float | None
    withheld: Withheld | None


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """What became of the cases; see CaseFacts for what counts cases and what callbacks."""

    total: int
    by_state: Mapping[str, int]
    callbacks_ended: int
    confirmed: int
    partly: int
    not_resolved: int
    reopened: int
    unreachable: int
    declined: int
    overdue: int
    rates: tuple[CaseRate, ...]
    units: tuple[UnitFigures, ...]
