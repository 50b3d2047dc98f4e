"""The 95 % interval of a share: logit, Wilson's where answers are few, Korn and Graubard's at 0 and 1.

Why these three, with the coverage measured for each: docs/decisions/0006-intervals-of-shares.md.
"""

from __future__ import annotations

from math import exp, log, sqrt
from statistics import NormalDist

LOGIT = "logit"
WILSON = "wilson"
EXACT = "korn-graubard"

#: With fewer effective answers on the rarer side the logit interval covers too seldom, or is wider than need be.
FEW = 8.0
#: Weighted sums carry rounding errors: a share so near to 0 or 1 is there, and so small a part of a simple sample's
#: error is none.
_NEGLIGIBLE = 1e-12
_ROUNDING = 1e-6
_TAIL = 0.025
_NORMAL = NormalDist().inv_cdf(1 - _TAIL)


def student(df: float) -> float:
    """Return the two-sided 95 % quantile of Student's t with `df` ≥ 1 degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(df, 1 - _TAIL))


def share_interval(
    share: float, se: float, n: int, df: int, *, counted: bool = False
) -> tuple[float, float, str] | None:
    """Return low, high and the method's name for a share estimated from `n` answers; None with `df` below 1.

    The effective number of answers is share (1 - share) / se², times (t[n-1] / t[df])² (Korn and Graubard 1998,
    eq. 2.2), and never more than `n`: where answers are few the error is often far too small, or nothing at all
    because all in a stratum said the same. If all were asked (`counted`), a share without error is its own interval.
    """
    if df < 1:
        return None
    if share <= _NEGLIGIBLE or share >= 1 - _NEGLIGIBLE:
        rest = exact_end(n, df)
        return (0.0, rest, EXACT) if share < 0.5 else (1 - rest, 1.0, EXACT)
    nothing = se <= _ROUNDING * sqrt(share * (1 - share) / n)
    if nothing and counted:
        return share, share, LOGIT
    effective = float(n)
    if not nothing:
        effective = min(effective, share * (1 - share) / se**2 * (student(n - 1) / student(df)) ** 2)
    if nothing or effective * min(share, 1 - share) < FEW:
        return (*wilson(share, effective), WILSON)
    return (*logit(share, se, df), LOGIT)


def logit(share: float, se: float, df: int) -> tuple[float, float]:
    """Return the interval made on the logit scale (Stata's svy: prop, R's svyciprop method "logit")."""
    middle, half = log(share / (1 - share)), student(df) * se / (share * (1 - share))
    return 1 / (1 + exp(half - middle)), 1 / (1 + exp(-half - middle))


def wilson(share: float, effective: float) -> tuple[float, float]:
    """Return Wilson's score interval (1927) with `effective` answers, which hold what Student's t adds already."""
    square = _NORMAL**2
    middle = (share + square / (2 * effective)) / (1 + square / effective)
    half = sqrt(square * share * (1 - share) / effective + (square / effective / 2) ** 2) / (1 + square / effective)
    return max(0.0, middle - half), min(1.0, middle + half)


def exact_end(n: int, df: int) -> float:
    """Return the upper end for none of `n` (Clopper and Pearson; Korn and Graubard with a design effect of 1)."""
    effective = n * min(1.0, (student(n - 1) / student(df)) ** 2) if n > 1 else n
    return float(1 - _TAIL ** (1 / effective))
