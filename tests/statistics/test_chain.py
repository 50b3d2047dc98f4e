"""Weights are made step by step, each a column; known totals are met, extremes are cut, nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.weighting import WeightsDesign, check_weights
from surveys.statistics.analysis import AnalysisSet
from surveys.statistics.chain import BASE, CALIBRATION, NONRESPONSE, TRIMMING, chain_of, rake, sums, trim, worth
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


def test_cut_weights_are_told_and_the_errors_take_them_as_given() -> None:
    chain = chain_of(weighted_by(example_analysis(), totals={"q3": CHANNELS}, trim=1.05))
    assert chain.margins == ()
    assert chain.steps[-1].step == TRIMMING
    most = chain.steps[-1].most
    assert most is not None
    assert most < (chain.steps[-2].most or 0)
    assert any("times the median" in remark.text("en") for remark in chain.remarks)


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
