"""Areas from the units below them: the mean that was promised, its error, its rank among N, and nothing hidden told."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from surveys.scoring.design import ScoringDesign
from surveys.scoring.ratings import RatedQuestion, RatedUnit, Rater, Ratings
from surveys.scoring.rollup import Level, roll_up
from surveys.scoring.rule import Part, ScoringRule
from surveys.scoring.scores import score
from surveys.units.directory import Unit

RULE = ScoringRule("plain", {"en": "Plain"})
QUESTION = RatedQuestion(
    "overall", "overall", {"en": "Over all"}, {"yes": 100.0, "no": 0.0}, {"yes": {"en": "Yes"}, "no": {"en": "No"}}
)
#: City of two counties; towns below them, villages below those.
DIRECTORY = (
    Unit("city", "城市", unit_class="市"),
    *(Unit(f"c{c}", f"县{c}", unit_class="县", parent="city") for c in (1, 2)),
    *(Unit(f"t{c}{t}", f"镇{c}{t}", unit_class="镇", parent=f"c{c}") for c in (1, 2) for t in (1, 2)),
    *(
        Unit(f"v{c}{t}{v}", f"村{c}{t}{v}", unit_class="村", parent=f"t{c}{t}")
        for c in (1, 2)
        for t in (1, 2)
        for v in (1, 2, 3)
    ),
)
VILLAGES = tuple(unit for unit in DIRECTORY if unit.id.startswith("v"))


def ratings(sizes: dict[str, int], *, each: int = 1, seed: int = 1) -> Ratings:
    """Return ratings by `sizes` raters of each village; with `each` 2 they rate the next village as well."""
    random = Random(seed)
    raters, who, unit, value = [], [], [], []
    place = {village.id: number for number, village in enumerate(VILLAGES)}
    for village, size in sizes.items():
        for _ in range(size):
            raters.append(Rater(f"r{len(raters)}", "s", "", 1.0 + random.randrange(3), 10_000.0))
            for step in range(each):
                who.append(len(raters) - 1)
                unit.append((place[village] + step) % len(VILLAGES))
                value.append("yes" if random.randrange(10) < 7 else "no")
    rated = tuple(RatedUnit(v.id, v.name, v.unit_class, v.parent) for v in VILLAGES)
    return Ratings(tuple(raters), rated, (QUESTION,), who, unit, [0] * len(who), value)


def rolled(found: Ratings, **design: object) -> tuple[Level, ...]:
    return roll_up(score(found, RULE), found, DIRECTORY, ScoringDesign(**design))  # type: ignore[arg-type]  # fields by name


ENOUGH = {village.id: 15 for village in VILLAGES}


def test_the_levels_stand_from_the_lowest_to_the_top_and_each_is_ranked_among_its_own() -> None:
    levels = rolled(ratings(ENOUGH))
    assert [(level.name, level.depth, level.ranks.of) for level in levels] == [("镇", 2, 4), ("县", 1, 2), ("市", 0, 1)]
    for level in levels:
        for area in level.areas:
            assert area.rank is not None
            assert area.rank.of == len(level.areas), "every rank states N"
            assert area.rank.first <= area.rank.last


def test_alike_means_the_plain_mean_of_the_units_below() -> None:
    found = ratings(ENOUGH, each=2)
    scores = score(found, RULE)
    for level in roll_up(scores, found, DIRECTORY, ScoringDesign()):
        for area in level.areas:
            below = [scores.unit(unit).total.value or 0.0 for unit in area.shares]
            assert area.score.value == pytest.approx(sum(below) / len(below))
            assert sum(area.shares.values()) == pytest.approx(1)


def test_the_error_of_an_area_is_that_of_the_combination_of_its_units() -> None:
    """The same people rate two villages: their errors hang together, and that is not forgotten."""
    found = ratings(ENOUGH, each=2)
    scores = score(found, RULE)
    (town,) = [area for area in roll_up(scores, found, DIRECTORY, ScoringDesign())[0].areas if area.unit.id == "t11"]
    value, variance, _ = scores.combination(dict(town.shares))
    assert town.score.value == pytest.approx(value)
    assert town.score.estimate.se == pytest.approx(variance**0.5)
    assert town.score.estimate.n == len(
        {w for w, u in zip(found.who, found.unit, strict=True) if VILLAGES[u].id in town.shares}
    )


def test_by_people_an_area_is_the_weighted_mean_of_all_its_answers() -> None:
    found = ratings({**ENOUGH, "v111": 60})
    weights = {rater.key: rater.weight for rater in found.raters}
    for level in rolled(found, rollup="people"):
        for area in level.areas:
            rows = [
                (weights[found.raters[w].key], value == "yes")
                for w, u, value in zip(found.who, found.unit, found.value, strict=True)
                if VILLAGES[u].id in area.shares
            ]
            expected = 100 * sum(w for w, yes in rows if yes) / sum(w for w, _ in rows)
            assert area.score.value == pytest.approx(expected)


def test_by_people_villages_too_small_to_be_shown_still_count_in_their_town() -> None:
    found = ratings({village.id: 6 for village in VILLAGES})
    assert all(one.total.value is None for one in score(found, RULE).units)
    town = rolled(found, rollup="people")[0].areas[0]
    assert (town.score.estimate.n, len(town.shares), town.left_out) == (18, 3, ())
    alike = rolled(found)[0]
    assert alike.areas[0].score.value is None
    assert alike.areas[0].score.why_not is not None
    assert alike.ranks.of == 0


def test_a_single_small_village_cannot_be_worked_out_from_its_town() -> None:
    """Two villages of 15 are shown; the third has 4: with it in the town's score, its own would be known."""
    found = ratings({**ENOUGH, "v111": 4})
    town = next(area for area in rolled(found, rollup="people")[0].areas if area.unit.id == "t11")
    assert town.left_out == ("v111",)
    assert "v111" not in town.shares or town.shares["v111"] == 0
    assert town.score.estimate.n == 30


