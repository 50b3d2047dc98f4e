"""Scores of units: equal to svy where svy can say them, to the derivative in the weights where it cannot."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import pytest
import svy

from surveys.problem import Refused
from surveys.scoring.bands import Standing, judge
from surveys.scoring.denominators import told
from surveys.scoring.presets import preset
from surveys.scoring.ratings import RatedQuestion, RatedUnit, Rater, Ratings
from surveys.scoring.rule import Combine, Invalid, Part, ScoringRule
from surveys.scoring.scores import score
from surveys.scoring.unitscore import Ballots, Scores, scores_record
from surveys.statistics.disclosure import SMALLEST_CELL
from surveys.statistics.estimates import Estimate

POINTS: dict[str, float | None] = {"good": 100.0, "fair": 60.0, "bad": 0.0, "unknown": None}
LABELS = {name: {"en": name.title(), "zh": name} for name in POINTS}
PLAIN = ScoringRule("plain", {"en": "Plain", "zh": "平均"})
GROUPED = replace(PLAIN, groups=(Part("user", 50.0), Part("society", 25.0), Part("expert", 25.0)))


def question(name: str, dimension: str) -> RatedQuestion:
    return RatedQuestion(name, dimension, {"en": name}, POINTS, LABELS)


def campaign(
    people: int = 60, units: int = 3, questions: Sequence[str] = ("a", "a", "b"), seed: int = 5, *, full: bool = False
) -> Ratings:
    """A campaign of three strata with unequal weights; without `full` answers are missing at random."""
    chance = random.Random(seed)
    raters = tuple(
        Rater(
            f"r{n}",
            f"s{n % 3}",
            ("user", "society", "expert")[n * 7 % 11 % 3],
            1 + chance.random() * 4,
            (90.0, 200.0, 1000.0)[n % 3],
        )
        for n in range(people)
    )
    cells = [
        (n, unit, at, chance.choice(("good", "good", "fair", "bad") if full else (*POINTS, "good")))
        for n in range(people)
        for unit in range(units)
        if full or chance.random() < 0.8
        for at in range(len(questions))
        if full or chance.random() < 0.9
    ]
    return of_cells(raters, units, [question(f"q{at}", name) for at, name in enumerate(questions)], cells)


def of_cells(
    raters: Sequence[Rater], units: int, questions: Sequence[RatedQuestion], cells: list[tuple[int, int, int, str]]
) -> Ratings:
    who, unit, at, value = ([cell[part] for cell in cells] for part in range(4))
    return Ratings(
        tuple(raters),
        tuple(RatedUnit(f"u{number}", f"单位{number}") for number in range(units)),
        tuple(questions),
        who,  # type: ignore[arg-type] # columns of one tuple each
        unit,  # type: ignore[arg-type] # see above
        at,  # type: ignore[arg-type] # see above
        value,  # type: ignore[arg-type] # see above
    )


def by_svy(ratings: Ratings, values: Sequence[float | None]) -> dict[str, float]:
    """Ask svy for the mean of one number per rater; raters without one stay in the design."""
    data = pl.DataFrame({
        "stratum": [rater.stratum for rater in ratings.raters],
        "weight": [rater.weight for rater in ratings.raters],
        "size": [rater.population for rater in ratings.raters],
        "y": pl.Series(values, dtype=pl.Float64),
    })  # fmt: skip
    sample = svy.Sample(data, svy.Design(stratum="stratum", wgt="weight", pop_size="size"))
    row: dict[str, float] = sample.estimation.mean("y", drop_nulls=True).to_polars().row(0, named=True)
    return row


def worths(ratings: Ratings, unit: int) -> list[float | None]:
    """Return each rater's mean points on a unit that were all given, None without any."""
    found: dict[int, list[float]] = {}
    for who, of, value in zip(ratings.who, ratings.unit, ratings.value, strict=True):
        points = POINTS[value]
        if of == unit and points is not None:
            found.setdefault(who, []).append(points)
    return [sum(found[who]) / len(found[who]) if who in found else None for who in range(len(ratings.raters))]


