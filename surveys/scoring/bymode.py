"""Do units score differently by the way their raters answered? The mean difference over units, and what it may mean."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from math import inf, sqrt

from surveys.language import LANGUAGES, translate
from surveys.modes.effect import DRAWN, MEAN, NOT_DRAWN, ModeDifference, ModeEffects, reference_of
from surveys.modes.ways import order
from surveys.scoring.ratings import RatedUnit, Ratings
from surveys.scoring.rule import ScoringRule
from surveys.scoring.scores import score
from surveys.scoring.unitscore import Scores
from surveys.statistics.disclosure import SMALLEST_CELL, Withheld, withheld_cells
from surveys.statistics.estimates import STUDENT, Estimate
from surveys.statistics.intervals import student

#: What stands where rows of questions have the name of the question.
SCORE = "score"


@dataclass(frozen=True, slots=True)
class _Split:
    """Every unit scored mode by mode: unit u in mode m has the place u × len(modes) + m."""

    scores: Scores
    modes: tuple[str, ...]
    units: int

    def forms(self, unit: int, mode: str) -> int:
        """Return the valid forms on a unit in a mode."""
        return self.scores.units[self._place(unit, mode)].total.estimate.n

    def shown(self, unit: int, mode: str, smallest: int) -> bool:
        """Whether a unit's score in a mode may be told: neither it nor what it leaves over is too small."""
        hidden = withheld_cells({name: self.forms(unit, name) for name in self.modes}, smallest)
        return mode not in hidden and self.scores.units[self._place(unit, mode)].total.value is not None

    def mean(self, units: list[int], signs: dict[str, float]) -> tuple[float, float, int]:
        """Return value, variance and df of the mean over units of Σ sign × score in the mode."""
        names = {
            self.scores.units[self._place(unit, mode)].unit.id: sign / len(units)
            for unit in units
            for mode, sign in signs.items()
        }
        return self.scores.combination(names)

    def _place(self, unit: int, mode: str) -> int:
        return unit * len(self.modes) + self.modes.index(mode)


def score_effects(
    ratings: Ratings, rule: ScoringRule, *, randomised: bool, smallest: int = SMALLEST_CELL
) -> ModeEffects:
    """Return for every mode but the reference how much higher units score in it, each unit counting alike.

    Only units with enough raters in both modes are compared, each with itself, so that it does not matter which units
    were rated in which mode. Errors are those of contrasts in the one design: whoever rates several units counts once.
    """
    counted = Counter(rater.mode for rater in ratings.raters)
    reference = reference_of(counted)
    note = DRAWN if randomised else NOT_DRAWN
    if len(counted) < 2:
        return ModeEffects(randomised, note, reference, ())
    split = _split(ratings, rule, tuple(sorted(counted, key=order)), smallest)
    rows = tuple(_row(split, mode, reference, smallest) for mode in split.modes if mode != reference)
    return ModeEffects(randomised, note, reference, rows)


def _split(ratings: Ratings, rule: ScoringRule, modes: tuple[str, ...], smallest: int) -> _Split:
    place = [modes.index(rater.mode) for rater in ratings.raters]
    # A class of its own each: nothing is ranked here.
    units = tuple(
        RatedUnit(f"{number} {mode}", "", f"{number} {mode}") for number in range(len(ratings.units)) for mode in modes
    )
    unit = [at * len(modes) + place[who] for at, who in zip(ratings.unit, ratings.who, strict=True)]
    # Without a finite population correction, as for single questions: surveys/modes/effect.py says why.
    raters = tuple(replace(rater, population=inf) for rater in ratings.raters)
    split = replace(ratings, raters=raters, units=units, unit=unit)
    return _Split(score(split, rule, smallest=smallest), modes, len(ratings.units))


def _row(split: _Split, mode: str, reference: str, smallest: int) -> ModeDifference:
    units = [unit for unit in range(split.units) if all(split.shown(unit, one, smallest) for one in (mode, reference))]
    compared = units or range(split.units)
    row = ModeDifference(
        question=SCORE,
        labels={
            language: translate(language, "Mean score of {count} units rated in both ways", count=len(units))
            if units
            else translate(language, "No unit has enough raters in both ways")
            for language in LANGUAGES
        },
        measure=MEAN,
        mode=mode,
        reference=reference,
        n=sum(split.forms(unit, mode) for unit in compared),
        n_reference=sum(split.forms(unit, reference) for unit in compared),
    )
    if not units:
        return replace(row, withheld=Withheld.SMALL)
    here, _, _ = split.mean(units, {mode: 1.0})
    there, _, _ = split.mean(units, {reference: 1.0})
    value, variance, df = split.mean(units, {mode: 1.0, reference: -1.0})
    found = Estimate(row.n + row.n_reference, value, sqrt(variance), df=df)
    if variance > 0 and df > 0:
        reach = student(df) * sqrt(variance)
        found = replace(found, low=value - reach, high=value + reach, interval=STUDENT)
    return replace(row, value=Estimate(row.n, here), reference_value=Estimate(row.n_reference, there), difference=found)