def test_weights_of_the_plan_weigh_and_a_unit_that_is_not_named_counts_nothing() -> None:
    found = ratings(ENOUGH)
    scores = score(found, RULE)
    design = ScoringDesign(unit_weights={"v111": 3, "v112": 1})
    towns = {area.unit.id: area for area in roll_up(scores, found, DIRECTORY, design)[0].areas}
    value = 0.75 * (scores.unit("v111").total.value or 0) + 0.25 * (scores.unit("v112").total.value or 0)
    assert towns["t11"].score.value == pytest.approx(value)
    assert towns["t11"].left_out == ("v113",)
    assert towns["t21"].score.value is None


def test_units_without_a_parent_have_no_levels_and_a_circle_of_parents_ends() -> None:
    found = ratings(ENOUGH)
    alone = replace(found, units=tuple(replace(unit, parent="") for unit in found.units))
    assert roll_up(score(alone, RULE), alone, DIRECTORY, ScoringDesign()) == ()
    circle = (Unit("t11", "a", parent="c1"), Unit("c1", "b", parent="t11"))
    levels = roll_up(score(found, RULE), found, circle, ScoringDesign())
    assert {area.unit.id for level in levels for area in level.areas} == {"t11", "c1"}


def test_what_counts_how_is_named_in_both_languages() -> None:
    found = ratings(ENOUGH)
    for design in ({}, {"rollup": "people"}, {"unit_weights": {"v111": 1.0}}):
        said = rolled(found, **design)[0].weighting  # type: ignore[arg-type]  # fields by name
        assert said.text("zh") != said.text("en")


def test_an_area_above_a_unit_whose_error_cannot_be_told_has_no_interval() -> None:
    """An evaluator group of one valid form shows no spread: that is not none."""
    found = ratings(ENOUGH)
    groups = ["b" if (at % 2 if found.unit[at] else not at) else "a" for at in range(len(found.raters))]
    of_two = replace(found, raters=tuple(replace(r, group=g) for r, g in zip(found.raters, groups, strict=True)))
    rule = replace(RULE, groups=(Part("a", 1.0), Part("b", 1.0)))
    scores = score(of_two, rule)
    alone = scores.units[0].total.estimate
    assert (alone.value is not None, alone.low) == (True, None)
    levels = roll_up(scores, of_two, DIRECTORY, ScoringDesign())
    above = {"t11", "c1", "city"}
    for area in (area for level in levels for area in level.areas if area.score.value is not None):
        assert (area.score.estimate.low is None) == (area.unit.id in above), area.unit.id


def test_by_people_where_each_rates_some_villages_nobody_stands_for_all() -> None:
    few = ratings(ENOUGH, each=2)
    sizes = float(len(few.raters))
    asked_all = replace(few, raters=tuple(replace(rater, population=sizes) for rater in few.raters))
    many = replace(few, raters=tuple(replace(rater, population=1e12) for rater in few.raters))
    for level, other in zip(rolled(asked_all, rollup="people"), rolled(many, rollup="people"), strict=True):
        for one, two in zip(level.areas, other.areas, strict=True):
            assert one.score.estimate.se == pytest.approx(two.score.estimate.se)
            assert one.score.estimate.se