@pytest.mark.parametrize("full", [True, False], ids=["everybody rated everything", "domains of a small sample"])
def test_the_mean_of_one_question_and_its_error_are_those_of_svy(full: bool) -> None:  # noqa: FBT001 - a case
    ratings = campaign(questions=("a",), full=full)
    if not full:  # of many residents: svy's correction does not know that who rates what is drawn as well
        many = tuple(replace(rater, population=rater.population * 1e9) for rater in ratings.raters)
        ratings = replace(ratings, raters=many)
    for number, unit in enumerate(score(ratings, PLAIN).units):
        estimate, expected = unit.total.estimate, by_svy(ratings, worths(ratings, number))
        assert estimate.value == pytest.approx(expected["est"], rel=1e-9)
        assert estimate.se == pytest.approx(expected["se"], rel=1e-9)
        assert (estimate.df, estimate.n) == (expected["df"], expected["n"])


def test_several_questions_of_complete_forms_have_the_error_svy_gives_the_mean_of_a_form() -> None:
    ratings = campaign(questions=("a", "a", "a"), full=True)
    for number, unit in enumerate(score(ratings, PLAIN).units):
        expected = by_svy(ratings, worths(ratings, number))
        assert unit.total.estimate.value == pytest.approx(expected["est"], rel=1e-9)
        assert unit.total.estimate.se == pytest.approx(expected["se"], rel=1e-9)


def test_the_difference_of_two_units_has_the_error_svy_gives_the_difference_within_respondents() -> None:
    ratings = campaign(questions=("a",), full=True)
    value, variance, _ = score(ratings, PLAIN).combination({"u0": 1, "u1": -1})
    pairs = zip(worths(ratings, 0), worths(ratings, 1), strict=True)
    expected = by_svy(ratings, [one - other for one, other in pairs if one is not None and other is not None])
    assert value == pytest.approx(expected["est"], rel=1e-9)
    assert variance**0.5 == pytest.approx(expected["se"], rel=1e-9)


def derived(ratings: Ratings, rule: ScoringRule, pick: str, unit: int) -> float:
    """Return the variance from numerical derivatives in every rater's weight (the infinitesimal jackknife)."""

    def of(weights: Sequence[float]) -> float:
        raters = [replace(rater, weight=weight) for rater, weight in zip(ratings.raters, weights, strict=True)]
        found = score(replace(ratings, raters=tuple(raters)), rule).units[unit]
        value = (found.total if not pick else next(d.score for d in found.dimensions if d.name == pick)).value
        assert value is not None
        return value

    weights, moved = [rater.weight for rater in ratings.raters], []
    for place, weight in enumerate(weights):
        step = 1e-5 * weight
        up, down = ([*weights[:place], weight + by, *weights[place + 1 :]] for by in (step, -step))
        moved.append(weight * (of(up) - of(down)) / (2 * step))
    variance = 0.0
    strata = Counter(rater.stratum for rater in ratings.raters)
    for stratum, size in strata.items():
        own = [(move, rater) for move, rater in zip(moved, ratings.raters, strict=True) if rater.stratum == stratum]
        mean = sum(move for move, _ in own) / size
        spread = sum((move - mean) ** 2 for move, _ in own) / (size - 1)
        rated = sum(abs(move) > 1e-9 for move, _ in own)  # whoever did not rate the unit moves nothing
        variance += (1 - rated / own[0][1].population) * size * spread
    return variance


@pytest.mark.parametrize("pick", ["", "a", "b"], ids=["score", "dimension of two questions", "dimension of one"])
@pytest.mark.parametrize("how", [Combine.MEAN, Combine.SUM])
def test_weighted_dimensions_and_groups_have_the_variance_of_the_derivative_in_the_weights(
    how: Combine, pick: str
) -> None:
    rule = replace(GROUPED, combine=how, dimensions=(Part("a", 3.0), Part("b", 1.0)))
    ratings = campaign(people=45, units=2)
    unit = score(ratings, rule).units[1]
    found = unit.total if not pick else next(one.score for one in unit.dimensions if one.name == pick)
    assert found.estimate.se == pytest.approx(derived(ratings, rule, pick, 1) ** 0.5, rel=1e-6)


