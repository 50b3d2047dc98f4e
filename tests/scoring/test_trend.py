"""How a score changed since earlier campaigns: with its interval, with gap years, and never across rules."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.scorewords import change_words
from surveys.scoring.trend import Wave, changes, difference
from surveys.statistics.estimates import Estimate


def estimate(value: float, se: float = 2.0, df: int = 50) -> Estimate:
    return Estimate(60, value, se, value - 2 * se, value + 2 * se, df, interval="t")


def wave(name: str, year: int, rule: str = "r", **scores: float) -> Wave:
    return Wave(name, year, rule, {unit: estimate(value) for unit, value in scores.items()})


def test_the_years_without_a_campaign_between_two_are_named() -> None:
    """Satisfied shares are known for 2006, 2007 and 2009: 2008 is a gap, and 2007 is none."""
    now = wave("n2009", 2009, a=90.0)
    found = changes(now, [wave("n2006", 2006, a=80.0), wave("n2007", 2007, a=85.0)])
    assert [(c.since, c.years, c.missing) for c in found] == [("n2007", 2, (2008,)), ("n2006", 3, (2008,))]


def test_a_change_is_called_one_only_where_its_interval_leaves_out_zero() -> None:
    now = wave("now", 2026, up=90.0, down=60.0, same=81.0)
    found = {c.unit: c for c in changes(now, [wave("then", 2025, up=80.0, down=80.0, same=80.0)])}
    assert (found["up"].risen, found["down"].risen, found["same"].risen) == (True, False, None)


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        pytest.param(wave("then", 2025, b=80.0), "shows no score", id="not rated then"),
        pytest.param(wave("then", 2025, "other", a=80.0), "another rule", id="points counted otherwise"),
        pytest.param(Wave("then", 2025, "r", {"a": Estimate(4)}), "shows no score", id="withheld then"),
    ],
)
def test_where_there_is_no_change_to_show_it_is_said_why(then: Wave, reason: str) -> None:
    (found,) = changes(wave("now", 2026, a=90.0), [then])
    assert found.change is None
    assert found.why_not is not None
    assert reason in found.why_not.text("en")
    assert found.why_not.text("zh") != found.why_not.text("en")


def test_a_score_withheld_now_has_no_change() -> None:
    (found,) = changes(Wave("now", 2026, "r", {"a": Estimate(4)}), [wave("then", 2025, a=80.0)])
    assert (found.change, found.risen) == (None, None)


def test_the_interval_is_recovered_from_those_of_the_two_scores() -> None:
    """80 (74 to 83) less 70 (62 to 74): down √(6² + 4²), up √(3² + 8²)."""
    found = difference(Estimate(50, 80.0, 3.0, 74.0, 83.0, 20), Estimate(50, 70.0, 4.0, 62.0, 74.0, 10))
    assert found is not None
    assert (found.se, found.df) == (5.0, 10)
    assert found.low == pytest.approx(10 - sqrt(52))
    assert found.high == pytest.approx(10 + sqrt(73))


def test_a_score_at_the_end_of_its_scale_still_has_its_uncertainty() -> None:
    """Everybody said the best: the standard error is 0, and 88 to 100 is what is known."""
    found = difference(Estimate(30, 100.0, 0.0, 88.0, 100.0, 29), Estimate(30, 95.0, 2.0, 90.0, 98.0, 29))
    assert found is not None
    assert found.low is not None
    assert found.low < 0, "no rise is shown"


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0.01, 10), st.floats(0.01, 10), st.integers(1, 500))
def test_a_change_turned_round_is_the_same_with_the_other_sign(
    one: float, other: float, se: float, se_other: float, df: int
) -> None:
    there, back = (
        difference(estimate(one, se, df), estimate(other, se_other, df)),
        difference(estimate(other, se_other, df), estimate(one, se, df)),
    )
    assert there is not None
    assert back is not None
    assert there.value == -(back.value or 0.0)
    assert there.low == pytest.approx(-(back.high or 0.0), abs=1e-9)
    assert there.se == pytest.approx(sqrt(se**2 + se_other**2))


def test_one_rater_alone_shows_no_spread() -> None:
    found = difference(Estimate(1, 80.0), estimate(70.0))
    assert found is not None
    assert (found.value, found.low) == (10.0, None)


def test_two_campaigns_of_one_year_are_not_said_to_have_years_between() -> None:
    (same_year,) = changes(wave("autumn", 2026, a=90.0), [wave("spring", 2026, a=80.0)])
    (next_year,) = changes(wave("now", 2026, a=90.0), [wave("then", 2025, a=80.0)])
    assert change_words(same_year, "en").startswith("since spring (the same year): +10.00")
    assert change_words(next_year, "en").startswith("since then (years from then to now: 1): +10.00")
    assert change_words(same_year, "zh").startswith("与同年的 spring 相比")
