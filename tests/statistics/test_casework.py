"""Case rates name their denominators, and a unit's claim is never the resident's word."""

from surveys.statistics.analysis import CaseFacts, UnitCases
from surveys.statistics.casework import case_figures
from tests.statistics.example_analysis import example_cases


def test_three_rates_and_their_denominators_by_hand() -> None:
    rates = {rate.key: (rate.numerator, rate.denominator) for rate in case_figures(example_cases()).rates}
    assert rates == {
        "reported_done": (58, 64),
        "confirmed": (34, 43),
        "confirmed_of_all": (34, 64),
        "not_reached": (9, 63),
    }


def test_a_rate_without_a_denominator_is_absent() -> None:
    figures = case_figures(CaseFacts())
    assert {rate.share for rate in figures.rates} == {None}


def test_units_keep_their_order_and_small_ones_have_no_percentage() -> None:
    facts = CaseFacts(by_unit=(UnitCases("b", 9, 9, 9, 0), UnitCases("a", 10, 8, 5, 1)))
    small, large = case_figures(facts).units
    assert (small.counts.unit, small.reported_done, small.confirmed) == ("b", None, None)
    assert (large.reported_done, large.confirmed, large.withheld) == (0.8, 0.5, None)


def test_states_stand_in_the_order_of_a_case_s_life() -> None:
    states = case_figures(CaseFacts(by_state={"odd": 1, "declined": 1, "assigned": 1, "confirmed": 1})).by_state
    assert list(states) == ["assigned", "confirmed", "declined", "odd"]