def test_evaluator_groups_count_by_the_rule_whatever_their_design_weights() -> None:
    """50/25/25 is a rule of scoring: a group's weights among themselves matter, their sum does not."""
    ratings = campaign(questions=("a",), full=True)
    heavier = [replace(r, weight=r.weight * 40) if r.group == "user" else r for r in ratings.raters]
    before, after = (score(some, GROUPED).units[0] for some in (ratings, replace(ratings, raters=tuple(heavier))))
    assert after.total.value == pytest.approx(before.total.value, rel=1e-12)
    parts = {group.name: group.value for group in before.groups}
    assert None not in parts.values()
    expected = sum(weight * (parts[name] or 0) for name, weight in (("user", 0.5), ("society", 0.25), ("expert", 0.25)))
    assert before.total.value == pytest.approx(expected, rel=1e-12)


def test_without_the_groups_of_the_rule_all_count_as_one_and_it_is_said() -> None:
    ratings = campaign()
    alone = replace(ratings, raters=tuple(replace(rater, group="") for rater in ratings.raters))
    found = score(alone, GROUPED)
    assert found.units[0].total.value == pytest.approx(score(alone, PLAIN).units[0].total.value, rel=1e-12)
    assert any("all count as one group" in str(note) for note in found.notes)


def test_an_evaluator_of_a_group_without_weight_does_not_count() -> None:
    ratings = campaign(full=True)
    strangers = tuple(replace(r, group="staff") if r.group == "expert" else r for r in ratings.raters)
    found = score(replace(ratings, raters=strangers), GROUPED)
    gone = sum(rater.group == "staff" for rater in strangers)
    assert found.units[0].ballots.invalid == {"no_group": gone}
    assert any("“expert”" in str(note) for note in found.units[0].notes)


def small(forms: Sequence[str], rule: ScoringRule = PLAIN, smallest: int = SMALLEST_CELL) -> Scores:
    """Score one unit by rating forms written as answers to three questions: g f b u, and - for none."""
    words = {"g": "good", "f": "fair", "b": "bad", "u": "unknown", "-": ""}
    raters = [Rater(f"r{n}", "all", "", 2.0, 500.0) for n in range(len(forms))]
    cells = [(n, 0, at, words[mark]) for n, form in enumerate(forms) for at, mark in enumerate(form)]
    return score(of_cells(raters, 1, [question(f"q{at}", "a") for at in range(3)], cells), rule, smallest=smallest)


FORMS = ["ggg", "ggf", "guf", "g-b", "uuu", "fbf", "ggg", "bff", "gff", "ggb", "fgf", "bgg"]


@pytest.mark.parametrize(
    ("on", "invalid", "why"),
    [
        ((), {"no_valid_vote": 1}, "three times don't know is no vote at all"),
        ((Invalid.DONT_KNOW,), {"no_valid_vote": 1, "dont_know": 1}, "one don't know spoils the form"),
        ((Invalid.INCOMPLETE,), {"no_valid_vote": 1, "incomplete": 1}, "one gap spoils the form"),
        ((Invalid.ALL_BEST,), {"no_valid_vote": 1, "all_best": 2}, "nothing but the best is taken for a favour"),
    ],
)
def test_a_form_counts_by_the_reasons_that_are_on(on: tuple[Invalid, ...], invalid: dict[str, int], why: str) -> None:
    found = small(FORMS, replace(PLAIN, invalid=on), smallest=1)
    assert found.units[0].ballots.invalid == invalid, why
    assert found.units[0].ballots.valid == len(FORMS) - sum(invalid.values())
    assert found.ballots == found.units[0].ballots
    said = " ".join(map(str, found.notes))
    assert all(str(reason.words) in said for reason in on)


def test_a_reason_that_few_forms_have_is_not_named_for_it_may_say_what_they_said() -> None:
    """Two gave nothing but the best: that forms do not count is told, that it is these answers is not."""
    two = small(["ggg"] * 2 + ["gfb"] * 20, replace(PLAIN, invalid=(Invalid.ALL_BEST,)))
    assert (two.units[0].ballots.invalid, two.units[0].ballots.unnamed) == ({}, 2)
    assert two.ballots == two.units[0].ballots
    said = " ".join(map(str, two.notes))
    assert "2 of 22" in said
    assert f"{Invalid.ALL_BEST.words}: 2" not in said
    many = small(["ggg"] * 12 + ["gfb"] * 20, replace(PLAIN, invalid=(Invalid.ALL_BEST,)))
    assert (many.units[0].ballots.invalid, many.units[0].ballots.unnamed) == ({"all_best": 12}, 0)


