"""Shares from sums of weights are those of svy; the interval of a share is the one its rule names."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import svy
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.statistics.design import Design, Unit
from surveys.statistics.estimates import Estimate, Survey
from surveys.statistics.intervals import share_interval, student, wilson
from surveys.statistics.shares import Share, shares_of

ANSWERS = st.sampled_from([0.0, 1.0, 1.0, None])


@st.composite
def samples(draw: st.DrawFn) -> tuple[list[Unit], list[float | None]]:
    """Any small stratified sample: strata of one, censuses, weights that differ within strata, missing answers."""
    units: list[Unit] = []
    for name in draw(st.lists(st.sampled_from("abcd"), unique=True, min_size=1)):
        size = draw(st.integers(1, 12))
        population = float(size + draw(st.sampled_from([0, 1, 500])))
        lean = draw(st.lists(st.sampled_from([1.0, 1.0, 2.5]), min_size=size, max_size=size))
        units += [Unit(name, population / size * factor, population) for factor in lean]
    return units, draw(st.lists(ANSWERS, min_size=len(units), max_size=len(units)))


def alike(ours: Estimate, theirs: Estimate) -> bool:
    """Whether two estimates agree but for rounding."""
    pairs = ((getattr(ours, name), getattr(theirs, name)) for name in ("value", "se", "low", "high"))
    return (ours.n, ours.df, ours.interval) == (theirs.n, theirs.df, theirs.interval) and all(
        (a is None and b is None) or a == pytest.approx(b, rel=1e-7, abs=1e-9) for a, b in pairs
    )


@settings(max_examples=120, deadline=None)
@given(samples())
def test_shares_overall_and_by_stratum_are_those_of_svy(sample: tuple[list[Unit], list[float | None]]) -> None:
    units, answers = sample
    among = np.array([at for at, answer in enumerate(answers) if answer is not None], dtype=np.intp)
    hits = np.array([at for at, answer in enumerate(answers) if answer], dtype=np.intp)
    ours = shares_of(Design.of(units), {"x": Share(hits, among)})["x"]
    survey = Survey(units, {"x": answers})
    theirs = survey.shares(["x"]).get("x", {}) | survey.shares(["x"], grouped=True).get("x", {})
    assert ours.keys() == theirs.keys()
    for group, estimate in ours.items():
        assert alike(estimate, theirs[group]), (group, estimate, theirs[group])
        effect = theirs[group].deff
        if effect is not None and estimate.deff is not None:
            assert estimate.deff == pytest.approx(effect, rel=1e-6, abs=1e-9)


ESTIMATION = svy.Sample(pl.DataFrame({"a": [1.0, 2.0]}), svy.Design()).estimation


@given(share=st.floats(0.01, 0.99), n=st.integers(2, 400), lost=st.integers(0, 30), effect=st.floats(0.3, 4))
def test_an_interval_is_that_of_svy_by_the_same_method_or_wilsons(
    share: float, n: int, lost: int, effect: float
) -> None:
    df = max(1, n - 1 - lost)
    se = (effect * share * (1 - share) / n) ** 0.5
    found = share_interval(share, se, n, df)
    assert found is not None
    low, high, kind = found
    if kind == "wilson":
        effective = min(n, share * (1 - share) / se**2 * (student(n - 1) / student(df)) ** 2)
        for end in (low, high):  # the score is as far off as the normal distribution allows, at either end
            assert (share - end) ** 2 * effective == pytest.approx(1.959963984540054**2 * end * (1 - end), rel=1e-6)
        return
    assert (low, high) == pytest.approx(ESTIMATION._compute_prop_ci(share, se, 0.05, df, n, kind), rel=1e-7, abs=1e-12)


@pytest.mark.parametrize(
    ("yes", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (1, 29, 0.0061, 0.1718)]
)
def test_wilsons_interval_is_that_of_newcombe_1998(yes: int, n: int, low: float, high: float) -> None:
    """Statistics in Medicine 17, table I, method 3."""
    assert wilson(yes / n, n) == pytest.approx((low, high), abs=5e-5)


@given(n=st.integers(1, 400), lost=st.integers(0, 30), yes=st.booleans())
def test_at_none_and_all_the_interval_is_korn_and_graubards(n: int, lost: int, *, yes: bool) -> None:
    df = max(1, n - 1 - lost)
    expected = ESTIMATION._compute_prop_ci(float(yes), 0.0, 0.05, df, n, "korn-graubard")
    found = share_interval(float(yes), 0.0, n, df)
    assert found is not None
    assert found[:2] == pytest.approx(expected, rel=1e-7, abs=1e-12)
    assert found[2] == "korn-graubard"


@pytest.mark.parametrize(
    ("share", "n", "kind", "reason"),
    [
        (0.5, 30, "logit", "fifteen on either side"),
        (0.98, 1000, "logit", "twenty on the rarer side"),
        (0.9, 30, "wilson", "three on the rarer side"),
        (0.98, 200, "wilson", "four on the rarer side"),
        (0.91, 100, "logit", "nearly nine on the rarer side"),
        (0.93, 100, "wilson", "seven on the rarer side"),
        (1.0, 30, "korn-graubard", "nobody on the rarer side"),
    ],
)
def test_the_fewer_are_on_the_rarer_side_the_more_careful_the_interval(
    share: float, n: int, kind: str, reason: str
) -> None:
    found = share_interval(share, (share * (1 - share) / (n - 1)) ** 0.5, n, n - 1)
    assert found is not None, reason
    assert found[2] == kind, reason


def test_without_degrees_of_freedom_there_is_no_interval() -> None:
    assert share_interval(0.5, 0.1, 1, 0) is None


def test_a_share_counted_in_full_is_its_own_interval() -> None:
    assert share_interval(0.25, 0.0, 4, 3, counted=True) == (0.25, 0.25, "logit")


def test_a_sample_that_shows_no_error_is_not_taken_for_the_truth() -> None:
    """All of one stratum said yes and all of the other no; of the rest of them nobody knows."""
    units = [Unit("a", 100.0, 1000.0)] * 10 + [Unit("b", 100.0, 1000.0)] * 10
    share = Survey(units, {"x": [1.0] * 10 + [0.0] * 10}).shares(["x"])["x"][""]
    assert share.interval == "wilson"
    assert share.low is not None
    assert share.low < 0.3
