"""What is asked of a data set, and what is worth saying of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from surveys.language import Message
from surveys.problem import Problem, Severity


class Quantity(StrEnum):
    """What is estimated of a column."""

    MEAN = "mean"
    TOTAL = "total"
    PROPORTION = "proportion"
    RATIO = "ratio"
    QUANTILE = "quantile"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which column is what ("" = none) and what is asked of `value`.

    `fpc` is the population of the row's stratum: units, or clusters where `psu` is given. `by` groups rows;
    `difference` names two groups, the first to be taken from the second. `quantiles` are shares between 0 and 1.
    """

    value: str
    kind: Quantity = Quantity.MEAN
    denominator: str = ""
    weight: str = ""
    stratum: str = ""
    psu: str = ""
    fpc: str = ""
    by: str = ""
    difference: tuple[str, str] | None = None
    quantiles: tuple[float, ...] = (0.5,)


@dataclass(slots=True)
class Notes:
    """What is worth saying of a data set that can be used."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, what: Message, fix: Message, *, column: str, row: int = 0) -> None:
        """Keep one remark."""
        self.problems.append(Problem(code, what, fix, self.file, row=row, field=column, severity=Severity.WARNING))