def test_what_units_withhold_of_a_reason_is_not_left_over_in_the_sum() -> None:
    """Unit a names twelve, unit b withholds three: fifteen in the sum would give them away."""
    shown, everything = told([Ballots(40, 28, {"all_best": 12}), Ballots(40, 37, {"all_best": 3})], 10)
    assert [(one.invalid, one.unnamed) for one in shown] == [({"all_best": 12}, 0), ({}, 3)]
    assert (everything.invalid, everything.unnamed) == ({}, 15)


def test_a_dont_know_is_no_vote_in_the_mean_of_a_question() -> None:
    found = small(["ggg"] * 9 + ["buu"] * 3)
    assert found.units[0].total.value == pytest.approx((75 + 100 + 100) / 3)


def test_a_unit_of_fewer_than_ten_valid_forms_is_withheld_and_not_ranked() -> None:
    found = small(["gfb"] * 9)
    assert found.units[0].total.estimate == Estimate(n=9)
    assert "fewer than 10" in str(found.units[0].total.why_not)
    assert found.classes[0].of == 0
    assert found.classes[0].left_out[0].unit == "u0"


def test_all_the_best_has_the_exact_interval_of_as_many_yes_and_all_alike_in_between_one_as_honest() -> None:
    best, alike = small(["ggg"] * 30).units[0].total, small(["fff"] * 30).units[0].total
    assert best.estimate.low == pytest.approx(88.43, abs=0.5)
    assert best.estimate.high == 100
    assert (best.estimate.interval, alike.estimate.interval) == ("korn-graubard", "hoeffding")
    low, high = alike.estimate.low, alike.estimate.high
    assert low is not None
    assert high is not None
    assert alike.value == 60
    assert 30 < low < 40
    assert 75 < high < 85
    assert any("All answers to a question agree" in str(note) for note in small(["fff"] * 30).units[0].notes)


def test_where_nothing_bounds_a_score_and_all_agree_there_is_no_interval() -> None:
    raters = [Rater(f"r{n}", "all", "", 2.0, 500.0) for n in range(20)]
    asked = RatedQuestion("q", "q", {}, {}, {})
    total = score(of_cells(raters, 1, [asked], [(n, 0, 0, "7") for n in range(20)]), PLAIN).units[0].total
    assert (total.value, total.estimate.low) == (7, None)
    assert "no ends" in str(total.why_not)


def test_strata_that_agree_within_themselves_do_not_make_a_score_certain() -> None:
    """All of one stratum said good and all of the other bad: of the rest of them nobody knows."""
    raters = [Rater(f"r{n}", f"s{n % 2}", "", 50.0, 500.0) for n in range(20)]
    cells = [(n, 0, 0, "good" if n % 2 else "bad") for n in range(20)]
    estimate = score(of_cells(raters, 1, [question("q", "q")], cells), PLAIN).units[0].total.estimate
    assert estimate.value == 50
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low < 35
    assert estimate.high > 65


def test_a_census_of_which_each_rated_some_units_is_no_census_of_a_unit() -> None:
    ratings = campaign(people=40, full=True)
    half = [row for row, (who, unit) in enumerate(zip(ratings.who, ratings.unit, strict=True)) if (who + unit) % 2]
    some = replace(ratings, **{name: [getattr(ratings, name)[row] for row in half]
                               for name in ("who", "unit", "question", "value")})  # fmt: skip
    sizes = Counter(rater.stratum for rater in ratings.raters)
    census = tuple(replace(rater, weight=1.0, population=float(sizes[rater.stratum])) for rater in ratings.raters)
    estimate = score(replace(some, raters=census), PLAIN).units[0].total.estimate
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low < estimate.high


def test_everybody_asked_leaves_no_error() -> None:
    ratings = campaign(people=30, full=True)
    census = tuple(replace(rater, weight=1.0, population=10.0) for rater in ratings.raters)
    estimate = score(replace(ratings, raters=census), PLAIN).units[0].total.estimate
    assert estimate.se == 0
    assert estimate.low == estimate.high == estimate.value


