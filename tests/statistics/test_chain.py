"""Weights are made step by step, each a column; known totals are met, extremes are cut, nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from math import fsum
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.weighting import WeightsDesign, check_weights
from surveys.statistics.analysis import AnalysisSet
from surveys.statistics.chain import (
    BASE,
    CALIBRATION,
    NONRESPONSE,
    TRIMMING,
    chain_of,
    fill,
    rake,
    rake_below,
    sums,
    trim,
    worth,
)
from surveys.statistics.design import Margin
from surveys.statistics.results import compute_results
from tests.statistics.example_analysis import example_analysis

CHANNELS = {"yes": 30000.0, "no": 19880.0}
WEIGHTS = st.lists(st.floats(0.1, 1e4), min_size=1, max_size=60)


def weighted_by(analysis: AnalysisSet, **design: object) -> AnalysisSet:
    return replace(analysis, weighting=WeightsDesign(**design))  # type: ignore[arg-type] # the fields by name


@given(WEIGHTS, st.floats(1.01, 20))
def test_trimming_keeps_the_sum_and_the_bound(weights: list[float], times: float) -> None:
    cut = trim(weights, times)
    assert fsum(cut) == pytest.approx(fsum(weights))
    bound = times * sorted(weights)[len(weights) // 2]
    assert max(cut) <= max(bound, fsum(weights) / len(weights)) * (1 + 1e-9)


@given(WEIGHTS, st.floats(1.01, 20))
def test_trimming_never_turns_the_order_around(weights: list[float], times: float) -> None:
    cut = trim(weights, times)
    ordered = [after for _, after in sorted(zip(weights, cut, strict=True))]
    assert all(a <= b * (1 + 1e-9) for a, b in pairwise(ordered))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.floats(1, 20)), min_size=1, max_size=40))
def test_raked_weights_meet_every_total(units: list[tuple[str, str, float]]) -> None:
    """The totals are those of other weights, so that there are weights that meet them."""
    first, second = [u[0] for u in units], [u[1] for u in units]
    others = [u[2] for u in units]
    margins = [Margin("f", first, sums(others, first)), Margin("s", second, sums(others, second))]
    found, met = rake([1.0] * len(units), margins)
    assert met
    for margin in margins:
        assert sums(found, margin.levels) == pytest.approx(dict(margin.totals), rel=1e-8)


def test_totals_that_contradict_each_other_are_told_as_not_met() -> None:
    margins = [Margin("f", ["a", "b"], {"a": 1, "b": 2}), Margin("s", ["x", "z"], {"x": 2, "z": 1})]
    assert rake([1.0, 1.0], margins)[1] is False


def test_without_a_table_of_weights_there_are_the_first_three_steps() -> None:
    chain = chain_of(example_analysis())
    assert [step.step for step in chain.steps] == ["base", "eligibility", "nonresponse"]
    assert chain.final == chain.columns[NONRESPONSE]
    assert chain.steps[0].total == pytest.approx(fsum(person.weight for person in example_analysis().respondents))


def test_calibrated_weights_meet_the_totals_of_those_who_said() -> None:
    analysis = weighted_by(example_analysis(), totals={"q3": CHANNELS})
    chain = chain_of(analysis)
    final, said = chain.columns[CALIBRATION], {person.key: person.values.get("q3") for person in analysis.respondents}
    by_answer = sums(list(final.values()), [said[key] or "" for key in final])
    whole = fsum(CHANNELS.values())
    assert fsum(final.values()) == pytest.approx(whole)
    share = by_answer["yes"] / (by_answer["yes"] + by_answer["no"])
    assert share == pytest.approx(CHANNELS["yes"] / whole)
    assert chain.columns[BASE].keys() >= chain.columns[NONRESPONSE].keys() == final.keys()


def test_a_level_known_from_totals_is_estimated_without_error() -> None:
    """Everybody said yes or no, and how many there are of each is known."""
    analysis = example_analysis()
    told = tuple(
        replace(person, values={**person.values, "q3": "yes" if index % 3 else "no"}, late=frozenset())
        if person.values
        else person
        for index, person in enumerate(analysis.respondents)
    )
    results = compute_results(weighted_by(replace(analysis, respondents=told), totals={"q3": CHANNELS}))
    yes = next(option for option in results.question("q3").overall.options if option.name == "yes").share
    assert yes.value == pytest.approx(CHANNELS["yes"] / fsum(CHANNELS.values()))
    assert yes.se == pytest.approx(0, abs=1e-9)


def test_cut_weights_go_on_meeting_the_totals_and_errors_are_those_of_calibrated_weights() -> None:
    chain = chain_of(weighted_by(example_analysis(), totals={"q3": CHANNELS}, trim=1.5))
    assert chain.steps[-1].step == TRIMMING
    most, before = chain.steps[-1].most, list(chain.columns[CALIBRATION].values())
    assert most == pytest.approx(1.5 * median(before))
    assert most < max(before)
    [margin] = chain.margins
    assert margin.totals == pytest.approx(sums(before, margin.levels))
    assert [remark.text("en") for remark in chain.remarks] == [
        f"{sum(weight > most * (1 + 1e-9) for weight in before)} weights were cut to 1.5 times the median.",
        "The cut weights meet the known totals: the rest was shared out anew until both held.",
    ]


def test_where_no_weights_below_the_bound_meet_the_totals_it_is_said_and_errors_take_them_as_given() -> None:
    """The few who said no would have to stand for nearly everybody."""
    scarce = {"yes": 1000.0, "no": 48880.0}
    chain = chain_of(weighted_by(example_analysis(), totals={"q3": scarce}, trim=1.05))
    assert chain.margins == ()
    assert chain.steps[-1].total == pytest.approx(chain.steps[-2].total)
    assert any("do not meet the known totals" in remark.text("en") for remark in chain.remarks)
    assert any("与已知总数不符" in remark.text("zh") for remark in chain.remarks)


def test_cutting_weights_that_meet_no_totals_says_nothing_of_totals() -> None:
    chain = chain_of(weighted_by(example_analysis(), trim=1.05))
    assert chain.margins == ()
    assert all("totals" not in remark.text("en") for remark in chain.remarks)


def test_a_bound_that_cuts_nothing_changes_nothing() -> None:
    chain = chain_of(weighted_by(example_analysis(), totals={"q3": CHANNELS}, trim=1000))
    assert chain.final == chain.columns[CALIBRATION]
    assert len(chain.margins) == 1
    assert chain.remarks == ()


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.floats(1, 20)), min_size=1, max_size=40),
    st.floats(1, 3),
)
def test_weights_raked_below_a_bound_keep_it_and_every_total(units: list[tuple[str, str, float]], room: float) -> None:
    """The totals are those of other weights below the bound, so that there are weights that meet both."""
    first, second, others = [u[0] for u in units], [u[1] for u in units], [u[2] for u in units]
    margins = (Margin("f", first, sums(others, first)), Margin("s", second, sums(others, second)))
    bound = room * max(others)
    found, met = rake_below([1.0] * len(units), margins, bound)
    if met:
        assert max(found) <= bound * (1 + 1e-8)
        for margin in margins:
            assert sums(found, margin.levels) == pytest.approx(dict(margin.totals), rel=1e-8)
    assert met or room < 1.01, "only where the bound leaves hardly any room may it take too many rounds"


def test_a_bound_too_low_for_a_total_is_told_before_any_round() -> None:
    margins = (Margin("f", ["a", "b"], {"a": 9.0, "b": 1.0}),)
    assert rake_below([5.0, 5.0], margins, 8.0) == ([5.0, 5.0], False)


@given(st.lists(st.floats(0.1, 1e4), min_size=1, max_size=40), st.floats(0.1, 1e5), st.floats(0.1, 1e4))
def test_filling_up_gives_the_sum_within_the_bound_or_all_the_same(
    weights: list[float], whole: float, bound: float
) -> None:
    found = fill(weights, whole, bound)
    assert fsum(found) == pytest.approx(whole)
    assert max(found) <= max(bound, whole / len(weights)) * (1 + 1e-9)
    ordered = [after for _, after in sorted(zip(weights, found, strict=True))]
    assert all(a <= b * (1 + 1e-9) for a, b in pairwise(ordered))


def test_a_level_nobody_has_is_left_out_and_told() -> None:
    chain = chain_of(weighted_by(example_analysis(), totals={"q3": {**CHANNELS, "perhaps": 5.0}}))
    assert [remark.text("en") for remark in chain.remarks] == [
        "Nobody who answered is perhaps of q3: its total is left out.",
    ]


def test_results_tell_every_step_with_what_its_weights_are_worth() -> None:
    told = compute_results(weighted_by(example_analysis(), totals={"q3": CHANNELS}, trim=3)).as_json()
    assert [step["step"] for step in told["weighting"]] == [
        "base", "eligibility", "nonresponse", "calibration", "trimming",
    ]  # fmt: skip
    json.dumps(told, allow_nan=False)


def test_what_weights_are_worth_by_hand() -> None:
    found = worth("x", [1.0, 3.0])
    assert (found.n, found.total, found.least, found.most, found.largest_share) == (2, 4, 1, 3, 0.75)
    assert found.n_effective == pytest.approx(1.6)
    assert found.deff == pytest.approx(1.25)
    assert worth("x", []).deff is None


@pytest.mark.parametrize(
    ("totals", "codes", "reason"),
    [
        ({"q3": CHANNELS}, [], "a question with one choice"),
        ({"stratum": {"a": 1.0}, "area": {"z": 1.0}}, [], "what is known of everybody"),
        ({"nobody": {"a": 1.0}}, ["unknown_variable"], "no such question"),
        ({"q5": {"saving": 1.0}}, ["unknown_variable"], "a question with several choices"),
        ({"q3": {"perhaps": 1.0}}, ["unknown_level"], "no such choice"),
        ({"stratum": {"b": 1.0}}, ["unknown_level"], "no such stratum"),
    ],
)
def test_a_plan_is_told_what_it_cannot_weigh_by(
    totals: dict[str, dict[str, float]], codes: list[str], reason: str
) -> None:
    found = check_weights(WeightsDesign(totals), example_analysis().form, {"a"})
    assert [problem.code for problem in found] == codes, reason
