"""95 % intervals of scores: those of a share, on the scale between the lowest and the highest score there can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, log, sqrt

from surveys.statistics.estimates import STUDENT, Estimate
from surveys.statistics.intervals import EXACT, share_interval
from surveys.statistics.intervals import student as two_sided

LEVEL = 0.95
#: The interval of a score that shows no spread, between the ends of its scale.
HOEFFDING = "hoeffding"
#: Steps in which an end of that interval is halved: beyond what a float tells apart.
_HALVINGS = 60


def student(probability: float, df: float) -> float:
    """Return the quantile of Student's t with `df` degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(df, probability))


@dataclass(frozen=True, slots=True)
class Spread:
    """What an interval is made of: variance, degrees of freedom, raters and what they are worth (Kish).

    `varies` is whether any two answers differ; `counted` whether everybody of the population rated: then a score
    without error is its own interval. `low` and `high` are the bounds of the score, None if it has none.
    """

    variance: float
    df: int
    n: int
    effective: float
    varies: bool
    counted: bool
    low: float | None
    high: float | None


def interval(value: float, spread: Spread) -> Estimate:
    """Return the estimate with its interval; none where there are no degrees of freedom or no spread to see.

    Within bounds the interval is that of the share (value − low) ÷ (high − low): means of rating points are pressed
    against the best answer, where a symmetric interval covers too seldom and leaves the scale. Where no two answers
    differ it is that of `agreed`, for as many raters as the sample is worth: that they agree does not make them all.
    A score without bounds has Student's interval, and none without spread.
    """
    value = _snapped(value, spread.low, spread.high)
    found = Estimate(spread.n, value, df=max(spread.df, 0))
    if spread.df < 1:
        return replace(found, df=0)
    low, high = spread.low, spread.high
    se = sqrt(max(spread.variance, 0.0)) if spread.varies else 0.0
    if low is None or high is None or low >= high:
        reach = two_sided(spread.df) * se
        seen = se > 0 or (spread.counted and spread.varies)
        return replace(found, se=se, low=value - reach, high=value + reach, interval=STUDENT) if seen else found
    width = high - low
    share = (value - low) / width
    if not spread.varies or not 0 < share < 1:
        people = min(float(spread.n), spread.effective)
        ends = agreed(share, people, spread.df, (1 - LEVEL) / 2)
        kind = HOEFFDING if 0 < share < 1 else EXACT
        return replace(found, se=0.0, low=low + width * ends[0], high=low + width * ends[1], interval=kind)
    bounds = share_interval(share, se / width, spread.n, spread.df, counted=spread.counted)
    if bounds is None:
        return replace(found, se=se)
    return replace(found, se=se, low=low + width * bounds[0], high=low + width * bounds[1], interval=bounds[2])


def agreed(share: float, people: float, df: int, tail: float) -> tuple[float, float]:
    """Return the ends of the interval of a mean on [0, 1] of which only `share` and the number of people is known.

    They are the means m between which n · (p ln(p ÷ m) + (1 − p) ln((1 − p) ÷ (1 − m))) ≤ ln(1 ÷ tail), p the share:
    whatever answers of mean m are like, as long as they are bounded, theirs lies so far off with at most the
    probability `tail` on either side (Hoeffding 1963, Probability inequalities for sums of bounded random variables,
    theorem 1). At 0 and 1 these are Clopper and Pearson's ends. n is the number `people` are worth, at least 1, less
    for few degrees of freedom (Korn and Graubard 1998, eq. 2.2).
    """
    people = max(people, 1.0)
    if people > 1:
        people *= min(1.0, (student(1 - tail, people - 1) / student(1 - tail, df)) ** 2)
    most = log(1 / tail) / max(people, 1e-9)

    def end(outside: float) -> float:
        inside = share
        for _ in range(_HALVINGS):
            middle = (inside + outside) / 2
            if _divergence(share, middle) <= most:
                inside = middle
            else:
                outside = middle
        return outside

    return end(0.0) if share > 0 else 0.0, end(1.0) if share < 1 else 1.0


def _divergence(share: float, mean: float) -> float:
    """Return what tells yeses of the share `share` from those of the probability `mean` (Kullback and Leibler)."""
    if not 0 < mean < 1:
        return inf
    up = share * log(share / mean) if share > 0 else 0.0
    down = (1 - share) * log((1 - share) / (1 - mean)) if share < 1 else 0.0
    return up + down


def _snapped(value: float, low: float | None, high: float | None) -> float:
    """Return the value on its bound where it misses it by no more than the rounding of a weighted sum."""
    if low is None or high is None:
        return value
    near = (high - low) * 1e-12
    return low if value < low + near else high if value > high - near else value
