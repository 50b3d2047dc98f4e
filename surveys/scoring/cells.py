"""Ratings as columns of numbers: the worth of every answer, and which rating forms count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.scoring.ratings import Ratings
from surveys.scoring.rule import Invalid, Scale, ScoringRule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]

#: What a rating form can lack, in the order in which it is looked for; a valid one has the number 0.
REASONS = (Invalid.NO_GROUP, Invalid.NO_VALID_VOTE, Invalid.DONT_KNOW, Invalid.INCOMPLETE, Invalid.ALL_BEST)


@dataclass(frozen=True, slots=True)
class Cells:
    """The answers that count, and the rating forms (one respondent, one unit) they stand on.

    Per answer: `ballot` (index of the form), `question`, `points`. Per form: `who`, `unit`, and `reason` (0 for a
    valid one, else 1 + an index of REASONS). Per rater: `weight` and `group` (index into `groups`, −1 for none of
    them). `groups` are the rule's, or one part for everybody: then `pooled` says whether the rule wanted more.
    """

    ballot: Whole
    question: Whole
    points: Floats
    who: Whole
    unit: Whole
    reason: Whole
    weight: Floats
    group: Whole
    groups: tuple[str, ...]
    group_weights: tuple[float, ...]
    pooled: bool
    scales: tuple[Scale, ...]

    @property
    def valid(self) -> Flags:
        """Per form, whether it counts."""
        found: Flags = self.reason == 0
        return found


def cells_of(ratings: Ratings, rule: ScoringRule) -> Cells:
    """Judge every rating form by the rule; raises Refused for ratings that contradict themselves."""
    import numpy as np

    _check(ratings)
    asked, count = len(ratings.questions), len(ratings.units)
    scales = tuple(rule.scale(question) for question in ratings.questions)
    known: dict[tuple[int, str], float] = {}

    def worth(question: int, value: str) -> float:
        found = known.get((question, value))
        if found is None:
            points = scales[question].worth(value)
            found = known[question, value] = np.nan if points is None else points
        return found

    keep = np.fromiter((value != "" for value in ratings.value), bool, len(ratings.value))
    who, unit, question = (
        np.asarray(column, np.int64)[keep] for column in (ratings.who, ratings.unit, ratings.question)
    )
    values = [value for value in ratings.value if value]
    points = np.fromiter(map(worth, question.tolist(), values), np.float64, len(values))
    forms, ballot = np.unique(who * count + unit, return_inverse=True)
    if len(np.unique(ballot * asked + question)) < len(ballot):
        _refuse_twice(ratings, ballot * asked + question, who, unit)
    group, groups, weights, pooled = _groups(ratings, rule)
    form_who, form_unit = forms // max(count, 1), forms % max(count, 1)
    vote = ~np.isnan(points)
    answered = np.bincount(ballot, minlength=len(forms))
    votes = np.bincount(ballot, vote, len(forms))
    highs = np.array([np.inf if scale.high is None else scale.high for scale in scales], np.float64)
    best = np.bincount(ballot, np.where(vote, points, -np.inf) >= highs[question], len(forms))
    lacks = {
        Invalid.NO_GROUP: group[form_who] < 0,
        Invalid.NO_VALID_VOTE: votes == 0,
        Invalid.DONT_KNOW: votes < answered,
        Invalid.INCOMPLETE: answered < asked,
        Invalid.ALL_BEST: (best == asked) & (answered == asked),
    }
    always = {Invalid.NO_GROUP, Invalid.NO_VALID_VOTE}
    reason = np.zeros(len(forms), np.int64)
    for number, why in enumerate(REASONS, 1):
        if why in always or why in rule.invalid:
            reason[(reason == 0) & lacks[why]] = number
    counts = vote & (reason[ballot] == 0)
    return Cells(
        ballot=ballot[counts],
        question=question[counts],
        points=points[counts],
        who=form_who,
        unit=form_unit,
        reason=reason,
        weight=np.array([rater.weight for rater in ratings.raters], np.float64),
        group=group,
        groups=groups,
        group_weights=weights,
        pooled=pooled,
        scales=scales,
    )


def _groups(ratings: Ratings, rule: ScoringRule) -> tuple[Any, tuple[str, ...], tuple[float, ...], bool]:
    """Return each rater's group, the groups, their weights, and whether groups the rule weighs cannot be told."""
    import numpy as np

    names = [part.name for part in rule.groups if part.weight > 0]
    said = {rater.group for rater in ratings.raters}
    if not said & set(names):
        return np.zeros(len(ratings.raters), np.int64), ("",), (1.0,), bool(names)
    index = {name: number for number, name in enumerate(names)}
    group = np.array([index.get(rater.group, -1) for rater in ratings.raters], np.int64)
    return group, tuple(names), tuple(part.weight for part in rule.groups if part.weight > 0), False


def _check(ratings: Ratings) -> None:
    """Refuse columns of different lengths, places that are none, weights and populations that cannot be."""
    columns: Sequence[tuple[str, Sequence[int], int]] = (
        ("who", ratings.who, len(ratings.raters)),
        ("unit", ratings.unit, len(ratings.units)),
        ("question", ratings.question, len(ratings.questions)),
    )
    for name, column, size in columns:
        if len(column) != len(ratings.value):
            _refuse("columns_differ", message("The columns of the ratings are not equally long."), name)
        row = next((row for row, place in enumerate(column) if not 0 <= place < size), None)
        if row is not None:
            _refuse("no_such_place", message("Rating {row} points at nothing.", row=row + 1), name)
    sizes: dict[str, int] = {}
    populations: dict[str, float] = {}
    for rater in ratings.raters:
        if not isfinite(rater.weight) or rater.weight <= 0:
            what = message("The rater {key} has the weight {weight}.", key=rater.key, weight=rater.weight)
            _refuse("bad_weight", what, "weight")
        if populations.setdefault(rater.stratum, rater.population) != rater.population:
            what = message("The stratum {stratum} has two populations.", stratum=rater.stratum)
            _refuse("two_populations", what, "population")
        sizes[rater.stratum] = sizes.get(rater.stratum, 0) + 1
    for stratum, size in sizes.items():
        if not populations[stratum] >= size:
            what = message(
                "The stratum {stratum} has {size} raters and a population of {population}.",
                stratum=stratum, size=size, population=f"{populations[stratum]:g}",
            )  # fmt: skip
            _refuse("small_population", what, "population")


def _refuse(code: str, what: Message, field: str) -> None:
    raise Refused([Problem(code, what, message("Correct the data it comes from."), field=field)])


def _refuse_twice(ratings: Ratings, keys: Whole, who: Whole, unit: Whole) -> None:
    """Say who answered one question on one unit twice."""
    seen: set[int] = set()
    for row, key in enumerate(keys.tolist()):
        if key in seen:
            rater, rated = ratings.raters[int(who[row])].key, ratings.units[int(unit[row])].id
            what = message("The rater {key} rated {unit} twice on one question.", key=rater, unit=rated)
            _refuse("rated_twice", what, "who")
        seen.add(key)
