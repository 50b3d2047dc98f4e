"""What respondents whose answers one may doubt change in the scores: every unit with them and without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from surveys.language import Message
from surveys.quality.beside import FEW_LEFT, why_not_beside
from surveys.quality.effect import without
from surveys.scoring.facts import ScoringFacts
from surveys.scoring.gathering import Gathered, gather, group_question_of
from surveys.scoring.scores import score
from surveys.scoring.unitscore import Score, Scores
from surveys.statistics.results import weighted
from surveys.statistics.weights import weigh


@dataclass(frozen=True, slots=True)
class WithoutFlagged:
    """A unit's score without its `left_out` raters under a flag, and that less the score with everybody.

    Without them the weights of the others are raised within the strata, as if the flagged had not answered; they stay
    in every other figure. `score` and `difference` are None where `why_not` says why: too few would be told apart, or
    none of the unit's raters is left out.
    """

    left_out: int
    score: Score | None
    difference: float | None
    why_not: Message | None = None


@dataclass(frozen=True, slots=True)
class Doubted:
    """How many raters are under a flag, and by unit what the score is without them; empty if there are none."""

    raters: int
    units: Mapping[str, WithoutFlagged]


NOBODY_DOUBTED = Doubted(0, {})


def doubted(facts: ScoringFacts, gathered: Gathered, scores: Scores, flagged: Collection[str]) -> Doubted:
    """Return the scores without those `flagged` (running keys), by the same rule.

    They are those of any check but that of many best ratings: to leave people out because they gave the best rating
    would decide the score by the answer.
    A score is shown beside the other only where neither those left out nor those who are left are too few: else what
    the few said is the difference of the two. Where none of a unit's raters is flagged there is no second score: it
    would rest on the same answers and differ by the weights of the strata alone.
    """
    ratings, form = gathered.ratings, facts.analysis.form
    raters = sum(rater.key in flagged for rater in ratings.raters)
    if form is None or not raters:
        return NOBODY_DOUBTED
    linear = scores.linearised
    gone = Counter(
        unit
        for who, unit in zip(linear.who.tolist(), linear.unit.tolist(), strict=True)
        if ratings.raters[who].key in flagged
    )
    analysis = without(facts.analysis, flagged)
    asked = group_question_of(form, facts.design, tuple(group.name for group in scores.rule.groups))
    people = weighted(analysis, weigh(analysis))
    again = gather(analysis, people, facts.directory, ratings.questions, facts.design, group_question=asked)
    rest = {one.unit.id: one.total for one in score(again.ratings, scores.rule).units}
    return Doubted(
        raters,
        {one.unit.id: _beside(one.total, rest.get(one.unit.id), gone[place]) for place, one in enumerate(scores.units)},
    )


def _beside(everybody: Score, rest: Score | None, left_out: int) -> WithoutFlagged:
    """Put a score beside that of everybody, if nobody's answer can be worked out from the two."""
    if everybody.value is None:
        return WithoutFlagged(left_out, None, None, everybody.why_not)
    why_not = why_not_beside(everybody.estimate.n, left_out)
    if why_not is not None:
        return WithoutFlagged(left_out, None, None, why_not)
    if rest is None or rest.value is None:
        return WithoutFlagged(left_out, None, None, rest.why_not if rest else FEW_LEFT)
    return WithoutFlagged(left_out, rest, rest.value - everybody.value)
