"""Why a unit has its score: the arithmetic down to counts, so that anyone can do it again.

No count of fewer votes than the smallest publishable cell is told, nor one that it could be worked out from: such
answers stand on one line together, and dimensions and groups in which so few voted are told together only. How few gave
no valid vote to a question is not told either, yet follows from the forms and the votes, which the arithmetic needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce

from surveys.language import message
from surveys.scoring.cells import Cells, cells_of
from surveys.scoring.combining import Combination, Means, combine, means_of
from surveys.scoring.ratings import RatedQuestion, Ratings
from surveys.scoring.rule import Combine, Part, Scale, ScoringRule
from surveys.scoring.steps import Arithmetic, DimensionStep, GroupStep, OptionLine, QuestionStep
from surveys.scoring.unitscore import Scores, said
from surveys.statistics.disclosure import SMALLEST_CELL, Withheld, withheld_cells

#: How often, and with which weight, each answer was given.
Tally = dict[str, tuple[int, float]]


def arithmetic(ratings: Ratings, scores: Scores, unit_id: str, *, smallest: int = SMALLEST_CELL) -> Arithmetic:
    """Return how a unit of `scores` came by its score; KeyError for a unit that is not there.

    Evaluator groups of fewer than `smallest` valid forms, dimensions on which fewer voted, and answers that fewer gave
    are told together only, with as many others as protect them.
    """
    unit = scores.unit(unit_id)
    if unit.total.value is None:
        return Arithmetic(scores, unit, (), None)
    number = next(place for place, found in enumerate(scores.units) if found is unit)
    return _Retracing(ratings, scores, number, smallest).arithmetic()


class _Retracing:
    """One unit's answers on their way to its score."""

    def __init__(self, ratings: Ratings, scores: Scores, number: int, smallest: int) -> None:
        self.ratings, self.scores, self.number, self.smallest = ratings, scores, number, smallest
        self.rule: ScoringRule = scores.rule
        self.dimensions = tuple(question.dimension or question.name for question in ratings.questions)
        self.cells: Cells = cells_of(ratings, self.rule)
        self.means: Means = means_of(self.cells, self.cells.points, len(ratings.units), len(ratings.questions))
        self.whole: Combination = combine(self.means, self.rule, self.dimensions, self.cells.group_weights)
        self.said = self._tally()

    def _tally(self) -> dict[tuple[int, int], Tally]:
        """Return by group and question how often, and with which weight, each answer stands on valid forms."""
        mine = self.cells.valid & (self.cells.unit == self.number)
        group_of = {int(who): int(self.cells.group[who]) for who in self.cells.who[mine]}
        found: dict[tuple[int, int], Tally] = {}
        ratings = self.ratings
        for who, unit, question, value in zip(ratings.who, ratings.unit, ratings.question, ratings.value, strict=True):
            if unit == self.number and value and who in group_of:
                tally = found.setdefault((group_of[who], question), {})
                count, weighted = tally.get(value, (0, 0.0))
                tally[value] = count + 1, weighted + ratings.raters[who].weight
        return found

    def arithmetic(self) -> Arithmetic:
        """Return every step."""
        named = [part for part in self.rule.groups if part.weight > 0]
        parts = named if len(self.cells.groups) > 1 else [Part("")]
        sizes = [self._size(place) for place in range(len(parts))]
        votes = [self._votes(place) for place in range(len(parts))]
        small = [withheld_cells(found, self.smallest) for found in votes]
        # A group of which no dimension could be told is as small as its smallest dimension.
        told = {
            part.name: min(votes[place].values()) if votes[place] and len(small[place]) == len(votes[place])
            else sizes[place]
            for place, part in enumerate(parts)
        }  # fmt: skip
        hidden = withheld_cells(told, self.smallest)
        groups = [
            self._withheld(place, part, sizes[place], hidden[part.name])
            if part.name in hidden
            else self._group(place, part, sizes[place], small[place])
            for place, part in enumerate(parts)
        ]
        left = [place for place, group in enumerate(groups) if group.withheld and group.part > 0]
        together = sum(groups[place].part * self._value(place) for place in left) if left else None
        return Arithmetic(self.scores, self.scores.units[self.number], tuple(groups), together)

    def _size(self, group: int) -> int:
        """Return the valid forms of a group on the unit."""
        mine = self.cells.valid & (self.cells.unit == self.number)
        return int((mine & (self.cells.group[self.cells.who] == group)).sum())

    def _votes(self, group: int) -> dict[str, int]:
        """Return by dimension how many voted on the question of it that fewest voted on, no votes at all left out."""
        found: dict[str, int] = {}
        for place, name in enumerate(self.dimensions):
            scale = self.cells.scales[place]
            votes = sum(n for value, (n, _) in self._tallied(group, place).items() if scale.worth(value) is not None)
            if votes:
                found[name] = min(votes, found.get(name, votes))
        return found

    def _tallied(self, group: int, place: int) -> Tally:
        return self.said.get((group, place), {})

    def _value(self, group: int) -> float:
        return float((self.whole.inside[self.number, group] * self.means.means[self.number, group]).sum())

    def _withheld(self, place: int, part: Part, n: int, why: Withheld) -> GroupStep:
        share = float(self.whole.shares[self.number, place])
        return GroupStep(part.name, said(part.labels, part.name), part.weight, n, share, (), None, why.words)

    def _group(self, place: int, part: Part, n: int, small: Mapping[str, Withheld]) -> GroupStep:
        share = float(self.whole.shares[self.number, place])
        every = [self._dimension(place, name) for name in dict.fromkeys(self.dimensions)]
        shown = [
            replace(one, questions=(), value=None, withheld=small[one.name].words) if one.name in small else one
            for one in every
        ]
        hidden = [one.weight * (one.value or 0.0) for one in every if one.name in small]
        return GroupStep(
            name=part.name,
            label=said(part.labels, part.name),
            weight=part.weight,
            n=n,
            part=share,
            dimensions=tuple(shown),
            value=self._value(place) if share > 0 else None,
            withheld=None,
            hidden=sum(hidden) if hidden else None,
        )

    def _dimension(self, group: int, name: str) -> DimensionStep:
        part = self.rule.dimension(name)
        own = [place for place, dimension in enumerate(self.dimensions) if dimension == name]
        questions = tuple(self._question(group, place) for place in own)
        means = [question.mean for question in questions if question.mean is not None]
        value = None
        if self.rule.combine is Combine.SUM:
            value = sum(means) if len(means) == len(questions) else None
        elif means:
            value = sum(means) / len(means)
        return DimensionStep(name, said(part.labels, name), part.weight, questions, value)

    def _question(self, group: int, place: int) -> QuestionStep:
        question, scale = self.ratings.questions[place], self.cells.scales[place]
        there = bool(self.means.there[self.number, group, place])
        return QuestionStep(
            name=question.name,
            label=said(question.labels, question.name),
            options=_merged(_options(question, scale, self._tallied(group, place)), self.smallest),
            weighted=float(self.means.totals[self.number, group, place]),
            mean=float(self.means.means[self.number, group, place]) if there else None,
        )


