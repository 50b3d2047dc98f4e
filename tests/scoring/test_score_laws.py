"""Laws every scoring keeps, whatever the ratings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.scoring.ratings import RatedQuestion, RatedUnit, Rater, Ratings
from surveys.scoring.rule import Part, ScoringRule
from surveys.scoring.scores import score
from surveys.scoring.unitscore import Scores

LABELS = {name: {"en": name} for name in ("good", "fair", "bad", "unknown")}
RULE = ScoringRule("plain", {}, groups=(Part("one", 2.0), Part("two", 1.0)), dimensions=(Part("a", 3.0), Part("b")))


def asked(*points: float) -> tuple[RatedQuestion, ...]:
    worths = dict(zip(LABELS, (*points, None), strict=True))
    return tuple(RatedQuestion(f"q{name}", name, {}, worths, LABELS) for name in "ab")


@st.composite
def campaigns(draw: st.DrawFn) -> Ratings:
    """A few dozen people, two strata, two groups, four units in two classes; anything may be unanswered."""
    many = draw(st.integers(12, 30))
    weights = draw(st.lists(st.floats(1, 9), min_size=many, max_size=many))
    groups = draw(st.lists(st.sampled_from(["one", "two", "none"]), min_size=many, max_size=many))
    raters = tuple(Rater(f"r{n}", f"s{n % 2}", groups[n], weights[n], 200.0 + 100 * (n % 2)) for n in range(many))
    answers = draw(st.lists(st.sampled_from([*LABELS, ""]), min_size=many * 8, max_size=many * 8))
    units = tuple(RatedUnit(f"u{n}", f"U{n}", "xy"[n % 2]) for n in range(4))
    places = [(n, unit, at) for n in range(many) for unit in range(4) for at in range(2)]
    who, unit, at = (tuple(place[part] for place in places) for part in range(3))
    return Ratings(raters, units, asked(100, 60, 0), who, unit, at, tuple(answers))


def figures(scores: Scores) -> dict[str, list[float | None]]:
    """Return value, error and rank set of every unit."""
    return {
        one.unit.id: [
            one.total.value,
            one.total.estimate.se,
            one.total.estimate.low,
            one.total.estimate.high,
            one.rank.first if one.rank else None,
            one.rank.last if one.rank else None,
        ]
        for one in scores.units
    }


def same(one: list[float | None], other: list[float | None]) -> None:
    """Hold that two lists of figures agree but for rounding."""
    for left, right in zip(one, other, strict=True):
        assert (left is None) == (right is None)
        if left is not None and right is not None:
            assert left == pytest.approx(right, rel=1e-7, abs=1e-7)


@given(campaigns(), st.randoms(use_true_random=False))
def test_the_order_of_ratings_people_and_units_changes_nothing(ratings: Ratings, chance: object) -> None:
    order = list(range(len(ratings.who)))
    people, units = list(range(len(ratings.raters))), list(range(4))
    for some in (order, people, units):
        chance.shuffle(some)  # type: ignore[attr-defined] # Hypothesis gives a random.Random
    mixed = Ratings(
        tuple(ratings.raters[n] for n in people),
        tuple(ratings.units[n] for n in units),
        ratings.questions,
        [people.index(ratings.who[n]) for n in order],
        [units.index(ratings.unit[n]) for n in order],
        [ratings.question[n] for n in order],
        [ratings.value[n] for n in order],
    )
    before, after = figures(score(ratings, RULE)), figures(score(mixed, RULE))
    assert before.keys() == after.keys()
    for unit, found in before.items():
        same(found, after[unit])


@given(campaigns(), st.floats(0.5, 20), st.floats(-50, 50))
def test_other_points_shift_and_stretch_scores_and_leave_ranks(ratings: Ratings, times: float, plus: float) -> None:
    moved = replace(ratings, questions=asked(*(times * points + plus for points in (100, 60, 0))))
    before, after = score(ratings, RULE), score(moved, RULE)
    for one, other in zip(before.units, after.units, strict=True):
        if one.total.value is None:
            assert other.total.value is None
            continue
        assert other.total.value == pytest.approx(times * one.total.value + plus, rel=1e-6, abs=1e-6)
        if one.total.estimate.se is not None:
            assert other.total.estimate.se == pytest.approx(times * one.total.estimate.se, rel=1e-6, abs=1e-6)
        assert one.rank == other.rank


@given(campaigns())
def test_scores_and_intervals_stay_within_the_points_and_a_value_within_its_interval(ratings: Ratings) -> None:
    for unit in score(ratings, RULE).units:
        for one in (unit.total, *(dimension.score for dimension in unit.dimensions)):
            if one.value is not None:
                assert -1e-9 <= one.value <= 100 + 1e-9
            low, high = one.estimate.low, one.estimate.high
            if one.value is not None and low is not None and high is not None:
                assert -1e-9 <= low <= one.value + 1e-9 <= high + 2e-9 <= 100 + 3e-9
            assert (one.value is None or low is None) == (one.why_not is not None)


@given(campaigns())
def test_a_rank_set_holds_the_rank_of_the_estimate_and_ties_are_mutual(ratings: Ratings) -> None:
    found = score(ratings, RULE)
    values = {one.unit.id: one.total.value for one in found.units}
    for ranking in found.classes:
        sets = {one.unit: one for one in ranking.ranks}
        assert ranking.of == len(sets)
        for unit, one in sets.items():
            better = sum((values[other] or 0) > (values[unit] or 0) + 1e-9 for other in sets)
            assert 1 <= one.first <= 1 + better <= one.last <= ranking.of
            assert {*one.better, *one.worse, *one.tied} == set(sets) - {unit}
            assert all(unit in sets[other].tied for other in one.tied)
            assert all(unit in sets[other].worse for other in one.better)


@given(campaigns())
def test_another_class_changes_nothing_in_this_one(ratings: Ratings) -> None:
    """The other class's ratings go; its raters stay, since they are the sample."""
    rows = [n for n, unit in enumerate(ratings.unit) if ratings.units[unit].unit_class == "x"]
    alone = replace(
        ratings,
        **{name: [getattr(ratings, name)[n] for n in rows] for name in ("who", "unit", "question", "value")},
    )
    before, after = (figures(score(some, RULE)) for some in (ratings, alone))
    for unit in ratings.units:
        if unit.unit_class == "x":
            same(before[unit.id], after[unit.id])


@given(campaigns())
def test_invalid_forms_and_valid_ones_are_all_the_forms(ratings: Ratings) -> None:
    found = score(ratings, RULE)
    for unit in found.units:
        ballots = unit.ballots
        assert ballots.forms == ballots.valid + sum(ballots.invalid.values()) + ballots.unnamed
    assert found.ballots.forms == sum(unit.ballots.forms for unit in found.units)