def test_a_stratum_of_one_person_who_was_asked_adds_no_error_and_is_joined_with_no_other() -> None:
    """Decision 0006: the one of 1 says bad, all of the other stratum vary as they would without the one."""
    many = [Rater(f"r{n}", "many", "", 5.0, 200.0) for n in range(40)]
    cells = [(n, 0, 0, "good" if n % 4 else "fair") for n in range(40)]
    whole = [*many, Rater("r40", "one", "", 1.0, 1.0)]
    alone = score(of_cells(many, 1, [question("q", "a")], cells), PLAIN).units[0].total.estimate
    beside = score(of_cells(whole, 1, [question("q", "a")], [*cells, (40, 0, 0, "bad")]), PLAIN)
    estimate = beside.units[0].total.estimate
    assert alone.se is not None
    # The share of the many in the mean is 200 of 201: the one's answer is known without error.
    assert estimate.se == pytest.approx(alone.se * 200 / 201)
    assert estimate.df == alone.df
    of_two = [*many, Rater("r40", "one", "", 2.0, 2.0)]
    joined = score(of_cells(of_two, 1, [question("q", "a")], [*cells, (40, 0, 0, "bad")]), PLAIN)
    assert (joined.units[0].total.estimate.se or 0) > (estimate.se or 0)


def test_a_group_of_a_single_form_leaves_a_score_without_interval() -> None:
    ratings = campaign(people=30, full=True)
    groups = tuple(replace(r, group="expert" if n == 3 else "user") for n, r in enumerate(ratings.raters))
    total = score(replace(ratings, raters=groups), GROUPED).units[0].total
    assert total.value is not None
    assert total.estimate.low is None
    assert "single valid form" in str(total.why_not)


def test_numbers_are_points_and_bands_of_answers_are_shares_that_add_up() -> None:
    """The ten-point rule: 10 is satisfied, 9 fairly, 8 or less not; a number off the scale is no vote."""
    said = ["10", "9", "8", "3", "10", "10", "9", "7", "10", "1", "11", "x"]
    raters = [Rater(f"r{n}", "all", "", 1.0, 100.0) for n in range(len(said))]
    asked = RatedQuestion("q", "责任落实", {}, {}, {})
    ratings = of_cells(raters, 1, [asked], [(n, 0, 0, value) for n, value in enumerate(said)])
    unit = score(ratings, preset("integrity_ten_point")).units[0]
    assert unit.total.value == pytest.approx(7.7)
    assert [round(share.score.value or 0) for share in unit.shares] == [40, 20, 40]
    assert (unit.ballots.forms, unit.ballots.valid) == (12, 10)


def test_hotline_rates_are_weighed_as_the_code_says() -> None:
    """0.1 × reached + 0.4 × solved + 0.5 × (satisfied + 0.9 × basically), in points of 100."""
    labels = {name: {"en": name} for name in ("yes", "no", "satisfied", "basically", "not")}
    asked = [
        RatedQuestion(name, dimension, {}, {}, labels)
        for name, dimension in (("contacted", "reached"), ("solved", "solved"), ("satisfied", "satisfied"))
    ]
    forms = [("yes", "yes", "satisfied")] * 6 + [("yes", "no", "basically")] * 3 + [("no", "no", "not")]
    raters = [Rater(f"r{n}", "all", "", 1.0, 100.0) for n in range(10)]
    cells = [(n, 0, at, value) for n, form in enumerate(forms) for at, value in enumerate(form)]
    unit = score(of_cells(raters, 1, asked, cells), preset("hotline_three_rates")).units[0]
    assert [round(one.score.value or 0, 6) for one in unit.dimensions] == [90, 60, 87]
    assert unit.total.value == pytest.approx(0.1 * 90 + 0.4 * 60 + 0.5 * 87)