def _options(question: RatedQuestion, scale: Scale, tally: Tally) -> list[OptionLine]:
    """Return every answer there is or that was given, with its counts."""
    values = dict.fromkeys([*question.labels_of, *sorted(tally, key=lambda value: -(scale.worth(value) or 0.0))])
    return [
        OptionLine(
            value, said(question.labels_of.get(value, {}), value), scale.worth(value), *tally.get(value, (0, 0.0))
        )
        for value in values
    ]


def _merged(options: Sequence[OptionLine], smallest: int) -> tuple[OptionLine, ...]:
    """Return the options with votes that few gave on one line, and without the count of few that are no votes."""
    votes = {one.name: one.count or 0 for one in options if one.points is not None}
    hidden = {name for name, why in withheld_cells(votes, smallest).items() if why is not Withheld.NOBODY}
    shown = [
        replace(one, count=None, weighted=None, withheld=Withheld.SMALL.words)
        if one.points is None and 0 < (one.count or 0) < smallest
        else one
        for one in options
        if one.name not in hidden
    ]
    together = [one for one in options if one.name in hidden]
    if not together:
        return tuple(shown)
    weighted = sum(one.weighted or 0.0 for one in together)
    points = sum((one.points or 0.0) * (one.weighted or 0.0) for one in together)
    names = reduce(lambda one, other: message("{one}; {other}", one=one, other=other), [one.label for one in together])
    merged = OptionLine(
        name="",
        label=message("{options} (together, points on average)", options=names),
        points=points / weighted,
        count=sum(one.count or 0 for one in together),
        weighted=weighted,
    )
    place = next((place for place, one in enumerate(shown) if one.points is None), len(shown))
    return (*shown[:place], merged, *shown[place:])
