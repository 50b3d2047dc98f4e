"""Ratings to scores of units with their uncertainty, by a scoring rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING

from surveys.language import Message, message
from surveys.scoring.bands import band_of, is_in
from surveys.scoring.cells import Cells, cells_of
from surveys.scoring.classes import NO_VOTES, classes_of
from surveys.scoring.combining import Combination, Means, combine, influences_of, means_of, values_of, varying
from surveys.scoring.denominators import counted_forms, denominators, notes_of, notes_of_unit, told
from surveys.scoring.groupspread import group_spread, worth_of
from surveys.scoring.intervals import HOEFFDING, Spread, interval
from surveys.scoring.linearised import Linearised, Strata, strata_of
from surveys.scoring.ratings import Ratings
from surveys.scoring.rule import Banded, Combine, Part, ScoringRule
from surveys.scoring.unitscore import (
    Ballots,
    BandShare,
    DimensionScore,
    GroupScore,
    Score,
    Scores,
    UnitScore,
    said,
)
from surveys.statistics.disclosure import SMALLEST_CELL, WORDS, Withheld, withheld_cells
from surveys.statistics.estimates import NOTHING, Estimate
from surveys.statistics.intervals import EXACT

if TYPE_CHECKING:
    from surveys.scoring.cells import Flags, Floats

_ONE_OF_A_GROUP = message("no interval: an evaluator group of a single valid form shows no spread")
_NO_DEGREES = message("no interval: too few respondents in their strata to see the spread")
_NO_SPREAD = message("no interval: the answers show no spread, and the scale has no ends")


def score(ratings: Ratings, rule: ScoringRule, *, smallest: int = SMALLEST_CELL) -> Scores:
    """Return the score of every unit, and rank sets within each class; raises Refused for contradictory ratings.

    A unit's score is, within each evaluator group, the weighted mean points of each question (design weights),
    combined over questions and dimensions by the rule, then over groups by the rule's weights of groups. Standard
    errors are Taylor's, with respondents as primary units, their strata and the finite population correction; raters
    of other units stay in the design. Units of fewer than `smallest` valid forms are withheld.
    """
    return _Scoring(ratings, rule, smallest).scores()


class _Scoring:
    """One campaign on its way from answers to scores."""

    def __init__(self, ratings: Ratings, rule: ScoringRule, smallest: int) -> None:
        self.ratings, self.rule, self.smallest = ratings, rule, smallest
        self.dimensions = tuple(question.dimension or question.name for question in ratings.questions)
        self.cells: Cells = cells_of(ratings, rule)
        self.strata: Strata = strata_of(ratings.raters, ratings.who, ratings.unit)
        self.units, self.questions = len(ratings.units), len(ratings.questions)
        self.means = means_of(self.cells, self.cells.points, self.units, self.questions)
        self.whole = combine(self.means, rule, self.dimensions, self.cells.group_weights)
        self.groups = self._group_sizes()

    def scores(self) -> Scores:
        """Return everything."""
        lowest, highest = self._bounds(range(self.questions), self.rule.combine)
        totals, linearised = self._estimated(self.means, self.whole, self.cells.valid, lowest, highest)
        by_dimension = {name: self._dimension(name) for name in dict.fromkeys(self.dimensions)}
        self._protect(by_dimension, totals)
        shares = self._shares()
        ballots, everything = told(counted_forms(self.cells, self.units), self.smallest)
        units = [
            self._unit(number, totals[number], {name: found[number] for name, found in by_dimension.items()},
                       [(share, found[number]) for share, found in shares], ballots[number])
            for number in range(self.units)
        ]  # fmt: skip
        classes = classes_of(
            units,
            linearised,
            varies=varying(self.means, self.whole),
            worth=self._worth(self.cells.valid, self.whole).tolist(),
            ends=(lowest, highest),
        )
        ranks = {rank.unit: rank for found in classes for rank in found.ranks}
        return Scores(
            rule=self.rule,
            units=tuple(replace(unit, rank=ranks.get(unit.unit.id)) for unit in units),
            classes=classes,
            ballots=everything,
            raters=len(self.ratings.raters),
            lowest=lowest,
            highest=highest,
            denominators=denominators(self.rule, everything),
            notes=notes_of(self.rule, everything, pooled=self.cells.pooled),
            linearised=linearised,
        )

    def _unit(
        self,
        number: int,
        total: Score,
        dimensions: dict[str, Score],
        shares: list[tuple[int, Score]],
        ballots: Ballots,
    ) -> UnitScore:
        band = None
        if self.rule.banded is Banded.SCORE and total.value is not None:
            band = band_of(self.rule.bands, total.value)
        found = []
        for name, score_ in dimensions.items():
            part = self.rule.dimension(name)
            found.append(DimensionScore(name, said(part.labels, name), part.weight, score_))
        return UnitScore(
            unit=self.ratings.units[number],
            total=total,
            dimensions=tuple(found),
            groups=self._group_scores(number, withheld=total.value is None),
            shares=tuple(
                BandShare(
                    self.rule.bands[place].name, said(self.rule.bands[place].labels, self.rule.bands[place].name), s
                )
                for place, s in shares
            ),
            ballots=ballots,
            band=band.name if band else "",
            band_label=said(band.labels, band.name) if band else None,
            band_sure=band is not None and is_in(self.rule.bands, band, total.estimate),
            rank=None,
            notes=self._unit_notes(number, total),
        )

    def _estimated(
        self, means: Means, combination: Combination, forms: Flags, low: float | None, high: float | None
    ) -> tuple[list[Score], Linearised]:
        """Return each unit's score from the `forms` that give it, and what they move it by."""
        import numpy as np

        values = values_of(means, combination)
        moved = influences_of(self.cells, means, combination)
        who, unit = self.cells.who[forms], self.cells.unit[forms]
        linearised = Linearised(self.strata, who, unit, moved[forms], self.units)
        variances, degrees = linearised.variances(), linearised.degrees()
        sizes = np.bincount(unit, minlength=self.units)
        weights = self.cells.weight[who]
        sums = np.bincount(unit, weights, self.units)
        effective = sums**2 / np.maximum(np.bincount(unit, weights**2, self.units), 1e-300)
        varies, counted, worth = varying(means, combination), linearised.counted(), self._worth(forms, combination)
        single = np.zeros(self.units, bool)
        if len(self.cells.groups) > 1:
            single = ((self.groups == 1) & (combination.shares > 0)).any(axis=1)
            inside = means.varies & (combination.inside > 0)
            small = group_spread(linearised, self.cells.group[who], weights, combination.shares, inside)
            variances, degrees = variances + small.added, np.minimum(degrees, small.degrees)
        scored = combination.scored
        found = []
        for number in range(self.units):
            n = int(sizes[number])
            if n < self.smallest:
                found.append(Score(replace(NOTHING, n=n), 0.0, WORDS[Withheld.SMALL if n else Withheld.NOBODY]))
            elif not scored[number]:
                found.append(Score(replace(NOTHING, n=n), 0.0, NO_VOTES))
            else:
                df = 0 if single[number] else int(degrees[number])
                spread = Spread(
                    variance=float(variances[number]), df=df, n=n, effective=float(worth[number]),
                    varies=varies[number], counted=bool(counted[number]), low=low, high=high,
                )  # fmt: skip
                estimate = interval(float(values[number]), spread)
                found.append(Score(estimate, float(effective[number]), why_not(estimate, single=bool(single[number]))))
        return found, linearised

    def _worth(self, forms: Flags, combination: Combination) -> Floats:
        """Return what each unit's `forms` are worth to its score, evaluator groups weighed as the rule says."""
        who = self.cells.who[forms]
        return worth_of(self.cells.unit[forms], self.cells.group[who], self.cells.weight[who], combination.shares)

    def _dimension(self, name: str) -> list[Score]:
        """Return every unit's score on one dimension, the groups weighed as in the score."""
        import numpy as np

        own = [number for number, dimension in enumerate(self.dimensions) if dimension == name]
        member = np.zeros(self.questions, bool)
        member[own] = True
        rule = replace(self.rule, dimensions=(Part(name),))
        means = replace(self.means, totals=self.means.totals * member)
        if rule.combine is Combine.SUM:
            # Questions of other dimensions are no obstacle: only the own ones must have votes.
            means = replace(means, totals=np.where(member, self.means.totals, np.inf), means=self.means.means * member)
        combination = combine(means, rule, self.dimensions, self.cells.group_weights)
        combination = replace(combination, inside=combination.inside * member)
        forms = np.zeros(len(self.cells.who), bool)
        forms[self.cells.ballot[member[self.cells.question]]] = True
        low, high = self._bounds(own, self.rule.combine)
        return self._estimated(means, combination, forms, low, high)[0]

    def _protect(self, by_dimension: Mapping[str, list[Score]], totals: Sequence[Score]) -> None:
        """Withhold one more dimension where a small one could be worked out from the score and the others."""
        for number, total in enumerate(totals):
            sizes = {name: found[number].estimate.n for name, found in by_dimension.items() if found[number].estimate.n}
            for name, reason in withheld_cells(sizes, self.smallest).items():
                if reason is Withheld.COMPLEMENT and total.value is not None:
                    found = by_dimension[name]
                    found[number] = Score(replace(NOTHING, n=sizes[name]), 0.0, reason.words)

    def _shares(self) -> list[tuple[int, list[Score]]]:
        """Return per band its percentage of the answers, where bands are read of answers."""
        import numpy as np

        if self.rule.banded is not Banded.ANSWERS:
            return []
        rule = replace(self.rule, combine=Combine.MEAN)
        # From best to worst: below every band there is only the last one.
        edges = np.array([band.least for band in reversed(self.rule.bands)], np.float64)
        place = np.maximum(np.searchsorted(edges, self.cells.points, side="right") - 1, 0)
        found = []
        for number in range(len(edges)):
            points = np.where(place == len(edges) - 1 - number, 100.0, 0.0)
            means = means_of(self.cells, points, self.units, self.questions)
            combination = combine(means, rule, self.dimensions, self.cells.group_weights)
            found.append((number, self._estimated(means, combination, self.cells.valid, 0.0, 100.0)[0]))
        return found

    def _bounds(self, questions: range | list[int], how: Combine) -> tuple[float | None, float | None]:
        """Return the lowest and highest score some questions can give, None where nothing bounds it."""
        scales = [self.cells.scales[number] for number in questions]
        lows = [scale.low for scale in scales if scale.low is not None]
        highs = [scale.high for scale in scales if scale.high is not None]
        if not scales or len(lows) < len(scales) or len(highs) < len(scales):
            return None, None
        if how is Combine.MEAN:
            return min(lows), max(highs)
        weights = [self.rule.dimension(self.dimensions[number]).weight for number in questions]
        if len(questions) < self.questions:
            weights = [1.0] * len(weights)  # a dimension by itself is not weighed
        return (
            fsum(weight * low for weight, low in zip(weights, lows, strict=True)),
            fsum(weight * high for weight, high in zip(weights, highs, strict=True)),
        )

    def _group_sizes(self) -> Floats:
        """Return the valid forms per unit and evaluator group."""
        import numpy as np

        many, valid = len(self.cells.groups), self.cells.valid
        place = self.cells.unit[valid] * many + np.maximum(self.cells.group[self.cells.who[valid]], 0)
        return np.bincount(place, minlength=self.units * many).reshape(self.units, many).astype(np.float64)

    def _group_scores(self, number: int, *, withheld: bool) -> tuple[GroupScore, ...]:
        """Return what each group gives, small groups withheld so that they cannot be worked out either."""
        names = self.cells.groups
        if len(names) == 1:
            return ()
        sizes = {name: int(size) for name, size in zip(names, self.groups[number], strict=True)}
        hidden = withheld_cells(sizes, self.smallest)
        values = (self.whole.inside[number] * self.means.means[number]).sum(axis=1)
        found = []
        for place, part in enumerate(part for part in self.rule.groups if part.weight > 0):
            reason: Message | None = hidden[part.name].words if part.name in hidden else None
            if reason is None and (withheld or not self.whole.shares[number, place] > 0):
                reason = WORDS[Withheld.SMALL] if withheld else NO_VOTES
            value = None if reason else float(values[place])
            found.append(
                GroupScore(part.name, said(part.labels, part.name), part.weight, sizes[part.name], value, reason)
            )
        return tuple(found)

    def _unit_notes(self, number: int, total: Score) -> tuple[Message, ...]:
        """Say of one unit which groups and dimensions had no valid vote."""
        if total.value is None:
            return ()
        there = {self.dimensions[place] for place in self.means.there[number].any(axis=0).nonzero()[0]}
        shares = self.whole.shares[number].tolist() if len(self.cells.groups) > 1 else []
        absent = [name for name in dict.fromkeys(self.dimensions) if name not in there]
        agree = (
            (
                message(
                    "All answers to a question agree: the interval shows how far {n} raters can be from everybody.",
                    n=total.estimate.n,
                ),
            )
            if total.estimate.interval in (EXACT, HOEFFDING)
            else ()
        )
        return (*notes_of_unit(self.rule, shares, absent), *agree)


def why_not(estimate: Estimate, *, single: bool = False) -> Message | None:
    """Say why a score has no interval, None if it has one; `single` where an evaluator group has one valid form."""
    if estimate.low is not None:
        return None
    if single:
        return _ONE_OF_A_GROUP
    return _NO_DEGREES if estimate.df < 1 else _NO_SPREAD