@pytest.mark.parametrize(
    ("low", "value", "high", "standing", "words"),
    [
        (40, 50, 59.9, Standing.BELOW, "below 60 with confidence"),
        (50, 58, 64, Standing.NOT_SHOWN_BELOW, "not shown to be below 60"),
        (58, 63, 70, Standing.NOT_SHOWN_BELOW, "not shown to be below 60"),
        (60, 66, 70, Standing.ABOVE, "60 or above with confidence"),
        (None, 20, None, Standing.UNKNOWN, "not judged against 60: no score with an interval"),
    ],
)
def test_a_pass_mark_is_judged_with_the_uncertainty_of_the_score(
    low: float | None, value: float, high: float | None, standing: Standing, words: str
) -> None:
    verdict = judge(Estimate(30, value, 4.0, low, high, 29), 60)
    assert (verdict.standing, str(verdict.words)) == (standing, words)


def test_a_band_is_sure_only_if_the_whole_interval_lies_in_it() -> None:
    rule = replace(PLAIN, bands=preset("conduct_b").bands)
    sure, unsure = (small(forms, rule).units[0] for forms in (["ggg"] * 25 + ["ggf"], ["ggg", "bgg", "ggf", "fff"] * 4))
    assert (sure.band, sure.band_sure) == ("satisfied", True)
    assert (unsure.band, unsure.band_sure) == ("fairly", False)


BROKEN = [
    ({"weight": -1.0}, "The rater r1 has the weight -1.0."),
    ({"weight": float("nan")}, "The rater r1 has the weight nan."),
    ({"population": 4.0}, "has two populations"),
]


@pytest.mark.parametrize(("change", "words"), BROKEN)
def test_a_rater_who_cannot_be_is_refused_by_name(change: dict[str, float], words: str) -> None:
    ratings = campaign(people=12)
    raters = (ratings.raters[0], replace(ratings.raters[1], **change), *ratings.raters[2:])  # type: ignore[arg-type] # two fields, both numbers
    with pytest.raises(Refused) as caught:
        score(replace(ratings, raters=raters), PLAIN)
    assert words in str(caught.value)


def test_a_population_of_nobody_and_an_answer_given_twice_are_refused() -> None:
    ratings = campaign(people=12)
    nobody = tuple(replace(rater, population=0.0) for rater in ratings.raters)
    with pytest.raises(Refused, match="raters and a population of 0"):
        score(replace(ratings, raters=nobody), PLAIN)
    twice = {
        name: [*getattr(ratings, name), getattr(ratings, name)[0]] for name in ("who", "unit", "question", "value")
    }
    with pytest.raises(Refused, match="The rater r0 rated u0 twice on one question"):
        score(replace(ratings, **twice), PLAIN)


def test_no_ratings_at_all_leave_nothing_but_words() -> None:
    found = score(of_cells([], 2, [question("q", "a")], []), PLAIN)
    assert [unit.total.value for unit in found.units] == [None, None]
    assert str(found.units[0].total.why_not) == "nobody answered"


def test_the_record_holds_no_influence_values_and_speaks_both_languages() -> None:
    record = scores_record(score(campaign(), GROUPED))
    assert set(record) == {
        "format", "rule", "units", "classes", "ballots", "raters", "lowest", "highest", "denominators", "notes",
    }  # fmt: skip
    assert record["units"][0]["unit"]["id"] == "u0"
    assert set(record["denominators"][0]) == {"zh", "en"}
    assert (record["lowest"], record["highest"]) == (0, 100)


def test_a_small_group_that_agrees_is_given_the_spread_of_the_others_and_its_few_degrees_of_freedom() -> None:
    """Three users who all say good, weighed as half of the score, prove less than twenty people who differ."""
    chance = random.Random(4)
    groups = ["user"] * 3 + ["society"] * 20
    raters = [Rater(f"r{n}", "all", group, 1.0, 900.0) for n, group in enumerate(groups)]
    answers = ["good"] * 3 + chance.choices(("good", "fair", "bad"), k=20)
    ratings = of_cells(raters, 1, [question("q", "a")], [(n, 0, 0, answer) for n, answer in enumerate(answers)])
    rule = replace(PLAIN, groups=(Part("user"), Part("society")))
    found = score(ratings, rule).units[0].total.estimate
    others = score(replace(ratings, raters=tuple(replace(r, group="") for r in raters)), PLAIN).units[0].total.estimate
    assert found.se is not None
    assert others.se is not None
    assert found.se > others.se
    assert found.df < 10 < others.df
