"""95 % intervals of scores: those of a share, on the scale between the lowest and the highest score there can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

from surveys.statistics.estimates import STUDENT, Estimate
from surveys.statistics.intervals import EXACT, exact_end, share_interval
from surveys.statistics.intervals import student as two_sided

LEVEL = 0.95


def student(probability: float, df: float) -> float:
    """Return the quantile of Student's t with `df` degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(df, probability))


@dataclass(frozen=True, slots=True)
class Spread:
    """What an interval is made of: variance, degrees of freedom, raters and what they are worth (Kish).

    `varies` is whether any two answers differ; `low` and `high` are the bounds of the score, None if it has none.
    """

    variance: float
    df: int
    n: int
    effective: float
    varies: bool
    low: float | None
    high: float | None


def interval(value: float, spread: Spread) -> Estimate:
    """Return the estimate with its interval; none where there are no degrees of freedom or no spread to see.

    Within bounds the interval is that of the share (value − low) ÷ (high − low): means of rating points are pressed
    against the best answer, where a symmetric interval covers too seldom and leaves the scale. If everybody gave the
    best answer, or the worst, it is Clopper and Pearson's for as many raters as the sample is worth: nothing between
    these bounds varies more than a yes or no. A score without bounds has Student's interval.
    """
    value = _snapped(value, spread.low, spread.high)
    found = Estimate(spread.n, value, df=max(spread.df, 0))
    if spread.df < 1:
        return replace(found, df=0)
    if not spread.varies:
        return _at_the_edge(found, spread)
    se = sqrt(max(spread.variance, 0.0))
    low, high = spread.low, spread.high
    if low is None or high is None or not low < value < high:
        reach = two_sided(spread.df) * se
        return replace(found, se=se, low=value - reach, high=value + reach, interval=STUDENT)
    width = high - low
    bounds = share_interval((value - low) / width, se / width, spread.n, spread.df, counted=True)
    if bounds is None:
        return replace(found, se=se)
    return replace(found, se=se, low=low + width * bounds[0], high=low + width * bounds[1], interval=bounds[2])


def _at_the_edge(found: Estimate, spread: Spread) -> Estimate:
    low, high, value = spread.low, spread.high, found.value
    if value is None or low is None or high is None or low >= high:
        return found
    rest = (high - low) * exact_end(max(1, min(spread.n, int(spread.effective))), spread.df)
    if value >= high:
        return replace(found, se=0.0, low=high - rest, high=high, interval=EXACT)
    if value <= low:
        return replace(found, se=0.0, low=low, high=low + rest, interval=EXACT)
    return found


def _snapped(value: float, low: float | None, high: float | None) -> float:
    """Return the value on its bound where it misses it by no more than the rounding of a weighted sum."""
    if low is None or high is None:
        return value
    near = (high - low) * 1e-12
    return low if value < low + near else high if value > high - near else value
