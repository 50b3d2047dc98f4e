"""The interval of a score of which all say the same: never narrower than it can be known."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from surveys.scoring.intervals import Spread, agreed, interval
from surveys.statistics.intervals import exact_end


def spread(**changes: object) -> Spread:
    """Return what thirty raters of a simple sample, all alike, are worth on a scale from 0 to 100."""
    made = {
        "variance": 0.0, "df": 29, "n": 30, "effective": 30.0, "varies": False, "counted": False, "low": 0.0,
        "high": 100.0,
    }  # fmt: skip
    return Spread(**{**made, **changes})  # type: ignore[arg-type]  # fields by name


@given(people=st.integers(2, 300), lost=st.integers(0, 20))
def test_at_both_ends_of_the_scale_it_is_clopper_and_pearsons(people: int, lost: int) -> None:
    df = max(1, people - 1 - lost)
    rest = exact_end(people, df)
    assert agreed(0.0, people, df, 0.025) == pytest.approx((0.0, rest), abs=1e-9)
    assert agreed(1.0, people, df, 0.025) == pytest.approx((1 - rest, 1.0), abs=1e-9)


@given(people=st.integers(2, 200), data=st.data())
def test_it_holds_the_exact_interval_of_as_many_yes(people: int, data: st.DataObject) -> None:
    """Yes and no are answers too: a bound for all bounded answers cannot be narrower than theirs."""
    yes = data.draw(st.integers(1, people - 1))
    low, high = agreed(yes / people, people, people - 1, 0.025)
    assert low <= beta.ppf(0.025, yes, people - yes + 1) + 1e-9
    assert high >= beta.ppf(0.975, yes + 1, people - yes) - 1e-9


@given(share=st.floats(0.01, 0.99), people=st.integers(2, 500), lost=st.integers(0, 30))
def test_it_holds_the_mean_and_stays_on_the_scale_and_more_people_make_it_narrower(
    share: float, people: int, lost: int
) -> None:
    df = max(1, people - 1 - lost)
    low, high = agreed(share, people, df, 0.025)
    assert 0 <= low < share < high <= 1
    more = agreed(share, people * 2, people * 2 - 1, 0.025)
    assert low <= more[0]
    assert more[1] <= high


@given(share=st.floats(0.05, 0.95), people=st.integers(5, 100))
def test_where_its_ends_are_true_so_far_a_mean_of_yes_and_no_is_rare(share: float, people: int) -> None:
    """Hoeffding's bound at the upper end: at most 2.5 % of samples lie as low as this one."""
    high = agreed(share, people, people - 1, 0.025)[1]
    assert binom.cdf(int(share * people), people, high) <= 0.025 + 1e-9


def test_it_says_how_far_thirty_who_agree_can_be_from_all_others() -> None:
    estimate = interval(60.0, spread())
    assert (estimate.value, estimate.se, estimate.interval) == (60.0, 0.0, "hoeffding")
    for end in (estimate.low, estimate.high):
        assert end is not None
        told = 0.6 * log(60 / end) + 0.4 * log(40 / (100 - end))
        assert told == pytest.approx(log(40) / 30), "n · KL = ln(1 ÷ 0.025)"


@pytest.mark.parametrize(
    ("changes", "wider", "why"),
    [
        ({"effective": 12.0}, True, "unequal weights make the thirty worth twelve"),
        ({"df": 4}, True, "few degrees of freedom"),
        ({"effective": 400.0}, False, "nobody is worth more than one"),
    ],
)
def test_it_is_as_wide_as_the_sample_is_poor(changes: dict[str, object], wider: bool, why: str) -> None:  # noqa: FBT001 - a case
    plain, found = interval(60.0, spread()), interval(60.0, spread(**changes))
    assert plain.low is not None
    assert found.low is not None
    assert (found.low < plain.low - 1) is wider, why
    assert wider or found.low == plain.low, why


@pytest.mark.parametrize("value", [0.0, 60.0, 100.0])
def test_no_score_of_a_sample_has_an_interval_of_no_width(value: float) -> None:
    for varies in (True, False):
        found = interval(value, spread(varies=varies))
        assert found.low is not None
        assert found.high is not None
        assert found.high - found.low > 5


def test_a_score_without_error_is_its_own_interval_only_if_everybody_rated() -> None:
    found = interval(60.0, spread(varies=True, counted=True))
    assert (found.low, found.high) == (60.0, 60.0)


def test_without_ends_of_the_scale_there_is_no_interval_without_spread() -> None:
    found = interval(60.0, spread(low=None, high=None, varies=True))
    assert (found.value, found.low, found.high) == (60.0, None, None)
    assert interval(60.0, spread(low=None, high=None, varies=True, variance=4.0)).low == pytest.approx(55.9, abs=0.05)
