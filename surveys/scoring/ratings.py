"""What residents said of units, as scoring reads it: who rated which unit how, and nothing about who they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rater:
    """One respondent who rated at least one unit.

    `group` is the evaluator group a scoring rule may weigh ("" where there is one group only); `weight` is the final
    design weight; `population` is N_h, the people of the rater's stratum; `mode` is how the answers were given.
    """

    key: str
    stratum: str
    group: str
    weight: float
    population: float
    mode: str = ""


@dataclass(frozen=True, slots=True)
class RatedUnit:
    """A unit that was rated: its class (ranks are given within one class only) and the unit above it, if any."""

    id: str
    name: str
    unit_class: str = ""
    parent: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class RatedQuestion:
    """A rating question: its labels by language, the points of each choice, and each choice's labels by language.

    A choice whose points are None was answered but is no valid vote, for example "don't know". A question that is
    answered by a number has neither points nor labels of choices: the number itself is the points.
    """

    name: str
    dimension: str
    labels: Mapping[str, str]
    points: Mapping[str, float | None]
    labels_of: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Ratings:
    """All ratings of a campaign: three lists and the cells in four equally long columns.

    Cell i says that `raters[who[i]]` gave `units[unit[i]]` the choice named `value[i]` on `questions[question[i]]`.
    """

    raters: tuple[Rater, ...]
    units: tuple[RatedUnit, ...]
    questions: tuple[RatedQuestion, ...]
    who: Sequence[int]
    unit: Sequence[int]
    question: Sequence[int]
    value: Sequence[str]
