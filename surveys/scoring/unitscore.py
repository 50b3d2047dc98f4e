"""Scores of units as they are published: estimates with their error, denominators, and what is withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from surveys.language import Message, message
from surveys.questionnaire.form import in_language
from surveys.scoring.linearised import Linearised
from surveys.scoring.ranking import ClassRanks, RankSet
from surveys.scoring.ratings import RatedUnit
from surveys.scoring.rule import ScoringRule
from surveys.statistics.disclosure import SMALLEST_CELL
from surveys.statistics.estimates import Estimate

if TYPE_CHECKING:
    from surveys.scoring.cells import Floats

#: Changes when a key changes its meaning or goes away.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Said(Message):
    """Words that come with the data, by language, where a sentence of our own would stand."""

    def text(self, language: str) -> str:
        """Return the words in `language`, or in any language they have."""
        return in_language({name: str(words) for name, words in self.fields.items()}, language)


def said(labels: Mapping[str, str], otherwise: str = "") -> Said:
    """Return labels as a sentence; `otherwise` where there are none."""
    return Said(otherwise, dict(labels) or {"": otherwise})


@dataclass(frozen=True, slots=True)
class Score:
    """A score: its estimate (n raters, value, SE, 95 % interval, design df) and what its raters are worth (Kish).

    Where there is no value or no interval, `why_not` says why; `effective` is 0 without a value.
    """

    estimate: Estimate
    effective: float = 0.0
    why_not: Message | None = None

    @property
    def value(self) -> float | None:
        """The score, None if there is none or it is withheld."""
        return self.estimate.value


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """The score on one dimension, the rule's weight of it, and what it is called."""

    name: str
    label: Message
    weight: float
    score: Score


@dataclass(frozen=True, slots=True)
class GroupScore:
    """What one evaluator group gives: its valid forms, its weight by the rule, and its score, None if withheld."""

    name: str
    label: Message
    weight: float
    n: int
    value: float | None
    why_not: Message | None = None


@dataclass(frozen=True, slots=True)
class BandShare:
    """The percentage of answers in one band, where bands are read of answers."""

    name: str
    label: Message
    score: Score


@dataclass(frozen=True, slots=True)
class Ballots:
    """Rating forms: all, the valid ones, and the others by reason; with the `unnamed` ones they add up to all − valid.

    `unnamed` forms are those whose reason is withheld, because too few have it: a reason may tell what was said.
    """

    forms: int
    valid: int
    invalid: Mapping[str, int] = field(default_factory=dict)
    unnamed: int = 0

    @property
    def unnamed_words(self) -> Message:
        """What stands in the place of the reasons that are withheld."""
        return message("reason withheld, fewer than {smallest} forms have it", smallest=SMALLEST_CELL)


@dataclass(frozen=True, slots=True)
class UnitScore:
    """All of one unit. `band` is the grade of the score, `band_sure` whether the whole interval lies in it.

    `groups` and `shares` are empty where the rule has none. `notes` say what the rule could not do as written.
    """

    unit: RatedUnit
    total: Score
    dimensions: tuple[DimensionScore, ...]
    groups: tuple[GroupScore, ...]
    shares: tuple[BandShare, ...]
    ballots: Ballots
    band: str
    band_label: Message | None
    band_sure: bool
    rank: RankSet | None
    notes: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a campaign in the order of its units, and the rank sets of each class.

    `lowest` and `highest` bound a score, None where the rule sets no bound. `raters` are the respondents of the design.
    `linearised` holds the influence of every valid rating form on its unit's score, for sums and differences of units.
    """

    rule: ScoringRule
    units: tuple[UnitScore, ...]
    classes: tuple[ClassRanks, ...]
    ballots: Ballots
    raters: int
    lowest: float | None
    highest: float | None
    denominators: tuple[Message, ...]
    notes: tuple[Message, ...]
    linearised: Linearised

    def unit(self, unit_id: str) -> UnitScore:
        """Return the scores of a unit; KeyError if there is none of that id."""
        for found in self.units:
            if found.unit.id == unit_id:
                return found
        raise KeyError(unit_id)

    def combination(self, coefficients: Mapping[str, float]) -> tuple[float, float, int]:
        """Return value, variance and df of Σ coefficient × score, the same people rating several of the units.

        ValueError if one of the units has no score. The df are the smallest of the units'.
        """
        index = {found.unit.id: number for number, found in enumerate(self.units)}
        places = [index[unit_id] for unit_id in coefficients]
        values = [self.units[place].total.value for place in places]
        if any(value is None for value in values):
            raise ValueError("a unit without a score has no part in a sum of scores")
        weights = list(coefficients.values())
        estimates = [self.units[place].total.estimate for place in places]
        matrix = with_errors(self.linearised.covariances(places), estimates)
        value = sum(weight * one for weight, one in zip(weights, values, strict=True) if one is not None)
        variance = sum(
            left * right * float(matrix[row, column])
            for row, left in enumerate(weights)
            for column, right in enumerate(weights)
        )
        return value, max(variance, 0.0), min((self.units[place].total.estimate.df for place in places), default=0)


def with_errors(covariances: Floats, estimates: Sequence[Estimate]) -> Floats:
    """Return the covariance matrix with the variances that the estimates have: small groups may have raised them."""
    import numpy as np

    found = covariances.copy()
    for place, estimate in enumerate(estimates):
        if estimate.se is not None:
            found[place, place] = np.maximum(estimate.se**2, found[place, place])
    return found


def scores_record(scores: Scores) -> dict[str, Any]:
    """Return the scores as JSON values: stable keys, six decimals, sentences in both languages."""
    from datetime import UTC

    from surveys.scoring.rule import rule_record
    from surveys.statistics.record import plain

    shown = {
        "units": scores.units,
        "classes": scores.classes,
        "ballots": scores.ballots,
        "raters": scores.raters,
        "lowest": scores.lowest,
        "highest": scores.highest,
        "denominators": scores.denominators,
        "notes": scores.notes,
    }
    return {"format": FORMAT, "rule": rule_record(scores.rule), **plain(shown, UTC)}
