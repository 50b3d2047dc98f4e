"""Precision from counts: textbook values, and laws that hold for any strata."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sampling.precision import Stratum, expected, needed, of_stratum, overall, per_unit

SHARES = st.floats(0.02, 0.98)
DEFFS = st.floats(1, 3)
POPULATIONS = st.integers(2, 10_000_000)


@pytest.mark.parametrize(
    ("population", "completes", "half_width"),
    [
        (100_000_000, 400, 0.049),  # the "± 5 points with 400" of every textbook
        (100_000_000, 1067, 0.030),
        (1000, 278, 0.0499),  # Krejcie and Morgan 1970
        (500, 500, 0.0),  # everybody: nothing left to chance
    ],
)
def test_textbook_values(population: int, completes: int, half_width: float) -> None:
    found = of_stratum(Stratum("a", population, completes))
    assert found.half_width == pytest.approx(half_width, abs=5e-5)


@pytest.mark.parametrize(
    ("half_width", "population", "completes"), [(0.05, 1000, 278), (0.05, 100_000_000, 385), (0.03, 100_000_000, 1068)]
)
def test_textbook_sizes(half_width: float, population: int, completes: int) -> None:
    assert needed(half_width, population=population) == (completes, completes)


def test_strata_with_unequal_weights_lose_effective_size() -> None:
    """Two strata of 900 and 100 people, fifty completes each: Kish's size is 1000² / (900²/50 + 100²/50)."""
    found = overall([Stratum("a", 900, 50), Stratum("b", 100, 50)])
    assert found.effective == pytest.approx(1000**2 / (900**2 / 50 + 100**2 / 50))
    variance = 0.9**2 * (1 / 50 - 1 / 900) + 0.1**2 * (1 / 50 - 1 / 100)
    assert found.half_width == pytest.approx(1.96 * sqrt(variance / 4), rel=1e-4)


def test_a_silent_stratum_is_named_and_not_spoken_for() -> None:
    found = overall([Stratum("a", 900, 50), Stratum("b", 100, 0)])
    assert (found.silent, found.speaks_for) == (("b",), 0.9)
    assert of_stratum(Stratum("b", 100, 0)).half_width is None
    assert overall([Stratum("b", 100, 0)]).half_width is None
    assert overall([]).half_width is None


@given(POPULATIONS, st.data(), SHARES, DEFFS)
def test_more_completes_are_never_wider(population: int, data: st.DataObject, share: float, deff: float) -> None:
    few = data.draw(st.integers(2, population))
    many = data.draw(st.integers(few, population))
    wide = of_stratum(Stratum("a", population, few), share=share, deff=deff).half_width
    narrow = of_stratum(Stratum("a", population, many), share=share, deff=deff).half_width
    assert wide is not None
    assert narrow is not None
    assert narrow <= wide


@given(POPULATIONS, st.floats(0.001, 0.3), SHARES, DEFFS, st.floats(0.05, 1))
def test_the_size_needed_reaches_the_half_width_and_one_less_does_not(
    population: int, half_width: float, share: float, deff: float, response: float
) -> None:
    found = needed(half_width, population=population, share=share, deff=deff, response=response)
    if found is None:
        most = of_stratum(Stratum("a", population, population * response), share=share, deff=deff)
        less = of_stratum(Stratum("a", population, max(1.0, population * response - 1)), share=share, deff=deff)
        assert most.half_width is None or less.half_width is None or less.half_width > half_width * (1 - 1e-6)
        return
    completes, drawn = found
    assert drawn * response >= completes - 1e-6
    reached = of_stratum(Stratum("a", population, completes), share=share, deff=deff).half_width
    assert reached is not None
    assert reached <= half_width * (1 + 1e-6)
    if completes > 2:
        short = of_stratum(Stratum("a", population, completes - 1), share=share, deff=deff).half_width
        assert short is not None
        assert short > half_width * (1 - 1e-6)


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 100_000), min_size=1, max_size=8),
    st.floats(0.01, 1),
    SHARES,
    DEFFS,
)
def test_proportional_strata_are_as_precise_as_one(
    populations: dict[str, int], part: float, share: float, deff: float
) -> None:
    """With the same share everywhere proportional strata gain nothing, and lose nothing either."""
    everybody = sum(populations.values())
    size = max(1, int(everybody * part))
    drawn = {name: size * count / everybody for name, count in populations.items()}  # not rounded
    strata = expected(populations, drawn, 1.0)
    whole = of_stratum(Stratum("", everybody, size), share=share, deff=deff)
    assert overall(strata, share=share, deff=deff).half_width == pytest.approx(whole.half_width, abs=1e-9)


@given(st.integers(10, 5000), st.integers(1, 12), st.integers(1, 40))
def test_a_unit_is_never_more_precise_than_the_whole(completes: int, rated: int, units: int) -> None:
    strata = [Stratum("a", 10_000, completes)]
    unit, whole = per_unit(strata, rated=rated, units=units), overall(strata)
    assert unit is not None
    assert whole.half_width is not None
    assert (unit.half_width is None) == (unit.completes < 2)
    assert unit.half_width is None or unit.half_width >= whole.half_width
    assert unit.completes == pytest.approx(completes * min(rated, units) / units)


@pytest.mark.parametrize(
    ("population", "completes", "half_width", "why"),
    [
        (1000, 0.8, None, "less than one answer expected: nothing can be estimated"),
        (1000, 1, None, "one answer shows no spread"),
        (1000, 1.9, None, "nor do nearly two"),
        (1, 1, 0.0, "everybody there is has answered"),
        (1, 0.4, None, "the one there is will probably not answer"),
    ],
)
def test_fewer_than_two_answers_give_no_estimate_unless_they_are_everybody(
    population: int, completes: float, half_width: float | None, why: str
) -> None:
    for found in (of_stratum(Stratum("a", population, completes)), overall([Stratum("a", population, completes)])):
        assert found.half_width == half_width, why
        assert found.speaks_for == 1.0


@given(POPULATIONS, st.floats(2, 50), SHARES, st.floats(0.1, 100))
def test_no_half_width_is_beyond_a_hundred_points(population: int, completes: float, share: float, deff: float) -> None:
    found = of_stratum(Stratum("a", population, min(completes, population)), share=share, deff=deff)
    assert found.half_width is not None
    assert 0 <= found.half_width <= 1


def test_without_units_there_is_no_precision_of_one() -> None:
    assert per_unit([Stratum("a", 10, 5)], rated=6, units=0) is None
